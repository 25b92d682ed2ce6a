//! The history of our own surface agrees with the feed, for a thousand random units of a demo nation.

#![expect(clippy::unwrap_used, reason = "a test says what it needs and fails")]

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use enhetsregisteret::endring::Endringstype;
use enhetsregisteret::modell::Enhetstype;
use grunndata::app::App;
use grunndata::config::{Settings, check};
use grunndata::nation;
use grunndata::progress::Meter;
use journal::Event;
use serde_json::Value;
use syntetisk::{Nasjon, Oppsett};
use tempfile::TempDir;
use tid::{Random, SeededRandom, StoppedClock, Timestamp};
use tower::ServiceExt;

/// How many units are looked at.
const UNITS: usize = 1000;

async fn get(router: &Router, path: &str) -> (u16, Value) {
    let path = format!("/enhetsregisteret/utvidet/{path}");
    let request = Request::get(path).header("host", "h").body(Body::empty()).unwrap();
    let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (head.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
}

fn number(random: &dyn Random) -> u64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A document as stored: without links and what we add.
fn bare(mut document: Value) -> Value {
    if let Value::Object(fields) = &mut document {
        fields.retain(|name, _| !name.starts_with('_') && name != "respons_klasse");
        for value in fields.values_mut() {
            *value = bare(value.take());
        }
    }
    document
}

/// RFC 6902, as far as units need it: fields of objects.
fn apply(document: &mut Value, patch: &Value) {
    for change in patch.as_array().unwrap() {
        let (parent, name) = change["path"].as_str().unwrap().rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match change["op"].as_str().unwrap() {
            "remove" => assert!(parent.shift_remove(name).is_some()),
            op => {
                let before = parent.insert(name.to_owned(), change["value"].clone());
                assert_eq!(before.is_some(), op == "replace");
            }
        }
    }
}

async fn agrees_with_the_feed(router: &Router, kind: Enhetstype, subject: u64, events: &[Event]) {
    let unit = format!("{}/{subject:09}", kind.flertall());
    let (status, history) = get(router, &format!("{unit}/historikk?size=10000")).await;
    let last = events.last().unwrap();
    if Endringstype::fra_kode(last.kind) == Endringstype::Fjernet {
        assert_eq!(status, 410, "{unit}");
        for event in events {
            assert_eq!(get(router, &format!("{unit}?tidspunkt={}", event.at)).await.0, 410, "{unit}");
            assert_eq!(get(router, &format!("{unit}?sekvensnummer={}", event.seq)).await.0, 410, "{unit}");
        }
        return;
    }
    let versions = history["_embedded"]["versjoner"].as_array().unwrap();
    assert_eq!(versions.len(), events.len(), "{unit}");
    let mut built = Value::Null;
    for (version, event) in versions.iter().zip(events) {
        assert_eq!(version["sekvensnummer"], event.seq.0, "{unit}");
        assert_eq!(version["tidspunkt"], event.at.to_string(), "{unit}");
        assert_eq!(version["endringstype"], Endringstype::fra_kode(event.kind).ord(), "{unit}");
        let (_, then) = get(router, &format!("{unit}?sekvensnummer={}", event.seq)).await;
        assert_eq!(then["_versjon"]["sekvensnummer"], event.seq.0, "{unit}");
        match version.get("endringer") {
            Some(patch) => apply(&mut built, patch),
            None => built = bare(then.clone()),
        }
        assert_eq!(built, bare(then), "{unit} as of {}", event.seq);
        let newest = events.iter().rfind(|other| other.at <= event.at).unwrap();
        let (_, then) = get(router, &format!("{unit}?tidspunkt={}", event.at)).await;
        assert_eq!(then["_versjon"]["sekvensnummer"], newest.seq.0, "{unit} at {}", event.at);
    }
    let before = events[0].at.plus_millis(-1);
    assert_eq!(get(router, &format!("{unit}?tidspunkt={before}")).await.0, 404, "{unit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn history_and_time_agree_with_the_feed() {
    let place = TempDir::new().unwrap();
    let mut settings = Settings::defaults().unwrap();
    settings.lay_flag("data", place.path().to_str().unwrap(), "--data".to_owned()).unwrap();
    let config = check(&settings).unwrap();
    let bound = config.server.listen;
    let noon = Arc::new(StoppedClock::at(Timestamp::parse("2026-06-30T12:00:00.000Z").unwrap()));
    let app = App::open(config, bound, noon, Arc::new(SeededRandom::new(7))).await.unwrap();
    let register = app.enhetsregisteret().unwrap().clone();
    let nasjon = Nasjon::new(Oppsett { enheter: 1500, ..Oppsett::default() });
    nation::load(&register, nasjon, &Meter::new("events")).await.unwrap();

    let router = app.router();
    let random = SeededRandom::new(1);
    let (mut seen, mut removed, mut versions) = (0, 0, 0);
    while seen < UNITS {
        let kind = Enhetstype::ALLE[(number(&random) % 2) as usize];
        let head = register.journal().feed_head(kind.feed()).await.unwrap().position;
        let at = 1 + number(&random) % head;
        let subject = register.journal().read(kind.feed(), at, 1).await.unwrap()[0].subject;
        let events = register.journal().read_about(kind.feed(), &[subject]).await.unwrap();
        agrees_with_the_feed(&router, kind, subject, &events).await;
        seen += 1;
        versions += events.len();
        removed +=
            usize::from(Endringstype::fra_kode(events[events.len() - 1].kind) == Endringstype::Fjernet);
    }
    assert!(versions > 2 * seen && removed > 0, "{versions} versions, {removed} removed");
    drop(router);
    app.close().await;
}
