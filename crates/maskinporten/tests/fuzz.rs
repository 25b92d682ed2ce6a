//! The fuzz targets' entry functions on their corpus, and on what chance makes of good input. The targets themselves
//! need a nightly compiler; see `fuzz/Cargo.toml`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it needs and fails")]

#[path = "../../../fuzz/src/entries.rs"]
mod entries;

use std::path::Path;
use std::sync::LazyLock;

use entries::AUTHORITY;
use proptest::prelude::*;
use serde_json::json;
use vakt::jws::{CertificateChain, KeyHint, RsaSigner, sign};

/// A good request.
static GRANT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let claims = json!({
        "aud": "https://as.example.no/", "iss": "klient", "scope": "demo:a demo:b", "iat": 1_781_481_600,
        "exp": 1_781_481_700, "jti": "1", "resource": ["https://a.example.no"], "consumer_org": "311015001",
        "authorization_details": [{"type": "urn:altinn:systemuser"}],
    });
    let assertion = sign(&RsaSigner::generate().unwrap(), KeyHint::Kid, &claims).unwrap();
    format!("grant_type={}&assertion={assertion}", maskinporten::bevis::GRANT).into_bytes()
});

static X5C: LazyLock<Vec<u8>> =
    LazyLock::new(|| CertificateChain::to_json(&AUTHORITY.1).to_string().into_bytes());

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let files = std::fs::read_dir(dir).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.collect()
}

#[test]
fn the_corpus() {
    let (grants, chains) = (corpus("grant"), corpus("x5c"));
    assert!(grants.len() >= 10 && chains.len() >= 5);
    for data in &grants {
        entries::grant(data);
    }
    for data in &chains {
        entries::x5c(data);
    }
}

#[test]
fn good_input_goes_all_the_way() {
    entries::grant(&GRANT);
    entries::x5c(&X5C);
    assert!(AUTHORITY.0.verify(&AUTHORITY.1, tid::Timestamp::from_millis(1_781_481_600_000)).is_ok());
}

/// Replaces, inserts and cuts.
fn mutated(good: &[u8], changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut data = good.to_vec();
    for (place, byte, how) in changes {
        let place = place.index(data.len().max(1));
        match how % 4 {
            0 => data.insert(place, *byte),
            1 if !data.is_empty() => drop(data.remove(place)),
            2 => data.truncate(place),
            _ => {
                if let Some(there) = data.get_mut(place) {
                    *there = *byte;
                }
            }
        }
    }
    data
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    let letter = prop_oneof![any::<u8>(), prop::sample::select(b"AB_-.=&%+/\"[]{},:0".to_vec())];
    // Cutting is rare, or nothing would be left of most inputs.
    let how = prop_oneof![9 => prop::sample::select(vec![0u8, 1, 3]), 1 => Just(2)];
    proptest::collection::vec((any::<prop::sample::Index>(), letter, how), 1..8)
}

proptest! {
    #[test]
    fn any_bytes(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        entries::grant(&data);
        entries::x5c(&data);
    }

    #[test]
    fn changed_grants(changes in changes()) {
        entries::grant(&mutated(&GRANT, &changes));
    }

    #[test]
    fn changed_chains(changes in changes()) {
        entries::x5c(&mutated(&X5C, &changes));
    }

    #[test]
    fn changed_certificates(certificate in 0usize..2, changes in changes()) {
        let mut chain = AUTHORITY.1.clone();
        chain[certificate] = mutated(&chain[certificate], &changes);
        entries::x5c(CertificateChain::to_json(&chain).to_string().as_bytes());
    }
}
