//! Asking another issuer about a token (RFC 7662; sheet section 10).

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use tid::{Clock, Random, uuid};

use super::fetch::{Address, Fetch};
use super::{Introspection, Unavailable};
use crate::json::{self, Object};
use crate::jws::{KeyHint, Signer, sign};

/// Life of the assertion with which we show who we are, in seconds.
const ASSERTION_S: i64 = 60;

/// The introspection endpoint of an issuer that is another process. We show who we are with `private_key_jwt`.
pub struct RemoteIntrospection {
    issuer: String,
    at: Address,
    client_id: String,
    signer: Arc<dyn Signer>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    fetch: Fetch,
}

impl RemoteIntrospection {
    /// The endpoint `at` of an issuer, asked as `client_id`, whose key `signer` has.
    ///
    /// # Errors
    /// [`Unavailable`] when this machine cannot make TLS connections.
    pub fn new(
        issuer: &str,
        at: Address,
        client_id: &str,
        signer: Arc<dyn Signer>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Unavailable> {
        let (issuer, client_id) = (issuer.to_owned(), client_id.to_owned());
        Ok(Self { issuer, at, client_id, signer, clock, random, fetch: Fetch::new()? })
    }

    fn assertion(&self) -> Result<String, Unavailable> {
        let now = self.clock.now().as_millis().div_euclid(1000);
        let claims = json!({
            "iss": self.client_id, "sub": self.client_id, "aud": self.issuer,
            "iat": now, "exp": now + ASSERTION_S, "jti": uuid(&*self.random),
        });
        sign(&*self.signer, KeyHint::Kid, &claims).map_err(|_| Unavailable)
    }
}

#[async_trait]
impl Introspection for RemoteIntrospection {
    async fn introspect(&self, token: &str) -> Result<Option<Object>, Unavailable> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("client_assertion", &self.assertion()?)
            .finish();
        let answer = json::object(&self.fetch.post(&self.at, form).await?).map_err(|_| Unavailable)?;
        let active = answer.get("active").and_then(Value::as_bool).ok_or(Unavailable)?;
        Ok(active.then_some(answer))
    }
}
