//! The shapes of answers on our own surface.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::api::skjema::{EndringstypeSvar, Lenke};
use crate::utvidet::hint::Hint;
use crate::utvidet::personer::Rolleinnehaver;

/// A page of a search.
#[derive(Debug, Serialize)]
pub struct Sokesvar {
    /// The units, under the name of their kind.
    #[serde(rename = "_embedded", skip_serializing_if = "Option::is_none")]
    pub innhold: Option<BTreeMap<&'static str, Vec<Box<RawValue>>>>,
    /// `self`, and `next` when there is more.
    #[serde(rename = "_links")]
    pub lenker: BTreeMap<&'static str, Lenke>,
    /// Sizes.
    pub page: Side,
    /// The moment.
    pub visning: Visningssvar,
    /// The counts that were asked for.
    pub fasetter: Vec<Fasettsvar>,
    /// What to know about the answer.
    pub hint: Vec<Hint>,
}

/// A page of people.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Personsvar {
    /// The people.
    #[serde(rename = "_embedded", skip_serializing_if = "Option::is_none")]
    pub innhold: Option<Personliste>,
    /// `self`, and `next` when there is more.
    #[serde(rename = "_links")]
    pub lenker: BTreeMap<&'static str, Lenke>,
    /// Sizes.
    pub page: Side,
    /// There are more units with somebody of the name than were looked through: people and roles may be missing.
    pub avkortet: bool,
}

/// People with roles in business.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Personliste {
    /// The people of the page.
    pub personer: Vec<Rolleinnehaver>,
}

/// Sizes of a search.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Elements on a full page.
    pub size: u64,
    /// All elements.
    pub total_elements: u64,
}

/// The moment a search looks at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Visningssvar {
    /// Units are shown as they were after this change.
    pub sekvensnummer: u64,
    /// Whether selection and order are those of the first page.
    pub fast: bool,
}

/// Hits counted by something.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fasettsvar {
    /// What they are counted by.
    pub navn: &'static str,
    /// The most frequent values, most frequent first.
    pub verdier: Vec<Fasettverdi>,
    /// Hits with other values.
    pub andre: u64,
    /// Hits without a value.
    pub uten: u64,
}

/// A value and how many hits have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fasettverdi {
    /// The value, as the search parameter takes it.
    pub verdi: String,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beskrivelse: Option<&'static str>,
    /// Hits.
    pub antall: u64,
}

/// A version of a document in its history.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersjonSvar {
    /// The change that wrote it.
    pub sekvensnummer: u64,
    /// When.
    pub tidspunkt: String,
    /// What the feed says about it.
    pub endringstype: EndringstypeSvar,
    /// What changed from the version before, as JSON Patch (RFC 6902).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endringer: Option<Vec<serde_json::Value>>,
    /// Link to the version.
    #[serde(rename = "_links")]
    pub lenker: BTreeMap<String, Lenke>,
}

/// Which version of a document was sent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersjonMerke {
    /// The change that wrote it.
    pub sekvensnummer: u64,
    /// When.
    pub tidspunkt: String,
}
