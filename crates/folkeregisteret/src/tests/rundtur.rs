//! What is written is read again as it was, in both forms; and what is refused.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fabrikk::Fabrikk;
use super::forventet::som_xml;
use crate::modell::{DokumentForHendelse, NAVNEROM_PERSON, Persondokument, Tekst};

fn les(json: &Value) -> Result<Persondokument, crate::modell::UgyldigDokument> {
    Persondokument::fra_json(json.to_string().as_bytes())
}

fn begge_veier(json: &Value) {
    let dokument = les(json).unwrap();
    let (mut som_json, mut xml) = (Vec::new(), Vec::new());
    dokument.skriv_json(&mut som_json);
    assert_eq!(str::from_utf8(&som_json).unwrap(), json.to_string());
    dokument.skriv_xml(&mut xml);
    assert_eq!(str::from_utf8(&xml).unwrap(), som_xml(json, "folkeregisterperson", NAVNEROM_PERSON));
    assert_eq!(Persondokument::fra_xml(&xml).unwrap(), dokument);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_documents(froe: u64) {
        begge_veier(&Fabrikk::tilfeldig(froe).dokument());
    }

    /// Nothing that is sent in makes the readers fall or hang.
    #[test]
    fn readers_withstand_anything(froe: u64, kutt in 0usize..4000, bytes: Vec<u8>) {
        let _ = Persondokument::fra_xml(&bytes);
        let _ = Persondokument::fra_json(&bytes);
        let dokument = les(&Fabrikk::tilfeldig(froe).dokument()).unwrap();
        let mut xml = Vec::new();
        dokument.skriv_xml(&mut xml);
        let kutt = kutt.min(xml.len() - 1);
        prop_assert!(Persondokument::fra_xml(&xml[..kutt]).is_err());
        xml[kutt] = bytes.first().copied().unwrap_or(b'<');
        let _ = Persondokument::fra_xml(&xml);
    }
}

#[test]
fn the_full_document() {
    for runde in 0..3 {
        begge_veier(&Fabrikk::full().fullt_dokument(runde, Some("fortrolig")));
    }
}

#[test]
fn xml_is_read_with_any_prefix_layout_and_order_of_blanks() {
    let xml = br#"<?xml version="1.0"?>
        <!-- a comment -->
        <p:folkeregisterperson xmlns:p="folkeregisteret:tilgjengeliggjoering:person:v1">
            <p:kjoenn annet="1"><p:erGjeldende> true </p:erGjeldende><p:kjoenn>mann</p:kjoenn></p:kjoenn>
            <p:ukjent><p:dypt><p:dypere/></p:dypt></p:ukjent>
            <p:navn><p:fornavn><![CDATA[A&B]]></p:fornavn><p:etternavn>&#x41;&lt;&amp;</p:etternavn></p:navn>
            <p:navn><p:fornavn>C</p:fornavn><p:etternavn/></p:navn>
        </p:folkeregisterperson>
    "#;
    let dokument = Persondokument::fra_xml(xml).unwrap();
    assert_eq!(dokument.kjoenn[0].meta.er_gjeldende, Some(true));
    let navn: Vec<(&str, &str)> = dokument.navn.iter().map(|n| (&*n.fornavn, &*n.etternavn)).collect();
    assert_eq!(navn, [("A&B", "A<&"), ("C", "")]);
}

#[test]
fn xml_that_is_not_this_document_is_refused() {
    for xml in [
        "",
        "<navn/>",
        "<folkeregisterperson>",
        "<folkeregisterperson/><folkeregisterperson/>",
        "<folkeregisterperson>tekst</folkeregisterperson>",
        "<folkeregisterperson><navn>tekst</navn></folkeregisterperson>",
        "<folkeregisterperson><kjoenn><kjoenn>annet</kjoenn></kjoenn></folkeregisterperson>",
        "<folkeregisterperson><kjoenn><kjoenn><b/></kjoenn></kjoenn></folkeregisterperson>",
        "<folkeregisterperson><doedsfall><erGjeldende>ja</erGjeldende></doedsfall></folkeregisterperson>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><folkeregisterperson/>",
        "<folkeregisterperson><navn><fornavn>&b;</fornavn></navn></folkeregisterperson>",
    ] {
        assert!(Persondokument::fra_xml(xml.as_bytes()).is_err(), "{xml}");
    }
    let dypt = format!("<folkeregisterperson>{}", "<a>".repeat(1_000_000));
    assert!(Persondokument::fra_xml(dypt.as_bytes()).is_err());
}

#[test]
fn values_that_a_field_may_not_have_are_refused() {
    let ett = |entitet: &str, felter: Value| les(&json!({ entitet: [felter] }));
    let adresse = json!({"kommunenummer": "0301", "adressenavn": "Gata"});
    assert!(ett("bostedsadresse", json!({"vegadresse": adresse, "adressegradering": "ugradert"})).is_ok());
    for (entitet, felter) in [
        ("bostedsadresse", json!({"vegadresse": adresse})),
        ("bostedsadresse", json!({"adressegradering": "ugradert"})),
        (
            "bostedsadresse",
            json!({"vegadresse": adresse, "ukjentBosted": {}, "adressegradering": "ugradert"}),
        ),
        ("bostedsadresse", json!({"vegadresse": adresse, "adressegradering": "UGRADERT"})),
        ("kjoenn", json!({"kjoenn": "ukjent"})),
        ("kjoenn", json!({"kjoenn": null})),
        ("statsborgerskap", json!({"statsborgerskap": "NO"})),
        ("foedsel", json!({"foedselsaar": 1965})),
        ("foedsel", json!({"foedselsaar": "65"})),
        ("foedsel", json!({"foedselsaar": "1965", "foedselsdato": "1965-02-29"})),
        ("navn", json!({"fornavn": "A".repeat(201), "etternavn": "B"})),
        ("navn", json!({"fornavn": "A\u{1}", "etternavn": "B"})),
        (
            "identifikasjonsnummer",
            json!({"status": "iBruk", "identifikatortype": "dNummer", "foedselsEllerDNummer": "20036914712"}),
        ),
        ("brukAvSamiskSpraak", json!({"spraak": ["nordsamisk", "nordsamisk", "nordsamisk", "lulesamisk"]})),
        ("doedsfall", json!({})),
    ] {
        assert!(ett(entitet, felter.clone()).is_err(), "{entitet} {felter}");
    }
}

#[test]
fn what_is_absent_may_be_null_and_what_is_unknown_is_left_out() {
    let dokument = les(&json!({
        "navn": [{"fornavn": "A", "mellomnavn": null, "etternavn": "B", "nytt": {"a": [1]}}],
        "kjoenn": null,
        "annenIdentifikasjon": [{"a": 1}],
    }));
    let mut ut = Vec::new();
    dokument.unwrap().skriv_json(&mut ut);
    assert_eq!(str::from_utf8(&ut).unwrap(), r#"{"navn":[{"fornavn":"A","etternavn":"B"}]}"#);
}

/// A refused value may be somebody's number; it does not stand in the error, nor in what is logged.
#[test]
fn neither_errors_nor_debug_show_content() {
    let nummer = "15856543134";
    for json in [
        json!({"kjoenn": [{"kjoenn": nummer}]}),
        json!({"foedselINorge": [{"rekkefoelgenummer": format!("nr {nummer}")}]}),
        json!({"navn": [nummer]}),
        json!({"sivilstand": [{"sivilstand": "gift", "relatertVedSivilstand": format!("{nummer}9")}]}),
    ] {
        let feil = les(&json).unwrap_err();
        assert!(!format!("{feil} {feil:?}").contains("158565"), "{feil}");
        let xml = som_xml(&json, "folkeregisterperson", NAVNEROM_PERSON);
        let feil = Persondokument::fra_xml(xml.as_bytes()).unwrap_err();
        assert!(!format!("{feil} {feil:?}").contains("158565"), "{feil}");
    }
    let json = Fabrikk::full().fullt_dokument(0, None);
    let dokument = les(&json).unwrap();
    let vist =
        format!("{dokument:?} {:?} {:?}", dokument.navn, dokument.sivilstand[0].relatert_ved_sivilstand);
    assert!(!vist.contains("fornavn-") && !vist.contains("158565") && !vist.contains("018190"), "{vist}");
    assert_eq!(format!("{:?}", dokument.navn[0].fornavn), "Tekst(..)");
}

#[test]
fn texts_are_cut_and_cleaned_only_when_asked() {
    assert!(Tekst::<4>::parse("æøåä").is_ok());
    assert!(Tekst::<4>::parse("æøåäö").is_err());
    assert_eq!(&*Tekst::<4>::tilpass("æøåäö"), "æøåä");
    assert_eq!(&*Tekst::<40>::tilpass("a\u{0}b"), "a\u{fffd}b");
}

#[test]
fn event_documents_go_both_ways() {
    let json = json!({
        "dokumentidentifikator": "0f3c5a7e9b1d2468ace013579bdf0246",
        "skjemaversjon": "1.0",
        "hendelse": {
            "folkeregisteridentifikator": "15856543134",
            "hendelsestype": "endringIKontaktinformasjon",
            "ajourholdstidspunkt": "2026-03-25T12:41:16.421+01:00",
            "egenskapshendelse": [
                {
                    "postadresse": {"adressegradering": "ugradert", "postboksadresse": {"postboks": "Postboks 1"}},
                    "entitet": "kontaktadresse", "entitetsendring": "registrereNy"
                },
                {
                    "identitetsgrunnlag": {"kilde": "X", "legitimasjonskontroll": "kontrollert"},
                    "entitet": "identitetsgrunnlag", "entitetsendring": "korrigere"
                },
                {"entitet": "kontaktadresseIUtlandet", "entitetsendring": "annullere"}
            ]
        }
    });
    let dokument = DokumentForHendelse::fra_json(json.to_string().as_bytes()).unwrap();
    let (mut ut, mut xml) = (Vec::new(), Vec::new());
    dokument.skriv_json(&mut ut);
    assert_eq!(str::from_utf8(&ut).unwrap(), json.to_string());
    dokument.skriv_xml(&mut xml);
    assert_eq!(DokumentForHendelse::fra_xml(&xml).unwrap(), dokument);
    let med_strek =
        json.to_string().replace("0f3c5a7e9b1d2468ace013579bdf0246", "0f3c5a7e-9b1d-2468-ace0-13579bdf0246");
    assert_eq!(DokumentForHendelse::fra_json(med_strek.as_bytes()).unwrap(), dokument);
}
