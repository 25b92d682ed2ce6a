//! The guard that closed routes stand behind: our own issuer and the configured others, and the limits on calls.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use maskinporten::Maskinporten;
use tid::{Clock, Random};
use vakt::claims::Beliefs;
use vakt::jws::RsaSigner;
use vakt::keys::{Introspection, RemoteIntrospection, RemoteKeys, Timing, Unavailable};
use vakt::limit::{Concurrency, Rate, share};
use vakt::tally::Tally;
use vakt::{Access, AddressLimit, Gate, Guard, Issuer};

use crate::config::{Config, Vakt};
use crate::failure::Failure;

/// The closed APIs, by their numbers in the count of simultaneous calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Our own route that shows what a token says.
    WhoAmI = 0,
    /// Folkeregisteret, all packages together.
    Folkeregisteret = 1,
    /// Folkeregisteret, for those who send messages.
    Producers = 2,
}

/// What stands before closed routes.
pub struct Guarding {
    guard: Arc<Guard>,
    calls: Option<Arc<Concurrency<(u32, u16)>>>,
    addresses: Option<AddressLimit>,
}

impl Guarding {
    /// The guard as configured; `own` is our issuer, if it runs here.
    ///
    /// # Errors
    /// When a key cannot be read, or this machine cannot make TLS connections.
    pub fn open(
        config: &Config,
        own: Option<&Arc<Maskinporten>>,
        clock: Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Result<Self, Failure> {
        let setup = &config.vakt;
        let mut issuers: Vec<Issuer> = own.map(|own| trusted(own.utsteder(), setup)).into_iter().collect();
        for (place, issuer) in setup.issuers.iter().enumerate() {
            let introspection = if place == 0 { introspection(setup, issuer, &clock, random)? } else { None };
            let keys = RemoteKeys::new(issuer, None, Timing::default(), clock.clone()).map_err(no_tls)?;
            let beliefs = Beliefs {
                issuer: issuer.as_str().into(),
                delegation_sources: Vec::new(),
                supplier_without_source: setup.supplier_without_source,
                leeway_s: 0,
            };
            issuers.push(trusted(Issuer { beliefs, keys: Arc::new(keys), introspection }, setup));
        }
        let calls = (setup.calls_max > 0).then(|| Concurrency::new(share(setup.calls_max, setup.nodes)));
        let guard = Arc::new(Guard::new(issuers, setup.tokens_max, clock.clone()));
        let addresses = (setup.per_minute > 0).then(|| AddressLimit {
            rate: Arc::new(Rate::new(share(setup.per_minute, setup.nodes))),
            clock,
            trust_forwarded: config.server.trust_forwarded,
            tally: guard.tally().clone(),
        });
        Ok(Self { guard, calls, addresses })
    }

    /// How many calls were let in and refused.
    pub(crate) fn tally(&self) -> &Arc<Tally> {
        self.guard.tally()
    }

    /// Puts the guard and the limits before some routes.
    pub fn before<S>(&self, surface: Surface, access: Access, routes: Router<S>) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        // Producers have no such limit (producer sheet, section 3.4).
        let counted = self.calls.clone().filter(|_| surface != Surface::Producers);
        let calls = counted.map(|calls| (calls, surface as u16));
        let gate = Gate { guard: self.guard.clone(), access: Arc::new(access), calls };
        self.limited(gate.before(routes))
    }

    /// Puts nothing but the limit on requests from an address before some routes.
    pub fn limited<S>(&self, routes: Router<S>) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        match &self.addresses {
            Some(limit) => limit.clone().before(routes),
            None => routes,
        }
    }
}

/// An issuer with what the operator believes besides.
fn trusted(mut issuer: Issuer, setup: &Vakt) -> Issuer {
    let besides = setup.delegation_sources.iter().map(|source| source.as_str().into());
    issuer.beliefs.delegation_sources.extend(besides);
    issuer.beliefs.leeway_s = setup.leeway_s;
    issuer
}

fn introspection(
    setup: &Vakt,
    issuer: &str,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Option<Arc<dyn Introspection>>, Failure> {
    let Some(asked) = &setup.introspection else { return Ok(None) };
    let signer = Arc::new(signer(&asked.key)?);
    let (clock, random) = (clock.clone(), random.clone());
    let remote = RemoteIntrospection::new(issuer, asked.at.clone(), &asked.client_id, signer, clock, random);
    Ok(Some(Arc::new(remote.map_err(no_tls)?)))
}

fn signer(file: &Path) -> Result<RsaSigner, Failure> {
    let said = |why: String| {
        Failure::failed(
            format!("{} cannot be used: {why}", file.display()),
            "give a private RSA key as PKCS#8 in PEM in vakt.introspeksjon_nokkel_fil",
        )
    };
    let pem = std::fs::read(file).map(zeroize::Zeroizing::new).map_err(|error| said(error.to_string()))?;
    RsaSigner::from_pkcs8_pem(&pem).map_err(|error| said(error.to_string()))
}

fn no_tls(_: Unavailable) -> Failure {
    Failure::failed(
        "TLS cannot be set up on this machine",
        "leave vakt.utstedere empty, or check the installation",
    )
}
