//! The audit trail: who did what, when.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tid::Timestamp;

use super::Orgnr;

/// Who changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hvem {
    /// The organisation in whose name; `None`: the operator of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orgnr: Option<Orgnr>,
    /// The client that called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// By which way: `api`, `kommando`, `demo` or `program`.
    pub vei: String,
    /// The request's correlation id, if there was a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spor: Option<String>,
}

impl Hvem {
    /// The operator, by some way.
    pub fn drift(vei: &str) -> Self {
        Self { orgnr: None, client_id: None, vei: vei.to_owned(), spor: None }
    }
}

/// One row of the administration's trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sporpost {
    /// When.
    pub tid: Timestamp,
    /// Who.
    pub hvem: Hvem,
    /// What was done, such as `klient.ny`.
    pub handling: String,
    /// To what: a client_id, a scope, …
    pub om: String,
    /// How it is from then on. Never a private key.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub ny: Value,
}

/// One row of the trail of authenticated grants: what was asked for and what came of it. Never a token, never a
/// whole person number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utstedelse {
    /// When.
    pub tid: Timestamp,
    /// The correlation id that the caller saw.
    pub spor: String,
    /// The client.
    pub client_id: String,
    /// The scopes that were asked for.
    pub scope: String,
    /// The consumer, if it came so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer: Option<Orgnr>,
    /// The supplier, when on behalf of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Orgnr>,
    /// The token's `jti`, when one was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Why none was: the code, or the error's name where it has no code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avslag: Option<String>,
    /// Whether the token is for one person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pid: bool,
}
