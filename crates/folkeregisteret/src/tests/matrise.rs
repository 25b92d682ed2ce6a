//! The matrix proof: a document full of everything goes in, and only what the sheet's tables allow comes out.

use proptest::prelude::*;
use serde_json::Value;

use super::fabrikk::Fabrikk;
use super::forventet::{forventet, som_xml};
use super::tabeller;
use crate::modell::{NAVNEROM_PERSON, Persondokument};
use crate::{Deler, Rettighetspakke};

/// What a package gets, as the two texts that are sent.
pub(super) fn levert(dokument: &Value, pakke: Rettighetspakke, part: &[&str]) -> (String, String) {
    let lagret = Persondokument::fra_json(dokument.to_string().as_bytes()).unwrap();
    let deler = Deler::les(part.iter().copied()).unwrap();
    let utlevering = pakke.filtrer(lagret, &deler);
    assert_eq!(pakke.filtrer_lagret(dokument.to_string().as_bytes(), &deler).unwrap(), utlevering);
    let (mut json, mut xml) = (Vec::new(), Vec::new());
    utlevering.skriv_json(&mut json);
    utlevering.skriv_xml(&mut xml);
    (String::from_utf8(json).unwrap(), String::from_utf8(xml).unwrap())
}

/// Both forms are, to the byte, what the tables say.
fn stemmer(dokument: &Value, pakke: Rettighetspakke, part: &[&str]) {
    let ventet = forventet(dokument, pakke.kortnavn(), part);
    let (json, xml) = levert(dokument, pakke, part);
    assert_eq!(json, ventet.to_string(), "{pakke:?} {part:?}");
    assert_eq!(xml, som_xml(&ventet, "folkeregisterperson", NAVNEROM_PERSON), "{pakke:?} {part:?}");
}

/// The values of `part` that are not names of entities, in all useful company.
const SAMLINGER: [&[&str]; 10] = [
    &[],
    &["historikk"],
    &["person-basis"],
    &["person-basis", "historikk"],
    &["identitetsgrunnlag-utvidet"],
    &["identitetsgrunnlag-utvidet", "historikk"],
    &["relasjon-utvidet"],
    &["relasjon-utvidet", "historikk"],
    &["person-basis", "identitetsgrunnlag-utvidet", "relasjon-utvidet", "historikk"],
    &["navn", "person-basis"],
];

/// Every entity whose name `part` may have.
fn navnene() -> Vec<&'static str> {
    let navn = tabeller::ENTITETER.iter().map(|rad| rad["entitet"]);
    navn.filter(|navn| *navn != "forholdTilSametingetsValgmanntall").collect()
}

#[test]
fn every_field_for_every_package_and_every_part() {
    let dokument = Fabrikk::full().fullt_dokument(0, None);
    for pakke in Rettighetspakke::ALLE {
        for navn in navnene() {
            stemmer(&dokument, pakke, &[navn]);
            stemmer(&dokument, pakke, &[navn, "historikk"]);
        }
    }
}

#[test]
fn everything_at_once_under_every_protection() {
    let mut alt = navnene();
    alt.push("historikk");
    for vern in [None, Some("ugradert"), Some("klientadresse"), Some("fortrolig"), Some("strengtFortrolig")] {
        for runde in 0..4 {
            let dokument = Fabrikk::full().fullt_dokument(runde, vern);
            for pakke in Rettighetspakke::ALLE {
                stemmer(&dokument, pakke, &alt);
            }
        }
    }
}

#[test]
fn every_collection_of_parts() {
    for vern in [None, Some("fortrolig"), Some("strengtFortrolig")] {
        let dokument = Fabrikk::full().fullt_dokument(0, vern);
        for pakke in Rettighetspakke::ALLE {
            for part in SAMLINGER {
                stemmer(&dokument, pakke, part);
            }
        }
    }
}

/// The proof would be worth nothing if the document lacked a field.
#[test]
fn the_full_document_has_every_field_there_is() {
    let mut sett = std::collections::BTreeSet::new();
    for runde in 0..3 {
        let dokument = Fabrikk::full().fullt_dokument(runde, Some("fortrolig"));
        for rad in tabeller::ENTITETER.iter() {
            samle(rad["type"], &dokument[rad["entitet"]], &mut sett);
        }
    }
    for (type_, felter) in tabeller::TYPER.iter().filter(|(type_, _)| **type_ != "Folkeregisterperson") {
        for felt in felter {
            assert!(sett.contains(&(*type_, felt.navn)), "{type_}.{}", felt.navn);
        }
    }
}

fn samle(
    type_: &'static str,
    verdi: &Value,
    sett: &mut std::collections::BTreeSet<(&'static str, &'static str)>,
) {
    match verdi {
        Value::Array(liste) => liste.iter().for_each(|verdi| samle(type_, verdi, sett)),
        Value::Object(objekt) => {
            let metadata = tabeller::er_entitet(type_).then(|| &tabeller::TYPER["Registermetadata"]);
            for felt in metadata.into_iter().flatten().filter(|felt| objekt.contains_key(felt.navn)) {
                sett.insert(("Registermetadata", felt.navn));
            }
            for felt in tabeller::TYPER.get(type_).into_iter().flatten() {
                if let Some(verdi) = objekt.get(felt.navn) {
                    sett.insert((type_, felt.navn));
                    samle(felt.datatype, verdi, sett);
                }
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_documents_and_parts(froe: u64, antall in 0usize..5) {
        let mut fabrikk = Fabrikk::tilfeldig(froe);
        let dokument = fabrikk.dokument();
        let mulige: Vec<&str> = navnene().into_iter()
            .chain(["person-basis", "identitetsgrunnlag-utvidet", "relasjon-utvidet", "historikk", "historikk"])
            .collect();
        let part: Vec<&str> =
            (0..antall).map(|_| mulige[fabrikk.terning(mulige.len() as u64) as usize]).collect();
        for pakke in Rettighetspakke::ALLE {
            stemmer(&dokument, pakke, &part);
        }
    }
}

#[test]
fn part_is_read_as_the_sheet_says() {
    assert_eq!(Deler::les(["RettsligHandleevne"]), Deler::les(["rettsligHandleevne"]));
    assert_eq!(Deler::les(["navn", "navn", "KJOENN"]), Deler::les(["kjoenn", "navn"]));
    assert_eq!(Deler::les([]), Ok(Deler::default()));
    for ukjent in
        ["", "Navn ", "navn,kjoenn", "forholdTilSametingetsValgmanntall", "person/basis", "navn-historikk"]
    {
        let feil = Deler::les([ukjent]).unwrap_err().to_string();
        assert_eq!(feil, format!("Ugyldig verdi for part: {ukjent}"));
    }
}
