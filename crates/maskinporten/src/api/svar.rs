//! Answers in the three forms of this server's surfaces: the token endpoint's, the administration's, Altinn's.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use vakt::Denied;
use web::layers::RequestId;

use crate::admin::Avvist;
use crate::bevis::Avslag;
use crate::{Feil, Maskinporten};

/// JSON with a status.
pub fn json(status: StatusCode, kropp: &impl serde::Serialize) -> Response {
    let kropp = serde_json::to_vec(kropp).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], kropp).into_response()
}

/// JSON that must not be kept by anybody on the way (RFC 6749 section 5.1).
pub fn json_uten_lagring(status: StatusCode, kropp: &impl serde::Serialize) -> Response {
    let mut svar = json(status, kropp);
    svar.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    svar.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    svar
}

/// The correlation id of a request in the form of the token endpoint: 32 hexadecimal digits. It is the request id
/// where that is a UUID, and follows from it otherwise; the log has both.
pub fn spor(id: &RequestId) -> String {
    let uten_strek = id.as_str().replace('-', "").to_ascii_lowercase();
    if uten_strek.len() == 32 && uten_strek.bytes().all(|b| b.is_ascii_hexdigit()) {
        return uten_strek;
    }
    let avledet = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, id.as_str().as_bytes());
    let halve = avledet.as_ref().first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes));
    format!("{halve:032x}")
}

/// A refusal of the token endpoint (sheet 8.1), and its line in the log.
pub fn avslag(mp: &Maskinporten, avslag: &Avslag, spor: &str, id: &RequestId) -> Response {
    let merknad = avslag.merknad.as_deref().unwrap_or_default();
    let (kode, status) = (avslag.navn(), avslag.status);
    if status >= 500 {
        tracing::error!(target: "maskinporten", spor, request_id = id.as_str(), kode, status, merknad, "avslag");
    } else {
        tracing::info!(target: "maskinporten", spor, request_id = id.as_str(), kode, status, ?merknad, "avslag");
    }
    let mut kropp = json!({
        "error": avslag.error,
        "error_description": format!("{} (trace_id: {spor})", avslag.tekst),
    });
    if let Some(kode) = avslag.kode.filter(|_| mp.oppsett().error_uri) {
        kropp["error_uri"] = format!("{}errors/{kode}", mp.oppsett().utsteder).into();
    }
    let status = StatusCode::from_u16(avslag.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut svar = json_uten_lagring(status, &kropp);
    if let Some(sekunder) = avslag.vent {
        svar.headers_mut().insert(header::RETRY_AFTER, sekunder.into());
    }
    svar
}

/// What the administration answers instead of a result.
#[derive(Debug)]
pub enum Nei {
    /// The token is missing, does not hold, or gives no access; the surface's form of the fault is the answer.
    Nektet(Denied),
    /// The token gives no access to what the parameters name; the text is the real service's.
    IkkeTil(String),
    /// The operation refuses.
    Avvist(Avvist),
}

impl From<Denied> for Nei {
    fn from(nektet: Denied) -> Self {
        Self::Nektet(nektet)
    }
}

impl From<Avvist> for Nei {
    fn from(avvist: Avvist) -> Self {
        Self::Avvist(avvist)
    }
}

impl From<Feil> for Nei {
    fn from(feil: Feil) -> Self {
        Self::Avvist(feil.into())
    }
}

/// Status, short name and text of a refusal.
type Deler = (StatusCode, &'static str, String);

impl Nei {
    fn deler(self) -> Result<(Deler, Option<&'static str>), Denied> {
        let avvist = match self {
            Self::Nektet(nektet) => return Err(nektet),
            Self::IkkeTil(tekst) => return Ok(((StatusCode::FORBIDDEN, "insufficient_scope", tekst), None)),
            Self::Avvist(avvist) => avvist,
        };
        let felt = match &avvist {
            Avvist::Ugyldig { felt, .. } if !felt.is_empty() => Some(*felt),
            _ => None,
        };
        let (status, navn) = match &avvist {
            Avvist::Ugyldig { .. } => (StatusCode::BAD_REQUEST, "invalid_request"),
            Avvist::Ukjent(_) => (StatusCode::NOT_FOUND, "not_found"),
            Avvist::Forbudt(_) => (StatusCode::FORBIDDEN, "access_denied"),
            Avvist::Konflikt(_) | Avvist::Feil(Feil::Samtidig) => (StatusCode::CONFLICT, "conflict"),
            Avvist::Feil(Feil::Journal(_)) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            Avvist::Feil(feil) => {
                tracing::error!(target: "maskinporten", %feil, "et kall feilet");
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error")
            }
        };
        Ok(((status, navn, avvist.to_string()), felt))
    }

    /// In the form of the self-service API (sheet 11.7).
    pub fn som_selvbetjening(self, mp: &Maskinporten, spor: &str) -> Response {
        match self.deler() {
            Err(nektet) => nektet.into_response(),
            Ok(((status, navn, tekst), felt)) => {
                json(status, &selvbetjeningsfeil(mp, spor, (status, navn, &tekst), felt))
            }
        }
    }

    /// In Altinn's form, problem details (sheet 12.5).
    pub fn som_problem(self, spor: &str) -> Response {
        let ((status, _, tekst), felt) = match self.deler() {
            Err(nektet) => return nektet.into_response(),
            Ok(deler) => deler,
        };
        let mut kropp =
            json!({ "type": "about:blank", "title": tekst, "status": status.as_u16(), "traceId": spor });
        if let Some(felt) = felt {
            kropp["title"] = "One or more validation errors occurred.".into();
            kropp["errors"] = json!({ felt: [tekst] });
        }
        problem(status, &kropp)
    }
}

/// The body of section 11.7.
pub fn selvbetjeningsfeil(
    mp: &Maskinporten,
    spor: &str,
    (status, navn, tekst): (StatusCode, &str, &str),
    felt: Option<&str>,
) -> Value {
    json!({
        "status": status.as_u16(),
        "timestamp": crate::modell::tidstekst(mp.naa()),
        "correlation_id": spor,
        "errors": [{
            "errorMessage": tekst,
            "isFieldError": felt.is_some(),
            "objectName": felt.map(|_| "request"),
            "fieldIdentifier": felt,
        }],
        "error": navn,
        "error_description": tekst,
    })
}

fn problem(status: StatusCode, kropp: &Value) -> Response {
    let mut svar = json(status, kropp);
    svar.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    svar
}
