//! The only writer: how persons are from now on, in; journal transactions out.
//!
//! A new version of a person, the events that tell of it, and the numbers that lead to the person are one change. Nothing is
//! ever removed.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use identifikator::Personidentifikator;
use journal::{
    AsOf, Change, Collection, Feed, Guard, JournalError, Receipt, Seq, SharedJournal, Space, Step,
};
use tid::Timestamp;
use tokio::sync::{Mutex, MutexGuard};

use crate::bok::{Bok, Oppslag, les_oppslag, peker};
use crate::modell::{Hendelse, Hendelsestype, Persondokument};
use crate::plass::Hendelsesplass;
use crate::sporring::Kjennetegn;
use crate::{Feil, Personindeks};

/// Persons: a book under the first number of each, and pointers under the others.
pub const PERSONER: Collection = Collection("folkeregisteret/person");
/// The feed. `kind` is the type of the event ([`Hendelsestype::feedkode`]), `subject` its [`Hendelsesplass`].
pub const HENDELSER: Feed = Feed("folkeregisteret/hendelser");

/// A record that every change sets: who has read books writes only if nobody has written since, on any node.
const VAKT: Space = Space("folkeregisteret/skriver");

/// Events that the search index may be behind by when somebody is looked for in a change: those persons are read one by one.
const ETTERSLEP_MAKS: usize = 5_000;
/// From so many on it is quicker to wait for the index, and for so long at most.
const ETTERSLEP_VENT: u64 = 500;
const VENT: Duration = Duration::from_secs(1);

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
    indeks: Personindeks,
    en_om_gangen: Mutex<()>,
}

impl Skriver {
    pub(crate) fn new(journal: SharedJournal, indeks: Personindeks) -> Self {
        Self { journal, indeks, en_om_gangen: Mutex::new(()) }
    }

    /// Writes the messages, in order, as one transaction at time `now`.
    ///
    /// # Errors
    /// When the store fails or a book is full; then nothing is written.
    pub async fn skriv(&self, now: Timestamp, meldinger: &[Melding]) -> Result<Seq, Feil> {
        loop {
            let mut tur = self.tur().await?;
            for melding in meldinger {
                tur.meld(melding).await?;
            }
            match tur.fullfoer(now, Vec::new()).await {
                Err(Feil::Journal(JournalError::Conflict { space })) if space == VAKT.0 => {}
                svar => return Ok(svar?.seq),
            }
        }
    }

    /// Begins a change that depends on how persons are: nobody else on this node writes until it is over.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tur(&self) -> Result<Tur<'_>, Feil> {
        let laas = self.en_om_gangen.lock().await;
        let sist = self.journal.record(VAKT, b"").await?;
        let guard = sist.map_or(Guard::Absent, |record| Guard::SetAt(record.seq));
        Ok(Tur {
            journal: &self.journal,
            indeks: &self.indeks,
            _laas: laas,
            guard,
            boker: HashMap::new(),
            endret: Vec::new(),
            numre: HashMap::new(),
            hendelser: Vec::new(),
        })
    }
}

/// A change under way: persons as they are with it. Nothing is written before [`Tur::fullfoer`].
pub struct Tur<'s> {
    journal: &'s SharedJournal,
    indeks: &'s Personindeks,
    _laas: MutexGuard<'s, ()>,
    guard: Guard,
    boker: HashMap<u64, Bok<'static>>,
    /// The books with new versions, in order.
    endret: Vec<u64>,
    /// The further numbers of their persons, and the book of each.
    numre: HashMap<u64, u64>,
    hendelser: Vec<Step>,
}

impl Tur<'_> {
    /// The book that a number stands in, also of one who was merged away.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bok(&mut self, nummer: u64) -> Result<Option<&Bok<'static>>, Feil> {
        let plass = self.plass_til(nummer).await?;
        Ok(self.boker.get(&plass))
    }

    /// Which of the numbers lead nowhere: nobody has or had them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ledige(&self, numre: &[u64]) -> Result<Vec<bool>, Feil> {
        let versjoner = self.journal.get_many(PERSONER, numre, AsOf::Now).await?;
        let her = |nummer: &u64| self.boker.contains_key(nummer) || self.numre.contains_key(nummer);
        Ok(numre.iter().zip(versjoner).map(|(nummer, v)| v.is_none() && !her(nummer)).collect())
    }

    /// Everybody whom marks fit, of those as they are with this change: the numbers that their books are kept under. Nobody
    /// is missed: besides those whom the search index has, all whom the feed has told of since are looked at, and all whom
    /// this change writes. `er` decides, by the document.
    ///
    /// `None`: it cannot be told, for the index is too far behind, or too many may be meant.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn kjente(
        &mut self,
        tegn: Kjennetegn,
        er: &(dyn Fn(&Persondokument) -> bool + Sync),
    ) -> Result<Option<BTreeSet<u64>>, Feil> {
        let indeks = self.indeks.clone();
        self.vent_paa_indeks().await?;
        // Before it is asked: what it then has is at least this.
        let posisjon = indeks.index().position();
        let funnet = tokio::task::spawn_blocking(move || indeks.kjente(&tegn)).await;
        let (fra, mut mulige) = match (posisjon, funnet.map_err(|_| Feil::Avbrutt)?) {
            (_, Ok(None)) => return Ok(None),
            (Some(posisjon), Ok(Some(funnet))) => (posisjon, funnet),
            // Without an index a young register is looked through from the start.
            _ => (0, BTreeSet::new()),
        };
        let nytt = self.journal.read(HENDELSER, fra + 1, ETTERSLEP_MAKS + 1).await?;
        if nytt.len() > ETTERSLEP_MAKS {
            return Ok(None);
        }
        mulige.extend(nytt.iter().map(|hendelse| Hendelsesplass::av(hendelse.subject).nummer));
        mulige.extend(&self.endret);
        let mut kjente = BTreeSet::new();
        for nummer in mulige {
            let Some(bok) = self.bok(nummer).await? else { continue };
            let Some(k) = bok.siste() else { continue };
            if bok.versjon(k)?.is_some_and(|dokument| er(&dokument)) {
                kjente.insert(bok.person());
            }
        }
        Ok(Some(kjente))
    }

    /// Lets an index that is far behind come closer, so that a crowd of changes goes at its pace.
    async fn vent_paa_indeks(&self) -> Result<(), Feil> {
        let ende = self.journal.feed_head(HENDELSER).await?.position;
        let indeks = self.indeks.index();
        if indeks.position().is_some_and(|posisjon| ende.saturating_sub(posisjon) > ETTERSLEP_VENT) {
            // Whether it came is seen when it is asked.
            let _ = tokio::time::timeout(VENT, indeks.wait_for(ende)).await;
        }
        Ok(())
    }

    /// Takes in how a person is from now on.
    ///
    /// # Errors
    /// When the store fails or the book is full.
    pub async fn meld(&mut self, melding: &Melding) -> Result<(), Feil> {
        let nummer = melding.person.verdi();
        let mut plass = self.plass_til(nummer).await?;
        if plass != nummer
            && let Some(annen) = self.boker.get(&plass)
            && !annen.andre_numre()?.contains(&nummer)
        {
            // Who had the number has it no longer: it is told of somebody else (a splitting).
            let ny = Bok::etter(melding.person, annen);
            self.boker.insert(nummer, ny);
            plass = nummer;
        }
        let bok = self.boker.entry(plass).or_insert_with(|| Bok::ny(melding.person));
        let k = bok.ny_versjon(melding.dokument.as_ref(), melding.at, &melding.hendelser)?;
        if let Some(videre) = melding.videre {
            bok.viderefoer(videre);
        }
        self.numre.extend(bok.andre_numre()?.into_iter().map(|nummer| (nummer, plass)));
        if !self.endret.contains(&plass) {
            self.endret.push(plass);
        }
        let fortalt = melding.hendelser.iter().enumerate();
        self.hendelser.extend(fortalt.map(|(i, hendelse)| publiser(fortelling(hendelse, k, i, melding.at))));
        Ok(())
    }

    /// Writes it all as one transaction at time `now`, and `ekstra` with it.
    ///
    /// # Errors
    /// When the store fails; [`JournalError::Conflict`] when another node was faster. Then nothing is written.
    pub async fn fullfoer(self, now: Timestamp, ekstra: Vec<Step>) -> Result<Receipt, Feil> {
        let mut steps: Vec<Step> = Vec::new();
        for bok in self.endret.iter().filter_map(|plass| self.boker.get(plass)) {
            steps.push(skriv(bok.person(), bok.som_json(), now));
        }
        for (nummer, plass) in &self.numre {
            let egen_bok = self.boker.contains_key(nummer);
            if !egen_bok && self.journal.get(PERSONER, *nummer, AsOf::Now).await?.is_none() {
                steps.push(skriv(*nummer, peker(*plass), now));
            }
        }
        if !self.endret.is_empty() {
            let (key, value) = (Vec::new(), Some(Vec::new()));
            steps.push(Step::Record { space: VAKT, key, value, guard: self.guard });
        }
        steps.extend(self.hendelser);
        steps.extend(ekstra);
        Ok(self.journal.append(Change { at: now, steps }).await?)
    }

    /// The number that the person's book is kept under; the book, if there is one, is then at hand.
    async fn plass_til(&mut self, nummer: u64) -> Result<u64, Feil> {
        let mut plass = nummer;
        // A pointer leads to a book.
        for _ in 0..2 {
            if self.boker.contains_key(&plass) {
                return Ok(plass);
            }
            let Some(versjon) = self.journal.get(PERSONER, plass, AsOf::Now).await? else {
                // A number that leads somewhere already keeps doing so, whoever has it too from now on.
                return Ok(self.numre.get(&plass).copied().unwrap_or(plass));
            };
            match les_oppslag(plass, &versjon.body)? {
                Oppslag::Bok(bok) => {
                    self.boker.insert(plass, bok.eid());
                    return Ok(plass);
                }
                Oppslag::Peker(person) => plass = person,
            }
        }
        Ok(plass)
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
