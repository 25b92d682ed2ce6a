//! The keys that an issuer publishes (sheet section 2.4).

use serde_json::Value;

use super::{RsaPublicKey, number};
use crate::json;
use crate::jws::Algorithm;

/// Most keys kept of one set.
const KEYS_MAX: usize = 64;

/// Keys by name. A set of a foreign issuer may hold keys that we do not take; they are passed over, so that one
/// more key there does not shut us out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet(Vec<(String, RsaPublicKey)>);

/// The document is not `{"keys":[…]}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a set of keys: an object with the member keys, a list")]
pub struct NotAKeySet;

impl KeySet {
    /// Reads a published set. Kept are RSA keys with a name that are not for encryption and not of another
    /// method; of two with one name, neither.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAKeySet> {
        let document = json::object(bytes).map_err(|_| NotAKeySet)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(NotAKeySet)?;
        let usable: Vec<_> = keys.iter().take(KEYS_MAX).filter_map(usable).collect();
        let alone = |name: &str| usable.iter().filter(|(other, _)| other == name).count() == 1;
        Ok(Self(usable.iter().filter(|(name, _)| alone(name)).cloned().collect()))
    }

    /// The key with exactly this name.
    pub fn get(&self, kid: &str) -> Option<&RsaPublicKey> {
        self.0.iter().find(|(name, _)| name == kid).map(|(_, key)| key)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every key of the other is here under the same name.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(name, key)| self.get(name) == Some(key))
    }
}

impl FromIterator<(String, RsaPublicKey)> for KeySet {
    fn from_iter<I: IntoIterator<Item = (String, RsaPublicKey)>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

fn usable(key: &Value) -> Option<(String, RsaPublicKey)> {
    let text = |name: &str| key.get(name).map(|value| value.as_str().unwrap_or(""));
    let fits = text("kty") == Some("RSA")
        && text("use").is_none_or(|purpose| purpose == "sig")
        && text("alg").is_none_or(|name| Algorithm::named(name).is_some());
    let name = text("kid").filter(|name| fits && !name.is_empty())?;
    let key = RsaPublicKey::new(&number(key, "n")?, &number(key, "e")?).ok()?;
    Some((name.to_owned(), key))
}
