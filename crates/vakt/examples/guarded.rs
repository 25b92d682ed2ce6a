//! One small answer on two routes, of which one stands behind the guard: what does the guard cost?
//!
//! ```sh
//! guarded 127.0.0.1:8081     # prints a token for /closed; /open needs none
//! ```

#![expect(clippy::print_stdout, reason = "a tool for the benchmarks")]

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use serde_json::json;
use tid::{Clock, SystemClock, SystemRandom};
use vakt::claims::Beliefs;
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};
use vakt::keys::OwnKeys;
use vakt::limit::{Concurrency, Rate};
use vakt::{Access, AddressLimit, Gate, Guard, Issuer, Scope};
use web::fault::{Forms, Problem};
use web::layers::{Settings, stack};
use web::serve::{Limits, serve};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const ISSUER: &str = "https://as.example.no/";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let address = std::env::args().nth(1).ok_or("guarded ADDRESS")?;
    let signer = RsaSigner::generate()?;
    let now = SystemClock.now().as_millis() / 1000;
    let claims = json!({
        "iss": ISSUER, "scope": "demo:register.read", "client_id": "5f0a2d3e-0000-4000-8000-000000000000",
        "client_amr": "private_key_jwt", "token_type": "Bearer", "iat": now, "exp": now + 36_000,
        "jti": tid::uuid(&SystemRandom),
        "consumer": { "authority": "iso6523-actorid-upis", "ID": "0192:311015001" },
    });
    println!("{}", sign(&signer, KeyHint::Kid, &claims)?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let beliefs = Beliefs {
        issuer: ISSUER.into(),
        delegation_sources: Vec::new(),
        supplier_without_source: false,
        leeway_s: 30,
    };
    let keys = OwnKeys::new([(signer.kid().to_owned(), signer.public_key().clone())].into_iter().collect());
    let issuer = Issuer { beliefs, keys: Arc::new(keys), introspection: None };
    let guard = Arc::new(Guard::new(vec![issuer], 50_000, clock.clone()));
    let tally = guard.tally().clone();
    let gate = Gate {
        guard,
        access: Arc::new(Access::any_of(Scope::parse("demo:register.read"))),
        // Counted as in production, with limits that the measurement does not meet.
        calls: Some((Concurrency::new(100_000), 1)),
    };
    let limit = AddressLimit { rate: Arc::new(Rate::new(u32::MAX)), clock, trust_forwarded: false, tally };
    let answer = || async { "{\"svar\":\"hei\"}" };
    let closed = limit.before(gate.before(Router::new().route("/closed", get(answer))));
    let routes = closed.route("/open", get(answer));
    let router = stack(routes, Settings::new(Forms::new(Problem), Arc::new(SystemRandom)));
    let listener = tokio::net::TcpListener::bind(address).await?;
    serve(listener, router, std::future::pending(), Limits::default()).await;
    Ok(())
}
