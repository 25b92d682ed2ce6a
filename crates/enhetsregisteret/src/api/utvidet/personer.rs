//! People with roles in business activity.

use std::collections::BTreeMap;

use axum::response::Response;
use http::{HeaderValue, header};
use serde_json::json;
use tid::Date;
use web::hal::{PageRequest, url};
use web::respond::represent;
use web::routes::{Operation, Parameter};

use super::dok::Utvidetdok;
use super::skjema::{Personliste, Personsvar, Side};
use crate::Feil;
use crate::api::kall::{Kall, Svar};
use crate::api::skjema::Lenke;
use crate::sporring::regler::{self, Feilliste};
use crate::utvidet::naering::{Naering, REGLER};
use crate::utvidet::personer::MAKS_ENHETER;
use crate::utvidet::personindeks::{MAKS_SOKEORD, Personsporring};

/// People on a page when the call does not say how many.
const STANDARD_PERSONER: u64 = 20;

/// The longest name that can be asked for, as in the search for units.
const MAKS_TEGN: usize = 180;

/// `GET /personer`.
pub async fn sok(kall: Kall) -> Response {
    let svar = svar_paa_sok(&kall).await;
    kall.svar(svar)
}

async fn svar_paa_sok(kall: &Kall) -> Svar {
    let (sporring, side) = les(kall)?;
    let funnet = kall.register().personer(&sporring).await?;
    let antall = funnet.personer.len() as u64;
    let tall = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let paa_siden = funnet.personer.into_iter().skip(tall(side.offset())).take(tall(side.size));
    let personer: Vec<_> = paa_siden.collect();
    let svar = Personsvar {
        innhold: (!personer.is_empty()).then_some(Personliste { personer }),
        lenker: lenker(kall, side, antall),
        page: Side { size: side.size, total_elements: antall },
        avkortet: funnet.avkortet,
    };
    let mut kropp = Vec::new();
    web::json::pretty_into(&mut kropp, &serde_json::to_vec(&svar)?, 0);
    let mut svar = represent(kropp, "application/json");
    // A unit that is removed or no longer business is to be gone at once, from caches too.
    svar.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(svar)
}

fn lenker(kall: &Kall, side: PageRequest, antall: u64) -> BTreeMap<&'static str, Lenke> {
    let adresse = format!("{}/personer", kall.base());
    let mut ut = BTreeMap::from([("self", Lenke { href: url(&adresse, kall.query.pairs()) })]);
    if side.depth() < antall {
        let neste = (side.page + 1).to_string();
        let resten = kall.query.without(&["page"]);
        let href = url(&adresse, resten.pairs().chain([("page", neste.as_str())]));
        ut.insert("next", Lenke { href });
    }
    ut
}

fn les(kall: &Kall) -> Result<(Personsporring, PageRequest), Feil> {
    let mut feil = Feilliste::default();
    super::avvis_ukjente(kall, &["navn", "fodselsdato", "page", "size"], &mut feil);
    let verdi = |navn| kall.query.first(navn).filter(|v: &&str| !v.is_empty());
    let fodselsdato = verdi("fodselsdato").and_then(|v| {
        regler::dato("fodselsdato", v, &mut feil)?;
        Date::parse(v).ok()
    });
    let navn = verdi("navn");
    let tekst = navn.filter(|navn| navn.chars().count() <= MAKS_TEGN);
    let sporring = tekst.and_then(|tekst| Personsporring::ny(tekst, fodselsdato));
    if sporring.is_none() {
        let tekst =
            format!("navn må ha minst to bokstaver, høyst {MAKS_SOKEORD} ord og høyst {MAKS_TEGN} tegn");
        feil.legg_til("navn", tekst, navn);
    }
    let side = regler::side(&kall.query, STANDARD_PERSONER, &mut feil);
    feil.ferdig()?;
    // Without a name there is a fault, so this is never the case here.
    let sporring = sporring.ok_or_else(|| Feil::Ugyldig(Vec::new()))?;
    Ok((sporring, side))
}

/// The operation in the OpenAPI document.
pub fn dokumentasjon(dok: &Utvidetdok) -> Operation {
    let heltall =
        |minst: u64, standard: u64| json!({ "type": "integer", "minimum": minst, "default": standard });
    let navn = json!({ "type": "string", "minLength": 2, "maxLength": MAKS_TEGN });
    let hele_ord = format!(
        "Hele ord i navnet, i vilkårlig rekkefølge, uten hensyn til store bokstaver og aksenter. Høyst {MAKS_SOKEORD} ord"
    );
    let dato = json!({ "type": "string", "format": "date" });
    let parametre = vec![
        Parameter { required: true, ..Parameter::query("navn", navn, &hele_ord) },
        Parameter::query("fodselsdato", dato, "Fødselsdato"),
        Parameter::query("size", heltall(1, STANDARD_PERSONER), "Sidestørrelse"),
        Parameter::query("page", heltall(0, 0), "Sidenummer fra 0"),
    ];
    dok.personer(&beskrivelse(), parametre)
}

fn beskrivelse() -> String {
    let former = |naering| {
        let slike = REGLER.iter().filter(|regel| regel.naering == naering).map(|regel| regel.form);
        slike.collect::<Vec<_>>().join(", ")
    };
    format!(
        "Bare roller knyttet til næringsvirksomhet vises (enhetsregisterloven § 22). Det avgjøres av enheten slik den er \
         nå: aldri når den er i Frivillighetsregisteret eller Partiregisteret; ellers alltid for {alltid}; for \
         {registrert} når den er i Foretaksregisteret eller Merverdiavgiftsregisteret; aldri for andre. Fjernede og \
         slettede enheter er ikke med. Personer er slått sammen når navn og fødselsdato er registrert likt; det er \
         nesten alltid, men ikke sikkert, samme person. Høyst {MAKS_ENHETER} enheter gjennomgås; er det flere, er \
         avkortet true og svaret ufullstendig: oppgi mer av navnet eller fødselsdatoen.",
        alltid = former(Naering::Alltid),
        registrert = former(Naering::VedRegistrering),
    )
}
