//! `uttrekk/komplett`, `uttrekk/tilpasset` and `uttrekk/{jobbid}/batch/{batchnr}` (consumer sheet, section 10).

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::feilform::{generell, med_kropp};
use super::kall::{Avslag, Kall, Svar, XML_DEKLARASJON, ok};
use super::medietyper::{Form, JSON, VANLIGE, XML};
use crate::Feil;
use crate::nokkel::{Dokument, Dokumentnokler};
use crate::rettighetspakke::Tjeneste;
use crate::sporring::Uttrekkskriterier;
use crate::uttrekk::{Batch, Bestilling, Innhold, SAMTIDIGE_MAKS};

/// After how long it makes sense to order again, in milliseconds.
const VENT_MS: u32 = 10_000;
/// Not published, made as the package names are (section 7.5).
const NAVNEROM: &str = "folkeregisteret:tilgjengeliggjoering:uttrekk:v1:response";

/// `GET uttrekk/komplett`.
pub async fn komplett(kall: Kall) -> Response {
    let svar = svar_komplett(&kall).await;
    kall.svar(svar)
}

async fn svar_komplett(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let siste = kall.register().siste_sekvensnummer(kall.pakke()).await?;
    let bedt = kall.query.first("feedsekvensnr").filter(|verdi| !verdi.is_empty());
    let ugyldig = || Avslag::ugyldig("feedsekvensnr må være et heltall som ikke er negativt");
    let bedt = bedt.map(|verdi| verdi.parse::<u64>().map_err(|_| ugyldig())).transpose()?;
    // A number that is too high is lowered to the newest.
    let feedsekvensnr = bedt.map_or(siste, |bedt| bedt.min(siste));
    bestill(kall, Bestilling::Komplett { feedsekvensnr }, Tjeneste::KomplettUttrekk, form).await
}

/// `POST uttrekk/tilpasset`.
pub async fn tilpasset(kall: Kall) -> Response {
    let svar = svar_tilpasset(&kall).await;
    kall.svar(svar)
}

async fn svar_tilpasset(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let kriterier = Uttrekkskriterier::les(&kall.kropp)?;
    bestill(kall, Bestilling::Tilpasset(kriterier), Tjeneste::TilpassetUttrekk, form).await
}

async fn bestill(kall: &Kall, bestilling: Bestilling, tjeneste: Tjeneste, form: Form) -> Svar {
    // Whoever asks for the head of the answer tries the access, and orders nothing.
    if kall.er_hode {
        return Ok(ok(Vec::new(), form));
    }
    let register = kall.register();
    register.logg().noter(kall.bruker, kall.pakke(), tjeneste, []).await?;
    let Ok(id) = register.uttrekk().bestill(kall.bruker, kall.pakke(), bestilling).await? else {
        let melding = format!("Organisasjonen har allerede {SAMTIDIGE_MAKS} uttrekksjobber som kjører");
        let mut svar = generell(StatusCode::TOO_MANY_REQUESTS, &melding, form);
        svar.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(VENT_MS));
        return Err(Avslag::Svar(Box::new(svar)));
    };
    let kropp = if form.er_xml() {
        format!(
            r#"{XML_DEKLARASJON}<uttrekkJobbResponse xmlns="{NAVNEROM}"><jobbId>{id}</jobbId></uttrekkJobbResponse>"#
        )
    } else {
        format!(r#"{{"jobbId":"{id}"}}"#)
    };
    Ok(ok(kropp.into_bytes(), form))
}

/// `GET uttrekk/{jobbid}/batch/{batchnr}`.
pub async fn batch(kall: Kall) -> Response {
    let svar = svar_batch(&kall).await;
    kall.svar(svar)
}

async fn svar_batch(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let nummer = kall.stiverdier.get("batchnr").parse::<u64>();
    let nummer = nummer.map_err(|_| Avslag::ugyldig("batchnr må være et heltall som ikke er negativt"))?;
    let id = kall.stiverdier.get("jobbid");
    let register = kall.register();
    let (status, kropp) = match register.uttrekk().batch(kall.bruker, kall.pakke(), id, nummer).await? {
        Batch::Innhold(innhold) => {
            register
                .logg()
                .noter(kall.bruker, kall.pakke(), Tjeneste::Uttrekksbatch, personer(&innhold))
                .await?;
            (StatusCode::OK, innholdet(&innhold, form, register.nokler().await?)?)
        }
        Batch::Slutt => (StatusCode::OK, konvolutt("", form)),
        Batch::IkkeKlar => (StatusCode::NOT_FOUND, feilmelding("Uttrekket er ikke klart", form)),
        Batch::Ukjent => (StatusCode::GONE, feilmelding("Ukjent uttrekksjobb", form)),
    };
    Ok(med_kropp(status, kropp, if form.er_xml() { XML } else { JSON }))
}

/// Whom a batch is about.
fn personer(innhold: &Innhold) -> Vec<u64> {
    match innhold {
        Innhold::Numre(numre) => numre.clone(),
        Innhold::Dokumenter(plasser) => plasser.iter().map(|plass| plass.nummer).collect(),
    }
}

/// The batch type, with what stands in it.
fn konvolutt(innhold: &str, form: Form) -> String {
    if form.er_xml() {
        format!(r#"{XML_DEKLARASJON}<uttrekkDataResponse xmlns="{NAVNEROM}">{innhold}</uttrekkDataResponse>"#)
    } else {
        format!("{{{innhold}}}")
    }
}

fn feilmelding(tekst: &str, form: Form) -> String {
    let innhold = if form.er_xml() {
        format!("<feilmelding>{tekst}</feilmelding>")
    } else {
        format!(r#""feilmelding":"{tekst}""#)
    };
    konvolutt(&innhold, form)
}

fn innholdet(innhold: &Innhold, form: Form, nokler: &Dokumentnokler) -> Result<String, Feil> {
    Ok(match innhold {
        Innhold::Dokumenter(plasser) => {
            let ider = plasser.iter().map(|plass| nokler.laas(Dokument::Person(*plass)));
            let ider = ider.collect::<Result<Vec<_>, _>>()?;
            liste("dokumentidentifikator", ider.iter().map(ToString::to_string), form)
        }
        Innhold::Numre(numre) => {
            liste("foedselsEllerDNummer", numre.iter().map(|nummer| format!("{nummer:011}")), form)
        }
    })
}

fn liste(navn: &str, verdier: impl Iterator<Item = String>, form: Form) -> String {
    if form.er_xml() {
        let elementer: Vec<String> = verdier.map(|verdi| format!("<{navn}>{verdi}</{navn}>")).collect();
        return konvolutt(&elementer.concat(), form);
    }
    let verdier: Vec<String> = verdier.map(|verdi| format!(r#""{verdi}""#)).collect();
    konvolutt(&format!(r#""{navn}":[{}]"#, verdier.join(",")), form)
}
