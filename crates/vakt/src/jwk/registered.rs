//! The keys that a client registers (sheet sections 4.4 and 11.3).

use serde_json::Value;

use super::{PRIVATE, RsaPublicKey, UnfitKey, number};
use crate::json::{self, Object};
use crate::jws::{Algorithm, CertificateChain};

/// Most keys of one client.
pub const KEYS_MAX: usize = 5;
/// Longest name of a key, in bytes.
pub const KID_BYTES_MAX: usize = 128;

/// A key as its owner sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredKey {
    /// Its name among the client's keys.
    pub kid: String,
    /// The method it is registered for.
    pub algorithm: Algorithm,
    /// The key.
    pub key: RsaPublicKey,
    /// Its certificates in DER, own first; they lock the client to them. Not yet verified, nor compared to the key.
    pub x5c: Option<Vec<Vec<u8>>>,
    /// When the owner wants it to end, in seconds since 1970.
    pub exp: Option<i64>,
}

/// Why a set of keys is refused as a whole. The texts name the member, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitKeySet {
    /// Not `{"keys":[…]}` with one to five members.
    #[error("keys must be a list of one to five keys")]
    Count,
    /// A member is missing or is not what it must be.
    #[error("the member {0} is missing or not valid")]
    Member(&'static str),
    /// A private key was sent; it must be treated as leaked.
    #[error("private members must not be sent; a key sent with them must not be used any more")]
    Private,
    /// Two keys have one name.
    #[error("two keys have the same kid")]
    Repeated,
    /// The numbers are not those of a key that may be used.
    #[error(transparent)]
    Unfit(#[from] UnfitKey),
}

/// Reads `{"keys":[…]}`. Either the whole set is good or none of it is (attack rows A22 to A25). `use` must be
/// `sig`; `use_required` says whether it must be there at all, which the older address of the API does not ask.
pub fn read_registered(document: &Object, use_required: bool) -> Result<Vec<RegisteredKey>, UnfitKeySet> {
    let keys = document.get("keys").and_then(Value::as_array).ok_or(UnfitKeySet::Count)?;
    if !(1..=KEYS_MAX).contains(&keys.len()) {
        return Err(UnfitKeySet::Count);
    }
    if keys.iter().any(|key| PRIVATE.iter().any(|name| key.get(name).is_some())) {
        return Err(UnfitKeySet::Private);
    }
    let keys: Vec<_> = keys.iter().map(|key| read(key, use_required)).collect::<Result<_, _>>()?;
    let repeated = keys.iter().enumerate().any(|(i, key)| keys.iter().skip(i + 1).any(|k| k.kid == key.kid));
    if repeated { Err(UnfitKeySet::Repeated) } else { Ok(keys) }
}

fn read(key: &Value, use_required: bool) -> Result<RegisteredKey, UnfitKeySet> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    if text("kty") != Some("RSA") {
        return Err(UnfitKeySet::Member("kty"));
    }
    let purpose_fits = if key.get("use").is_none() { !use_required } else { text("use") == Some("sig") };
    if !purpose_fits {
        return Err(UnfitKeySet::Member("use"));
    }
    let algorithm = text("alg").and_then(Algorithm::named).ok_or(UnfitKeySet::Member("alg"))?;
    let kid = text("kid").filter(|kid| is_kid(kid)).ok_or(UnfitKeySet::Member("kid"))?.to_owned();
    let bytes = |name| number(key, name).ok_or(UnfitKeySet::Member(name));
    let x5c = match CertificateChain::read(key.get("x5c").filter(|member| !member.is_null())) {
        CertificateChain::Absent => None,
        CertificateChain::Malformed => return Err(UnfitKeySet::Member("x5c")),
        CertificateChain::Der(chain) => Some(chain),
    };
    let exp = match key.get("exp") {
        None | Some(Value::Null) => None,
        Some(value) => Some(json::seconds(value).ok_or(UnfitKeySet::Member("exp"))?),
    };
    Ok(RegisteredKey { kid, algorithm, key: RsaPublicKey::new(&bytes("n")?, &bytes("e")?)?, x5c, exp })
}

fn is_kid(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    (1..=KID_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain)
}
