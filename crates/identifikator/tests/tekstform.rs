//! Text in, text out: round trips, and serde as JSON strings.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;

use identifikator::{Kommunenummer, Landkode, Organisasjonsnummer, Personidentifikator, Postnummer};
use proptest::prelude::*;

proptest! {
    #[test]
    fn organisation_numbers_survive_text_json_and_value(verdi in 0u32..1_000_000_000) {
        let nummer = Organisasjonsnummer::fra_verdi(verdi).unwrap();
        let tekst = nummer.to_string();
        prop_assert_eq!(tekst.len(), 9);
        prop_assert_eq!(tekst.parse(), Ok(nummer));
        prop_assert_eq!(Organisasjonsnummer::try_from(tekst.as_str()), Ok(nummer));
        prop_assert_eq!(serde_json::to_string(&nummer).unwrap(), format!("\"{tekst}\""));
        prop_assert_eq!(serde_json::from_str::<Organisasjonsnummer>(&format!("\"{tekst}\"")).unwrap(), nummer);
    }

    #[test]
    fn codes_are_read_exactly_when_they_have_the_form(tekst in "[0-9]{3,5}|[A-Z]{1,3}|\\PC{0,5}") {
        let fire_sifre = tekst.len() == 4 && tekst.bytes().all(|b| b.is_ascii_digit());
        let to_bokstaver = tekst.len() == 2 && tekst.bytes().all(|b| b.is_ascii_uppercase());
        prop_assert_eq!(Kommunenummer::parse(&tekst).ok().map(|k| k.to_string()), fire_sifre.then(|| tekst.clone()));
        prop_assert_eq!(Postnummer::parse(&tekst).ok().map(|p| p.to_string()), fire_sifre.then(|| tekst.clone()));
        prop_assert_eq!(Landkode::parse(&tekst).ok().map(|l| l.to_string()), to_bokstaver.then(|| tekst.clone()));
    }

    #[test]
    fn order_is_the_order_of_the_texts(a in 0u32..1_000_000_000, b in 0u32..1_000_000_000) {
        let [a, b] = [a, b].map(|verdi| Organisasjonsnummer::fra_verdi(verdi).unwrap());
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }
}

#[test]
fn a_person_serialises_in_full_and_can_be_a_key() {
    let json = r#"{"01819012365":"NO"}"#;
    let lest: BTreeMap<Personidentifikator, Landkode> = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&lest).unwrap(), json);
}

#[test]
fn refused_json_does_not_repeat_the_number() {
    for json in ["\"20036914712\"", "20036914712", "-20036914712", "20036914712.5", "[\"20036914712\"]"] {
        let feil = serde_json::from_str::<Personidentifikator>(json).unwrap_err().to_string();
        assert!(!feil.contains("200369"), "{feil}");
        let verdi: serde_json::Value = serde_json::from_str(json).unwrap();
        let feil = serde_json::from_value::<Personidentifikator>(verdi).unwrap_err().to_string();
        assert!(!feil.contains("200369"), "{feil}");
    }
}
