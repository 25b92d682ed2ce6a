//! The update feeds as the register sees them (fact sheet section 11).
//!
//! A page of a feed is arithmetic on positions: the lower bounds give a first position, everything from there on
//! is the result. Only a filter on units reads the events about them.

use journal::{AsOf, DocId, Event, Lower, Seq};
use serde_json::Value;
use tid::Timestamp;

use crate::endring::{Endringstype, OPPDATERTE_ROLLER};
use crate::modell::Enhetstype;
use crate::{Enhetsregister, Feil, forskjell};

/// Which entries of a unit feed are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oppdateringssok {
    /// Published at or after it.
    pub dato: Option<Timestamp>,
    /// Number at or above it.
    pub oppdateringsid: Option<u64>,
    /// Published before it (beyond 1.5.0).
    pub foer: Option<Timestamp>,
    /// Only about these units; empty: all.
    pub organisasjonsnummer: Vec<u32>,
    /// Newest first.
    pub synkende: bool,
    /// With what changed (beyond 1.5.0).
    pub med_endringer: bool,
}

/// An entry of a unit feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Enhetsoppdatering {
    /// The event.
    pub hendelse: Event,
    /// What changed, as JSON Patch; only when asked for, and only on changes.
    pub endringer: Option<Vec<Value>>,
}

/// Which events of the role feed are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rollesok {
    /// Strictly after.
    pub etter_tid: Option<Timestamp>,
    /// Strictly after.
    pub etter_id: Option<u64>,
    /// Only about these units; empty: all.
    pub organisasjonsnummer: Vec<u32>,
}

impl Enhetsregister {
    /// One page of a unit feed, and how many entries there are in all.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn oppdateringer(
        &self,
        kind: Enhetstype,
        sok: &Oppdateringssok,
        fra: u64,
        antall: u64,
    ) -> Result<(u64, Vec<Enhetsoppdatering>), Feil> {
        let (totalt, hendelser) = self.utvalg(kind, sok, fra, antall).await?;
        let mut ut = Vec::with_capacity(hendelser.len());
        for hendelse in hendelser {
            let endret = Endringstype::fra_kode(hendelse.kind) == Endringstype::Endring;
            let endringer =
                if sok.med_endringer && endret { self.endringer(kind, &hendelse).await? } else { None };
            ut.push(Enhetsoppdatering { hendelse, endringer });
        }
        Ok((totalt, ut))
    }

    async fn utvalg(
        &self,
        kind: Enhetstype,
        sok: &Oppdateringssok,
        fra: u64,
        antall: u64,
    ) -> Result<(u64, Vec<Event>), Feil> {
        let (journal, feed) = (self.journal(), kind.feed());
        let mut forste = 1;
        if let Some(id) = sok.oppdateringsid {
            forste = forste.max(journal.first(feed, Lower::Number(id)).await?);
        }
        if let Some(dato) = sok.dato {
            forste = forste.max(journal.first(feed, Lower::Time(dato)).await?);
        }
        let mut slutt = journal.feed_head(feed).await?.position + 1;
        if let Some(foer) = sok.foer {
            slutt = slutt.min(journal.first(feed, Lower::Time(foer)).await?);
        }
        if sok.organisasjonsnummer.is_empty() {
            let totalt = slutt.saturating_sub(forste);
            let antall = antall.min(totalt.saturating_sub(fra));
            let start = if sok.synkende { slutt.saturating_sub(fra + antall) } else { forste + fra };
            let mut hendelser = journal.read(feed, start, antall as usize).await?;
            if sok.synkende {
                hendelser.reverse();
            }
            return Ok((totalt, hendelser));
        }
        let om: Vec<DocId> = sok.organisasjonsnummer.iter().map(|&id| id.into()).collect();
        let mut alle = journal.read_about(feed, &om).await?;
        alle.retain(|h| (forste..slutt).contains(&h.position));
        if sok.synkende {
            alle.reverse();
        }
        let side = alle.iter().skip(fra as usize).take(antall as usize).copied().collect();
        Ok((alle.len() as u64, side))
    }

    /// What the change of an event did to the unit; `None` if that cannot be told (any more).
    async fn endringer(&self, kind: Enhetstype, hendelse: &Event) -> Result<Option<Vec<Value>>, Feil> {
        let versjon = |seq| self.journal().get(kind.samling(), hendelse.subject, AsOf::Seq(seq));
        let etter = versjon(hendelse.seq).await?;
        let foer = versjon(Seq(hendelse.seq.0.saturating_sub(1))).await?;
        let (Some(foer), Some(etter)) = (foer, etter) else { return Ok(None) };
        if foer.removed || etter.removed {
            return Ok(None);
        }
        forskjell::enheter(&foer.body, &etter.body).map(Some)
    }

    /// Events of the role feed, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rolleoppdateringer(&self, sok: &Rollesok, antall: u64) -> Result<Vec<Event>, Feil> {
        let (journal, feed) = (self.journal(), OPPDATERTE_ROLLER);
        let mut forste = 1;
        if let Some(id) = sok.etter_id {
            forste = forste.max(journal.first(feed, Lower::Number(id.saturating_add(1))).await?);
        }
        if let Some(tid) = sok.etter_tid {
            forste = forste.max(journal.first(feed, Lower::Time(tid.plus_millis(1))).await?);
        }
        if sok.organisasjonsnummer.is_empty() {
            return Ok(journal.read(feed, forste, antall as usize).await?);
        }
        let om: Vec<DocId> = sok.organisasjonsnummer.iter().map(|&id| id.into()).collect();
        let mut alle = journal.read_about(feed, &om).await?;
        alle.retain(|h| h.position >= forste);
        alle.truncate(antall as usize);
        Ok(alle)
    }
}
