//! The rows of the attack list that are for resource servers (sheet section 17.8), against the whole guard.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use axum::Router;
use axum::routing::get;
use http::{HeaderValue, StatusCode};
use parking_lot::Mutex;
use serde_json::json;
use tid::{SeededRandom, StoppedClock, Timestamp};

use super::*;
use crate::jwk::{self, KeySet};
use crate::jws::{Algorithm, KeyHint, RsaSigner, Signer, sign};
use crate::keys::{Address, OwnKeys, RemoteIntrospection, RemoteKeys, Timing};

static KEY: LazyLock<RsaSigner> = LazyLock::new(|| RsaSigner::generate().unwrap());
static OTHER: LazyLock<RsaSigner> = LazyLock::new(|| RsaSigner::generate().unwrap().named(KEY.kid()));

const NOW: i64 = 1_767_225_600;
const ISSUER: &str = "https://as.example.no/";

fn clock() -> Arc<StoppedClock> {
    Arc::new(StoppedClock::at(Timestamp::from_millis(NOW * 1000)))
}

fn beliefs(issuer: &str) -> Beliefs {
    let delegation_sources = vec!["https://tt02.altinn.no/".into()];
    Beliefs { issuer: issuer.into(), delegation_sources, supplier_without_source: false, leeway_s: 30 }
}

fn own_keys() -> Arc<OwnKeys> {
    Arc::new(OwnKeys::new([(KEY.kid().to_owned(), KEY.public_key().clone())].into_iter().collect()))
}

fn guard_with(keys: Arc<dyn Keys>, clock: Arc<StoppedClock>) -> Guard {
    Guard::new(vec![Issuer { beliefs: beliefs(ISSUER), keys, introspection: None }], 1000, clock)
}

fn guard() -> Guard {
    guard_with(own_keys(), clock())
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "scope": "demo:register.read", "client_id": "c", "client_amr": "private_key_jwt",
        "token_type": "Bearer", "iat": NOW, "exp": NOW + 120, "jti": "j",
        "consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:311015001"},
    })
}

fn token(signer: &dyn Signer, changes: &Value) -> String {
    let mut claims = claims();
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    sign(signer, KeyHint::Kid, &claims).unwrap()
}

async fn refused(guard: &Guard, token: &str) -> bool {
    matches!(guard.verify(token).await, Err(Denied::Invalid(_)))
}

#[tokio::test]
async fn good_tokens_are_taken_with_each_algorithm_and_remembered_until_they_end() {
    let clock = clock();
    let guard = guard_with(own_keys(), clock.clone());
    for algorithm in Algorithm::ALL {
        let der = KEY.to_pkcs8_der().unwrap();
        let signer = RsaSigner::from_pkcs8_der(&der).unwrap().with(algorithm);
        let token = token(&signer, &json!({}));
        assert_eq!(guard.verify(&token).await.unwrap().consumer.to_string(), "311015001");
    }
    let token = token(&*KEY, &json!({"jti": "2"}));
    let first = guard.verify(&token).await.unwrap();
    assert!(Arc::ptr_eq(&first, &guard.verify(&token).await.unwrap()));
    clock.advance_millis(149_999);
    assert!(Arc::ptr_eq(&first, &guard.verify(&token).await.unwrap()), "within the leeway");
    clock.advance_millis(1);
    assert!(refused(&guard, &token).await, "a163");
    assert_eq!(guard.cache.len(), 4);
}

#[tokio::test]
async fn a160_other_algorithms_and_keys() {
    let guard = guard();
    let good = token(&*KEY, &json!({}));
    let (_, rest) = good.split_once('.').unwrap();
    for alg in ["none", "HS256", "PS256", "ES256"] {
        let header = crate::base64url::encode(json!({"alg": alg, "kid": KEY.kid()}).to_string());
        assert!(refused(&guard, &format!("{header}.{rest}")).await, "{alg}");
        let (claims, _) = rest.split_once('.').unwrap();
        assert!(refused(&guard, &format!("{header}.{claims}.")).await, "{alg} without signature");
    }
    // The public key as a shared secret.
    let header = crate::base64url::encode(json!({"alg": "HS256", "kid": KEY.kid()}).to_string());
    let input = format!("{header}.{}", rest.split_once('.').unwrap().0);
    let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, KEY.public_key().modulus());
    let mac = crate::base64url::encode(aws_lc_rs::hmac::sign(&secret, input.as_bytes()));
    assert!(refused(&guard, &format!("{input}.{mac}")).await);
    assert!(
        refused(&guard, &token(&*OTHER, &json!({}))).await,
        "a161: another issuer's key under the same name"
    );
    let unknown = RsaSigner::from_pkcs8_der(&KEY.to_pkcs8_der().unwrap()).unwrap().named("ukjent");
    assert!(refused(&guard, &token(&unknown, &json!({}))).await);
    let nameless = sign(&*KEY, KeyHint::Certificates(&[vec![1]]), &claims()).unwrap();
    assert!(refused(&guard, &nameless).await, "no kid");
    assert_eq!(guard.cache.len(), 0, "nothing is kept of tokens that do not hold");
}

#[tokio::test]
async fn a162_a171_a172_what_is_no_token_of_ours() {
    let guard = guard();
    for issuer in ["https://as.example.no", "https://test.example.no/", "c"] {
        assert!(refused(&guard, &token(&*KEY, &json!({"iss": issuer}))).await, "{issuer}");
    }
    let grant =
        json!({"aud": ISSUER, "iss": "c", "scope": "demo:register.read", "iat": NOW, "exp": NOW + 100});
    assert!(refused(&guard, &sign(&*KEY, KeyHint::Kid, &grant).unwrap()).await, "a171: a grant");
    let huge = "a".repeat(1 << 20);
    for text in ["", ".", "..", "a.b.c", "e30.e30.", "x", &huge, &format!("{huge}.{huge}.{huge}")] {
        assert!(refused(&guard, text).await, "a172: {text:.20}");
    }
    let good = token(&*KEY, &json!({}));
    for text in
        [format!("{good}."), format!("{good}=="), good[1..].to_owned(), good[..good.len() - 4].to_owned()]
    {
        assert!(refused(&guard, &text).await);
    }
}

#[tokio::test]
async fn a_withdrawn_key_ends_what_it_signed_and_revoked_callers_are_forgotten() {
    let keys = own_keys();
    let guard = guard_with(keys.clone(), clock());
    let token = token(&*KEY, &json!({}));
    let first = guard.verify(&token).await.unwrap();
    let both: KeySet = [(KEY.kid(), &*KEY), ("ny", &*OTHER)]
        .map(|(kid, signer)| (kid.to_owned(), signer.public_key().clone()))
        .into_iter()
        .collect();
    keys.replace(both);
    assert!(Arc::ptr_eq(&first, &guard.verify(&token).await.unwrap()), "a key more withdraws nothing");
    guard.forget(|konsument| konsument.client_id.as_ref() == "annen");
    assert!(Arc::ptr_eq(&first, &guard.verify(&token).await.unwrap()));
    guard.forget(|konsument| konsument.client_id.as_ref() == "c");
    assert!(!Arc::ptr_eq(&first, &guard.verify(&token).await.unwrap()));
    keys.replace([("ny".to_owned(), OTHER.public_key().clone())].into_iter().collect());
    assert!(refused(&guard, &token).await);
}

#[tokio::test]
async fn the_authorization_header() {
    let guard = guard();
    let good = token(&*KEY, &json!({}));
    let ask = async |lines: &[&str]| {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        guard.caller(&headers).await.map(|konsument| konsument.consumer.to_string())
    };
    for line in [format!("Bearer {good}"), format!("bearer  {good}"), format!("BEARER {good} ")] {
        assert_eq!(ask(&[&line]).await.as_deref(), Ok("311015001"));
    }
    for lines in [&[][..], &["Basic YTpi"], &[&good], &["Bearer"], &[""]] {
        assert_eq!(ask(lines).await, Err(Denied::NoToken), "{lines:?}");
    }
    let twice = format!("Bearer {good}");
    for lines in [&["Bearer "][..], &["Bearer a b"], &["Bearer \"x\""], &["Bearer æ"], &[&twice, &twice]] {
        assert!(matches!(ask(lines).await, Err(Denied::Invalid(_))), "{lines:?}");
    }
}

/// An issuer on this machine that can be broken.
struct Remote {
    address: SocketAddr,
    broken: Arc<AtomicBool>,
    asked: Arc<AtomicU32>,
    keys: Arc<Mutex<Value>>,
}

impl Remote {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (broken, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let keys = Arc::new(Mutex::new(jwk::to_json(KEY.kid(), Algorithm::RS256, KEY.public_key())));
        let own = (broken.clone(), asked.clone(), keys.clone());
        let jwks = move || {
            let (broken, asked, keys) = own.clone();
            async move {
                asked.fetch_add(1, Ordering::SeqCst);
                let status =
                    if broken.load(Ordering::SeqCst) { StatusCode::BAD_GATEWAY } else { StatusCode::OK };
                (status, json!({"keys": [*keys.lock()]}).to_string())
            }
        };
        let metadata = move || async move {
            json!({"issuer": format!("http://{address}/"), "jwks_uri": format!("http://{address}/jwk")})
                .to_string()
        };
        let router = Router::new()
            .route("/jwk", get(jwks))
            .route("/.well-known/oauth-authorization-server", get(metadata));
        let limits = web::serve::Limits::default();
        tokio::spawn(web::serve::serve(listener, router, std::future::pending(), limits));
        Self { address, broken, asked, keys }
    }

    fn keys(&self, issuer: &str, clock: Arc<StoppedClock>) -> Arc<RemoteKeys> {
        let at = Address::parse(&format!("http://{}/jwk", self.address)).ok().filter(|_| issuer == ISSUER);
        Arc::new(RemoteKeys::new(issuer, at, Timing::default(), clock).unwrap())
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a160_a173_keys_of_a_remote_issuer() {
    let (remote, clock) = (Remote::start().await, clock());
    let guard = guard_with(remote.keys(ISSUER, clock.clone()), clock.clone());
    let fresh = |n: i64| token(&*KEY, &json!({"jti": n.to_string(), "exp": NOW + 10_000_000}));
    remote.broken.store(true, Ordering::SeqCst);
    assert_eq!(guard.verify(&fresh(0)).await, Err(Denied::Unavailable), "cold and down");
    assert_eq!(guard.verify(&fresh(0)).await, Err(Denied::Unavailable));
    assert_eq!(remote.asked(), 1, "no second try within the pause");
    remote.broken.store(false, Ordering::SeqCst);
    clock.advance_millis(1_000);
    assert!(guard.verify(&fresh(1)).await.is_ok());
    assert_eq!(remote.asked(), 2);
    let strange = RsaSigner::from_pkcs8_der(&OTHER.to_pkcs8_der().unwrap()).unwrap().named("ny");
    for n in 0..50 {
        let made_up = RsaSigner::from_pkcs8_der(&OTHER.to_pkcs8_der().unwrap()).unwrap().named(n.to_string());
        assert!(refused(&guard, &token(&made_up, &json!({}))).await);
    }
    assert_eq!(remote.asked(), 2, "made-up names do not make us ask");
    clock.advance_millis(30_000);
    *remote.keys.lock() = jwk::to_json("ny", Algorithm::RS256, OTHER.public_key());
    assert!(guard.verify(&token(&strange, &json!({}))).await.is_ok(), "a new key is found");
    assert_eq!(remote.asked(), 3);
    assert!(
        refused(&guard, &fresh(1)).await,
        "what the old key signed, verified or not, does not hold any more"
    );
    *remote.keys.lock() = jwk::to_json(KEY.kid(), Algorithm::RS256, KEY.public_key());
    clock.advance_millis(30_000);
    assert!(guard.verify(&fresh(2)).await.is_ok());
    remote.broken.store(true, Ordering::SeqCst);
    clock.advance_millis(2 * 3_600_000);
    for n in 3..20 {
        assert!(guard.verify(&fresh(n)).await.is_ok(), "warm and down");
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(remote.asked(), 5, "one try behind the back of the calls");
    assert_eq!(
        guard.verify(&token(&strange, &json!({"jti": "9", "iat": NOW, "exp": NOW + 9_000_000}))).await,
        Err(Denied::Unavailable)
    );
    clock.advance_millis(24 * 3_600_000);
    assert_eq!(guard.verify(&fresh(21)).await, Err(Denied::Unavailable), "too old");
    remote.broken.store(false, Ordering::SeqCst);
    clock.advance_millis(300_000);
    assert!(guard.verify(&fresh(22)).await.is_ok());
}

#[tokio::test]
async fn keys_are_found_by_metadata_of_exactly_this_issuer() {
    let (remote, clock) = (Remote::start().await, clock());
    let issuer = format!("http://{}/", remote.address);
    let keys = remote.keys(&issuer, clock.clone());
    assert!(keys.key(KEY.kid()).await.unwrap().is_some());
    assert!(keys.key("annen").await.unwrap().is_none());
    let without_slash = remote.keys(issuer.trim_end_matches('/'), clock);
    assert!(without_slash.key(KEY.kid()).await.is_err());
}

#[tokio::test]
async fn many_at_once_ask_once() {
    let (remote, clock) = (Remote::start().await, clock());
    let guard = Arc::new(guard_with(remote.keys(ISSUER, clock.clone()), clock));
    let calls: Vec<_> = (0..50)
        .map(|n| {
            let (guard, token) = (guard.clone(), token(&*KEY, &json!({"jti": n.to_string()})));
            tokio::spawn(async move { guard.verify(&token).await.is_ok() })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    assert_eq!(remote.asked(), 1);
}

/// Knows one opaque token, until it is revoked.
struct Word(AtomicBool, AtomicU32);

#[async_trait]
impl Introspection for Word {
    async fn introspect(&self, token: &str) -> Result<Option<Object>, Unavailable> {
        self.1.fetch_add(1, Ordering::SeqCst);
        match token {
            "borte" => Err(Unavailable),
            "kjent" if self.0.load(Ordering::SeqCst) => Ok(claims().as_object().cloned()),
            _ => Ok(None),
        }
    }
}

#[tokio::test]
async fn opaque_tokens_are_asked_about_and_believed_for_a_short_while() {
    let (clock, word) = (clock(), Arc::new(Word(AtomicBool::new(true), AtomicU32::new(0))));
    let issuer = Issuer { beliefs: beliefs(ISSUER), keys: own_keys(), introspection: Some(word.clone()) };
    let guard = Guard::new(vec![issuer], 1000, clock.clone());
    for _ in 0..10 {
        assert!(guard.verify("kjent").await.is_ok());
    }
    assert_eq!(word.1.load(Ordering::SeqCst), 1);
    word.0.store(false, Ordering::SeqCst);
    clock.advance_millis(5_000);
    assert!(refused(&guard, "kjent").await, "revoked");
    assert!(refused(&guard, "ukjent").await);
    assert_eq!(guard.verify("borte").await, Err(Denied::Unavailable));
    assert!(refused(&self::guard(), "kjent").await, "without introspection");
}

#[tokio::test]
async fn a_remote_issuer_is_asked_with_an_assertion() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = Address::parse(&format!("http://{}/tokenintrospect", listener.local_addr().unwrap())).unwrap();
    let answer = async |form: String| {
        let form: std::collections::HashMap<_, _> =
            form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let assertion = Compact::parse(&form["client_assertion"], 4096).unwrap();
        assertion.verify(KEY.public_key()).unwrap();
        assert_eq!(assertion.payload()["aud"], ISSUER);
        let mut claims = claims();
        claims["active"] = (form["token"] == "kjent").into();
        claims.to_string()
    };
    let router = Router::new().route("/tokenintrospect", axum::routing::post(answer));
    tokio::spawn(web::serve::serve(listener, router, std::future::pending(), web::serve::Limits::default()));
    let signer = Arc::new(RsaSigner::from_pkcs8_der(&KEY.to_pkcs8_der().unwrap()).unwrap());
    let random = Arc::new(SeededRandom::new(1));
    let remote = RemoteIntrospection::new(ISSUER, at, "c", signer, clock(), random).unwrap();
    let issuer = Issuer { beliefs: beliefs(ISSUER), keys: own_keys(), introspection: Some(Arc::new(remote)) };
    let guard = Guard::new(vec![issuer], 1000, clock());
    assert!(guard.verify("kjent").await.is_ok());
    assert!(refused(&guard, "ukjent").await);
}
