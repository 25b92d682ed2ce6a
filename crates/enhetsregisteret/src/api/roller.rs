//! A unit's roles (fact sheet section 10).

use axum::response::Response;
use web::respond::{ETag, Validators, conditional, represent};

use super::kall::{Avslag, Kall, Svar};
use super::{enheter, medietyper};
use crate::modell::Enhetstype;
use crate::sporring::regler::orgnr_i_sti;
use crate::{Oppslag, representasjon};

/// `GET /enheter/{orgnr}/roller`.
pub async fn hent(kall: Kall) -> Response {
    let svar = svar_paa_oppslag(&kall).await;
    kall.svar(svar)
}

async fn svar_paa_oppslag(kall: &Kall) -> Svar {
    let tilbud = kall.forhandle(&medietyper::ROLLE)?;
    let orgnr = orgnr_i_sti(kall.stiverdier.get("orgnr"))?;
    match kall.register().roller(orgnr).await? {
        Oppslag::Ukjent => Err(Avslag::IkkeFunnet),
        Oppslag::Fjernet(gravstein) => enheter::fjernet(kall, Enhetstype::Enhet, &gravstein.body),
        Oppslag::Funnet(lagret) => {
            let roller = representasjon::roller(&lagret.body, orgnr, &kall.base())?;
            let kropp = web::json::to_vec(&roller)?;
            let merke = ETag::weak(&lagret.seq.to_string());
            let gyldighet = Validators { etag: Some(merke), last_modified: None };
            Ok(conditional(&kall.hoder, &gyldighet, || represent(kropp, tilbud.media_type)))
        }
    }
}
