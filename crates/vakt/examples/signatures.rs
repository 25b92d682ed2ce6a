//! What signatures alone cost, and signed texts made before a clock starts.
//!
//! ```sh
//! signatures pure 3                                # signatures and verifications a second, as JSON
//! signatures key key.pem                           # a new private key; its public half goes to standard output
//! signatures sign 10000 key.pem kid '{"iss":"a"}' 100   # so many texts, one a line, each valid for 100 seconds
//! ```

#![expect(clippy::print_stdout, reason = "a tool for the benchmarks")]

use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tid::{Clock, SystemClock, SystemRandom};
use vakt::jwk;
use vakt::jws::{Compact, KeyHint, RsaSigner, Signer, sign};

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["pure", seconds] => pure(Duration::from_secs(seconds.parse()?)),
        ["key", file] => key(file),
        ["sign", count, file, kid, claims, life] => {
            let signer = RsaSigner::from_pkcs8_pem(&std::fs::read(file)?)?.named(kid);
            make(count.parse()?, &signer, &serde_json::from_str(claims)?, life.parse()?)
        }
        _ => Err("signatures pure SECONDS | key FILE | sign COUNT FILE KID CLAIMS LIFE".into()),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// How many times a second all of some threads do something.
fn rate(threads: usize, time: Duration, work: impl Fn() + Sync) -> f64 {
    std::thread::scope(|scope| {
        let one = || {
            let (begun, mut count) = (Instant::now(), 0.0);
            while begun.elapsed() < time {
                work();
                count += 1.0;
            }
            count / begun.elapsed().as_secs_f64()
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).sum()
    })
}

fn pure(time: Duration) -> Result<(), Failure> {
    let signer = RsaSigner::generate()?;
    // As long as what is signed of a token.
    let claims = json!({ "scope": "demo:register.read", "filler": "f".repeat(400) });
    let text = sign(&signer, KeyHint::Kid, &claims)?;
    let message = text.rsplit_once('.').ok_or("no signature")?.0.as_bytes();
    let read = Compact::parse(&text, 1 << 16)?;
    let signatures = rate(cores(), time, || drop(signer.sign(message)));
    let one_core = rate(1, time, || drop(signer.sign(message)));
    let verifications = rate(1, time, || assert!(read.verify(signer.public_key()).is_ok()));
    let figures = json!({ "cores": cores(), "signatures": signatures, "one_core": one_core, "verifications": verifications });
    println!("{figures}");
    Ok(())
}

fn key(file: &str) -> Result<(), Failure> {
    let signer = RsaSigner::generate()?;
    std::fs::write(file, signer.to_pkcs8_pem()?.as_bytes())?;
    println!("{}", json!({ "keys": [jwk::to_json(signer.kid(), signer.algorithm(), signer.public_key())] }));
    Ok(())
}

fn make(count: usize, signer: &RsaSigner, claims: &Map<String, Value>, life: i64) -> Result<(), Failure> {
    let now = SystemClock.now().as_millis() / 1000;
    let one = || {
        let mut claims = claims.clone();
        let own = [("iat", json!(now)), ("exp", json!(now + life)), ("jti", json!(tid::uuid(&SystemRandom)))];
        claims.extend(own.map(|(name, value)| (name.to_owned(), value)));
        sign(signer, KeyHint::Kid, &claims)
    };
    let part = count.div_ceil(cores());
    let made: Vec<Vec<String>> = std::thread::scope(|scope| {
        let part = || (0..part).map(|_| one()).collect::<Result<Vec<_>, _>>();
        let running: Vec<_> = (0..cores()).map(|_| scope.spawn(part)).collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a thread failed")?.map_err(Failure::from))
            .collect::<Result<_, Failure>>()
    })?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for text in made.iter().flatten().take(count) {
        writeln!(out, "{text}")?;
    }
    Ok(out.flush()?)
}
