//! Our own surface: a route that any client of the demo can open, to see what a token says.

use axum::response::Response;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use vakt::{Access, Caller, Scope};

use super::svar;

/// The scope that opens it.
const LESE: &str = "grunndata:demo.les";

/// What the route asks of a token: whoever serves it puts a [`vakt::Gate`] with this before it.
pub fn adgang() -> Access {
    Access::any_of(Scope::parse(LESE))
}

/// What the token says of its holder.
#[derive(Serialize, JsonSchema)]
pub struct Hvemsvar {
    /// The organisation that the token is for.
    konsument: String,
    /// The organisation that runs the software, when that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    leverandor: Option<String>,
    /// Who vouches for the delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    delegeringskilde: Option<String>,
    /// What the token gives access to.
    scopes: Vec<String>,
    /// The client.
    client_id: String,
    /// The issuer.
    utsteder: String,
    /// When the token ends, in seconds since 1970.
    utloper: i64,
}

/// `GET /hvem-er-jeg`
pub async fn hvem_er_jeg(Caller(konsument): Caller) -> Response {
    let hvem = Hvemsvar {
        konsument: konsument.consumer.to_string(),
        leverandor: konsument.supplier.map(|orgnr| orgnr.to_string()),
        delegeringskilde: konsument.delegation_source.as_ref().map(ToString::to_string),
        scopes: konsument.scopes.iter().map(ToString::to_string).collect(),
        client_id: konsument.client_id.to_string(),
        utsteder: konsument.issuer.to_string(),
        utloper: konsument.expires,
    };
    svar::json(StatusCode::OK, &hvem)
}
