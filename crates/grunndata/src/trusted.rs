//! Whose certificates are accepted, for connections and for signatures of messages; read again when the files change.

use std::sync::{Arc, PoisonError, RwLock};

use produsent::mottak::Signaturkontroll;
use sertifikat::{Refusal, TrustList, Virksomhetssertifikat};
use tid::{Clock, Random, Timestamp};

use crate::config::Config;
use crate::failure::Failure;
use crate::serving::Stopping;
use crate::tokens;

/// Those who are trusted now; nobody, if there is no list.
pub struct Trusted {
    list: RwLock<Option<Arc<TrustList>>>,
    clock: Arc<dyn Clock>,
}

impl Trusted {
    /// Those whom the configuration names.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn open(config: &Config, clock: Arc<dyn Clock>, random: &dyn Random) -> Result<Arc<Self>, Failure> {
        let list = tokens::trust(config, &*clock, random)?.map(Arc::new);
        Ok(Arc::new(Self { list: RwLock::new(list), clock }))
    }

    /// Reads the list again when its files change, until it is time to stop.
    pub async fn follow(self: Arc<Self>, config: Config, random: Arc<dyn Random>, stopping: Stopping) {
        let clock = self.clock.clone();
        let believe = |list| *self.list.write().unwrap_or_else(PoisonError::into_inner) = list;
        tokio::select! {
            () = tokens::follow_trust(config, clock, random, believe) => {}
            () = stopping.wait() => {}
        }
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.list().is_none()
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn list(&self) -> Option<Arc<TrustList>> {
        self.list.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The decision on a chain, now; `None` if nobody is trusted.
    pub fn verify(&self, chain: &[&[u8]]) -> Option<Result<Virksomhetssertifikat, Refusal>> {
        Some(self.list()?.verify(chain, self.clock.now()))
    }
}

impl Signaturkontroll for Trusted {
    fn kontroller(&self, xml: &str) -> Result<(), &'static str> {
        let list = self.list().ok_or("Signaturen kan ikke bekreftes, for ingen utstedere er godtatt")?;
        let signer = sertifikat::signer(xml, &list, self.clock.now());
        signer.map(|_| ()).map_err(|refusal| {
            tracing::info!(%refusal, "a message's signature was refused");
            "Signaturen er ikke gyldig, eller den er ikke laget med et godtatt virksomhetssertifikat"
        })
    }
}
