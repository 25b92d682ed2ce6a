//! The metadata and the keys (sheet 2.3 and 2.4).

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use web::layers::RequestId;

use super::{Api, svar};
use crate::Oppsett;
use crate::bevis::{GRANT, rar};

/// Readers may keep keys and metadata for an hour: well within the days that the next key is published before it
/// signs (sheet 2.5).
const HOLDBAR: &str = "public, max-age=3600";

/// The document.
pub fn dokument(oppsett: &Oppsett) -> Value {
    let utsteder = &oppsett.utsteder;
    json!({
        "issuer": utsteder,
        "token_endpoint": format!("{utsteder}token"),
        "jwks_uri": format!("{utsteder}jwk"),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "grant_types_supported": [GRANT],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "RS512"],
        "authorization_details_types_supported": rar::TYPER,
    })
}

/// `GET /.well-known/oauth-authorization-server`
pub async fn get(State(api): State<Arc<Api>>) -> Response {
    holdbar(svar::json(StatusCode::OK, &dokument(api.mp.oppsett())))
}

/// `GET /jwk`
pub async fn jwk(State(api): State<Arc<Api>>, Extension(id): Extension<RequestId>) -> Response {
    match api.mp.nokkelring().dokument(api.mp.naa()).await {
        Ok(dokument) => holdbar(svar::json(StatusCode::OK, &dokument)),
        Err(feil) => svar::avslag(&api.mp, &feil.into(), &svar::spor(&id), &id),
    }
}

fn holdbar(mut svar: Response) -> Response {
    svar.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(HOLDBAR));
    svar
}
