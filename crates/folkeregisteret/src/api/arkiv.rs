//! `personer/arkiv/{dokumentidentifikator}` and `personer/bulkoppslag/arkiv` (consumer sheet, section 5.3).

use axum::response::Response;

use super::bulk::{self, Felt, Oppslagsliste};
use super::kall::{Avslag, Kall, Svar, ok};
use super::medietyper::VANLIGE;
use super::oppslag::{dokument, innhold};
use crate::modell::{Dokumentidentifikator, NAVNEROM_PERSON};
use crate::register::Arkivert;
use crate::rettighetspakke::Tjeneste;

/// As that of other bulk answers (section 7.5).
const NAVNEROM_SVAR: &str = "folkeregisteret:tilgjengeliggjoering:person:v1:bulk:response";
/// What is said of a key that leads nowhere.
pub(super) const UKJENT: &str = "Ukjent dokumentid";
/// What is said of a document that is not delivered any more.
pub(super) const FOR_GAMMELT: &str = "Dokumentet er eldre enn det som utleveres";

/// Reads a key.
pub(super) fn nokkel(tekst: &str) -> Result<Dokumentidentifikator, Avslag> {
    Dokumentidentifikator::parse(tekst)
        .ok_or_else(|| Avslag::ugyldig("dokumentidentifikator må ha 32 heksadesimale siffer"))
}

/// `GET personer/arkiv/{dokumentidentifikator}`.
pub async fn hent(kall: Kall) -> Response {
    let svar = svar_hent(&kall).await;
    kall.svar(svar)
}

async fn svar_hent(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let deler = kall.deler()?;
    let nokkel = nokkel(kall.stiverdier.get("dokumentidentifikator"))?;
    match kall.register().arkivert(nokkel, kall.pakke(), &deler).await? {
        Arkivert::Funnet { person, dokument: utlevering, .. } => {
            let logg = kall.register().logg();
            logg.noter(kall.bruker, kall.pakke(), Tjeneste::Arkiv, [person]).await?;
            Ok(ok(dokument(&utlevering, form), form))
        }
        Arkivert::ForGammelt => Err(Avslag::ugyldig(FOR_GAMMELT)),
        Arkivert::Ukjent => Err(Avslag::ukjent(UKJENT)),
    }
}

/// `POST personer/bulkoppslag/arkiv`.
pub async fn bulk(kall: Kall) -> Response {
    let svar = svar_bulk(&kall).await;
    kall.svar(svar)
}

async fn svar_bulk(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let deler = kall.deler()?;
    let bestilt = bulk::les(kall, Felt::Dokument)?;
    let nokler = bestilt.iter().map(|tekst| nokkel(tekst)).collect::<Result<Vec<_>, _>>()?;
    let mut liste = Oppslagsliste::ny(form, "personBulkoppslagResponse", NAVNEROM_SVAR, NAVNEROM_PERSON);
    let mut personer = Vec::new();
    for nokkel in nokler {
        let id = (Felt::Dokument.navn(), nokkel.to_string());
        match kall.register().arkivert(nokkel, kall.pakke(), &deler).await? {
            Arkivert::Funnet { nummer, person, dokument } => {
                personer.push(person);
                let verdier = [(Felt::Nummer.navn(), format!("{nummer:011}")), id];
                let skriv = |ut: &mut Vec<u8>| innhold(&dokument, form, ut);
                liste.oppslag(&verdier, ("folkeregisterperson", &skriv));
            }
            Arkivert::ForGammelt => liste.feilet(&[id], FOR_GAMMELT),
            Arkivert::Ukjent => liste.feilet(&[id], UKJENT),
        }
    }
    personer.sort_unstable();
    personer.dedup();
    kall.register().logg().noter(kall.bruker, kall.pakke(), Tjeneste::Arkiv, personer).await?;
    Ok(ok(liste.ferdig(), form))
}
