//! Who calls, for whom, and what they may.

use std::fmt;
use std::sync::Arc;

use identifikator::{Organisasjonsnummer, Personidentifikator};
use serde_json::Value;

use crate::scope::{Scope, Scopes};

/// A caller whose token has been verified (sheet sections 7.2 and 14).
///
/// Access is decided on [`consumer`](Self::consumer), never on the client; [`supplier`](Self::supplier) and
/// [`delegation_source`](Self::delegation_source) are for the log.
#[derive(Clone, PartialEq)]
pub struct Konsument {
    /// The legal user of the data.
    pub consumer: Organisasjonsnummer,
    /// Who runs the software, when the consumer has delegated to somebody else.
    pub supplier: Option<Organisasjonsnummer>,
    /// The source that knows of the delegation.
    pub delegation_source: Option<Arc<str>>,
    /// What the token gives access to.
    pub scopes: Scopes,
    /// Who issued the token.
    pub issuer: Arc<str>,
    /// The OAuth client. Not for access control.
    pub client_id: Arc<str>,
    /// The audiences that the token is restricted to; none if it is unrestricted.
    pub audience: Vec<Arc<str>>,
    /// The person whom the token is restricted to. Not proof that this person has logged in.
    pub pid: Option<Personidentifikator>,
    /// System user or consent, as the issuer confirmed it (sheet section 13); empty for an ordinary token.
    pub authorization_details: Vec<Value>,
    /// When the token ends, in seconds since 1970.
    pub expires: i64,
}

impl Konsument {
    /// Whether the token gives access to this very scope.
    pub fn has(&self, scope: &Scope) -> bool {
        self.scopes.contains(scope)
    }
}

impl fmt::Debug for Konsument {
    /// Organisations and scopes; neither persons nor what the token could be recognised by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Konsument")
            .field("consumer", &self.consumer)
            .field("supplier", &self.supplier)
            .field("scopes", &self.scopes)
            .field("issuer", &self.issuer)
            .field("has_pid", &self.pid.is_some())
            .finish_non_exhaustive()
    }
}
