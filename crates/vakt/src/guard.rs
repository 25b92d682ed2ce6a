//! The guard: a token in, a verified [`Konsument`] or a refusal out.

use std::sync::Arc;

use http::{HeaderMap, header};
use serde_json::Value;
use tid::Clock;

use crate::cache::{Cache, Entry, Fingerprint};
use crate::claims::{self, Beliefs};
use crate::denied::Denied;
use crate::json::Object;
use crate::jws::Compact;
use crate::keys::{Introspection, Keys, Unavailable};
use crate::konsument::Konsument;
use crate::tally::{Outcome, Tally};

/// Longest token. Those of Maskinporten are about 1 kB.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;
/// Longest time that an issuer's word on an opaque token is believed without asking again, in seconds: that long does
/// a revoked one live on here.
const OPAQUE_S: i64 = 1;

/// An issuer whose tokens are taken.
pub struct Issuer {
    /// What is believed of its tokens.
    pub beliefs: Beliefs,
    /// Its keys.
    pub keys: Arc<dyn Keys>,
    /// Its word on tokens that are no signed texts; without it such tokens of its are not taken.
    pub introspection: Option<Arc<dyn Introspection>>,
}

/// Verifies tokens of any number of issuers, and remembers them.
pub struct Guard {
    issuers: Vec<Issuer>,
    cache: Cache,
    clock: Arc<dyn Clock>,
    tally: Arc<Tally>,
}

impl Guard {
    /// A guard that remembers at most `tokens_max` tokens, about 1 kB each.
    pub fn new(issuers: Vec<Issuer>, tokens_max: usize, clock: Arc<dyn Clock>) -> Self {
        Self { issuers, cache: Cache::new(tokens_max), clock, tally: Arc::default() }
    }

    /// How many calls were let in and refused.
    pub fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }

    /// The caller of a request, by its `Authorization`.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Arc<Konsument>, Denied> {
        self.verify(bearer(headers)?).await
    }

    /// Whose token it is. A token seen before costs a hash and a look-up.
    pub async fn verify(&self, token: &str) -> Result<Arc<Konsument>, Denied> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Denied::Invalid("the token is too long"));
        }
        let key = Fingerprint::of(token);
        let now = self.clock.now().as_millis().div_euclid(1000);
        if let Some(entry) = self.cache.get(&key, now) {
            let issuer = self.issuers.get(entry.issuer);
            if issuer.is_some_and(|issuer| issuer.keys.generation() == entry.generation) {
                self.tally.count(Outcome::Remembered);
                return Ok(entry.konsument);
            }
        }
        let entry = if token.contains('.') {
            self.signed(token, now).await?
        } else {
            self.opaque(token, now).await?
        };
        self.tally.count(Outcome::Verified);
        let konsument = entry.konsument.clone();
        self.cache.put(key, entry, now);
        Ok(konsument)
    }

    /// Forgets the verified tokens of the callers that fit, when something they rest on has been revoked. A signed
    /// token that still holds by itself will be verified anew (sheet section 7.7).
    pub fn forget(&self, fits: impl Fn(&Konsument) -> bool) {
        self.cache.forget(|_, konsument| fits(konsument));
    }

    async fn signed(&self, token: &str, now: i64) -> Result<Entry, Denied> {
        let read = Compact::parse(token, TOKEN_BYTES_MAX)
            .map_err(|_| Denied::Invalid("it is not a signed token"))?;
        read.algorithm().map_err(|_| Denied::Invalid("its algorithm is not taken"))?;
        let claimed = read.payload().get("iss").and_then(Value::as_str);
        let (place, issuer) = self
            .issuers
            .iter()
            .enumerate()
            .find(|(_, issuer)| claimed == Some(&issuer.beliefs.issuer))
            .ok_or(Denied::Invalid("its issuer is not one of ours"))?;
        let kid = read.header().kid.as_deref().ok_or(Denied::Invalid("it does not name its key"))?;
        // Read before the key: a key withdrawn in between makes the entry stale rather than eternal.
        let generation = issuer.keys.generation();
        let key = issuer.keys.key(kid).await?.ok_or(Denied::Invalid("its key is not the issuer's"))?;
        read.verify(&key).map_err(|_| Denied::Invalid("its signature is wrong"))?;
        entry(read.payload(), issuer, place, generation, now)
    }

    /// Asks each issuer that can be asked. One that cannot be reached is not the same as one that says no.
    async fn opaque(&self, token: &str, now: i64) -> Result<Entry, Denied> {
        let mut silent = false;
        for (place, issuer) in self.issuers.iter().enumerate() {
            let Some(introspection) = &issuer.introspection else { continue };
            match introspection.introspect(token).await {
                Ok(None) => {}
                Err(Unavailable) => silent = true,
                Ok(Some(claims)) => {
                    let found = entry(&claims, issuer, place, issuer.keys.generation(), now)?;
                    return Ok(Entry { until: found.until.min(now + OPAQUE_S), ..found });
                }
            }
        }
        Err(if silent { Denied::Unavailable } else { Denied::Invalid("nobody vouches for it") })
    }
}

fn entry(claims: &Object, issuer: &Issuer, place: usize, generation: u64, now: i64) -> Result<Entry, Denied> {
    let konsument = claims::read(claims, &issuer.beliefs, now)?;
    let until = konsument.expires.saturating_add(issuer.beliefs.leeway_s);
    Ok(Entry { konsument: Arc::new(konsument), issuer: place, generation, until })
}

impl From<Unavailable> for Denied {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

/// The token of `Authorization: Bearer …`, which must be there once.
fn bearer(headers: &HeaderMap) -> Result<&str, Denied> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Err(if headers.contains_key(header::AUTHORIZATION) {
            Denied::Invalid("there is more than one Authorization")
        } else {
            Denied::NoToken
        });
    };
    let text = line.to_str().map_err(|_| Denied::Invalid("Authorization holds other than ASCII"))?;
    let (scheme, token) = text.split_once(' ').ok_or(Denied::NoToken)?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Denied::NoToken);
    }
    let token = token.trim_matches(' ');
    let plain =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=');
    if token.is_empty() || !token.bytes().all(plain) {
        return Err(Denied::Invalid("it is not written as a token"));
    }
    Ok(token)
}

#[cfg(test)]
mod tests;
