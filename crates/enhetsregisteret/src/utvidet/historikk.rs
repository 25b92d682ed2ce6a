//! Documents as they were, and their history.
//!
//! Removal beats history: what is removed from disclosure now is removed whichever time is asked for.

use std::collections::HashMap;

use identifikator::Organisasjonsnummer;
use journal::{AsOf, Collection, Feed, Seq, Version};
use serde_json::Value;

use crate::endring::{ENHETER, Endringstype, INGEN_ROLLER, OPPDATERTE_ROLLER, ROLLER};
use crate::modell::{Dokument, Enhetstype};
use crate::{Enhetsregister, Feil, Oppslag, forskjell};

/// What a history is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emne {
    /// A unit.
    Enhet(Enhetstype),
    /// A unit's roles.
    Roller,
}

impl Emne {
    const fn samling(self) -> Collection {
        match self {
            Self::Enhet(kind) => kind.samling(),
            Self::Roller => ROLLER,
        }
    }

    const fn feed(self) -> Feed {
        match self {
            Self::Enhet(kind) => kind.feed(),
            Self::Roller => OPPDATERTE_ROLLER,
        }
    }

    fn forskjell(self, foer: &[u8], etter: &[u8]) -> Result<Vec<Value>, Feil> {
        match self {
            Self::Enhet(_) => forskjell::enheter(foer, etter),
            Self::Roller => forskjell::roller(foer, etter),
        }
    }
}

/// One version in a history.
#[derive(Debug, Clone, PartialEq)]
pub struct Historisk {
    /// The change that wrote it.
    pub seq: Seq,
    /// When that took place.
    pub at: tid::Timestamp,
    /// What the feed says about it; `Ukjent` when there is no event.
    pub endringstype: Endringstype,
    /// What changed from the version before, as JSON Patch; `None` for the first, and after a removal.
    pub endringer: Option<Vec<Value>>,
}

/// A history, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Historie {
    /// How many versions there are in all, and some of them, oldest first.
    Funnet(u64, Vec<Historisk>),
    /// The unit is removed from disclosure: only the tombstone is left.
    Fjernet(Version),
    /// Never heard of.
    Ukjent,
}

impl Enhetsregister {
    /// A unit as it was. `Ukjent` before its first version; `Fjernet` at any time, if it is removed now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hent_som_var(
        &self,
        kind: Enhetstype,
        orgnr: Organisasjonsnummer,
        da: AsOf,
    ) -> Result<Oppslag, Feil> {
        match self.hent(kind, orgnr).await? {
            Oppslag::Funnet(naa) if da != AsOf::Now && !gjelder(&naa, da) => {
                Ok(self.journal().get(kind.samling(), naa.id, da).await?.into())
            }
            naa => Ok(naa),
        }
    }

    /// A unit's roles as they were. `Ukjent` when it had none then, or was deleted.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn roller_som_var(&self, orgnr: Organisasjonsnummer, da: AsOf) -> Result<Oppslag, Feil> {
        if da == AsOf::Now {
            return self.roller(orgnr).await;
        }
        match self.hent_som_var(Enhetstype::Enhet, orgnr, da).await? {
            Oppslag::Funnet(enhet) if Dokument::les(&enhet.body)?.er_slettet() => return Ok(Oppslag::Ukjent),
            fjernet @ Oppslag::Fjernet(_) => return Ok(fjernet),
            _ => {}
        }
        let roller = self.journal().get(ROLLER, orgnr.verdi().into(), da).await?;
        Ok(match roller {
            Some(roller) if roller.removed || roller.body == INGEN_ROLLER => Oppslag::Ukjent,
            annet => annet.into(),
        })
    }

    /// The versions of a unit or its roles, oldest first; `fra` are passed over and at most `antall` told of.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn historikk(
        &self,
        emne: Emne,
        orgnr: Organisasjonsnummer,
        fra: u64,
        antall: u64,
    ) -> Result<Historie, Feil> {
        let id = orgnr.verdi().into();
        let eier = if let Emne::Enhet(kind) = emne { kind.samling() } else { ENHETER };
        if let Some(naa) = self.journal().get(eier, id, AsOf::Now).await?.filter(|naa| naa.removed) {
            return Ok(Historie::Fjernet(naa));
        }
        let versjoner = self.journal().versions(emne.samling(), id).await?;
        if versjoner.is_empty() {
            return Ok(Historie::Ukjent);
        }
        let hendelser = self.journal().read_about(emne.feed(), &[id]).await?;
        let slag: HashMap<Seq, u8> = hendelser.iter().map(|h| (h.seq, h.kind)).collect();
        let tall = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let mut ut = Vec::new();
        for (i, versjon) in versjoner.iter().enumerate().skip(tall(fra)).take(tall(antall)) {
            let foer = i.checked_sub(1).map(|foer| &versjoner[foer]).filter(|foer| !foer.removed);
            let endringer = match foer {
                Some(foer) if !versjon.removed => Some(emne.forskjell(&foer.body, &versjon.body)?),
                _ => None,
            };
            let endringstype = Endringstype::fra_kode(slag.get(&versjon.seq).copied().unwrap_or(0));
            ut.push(Historisk { seq: versjon.seq, at: versjon.at, endringstype, endringer });
        }
        Ok(Historie::Funnet(versjoner.len() as u64, ut))
    }
}

/// Whether the newest version is also the one that is asked for.
fn gjelder(naa: &Version, da: AsOf) -> bool {
    match da {
        AsOf::Now => true,
        AsOf::Seq(seq) => naa.seq <= seq,
        AsOf::Time(at) => naa.at <= at,
    }
}
