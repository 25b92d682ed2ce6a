//! The register as a type: who somebody is, now and then.

use std::path::Path;
use std::sync::Arc;

use journal::{AsOf, SharedJournal};
use tid::{Clock, Random, Timestamp};
use tokio::sync::OnceCell;

use crate::bok::{Bok, Oppslag, les_oppslag};
use crate::endring::{PERSONER, Skriver};
use crate::logg::Innsynslogg;
use crate::modell::{DokumentForHendelse, Dokumentidentifikator, Persondokument};
use crate::nokkel::{Dokument, Dokumentnokler};
use crate::plass::Hendelsesplass;
use crate::rettighetspakke::{Deler, Rettighetspakke, Utlevering, Vern};
use crate::uttrekk::Uttrekk;
use crate::{Feil, Personindeks};

/// Numbers lead to numbers no further than this: a person with more mergers behind them is not found by the first ones.
const HOPP_MAKS: usize = 8;

/// How the register is set up.
#[derive(Debug, Clone)]
pub struct Oppsett {
    /// Months that events, event documents and past documents are delivered (consumer sheet, sections 5.3 and 8.1).
    pub oppbevaring_maaneder: u32,
    /// Months that the log of look-ups is kept.
    pub logg_maaneder: u32,
}

impl Default for Oppsett {
    fn default() -> Self {
        Self { oppbevaring_maaneder: 36, logg_maaneder: 60 }
    }
}

/// The register.
pub struct Folkeregister {
    journal: SharedJournal,
    klokke: Arc<dyn Clock>,
    tilfeldig: Arc<dyn Random>,
    oppsett: Oppsett,
    skriver: Skriver,
    nokler: OnceCell<Dokumentnokler>,
    logg: Innsynslogg,
    uttrekk: Uttrekk,
    indeks: Personindeks,
}

/// A person's book as it stands in the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct Funnet {
    /// The number that the book is kept under.
    pub person: u64,
    /// Its text.
    pub tekst: Vec<u8>,
}

impl std::fmt::Debug for Funnet {
    /// Without content: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Funnet({} bytes)", self.tekst.len())
    }
}

/// What a key of a document leads to.
#[derive(Debug)]
pub enum Arkivert<T> {
    /// A document, with the person it is about: the number that the key names, and the one the book is kept under.
    Funnet {
        /// The number that the key names.
        nummer: u64,
        /// The number that the book is kept under.
        person: u64,
        /// The document.
        dokument: T,
    },
    /// It is older than what is delivered.
    ForGammelt,
    /// There is no such document.
    Ukjent,
}

impl Folkeregister {
    /// Opens the register on a journal. Derived files go into `mappe`. Searches are answered when a follower
    /// ([`Personindeks::folger`]) has built the index.
    ///
    /// # Errors
    /// When the directory of the index cannot be made or read.
    pub fn open(
        journal: SharedJournal,
        mappe: &Path,
        oppsett: Oppsett,
        klokke: Arc<dyn Clock>,
        tilfeldig: Arc<dyn Random>,
    ) -> Result<Arc<Self>, Feil> {
        let indeks = Personindeks::open(&mappe.join("indeks"))?;
        Ok(Arc::new(Self {
            skriver: Skriver::new(journal.clone(), indeks.clone()),
            indeks,
            logg: Innsynslogg::new(journal.clone(), klokke.clone(), tilfeldig.clone()),
            uttrekk: Uttrekk::new(journal.clone(), klokke.clone(), tilfeldig.clone()),
            nokler: OnceCell::new(),
            journal,
            klokke,
            tilfeldig,
            oppsett,
        }))
    }

    /// How it is set up.
    pub fn oppsett(&self) -> &Oppsett {
        &self.oppsett
    }

    /// The journal beneath.
    pub fn journal(&self) -> &SharedJournal {
        &self.journal
    }

    /// The register's writer.
    pub fn skriver(&self) -> &Skriver {
        &self.skriver
    }

    /// The log of look-ups.
    pub fn logg(&self) -> &Innsynslogg {
        &self.logg
    }

    /// The register's extracts.
    pub fn uttrekk(&self) -> &Uttrekk {
        &self.uttrekk
    }

    /// The index that searches and extracts ask.
    pub fn indeks(&self) -> &Personindeks {
        &self.indeks
    }

    /// The present moment.
    pub fn naa(&self) -> Timestamp {
        self.klokke.now()
    }

    /// What is older than this is not delivered.
    pub fn oppbevart_fra(&self) -> Timestamp {
        maaneder_foer(self.naa(), self.oppsett.oppbevaring_maaneder)
    }

    /// What makes and reads keys of documents.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn nokler(&self) -> Result<&Dokumentnokler, Feil> {
        let hent = || Dokumentnokler::hent(&self.journal, self.naa(), &*self.tilfeldig);
        self.nokler.get_or_try_init(hent).await
    }

    /// The books of those who have these numbers now or had them once, in the order asked for, all as of now. Who was
    /// merged away is followed to who took over.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn finn(&self, numre: &[u64]) -> Result<Vec<Option<Funnet>>, Feil> {
        let mut svar: Vec<Option<Funnet>> = vec![None; numre.len()];
        let mut soekes: Vec<(usize, u64)> = numre.iter().copied().enumerate().collect();
        for _ in 0..HOPP_MAKS {
            let ider: Vec<u64> = soekes.iter().map(|(_, nummer)| *nummer).collect();
            let versjoner = self.journal.get_many(PERSONER, &ider, AsOf::Now).await?;
            let mut videre = Vec::new();
            for ((plass, nummer), versjon) in soekes.into_iter().zip(versjoner) {
                let Some(tekst) = versjon.map(|versjon| versjon.body) else { continue };
                match leder_til(&tekst) {
                    Some(neste) => videre.push((plass, neste)),
                    None => svar[plass] = Some(Funnet { person: nummer, tekst }),
                }
            }
            if videre.is_empty() {
                break;
            }
            soekes = videre;
        }
        Ok(svar)
    }

    /// A person's document as it was in a version, for a consumer of a package.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn arkivert(
        &self,
        nokkel: Dokumentidentifikator,
        pakke: Rettighetspakke,
        deler: &Deler,
    ) -> Result<Arkivert<Utlevering>, Feil> {
        let Some(Dokument::Person(plass)) = self.nokler().await?.aapne(nokkel) else {
            return Ok(Arkivert::Ukjent);
        };
        let Some(funnet) = self.bok_av(plass.nummer).await? else { return Ok(Arkivert::Ukjent) };
        let bok = Bok::les(funnet.person, &funnet.tekst)?;
        if bok.historisk_siden(plass.k).is_some_and(|siden| siden < self.oppbevart_fra()) {
            return Ok(Arkivert::ForGammelt);
        }
        let naa = self.vern_naa(&bok).await?;
        Ok(match bok.utlever(plass.k, pakke, deler, naa)? {
            Some(dokument) => Arkivert::Funnet { nummer: plass.nummer, person: bok.person(), dokument },
            None => Arkivert::Ukjent,
        })
    }

    /// An event document, and the person's protection as it is now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hendelsesdokument(
        &self,
        nokkel: Dokumentidentifikator,
    ) -> Result<Arkivert<(DokumentForHendelse, Vern)>, Feil> {
        let Some(Dokument::Hendelse(plass)) = self.nokler().await?.aapne(nokkel) else {
            return Ok(Arkivert::Ukjent);
        };
        let Hendelsesplass { nummer, k, plass } = plass;
        let Some(funnet) = self.bok_av(nummer).await? else { return Ok(Arkivert::Ukjent) };
        let bok = Bok::les(funnet.person, &funnet.tekst)?;
        if bok.at(k).is_some_and(|at| at < self.oppbevart_fra()) {
            return Ok(Arkivert::ForGammelt);
        }
        let naa = self.vern_naa(&bok).await?;
        Ok(match bok.hendelse(k, plass, nokkel)? {
            Some(dokument) => Arkivert::Funnet { nummer, person: bok.person(), dokument: (dokument, naa) },
            None => Arkivert::Ukjent,
        })
    }

    /// A person as the event at this place left them, with the number that the book is kept under; `None` of one who was
    /// merged away. For work inside the program: what leaves it passes a package's filter.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn etter_hendelsen(
        &self,
        hendelse: Hendelsesplass,
    ) -> Result<Option<(u64, Persondokument)>, Feil> {
        let Some(funnet) = self.bok_av(hendelse.nummer).await? else { return Ok(None) };
        let bok = Bok::les(funnet.person, &funnet.tekst)?;
        Ok(bok.versjon(hendelse.k)?.map(|dokument| (bok.person(), dokument)))
    }

    /// The book that a number stands in, also of one who was merged away.
    async fn bok_av(&self, nummer: u64) -> Result<Option<Funnet>, Feil> {
        let Some(versjon) = self.journal.get(PERSONER, nummer, AsOf::Now).await? else { return Ok(None) };
        let peker = match les_oppslag(nummer, &versjon.body)? {
            Oppslag::Bok(_) => return Ok(Some(Funnet { person: nummer, tekst: versjon.body })),
            Oppslag::Peker(person) => person,
        };
        let versjon = self.journal.get(PERSONER, peker, AsOf::Now).await?;
        Ok(versjon.map(|versjon| Funnet { person: peker, tekst: versjon.body }))
    }

    /// The protection of a person as it is now; of one who was merged away, also that of who took over.
    async fn vern_naa(&self, bok: &Bok<'_>) -> Result<Vern, Feil> {
        let eget = bok.vern()?;
        let Some(videre) = bok.videre() else { return Ok(eget) };
        let Some(Some(funnet)) = self.finn(&[videre]).await?.pop() else { return Ok(eget) };
        Ok(eget.max(Bok::les(funnet.person, &funnet.tekst)?.vern()?))
    }
}

/// The number that a pointer, or the book of one who was merged away, leads to.
pub(crate) fn leder_til(tekst: &[u8]) -> Option<u64> {
    let resten = tekst.strip_prefix(b"{\"person\":").or_else(|| tekst.strip_prefix(b"{\"videre\":"))?;
    let slutt = resten.iter().position(|b| !b.is_ascii_digit())?;
    str::from_utf8(&resten[..slutt]).ok()?.parse().ok()
}

/// The same moment so many months earlier, on the last day of the month that has it.
pub(crate) fn maaneder_foer(naa: Timestamp, maaneder: u32) -> Timestamp {
    let i_dag = naa.date_utc();
    let maaned = i64::from(i_dag.year()) * 12 + i64::from(i_dag.month()) - 1 - i64::from(maaneder);
    let aar = i16::try_from(maaned.div_euclid(12)).unwrap_or(0).max(0);
    let maaned = (maaned.rem_euclid(12) + 1) as i8;
    let dag = (1..=i_dag.day()).rev().find_map(|dag| tid::Date::new(aar, maaned, dag));
    let dager = dag.map_or(0, |dag| i_dag.days_since_epoch() - dag.days_since_epoch());
    naa.plus_millis(-i64::from(dager) * 86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_before() {
        let foer = |tekst: &str, n| maaneder_foer(Timestamp::parse(tekst).unwrap(), n).to_string();
        assert_eq!(foer("2026-06-30T12:00:00.000Z", 36), "2023-06-30T12:00:00.000Z");
        assert_eq!(foer("2024-02-29T00:00:00.000Z", 36), "2021-02-28T00:00:00.000Z");
        assert_eq!(foer("2026-01-31T00:00:00.000Z", 2), "2025-11-30T00:00:00.000Z");
        assert_eq!(foer("2026-01-31T00:00:00.000Z", 0), "2026-01-31T00:00:00.000Z");
    }

    #[test]
    fn where_a_number_leads() {
        assert_eq!(leder_til(br#"{"person":123}"#), Some(123));
        assert_eq!(leder_til(br#"{"videre":45,"versjoner":[]}"#), Some(45));
        assert_eq!(leder_til(br#"{"siste":0}"#), None);
    }
}
