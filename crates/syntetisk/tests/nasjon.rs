//! The nation of today: the same every time, in order, consistent, and shaped like the real one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashMap, HashSet};

use enhetsregisteret::modell::{Enhet, Roller, Underenhet};
use identifikator::Organisasjonsnummer;
use serde_json::Value;
use syntetisk::{Endring, Nasjon, Oppsett};

fn nasjon(enheter: u32) -> Nasjon {
    Nasjon::new(Oppsett { enheter, ..Oppsett::default() })
}

/// FNV-1a, 64 bits: enough to see any change, and needs no one else.
fn avtrykk(dokumenter: impl Iterator<Item = String>) -> u64 {
    let bytes = dokumenter.flat_map(String::into_bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

fn json<T: serde::Serialize>(dokument: T) -> String {
    serde_json::to_string(&dokument).unwrap()
}

/// The nation must not change unnoticed: who changes it on purpose writes the new figures here.
#[test]
fn the_documents_of_seed_42_are_pinned() {
    let nasjon = nasjon(1000);
    assert_eq!(
        [
            avtrykk(nasjon.enheter().map(json)),
            avtrykk(nasjon.underenheter().map(json)),
            avtrykk(nasjon.roller().map(json)),
        ],
        [0x1cdf_5b4d_92c8_034f, 0xc5e8_3751_4e40_f646, 0xc83d_7698_8ff2_c104]
    );
}

#[test]
fn the_seed_decides_and_the_size_is_kept() {
    let a: Vec<String> = nasjon(1500).enheter().map(json).collect();
    let b: Vec<String> = nasjon(1500).enheter().map(json).collect();
    assert_eq!(a, b);
    assert_eq!(a.len(), 1500);
    let annen = Nasjon::new(Oppsett { fro: 43, enheter: 1500, ..Oppsett::default() });
    assert_ne!(a, annen.enheter().map(json).collect::<Vec<_>>());
    assert_eq!(nasjon(1).oppsett().enheter, Nasjon::MINST);
}

fn numre(dokumenter: impl Iterator<Item = String>, foerste_siffer: char) -> Vec<u32> {
    let les = |tekst: String| {
        assert!(tekst.starts_with(foerste_siffer), "{tekst}");
        Organisasjonsnummer::parse_strengt(&tekst).unwrap().verdi()
    };
    dokumenter.map(les).collect()
}

#[test]
fn numbers_are_valid_unique_and_ascending() {
    let nasjon = nasjon(5000);
    let enheter = numre(nasjon.enheter().map(|e| e.organisasjonsnummer), '3');
    let underenheter = numre(nasjon.underenheter().map(|u| u.organisasjonsnummer), '2');
    let roller: Vec<u32> = nasjon.roller().map(|(nr, _)| nr).collect();
    let matrikkel: Vec<u32> = nasjon.matrikkel().map(|m| m.orgnr).collect();
    assert!(enheter.is_sorted_by(|a, b| a < b));
    assert!(underenheter.is_sorted_by(|a, b| a < b));
    assert!(roller.is_sorted_by(|a, b| a < b));
    assert!(matrikkel.is_sorted());
    let levende: HashSet<u32> = enheter.into_iter().collect();
    assert!(roller.iter().chain(&matrikkel).all(|nr| levende.contains(nr)));
}

/// Every `{kode, beskrivelse}` in a document, with the key it stands under.
fn koder<'a>(verdi: &'a Value, under: &'a str, ut: &mut Vec<(&'a str, &'a str, &'a str)>) {
    match verdi {
        Value::Object(felt) => {
            if let (Some(Value::String(kode)), Some(Value::String(tekst))) =
                (felt.get("kode"), felt.get("beskrivelse"))
            {
                ut.push((under, kode, tekst));
            }
            felt.iter().for_each(|(navn, verdi)| koder(verdi, navn, ut));
        }
        Value::Array(verdier) => verdier.iter().for_each(|v| koder(v, under, ut)),
        _ => {}
    }
}

#[test]
fn every_code_has_the_text_of_the_code_lists() {
    let nasjon = nasjon(3000);
    let dokumenter = nasjon.enheter().map(|e| serde_json::to_value(e).unwrap());
    let dokumenter = dokumenter.chain(nasjon.underenheter().map(|u| serde_json::to_value(u).unwrap()));
    let dokumenter = dokumenter.chain(nasjon.roller().map(|(_, r)| serde_json::to_value(r).unwrap()));
    for dokument in dokumenter {
        let mut funnet = Vec::new();
        koder(&dokument, "", &mut funnet);
        for (under, kode, tekst) in funnet {
            let i_listen = match under {
                "organisasjonsform" => kodeverk::organisasjonsformer::finn(kode).map(|r| r.beskrivelse),
                "institusjonellSektorkode" => kodeverk::sektorkoder::finn(kode).map(|r| r.beskrivelse),
                "valgtAv" => kodeverk::representanter::finn(kode).map(|r| r.beskrivelse),
                "type" => kodeverk::rolletyper::finn(kode)
                    .filter(|r| r.i_aapne_data && r.beskrivelse == tekst)
                    .map(|r| r.beskrivelse)
                    .or_else(|| {
                        kodeverk::rollegruppetyper::finn(kode)
                            .filter(|r| r.i_aapne_data)
                            .map(|r| r.beskrivelse)
                    }),
                "foretaksformIHjemlandet" => Some(tekst),
                _ => kodeverk::naeringskoder::finn(kode).map(|r| r.beskrivelse),
            };
            assert_eq!(i_listen, Some(tekst), "{under} {kode}");
        }
    }
}

#[test]
fn norwegian_addresses_are_places_that_exist() {
    let nasjon = nasjon(3000);
    let adresser = nasjon.enheter().flat_map(|e| [e.forretningsadresse, e.postadresse]);
    let adresser = adresser.chain(nasjon.underenheter().flat_map(|u| [u.beliggenhetsadresse, u.postadresse]));
    let mut utland = 0;
    for adresse in adresser.flatten() {
        if adresse.landkode.as_deref() != Some("NO") {
            assert!(
                adresse.kommune.is_none() && adresse.kommunenummer.is_none() && adresse.postnummer.is_none()
            );
            utland += 1;
            continue;
        }
        let post = kodeverk::postnummer::finn(&adresse.postnummer.unwrap()).unwrap();
        let kommune = kodeverk::kommuner::finn(&adresse.kommunenummer.unwrap()).unwrap();
        assert_eq!(adresse.poststed.as_deref(), Some(post.poststed));
        assert_eq!(adresse.kommune.as_deref(), Some(kommune.navn));
        assert_eq!(post.kommunenummer, kommune.kommunenummer);
    }
    assert!(utland > 20);
}

struct Naa {
    enheter: HashMap<String, Enhet>,
    underenheter: Vec<Underenhet>,
    roller: Vec<(String, Roller)>,
    slettede: HashSet<String>,
}

fn naa(nasjon: &Nasjon) -> Naa {
    let slettede = nasjon.historie().filter_map(|h| match h.endring {
        Endring::Slettet(_, s) => Some(s.organisasjonsnummer),
        _ => None,
    });
    Naa {
        enheter: nasjon.enheter().map(|e| (e.organisasjonsnummer.clone(), e)).collect(),
        underenheter: nasjon.underenheter().collect(),
        roller: nasjon.roller().map(|(nr, r)| (nr.to_string(), r)).collect(),
        slettede: slettede.collect(),
    }
}

#[test]
fn parents_live_and_employees_add_up() {
    let naa = naa(&nasjon(4000));
    let mut ansatte: BTreeMap<&str, u32> = BTreeMap::new();
    for under in &naa.underenheter {
        let mor = under.overordnet_enhet.as_deref().unwrap();
        assert!(naa.enheter.contains_key(mor), "{mor}");
        assert!(
            under.registreringsdato_enhetsregisteret >= naa.enheter[mor].registreringsdato_enhetsregisteret
        );
        assert_eq!(under.antall_ansatte.is_some(), under.har_registrert_antall_ansatte);
        if let Some(antall) = under.antall_ansatte {
            *ansatte.entry(mor).or_default() += antall;
        }
    }
    for (mor, sum) in ansatte {
        assert_eq!(naa.enheter[mor].antall_ansatte, Some(sum), "{mor}");
    }
    let mut med_slettet_mor = 0;
    for enhet in naa.enheter.values() {
        if let Some(mor) = &enhet.overordnet_enhet {
            let lever = naa.enheter.contains_key(mor);
            assert!(lever || naa.slettede.contains(mor), "{mor}");
            med_slettet_mor += u32::from(!lever);
        }
    }
    assert!(med_slettet_mor > 0);
}

#[test]
fn role_holders_exist_and_are_grown_up() {
    let naa = naa(&nasjon(4000));
    for (nummer, roller) in &naa.roller {
        for gruppe in &roller.rollegrupper {
            let rekkefolge: Vec<u32> = gruppe.roller.iter().map(|r| r.rekkefolge).collect();
            assert_eq!(rekkefolge, (0..gruppe.roller.len() as u32).collect::<Vec<_>>());
            for rolle in &gruppe.roller {
                assert!(rolle.person.is_some() != rolle.enhet.is_some());
                if let Some(person) = &rolle.person {
                    assert!(person.fodselsdato.year() + 18 <= gruppe.sist_endret.year(), "{nummer}");
                }
                let Some(holder) = &rolle.enhet else { continue };
                let Some(enhet) = naa.enheter.get(&holder.organisasjonsnummer) else {
                    assert!(
                        holder.er_slettet && naa.slettede.contains(&holder.organisasjonsnummer),
                        "{nummer}"
                    );
                    continue;
                };
                assert!(!holder.er_slettet);
                assert_eq!(holder.navn.join(" "), enhet.navn);
                assert_eq!(holder.organisasjonsform, enhet.organisasjonsform);
                let kode = enhet.naeringskode1.as_ref().map(|k| k.kode.as_str());
                match gruppe.type_.kode.as_str() {
                    "REVI" => assert_eq!(kode, Some("69.202")),
                    "REGN" => assert_eq!(kode, Some("69.201")),
                    "KDEB" => assert!(enhet.konkurs),
                    "HFOR" => assert_eq!(enhet.organisasjonsform.kode, "UTLA"),
                    "ORGL" | "ADOS" => {
                        assert_eq!(
                            naa.enheter[nummer].overordnet_enhet.as_ref(),
                            Some(&holder.organisasjonsnummer)
                        );
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn nobody_sits_twice_on_a_board() {
    for (nummer, roller) in nasjon(4000).roller() {
        for gruppe in roller.rollegrupper.iter().filter(|g| g.type_.kode == "STYR") {
            let personer = gruppe.roller.iter().filter_map(|r| r.person.as_ref());
            let unike: HashSet<String> = personer.map(json).collect();
            assert_eq!(unike.len(), gruppe.roller.len(), "{nummer}");
        }
    }
}

#[test]
fn sole_traders_bear_their_owners_names() {
    let naa = naa(&nasjon(3000));
    let mut antall = 0;
    for (nummer, roller) in &naa.roller {
        let enhet = &naa.enheter[nummer];
        if enhet.organisasjonsform.kode != "ENK" {
            continue;
        }
        let innehaver = roller.rollegrupper.iter().find(|g| g.type_.kode == "INNH").unwrap();
        let eier = innehaver.roller[0].person.as_ref().unwrap();
        assert!(enhet.navn.contains(&eier.navn.etternavn.to_uppercase()), "{nummer}");
        antall += 1;
    }
    assert!(antall > 900);
}

#[test]
fn dates_stand_in_order_and_flags_fit_the_form() {
    let nasjon = nasjon(5000);
    let idag = nasjon.oppsett().dato;
    for e in nasjon.enheter() {
        let registrert = e.registreringsdato_enhetsregisteret;
        assert!(registrert < idag && e.stiftelsesdato.is_none_or(|d| d <= registrert));
        for dato in [e.konkursdato, e.under_avvikling_dato, e.registreringsdato_merverdiavgiftsregisteret] {
            assert!(dato.is_none_or(|d| registrert <= d && d <= idag), "{}", e.organisasjonsnummer);
        }
        let form = e.organisasjonsform.kode.as_str();
        assert_eq!(e.registrert_i_stiftelsesregisteret, form == "STI");
        assert!(form != "AS" || (e.registrert_i_foretaksregisteret && e.kapital.is_some()));
        assert!(form != "ENK" || e.stiftelsesdato.is_none());
        assert_eq!(e.navn, e.navn.to_uppercase());
        assert!(!e.navn.contains("  ") && e.navn.trim() == e.navn && e.navn.chars().count() <= 180);
        assert!(!e.konkurs || matches!(form, "AS" | "ENK"), "{form}");
        let tvang = [
            e.tvangsavviklet_pga_manglende_sletting_dato,
            e.tvangsopplost_pga_manglende_daglig_leder_dato,
            e.tvangsopplost_pga_manglende_revisor_dato,
            e.tvangsopplost_pga_manglende_regnskap_dato,
            e.tvangsopplost_pga_mangelfullt_styre_dato,
        ];
        assert!(e.under_tvangsavvikling_eller_tvangsopplosning || tvang.iter().all(Option::is_none));
        for linje in e.vedtektsfestet_formaal.iter().chain(&e.aktivitet) {
            assert!(linje.chars().count() <= 80 && !linje.is_empty(), "{linje}");
        }
    }
}
