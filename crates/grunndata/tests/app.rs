//! The app in-process, with a clock that stands still and randomness that repeats itself: otherwise the production app.

#![expect(clippy::unwrap_used, reason = "a test says what it needs and fails")]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use grunndata::app::App;
use grunndata::config::{Settings, check};
use serde_json::Value;
use tempfile::TempDir;
use tid::{Clock, SeededRandom, StoppedClock, Timestamp};
use tower::ServiceExt;

const NOON: &str = "2026-06-30T12:00:00.000Z";

async fn app(place: &TempDir, clock: Arc<StoppedClock>, set: &[(&str, &str)]) -> App {
    let mut settings = Settings::defaults().unwrap();
    settings.lay_flag("data", place.path().to_str().unwrap(), "--data".to_owned()).unwrap();
    for (key, value) in set {
        settings.lay_flag(key, value, format!("--set {key}")).unwrap();
    }
    let config = check(&settings).unwrap();
    let bound = config.server.listen;
    App::open(config, bound, clock, Arc::new(SeededRandom::new(7))).await.unwrap()
}

fn noon() -> Arc<StoppedClock> {
    Arc::new(StoppedClock::at(Timestamp::parse(NOON).unwrap()))
}

async fn get(app: &App, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path).header("host", "localhost").body(Body::empty()).unwrap();
    let (head, body) = app.router().oneshot(request).await.unwrap().into_parts();
    (head.status, head.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn time_and_randomness_come_from_the_test() {
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let clock = noon();
    let app_one = app(&first, clock.clone(), &[]).await;
    let path = "/enhetsregisteret/api/enheter/9ECD01011";
    let (status, headers, body) = get(&app_one, path).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &body["tidsstempel"]), (StatusCode::BAD_REQUEST, &clock.now().as_millis().into()));

    clock.advance_millis(1500);
    let (_, _, later) = get(&app_one, path).await;
    let later: Value = serde_json::from_slice(&later).unwrap();
    assert_eq!(later["tidsstempel"].as_i64().unwrap() - body["tidsstempel"].as_i64().unwrap(), 1500);

    let app_two = app(&second, noon(), &[]).await;
    let (_, again, _) = get(&app_two, path).await;
    assert_eq!(headers["x-request-id"], again["x-request-id"], "the same seed gives the same request ids");
    app_one.close().await;
    app_two.close().await;
}

#[tokio::test]
async fn what_is_switched_off_is_not_there() {
    let place = TempDir::new().unwrap();
    let off = [("enhetsregisteret.aktiv", "false"), ("folkeregisteret.aktiv", "false")];
    let app = app(&place, noon(), &off).await;
    let (status, ..) = get(&app, "/enhetsregisteret/api/enheter/310100005").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _, body) = get(&app, "/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let document = String::from_utf8(body).unwrap();
    assert!(!document.contains("/enheter") && !document.contains("/personer"));
    let (status, ..) = get(&app, "/drift/klar").await;
    assert_eq!(status, StatusCode::OK);
    let (_, _, portal) = get(&app, "/").await;
    assert!(String::from_utf8(portal).unwrap().contains("Ingen registre er slått på."));
    assert!(app.enhetsregisteret().is_err());
    app.close().await;
}

#[tokio::test]
async fn the_prefix_is_where_the_configuration_says() {
    let place = TempDir::new().unwrap();
    let app =
        app(&place, noon(), &[("enhetsregisteret.prefiks", "/er"), ("enhetsregisteret.versjon1", "false")])
            .await;
    let (status, _, body) = get(&app, "/er/organisasjonsformer/AS").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, &body["_links"]["self"]["href"]),
        (StatusCode::OK, &"http://localhost/er/organisasjonsformer/AS".into())
    );
    let (status, ..) = get(&app, "/enhetsregisteret/api/organisasjonsformer/AS").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    app.close().await;
}

#[tokio::test]
async fn it_is_not_ready_before_search_is_built() {
    let place = TempDir::new().unwrap();
    let app = app(&place, noon(), &[]).await;
    let (status, _, body) = get(&app, "/drift/klar").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{}", String::from_utf8_lossy(&body));
    let (status, ..) = get(&app, "/drift/liv").await;
    assert_eq!(status, StatusCode::OK);
    app.close().await;
}
