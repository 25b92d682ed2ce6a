//! `/tokenintrospect` (sheet section 10, RFC 7662). The caller proves who it is with a signed assertion (RFC 7523
//! section 2.2), which is judged and used up as a grant is.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use web::fault::Fault;
use web::layers::RequestId;

use super::token::{Ulest, les_skjema};
use super::{Api, svar};
use crate::bevis::avslag::{Avslag, SKJEMA, UTEN_ASSERTION, VERDI};

/// The one way of proving who calls.
const BEVISTYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// `POST /tokenintrospect`
pub async fn post(
    State(api): State<Arc<Api>>,
    Extension(id): Extension<RequestId>,
    hoder: HeaderMap,
    kropp: Body,
) -> Response {
    let spor = svar::spor(&id);
    let kropp = match les_skjema(&hoder, kropp).await {
        Ok(kropp) => kropp,
        Err(Ulest::ForStor) => return Fault::BodyTooLarge.into_response(),
        Err(Ulest::Avslag(avslag)) => return svar::avslag(&api.mp, &avslag, &spor, &id),
    };
    match sporsmal(&api, &kropp, &spor).await {
        Ok(svaret) => svar::json_uten_lagring(StatusCode::OK, &svaret),
        Err(avslag) => svar::avslag(&api.mp, &avslag, &spor, &id),
    }
}

async fn sporsmal(api: &Api, kropp: &[u8], spor: &str) -> Result<serde_json::Value, Avslag> {
    let (mut token, mut bevis, mut type_) = (None, None, None);
    for (navn, verdi) in form_urlencoded::parse(kropp).take(20) {
        let plass = match &*navn {
            "token" => &mut token,
            "client_assertion" => &mut bevis,
            "client_assertion_type" => &mut type_,
            _ => continue,
        };
        if plass.replace(verdi.into_owned()).is_some() {
            return Err(Avslag::gjentatt(&navn));
        }
    }
    let token = token.ok_or(SKJEMA.merk("token is missing"))?;
    if type_.as_deref() != Some(BEVISTYPE) {
        return Err(VERDI.merk("client_assertion_type"));
    }
    let klient = api.mp.hvem(&bevis.ok_or(UTEN_ASSERTION)?, spor).await?;
    api.mp.introspekter(&token, &klient).await
}
