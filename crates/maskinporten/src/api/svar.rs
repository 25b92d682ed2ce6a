//! Answers in the three forms of this server's surfaces: the token endpoint's, the administration's, Altinn's.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use web::layers::RequestId;

use crate::Maskinporten;
use crate::admin::Avvist;
use crate::bevis::Avslag;

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
    avledet.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
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
    /// No token, or not a good one: 401.
    UtenToken(&'static str),
    /// The token does not allow it: 403.
    UtenScope(String),
    /// The operation refuses.
    Avvist(Avvist),
}

impl<T: Into<Avvist>> From<T> for Nei {
    fn from(avvist: T) -> Self {
        Self::Avvist(avvist.into())
    }
}

impl Nei {
    /// The status, the short name and the text.
    fn deler(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::UtenToken(tekst) => (StatusCode::UNAUTHORIZED, "invalid_token", (*tekst).to_owned()),
            Self::UtenScope(tekst) => (StatusCode::FORBIDDEN, "insufficient_scope", tekst.clone()),
            Self::Avvist(avvist) => {
                let (status, navn) = match avvist {
                    Avvist::Ugyldig { .. } => (StatusCode::BAD_REQUEST, "invalid_request"),
                    Avvist::Ukjent(_) => (StatusCode::NOT_FOUND, "not_found"),
                    Avvist::Forbudt(_) => (StatusCode::FORBIDDEN, "access_denied"),
                    Avvist::Konflikt(_) | Avvist::Feil(crate::Feil::Samtidig) => {
                        (StatusCode::CONFLICT, "conflict")
                    }
                    Avvist::Feil(crate::Feil::Journal(_)) => {
                        (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
                    }
                    Avvist::Feil(feil) => {
                        tracing::error!(target: "maskinporten", %feil, "et kall feilet");
                        (StatusCode::INTERNAL_SERVER_ERROR, "server_error")
                    }
                };
                (status, navn, avvist.to_string())
            }
        }
    }

    /// In the form of the self-service API (sheet 11.7).
    pub fn som_selvbetjening(&self, mp: &Maskinporten, spor: &str) -> Response {
        let (status, navn, tekst) = self.deler();
        let felt = match self {
            Self::Avvist(Avvist::Ugyldig { felt, .. }) => Some(*felt),
            _ => None,
        };
        let kropp = json!({
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
        });
        self.med_utfordring(json(status, &kropp))
    }

    /// In Altinn's form, problem details (sheet 12.5).
    pub fn som_problem(&self, spor: &str) -> Response {
        let (status, _, tekst) = self.deler();
        let mut kropp = json!({
            "type": "about:blank",
            "title": tekst,
            "status": status.as_u16(),
            "traceId": spor,
        });
        if let Self::Avvist(Avvist::Ugyldig { felt, tekst }) = self
            && !felt.is_empty()
        {
            kropp["title"] = "One or more validation errors occurred.".into();
            kropp["errors"] = json!({ *felt: [tekst] });
        }
        self.med_utfordring(problem(status, &kropp))
    }

    /// A 401 and a lack of scope say how to do better (RFC 6750 section 3).
    fn med_utfordring(&self, mut svar: Response) -> Response {
        let utfordring = match self {
            Self::UtenToken(_) => "Bearer error=\"invalid_token\"",
            Self::UtenScope(_) => "Bearer error=\"insufficient_scope\"",
            Self::Avvist(_) => return svar,
        };
        svar.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(utfordring));
        svar
    }
}

fn problem(status: StatusCode, kropp: &Value) -> Response {
    let mut svar = json(status, kropp);
    svar.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    svar
}
