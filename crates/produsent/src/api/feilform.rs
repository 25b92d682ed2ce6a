//! Error bodies: one form for intake, another for feedback (producer sheet, sections 3.4 and 7.2).

use std::fmt::Write;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use web::accept::{Offer, negotiate};
use web::fault::{Call, ErrorForm, Fault};

/// What the classes of errors begin with.
const PAKKE: &str = "ske.folkeregister.mottak.infrastructure.exceptions";
/// What is said when the fault is the service's own (section 7.2).
const EGEN_FEIL: &str = "Feil i tjenesten. Vennligst prøv igjen seinere.";

/// The form of intake.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mottaksfeilform;

/// The form of feedback.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tilbakemeldingsfeilform;

/// The forms of feedback's errors, and whether they are XML.
const FORMER: [Offer<bool>; 3] = [
    Offer { media_type: "application/json", tag: false },
    Offer { media_type: "application/xml", tag: true },
    Offer { media_type: "application/atom+xml", tag: true },
];

/// Milliseconds, not seconds.
fn millisekunder(vent: Duration) -> HeaderValue {
    HeaderValue::from(u64::try_from(vent.as_millis()).unwrap_or(u64::MAX))
}

impl ErrorForm for Mottaksfeilform {
    /// Statuses outside the documented set become the nearest within it.
    fn render(&self, fault: Fault, _: Call<'_>) -> Response {
        let (status, klasse) = match fault {
            Fault::Unauthenticated => (StatusCode::UNAUTHORIZED, "ManglerAutentiseringException"),
            Fault::Forbidden => (StatusCode::FORBIDDEN, "KonsumentManglerTilgangException"),
            Fault::NotFound | Fault::MethodNotAllowed => (StatusCode::NOT_FOUND, "UkjentRessursException"),
            Fault::TooManyRequests { .. } | Fault::Overloaded => {
                (StatusCode::TOO_MANY_REQUESTS, "ForMangeKallException")
            }
            Fault::UrlTooLong | Fault::BodyTooLarge | Fault::SlowBody => {
                (StatusCode::BAD_REQUEST, "UgyldigXmlException")
            }
            Fault::Timeout | Fault::Internal | Fault::Unavailable => {
                (StatusCode::INTERNAL_SERVER_ERROR, "InternFeilException")
            }
        };
        mottaksfeil(status, klasse, fault.text(), &[])
    }

    fn retry_after(&self, wait: Duration) -> HeaderValue {
        millisekunder(wait)
    }
}

/// The error body of intake.
pub(super) fn mottaksfeil(
    status: StatusCode,
    klasse: &str,
    melding: &str,
    tillegg: &[(&str, String)],
) -> Response {
    let alvorlighetsgrad = if status.is_server_error() { "ERROR" } else { "WARNING" };
    let mut kropp = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<folkeregisterFeilmelding><httpStatus>{}</httpStatus><alvorlighetsgrad>{alvorlighetsgrad}</alvorlighetsgrad><feilkode>{PAKKE}.{klasse}</feilkode><feilmelding>{}</feilmelding><tilleggsinformasjon>",
        status.as_u16(),
        quick_xml::escape::escape(melding),
    );
    for (noekkel, verdi) in tillegg {
        let verdi = quick_xml::escape::escape(verdi.as_str());
        // Writing to memory does not fail.
        let _ = write!(kropp, "<entry><key>{noekkel}</key><value>{verdi}</value></entry>");
    }
    kropp.push_str("</tilleggsinformasjon></folkeregisterFeilmelding>");
    med_kropp(status, kropp, "application/xml")
}

impl ErrorForm for Tilbakemeldingsfeilform {
    fn render(&self, fault: Fault, call: Call<'_>) -> Response {
        let status = match fault.status() {
            StatusCode::METHOD_NOT_ALLOWED => StatusCode::NOT_FOUND,
            _ if matches!(fault, Fault::Overloaded) => StatusCode::TOO_MANY_REQUESTS,
            status if status.is_server_error() => StatusCode::INTERNAL_SERVER_ERROR,
            status if status == StatusCode::PAYLOAD_TOO_LARGE || status == StatusCode::REQUEST_TIMEOUT => {
                StatusCode::BAD_REQUEST
            }
            status => status,
        };
        let xml = negotiate(call.accept, &FORMER, 0).is_ok_and(|tilbud| tilbud.tag);
        tilbakemeldingsfeil(status, fault.text(), xml)
    }

    fn retry_after(&self, wait: Duration) -> HeaderValue {
        millisekunder(wait)
    }
}

/// The error body of feedback.
pub(super) fn tilbakemeldingsfeil(status: StatusCode, melding: &str, xml: bool) -> Response {
    let (kode, melding) = if status.is_server_error() {
        ("FREG-001".to_owned(), EGEN_FEIL)
    } else {
        (format!("FREG-{}", status.as_u16()), melding)
    };
    if xml {
        let melding = quick_xml::escape::escape(melding);
        let kropp = format!("<feil><kode>{kode}</kode><melding>{melding}</melding></feil>");
        return med_kropp(status, kropp, "application/xml");
    }
    med_kropp(status, json!({ "kode": kode, "melding": melding }).to_string(), "application/json")
}

pub(super) fn med_kropp(status: StatusCode, kropp: String, type_: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static(type_))], kropp).into_response()
}
