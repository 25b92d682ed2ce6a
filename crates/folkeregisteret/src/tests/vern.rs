//! Protected persons, told as cases; and what must never be in an answer, whatever the rules say.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fabrikk::Fabrikk;
use super::forventet::ADRESSER;
use super::matrise::levert;
use crate::modell::{Adressegradering, Persondokument};
use crate::{Deler, Rettighetspakke, Vern};

const ADRESSEPARTER: [&str; 9] = [
    "bostedsadresse",
    "oppholdsadresse",
    "deltBosted",
    "postadresse",
    "postadresseIUtlandet",
    "adressebeskyttelse",
    "innflytting",
    "utflytting",
    "historikk",
];

/// A person with a home and an open postal address, both current, an older home, and a move to Norway.
fn person(vern: &str, hjem: &str) -> Value {
    let vei = |navn: &str| json!({"kommunenummer": "0301", "adressenavn": navn});
    let naa = json!({"erGjeldende": true, "aarsak": "Adressebeskyttelse"});
    let med = |meta: &Value, felter: Value| {
        let mut ut = meta.as_object().unwrap().clone();
        ut.extend(felter.as_object().unwrap().clone());
        Value::Object(ut)
    };
    let foer = json!({"erGjeldende": false, "gyldighetstidspunkt": "2010-01-01T00:00:00+01:00"});
    json!({
        "adressebeskyttelse": [med(&naa, json!({"graderingsnivaa": vern}))],
        "bostedsadresse": [
            med(&naa, json!({"vegadresse": vei("Hjemmeveien"), "adressegradering": hjem, "flyttedato": "2020-02-02"})),
            med(&foer, json!({"vegadresse": vei("Gamleveien"), "adressegradering": "ugradert",
                "flyttedato": "2010-01-01"})),
        ],
        "innflytting": [med(&naa, json!({"fraflyttingsland": "SWE", "fraflyttingsstedIUtlandet": "Exempelstad",
            "gyldighetstidspunkt": "2009-01-01T00:00:00+01:00"}))],
        "postadresse": [med(&naa, json!({"adressegradering": "ugradert",
            "postadresseIFrittFormat": {"adresselinje": ["c/o Skatt nord"]}}))],
    })
}

fn leses(dokument: &Value, pakke: Rettighetspakke) -> String {
    levert(dokument, pakke, &ADRESSEPARTER).0
}

#[test]
fn nobody_gets_an_address_of_one_who_is_strengt_fortrolig_but_the_open_one() {
    for hjem in ["ugradert", "fortrolig", "strengtFortrolig"] {
        for pakke in Rettighetspakke::ALLE {
            let svar = leses(&person("strengtFortrolig", hjem), pakke);
            assert!(svar.contains("c/o Skatt nord"), "{pakke:?}: {svar}");
            for hemmelig in ["veien", "SWE", "Exempelstad", "2009"] {
                assert!(!svar.contains(hemmelig), "{pakke:?} sees {hemmelig}: {svar}");
            }
            assert_eq!(svar.contains("strengtFortrolig"), pakke == Rettighetspakke::OffentligMedHjemmel);
        }
    }
}

#[test]
fn only_omh_gets_the_homes_of_one_who_is_fortrolig() {
    for hjem in ["ugradert", "fortrolig"] {
        for pakke in Rettighetspakke::ALLE {
            let omh = pakke == Rettighetspakke::OffentligMedHjemmel;
            let svar = leses(&person("fortrolig", hjem), pakke);
            assert!(svar.contains("c/o Skatt nord"));
            for hemmelig in ["Hjemmeveien", "Gamleveien", "Adressebeskyttelse", "\"fortrolig\""] {
                assert_eq!(svar.contains(hemmelig), omh, "{pakke:?} {hemmelig}: {svar}");
            }
            let offentlig = omh || pakke == Rettighetspakke::OffentligUtenHjemmel;
            assert!(svar.contains("innflytting"));
            assert_eq!(svar.contains("SWE") && svar.contains("2009"), offentlig, "{pakke:?}: {svar}");
        }
    }
}

#[test]
fn a_client_address_is_one_address() {
    for pakke in Rettighetspakke::ALLE {
        let mut dokument = person("ugradert", "klientadresse");
        dokument.as_object_mut().unwrap().shift_remove("adressebeskyttelse");
        let svar = leses(&dokument, pakke);
        assert_eq!(
            svar.contains("Hjemmeveien"),
            pakke == Rettighetspakke::OffentligMedHjemmel,
            "{pakke:?}: {svar}"
        );
        assert!(svar.contains("Gamleveien") && svar.contains("c/o Skatt nord") && svar.contains("SWE"));
    }
}

#[test]
fn past_addresses_have_dates_in_omh_only() {
    for pakke in Rettighetspakke::ALLE {
        let svar = leses(&person("ugradert", "ugradert"), pakke);
        assert!(svar.contains("Gamleveien") && svar.contains("2020-02-02"));
        assert_eq!(svar.contains("2010"), pakke == Rettighetspakke::OffentligMedHjemmel, "{pakke:?}: {svar}");
    }
}

#[test]
fn protection_as_it_is_now_counts_for_documents_as_they_were() {
    let foer = person("ugradert", "ugradert");
    let deler = Deler::les(ADRESSEPARTER).unwrap();
    let som_det_var = |naa| {
        let dokument = Persondokument::fra_json(foer.to_string().as_bytes()).unwrap();
        let mut ut = Vec::new();
        Rettighetspakke::OffentligMedHjemmel.filtrer_arkivert(dokument, &deler, naa).skriv_json(&mut ut);
        String::from_utf8(ut).unwrap()
    };
    assert!(som_det_var(Vern::Ingen).contains("Hjemmeveien"));
    assert!(som_det_var(Vern::Fortrolig).contains("Hjemmeveien"));
    assert!(!som_det_var(Vern::StrengtFortrolig).contains("veien"));
}

/// Every value of a field, wherever it stands.
fn verdier<'a>(dokument: &'a Value, felt: &str, ut: &mut Vec<&'a Value>) {
    match dokument {
        Value::Array(liste) => liste.iter().for_each(|verdi| verdier(verdi, felt, ut)),
        Value::Object(objekt) => {
            for (navn, verdi) in objekt {
                if navn == felt {
                    ut.push(verdi);
                }
                verdier(verdi, felt, ut);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// What the packages are for, without a look at how.
    #[test]
    fn never_whatever_the_document(froe: u64) {
        let dokument = Fabrikk::tilfeldig(froe).dokument();
        let lagret = Persondokument::fra_json(dokument.to_string().as_bytes()).unwrap();
        let vern = Vern::av(&lagret);
        for pakke in Rettighetspakke::ALLE {
            let mut json = Vec::new();
            pakke.filtrer(lagret.clone(), &Deler::alt()).skriv_json(&mut json);
            let svar: Value = serde_json::from_slice(&json).unwrap();
            let finn = |felt: &str| { let mut ut = Vec::new(); verdier(&svar, felt, &mut ut); ut };

            prop_assert!(finn("forholdTilSametingetsValgmanntall").is_empty());
            prop_assert!(!finn("adressegradering").contains(&&json!(Adressegradering::StrengtFortrolig.kode())));
            if vern == Vern::StrengtFortrolig {
                for entitet in ADRESSER.iter().filter(|entitet| **entitet != "postadresse") {
                    prop_assert!(finn(entitet).is_empty(), "{pakke:?} {entitet}");
                }
            }
            if pakke == Rettighetspakke::OffentligMedHjemmel {
                continue;
            }
            prop_assert!(finn("adressegradering").iter().all(|gradering| **gradering == "ugradert"));
            for felt in ["adressebeskyttelse", "tjenesteomraade", "brukAvSamiskSpraak", "bibehold", "opphold"] {
                prop_assert!(finn(felt).is_empty(), "{pakke:?} {felt}");
            }
            for status in finn("status") {
                let skjult = ["forsvunnet", "foedselsregistrert", "midlertidig", "ikkeBosatt"];
                prop_assert!(!skjult.iter().any(|kode| status == kode), "{pakke:?} {status}");
            }
            if pakke.kortnavn().ends_with("uid") {
                let numre = ["foedselsEllerDNummer", "relatertPerson", "ansvarlig", "ansvarssubjekt",
                    "relatertVedSivilstand", "rettIdentitetVedIdentifikasjonsnummer", "identifikasjonsnummer"];
                for felt in numre {
                    prop_assert!(finn(felt).is_empty(), "{pakke:?} {felt}");
                }
            }
        }
    }
}
