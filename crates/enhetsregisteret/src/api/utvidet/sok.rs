//! The search.

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::value::RawValue;
use web::hal::url;
use web::respond::represent;

use super::oppslag::skriv_enhet;
use super::skjema::{Fasettsvar, Fasettverdi, Side, Sokesvar, Visningssvar};
use crate::Feil;
use crate::api::kall::{Avslag, Kall, Svar};
use crate::api::skjema::Lenke;
use crate::modell::{Enhetstype, Versjon};
use crate::sporring::les::{Lesemaate, les};
use crate::sporring::parametre::parametre;
use crate::sporring::regler::{self, Feilliste};
use crate::utvidet::fasett::Fasett;
use crate::utvidet::hint::{self, Hint};
use crate::utvidet::markoer::{Markoer, fingeravtrykk};
use crate::utvidet::sok::{Onske, Resultat, Skrivefeil, fritekst};

/// Values of a facet when the call does not say how many, and the most.
pub const STANDARD_FASETTVERDIER: u64 = 10;
/// The most values of a facet.
pub const MAKS_FASETTVERDIER: u64 = 1000;

/// `GET /enheter`, `GET /underenheter`.
pub async fn sok(kall: Kall, kind: Enhetstype) -> Response {
    let svar = svar_paa_sok(&kall, kind).await;
    kall.svar(svar)
}

async fn svar_paa_sok(kall: &Kall, kind: Enhetstype) -> Svar {
    let (onske, storrelse) = les_onske(kall, kind)?;
    let resultat = kall.register().utvidet_sok(kind, &onske, &kall.api.visninger).await;
    let resultat = match resultat {
        Err(Feil::Sok(sok::SearchError::OtherOrder)) => {
            return Err(Feil::Ugyldig(vec![ugyldig_markoer(kall)]).into());
        }
        annet => annet?,
    };
    let hint = hintene(kall, kind, &onske, &resultat).await?;
    let mut elementer = Vec::with_capacity(resultat.enheter.len());
    for enhet in &resultat.enheter {
        let mut element = Vec::with_capacity(enhet.body.len() + 512);
        skriv_enhet(&mut element, kall, enhet, kind)?;
        let element = String::from_utf8_lossy(&element).into_owned();
        elementer.push(RawValue::from_string(element)?);
    }
    let svar = Sokesvar {
        innhold: (!elementer.is_empty()).then(|| BTreeMap::from([(kind.flertall(), elementer)])),
        lenker: lenker(kall, kind, resultat.neste.as_ref()),
        page: Side { size: storrelse, total_elements: resultat.antall },
        visning: Visningssvar { sekvensnummer: resultat.seq.0, fast: resultat.fast },
        fasetter: fasetter(&resultat),
        hint,
    };
    let mut kropp = Vec::new();
    web::json::pretty_into(&mut kropp, &serde_json::to_vec(&svar)?, 0);
    Ok(represent(kropp, "application/json"))
}

async fn hintene(
    kall: &Kall,
    kind: Enhetstype,
    onske: &Onske,
    resultat: &Resultat,
) -> Result<Vec<Hint>, Avslag> {
    let mut ut = hint::om_sporsmaalet(&kall.query);
    ut.extend(hint::om_navnet(resultat.navnetreff));
    if !resultat.fast {
        ut.push(Hint::ny_visning());
    }
    if resultat.antall == 0 && !onske.sporring.filtre.is_empty() {
        ut.extend(kall.register().hvorfor_ingen_treff(kind, &kall.query, &resultat.visning).await?);
    }
    Ok(ut)
}

fn lenker(kall: &Kall, kind: Enhetstype, neste: Option<&Markoer>) -> BTreeMap<&'static str, Lenke> {
    let adresse = format!("{}/{}", kall.base(), kind.flertall());
    let selv = Lenke { href: url(&adresse, kall.query.pairs()) };
    let mut ut = BTreeMap::from([("self", selv)]);
    if let Some(markoer) = neste {
        let markoer = markoer.skriv();
        let resten = kall.query.without(&["page", "markoer"]);
        let href = url(&adresse, resten.pairs().chain([("markoer", markoer.as_str())]));
        ut.insert("next", Lenke { href });
    }
    ut
}

fn fasetter(resultat: &Resultat) -> Vec<Fasettsvar> {
    let en = |(fasett, funnet): &(&'static Fasett, sok::Facet)| {
        let verdi = |(verdi, antall): &(String, u64)| Fasettverdi {
            verdi: verdi.clone(),
            beskrivelse: fasett.beskrivelse(verdi),
            antall: *antall,
        };
        let verdier = funnet.values.iter().map(verdi).collect();
        Fasettsvar { navn: fasett.navn, verdier, andre: funnet.rest, uten: funnet.without }
    };
    resultat.fasetter.iter().map(en).collect()
}

/// Reads the call: what is wanted, and the size of a page.
fn les_onske(kall: &Kall, kind: Enhetstype) -> Result<(Onske, u64), Feil> {
    let query = &kall.query;
    let mut feil = Feilliste::default();
    let egne = ["skrivefeil", "fasetter", "fasettverdier", "markoer", "sort", "size", "page"];
    let tekst = (kind == Enhetstype::Enhet).then_some("tekst");
    let kjente: Vec<&str> = parametre(kind, true).map(|p| p.navn).chain(tekst).chain(egne).collect();
    super::avvis_ukjente(kall, &kjente, &mut feil);
    let verdi = |navn| query.first(navn).filter(|v: &&str| !v.is_empty());
    let skrivefeil = les_skrivefeil(verdi("skrivefeil"), &mut feil);
    let fasettverdier = verdi("fasettverdier").map_or(Some(STANDARD_FASETTVERDIER), |v| {
        let lest = regler::tall("fasettverdier", v, 1, &mut feil)?;
        if lest > MAKS_FASETTVERDIER {
            let tekst = format!("fasettverdier kan ikke overstige {MAKS_FASETTVERDIER}");
            feil.legg_til("fasettverdier", tekst, Some(v));
        }
        Some(lest)
    });
    let fasetter = les_fasetter(kall, kind, &mut feil);
    let tekst = verdi("tekst").unwrap_or("");
    if tekst.chars().count() > 180 {
        feil.legg_til("tekst", "Tekst må være mellom 1 og 180 tegn", Some(tekst));
    }
    let maate = Lesemaate { kind, versjon: Versjon::V2, utvidet: true, streng: false };
    let lest = feil.sammen_med(les(query, maate))?;
    let mut sporring = lest.sporring;
    sporring.filtre.extend(fritekst(tekst));
    let markoer = match verdi("markoer") {
        None => None,
        Some(markoer) => {
            let lest = Markoer::les(markoer).filter(|m| m.sok == fingeravtrykk(kind, &sporring));
            if lest.is_none() || query.has("page") {
                return Err(Feil::Ugyldig(vec![ugyldig_markoer(kall)]));
            }
            lest
        }
    };
    let fra = if markoer.is_some() { 0 } else { lest.side.offset() };
    let fasettverdier = fasettverdier.and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    let onske = Onske { sporring, skrivefeil, fra, antall: lest.side.size, markoer, fasetter, fasettverdier };
    Ok((onske, lest.side.size))
}

fn ugyldig_markoer(kall: &Kall) -> crate::Valideringsfeil {
    crate::Valideringsfeil {
        feilmelding: "markoer er ugyldig, hører til et annet søk, eller er brukt sammen med page".to_owned(),
        parametere: vec!["markoer".to_owned()],
        feilaktig_verdi: kall.query.first("markoer").map(str::to_owned),
    }
}

fn les_skrivefeil(verdi: Option<&str>, feil: &mut Feilliste) -> Skrivefeil {
    match verdi {
        None | Some("auto") => Skrivefeil::Auto,
        Some("nei") => Skrivefeil::Nei,
        Some("ja") => Skrivefeil::Ja,
        Some(annet) => {
            feil.legg_til("skrivefeil", "skrivefeil må være auto, nei eller ja", Some(annet));
            Skrivefeil::Auto
        }
    }
}

fn les_fasetter(kall: &Kall, kind: Enhetstype, feil: &mut Feilliste) -> Vec<&'static Fasett> {
    let mut ut: Vec<&Fasett> = Vec::new();
    for navn in kall.query.list("fasetter") {
        match Fasett::for_sok(kind).find(|fasett| fasett.navn == navn) {
            Some(fasett) if ut.iter().all(|annen| annen.navn != navn) => ut.push(fasett),
            Some(_) => {}
            None => {
                let gyldige: Vec<&str> = Fasett::for_sok(kind).map(|fasett| fasett.navn).collect();
                let tekst = format!("{navn} er ikke en fasett. Gyldige er: {}", gyldige.join(", "));
                feil.legg_til("fasetter", tekst, Some(navn));
            }
        }
    }
    ut
}
