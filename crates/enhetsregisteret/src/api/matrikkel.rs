//! Units on a property (fact sheet section 13.4).

use axum::response::Response;
use web::respond::represent;

use super::kall::{Kall, Svar};
use super::medietyper;
use crate::matrikkel::{Matrikkelnummer, Matrikkelsok};
use crate::sporring::regler::Feilliste;

/// `GET /matrikkelenhet`.
pub async fn sok(kall: Kall) -> Response {
    let svar = svar(&kall).await;
    kall.svar(svar)
}

async fn svar(kall: &Kall) -> Svar {
    let tilbud = kall.forhandle(&medietyper::MATRIKKEL)?;
    let enheter = match les(kall)? {
        Some(sok) => kall.register().matrikkel(&sok).await?,
        None => Vec::new(),
    };
    // Compact on purpose: a known client cuts the text at commas and colons.
    Ok(represent(serde_json::to_vec(&enheter)?, tilbud.media_type))
}

fn les(kall: &Kall) -> Result<Option<Matrikkelsok>, crate::Feil> {
    let verdi = |navn| kall.query.first(navn).filter(|v: &&str| !v.is_empty());
    let mut feil = Feilliste::default();
    let mut sok = None;
    if let Some(id) = verdi("matrikkelenhetid") {
        // Ids are numbers; anything else is a property that does not exist.
        sok = id.bytes().all(|b| b.is_ascii_digit()).then(|| Matrikkelsok::Id(id.to_owned()));
    } else if let Some(tekst) = verdi("matrikkelnummer") {
        sok = Matrikkelnummer::les(tekst).map(Matrikkelsok::Nummer);
        if sok.is_none() {
            let forklaring =
                "Matrikkelnummer må være på formatet kommunenr-gnr/bnr eller kommunenr-gnr/bnr/fnr";
            feil.legg_til("matrikkelnummer", forklaring, Some(tekst));
        }
    } else {
        feil.legg_til(
            "matrikkelenhetid",
            "Enten matrikkelenhetid eller matrikkelnummer må være oppgitt",
            None,
        );
    }
    feil.ferdig()?;
    Ok(sok)
}
