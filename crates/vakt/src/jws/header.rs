//! The header of a signature (sheet section 4.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Algorithm, Refused};
use crate::json::Object;

/// Most certificates in a header (sheet section 4.4).
const CERTIFICATES_MAX: usize = 5;
/// Largest certificate, in bytes (sheet section 4.4).
const CERTIFICATE_BYTES_MAX: usize = 8 * 1024;
/// Extensions that change what the signature is over, or demand that the reader knows something.
const CHANGING: [&str; 4] = ["crit", "b64", "enc", "zip"];

/// What a header says that anything may be made of. `jwk`, `jku`, `x5u` and thumbprints are not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// The method, by the name the sender gave it.
    pub alg: String,
    /// Which key, by the name the sender gave it. Only to be compared.
    pub kid: Option<String>,
    /// What kind of thing this is, e.g. `JWT`.
    pub typ: Option<String>,
    /// The sender's certificates.
    pub x5c: CertificateChain,
    changed: bool,
}

/// The member `x5c`.
#[derive(Clone, PartialEq, Eq)]
pub enum CertificateChain {
    /// It is not there.
    Absent,
    /// It is there and is not a list of one to five texts in standard base64, each at most 8 KiB.
    Malformed,
    /// The certificates in DER, the sender's own first. Unverified, and not even known to be certificates.
    Der(Vec<Vec<u8>>),
}

impl Header {
    /// `None` if `alg` is missing, a member has the wrong type, or the payload is said to be nested.
    pub(super) fn read(members: &Object) -> Option<Self> {
        let text = |name: &str| match members.get(name) {
            None => Some(None),
            Some(Value::String(text)) => Some(Some(text.clone())),
            Some(_) => None,
        };
        let nested = text("cty")?.is_some_and(|kind| kind.eq_ignore_ascii_case("JWT"));
        if nested {
            return None;
        }
        Some(Self {
            alg: text("alg")??,
            kid: text("kid")?,
            typ: text("typ")?,
            x5c: CertificateChain::read(members.get("x5c")),
            changed: CHANGING.iter().any(|name| members.contains_key(*name)),
        })
    }

    /// Whether `typ` is left out or says `JWT`, in any case.
    pub fn is_plain_jwt(&self) -> bool {
        self.typ.as_ref().is_none_or(|kind| kind.eq_ignore_ascii_case("JWT"))
    }

    pub(super) fn algorithm(&self) -> Result<Algorithm, Refused> {
        Algorithm::named(&self.alg).filter(|_| !self.changed).ok_or(Refused)
    }
}

impl CertificateChain {
    /// Reads the member, of a header or of a registered key.
    pub fn read(member: Option<&Value>) -> Self {
        let Some(member) = member else { return Self::Absent };
        let list = member.as_array().filter(|list| (1..=CERTIFICATES_MAX).contains(&list.len()));
        let der = |text: &Value| {
            let der = STANDARD.decode(text.as_str()?).ok()?;
            (1..=CERTIFICATE_BYTES_MAX).contains(&der.len()).then_some(der)
        };
        list.and_then(|list| list.iter().map(der).collect()).map_or(Self::Malformed, Self::Der)
    }

    /// The member's value for a chain.
    pub fn to_json(chain: &[Vec<u8>]) -> Value {
        chain.iter().map(|der| STANDARD.encode(der)).collect()
    }
}

impl std::fmt::Debug for Header {
    /// Only what cannot be personal or abused; a key identifier can hold anything.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let chain = match &self.x5c {
            CertificateChain::Absent => "absent",
            CertificateChain::Malformed => "malformed",
            CertificateChain::Der(_) => "present",
        };
        let algorithm = Algorithm::named(&self.alg);
        f.debug_struct("Header")
            .field("algorithm", &algorithm)
            .field("has_kid", &self.kid.is_some())
            .field("x5c", &chain)
            .finish_non_exhaustive()
    }
}
