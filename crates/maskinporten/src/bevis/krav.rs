//! The claims of a grant (sheet 4.2): which there are, and of which type. What they say is judged later.

use serde_json::Value;
use vakt::json::{Object, seconds};

use super::avslag::{Avslag, VERDI};

/// Longest text of a claim, in bytes (sheet section 19).
const TEKST_MAKS: usize = 2048;
/// Most resources.
const RESSURSER_MAKS: usize = 10;
/// Longest `scope`, in bytes: a hundred of the longest names and the spaces between them.
const SCOPE_MAKS: usize = 100 * 256;

/// The claims there may be. Others are refused (conflict 13 of sheet section 18).
const KJENTE: &[&str] = &[
    "aud",
    "iss",
    "sub",
    "iat",
    "exp",
    "nbf",
    "jti",
    "scope",
    "resource",
    "pid",
    "consumer_org",
    "iss_onbehalfof",
    "authorization_details",
];

/// The claims of a grant.
#[derive(Clone)]
pub struct Krav {
    /// As sent: its type is judged with its value.
    pub aud: Value,
    /// The client.
    pub iss: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// From when it is good.
    pub nbf: Option<i64>,
    /// What is asked for, separated by white space. A grant must have it; an assertion of who calls has none.
    pub scope: Option<String>,
    /// Its own id.
    pub jti: Option<String>,
    /// The audiences that the token is to be restricted to; empty: none.
    pub resource: Vec<String>,
    /// The person that the token is to be restricted to.
    pub pid: Option<String>,
    /// On whose behalf.
    pub consumer_org: Option<String>,
    /// The old internal supplier scheme is asked for.
    pub iss_onbehalfof: bool,
    /// What Altinn shall confirm.
    pub authorization_details: Option<Vec<Value>>,
}

impl Krav {
    /// Reads the claims.
    ///
    /// # Errors
    /// MP-011 when one is missing, has the wrong type or is not one of grants.
    pub fn les(felt: &Object) -> Result<Self, Avslag> {
        if let Some(fremmed) = felt.keys().find(|navn| !KJENTE.contains(&navn.as_str())) {
            return Err(Avslag::ukjent_krav(fremmed));
        }
        let krav = Self {
            aud: felt.get("aud").cloned().ok_or_else(|| mangler("aud"))?,
            iss: tekst(felt, "iss")?.ok_or_else(|| mangler("iss"))?,
            iat: tid(felt, "iat")?.ok_or_else(|| mangler("iat"))?,
            exp: tid(felt, "exp")?.ok_or_else(|| mangler("exp"))?,
            nbf: tid(felt, "nbf")?,
            scope: scope(felt)?,
            jti: tekst(felt, "jti")?,
            resource: ressurser(felt)?,
            pid: tekst(felt, "pid")?,
            consumer_org: tekst(felt, "consumer_org")?,
            iss_onbehalfof: tekst(felt, "iss_onbehalfof")?.is_some(),
            authorization_details: detaljer(felt)?,
        };
        if krav.jti.as_deref() == Some("") {
            return Err(VERDI.merk("jti is empty"));
        }
        match tekst(felt, "sub")? {
            Some(sub) if sub != krav.iss => Err(VERDI.merk("sub is not iss")),
            _ => Ok(krav),
        }
    }

    /// The scopes asked for, as they were written.
    pub fn scope(&self) -> &str {
        self.scope.as_deref().unwrap_or_default()
    }
}

impl std::fmt::Debug for Krav {
    /// Without the person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Krav").field("iss", &self.iss).field("scope", &self.scope).finish_non_exhaustive()
    }
}

pub(super) fn mangler(navn: &str) -> Avslag {
    VERDI.merk(format!("claim {navn} is missing"))
}

fn feil_type(navn: &str) -> Avslag {
    VERDI.merk(format!("claim {navn} has the wrong type or length"))
}

fn tekst(felt: &Object, navn: &str) -> Result<Option<String>, Avslag> {
    match felt.get(navn) {
        None => Ok(None),
        Some(Value::String(tekst)) if tekst.len() <= TEKST_MAKS => Ok(Some(tekst.clone())),
        Some(_) => Err(feil_type(navn)),
    }
}

fn tid(felt: &Object, navn: &str) -> Result<Option<i64>, Avslag> {
    felt.get(navn).map(|verdi| seconds(verdi).ok_or_else(|| feil_type(navn))).transpose()
}

fn scope(felt: &Object) -> Result<Option<String>, Avslag> {
    match felt.get("scope") {
        None => Ok(None),
        Some(Value::String(tekst)) if tekst.len() <= SCOPE_MAKS => Ok(Some(tekst.clone())),
        Some(_) => Err(feil_type("scope")),
    }
}

fn ressurser(felt: &Object) -> Result<Vec<String>, Avslag> {
    let feil = || feil_type("resource");
    let en = |verdi: &Value| {
        verdi.as_str().filter(|tekst| tekst.len() <= TEKST_MAKS).map(str::to_owned).ok_or_else(feil)
    };
    match felt.get("resource") {
        None => Ok(Vec::new()),
        Some(Value::Array(liste)) if (1..=RESSURSER_MAKS).contains(&liste.len()) => {
            liste.iter().map(en).collect()
        }
        Some(Value::Array(_)) => Err(feil()),
        Some(annet) => Ok(vec![en(annet)?]),
    }
}

fn detaljer(felt: &Object) -> Result<Option<Vec<Value>>, Avslag> {
    match felt.get("authorization_details") {
        None => Ok(None),
        Some(Value::Array(liste)) => Ok(Some(liste.clone())),
        Some(_) => Err(feil_type("authorization_details")),
    }
}
