//! What the machinery answers below the register's prefix (fact sheet section 14.3).

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use web::fault::{Call, ErrorForm, Fault};

use super::kall;
use crate::Enhetsregister;

/// The register's error bodies for routes, methods, limits and failures.
pub struct Feilform(pub Arc<Enhetsregister>);

impl ErrorForm for Feilform {
    fn render(&self, fault: Fault, Call { path, trace, .. }: Call<'_>) -> Response {
        let status = fault.status();
        if fault == Fault::NotFound {
            return ukjent_rute(path);
        }
        let error = status.canonical_reason().unwrap_or("");
        let mut kropp = json!({
            "timestamp": self.0.naa().with_numeric_zone(),
            "status": status.as_u16(),
            "error": error,
            "message": if status == StatusCode::INTERNAL_SERVER_ERROR { error } else { fault.text() },
            "path": path,
        });
        if status.is_server_error() {
            kropp["trace"] = trace.into();
        }
        kall::json(status, &kropp)
    }
}

/// The problem-style body that the service gives for unknown routes since 2026.
fn ukjent_rute(path: &str) -> Response {
    let rute = path.trim_start_matches('/');
    let kropp = json!({
        "detail": format!("No static resource {rute}."),
        "instance": path,
        "status": 404,
        "title": "Not Found",
    });
    let mut svar = kall::json(StatusCode::NOT_FOUND, &kropp);
    svar.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    svar
}
