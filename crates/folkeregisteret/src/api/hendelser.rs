//! `hendelser/{hendelsesidentifikator}` and `hendelser/bulkoppslag` (consumer sheet, section 8.3).

use axum::response::Response;

use super::arkiv::{FOR_GAMMELT, UKJENT, nokkel};
use super::bulk::{self, Felt, Oppslagsliste};
use super::kall::{Avslag, Kall, Svar, ok};
use super::medietyper::{Form, VANLIGE};
use crate::modell::NAVNEROM_HENDELSE;
use crate::register::Arkivert;
use crate::rettighetspakke::{Hendelsesutlevering, Tjeneste};

/// As that of other bulk answers (section 7.5).
const NAVNEROM_SVAR: &str = "folkeregisteret:tilgjengeliggjoering:hendelse:v1:bulk:response";

/// `GET hendelser/{hendelsesidentifikator}`.
pub async fn hent(kall: Kall) -> Response {
    let svar = svar_hent(&kall).await;
    kall.svar(svar)
}

async fn svar_hent(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    match finn(kall, kall.stiverdier.get("hendelsesidentifikator")).await? {
        Arkivert::Funnet { person, dokument: utlevering, .. } => {
            let logg = kall.register().logg();
            logg.noter(kall.bruker, kall.pakke(), Tjeneste::Hendelsesdokument, [person]).await?;
            let mut kropp = Vec::with_capacity(1024);
            if form.er_xml() {
                utlevering.skriv_xml(&mut kropp);
            } else {
                utlevering.skriv_json(&mut kropp);
            }
            Ok(ok(kropp, form))
        }
        Arkivert::ForGammelt => Err(Avslag::ugyldig(FOR_GAMMELT)),
        Arkivert::Ukjent => Err(Avslag::ukjent(UKJENT)),
    }
}

/// The event document, as the package gets it.
async fn finn(kall: &Kall, id: &str) -> Result<Arkivert<Hendelsesutlevering>, Avslag> {
    Ok(match kall.register().hendelsesdokument(nokkel(id)?).await? {
        Arkivert::Funnet { nummer, person, dokument: (dokument, naa) } => {
            match kall.pakke().filtrer_hendelsesdokument(dokument, naa) {
                Some(dokument) => Arkivert::Funnet { nummer, person, dokument },
                None => Arkivert::Ukjent,
            }
        }
        Arkivert::ForGammelt => Arkivert::ForGammelt,
        Arkivert::Ukjent => Arkivert::Ukjent,
    })
}

/// `POST hendelser/bulkoppslag`.
pub async fn bulk(kall: Kall) -> Response {
    let svar = svar_bulk(&kall).await;
    kall.svar(svar)
}

async fn svar_bulk(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let bestilt = bulk::les(kall, Felt::Dokument)?;
    let rot = "hendelseBulkoppslagResponse";
    let mut liste = Oppslagsliste::ny(form, rot, NAVNEROM_SVAR, NAVNEROM_HENDELSE);
    let mut personer = Vec::new();
    for tekst in &bestilt {
        let verdier = [(Felt::Dokument.navn(), nokkel(tekst)?.to_string())];
        match finn(kall, tekst).await? {
            Arkivert::Funnet { person, dokument, .. } => {
                personer.push(person);
                let skriv = |ut: &mut Vec<u8>| innhold(&dokument, form, ut);
                liste.oppslag(&verdier, ("hendelsedokument", &skriv));
            }
            Arkivert::ForGammelt => liste.feilet(&verdier, FOR_GAMMELT),
            Arkivert::Ukjent => liste.feilet(&verdier, UKJENT),
        }
    }
    personer.sort_unstable();
    personer.dedup();
    let logg = kall.register().logg();
    logg.noter(kall.bruker, kall.pakke(), Tjeneste::Hendelsesdokument, personer).await?;
    Ok(ok(liste.ferdig(), form))
}

fn innhold(utlevering: &Hendelsesutlevering, form: Form, ut: &mut Vec<u8>) {
    if form.er_xml() {
        utlevering.skriv_xml_innhold(ut, "p:");
    } else {
        utlevering.skriv_json(ut);
    }
}
