//! RSA keys as JSON (RFC 7517): those that clients register and those that issuers publish.

mod registered;
mod rsa;
mod set;

pub use registered::{KEYS_MAX, KID_BYTES_MAX, RegisteredKey, UnfitKeySet, read_registered};
pub use rsa::{RsaPublicKey, UnfitKey};
pub use set::{KeySet, NotAKeySet};

use serde_json::{Value, json};

use crate::base64url;
use crate::jws::Algorithm;

/// Members that only a private or a secret key has.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The public members of a key: `kty`, `use`, `alg`, `kid`, `n`, `e`, and nothing that is secret.
pub fn to_json(kid: &str, algorithm: Algorithm, key: &RsaPublicKey) -> Value {
    json!({
        "kty": "RSA",
        "use": "sig",
        "alg": algorithm.name(),
        "kid": kid,
        "n": base64url::encode(key.modulus()),
        "e": base64url::encode(key.exponent()),
    })
}

/// The number in a member, as bytes.
fn number(value: &Value, name: &str) -> Option<Vec<u8>> {
    base64url::decode(value.get(name)?.as_str()?)
}

#[cfg(test)]
mod tests;
