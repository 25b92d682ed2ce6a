//! The keys of documents: opaque to those who get them, and a place in the books to the register.
//!
//! A key is one block of AES-128 over what it leads to, under a secret of the store. So nothing is kept for a key, none can
//! be guessed, and one that was made up is known by the bits that must be zero. One block, never repeated for another
//! content: no mode of operation is needed.

use aws_lc_rs::cipher::{AES_128, DecryptingKey, DecryptionContext, EncryptingKey, UnboundCipherKey};
use journal::{Change, Guard, JournalError, SharedJournal, Space, Step};
use tid::{Random, Timestamp};

use crate::Feil;
use crate::modell::Dokumentidentifikator;
use crate::plass::Hendelsesplass;

/// The store's secret.
const HEMMELIGHET: Space = Space("folkeregisteret/hemmelighet");
const DOKUMENTNOKKEL: &[u8] = b"dokumentnokkel";

/// What a key leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dokument {
    /// A person's document, in a version.
    Person(Hendelsesplass),
    /// An event document.
    Hendelse(Hendelsesplass),
}

/// Makes and reads keys.
#[derive(Debug)]
pub struct Dokumentnokler {
    laas: EncryptingKey,
    aapne: DecryptingKey,
}

impl Dokumentnokler {
    /// With the store's secret, which is made on first use.
    pub(crate) async fn hent(
        journal: &SharedJournal,
        naa: Timestamp,
        tilfeldig: &dyn Random,
    ) -> Result<Self, Feil> {
        if let Some(lagret) = journal.record(HEMMELIGHET, DOKUMENTNOKKEL).await? {
            return Self::av(&lagret.value);
        }
        let mut ny = [0; 16];
        tilfeldig.fill(&mut ny);
        let steg = Step::Record {
            space: HEMMELIGHET,
            key: DOKUMENTNOKKEL.to_vec(),
            value: Some(ny.to_vec()),
            guard: Guard::Absent,
        };
        match journal.append(Change { at: naa, steps: vec![steg] }).await {
            Ok(_) => Self::av(&ny),
            // Another node was faster.
            Err(JournalError::Conflict { .. }) => {
                let lagret = journal.record(HEMMELIGHET, DOKUMENTNOKKEL).await?;
                Self::av(&lagret.map(|r| r.value).unwrap_or_default())
            }
            Err(feil) => Err(feil.into()),
        }
    }

    fn av(hemmelighet: &[u8]) -> Result<Self, Feil> {
        let nokkel = || UnboundCipherKey::new(&AES_128, hemmelighet).map_err(|_| Feil::Dokumentnokkel);
        Ok(Self {
            laas: EncryptingKey::ecb(nokkel()?).map_err(|_| Feil::Dokumentnokkel)?,
            aapne: DecryptingKey::ecb(nokkel()?).map_err(|_| Feil::Dokumentnokkel)?,
        })
    }

    /// The key of a document.
    ///
    /// # Errors
    /// When the cipher fails, which it does not for a whole block.
    pub fn laas(&self, dokument: Dokument) -> Result<Dokumentidentifikator, Feil> {
        let (slag, plass) = match dokument {
            Dokument::Person(plass) => (1u128, plass),
            Dokument::Hendelse(plass) => (2, plass),
        };
        let mut blokk = (slag << 61 | u128::from(plass.subjekt())).to_be_bytes();
        self.laas.encrypt(&mut blokk).map_err(|_| Feil::Dokumentnokkel)?;
        Ok(Dokumentidentifikator::ny(u128::from_be_bytes(blokk)))
    }

    /// What a key leads to; `None` for one that this store did not make.
    pub fn aapne(&self, nokkel: Dokumentidentifikator) -> Option<Dokument> {
        let mut blokk = nokkel.verdi().to_be_bytes();
        self.aapne.decrypt(&mut blokk, DecryptionContext::None).ok()?;
        let klart = u128::from_be_bytes(blokk);
        let plass = Hendelsesplass::av((klart & ((1 << 61) - 1)) as u64);
        match klart >> 61 {
            1 => Some(Dokument::Person(plass)),
            2 => Some(Dokument::Hendelse(plass)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_back_and_only_back() {
        let nokler = Dokumentnokler::av(&[7; 16]).unwrap();
        let andre = Dokumentnokler::av(&[8; 16]).unwrap();
        let plass = Hendelsesplass { nummer: 15_856_543_134, k: 300, plass: 2 };
        for dokument in [Dokument::Person(plass), Dokument::Hendelse(plass)] {
            let nokkel = nokler.laas(dokument).unwrap();
            assert_eq!(nokler.aapne(nokkel), Some(dokument));
            assert_eq!(andre.aapne(nokkel), None);
            assert_eq!(nokler.aapne(Dokumentidentifikator::ny(nokkel.verdi() ^ 1)), None);
        }
        assert_ne!(
            nokler.laas(Dokument::Person(plass)).unwrap(),
            nokler.laas(Dokument::Hendelse(plass)).unwrap()
        );
        assert!(Dokumentnokler::av(&[]).is_err());
    }
}
