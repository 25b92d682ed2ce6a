//! Clients (sheet 11.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tid::Timestamp;
use vakt::Scope;

use super::{Nokkelsett, Orgnr};

/// The one integration type this server issues tokens for.
pub const MASKINPORTEN: &str = "maskinporten";

/// A client: an organisation's software, with the scopes it may ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Klient {
    /// Its id: a UUID, or older free text.
    pub client_id: String,
    /// Which product it is for; tokens are issued to `maskinporten` only.
    pub integration_type: String,
    /// What its owner calls it.
    pub client_name: String,
    /// What it is for.
    pub description: String,
    /// A page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// The scopes it may ask for.
    pub scopes: Vec<Scope>,
    /// The lifetime of its tokens in seconds, unless a scope caps it.
    pub access_token_lifetime: u64,
    /// The organisation that the client belongs to: the consumer of its own tokens.
    pub client_orgno: Orgnr,
    /// The supplier that runs the client for `client_orgno`, when it was made with `idporten:dcr.supplier`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier_orgno: Option<Orgnr>,
    /// Clients are deactivated, never erased.
    pub active: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it or its keys last changed.
    pub last_updated: Timestamp,
    /// Members that other products use: accepted, kept, given back, without effect here.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub ovrige: Map<String, Value>,
}

impl Klient {
    /// The organisation that runs the software and holds its key: the supplier where there is one.
    pub fn driver(&self) -> Orgnr {
        self.supplier_orgno.unwrap_or(self.client_orgno)
    }
}

/// A client as it is stored: with its keys, so that a grant is judged by one whole state of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lagretklient {
    /// The client.
    pub klient: Klient,
    /// Its registered keys; `None` when none were ever registered or all were deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Nokkelsett>,
    /// Entries of the old internal supplier scheme: kept, without effect (sheet 11.4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub onbehalfof: Vec<Onbehalfof>,
}

impl Lagretklient {
    /// Whether the client must sign with a registered key.
    pub fn har_nokler(&self) -> bool {
        self.jwks.as_ref().is_some_and(|sett| !sett.keys.is_empty())
    }
}

/// An entry of the old internal supplier scheme (sheet 11.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Onbehalfof {
    /// The entry's own name.
    pub onbehalfof: String,
    /// What it is shown as.
    #[serde(default, alias = "display_name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The customer's organisation number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orgno: Option<String>,
    /// A page about the customer.
    #[serde(default, alias = "url", skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A text in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spraaktekst {
    /// `nb_NO`, `nn_NO` or `en`.
    pub code: String,
    /// The text.
    pub value: String,
}
