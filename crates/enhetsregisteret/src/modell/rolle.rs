//! The typed view of roles (fact sheet section 10.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tid::Date;

use super::enhet::{Kode, Kodeverdi};

/// The roles of one unit. The stored document, without links.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Roller {
    /// One group for each kind of role: the board, the managing director, the auditor …
    pub rollegrupper: Vec<Rollegruppe>,
}

/// Roles that belong together, such as the board.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rollegruppe {
    /// The kind of group.
    #[serde(rename = "type")]
    pub type_: Kode,
    /// When anything in the group last changed.
    #[schemars(with = "String")]
    pub sist_endret: Date,
    /// The roles, ordered by `rekkefolge`.
    pub roller: Vec<Rolle>,
}

/// One role: a person or a unit doing something for the unit. Exactly one of `person` and `enhet` is there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rolle {
    /// The kind of role.
    #[serde(rename = "type")]
    pub type_: Kode,
    /// The holder, when a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Rolleperson>,
    /// The holder, when a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enhet: Option<Rolleenhet>,
    /// A partner's share of the liability, percent or fraction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ansvarsandel: Option<String>,
    /// Whom a board member represents; `AREP` for the employees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valgt_av: Option<Kode>,
    /// Resigned, but still listed.
    #[serde(default)]
    pub fratraadt: bool,
    /// A de-registered auditor or accountant.
    #[serde(default)]
    pub avregistrert: bool,
    /// Place within the group, from 0.
    pub rekkefolge: u32,
}

/// A person who holds a role. Never with a person number in the open data.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rolleperson {
    /// Date of birth.
    #[schemars(with = "String")]
    pub fodselsdato: Date,
    /// The name.
    pub navn: Personnavn,
    /// Whether the person is dead.
    pub er_doed: bool,
}

impl std::fmt::Debug for Rolleperson {
    /// Without name and date: they are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rolleperson(…)")
    }
}

/// A person's name.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Personnavn {
    /// Given name.
    pub fornavn: String,
    /// Middle name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mellomnavn: Option<String>,
    /// Family name.
    pub etternavn: String,
}

/// A unit that holds a role.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rolleenhet {
    /// Nine digits.
    pub organisasjonsnummer: String,
    /// Its organisation form.
    pub organisasjonsform: Kodeverdi,
    /// Its name, line by line: a list here, unlike on the unit itself.
    pub navn: Vec<String>,
    /// Whether it is deleted.
    pub er_slettet: bool,
}
