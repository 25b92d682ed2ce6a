//! Where the keys that tokens are signed with come from.

mod fetch;
mod introspection;
mod remote;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use parking_lot::RwLock;

use crate::json::Object;
use crate::jwk::{KeySet, RsaPublicKey};

pub use fetch::{Address, InvalidAddress};
pub use introspection::RemoteIntrospection;
pub use remote::{RemoteKeys, Timing};

/// What is asked for cannot be had now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the issuer cannot be reached")]
pub struct Unavailable;

/// An issuer's keys.
#[async_trait]
pub trait Keys: Send + Sync + 'static {
    /// The key with exactly this name; `None` if the issuer has no such key.
    async fn key(&self, kid: &str) -> Result<Option<RsaPublicKey>, Unavailable>;

    /// A number that grows when a key is withdrawn: what was verified before must then be verified again.
    fn generation(&self) -> u64;
}

/// An issuer's word on tokens that are no signed texts (sheet section 10).
#[async_trait]
pub trait Introspection: Send + Sync + 'static {
    /// The claims of a token that is active; `None` if it is not, for whatever reason.
    async fn introspect(&self, token: &str) -> Result<Option<Object>, Unavailable>;
}

/// Keys in this process: those of our own issuer, which puts a new set here when it changes its keys.
#[derive(Default)]
pub struct OwnKeys {
    keys: RwLock<Arc<KeySet>>,
    generation: AtomicU64,
}

impl OwnKeys {
    /// A set to begin with.
    pub fn new(keys: KeySet) -> Self {
        Self { keys: RwLock::new(Arc::new(keys)), generation: AtomicU64::new(0) }
    }

    /// Puts another set in the place of the one before.
    pub fn replace(&self, keys: KeySet) {
        let mut place = self.keys.write();
        let withdrawn = !keys.covers(&place);
        *place = Arc::new(keys);
        if withdrawn {
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }
}

#[async_trait]
impl Keys for OwnKeys {
    async fn key(&self, kid: &str) -> Result<Option<RsaPublicKey>, Unavailable> {
        Ok(self.keys.read().get(kid).cloned())
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}
