//! The shapes of answers, for the OpenAPI document.
//!
//! Units are sent as stored bytes with links put in, not by serialising these types; contract tests hold every
//! answer against the schemas made from them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::modell::enhet::{Enhet, Slettet, Underenhet};
use crate::modell::rolle::Rollegruppe;

/// A link.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lenke {
    /// Absolute address.
    pub href: String,
}

/// Links to self and others.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lenker {
    /// Where this is.
    #[serde(rename = "self")]
    pub selv: Lenke,
    /// Other links, by name.
    #[serde(flatten)]
    pub andre: std::collections::BTreeMap<String, Lenke>,
}

macro_rules! hal {
    ($(#[$dok:meta])* $navn:ident { $felt:ident: $type:ty } $klasse:ident = $verdi:literal) => {
        #[doc = concat!("`", $verdi, "`")]
        #[derive(Debug, Serialize, JsonSchema)]
        pub enum $klasse {
            #[doc = concat!("`", $verdi, "`")]
            #[serde(rename = $verdi)]
            Klasse,
        }

        $(#[$dok])*
        #[derive(Debug, Serialize, JsonSchema)]
        pub struct $navn {
            /// The fields.
            #[serde(flatten)]
            pub $felt: $type,
            /// Links.
            #[serde(rename = "_links")]
            pub lenker: Lenker,
            /// Tells live units from deleted ones.
            pub respons_klasse: $klasse,
        }
    };
}

hal!(
    /// A live main unit with links.
    EnhetSvar { enhet: Enhet } EnhetKlasse = "Enhet"
);
hal!(
    /// A live sub-unit with links.
    UnderenhetSvar { underenhet: Underenhet } UnderenhetKlasse = "Underenhet"
);
hal!(
    /// A deleted unit with links.
    SlettetSvar { slettet: Slettet } SlettetKlasse = "SlettetEnhet"
);

/// The body of 410: a unit that is removed from disclosure.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FjernetSvar {
    /// Nine digits.
    pub organisasjonsnummer: String,
    /// When it was removed.
    pub slettedato: String,
    /// Links.
    #[serde(rename = "_links")]
    pub lenker: Lenker,
}

/// The `page` object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Elements on a full page.
    pub size: u64,
    /// All elements; not capped.
    pub total_elements: u64,
    /// Pages of this size.
    pub total_pages: u64,
    /// This page, from 0.
    pub number: u64,
}

/// Roles with links.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RollerSvar {
    /// The groups.
    pub rollegrupper: Vec<Rollegruppe>,
    /// Links.
    #[serde(rename = "_links")]
    pub lenker: Lenker,
}

/// An entry of a unit feed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OppdateringSvar {
    /// The entry's number.
    pub oppdateringsid: u64,
    /// When it was published.
    pub dato: String,
    /// The unit.
    pub organisasjonsnummer: String,
    /// What happened.
    pub endringstype: EndringstypeSvar,
    /// What changed, as JSON Patch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endringer: Option<Vec<serde_json::Value>>,
    /// Link to the unit.
    #[serde(rename = "_links")]
    pub lenker: std::collections::BTreeMap<String, Lenke>,
}

/// What happened to a unit.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "the words are the feed's own, explained on crate::endring::Endringstype")]
pub enum EndringstypeSvar {
    Ukjent,
    Ny,
    Endring,
    Sletting,
    Fjernet,
}

/// An event of the role feed (CloudEvents 1.0).
#[derive(Debug, Serialize, JsonSchema)]
pub struct RollehendelseSvar {
    /// `1.0`.
    pub specversion: String,
    /// The event's number, as a string.
    pub id: String,
    /// Where the roles are.
    pub source: String,
    /// `no.brreg.enhetsregisteret.rolle.oppdatert`.
    #[serde(rename = "type")]
    pub type_: String,
    /// When.
    pub time: String,
    /// Which unit.
    pub data: RollehendelseData,
}

/// The unit of a role event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RollehendelseData {
    /// Nine digits.
    pub organisasjonsnummer: String,
}

/// A code.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KodeSvar {
    /// The code.
    pub kode: String,
    /// Its text.
    pub beskrivelse: String,
    /// When it expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utgaatt: Option<String>,
    /// Links.
    #[serde(rename = "_links")]
    pub lenker: Lenker,
}

/// A municipality.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KommuneSvar {
    /// Four digits.
    pub nummer: String,
    /// Upper case.
    pub navn: String,
    /// Links.
    #[serde(rename = "_links")]
    pub lenker: Lenker,
}

/// One invalid parameter.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValideringsfeilSvar {
    /// What is wrong.
    pub feilmelding: String,
    /// Which parameters.
    pub parametere: Vec<String>,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feilaktig_verdi: Option<String>,
}

/// The body of 400.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeilSvar {
    /// Milliseconds since 1970.
    pub tidsstempel: i64,
    /// 400.
    pub status: u16,
    /// `Feilaktig forespørsel`.
    pub feilmelding: String,
    /// The path of the call.
    pub sti: String,
    /// How many faults.
    pub antall_feil: u64,
    /// All of them.
    pub valideringsfeil: Vec<ValideringsfeilSvar>,
}

/// The body of 500 and 503.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ServerfeilSvar {
    /// When.
    pub timestamp: String,
    /// The status.
    pub status: u16,
    /// The status in words.
    pub error: String,
    /// What happened.
    pub message: String,
    /// The path of the call.
    pub path: String,
    /// To quote to those who run the service.
    pub trace: String,
}
