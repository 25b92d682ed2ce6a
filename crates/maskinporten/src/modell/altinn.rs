//! What Altinn knows of system users and consents (sheet 13).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tid::Timestamp;

use super::Orgnr;

/// A vendor's system in the system register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// `<orgno>_<name>`.
    pub id: String,
    /// The vendor.
    pub vendor: Orgnr,
    /// What it is called.
    pub name: String,
    /// The clients that are this system; a client belongs to one system.
    pub client_ids: Vec<String>,
    /// When it was registered.
    pub created: Timestamp,
}

/// A system user: a customer has let a vendor's system act for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Systembruker {
    /// Its id, a UUID.
    pub id: String,
    /// The system.
    pub system_id: String,
    /// The vendor.
    pub vendor: Orgnr,
    /// The customer, who owns it.
    pub owner_org: Orgnr,
    /// What tells the customer's system users apart; by default its organisation number.
    pub external_ref: String,
    /// A deleted one counts no more.
    pub deleted: bool,
    /// When it was made.
    pub created: Timestamp,
}

/// A consent that somebody gave (sheet 13.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Samtykke {
    /// Its id, a UUID.
    pub id: String,
    /// Who gave it: `urn:altinn:person:identifier-no:…` or `urn:altinn:organization:identifier-no:…`.
    pub from: String,
    /// Who may use it.
    pub to: Orgnr,
    /// When it was given; `None`: not accepted yet.
    pub consented: Option<Timestamp>,
    /// When it ends.
    pub valid_to: Timestamp,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
    /// What it covers.
    pub rights: Vec<Samtykkerett>,
}

/// One thing that a consent covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Samtykkerett {
    /// What may be done.
    pub action: Vec<String>,
    /// With what.
    pub resource: Vec<Value>,
    /// Under which terms.
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

impl Samtykke {
    /// Whether it counts now.
    pub fn gjelder(&self, naa: Timestamp) -> bool {
        self.revoked.is_none() && naa < self.valid_to && self.consented.is_some_and(|da| da <= naa)
    }
}
