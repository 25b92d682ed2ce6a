//! What the machinery answers below each surface's prefix, in the surface's own form.

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use web::fault::{Call, ErrorForm, Fault};

use super::svar;
use crate::Maskinporten;

/// The token endpoint's form: never HTML, never empty (sheet 8.1).
pub struct Feilform;

impl ErrorForm for Feilform {
    fn render(&self, fault: Fault, Call { trace, .. }: Call<'_>) -> Response {
        let kropp = json!({
            "error": navn(fault),
            "error_description": format!("{} (trace_id: {})", fault.text(), trace.replace('-', "")),
        });
        svar::json_uten_lagring(fault.status(), &kropp)
    }
}

/// The self-service API's form (sheet 11.7).
pub struct Selvbetjeningsform(pub Arc<Maskinporten>);

impl ErrorForm for Selvbetjeningsform {
    fn render(&self, fault: Fault, Call { trace, .. }: Call<'_>) -> Response {
        let status = fault.status();
        let kropp = svar::selvbetjeningsfeil(&self.0, trace, (status, navn(fault), fault.text()), None);
        svar::json(status, &kropp)
    }
}

/// Altinn's form is that of problem details, as the machinery's own.
pub type Altinnform = web::fault::Problem;

fn navn(fault: Fault) -> &'static str {
    match fault.status() {
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => "temporarily_unavailable",
        StatusCode::UNAUTHORIZED => "invalid_token",
        StatusCode::FORBIDDEN => "insufficient_scope",
        status if status.is_server_error() => "server_error",
        StatusCode::NOT_FOUND => "not_found",
        _ => "invalid_request",
    }
}
