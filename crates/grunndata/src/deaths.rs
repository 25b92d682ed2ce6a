//! Deaths in Folkeregisteret, brought to Enhetsregisteret's roles.
//!
//! A follower of Folkeregisteret's feed. How far it has come stands in the store and moves in the change that writes the
//! roles, under a guard: each death, and each annulment of one, takes effect once and in the order of the feed, on any
//! number of nodes, whenever one of them dies.
//!
//! It begins with what happens after it was first there. Who came into the store in bulk came with roles that show it.

use std::sync::Arc;
use std::time::Duration;

use enhetsregisteret::Enhetsregister;
use enhetsregisteret::doedsfall::{Liv, Person};
use enhetsregisteret::modell::rolle::Personnavn;
use folkeregisteret::bok::Bok;
use folkeregisteret::endring::HENDELSER;
use folkeregisteret::modell::{Folkeregisterpersonnavn, Hendelsestype, Persondokument};
use folkeregisteret::plass::Hendelsesplass;
use folkeregisteret::sporring::{Soek, Soekefeil};
use folkeregisteret::{Folkeregister, Funnet, Rettighetspakke};
use journal::{Change, Event, Guard, JournalError, SharedJournal, Space, Step};
use tid::{Date, crash};

use crate::jobs::Claim;
use crate::serving::Stopping;

/// How far it has come.
const SPACE: Space = Space("grunndata/doedsfall");
const KEY: &[u8] = b"posisjon";
/// Events read at a time.
const BATCH: usize = 1000;
/// How long to wait before trying again what failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Why a death could not be brought over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undone {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    People(#[from] folkeregisteret::Feil),
    #[error(transparent)]
    Search(#[from] Soekefeil),
    #[error(transparent)]
    Units(#[from] enhetsregisteret::Feil),
}

impl Undone {
    /// Another node was faster.
    fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::Journal(JournalError::Conflict { .. })
                | Self::Units(enhetsregisteret::Feil::Journal(JournalError::Conflict { .. }))
        )
    }
}

/// The follower.
#[derive(Clone)]
pub(crate) struct Deaths {
    people: Arc<Folkeregister>,
    units: Arc<Enhetsregister>,
}

impl Deaths {
    pub(crate) fn new(people: &Arc<Folkeregister>, units: &Arc<Enhetsregister>) -> Self {
        Self { people: people.clone(), units: units.clone() }
    }

    fn journal(&self) -> &SharedJournal {
        self.people.journal()
    }

    /// Settles where to begin, unless that is done. Before anybody can report a death.
    pub(crate) async fn begin(&self) {
        while let Err(error) = self.settle().await {
            tracing::warn!(%error, "it could not be settled from where on deaths are brought to Enhetsregisteret");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn settle(&self) -> Result<(), JournalError> {
        if self.position().await?.is_some() {
            return Ok(());
        }
        let head = self.journal().feed_head(HENDELSER).await?.position;
        let change = Change { at: self.people.naa(), steps: vec![at(head, Guard::Absent)] };
        match self.journal().append(change).await {
            // Another node has settled it.
            Err(JournalError::Conflict { .. }) => Ok(()),
            written => written.map(|_| ()),
        }
    }

    /// Follows until it is time to stop; where there are several nodes, whenever the claim is this one's.
    pub(crate) async fn run(self, claim: Option<Claim>, stopping: Stopping) {
        match claim {
            Some(claim) => claim.work(stopping, |stop| self.clone().follow_until(stop)).await,
            None => self.follow_until(stopping).await,
        }
    }

    async fn follow_until(self, stopping: Stopping) {
        tokio::select! {
            () = self.follow() => {}
            () = stopping.wait() => {}
        }
    }

    async fn follow(&self) {
        let mut news = self.journal().watch();
        // What was passed without effect needs no writing down.
        let mut seen = 0;
        loop {
            news.mark_unchanged();
            match self.catch_up(&mut seen).await {
                Ok(()) => drop(news.changed().await),
                Err(error) if error.is_conflict() => {}
                Err(error) => {
                    tracing::error!(%error, "a death could not be brought to Enhetsregisteret");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Takes all events after `seen` that there are.
    async fn catch_up(&self, seen: &mut u64) -> Result<(), Undone> {
        if *seen == 0 {
            *seen = self.position().await?.map_or(0, |(position, _)| position);
        }
        loop {
            let events = self.journal().read(HENDELSER, *seen + 1, BATCH).await?;
            for event in &events {
                if is_about_life(event) {
                    self.take(event).await?;
                }
                *seen = event.position;
            }
            if events.len() < BATCH {
                return Ok(());
            }
        }
    }

    /// Brings over one event, unless that is done.
    async fn take(&self, event: &Event) -> Result<(), Undone> {
        let guard = match self.position().await? {
            Some((position, _)) if position >= event.position => return Ok(()),
            Some((_, guard)) => guard,
            None => Guard::Absent,
        };
        let place = Hendelsesplass::av(event.subject);
        let Some((number, document)) = self.people.etter_hendelsen(place).await? else { return Ok(()) };
        let Some(born) = born(&document) else { return Ok(()) };
        self.people.indeks().index().wait_for(event.position).await;
        self.units.vent_paa_rollesok().await?;
        let life = if document.doedsfall.is_some() { Liv::Doed } else { Liv::Levende };
        let navn = document.navn.iter().map(name).collect();
        let mut person = Person { nummer: number, navn, fodselsdato: born, entydig: false };
        person.entydig = self.is_alone(&person, life).await?;
        if !person.entydig {
            tracing::warn!(
                hendelse = event.number,
                "roles of somebody who died or did not are left as they are: there is another of that name, born that day"
            );
        }
        crash::point("doedsfall.roller.before");
        self.units.liv(&person, life, &[at(event.position, guard)]).await?;
        crash::point("doedsfall.roller.after");
        Ok(())
    }

    /// Whether nobody else may be meant by name and date of birth: of a death, nobody who lives; of an annulment, nobody
    /// who is dead.
    async fn is_alone(&self, person: &Person, life: Liv) -> Result<bool, Undone> {
        let day = person.fodselsdato.to_string().replace('-', "");
        for name in &person.navn {
            let words = [&name.fornavn, name.mellomnavn.as_deref().unwrap_or(""), &name.etternavn].join(" ");
            let asked = [("navn", &*words), ("foedselsdato", &*day), ("inkluderDoede", "true")];
            let found = match Soek::les(asked) {
                Ok(asked) => self.people.soek(asked, Rettighetspakke::OffentligMedHjemmel).await,
                Err(error) => Err(error),
            };
            let found = match found {
                // A name that nobody, or anybody, is found by tells nobody apart.
                Err(Soekefeil::Ugyldig(_) | Soekefeil::ForMangeTreff) => return Ok(false),
                found => found?,
            };
            let others = found.iter().map(|hit| hit.person).filter(|other| *other != person.nummer);
            for other in self.people.finn(&others.collect::<Vec<_>>()).await?.into_iter().flatten() {
                if Self::may_be(&other, person, name, life)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Whether somebody who was found may be meant by a name of the person.
    fn may_be(other: &Funnet, person: &Person, by: &Personnavn, life: Liv) -> Result<bool, Undone> {
        let book = Bok::les(other.person, &other.tekst).map_err(folkeregisteret::Feil::from)?;
        let Some(k) = book.siste_med_dokument() else { return Ok(false) };
        let Some(document) = book.versjon(k).map_err(folkeregisteret::Feil::from)? else { return Ok(false) };
        let as_before = document.doedsfall.is_some() == (life == Liv::Levende);
        let same = |name| Person { navn: vec![name], ..person.clone() }.heter(by);
        Ok(as_before && document.navn.iter().map(name).any(same))
    }

    async fn position(&self) -> Result<Option<(u64, Guard)>, JournalError> {
        let record = self.journal().record(SPACE, KEY).await?;
        let read = |bytes: &[u8]| bytes.first_chunk::<8>().map_or(0, |eight| u64::from_be_bytes(*eight));
        Ok(record.map(|record| (read(&record.value), Guard::SetAt(record.seq))))
    }
}

/// The step that says how far it has come.
fn at(position: u64, guard: Guard) -> Step {
    Step::Record { space: SPACE, key: KEY.to_vec(), value: Some(position.to_be_bytes().to_vec()), guard }
}

fn is_about_life(event: &Event) -> bool {
    use Hendelsestype::{PersonErDoed, PersonErReaktivert};
    matches!(Hendelsestype::av_feedkode(event.kind), Some(PersonErDoed | PersonErReaktivert))
}

fn born(document: &Persondokument) -> Option<Date> {
    let current = document.foedsel.iter().find(|birth| birth.meta.er_gjeldende != Some(false));
    current?.foedselsdato
}

fn name(name: &Folkeregisterpersonnavn) -> Personnavn {
    Personnavn {
        fornavn: name.fornavn.to_string(),
        mellomnavn: name.mellomnavn.as_deref().map(str::to_owned),
        etternavn: name.etternavn.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use enhetsregisteret::endring::{Datert, Melding as Rollemelding, OPPDATERTE_ROLLER};
    use enhetsregisteret::modell::rolleform;
    use folkeregisteret::endring::Melding;
    use folkeregisteret::modell::Hendelse;
    use identifikator::{Organisasjonsnummer, Personidentifikator};
    use journal::sqlite::{Options, SqliteJournal};
    use serde_json::{Value, json};
    use tempfile::TempDir;
    use tid::{Clock, Moment, SeededRandom, StoppedClock, Timestamp};
    use tokio::task::JoinSet;

    use super::*;

    /// Nobody's; those of the producer sheet.
    const KARI: &str = "14859049894";
    const NAMESAKE: &str = "02918849923";
    const UNIT: &str = "310100005";

    struct Both {
        _place: TempDir,
        clock: Arc<StoppedClock>,
        deaths: Deaths,
        _followers: JoinSet<()>,
    }

    impl Both {
        /// Kari leads a unit. Nobody is told of her death yet.
        async fn with(namesake: bool) -> Self {
            let place = TempDir::new().unwrap();
            let journal: SharedJournal =
                SqliteJournal::open(&place.path().join("journal"), Options::default()).unwrap();
            let clock = Arc::new(StoppedClock::at(Timestamp::parse("2026-06-30T10:00:00.000Z").unwrap()));
            let dir = |name: &str| place.path().join(name);
            let units = Enhetsregister::open(
                journal.clone(),
                &dir("e"),
                enhetsregisteret::Oppsett::default(),
                clock.clone(),
            );
            let random = Arc::new(SeededRandom::new(1));
            let kept = folkeregisteret::Oppsett::default();
            let people =
                Folkeregister::open(journal.clone(), &dir("f"), kept, clock.clone(), random).unwrap();
            let deaths = Deaths::new(&people, &units.unwrap());
            let mut followers = JoinSet::new();
            followers.spawn(people.indeks().folger(journal.clone()).run(std::future::pending()));
            followers.spawn(deaths.units.personindeks().folger(journal).run(std::future::pending()));
            let both = Self { _place: place, clock, deaths, _followers: followers };
            both.tell(KARI, None, Hendelsestype::PersonErOpprettet).await;
            if namesake {
                both.tell(NAMESAKE, None, Hendelsestype::PersonErOpprettet).await;
            }
            both.lead().await;
            both.deaths.begin().await;
            both
        }

        async fn lead(&self) {
            let leader = json!({ "type": { "kode": "LEDE", "beskrivelse": "Styrets leder" }, "rekkefolge": 0,
                "person": { "fodselsdato": "1990-05-14", "erDoed": false,
                            "navn": { "fornavn": "Kari", "etternavn": "Blomst" } } });
            let board = json!({ "rollegrupper": [{ "type": { "kode": "STYR", "beskrivelse": "Styre" },
                "sistEndret": "2023-05-31", "roller": [leader] }] });
            let orgnr: Organisasjonsnummer = UNIT.parse().unwrap();
            let (_, roles) = rolleform::kanoniser(board.to_string().as_bytes(), Some(orgnr)).unwrap();
            let told: Datert = Rollemelding::Roller { orgnr, roller: Some(roles) }.into();
            self.deaths.units.skriver().skriv(self.clock.now(), vec![told], Vec::new()).await.unwrap();
        }

        /// How a person is from now on.
        async fn tell(&self, number: &str, died: Option<&str>, hendelsestype: Hendelsestype) {
            let person = Personidentifikator::parse(number).unwrap();
            let mut document = json!({
                "identifikasjonsnummer": [{ "erGjeldende": true, "status": "iBruk", "foedselsEllerDNummer": number,
                                            "identifikatortype": "foedselsnummer" }],
                "status": [{ "erGjeldende": true, "status": "bosatt" }],
                "foedsel": [{ "erGjeldende": true, "foedselsdato": "1990-05-14", "foedselsaar": "1990", "foedeland": "NOR" }],
                "navn": [{ "erGjeldende": true, "fornavn": "KARI", "etternavn": "BLOMST" }],
            });
            if let Some(day) = died {
                document["doedsfall"] = json!({ "erGjeldende": true, "doedsdato": day });
            }
            let at = self.clock.now();
            let hendelse = Hendelse {
                folkeregisteridentifikator: person,
                hendelsestype,
                ajourholdstidspunkt: Moment::oslo(at),
                egenskapshendelse: Vec::new(),
                hendelsesaarsak_i_dsf: None,
            };
            let dokument = Some(Persondokument::fra_json(document.to_string().as_bytes()).unwrap());
            let told = Melding { person, at, dokument, videre: None, hendelser: vec![hendelse] };
            self.deaths.people.skriver().skriv(at, &[told]).await.unwrap();
            self.clock.advance_millis(1);
        }

        /// Events about roles, and how the leader is now: dead, resigned.
        async fn roles(&self) -> (u64, bool, bool) {
            let told = self.deaths.journal().feed_head(OPPDATERTE_ROLLER).await.unwrap().position;
            let found = self.deaths.units.roller(UNIT.parse().unwrap()).await.unwrap();
            let enhetsregisteret::Oppslag::Funnet(found) = found else { panic!("it has roles") };
            let found: Value = serde_json::from_slice(&found.body).unwrap();
            let leader = &found["rollegrupper"][0]["roller"][0];
            (told, leader["person"]["erDoed"] == true, leader["fratraadt"] == true)
        }
    }

    #[tokio::test]
    async fn however_many_follow_each_event_takes_effect_once_and_in_order() {
        let both = Both::with(false).await;
        both.tell(KARI, Some("2026-06-29"), Hendelsestype::PersonErDoed).await;
        both.tell(KARI, None, Hendelsestype::PersonErReaktivert).await;
        both.tell(KARI, Some("2026-06-28"), Hendelsestype::PersonErDoed).await;
        let follow = async || {
            let mut seen = 0;
            while let Err(error) = both.deaths.catch_up(&mut seen).await {
                assert!(error.is_conflict(), "{error}");
            }
        };
        tokio::join!(follow(), follow(), follow());
        assert_eq!(both.roles().await, (4, true, true), "new, ended, given back, ended");
        follow().await;
        assert_eq!(both.roles().await.0, 4);
    }

    #[tokio::test]
    async fn nobody_is_taken_for_a_namesake() {
        let both = Both::with(true).await;
        both.tell(NAMESAKE, Some("2026-06-29"), Hendelsestype::PersonErDoed).await;
        both.deaths.catch_up(&mut 0).await.unwrap();
        assert_eq!(both.roles().await, (1, false, false), "it may be the other one's role");
        both.tell(KARI, Some("2026-06-30"), Hendelsestype::PersonErDoed).await;
        both.deaths.catch_up(&mut 0).await.unwrap();
        assert_eq!(both.roles().await, (2, true, true), "there is no other who lives");
    }
}
