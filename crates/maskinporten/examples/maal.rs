//! Measures how many grants a second the server answers beside what its signatures alone cost.
//!
//! ```sh
//! cargo run --release -p maskinporten --example maal -- 20000 64
//! ```
//!
//! First the pure limit: as many RSA-2048 signatures as all cores make. Then grants, made beforehand, through
//! everything but HTTP: form, signature, claims, look-ups, the record in the store with its flush to disk, the token.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for people")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use maskinporten::admin::{Aktor, Klientfelt, Scopefelt};
use maskinporten::bevis::{GRANT, Skjema};
use maskinporten::modell::{Orgnr, Tilgangstilstand};
use maskinporten::nokkelring::{Hovednokkel, Kilde};
use maskinporten::{Maskinporten, Omgivelser, Oppsett};
use serde_json::json;
use tid::{Clock, SystemClock, SystemRandom};
use vakt::Scope;
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};

/// How long the pure limit is measured.
const PURE: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>().unwrap());
    let (grants, at_once) = (arguments.next().unwrap_or(20_000), arguments.next().unwrap_or(64));
    let signer = Arc::new(RsaSigner::generate().unwrap().named("n-1"));
    let pure = pure_limit(&signer);
    println!("signatures alone: {pure:.0} a second on all cores");
    let place = tempfile::tempdir_in(".").unwrap();
    let server = server(place.path(), &*signer).await;
    let made = make(grants, &signer, &server);
    let begun = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..at_once {
        let (server, made, next) = (server.clone(), made.clone(), next.clone());
        running.spawn(async move {
            while let Some(form) = made.get(next.fetch_add(1, Ordering::Relaxed)) {
                server.token(form, "maal").await.unwrap();
            }
        });
    }
    running.join_all().await;
    let rate = grants as f64 / begun.elapsed().as_secs_f64();
    println!("grants: {rate:.0} a second, {at_once} at once: {:.0} % of the limit", 100.0 * rate / pure);
}

fn pure_limit(signer: &Arc<RsaSigner>) -> f64 {
    let cores = std::thread::available_parallelism().unwrap().get();
    let threads: Vec<_> = (0..cores)
        .map(|_| {
            let signer = signer.clone();
            std::thread::spawn(move || {
                let (begun, mut count) = (Instant::now(), 0);
                while begun.elapsed() < PURE {
                    signer.sign(b"a message as long as a token's header and claims").unwrap();
                    count += 1;
                }
                f64::from(count) / begun.elapsed().as_secs_f64()
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
}

async fn server(place: &std::path::Path, key: &dyn Signer) -> Arc<Maskinporten> {
    let journal: SharedJournal =
        SqliteJournal::open(&place.join("grunndata.sqlite"), Options::default()).unwrap();
    let around = Omgivelser {
        journal,
        klokke: Arc::new(SystemClock),
        tilfeldig: Arc::new(SystemRandom),
        nokler: Kilde::Lager(Hovednokkel::les(&vakt::base64url::encode([7; 32])).unwrap()),
        tillit: None,
    };
    // Grants are made some time before they are sent.
    let setup = Oppsett { klokke_bak_s: 3600, bevis_levetid_s: 3600, ..Oppsett::default() };
    let server = Maskinporten::ny(around, setup);
    let (operator, orgnr) = (Aktor::drift("kommando"), Orgnr::parse_strengt("311015001").unwrap());
    let scope = Scope::parse("demo:register.read").unwrap();
    server.ny_prefiks(&operator, "demo", orgnr).await.unwrap();
    server.ny_scope(&operator, &scope, Scopefelt::default()).await.unwrap();
    server.sett_tilgang(&operator, &scope, orgnr, Tilgangstilstand::Approved).await.unwrap();
    let felt = Klientfelt {
        client_id: Some("klient".to_owned()),
        scopes: vec![scope],
        client_orgno: Some(orgnr),
        ..Klientfelt::default()
    };
    server.ny_klient(&operator, felt).await.unwrap();
    let jwks = json!({ "keys": [vakt::jwk::to_json(key.kid(), key.algorithm(), key.public_key())] });
    server.sett_nokler(&operator, "klient", jwks.as_object().unwrap(), true).await.unwrap();
    server.nokkelring().signerer(server.naa()).await.unwrap();
    server
}

fn make(count: usize, signer: &Arc<RsaSigner>, server: &Maskinporten) -> Arc<Vec<Skjema>> {
    let (issuer, now) = (server.oppsett().utsteder.clone(), SystemClock.now().as_millis() / 1000);
    let cores = std::thread::available_parallelism().unwrap().get();
    let threads: Vec<_> = (0..cores)
        .map(|_| {
            let (signer, issuer) = (signer.clone(), issuer.clone());
            std::thread::spawn(move || {
                let make = |_| {
                    let claims = json!({
                        "aud": issuer,
                        "iss": "klient",
                        "scope": "demo:register.read",
                        "iat": now,
                        "exp": now + 3000,
                        "jti": tid::uuid(&SystemRandom),
                    });
                    let assertion = sign(&*signer, KeyHint::Kid, &claims).unwrap();
                    Skjema { grant_type: Some(GRANT.to_owned()), assertion: Some(assertion), client_id: None }
                };
                (0..count.div_ceil(cores)).map(make).collect::<Vec<_>>()
            })
        })
        .collect();
    Arc::new(threads.into_iter().flat_map(|thread| thread.join().unwrap()).take(count).collect())
}
