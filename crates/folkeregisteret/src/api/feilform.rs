//! Error bodies (consumer sheet, section 4.3).

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use web::accept::negotiate;
use web::fault::{Call, ErrorForm, Fault};

use super::medietyper::{Form, JSON, VANLIGE, XML};

/// The only code in any public source; given for every error.
pub(super) const KODE: &str = "FREG-001";
/// What is said when the fault is the service's own.
const EGEN_FEIL: &str = "Feil i tjenesten. Vennligst prøv igjen seinere.";

/// The register's error bodies for routes, methods, tokens, limits and failures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Feilform;

impl ErrorForm for Feilform {
    fn render(&self, fault: Fault, Call { path, trace, accept }: Call<'_>) -> Response {
        let status = fault.status();
        let form = negotiate(accept, &VANLIGE, 0).map_or(Form::Json, |tilbud| tilbud.tag);
        match fault {
            Fault::Unauthenticated | Fault::Forbidden if form == Form::Json => tilgang(status, fault.text()),
            Fault::NotFound if form == Form::Json && path.contains("/hendelser/feed/") => {
                let kropp = json!({
                    "httpStatus": status.as_u16(),
                    "code": KODE,
                    "message": fault.text(),
                    "feilreferanse": trace,
                });
                med_kropp(status, kropp.to_string(), JSON)
            }
            _ if status.is_server_error() => generell(status, EGEN_FEIL, form),
            _ => generell(status, fault.text(), form),
        }
    }

    /// Milliseconds, not seconds (section 4.2).
    fn retry_after(&self, wait: Duration) -> HeaderValue {
        HeaderValue::from(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
    }
}

/// 401 and 403: the general body, and beside it the members of `FolkeregisterFeilmelding`, which some clients read.
fn tilgang(status: StatusCode, tekst: &str) -> Response {
    let kropp = json!({
        "kode": KODE,
        "melding": tekst,
        "httpStatus": status.as_u16(),
        "alvorlighetsgrad": "WARNING",
        "feilkode": KODE,
        "feilmelding": tekst,
        "tilleggsinformasjon": {},
    });
    med_kropp(status, kropp.to_string(), JSON)
}

/// The general body.
pub(super) fn generell(status: StatusCode, melding: &str, form: Form) -> Response {
    if form.er_xml() {
        let melding = quick_xml::escape::escape(melding);
        let kropp = format!(
            "{}<feil><kode>{KODE}</kode><melding>{melding}</melding></feil>",
            super::kall::XML_DEKLARASJON
        );
        return med_kropp(status, kropp, XML);
    }
    med_kropp(status, json!({ "kode": KODE, "melding": melding }).to_string(), JSON)
}

/// The general body of the service's own faults.
pub(super) fn egen_feil(form: Form) -> Response {
    generell(StatusCode::INTERNAL_SERVER_ERROR, EGEN_FEIL, form)
}

pub(super) fn med_kropp(status: StatusCode, kropp: impl Into<bytes::Bytes>, type_: &'static str) -> Response {
    let kropp: bytes::Bytes = kropp.into();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static(type_))], kropp).into_response()
}
