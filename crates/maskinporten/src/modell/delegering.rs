//! Altinn delegation (sheet 12): bundles of scopes, supplier links and delegations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tid::Timestamp;
use vakt::Scope;

use super::{Orgnr, Spraaktekst};

/// Texts in languages.
pub type Tekst = Vec<Spraaktekst>;

/// A delegation scheme, which is an API resource: a bundle of scopes under one title, the thing that is delegated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ressurs {
    /// The resource identifier.
    pub resourceid: String,
    /// The GUID of the scheme.
    pub delegation_scheme_id: String,
    /// The API owner.
    pub owner_org: Orgnr,
    /// The scopes; a scope may be in several bundles.
    pub scopes: Vec<Scope>,
    /// Its title in languages.
    pub title: Tekst,
    /// What it gives, in languages.
    pub description: Tekst,
    /// The language to fall back on.
    pub default_language: String,
    /// The login level that delegating it takes: 2, 3 or 4.
    pub required_security_level: u8,
    /// Whether it can be delegated now.
    pub delegable: bool,
    /// When it was registered.
    pub created: Timestamp,
    /// When it last changed.
    pub last_updated: Timestamp,
}

/// A supplier link: the consumer has added the supplier (sheet 12.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leverandor {
    /// Who gives.
    pub consumer_org: Orgnr,
    /// Who receives.
    pub supplier_org: Orgnr,
    /// When.
    pub created: Timestamp,
}

/// A delegation: the consumer lets the supplier use a resource in its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegering {
    /// Who gives.
    pub consumer_org: Orgnr,
    /// Who receives.
    pub supplier_org: Orgnr,
    /// What.
    pub resourceid: String,
    /// When.
    pub created: Timestamp,
    /// When it was taken back; then it counts no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
}

impl Delegering {
    /// Whether it counts.
    pub fn gjelder(&self) -> bool {
        self.revoked.is_none()
    }
}

/// A row of the look-up (sheet 12.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Oppslagsrad {
    /// Who gave.
    pub consumer_org: String,
    /// Who received.
    pub supplier_org: String,
    /// The scheme's GUID.
    #[serde(rename = "delegation_scheme_Id")]
    pub delegation_scheme_id: Option<String>,
    /// All scopes of the bundle.
    pub scopes: Vec<String>,
    /// When it was given.
    pub created: String,
    /// The resource identifier.
    pub resourceid: String,
}
