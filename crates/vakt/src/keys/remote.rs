//! The keys of another issuer, over HTTP (sheet sections 2.3 to 2.5, 14.1).
//!
//! Keys are kept. A key that is not known makes us look again, for the issuer may have begun to use a new one; but
//! not more often than [`Timing`] allows, or anyone could make us hammer the issuer with made-up names (attack row
//! A160). While the issuer cannot be reached, the keys we have go on being used (row A173).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use parking_lot::RwLock;
use serde_json::Value;
use tid::Clock;

use super::fetch::{Address, Fetch};
use super::{Keys, Unavailable};
use crate::json;
use crate::jwk::{KeySet, RsaPublicKey};

/// When keys are fetched. [`Default`] suits an issuer that announces its keys a day ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Older keys are fetched again behind the back of the calls. Default an hour.
    pub fresh_ms: i64,
    /// Keys older than this are not used any more. Default 24 hours.
    pub stale_ms: i64,
    /// Shortest time between two fetches. Default 30 seconds.
    pub interval_ms: i64,
    /// Longest time between two fetches after failures; it doubles from a second. Default 5 minutes.
    pub backoff_max_ms: i64,
}

impl Default for Timing {
    fn default() -> Self {
        const HOUR: i64 = 3_600_000;
        Self { fresh_ms: HOUR, stale_ms: 24 * HOUR, interval_ms: 30_000, backoff_max_ms: 300_000 }
    }
}

/// The keys of an issuer that is another process.
#[derive(Clone)]
pub struct RemoteKeys(Arc<Inner>);

struct Inner {
    issuer: String,
    /// Where the keys are; if not configured, the issuer's metadata say it.
    keys_at: Option<Address>,
    timing: Timing,
    fetch: Fetch,
    clock: Arc<dyn Clock>,
    state: RwLock<State>,
    /// One fetch at a time; whoever waits for it uses what it brought.
    fetching: tokio::sync::Mutex<()>,
    generation: AtomicU64,
}

#[derive(Clone, Default)]
struct State {
    keys: Arc<KeySet>,
    fetched_ms: Option<i64>,
    tried_ms: Option<i64>,
    failures: u32,
}

impl State {
    /// How old the keys are; `None` if there are none.
    fn age(&self, now: i64) -> Option<i64> {
        self.fetched_ms.map(|at| now.saturating_sub(at).max(0))
    }

    fn may_try(&self, now: i64, timing: &Timing) -> bool {
        let pause = match self.failures {
            0 => timing.interval_ms,
            n => (1000i64 << n.saturating_sub(1).min(20)).min(timing.backoff_max_ms),
        };
        self.tried_ms.is_none_or(|at| !(0..pause).contains(&now.saturating_sub(at)))
    }
}

impl RemoteKeys {
    /// The keys of an issuer. Without `keys_at`, its metadata say where they are. Nothing is fetched yet.
    ///
    /// # Errors
    /// [`Unavailable`] when this machine cannot make TLS connections.
    pub fn new(
        issuer: &str,
        keys_at: Option<Address>,
        timing: Timing,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Unavailable> {
        Ok(Self(Arc::new(Inner {
            issuer: issuer.to_owned(),
            keys_at,
            timing,
            fetch: Fetch::new()?,
            clock,
            state: RwLock::default(),
            fetching: tokio::sync::Mutex::new(()),
            generation: AtomicU64::new(0),
        })))
    }

    /// Fetches the keys if that is allowed now; the first caller does it, others wait and use what it brought.
    async fn refresh(&self) {
        let inner = &self.0;
        let _one = inner.fetching.lock().await;
        let now = inner.clock.now().as_millis();
        if !inner.state.read().may_try(now, &inner.timing) {
            return;
        }
        inner.state.write().tried_ms = Some(now);
        let fetched = inner.fetch_keys().await;
        let mut state = inner.state.write();
        match fetched {
            Ok(keys) => {
                if !keys.covers(&state.keys) {
                    inner.generation.fetch_add(1, Ordering::AcqRel);
                }
                *state =
                    State { keys: Arc::new(keys), fetched_ms: Some(now), tried_ms: Some(now), failures: 0 };
            }
            Err(Unavailable) => state.failures = state.failures.saturating_add(1),
        }
    }
}

impl Inner {
    async fn fetch_keys(&self) -> Result<KeySet, Unavailable> {
        let at = match &self.keys_at {
            Some(at) => at.clone(),
            None => self.discover().await?,
        };
        let keys = KeySet::parse(&self.fetch.get(&at).await?).map_err(|_| Unavailable)?;
        // An issuer without a key that can be used has made a mistake, and the keys before it are better.
        if keys.is_empty() { Err(Unavailable) } else { Ok(keys) }
    }

    /// Where the metadata say that the keys are. They must be this issuer's, to the letter.
    async fn discover(&self) -> Result<Address, Unavailable> {
        let slash = if self.issuer.ends_with('/') { "" } else { "/" };
        let at = format!("{}{slash}.well-known/oauth-authorization-server", self.issuer);
        let at = Address::parse(&at).map_err(|_| Unavailable)?;
        let metadata = json::object(&self.fetch.get(&at).await?).map_err(|_| Unavailable)?;
        let text = |name: &str| metadata.get(name).and_then(Value::as_str);
        if text("issuer") != Some(&self.issuer) {
            tracing::warn!(issuer = %self.issuer, "the issuer's metadata name another issuer");
            return Err(Unavailable);
        }
        Address::parse(text("jwks_uri").ok_or(Unavailable)?).map_err(|_| Unavailable)
    }
}

#[async_trait]
impl Keys for RemoteKeys {
    async fn key(&self, kid: &str) -> Result<Option<RsaPublicKey>, Unavailable> {
        let timing = self.0.timing;
        let usable = |state: &State, now| state.age(now).filter(|age| *age < timing.stale_ms);
        let now = self.0.clock.now().as_millis();
        let state = self.0.state.read().clone();
        if let (Some(age), Some(key)) = (usable(&state, now), state.keys.get(kid)) {
            if age >= timing.fresh_ms && state.may_try(now, &timing) {
                let own = self.clone();
                tokio::spawn(async move { own.refresh().await });
            }
            return Ok(Some(key.clone()));
        }
        self.refresh().await;
        let state = self.0.state.read().clone();
        if usable(&state, self.0.clock.now().as_millis()).is_none() {
            return Err(Unavailable);
        }
        match state.keys.get(kid) {
            // While the issuer cannot be asked, nobody knows whether it has such a key.
            None if state.failures > 0 => Err(Unavailable),
            found => Ok(found.cloned()),
        }
    }

    fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }
}
