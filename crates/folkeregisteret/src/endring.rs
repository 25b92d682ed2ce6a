//! The only writer: how persons are from now on, in; journal transactions out.
//!
//! A new version of a person, the events that tell of it, and the numbers that lead to the person are one change. Nothing is
//! ever removed.

use std::collections::HashMap;

use identifikator::Personidentifikator;
use journal::{AsOf, Change, Collection, Feed, Guard, JournalError, Seq, SharedJournal, Space, Step};
use tid::Timestamp;
use tokio::sync::Mutex;

use crate::Feil;
use crate::bok::{Bok, Oppslag, les_oppslag, peker};
use crate::modell::{Hendelse, Hendelsestype, Persondokument};
use crate::plass::Hendelsesplass;

/// Persons: a book under the first number of each, and pointers under the others.
pub const PERSONER: Collection = Collection("folkeregisteret/person");
/// The feed. `kind` is the type of the event ([`Hendelsestype::feedkode`]), `subject` its [`Hendelsesplass`].
pub const HENDELSER: Feed = Feed("folkeregisteret/hendelser");

/// A record that every change sets: who has read books writes only if nobody has written since, on any node.
const VAKT: Space = Space("folkeregisteret/skriver");

/// How a person is from now on, and what is told of it.
#[derive(Debug, Clone)]
pub struct Melding {
    /// A number of the person; the first one of a person who is new.
    pub person: Personidentifikator,
    /// When it was entered in the register.
    pub at: Timestamp,
    /// The document; `None` when the person is merged away.
    pub dokument: Option<Persondokument>,
    /// Who takes over from one who is merged away.
    pub videre: Option<Personidentifikator>,
    /// What the feed tells, in order.
    pub hendelser: Vec<Hendelse>,
}

/// The register's writer. One change at a time: reading a book and writing it again belong together. Within a process a
/// lock sees to it, between the nodes on a database a guarded record.
pub struct Skriver {
    journal: SharedJournal,
    en_om_gangen: Mutex<()>,
}

impl Skriver {
    pub(crate) fn new(journal: SharedJournal) -> Self {
        Self { journal, en_om_gangen: Mutex::new(()) }
    }

    /// Writes the messages, in order, as one transaction at time `now`.
    ///
    /// # Errors
    /// When the store fails or a book is full; then nothing is written.
    pub async fn skriv(&self, now: Timestamp, meldinger: &[Melding]) -> Result<Seq, Feil> {
        let _laas = self.en_om_gangen.lock().await;
        loop {
            let vakt = self.vakt().await?;
            let mut steg = self.forbered(now, meldinger).await?;
            steg.push(vakt);
            match self.journal.append(Change { at: now, steps: steg }).await {
                Ok(kvittering) => return Ok(kvittering.seq),
                Err(JournalError::Conflict { space }) if space == VAKT.0 => {}
                Err(feil) => return Err(feil.into()),
            }
        }
    }

    /// What holds as long as nobody else writes to the register.
    async fn vakt(&self) -> Result<Step, Feil> {
        let sist = self.journal.record(VAKT, b"").await?;
        let guard = sist.map_or(Guard::Absent, |sist| Guard::SetAt(sist.seq));
        Ok(Step::Record { space: VAKT, key: Vec::new(), value: Some(Vec::new()), guard })
    }

    /// What the messages come to, by the books as they are.
    async fn forbered(&self, now: Timestamp, meldinger: &[Melding]) -> Result<Vec<Step>, Feil> {
        let mut boker: HashMap<u64, Bok<'static>> = HashMap::new();
        let mut steg = Vec::new();
        for melding in meldinger {
            let bok = self.bok_til(melding.person, &mut boker).await?;
            let k = bok.ny_versjon(melding.dokument.as_ref(), melding.at, &melding.hendelser)?;
            if let Some(videre) = melding.videre {
                bok.viderefoer(videre);
            }
            let fortalt = melding.hendelser.iter().enumerate();
            steg.extend(fortalt.map(|(i, hendelse)| publiser(fortelling(hendelse, k, i, melding.at))));
        }
        let mut skrives: Vec<Step> = Vec::new();
        for bok in boker.values() {
            skrives.push(skriv(bok.person(), bok.som_json(), now));
            for nummer in bok.andre_numre()? {
                let ledig = !boker.contains_key(&nummer) && self.hent_tekst(nummer).await?.is_none();
                if ledig {
                    skrives.push(skriv(nummer, peker(bok.person()), now));
                }
            }
        }
        skrives.extend(steg);
        Ok(skrives)
    }

    async fn hent_tekst(&self, nummer: u64) -> Result<Option<Vec<u8>>, Feil> {
        Ok(self.journal.get(PERSONER, nummer, AsOf::Now).await?.map(|versjon| versjon.body))
    }

    /// The book that the person's next version goes into.
    async fn bok_til<'b>(
        &self,
        person: Personidentifikator,
        boker: &'b mut HashMap<u64, Bok<'static>>,
    ) -> Result<&'b mut Bok<'static>, Feil> {
        let nummer = person.verdi();
        let (mut plass, mut ny) = (nummer, Bok::ny(person));
        if !boker.contains_key(&nummer) {
            match self.slaa_opp(nummer).await? {
                None => {}
                Some(Oppslag::Bok(bok)) => ny = bok,
                Some(Oppslag::Peker(eier)) => match self.bok(eier, boker).await? {
                    Some(bok) if bok.andre_numre()?.contains(&nummer) => (plass, ny) = (eier, bok),
                    // Who had the number has it no longer: it is told of somebody else (a splitting).
                    Some(annen) => ny = Bok::etter(person, &annen),
                    None => {}
                },
            }
        }
        Ok(boker.entry(plass).or_insert(ny))
    }

    /// A book as it is after the messages so far.
    async fn bok(
        &self,
        nummer: u64,
        boker: &HashMap<u64, Bok<'static>>,
    ) -> Result<Option<Bok<'static>>, Feil> {
        if let Some(bok) = boker.get(&nummer) {
            return Ok(Some(bok.clone()));
        }
        Ok(match self.slaa_opp(nummer).await? {
            Some(Oppslag::Bok(bok)) => Some(bok),
            _ => None,
        })
    }

    async fn slaa_opp(&self, nummer: u64) -> Result<Option<Oppslag<'static>>, Feil> {
        let Some(tekst) = self.hent_tekst(nummer).await? else { return Ok(None) };
        Ok(Some(match les_oppslag(nummer, &tekst)? {
            Oppslag::Bok(bok) => Oppslag::Bok(bok.eid()),
            Oppslag::Peker(person) => Oppslag::Peker(person),
        }))
    }
}

/// An event as the feed has it: place, type, time.
pub(crate) type Fortelling = (Timestamp, Hendelsesplass, u8);

/// What the feed shall say of an event of a version.
pub(crate) fn fortelling(hendelse: &Hendelse, k: u16, plass: usize, at: Timestamp) -> Fortelling {
    let nummer = hendelse.folkeregisteridentifikator.verdi();
    let her = Hendelsesplass { nummer, k, plass: u8::try_from(plass).unwrap_or(u8::MAX) };
    (at, her, hendelse.hendelsestype.feedkode())
}

/// The step that puts an event on the feed.
pub(crate) fn publiser((at, plass, kind): Fortelling) -> Step {
    Step::Publish { feed: HENDELSER, subject: plass.subjekt(), kind, number: None, at: Some(at) }
}

/// The step that writes what stands under a number.
pub(crate) fn skriv(id: u64, body: Vec<u8>, at: Timestamp) -> Step {
    Step::Put { collection: PERSONER, id, body, at: Some(at) }
}

impl Hendelsestype {
    /// The code on the feed: the place in [`Self::ALLE`], from 1. It is stored, so new types go last.
    pub const fn feedkode(self) -> u8 {
        self as u8 + 1
    }

    /// The type of a code on the feed.
    pub fn av_feedkode(kode: u8) -> Option<Self> {
        Self::ALLE.get(usize::from(kode.checked_sub(1)?)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_on_the_feed_stay_what_they_are() {
        for (kode, type_) in [
            (1, Hendelsestype::PersonErOpprettet),
            (15, Hendelsestype::EndringIIdentitetsgrunnlag),
            (47, Hendelsestype::EndringIAnnenIdentifikasjon),
        ] {
            assert_eq!(type_.feedkode(), kode);
            assert_eq!(Hendelsestype::av_feedkode(kode), Some(type_));
        }
        assert_eq!(Hendelsestype::av_feedkode(0), None);
        assert_eq!(Hendelsestype::av_feedkode(48), None);
    }
}
