//! `/token`: the grant (sheet section 3 and 5).

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use web::fault::Fault;
use web::layers::RequestId;
use web::peer;

use super::{Api, svar};
use crate::bevis::avslag::{Avslag, INNHOLDSKODING, INNHOLDSTYPE, SKJEMA};
use crate::bevis::{KRAV_I_BEVISET, Skjema};
use crate::teller::UTSTEDT;

/// Largest body, in bytes (sheet section 5, step 3).
const KROPP_MAKS: usize = 64 * 1024;

/// `POST /token`
pub async fn post(
    State(api): State<Arc<Api>>,
    Extension(id): Extension<RequestId>,
    foresporsel: Request,
) -> Response {
    let spor = svar::spor(&id);
    let (hode, kropp) = foresporsel.into_parts();
    let skjema = match plass(&api, &hode) {
        Err(vent) => Err(Avslag::for_mange(vent)),
        Ok(()) => match les_skjema(&hode.headers, kropp).await {
            Ok(kropp) => Skjema::les(&kropp),
            Err(Ulest::ForStor) => return Fault::BodyTooLarge.into_response(),
            Err(Ulest::Avslag(avslag)) => Err(avslag),
        },
    };
    let i_hodet = KRAV_I_BEVISET.into_iter().filter(|krav| hode.headers.contains_key(*krav));
    let i_skjemaet = skjema.iter().flat_map(|skjema| skjema.uten_virkning.iter().copied());
    for krav in i_hodet.chain(i_skjemaet) {
        tracing::info!(target: "maskinporten", spor, krav, "står utenfor beviset, og er uten virkning der");
    }
    let utfall = match skjema {
        Ok(skjema) => api.mp.token(&skjema, &spor).await,
        Err(avslag) => Err(avslag),
    };
    api.mp.teller().tell(utfall.as_ref().map_or_else(Avslag::navn, |_| UTSTEDT));
    match utfall {
        Ok(token) => {
            let scope = &token.scope;
            tracing::info!(target: "maskinporten", spor, request_id = id.as_str(), scope, "utstedt");
            svar::json_uten_lagring(StatusCode::OK, &token)
        }
        Err(avslag) => svar::avslag(&api.mp, &avslag, &spor, &id),
    }
}

/// Whether the caller's address may send more this minute.
fn plass(api: &Api, hode: &Parts) -> Result<(), u32> {
    let adresse = peer::address(hode, api.mp.oppsett().stol_paa_videresendte);
    let Some(adresse) = adresse.map(peer::network) else { return Ok(()) };
    api.mp.grenser().adresse(adresse, api.mp.naa())
}

/// Why there is no form.
pub(super) enum Ulest {
    /// It is larger than any that means something.
    ForStor,
    /// It is something else.
    Avslag(Avslag),
}

/// Reads a form body: its type, its size, and that it is not encoded.
pub(super) async fn les_skjema(hoder: &HeaderMap, kropp: Body) -> Result<Bytes, Ulest> {
    // Read first, so that the connection can be used again whatever is wrong.
    let lest = Limited::new(kropp, KROPP_MAKS).collect().await;
    let hode = |navn| hoder.get(navn).map(|verdi| verdi.to_str().unwrap_or(""));
    let type_ = hode(header::CONTENT_TYPE).unwrap_or("").split(';').next().unwrap_or("").trim();
    if !type_.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Ulest::Avslag(INNHOLDSTYPE));
    }
    if hode(header::CONTENT_ENCODING).is_some_and(|kode| !kode.eq_ignore_ascii_case("identity")) {
        return Err(Ulest::Avslag(INNHOLDSKODING));
    }
    match lest {
        Ok(lest) => Ok(lest.to_bytes()),
        Err(feil) if feil.is::<LengthLimitError>() => Err(Ulest::ForStor),
        Err(_) => Err(Ulest::Avslag(SKJEMA)),
    }
}
