//! Our schemas are those of the model, and our documents are valid by them.

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::fabrikk::Fabrikk;
use super::forventet::som_xml;
use super::matrise::levert;
use super::xsd::Validator;
use crate::Rettighetspakke;
use crate::modell::{NAVNEROM_HENDELSE, NAVNEROM_PERSON, Persondokument};
use crate::xsd::Skjema;

fn person() -> Validator {
    Validator::les(Skjema::Person.tekst())
}

#[test]
fn the_files_are_what_the_model_says() {
    for skjema in Skjema::ALLE {
        let navn = skjema.navn();
        let fornyes =
            format!("renew it: cargo run -p folkeregisteret --example xsd {navn} > its file, xsd/{navn}.xsd");
        assert!(skjema.tekst() == skjema.lag(), "{fornyes}");
    }
}

#[test]
fn full_documents_are_valid() {
    let validator = person();
    for runde in 0..3 {
        let json = Fabrikk::full().fullt_dokument(runde, Some("fortrolig"));
        let xml = som_xml(&json, "folkeregisterperson", NAVNEROM_PERSON);
        assert_eq!(validator.kontroller(&xml), Ok(()));
        xmllint(Skjema::Person, &xml);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_delivered_is_valid(froe: u64) {
        let validator = person();
        let dokument = Fabrikk::tilfeldig(froe).dokument();
        for pakke in Rettighetspakke::ALLE {
            let (_, xml) = levert(&dokument, pakke, &["person-basis", "relasjon-utvidet", "innflytting", "historikk"]);
            prop_assert_eq!(validator.kontroller(&xml), Ok(()));
        }
    }
}

#[test]
fn documents_that_are_wrong_are_not_valid() {
    let validator = person();
    let med = |innhold: &str| {
        validator.kontroller(&format!(
            "<folkeregisterperson xmlns=\"{NAVNEROM_PERSON}\">{innhold}</folkeregisterperson>"
        ))
    };
    assert_eq!(med("<kjoenn><kilde>a</kilde><kjoenn>mann</kjoenn></kjoenn>"), Ok(()));
    for galt in [
        "<kjoenn><kjoenn>mann</kjoenn><kilde>a</kilde></kjoenn>",
        "<kjoenn><kilde>a</kilde></kjoenn>",
        "<kjoenn><kjoenn>annet</kjoenn></kjoenn>",
        "<ukjent/>",
        "<doedsfall/><doedsfall/>",
        "<kjoenn><kjoenn>mann</kjoenn></kjoenn><status><status>bosatt</status></status>",
        "<adressebeskyttelse><ajourholdstidspunkt>2022</ajourholdstidspunkt><graderingsnivaa>fortrolig\
         </graderingsnivaa></adressebeskyttelse>",
        "<bostedsadresse><adressegradering>ugradert</adressegradering></bostedsadresse>",
    ] {
        assert!(med(galt).is_err(), "{galt}");
    }
    assert!(validator.kontroller("<folkeregisterperson xmlns=\"urn:annet\"/>").is_err());
}

#[test]
fn events_are_valid() {
    let hendelse = "<folkeregisteridentifikator>15856543134</folkeregisteridentifikator>";
    let dokument = format!(
        "<dokumentForHendelse xmlns=\"{NAVNEROM_HENDELSE}\">\
         <dokumentidentifikator>0f3c5a7e9b1d2468ace013579bdf0246</dokumentidentifikator>\
         <skjemaversjon>1.0</skjemaversjon><hendelse>{hendelse}<hendelsestype>endringINavn</hendelsestype>\
         <ajourholdstidspunkt>2026-03-25T12:41:16.421+01:00</ajourholdstidspunkt>\
         <egenskapshendelse><navn><fornavn>A</fornavn><etternavn>B</etternavn></navn><entitet>navn</entitet>\
         <entitetsendring>registrereNy</entitetsendring></egenskapshendelse>\
         <egenskapshendelse><entitet>kontaktadresse</entitet><entitetsendring>annullere</entitetsendring>\
         </egenskapshendelse></hendelse></dokumentForHendelse>"
    );
    assert_eq!(Validator::les(Skjema::Hendelse.tekst()).kontroller(&dokument), Ok(()));
    xmllint(Skjema::Hendelse, &dokument);
    let feed = format!(
        "<lagretHendelse xmlns=\"{NAVNEROM_HENDELSE}\"><sekvensnummer>100</sekvensnummer><hendelse>{hendelse}\
         <hendelsetype>endringIPerson</hendelsetype></hendelse></lagretHendelse>"
    );
    assert_eq!(Validator::les(Skjema::Feed.tekst()).kontroller(&feed), Ok(()));
    xmllint(Skjema::Feed, &feed);
}

/// The same by `xmllint`, where it is installed.
fn xmllint(skjema: Skjema, xml: &str) {
    let fil = concat!(env!("CARGO_MANIFEST_DIR"), "/xsd/").to_owned() + skjema.navn() + ".xsd";
    let mut kommando = Command::new("xmllint");
    kommando.args(["--noout", "--schema", &fil, "-"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut prosess) = kommando.spawn() else {
        println!("xmllint is not installed: only our own checker has looked");
        return;
    };
    prosess.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    let svar = prosess.wait_with_output().unwrap();
    assert!(svar.status.success(), "{}", String::from_utf8_lossy(&svar.stderr));
}

/// The sheet's examples, where they lie beside the project.
#[test]
fn the_sheets_examples_are_read_and_written_as_they_are() {
    let mappe = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/folkeregisteret/eksempler/");
    let les = |navn: &str| std::fs::read_to_string(format!("{mappe}{navn}"));
    if les("person_alle_entiteter.json").is_err() {
        println!("skipped: the sheet's examples are not here");
        return;
    }
    for navn in ["person_alle_entiteter", "person_basis", "person_basis_privat", "person_opphoert"] {
        let json: serde_json::Value = serde_json::from_str(&les(&format!("{navn}.json")).unwrap()).unwrap();
        let dokument = Persondokument::fra_json(json.to_string().as_bytes()).unwrap();
        let (mut ut, mut som_xml) = (Vec::new(), Vec::new());
        dokument.skriv_json(&mut ut);
        assert_eq!(String::from_utf8(ut).unwrap(), json.to_string(), "{navn}");
        dokument.skriv_xml(&mut som_xml);
        assert_eq!(person().kontroller(str::from_utf8(&som_xml).unwrap()), Ok(()), "{navn}");
        if let Ok(xml) = les(&format!("{navn}.xml")) {
            assert_eq!(Persondokument::fra_xml(xml.as_bytes()).unwrap(), dokument, "{navn}");
            let tett: String = xml.lines().map(str::trim_start).collect();
            assert_eq!(String::from_utf8(som_xml).unwrap(), tett, "{navn}");
        }
    }
    let privat = les("person_basis_privat.json").unwrap();
    let basis: serde_json::Value = serde_json::from_str(&les("person_basis.json").unwrap()).unwrap();
    let ventet: serde_json::Value = serde_json::from_str(&privat).unwrap();
    assert_eq!(levert(&basis, Rettighetspakke::Privat, &[]).0, ventet.to_string());
}
