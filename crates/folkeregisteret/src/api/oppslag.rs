//! `personer/{personidentifikator}` and `personer/bulkoppslag` (consumer sheet, sections 5.1 and 5.2).

use std::collections::HashSet;
use std::sync::Arc;

use axum::response::Response;
use web::fault::Fault;

use super::bulk::{self, Felt, Oppslagsliste};
use super::kall::{Avslag, Kall, Svar, ok};
use super::medietyper::{Form, VANLIGE};
use crate::bok::Bok;
use crate::modell::NAVNEROM_PERSON;
use crate::register::Funnet;
use crate::rettighetspakke::{Deler, Rettighetspakke, Tjeneste, Utlevering, Vern};
use crate::{Feil, modell::Persondokument};

/// The namespace of the bulk answer; not published, made as the package names are (section 7.5).
const NAVNEROM_SVAR: &str = "folkeregisteret:tilgjengeliggjoering:person:v1:bulk:response";
/// What is said of a number that is nobody's.
pub(super) const UKJENT: &str = "Ukjent person";
/// What is said of a number that is not in use any more, when numbers are answered as asked for.
const UTGAATT: &str = "Identifikatoren er ikke lenger gjeldende";

/// `HEAD personer`: consumers ask whether they have access (sheet, section 1). There is nothing here, so whoever has is answered 404.
pub async fn adgang(kall: Kall) -> Response {
    kall.svar(Err(Avslag::ukjent(Fault::NotFound.text())))
}

/// `GET personer/{personidentifikator}`.
pub async fn hent(kall: Kall) -> Response {
    let svar = svar_hent(&kall).await;
    kall.svar(svar)
}

async fn svar_hent(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let deler = kall.deler()?;
    let nummer = nummer(kall.stiverdier.get("personidentifikator"))
        .ok_or_else(|| Avslag::ugyldig("personidentifikator må ha 11 siffer"))?;
    let funnet = kall.register().finn(&[nummer]).await?.pop().flatten();
    let Some(funnet) = funnet else { return Err(Avslag::ukjent(UKJENT)) };
    let Some(utlevering) = utlever(&funnet, kall.pakke(), &deler)? else {
        return Err(Avslag::ukjent(UKJENT));
    };
    let logg = kall.register().logg();
    logg.noter(kall.bruker, kall.pakke(), Tjeneste::Oppslag, [funnet.person]).await?;
    Ok(ok(dokument(&utlevering, form), form))
}

/// A whole document in a form.
pub(super) fn dokument(utlevering: &Utlevering, form: Form) -> Vec<u8> {
    let mut ut = Vec::with_capacity(4096);
    if form.er_xml() {
        utlevering.skriv_xml(&mut ut);
    } else {
        utlevering.skriv_json(&mut ut);
    }
    ut
}

/// A document inside a bulk answer.
pub(super) fn innhold(utlevering: &Utlevering, form: Form, ut: &mut Vec<u8>) {
    if form.er_xml() {
        utlevering.skriv_xml_innhold(ut, "p:");
    } else {
        utlevering.skriv_json(ut);
    }
}

/// What a package gets of a person as of now.
pub(super) fn utlever(
    funnet: &Funnet,
    pakke: Rettighetspakke,
    deler: &Deler,
) -> Result<Option<Utlevering>, Feil> {
    let bok = Bok::les(funnet.person, &funnet.tekst)?;
    let Some(k) = bok.siste() else { return Ok(None) };
    Ok(bok.utlever(k, pakke, deler, Vern::Ingen)?)
}

/// The number that eleven digits spell.
fn nummer(tekst: &str) -> Option<u64> {
    (tekst.len() == 11 && tekst.bytes().all(|b| b.is_ascii_digit())).then(|| tekst.parse().ok()).flatten()
}

/// `POST personer/bulkoppslag`.
pub async fn bulk(kall: Kall) -> Response {
    let svar = svar_bulk(&kall).await;
    kall.svar(svar)
}

async fn svar_bulk(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let (deler, som_bestilt) = (kall.deler()?, kall.boolsk("somBestilt")?);
    let ugyldig = || Avslag::ugyldig("foedselsEllerDNummer må ha 11 siffer");
    let bestilt = bulk::les(kall, Felt::Nummer)?;
    let mut numre =
        bestilt.iter().map(|tekst| nummer(tekst).ok_or_else(ugyldig)).collect::<Result<Vec<_>, _>>()?;
    if !som_bestilt {
        let mut sett = HashSet::new();
        numre.retain(|nummer| sett.insert(*nummer));
    }
    let funnet = kall.register().finn(&numre).await?;
    let personer: HashSet<u64> = funnet.iter().flatten().map(|funnet| funnet.person).collect();
    let register = Arc::clone(kall.register());
    let pakke = kall.pakke();
    // Reading a thousand books takes a while: other calls go on beside it.
    let skriving = tokio::task::spawn_blocking(move || {
        let mut liste = Oppslagsliste::ny(form, "personBulkoppslagResponse", NAVNEROM_SVAR, NAVNEROM_PERSON);
        for (nummer, funnet) in numre.iter().zip(&funnet) {
            ett(&mut liste, *nummer, funnet.as_ref(), (pakke, &deler, form, som_bestilt))?;
        }
        Ok::<_, Feil>(liste.ferdig())
    });
    let kropp = skriving.await.map_err(|_| Feil::Avbrutt)??;
    register.logg().noter(kall.bruker, pakke, Tjeneste::Bulkoppslag, personer).await?;
    Ok(ok(kropp, form))
}

fn ett(
    liste: &mut Oppslagsliste,
    nummer: u64,
    funnet: Option<&Funnet>,
    (pakke, deler, form, som_bestilt): (Rettighetspakke, &Deler, Form, bool),
) -> Result<(), Feil> {
    let verdier = [(Felt::Nummer.navn(), format!("{nummer:011}"))];
    let utlevering = match funnet {
        Some(funnet) if som_bestilt && !er_gjeldende(funnet, nummer)? => {
            liste.feilet(&verdier, UTGAATT);
            return Ok(());
        }
        Some(funnet) => utlever(funnet, pakke, deler)?,
        None => None,
    };
    match utlevering {
        Some(utlevering) => {
            let skriv = |ut: &mut Vec<u8>| innhold(&utlevering, form, ut);
            liste.oppslag(&verdier, ("folkeregisterperson", &skriv));
        }
        None if som_bestilt => liste.feilet(&verdier, UKJENT),
        None => {}
    }
    Ok(())
}

/// Whether a number is the one that its person has now.
fn er_gjeldende(funnet: &Funnet, nummer: u64) -> Result<bool, Feil> {
    let bok = Bok::les(funnet.person, &funnet.tekst)?;
    let dokument = bok.siste().map_or(Ok(None), |k| bok.versjon(k))?;
    let har = |dokument: &Persondokument| {
        let mut gjeldende =
            dokument.identifikasjonsnummer.iter().filter(|n| n.meta.er_gjeldende == Some(true));
        gjeldende.any(|n| n.foedsels_eller_d_nummer.verdi() == nummer)
    };
    Ok(dokument.as_ref().is_some_and(har))
}
