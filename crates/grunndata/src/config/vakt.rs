//! `[vakt]`

use std::path::PathBuf;

use ::vakt::keys::Address;

use super::read::Reader;
use crate::failure::Failure;

/// The guard before closed registers.
#[derive(Debug, Clone)]
pub struct Vakt {
    /// Other issuers than our own.
    pub issuers: Vec<String>,
    /// Delegation sources that are believed besides our own.
    pub delegation_sources: Vec<String>,
    /// Suppliers without a delegation source are believed of other issuers.
    pub supplier_without_source: bool,
    /// How far clocks may be apart, in seconds.
    pub leeway_s: i64,
    /// Tokens that are remembered.
    pub tokens_max: usize,
    /// Simultaneous calls of an organisation and API; 0: no limit.
    pub calls_max: u32,
    /// Requests a minute from an address; 0: no limit.
    pub per_minute: u32,
    /// Nodes that calls are spread over.
    pub nodes: u32,
    /// Where opaque tokens are asked about.
    pub introspection: Option<Introspeksjon>,
}

/// The introspection endpoint of the first of the other issuers.
#[derive(Debug, Clone)]
pub struct Introspeksjon {
    /// The endpoint.
    pub at: Address,
    /// Our client there.
    pub client_id: String,
    /// Its key.
    pub key: PathBuf,
}

const ISSUERS: &str = "issuers separated by spaces, such as https://test.maskinporten.no/";

/// Reads and checks the table.
pub(super) fn check(r: &Reader<'_>) -> Result<Vakt, Failure> {
    let issuers = r.checked("vakt.utstedere", ISSUERS, |text| {
        let list: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        list.iter().all(|issuer| Address::parse(issuer).is_ok()).then_some(list)
    })?;
    Ok(Vakt {
        introspection: introspection(r, issuers.is_empty())?,
        issuers,
        delegation_sources: super::maskinporten::words(r, "vakt.delegeringskilder")?,
        supplier_without_source: r.truth("vakt.leverandor_uten_kilde")?,
        leeway_s: i64::try_from(r.whole("vakt.klokkeslingring_s", 0..=300)?).unwrap_or(0),
        tokens_max: r.whole("vakt.tokener_maks", 0..=10_000_000)? as usize,
        calls_max: r.whole("vakt.samtidige_maks", 0..=100_000)? as u32,
        per_minute: r.whole("vakt.adresse_per_minutt", 0..=100_000_000)? as u32,
        nodes: r.whole("vakt.noder", 1..=1_000)? as u32,
    })
}

fn introspection(r: &Reader<'_>, nobody: bool) -> Result<Option<Introspeksjon>, Failure> {
    const AT: &str = "empty or an address such as https://as.example.no/tokenintrospect";
    let at = r.optional("vakt.introspeksjon", AT, |text| Address::parse(text).ok())?;
    let text = |key: &str| r.optional(key, "a text", |text| Some(text.to_owned()));
    match (at, text("vakt.introspeksjon_klient")?, text("vakt.introspeksjon_nokkel_fil")?) {
        (None, None, None) => Ok(None),
        (Some(at), Some(client_id), Some(key)) if !nobody => {
            Ok(Some(Introspeksjon { at, client_id, key: key.into() }))
        }
        _ => Err(Failure::usage(
            "of the keys vakt.introspeksjon… some are set, and not all that are needed",
            "set vakt.utstedere, vakt.introspeksjon, vakt.introspeksjon_klient and vakt.introspeksjon_nokkel_fil, or none",
        )),
    }
}
