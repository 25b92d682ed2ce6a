//! The catalogue of refusals at the token endpoint (sheet section 8.2), texts byte for byte.
//!
//! Which check leads to which of them, and in what order, stands in [`super`]. The correlation id at the end of
//! the text is put there when the answer is written.

use std::borrow::Cow;

use vakt::Scope;

use crate::Feil;
use crate::modell::Orgnr;

/// Most characters of a caller's text that an answer repeats.
const GJENGITT_MAKS: usize = 200;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avslag {
    /// The status.
    pub status: u16,
    /// The member `error`.
    pub error: &'static str,
    /// The code in `error_uri`, where there is one.
    pub kode: Option<&'static str>,
    /// The stable part of `error_description`.
    pub tekst: Cow<'static, str>,
    /// Seconds after which it makes sense to try again.
    pub vent: Option<u32>,
    /// What people who read the log need beside the text. Never a secret, a token or a person number.
    pub merknad: Option<String>,
}

const fn rad(status: u16, error: &'static str, kode: Option<&'static str>, tekst: &'static str) -> Avslag {
    Avslag { status, error, kode, tekst: Cow::Borrowed(tekst), vent: None, merknad: None }
}

const fn skjemafeil(tekst: &'static str) -> Avslag {
    rad(400, "invalid_request", None, tekst)
}

const fn bevis(kode: Option<&'static str>, tekst: &'static str) -> Avslag {
    rad(400, "invalid_grant", kode, tekst)
}

/// The form of the request: no code, free text.
pub const INNHOLDSTYPE: Avslag = skjemafeil("Content-Type must be application/x-www-form-urlencoded");
/// A body that is encoded is not decoded.
pub const INNHOLDSKODING: Avslag = skjemafeil("Content-Encoding is not supported");
/// The body could not be read as a form.
pub const SKJEMA: Avslag = skjemafeil("The request body is not a form");
/// Form field that must be there.
pub const UTEN_GRANT_TYPE: Avslag = skjemafeil("Missing parameter grant_type");
/// Form field that must be there.
pub const UTEN_ASSERTION: Avslag = skjemafeil("Missing parameter assertion");
/// The assertion is longer than any that means something.
pub const FOR_LANGT_BEVIS: Avslag = skjemafeil("Invalid assertion. Too long");
/// `client_id` of the form is another than `iss` of the grant.
pub const ANNEN_CLIENT_ID: Avslag = skjemafeil("Parameter client_id does not match claim iss");
/// Another grant type than the one there is.
pub const GRANT_TYPE: Avslag = rad(
    400,
    "unsupported_grant_type",
    None,
    "Unsupported grant_type. Use urn:ietf:params:oauth:grant-type:jwt-bearer",
);
/// MP-011: the grant is not well formed.
pub const VERDI: Avslag =
    rad(400, "invalid_request", Some("MP-011"), "Invalid assertion. Invalid parameter value");
/// The client acts on behalf of itself.
pub const EGEN_KONSUMENT: Avslag = skjemafeil(
    "Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client is invalid",
);
/// Scopes of one request with different delegation sources: the claim holds one.
pub const FLERE_KILDER: Avslag =
    skjemafeil("Invalid assertion. Scopes with different delegation sources in one request");
/// The old internal supplier scheme does not work for these clients.
pub const ISS_ONBEHALFOF: Avslag =
    skjemafeil("Invalid assertion. Claim iss_onbehalfof is not supported for Maskinporten clients");
/// MP-012: replay.
pub const BRUKT: Avslag = bevis(Some("MP-012"), "Grant is used before");
/// MP-100.
pub const UKJENT_KLIENT: Avslag =
    bevis(Some("MP-100"), "Invalid assertion. Client authentication failed. Client not found");
/// MP-110.
pub const AUD: Avslag =
    bevis(Some("MP-110"), "Invalid assertion. Client authentication failed. Invalid JWT claim aud");
/// MP-120.
pub const SERTIFIKAT: Avslag = bevis(
    Some("MP-120"),
    "Invalid assertion. Client authentication failed. The JWT is signed with an invalid certificate.",
);
/// MP-121.
pub const UTLOPT_NOKKEL: Avslag =
    bevis(Some("MP-121"), "Invalid assertion. Client authentication failed. Expired key");
/// MP-122.
pub const SERTIFIKATETS_ORGNR: Avslag = bevis(
    Some("MP-122"),
    "Invalid JWT. Invalid organization number for client. Does not match certificate orgno",
);
/// MP-123.
pub const X5C: Avslag = bevis(Some("MP-123"), "Invalid JWT header x5c");
/// MP-124.
pub const SIGNATUR: Avslag =
    bevis(Some("MP-124"), "Invalid assertion. Client authentication failed. Invalid JWT signature.");
/// `kid` is none of the client's.
pub const UKJENT_KID: Avslag =
    bevis(None, "Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client.");
/// A client with registered keys did not name one.
pub const UTEN_KID: Avslag = bevis(
    None,
    "Invalid assertion. Client authentication failed. Invalid JWT. The client requires pre-registered jwk and no key identifier (kid) provided",
);
/// MP-130.
pub const UTLOPT: Avslag = bevis(Some("MP-130"), "JWT is expired");
/// `iat` or `nbf` is too far ahead.
pub const FRAM_I_TID: Avslag = bevis(None, "Issue time is after now");
/// `exp` is not after `iat`, or too long after it.
pub const FOR_LANG_LEVETID: Avslag =
    bevis(None, "Invalid assertion. Lifetime of the JWT must be positive and at most 120 seconds");
/// MP-301.
pub const RAR_TYPE: Avslag =
    rad(400, "invalid_authorization_details", Some("MP-301"), "Unknown authorization details type");
/// MP-302.
pub const RAR_FELT: Avslag =
    rad(400, "invalid_authorization_details", Some("MP-302"), "Unknown fields in the authorization details");

impl Avslag {
    /// The same with a note for the log.
    #[must_use]
    pub fn merk(mut self, merknad: impl Into<String>) -> Self {
        self.merknad = Some(merknad.into());
        self
    }

    /// A form parameter that was given twice.
    pub fn gjentatt(navn: &str) -> Self {
        Self { tekst: format!("Repeated parameter {}", gjengi(navn)).into(), ..SKJEMA }
    }

    /// A claim that grants do not have (sheet 4.2, newest rule).
    pub fn ukjent_krav(navn: &str) -> Self {
        Self { tekst: format!("Invalid assertion. Unsupported claim {}", gjengi(navn)).into(), ..VERDI }
    }

    /// MP-200, naming the scope.
    pub fn scope(navn: &str) -> Self {
        let tekst = format!("Token request contains invalid scopes for client, {}", gjengi(navn));
        Self { tekst: tekst.into(), ..rad(400, "invalid_scope", Some("MP-200"), "") }
    }

    /// MP-201.
    pub fn scope_for_innlogging(scope: &Scope) -> Self {
        let merknad = format!("scope {scope}");
        rad(
            400,
            "invalid_scope",
            Some("MP-201"),
            "Token request contains scopes not allowed for maskinporten",
        )
        .merk(merknad)
    }

    /// MP-250.
    pub fn tilgang(scope: &Scope) -> Self {
        let tekst = format!("Consumer has not been granted access to the scope {scope}.");
        Self { tekst: tekst.into(), ..rad(403, "forbidden", Some("MP-250"), "") }
    }

    /// MP-251.
    pub fn delegering(consumer: Orgnr, scope: &Scope, supplier: Orgnr) -> Self {
        let tekst = format!(
            "Consumer {consumer} has not delegated access to the scope {scope} to supplier {supplier}."
        );
        Self { tekst: tekst.into(), ..rad(403, "forbidden", Some("MP-251"), "") }
    }

    /// MP-303: a value of the authorization details that is wrong in itself.
    pub fn rar_verdi(hvilken: &str) -> Self {
        let tekst = format!("Invalid authorization details values: {hvilken}");
        Self { tekst: tekst.into(), ..rad(400, "invalid_authorization_details", Some("MP-303"), "") }
    }

    /// MP-303: Altinn knows no system user or consent like that; says which of the causes it was.
    pub fn rar_oppsett(hvorfor: &str) -> Self {
        let tekst = format!("Invalid authorization details values: {hvorfor}");
        Self { tekst: tekst.into(), ..rad(400, "invalid_altinn_customer_configuration", Some("MP-303"), "") }
    }

    /// Too many grants (sheet 8.3).
    pub fn for_mange(vent: u32) -> Self {
        Self { vent: Some(vent), ..rad(429, "temporarily_unavailable", None, "Too many requests") }
    }

    /// The name of the refusal in trail and log.
    pub fn navn(&self) -> &'static str {
        self.kode.unwrap_or(self.error)
    }
}

impl From<Feil> for Avslag {
    fn from(feil: Feil) -> Self {
        let avslag = match &feil {
            Feil::Journal(_) | Feil::Samtidig | Feil::Avbrutt => {
                let tekst = "The service is temporarily unavailable";
                Self { vent: Some(1), ..rad(503, "temporarily_unavailable", None, tekst) }
            }
            Feil::Post { .. } | Feil::Nokkel(_) => rad(500, "server_error", None, "Internal error"),
        };
        avslag.merk(feil.to_string())
    }
}

/// A caller's text, fit to be repeated: printable, without markup, not long.
fn gjengi(tekst: &str) -> String {
    let trygg = |c: char| !c.is_control() && !matches!(c, '<' | '>' | '&' | '"' | '\'' | '\\');
    tekst.chars().filter(|c| trygg(*c)).take(GJENGITT_MAKS).collect()
}
