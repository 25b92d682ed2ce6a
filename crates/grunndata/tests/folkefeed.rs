//! A consumer that follows the events of its package from the first one and looks up in bulk whom they name has the
//! register's present state as the package sees it, all the while the register changes.
//!
//! The people of a synthetic nation are told to the register's writer in order of time, a piece at a time. What a package
//! should see is worked out from the documents of the nation, without the register.

#![expect(clippy::unwrap_used, reason = "a test says what it needs and fails")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use axum::{Extension, Router};
use folkeregisteret::api::Api;
use folkeregisteret::endring::Melding;
use folkeregisteret::modell::{Entitet, Persondokument};
use folkeregisteret::{Deler, Folkeregister, Rettighetspakke, Tjeneste};
use identifikator::Personidentifikator;
use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use serde_json::{Value, json};
use syntetisk::{Nasjon, Oppsett};
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
    fn agrees(&self, documents: &BTreeMap<u32, Persondokument>, parts: &Deler) {
        let mut expected = BTreeMap::new();
        for document in documents.values() {
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

#[tokio::test]
async fn events_followed_and_looked_up_are_the_register() {
    let place = tempfile::tempdir().unwrap();
    let journal: SharedJournal =
        SqliteJournal::open(&place.path().join("journal.sqlite"), Options::default()).unwrap();
    let nation = Nasjon::new(Oppsett { personer: PERSONS, enheter: 1_000, ..Oppsett::default() });
    let life = life(&nation);
    let now = Timestamp::start_of(nation.oppsett().dato);
    let kept =
        folkeregisteret::Oppsett { oppbevaring_maaneder: 2_400, ..folkeregisteret::Oppsett::default() };
    let (clock, random) = (Arc::new(StoppedClock::at(now)), Arc::new(SeededRandom::new(1)));
    let register = Folkeregister::open(journal, place.path(), kept, clock, random).unwrap();
    let names = Entitet::ALLE.iter().map(|entitet| entitet.navn());
    let names = names.filter(|name| *name != "forholdTilSametingetsValgmanntall").chain(["historikk"]);
    let query = format!("?{}", names.map(|name| format!("part={name}")).collect::<Vec<_>>().join("&"));
    let mut consumers: Vec<Consumer> = Rettighetspakke::ALLE
        .into_iter()
        .filter(|pakke| pakke.har(Tjeneste::Bulkoppslag))
        .map(|pakke| Consumer { pakke, surface: surface(&register, pakke), next: 0, copy: BTreeMap::new() })
        .collect();
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
            consumer.agrees(&documents, &Deler::alt());
        }
    }
    assert!(documents.len() > PERSONS as usize * 9 / 10 && life.len() > 2 * documents.len());
}
