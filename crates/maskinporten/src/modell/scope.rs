//! Prefixes, scopes and access (sheet 11.5 and 11.6).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tid::Timestamp;
use vakt::Scope;

use super::Orgnr;

/// A scope prefix, handed out to an organisation by the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefiks {
    /// Its name, without colon.
    pub prefix: String,
    /// Who owns it.
    pub owner_orgno: Orgnr,
    /// When it was handed out.
    pub created: Timestamp,
}

/// The form of tokens for a scope (sheet 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tokentype {
    /// A JWS that holds its claims.
    #[default]
    SelfContained,
    /// A random string that introspection explains.
    Opaque,
}

/// A scope: a right that an API owner lends out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scopepost {
    /// `prefix:subscope`.
    pub name: Scope,
    /// What it gives.
    pub description: String,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_description: Option<String>,
    /// `PUBLIC`, `PRIVATE` or `INTERNAL`: who sees it in lists.
    pub visibility: String,
    /// Every organisation has access.
    pub accessible_for_all: bool,
    /// Products it may be used with; empty: all.
    pub allowed_integration_types: Vec<String>,
    /// The issuer of the delegations it may be used by; `None`: it cannot be delegated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation_source: Option<String>,
    /// The longest lifetime of a token with it, in seconds; 0: no cap of its own.
    pub at_max_age: u64,
    /// Of other products; kept.
    pub authorization_max_lifetime: u64,
    /// A machine cannot have it.
    pub requires_user_consent: bool,
    /// A machine cannot have it.
    pub requires_user_authentication: bool,
    /// Of other products; kept.
    pub requires_pseudonymous_tokens: bool,
    /// The form of tokens with it.
    pub token_type: Tokentype,
    /// Clients that may introspect tokens with it.
    pub enforced_aud_for_introspection: Vec<String>,
    /// The `aud` of tokens without `resource`, when not the server's own: `unspecified`, or empty for none
    /// (sheet 7.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrestricted_aud: Option<String>,
    /// Scopes are deactivated, never erased.
    pub active: bool,
    /// The organisation that owns the prefix.
    pub owner_orgno: Orgnr,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub last_updated: Timestamp,
}

impl Scopepost {
    /// Whether a machine may have it at all (MP-201).
    pub fn for_maskinporten(&self) -> bool {
        let typer = &self.allowed_integration_types;
        let tillatt = typer.is_empty() || typer.iter().any(|type_| type_ == super::MASKINPORTEN);
        tillatt && !self.requires_user_consent && !self.requires_user_authentication
    }
}

/// How far an access has come; only `APPROVED` counts (sheet 11.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tilgangstilstand {
    /// Asked for.
    Requested,
    /// Granted.
    Approved,
    /// Refused or withdrawn.
    Denied,
}

/// An organisation's access to a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tilgang {
    /// The scope.
    pub scope: Scope,
    /// How far it has come.
    pub state: Tilgangstilstand,
    /// Who may use it.
    pub consumer_orgno: Orgnr,
    /// Who owns the scope.
    pub owner_orgno: Orgnr,
    /// When it was first granted.
    pub created: Timestamp,
    /// When it last changed.
    pub last_updated: Timestamp,
}
