use std::sync::LazyLock;

use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use serde_json::json;
use tid::{SeededRandom, StoppedClock, Timestamp};
use tokio::sync::Notify;
use tower::ServiceExt;
use web::fault::{Forms, Problem};
use web::layers::{Settings, stack};
use web::peer::Peer;

use super::*;
use crate::claims::Beliefs;
use crate::guard::Issuer;
use crate::jws::{KeyHint, RsaSigner, Signer, sign};
use crate::keys::OwnKeys;

static KEY: LazyLock<RsaSigner> = LazyLock::new(|| RsaSigner::generate().unwrap());

const NOW: i64 = 1_767_225_600;
const ISSUER: &str = "https://as.example.no/";

fn clock() -> Arc<StoppedClock> {
    Arc::new(StoppedClock::at(Timestamp::from_millis(NOW * 1000)))
}

fn gate() -> Gate {
    let beliefs = Beliefs {
        issuer: ISSUER.into(),
        delegation_sources: Vec::new(),
        supplier_without_source: false,
        leeway_s: 30,
    };
    let keys = OwnKeys::new([(KEY.kid().to_owned(), KEY.public_key().clone())].into_iter().collect());
    let issuer = Issuer { beliefs, keys: Arc::new(keys), introspection: None };
    Gate {
        guard: Arc::new(Guard::new(vec![issuer], 100, clock())),
        access: Arc::new(Access::any_of(["demo:register.read".parse().unwrap()])),
        calls: Some((Concurrency::new(2), 1)),
    }
}

fn token(orgnr: &str, scope: &str) -> String {
    let claims = json!({
        "iss": ISSUER, "scope": scope, "client_id": "c", "iat": NOW, "exp": NOW + 120,
        "consumer": {"authority": "iso6523-actorid-upis", "ID": format!("0192:{orgnr}")},
    });
    sign(&*KEY, KeyHint::Kid, &claims).unwrap()
}

fn served(routes: Router) -> Router {
    stack(routes, Settings::new(Forms::new(Problem), Arc::new(SeededRandom::new(1))))
}

async fn ask(router: &Router, path: &str, token: Option<&str>) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 10_000).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

fn routes() -> Router {
    let who = |Caller(konsument): Caller| async move { konsument.consumer.to_string() };
    gate().before(Router::new().route("/hvem", get(who))).route("/utenfor", get(who))
}

#[tokio::test]
async fn refusals_have_status_challenge_and_the_registers_body() {
    let router = served(routes());
    let good = token("311015001", "demo:register.read");
    let (status, _, body) = ask(&router, "/hvem", Some(&good)).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "311015001"));
    for (token, status, challenge) in [
        (None, 401, "Bearer"),
        (
            Some("x.y.z".to_owned()),
            401,
            "Bearer error=\"invalid_token\", error_description=\"it is not a signed token\"",
        ),
        (
            Some(token("311015001", "demo:register")),
            403,
            "Bearer error=\"insufficient_scope\", scope=\"demo:register.read\"",
        ),
        (
            Some(token("311015002", "demo:register.read")),
            403,
            "Bearer error=\"insufficient_scope\", error_description=\"the organisation is not one of Enhetsregisteret\"",
        ),
    ] {
        let (got, headers, body) = ask(&router, "/hvem", token.as_deref()).await;
        assert_eq!((got.as_u16(), headers[header::WWW_AUTHENTICATE].to_str().unwrap()), (status, challenge));
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert!(body.contains("token") && !body.contains("311015"), "{body}");
    }
    assert_eq!(ask(&router, "/ukjent", None).await.0, StatusCode::NOT_FOUND, "unknown paths need no token");
    let (status, _, _) = ask(&router, "/utenfor", Some(&good)).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "a route outside the gate never guesses a caller");
}

#[tokio::test]
async fn an_organisation_has_so_many_calls_at_a_time_until_their_answers_are_sent() {
    static GO: Notify = Notify::const_new();
    let wait = || async {
        GO.notified().await;
        "ferdig"
    };
    let router =
        served(gate().before(Router::new().route("/vent", get(wait)).route("/hei", get(|| async { "hei" }))));
    let (one, other) = (token("311015001", "demo:register.read"), token("312026007", "demo:register.read"));
    let slow: Vec<_> = (0..2)
        .map(|_| {
            let (router, token) = (router.clone(), one.clone());
            tokio::spawn(async move { ask(&router, "/vent", Some(&token)).await.0 })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let (status, headers, _) = ask(&router, "/hei", Some(&one)).await;
    assert_eq!(
        (status, &headers[header::RETRY_AFTER]),
        (StatusCode::TOO_MANY_REQUESTS, &"1".parse().unwrap())
    );
    assert_eq!(ask(&router, "/hei", Some(&other)).await.0, StatusCode::OK);
    GO.notify_waiters();
    for call in slow {
        assert_eq!(call.await.unwrap(), StatusCode::OK);
    }
    assert_eq!(ask(&router, "/hei", Some(&one)).await.0, StatusCode::OK);
    // Answers that nobody has read yet are calls under way.
    let request = || {
        let request = Request::get("/hei").header(header::AUTHORIZATION, format!("Bearer {one}"));
        router.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    let unread = (request().await.unwrap(), request().await.unwrap());
    assert_eq!(ask(&router, "/hei", Some(&one)).await.0, StatusCode::TOO_MANY_REQUESTS);
    drop(unread);
    assert_eq!(ask(&router, "/hei", Some(&one)).await.0, StatusCode::OK);
    let left =
        tokio::time::timeout(std::time::Duration::from_millis(20), ask(&router, "/vent", Some(&one))).await;
    assert!(left.is_err());
    assert_eq!(
        ask(&router, "/hei", Some(&one)).await.0,
        StatusCode::OK,
        "a caller that leaves gives its place up"
    );
}

#[tokio::test]
async fn an_address_has_so_many_requests_a_minute() {
    let clock = clock();
    let limit = AddressLimit {
        rate: Arc::new(Rate::new(3)),
        clock: clock.clone(),
        trust_forwarded: false,
        tally: Arc::default(),
    };
    let router = served(limit.before(Router::new().route("/hei", get(|| async { "hei" }))));
    let from = async |address: &str| {
        let request =
            Request::get("/hei").extension(Peer(address.parse().unwrap())).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        (
            response.status().as_u16(),
            response.headers().get(header::RETRY_AFTER).map(|v| v.to_str().unwrap().to_owned()),
        )
    };
    for _ in 0..3 {
        assert_eq!(from("192.0.2.1").await, (200, None));
    }
    assert_eq!(from("192.0.2.1").await, (429, Some("61".into())));
    assert_eq!(from("192.0.2.2").await.0, 200);
    clock.advance_millis(61_000);
    assert_eq!(from("192.0.2.1").await.0, 200);
}

#[tokio::test]
async fn a_seen_token_is_found_by_all_of_it() {
    let router = served(routes());
    let good = token("311015001", "demo:register.read");
    ask(&router, "/hvem", Some(&good)).await;
    let altered = format!("{}A", &good[..good.len() - 1]);
    if altered != good {
        assert_eq!(
            ask(&router, "/hvem", Some(&altered)).await.0,
            StatusCode::UNAUTHORIZED,
            "found by the whole token"
        );
    }
}
