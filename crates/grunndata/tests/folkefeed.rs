//! A consumer that follows the events of its package from the first one and looks up in bulk whom they name has the
//! register's present state as the package sees it, all the while the register changes.
//!
//! The people of a synthetic nation are told to the register's writer in order of time, a piece at a time. What a package
//! should see is worked out from the documents of the nation, without the register. Then producers change it: what a package
//! should see is worked out from the persons' books, without feed and look-ups.

#![expect(clippy::unwrap_used, reason = "a test says what it needs and fails")]

#[expect(dead_code, reason = "the messages of that crate's own tests; some are of use here")]
#[path = "../../produsent/tests/saker/meldinger.rs"]
mod meldinger;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use axum::{Extension, Router};
use folkeregisteret::api::Api;
use folkeregisteret::bok::Bok;
use folkeregisteret::endring::{Melding, PERSONER};
use folkeregisteret::modell::{Entitet, Persondokument, Personstatus};
use folkeregisteret::{Deler, Folkeregister, Rettighetspakke, Tjeneste};
use identifikator::{Organisasjonsnummer, Personidentifikator};
use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use meldinger::{
    NY, annullering, barn, doedsfall, e, flytting, fnr_endring, foedsel, person, rekvisisjon, vigsel,
};
use produsent::Produsent;
use produsent::ressurs::Ressurs;
use produsent::tilgang::{Produsentrett, gi};
use serde_json::{Value, json};
use syntetisk::{Nasjon, Oppsett};
use tempfile::TempDir;
use tid::{SeededRandom, StoppedClock, Timestamp};
use tower::ServiceExt;
use vakt::{Caller, Konsument};
use web::base_url::PublicUrl;
use web::openapi::Components;

const PERSONS: u32 = 1_000;
/// Versions that are written between two looks at the feed.
const PIECE: usize = 400;

/// A version of a person, and who it is in the nation.
struct Told {
    person: u32,
    message: Melding,
}

/// Every version of everybody, in order of time.
fn life(nation: &Nasjon) -> Vec<Told> {
    let mut all = Vec::new();
    for number in 0..nation.grender() {
        let hamlet = nation.grend(number);
        for place in 0..hamlet.antall() {
            let (mut versions, mut first) = (hamlet.versjoner(place), None);
            while let Some(version) = versions.next() {
                let person = *first.get_or_insert(version.hendelser[0].folkeregisteridentifikator);
                let message = Melding {
                    person,
                    at: version.at,
                    dokument: version.dokument.cloned(),
                    videre: None,
                    hendelser: version.hendelser.to_vec(),
                };
                all.push(Told { person: version.person, message });
            }
        }
    }
    all.sort_by_key(|told| (told.message.at, told.person));
    // Who takes over from one who is merged away has the number in the end.
    let mut owners: HashMap<u64, (u32, Personidentifikator)> = HashMap::new();
    for told in &all {
        for number in told.message.dokument.iter().flat_map(|document| &document.identifikasjonsnummer) {
            owners.insert(number.foedsels_eller_d_nummer.verdi(), (told.person, told.message.person));
        }
    }
    for told in all.iter_mut().filter(|told| told.message.dokument.is_none()) {
        let owner = owners.get(&told.message.person.verdi()).filter(|(person, _)| *person != told.person);
        told.message.videre = owner.map(|(_, number)| *number);
    }
    all
}

/// The surface of a package, called by somebody whom the guard has let in.
fn surface(register: &Arc<Folkeregister>, pakke: Rettighetspakke) -> Router {
    let public = PublicUrl { configured: None, trust_forwarded: false, bound: "http://h".to_owned() };
    let api = Api::new(register.clone(), pakke, "/folkeregisteret", public);
    let (routes, _) = api.ruter(&mut Components::new()).into_parts();
    let caller = Konsument {
        consumer: "310100005".parse().unwrap(),
        supplier: None,
        delegation_source: None,
        scopes: [].into_iter().collect(),
        issuer: "".into(),
        client_id: "".into(),
        audience: Vec::new(),
        pid: None,
        authorization_details: Vec::new(),
        expires: 0,
    };
    routes.with_state(api).layer(Extension(Caller(Arc::new(caller))))
}

/// The number of a person that is in use.
fn current(person: &Value) -> &str {
    let mut numbers = person["identifikasjonsnummer"].as_array().unwrap().iter();
    let current = numbers.find(|number| number["erGjeldende"] == true).unwrap();
    current["foedselsEllerDNummer"].as_str().unwrap()
}

/// A consumer with its copy.
struct Consumer {
    pakke: Rettighetspakke,
    surface: Router,
    next: u64,
    copy: BTreeMap<String, Value>,
}

impl Consumer {
    async fn ask(&self, path: &str, body: Option<Value>) -> Value {
        let method = if body.is_some() { "POST" } else { "GET" };
        let path = format!("/folkeregisteret/{}/v1{path}", self.pakke.adressedel());
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = Request::builder().method(method).uri(&path);
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
        let answer = self.surface.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        serde_json::from_slice(&to_bytes(answer.into_body(), usize::MAX).await.unwrap()).unwrap()
    }

    /// Reads the feed to its end, and looks up whom it names.
    async fn follow(&mut self, parts: &str) {
        loop {
            let page = self.ask(&format!("/hendelser/feed?seq={}", self.next), None).await;
            let events = page.as_array().unwrap();
            let Some(last) = events.last() else { return };
            self.next = last["sekvensnummer"].as_u64().unwrap() + 1;
            let named = events.iter().map(|event| &event["hendelse"]["folkeregisteridentifikator"]);
            let named: BTreeSet<&str> = named.map(|number| number.as_str().unwrap()).collect();
            let path = format!("/personer/bulkoppslag{parts}");
            let found = self.ask(&path, Some(json!({ "foedselsEllerDNummer": named }))).await;
            // A number that is past is answered with whoever has it now, and under the number that is in use.
            for number in &named {
                self.copy.remove(*number);
            }
            for one in found["oppslag"].as_array().unwrap() {
                let person = &one["folkeregisterperson"];
                self.copy.insert(current(person).to_owned(), person.clone());
            }
        }
    }

    /// The copy is what the package sees of these documents.
    fn agrees<'d>(&self, documents: impl IntoIterator<Item = &'d Persondokument>, parts: &Deler) {
        let mut expected = BTreeMap::new();
        for document in documents {
            let mut json = Vec::new();
            self.pakke.filtrer(document.clone(), parts).skriv_json(&mut json);
            let person: Value = serde_json::from_slice(&json).unwrap();
            expected.insert(current(&person).to_owned(), person);
        }
        for number in self.copy.keys().chain(expected.keys()) {
            assert_eq!(self.copy.get(number), expected.get(number), "{:?} {number}", self.pakke);
        }
    }
}

/// An empty register that delivers what is old, too.
fn register(place: &TempDir, now: Timestamp) -> Arc<Folkeregister> {
    let journal: SharedJournal =
        SqliteJournal::open(&place.path().join("journal.sqlite"), Options::default()).unwrap();
    let kept =
        folkeregisteret::Oppsett { oppbevaring_maaneder: 2_400, ..folkeregisteret::Oppsett::default() };
    let (clock, random) = (Arc::new(StoppedClock::at(now)), Arc::new(SeededRandom::new(1)));
    Folkeregister::open(journal, place.path(), kept, clock, random).unwrap()
}

/// All parts that there are, as a query.
fn parts() -> String {
    let names = Entitet::ALLE.iter().map(|entitet| entitet.navn());
    let names = names.filter(|name| *name != "forholdTilSametingetsValgmanntall").chain(["historikk"]);
    format!("?{}", names.map(|name| format!("part={name}")).collect::<Vec<_>>().join("&"))
}

/// One for each package that may look up in bulk, with nothing yet.
fn consumers(register: &Arc<Folkeregister>) -> Vec<Consumer> {
    let may = Rettighetspakke::ALLE.into_iter().filter(|pakke| pakke.har(Tjeneste::Bulkoppslag));
    let new = |pakke| Consumer { pakke, surface: surface(register, pakke), next: 0, copy: BTreeMap::new() };
    may.map(new).collect()
}

/// Everybody in the register, as the books have them now.
async fn everybody(register: &Folkeregister) -> BTreeMap<u64, Persondokument> {
    let (journal, mut after, mut all) = (register.journal(), None, BTreeMap::new());
    loop {
        let page = journal.scan(PERSONER, journal.head().await.unwrap(), after, 500).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.id);
        let numbers: Vec<u64> = page.iter().map(|version| version.id).collect();
        for found in register.finn(&numbers).await.unwrap().into_iter().flatten() {
            let book = Bok::les(found.person, &found.tekst).unwrap();
            if let Some(document) = book.versjon(book.siste().unwrap()).unwrap() {
                all.insert(found.person, document);
            }
        }
    }
}

#[tokio::test]
async fn events_followed_and_looked_up_are_the_register() {
    let place = tempfile::tempdir().unwrap();
    let nation = Nasjon::new(Oppsett { personer: PERSONS, enheter: 1_000, ..Oppsett::default() });
    let life = life(&nation);
    let now = Timestamp::start_of(nation.oppsett().dato);
    let register = register(&place, now);
    let query = parts();
    let mut consumers = consumers(&register);
    assert_eq!(consumers.len(), 5);
    let mut documents: BTreeMap<u32, Persondokument> = BTreeMap::new();
    for piece in life.chunks(PIECE) {
        let messages: Vec<Melding> = piece.iter().map(|told| told.message.clone()).collect();
        register.skriver().skriv(now, &messages).await.unwrap();
        for told in piece {
            match &told.message.dokument {
                Some(document) => drop(documents.insert(told.person, document.clone())),
                None => drop(documents.remove(&told.person)),
            }
        }
        for consumer in &mut consumers {
            consumer.follow(&query).await;
            consumer.agrees(documents.values(), &Deler::alt());
        }
    }
    assert!(documents.len() > PERSONS as usize * 9 / 10 && life.len() > 2 * documents.len());
}

/// Messages of many kinds about these people.
fn messages(round: usize, people: &[String]) -> Vec<(&'static str, String)> {
    let mut sent = Vec::new();
    for (i, three) in people.chunks_exact(3).enumerate() {
        let [a, b, c] = three else { continue };
        let id = format!("{round}-{i}");
        let name = e("navn", &(e("fornavn", "NY") + &e("etternavn", "BLOMST")));
        let born = barn("2026-06-20", true, "kvinne");
        let given = char::from(b'A' + (i % 26) as u8).to_string() + &"x".repeat(2 * round + i / 26 + 1);
        sent.extend([
            ("vigsel_v1", vigsel(&id, a, b, "2025-12-01", "ja")),
            ("flyttemelding_fra_posten_v1", flytting(&id, a, "2025-12-20", "false")),
            ("foedsel_v1", foedsel(&id, &born, true, &person(a), NY)),
            ("foedsel_v1", foedsel(&format!("{id}b"), &born, false, &person(b), NY)),
            ("fnr_endring_v1", fnr_endring(&id, b, &name, "endre", "annet")),
            ("doedsfall_v1", doedsfall(&id, c, "2025-12-02", "helse")),
            ("doedsfall_v1", doedsfall(&format!("{id}a"), a, "2025-12-03", "helse")),
            ("annullering_av_doedsfall_v1", annullering(&id, if i % 2 == 0 { c } else { a })),
            ("rekvisisjon_av_dnummer_v5", rekvisisjon(&id, &given, "1985-03-07", &format!("P{id}"), "")),
        ]);
    }
    sent
}

#[tokio::test]
async fn what_producers_bring_about_is_told_too() {
    let place = tempfile::tempdir().unwrap();
    let nation = Nasjon::new(Oppsett { personer: PERSONS, enheter: 1_000, ..Oppsett::default() });
    let now = Timestamp::start_of(nation.oppsett().dato);
    let register = register(&place, now);
    for piece in life(&nation).chunks(PIECE) {
        let messages: Vec<Melding> = piece.iter().map(|told| told.message.clone()).collect();
        register.skriver().skriv(now, &messages).await.unwrap();
    }
    let producers = Produsent::open(register.clone(), Arc::new(SeededRandom::new(2))).unwrap();
    let sender: Organisasjonsnummer = "311015001".parse().unwrap();
    let right = Produsentrett { navn: "P".into(), ressurser: vec!["*".into()], kilder: Vec::new() };
    gi(register.journal(), now, sender, Some(&right)).await.unwrap();
    let (query, mut consumers) = (parts(), consumers(&register));
    let before = everybody(&register).await;
    let resident = |d: &&Persondokument| {
        d.status.iter().any(|s| s.meta.er_gjeldende == Some(true) && s.status == Personstatus::Bosatt)
    };
    let residents = before.values().filter(resident).filter_map(|d| d.identifikasjonsnummer.first());
    let residents: Vec<String> = residents.map(|n| n.foedsels_eller_d_nummer.vis().to_string()).collect();
    for (round, people) in residents.chunks(90).take(3).enumerate() {
        for (resource, xml) in messages(round, people) {
            let resource = Ressurs::av_navn(resource).unwrap();
            producers.ta_imot((sender, &right), resource, xml.as_bytes(), &[]).await.unwrap();
        }
        producers.toem().await.unwrap();
        let documents = everybody(&register).await;
        for consumer in &mut consumers {
            consumer.follow(&query).await;
            consumer.agrees(documents.values(), &Deler::alt());
        }
    }
    let after = everybody(&register).await;
    let changed = before.iter().filter(|(number, document)| after.get(*number) != Some(*document)).count();
    assert!(changed > 150, "{changed} persons changed");
    assert!(after.len() > before.len() + 80, "{} persons are new", after.len() - before.len());
}
