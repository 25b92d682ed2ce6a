//! The feed, as a package sees it (consumer sheet, section 8.1).
//!
//! There is one feed; a package sees those of its events that it may know of, and the others are gaps in its numbers.

use journal::{Event, Lower};
use tid::Moment;

use crate::endring::HENDELSER;
use crate::modell::{FeedHendelse, Hendelsestype, LagretHendelse};
use crate::nokkel::Dokument;
use crate::plass::Hendelsesplass;
use crate::rettighetspakke::{Feedutlevering, Rettighetspakke};
use crate::{Feil, Folkeregister};
use identifikator::Personidentifikator;

/// Events on a page.
pub const SIDE: usize = 1000;
/// Events read at a time.
const BUNT: usize = 2 * SIDE;

/// A page of the feed, or why there is none.
#[derive(Debug)]
pub enum Feedside {
    /// Events from a number on.
    Side(Vec<Synlig>),
    /// The events from there on are older than what is delivered.
    ForGammel,
}

/// An event that a package may see.
#[derive(Debug, Clone, Copy)]
pub struct Synlig {
    hendelse: Event,
    type_: Hendelsestype,
}

/// The types that a package sees, by their code on the feed.
struct Synlighet([bool; 256]);

impl Synlighet {
    fn av(pakke: Rettighetspakke) -> Self {
        let mut synlig = [false; 256];
        for type_ in Hendelsestype::ALLE {
            synlig[usize::from(type_.feedkode())] = type_.slik_den_vises(pakke).is_some();
        }
        Self(synlig)
    }

    fn se(&self, hendelse: Event) -> Option<Synlig> {
        let type_ = Hendelsestype::av_feedkode(hendelse.kind)?;
        self.0[usize::from(hendelse.kind)].then_some(Synlig { hendelse, type_ })
    }
}

impl Synlig {
    /// Its number on the feed.
    pub const fn sekvensnummer(&self) -> u64 {
        self.hendelse.number
    }

    /// When it was entered in the register.
    pub const fn at(&self) -> tid::Timestamp {
        self.hendelse.at
    }
}

impl Folkeregister {
    /// At most [`SIDE`] events that a package sees, from a number on. No event has number 0: it is where the feed begins,
    /// the oldest event that is delivered, for the feed's own link `first` says it (section 8.1).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn feed(&self, pakke: Rettighetspakke, seq: u64) -> Result<Feedside, Feil> {
        let synlighet = Synlighet::av(pakke);
        let fra = if seq == 0 { Lower::Time(self.oppbevart_fra()) } else { Lower::Number(seq) };
        let mut neste = self.journal().first(HENDELSER, fra).await?;
        let mut side = Vec::new();
        let mut foerste = true;
        loop {
            let bunt = self.journal().read(HENDELSER, neste, BUNT).await?;
            if std::mem::take(&mut foerste) && bunt.first().is_some_and(|h| h.at < self.oppbevart_fra()) {
                return Ok(Feedside::ForGammel);
            }
            for hendelse in &bunt {
                side.extend(synlighet.se(*hendelse));
                if side.len() == SIDE {
                    return Ok(Feedside::Side(side));
                }
            }
            if bunt.len() < BUNT {
                return Ok(Feedside::Side(side));
            }
            neste += BUNT as u64;
        }
    }

    /// The number of the newest event that a package sees; 0 before there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn siste_sekvensnummer(&self, pakke: Rettighetspakke) -> Result<u64, Feil> {
        let synlighet = Synlighet::av(pakke);
        let mut slutt = self.journal().feed_head(HENDELSER).await?.position;
        while slutt > 0 {
            let fra = slutt.saturating_sub(SIDE as u64 - 1).max(1);
            let bunt = self.journal().read(HENDELSER, fra, (slutt - fra + 1) as usize).await?;
            if let Some(siste) = bunt.into_iter().rev().find_map(|hendelse| synlighet.se(hendelse)) {
                return Ok(siste.sekvensnummer());
            }
            slutt = fra - 1;
        }
        Ok(0)
    }

    /// What a package gets of an event.
    ///
    /// # Errors
    /// When the store's secret cannot be had.
    pub async fn utlever_hendelse(
        &self,
        pakke: Rettighetspakke,
        synlig: &Synlig,
    ) -> Result<Option<Feedutlevering>, Feil> {
        let plass = Hendelsesplass::av(synlig.hendelse.subject);
        let (mut hendelsesdokument, mut persondokument) = (None, None);
        // Keys are for those who can use them: for the others none is made.
        if pakke.har(crate::Tjeneste::Arkiv) {
            let nokler = self.nokler().await?;
            hendelsesdokument = Some(nokler.laas(Dokument::Hendelse(plass))?);
            if synlig.type_ != Hendelsestype::PersonErOpphoertSomDublett {
                persondokument = Some(nokler.laas(Dokument::Person(Hendelsesplass { plass: 0, ..plass }))?);
            }
        }
        let hendelse = FeedHendelse {
            folkeregisteridentifikator: Personidentifikator::fra_verdi(plass.nummer),
            hendelsetype: synlig.type_,
            hendelsesdokument,
            persondokument,
            ajourholdstidspunkt: Some(Moment::oslo(synlig.hendelse.at)),
            hendelsesaarsak_i_dsf: None,
        };
        let sekvensnummer = i64::try_from(synlig.hendelse.number).unwrap_or(i64::MAX);
        Ok(pakke.filtrer_feed(LagretHendelse { sekvensnummer, hendelse }))
    }
}
