//! The root (fact sheet section 13.1).

use axum::response::Response;
use web::hal::{Links, resource};
use web::respond::represent;

use super::kall::{Kall, Svar};
use super::medietyper;

/// `GET /`: links to the services.
pub async fn vis(kall: Kall) -> Response {
    let svar = svar(&kall);
    kall.svar(svar)
}

fn svar(kall: &Kall) -> Svar {
    let tilbud = kall.forhandle(&medietyper::ROT)?;
    let base = kall.base();
    let lenker = [
        "enheter",
        "underenheter",
        "organisasjonsformer",
        "oppdateringer/enheter",
        "oppdateringer/underenheter",
        "kommuner",
    ]
    .into_iter()
    .fold(Links::to_self(&base), |lenker, navn| lenker.with(navn, format!("{base}/{navn}")));
    Ok(represent(resource(b"{}", &lenker), tilbud.media_type))
}
