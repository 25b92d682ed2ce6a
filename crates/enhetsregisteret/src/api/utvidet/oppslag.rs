//! Units and roles as they were.

use axum::response::Response;
use journal::Version;
use web::respond::{ETag, Validators, conditional, represent};

use super::{avvis_ukjente, legg_til, som_var, versjon};
use crate::api::enheter;
use crate::api::kall::{Avslag, Kall, Svar};
use crate::modell::{Dokument, Enhetstype, Versjon};
use crate::sporring::regler::{Feilliste, orgnr_i_sti};
use crate::utvidet::ansatte::Ansattopplysning;
use crate::{Oppslag, representasjon};

const PARAMETRE: [&str; 2] = ["tidspunkt", "sekvensnummer"];
const JSON: &str = "application/json";

/// `GET /enheter/{orgnr}`, `GET /underenheter/{orgnr}`.
pub async fn hent(kall: Kall, kind: Enhetstype) -> Response {
    let svar = svar_enhet(&kall, kind).await;
    kall.svar(svar)
}

async fn svar_enhet(kall: &Kall, kind: Enhetstype) -> Svar {
    let orgnr = orgnr_i_sti(kall.stiverdier.get("orgnr"))?;
    let mut feil = Feilliste::default();
    let da = som_var(kall, &mut feil);
    avvis_ukjente(kall, &PARAMETRE, &mut feil);
    feil.ferdig()?;
    match kall.register().hent_som_var(kind, orgnr, da).await? {
        Oppslag::Ukjent => Err(Avslag::IkkeFunnet),
        Oppslag::Fjernet(gravstein) => enheter::fjernet(kall, kind, &gravstein.body),
        Oppslag::Funnet(enhet) => {
            let mut kompakt = Vec::with_capacity(enhet.body.len() + 512);
            skriv_enhet(&mut kompakt, kall, &enhet, kind)?;
            Ok(betinget(kall, &enhet, &kompakt))
        }
    }
}

/// A unit with what we add.
pub fn skriv_enhet(ut: &mut Vec<u8>, kall: &Kall, enhet: &Version, kind: Enhetstype) -> Result<(), Avslag> {
    representasjon::enhet(ut, &enhet.body, kind, kall.form(Versjon::V2), &kall.api_base())?;
    if let Some(ansatte) = Ansattopplysning::av(&Dokument::les(&enhet.body)?) {
        legg_til(ut, "_ansatte", &ansatte)?;
    }
    legg_til(ut, "_versjon", &versjon(enhet))
}

/// `GET /enheter/{orgnr}/roller`.
pub async fn roller(kall: Kall) -> Response {
    let svar = svar_roller(&kall).await;
    kall.svar(svar)
}

async fn svar_roller(kall: &Kall) -> Svar {
    let orgnr = orgnr_i_sti(kall.stiverdier.get("orgnr"))?;
    let mut feil = Feilliste::default();
    let da = som_var(kall, &mut feil);
    avvis_ukjente(kall, &PARAMETRE, &mut feil);
    feil.ferdig()?;
    match kall.register().roller_som_var(orgnr, da).await? {
        Oppslag::Ukjent => Err(Avslag::IkkeFunnet),
        Oppslag::Fjernet(gravstein) => enheter::fjernet(kall, Enhetstype::Enhet, &gravstein.body),
        Oppslag::Funnet(lagret) => {
            let mut roller = representasjon::roller(&lagret.body, orgnr, &kall.api_base())?;
            roller["_versjon"] = versjon(&lagret);
            Ok(betinget(kall, &lagret, roller.to_string().as_bytes()))
        }
    }
}

fn betinget(kall: &Kall, lagret: &Version, kompakt: &[u8]) -> Response {
    let gyldighet = Validators { etag: Some(ETag::weak(&lagret.seq.to_string())), last_modified: None };
    conditional(&kall.hoder, &gyldighet, || {
        let mut kropp = Vec::with_capacity(kompakt.len() * 2);
        web::json::pretty_into(&mut kropp, kompakt, 0);
        represent(kropp, JSON)
    })
}
