//! Our own surface: a route that any client of the demo can open, to see what a token says.

use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::kall::Kall;
use super::svar;

/// The scope that opens it.
pub const LESE: &[&str] = &["grunndata:demo.les"];

/// `GET /hvem-er-jeg`
pub async fn hvem_er_jeg(kall: Kall) -> Response {
    let svar = async {
        let innlogget = kall.innlogget().await?;
        innlogget.aktor(LESE, &kall.spor)?;
        Ok(svar::json(StatusCode::OK, &json!({ "konsument": innlogget.orgnr })))
    };
    kall.altinn(svar.await)
}
