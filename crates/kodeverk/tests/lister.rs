//! The files are what the code takes them for, and the lists agree with each other.

use std::collections::HashSet;

use kodeverk::{
    Naeringskode, kommuner, landkoder, naeringskoder, naeringskoder_sn2025, organisasjonsformer, postnummer,
    representanter, rollegruppetyper, rolletyper, sektorkoder,
};

/// Checks one list against its file: header, width of every line, row count, order and uniqueness of codes.
macro_rules! sjekk_liste {
    ($test:ident, $modul:ident.$kode:ident, $fil:literal, $antall:literal, $hode:literal) => {
        #[test]
        fn $test() {
            let csv = include_str!(concat!("../data/", $fil));
            assert_eq!(csv.lines().next(), Some($hode));
            for linje in csv.lines() {
                assert_eq!(linje.split(';').count(), $hode.split(';').count(), "{linje}");
                assert!(!linje.contains('"') && linje.trim() == linje, "{linje}");
            }
            let koder: Vec<&str> = $modul::alle().iter().map(|rad| rad.$kode).collect();
            assert_eq!(koder.len(), $antall);
            assert!(koder.is_sorted_by(|a, b| a < b), "sorted, no code twice");
            let i_filen: HashSet<&str> =
                csv.lines().skip(1).filter_map(|linje| linje.split(';').next()).collect();
            assert_eq!(koder.iter().copied().collect::<HashSet<_>>(), i_filen);
            for rad in $modul::alle() {
                assert!(std::ptr::eq($modul::finn(rad.$kode).unwrap(), rad), "{}", rad.$kode);
            }
            for ukjent in ["", " ", "as", "ÅÅ", "99999", "ZZZZZ"] {
                assert_eq!($modul::finn(ukjent), None, "{ukjent}");
            }
        }
    };
}

sjekk_liste!(
    organisasjonsformer_matches_its_file,
    organisasjonsformer.kode,
    "organisasjonsformer.csv",
    46,
    "kode;beskrivelse;utgaatt;gjelder_enheter;gjelder_underenheter;i_listen_2026;belegg"
);
sjekk_liste!(
    rolletyper_matches_its_file,
    rolletyper.kode,
    "rolletyper.csv",
    61,
    "kode;beskrivelse;rollegruppe;i_aapne_data;belegg"
);
sjekk_liste!(
    rollegruppetyper_matches_its_file,
    rollegruppetyper.kode,
    "rollegruppetyper.csv",
    30,
    "kode;beskrivelse;i_aapne_data;belegg"
);
sjekk_liste!(
    representanter_matches_its_file,
    representanter.kode,
    "representanter.csv",
    4,
    "kode;beskrivelse;belegg"
);
sjekk_liste!(
    sektorkoder_matches_its_file,
    sektorkoder.kode,
    "institusjonelle_sektorkoder.csv",
    25,
    "kode;beskrivelse;belegg"
);
sjekk_liste!(
    kommuner_matches_its_file,
    kommuner.kommunenummer,
    "kommuner.csv",
    359,
    "kommunenummer;navn;navn_vanlig;belegg"
);
sjekk_liste!(
    naeringskoder_matches_its_file,
    naeringskoder.kode,
    "naeringskoder.csv",
    1813,
    "kode;beskrivelse;nivaa;overordnet"
);
sjekk_liste!(
    naeringskoder_sn2025_matches_its_file,
    naeringskoder_sn2025.kode,
    "naeringskoder_sn2025.csv",
    1785,
    "kode;beskrivelse;nivaa;overordnet"
);
sjekk_liste!(
    postnummer_matches_its_file,
    postnummer.postnummer,
    "postnummer.csv",
    5137,
    "postnummer;poststed;kommunenummer;kategori"
);
sjekk_liste!(
    landkoder_matches_its_file,
    landkoder.landkode,
    "landkoder.csv",
    251,
    "landkode;alfa3;navn;navn_register;kilde"
);

fn bare_sifre(tekst: &str, antall: usize) -> bool {
    tekst.len() == antall && tekst.bytes().all(|b| b.is_ascii_digit())
}

#[test]
fn organisation_forms_say_what_they_apply_to() {
    let underenheter: Vec<&str> = organisasjonsformer::alle()
        .iter()
        .filter(|rad| rad.gjelder_underenheter)
        .map(|rad| rad.kode)
        .collect();
    assert_eq!(underenheter, ["AAFY", "BEDR"]);
    for rad in organisasjonsformer::alle() {
        assert!(!rad.beskrivelse.is_empty());
        assert_ne!(rad.gjelder_enheter, rad.gjelder_underenheter, "{}", rad.kode);
    }
    let utenfor: Vec<(&str, Option<&str>)> = organisasjonsformer::alle()
        .iter()
        .filter(|rad| !rad.i_listen)
        .map(|rad| (rad.kode, rad.utgaatt))
        .collect();
    assert_eq!(utenfor, [("UTBG", Some("2017-07-17")), ("VIFE", None)]);
    assert_eq!(organisasjonsformer::finn("SÆR").unwrap().beskrivelse, "Annet foretak iflg. særskilt lov");
}

#[test]
fn open_role_types_stand_in_open_groups() {
    assert_eq!((rolletyper::aapne().count(), rollegruppetyper::aapne().count()), (27, 22));
    for rad in rolletyper::aapne() {
        let gruppe = rollegruppetyper::finn(rad.rollegruppe).unwrap();
        assert!(gruppe.i_aapne_data, "{}", rad.kode);
    }
    for rad in rollegruppetyper::aapne() {
        assert!(rolletyper::aapne().any(|rolle| rolle.rollegruppe == rad.kode), "{} has a role", rad.kode);
    }
    let styre: Vec<&str> =
        rolletyper::alle().iter().filter(|r| r.rollegruppe == "STYR").map(|r| r.kode).collect();
    assert_eq!(styre, ["LEDE", "MEDL", "NEST", "OBS", "VARA"]);
    assert_eq!(rolletyper::finn("FFØR").unwrap().beskrivelse, "Forretningsfører");
}

#[test]
fn sectors_and_municipalities_are_four_digits() {
    assert!(sektorkoder::alle().iter().all(|rad| bare_sifre(rad.kode, 4) && !rad.beskrivelse.is_empty()));
    for rad in kommuner::alle() {
        assert!(bare_sifre(rad.kommunenummer, 4));
        assert!(!rad.navn_vanlig.is_empty());
        assert_eq!(rad.navn, rad.navn.to_uppercase());
    }
    assert_eq!(kommuner::finn("0301").unwrap().navn, "OSLO");
    assert_eq!(kommuner::finn("2100").unwrap().navn, "SVALBARD");
}

#[test]
fn every_postal_code_lies_in_a_municipality_and_every_municipality_has_one() {
    let mut brukt = HashSet::new();
    for rad in postnummer::alle() {
        assert!(bare_sifre(rad.postnummer, 4));
        assert!(!rad.poststed.is_empty());
        assert!(kommuner::finn(rad.kommunenummer).is_some(), "{}", rad.postnummer);
        brukt.insert(rad.kommunenummer);
    }
    assert_eq!(brukt.len(), kommuner::alle().len());
}

#[test]
fn categories_of_postal_codes_are_those_of_the_file() {
    use postnummer::Kategori::{Begge, Gateadresser, Postbokser, Servicenummer};
    let antall = |kategori| postnummer::alle().iter().filter(|rad| rad.kategori == kategori).count();
    assert_eq!([Gateadresser, Postbokser, Begge, Servicenummer].map(antall), [3311, 1756, 66, 4]);
}

#[test]
fn countries_have_both_codes_and_both_names() {
    let alfa3: HashSet<&str> = landkoder::alle().iter().map(|rad| rad.alfa3).collect();
    assert_eq!(alfa3.len(), landkoder::alle().len());
    for rad in landkoder::alle() {
        assert!(rad.landkode.len() == 2 && rad.landkode.bytes().all(|b| b.is_ascii_uppercase()));
        assert!(rad.alfa3.len() == 3 && rad.alfa3.bytes().all(|b| b.is_ascii_uppercase()));
        assert!(!rad.navn.is_empty() && !rad.navn_register.is_empty());
    }
    assert_eq!(landkoder::finn("NO").map(|rad| (rad.navn, rad.alfa3)), Some(("Norge", "NOR")));
    assert_eq!(landkoder::finn("XK").map(|rad| rad.navn), Some("Kosovo"));
}

/// The level that the form of a code shows.
fn nivaa_av_form(kode: &str) -> u8 {
    match kode.len() {
        1 | 2 => kode.len() as u8,
        lengde => lengde as u8 - 1,
    }
}

/// Parents exist and are right, levels follow the form, and the way down is the inverse of the way up.
fn sjekk_standard(
    alle: &[Naeringskode],
    finn: fn(&str) -> Option<&'static Naeringskode>,
    under: fn(&str) -> &'static [Naeringskode],
) {
    let mut barn = 0;
    for rad in alle {
        assert!(naeringskoder::er_velformet(rad.kode) && !rad.beskrivelse.is_empty(), "{}", rad.kode);
        assert_eq!(rad.nivaa, nivaa_av_form(rad.kode), "{}", rad.kode);
        let over = rad.overordnet.and_then(finn);
        assert_eq!(over.is_none(), rad.nivaa == 1 || rad.kode == "00", "{}", rad.kode);
        if let Some(over) = over {
            assert!(over.nivaa + 1 == rad.nivaa || rad.kode == "00.000", "{}", rad.kode);
            assert!(rad.nivaa == 2 || rad.kode.starts_with(over.kode), "{}", rad.kode);
            assert!(under(over.kode).contains(rad), "{}", rad.kode);
        }
        let nedover = under(rad.kode);
        assert!(nedover.is_sorted_by(|a, b| a.kode < b.kode));
        assert_eq!(nedover.is_empty(), rad.nivaa == 5, "{}", rad.kode);
        barn += nedover.len();
    }
    assert_eq!(barn, alle.iter().filter(|rad| rad.overordnet.is_some()).count());
    assert!(under("").is_empty() && under("Ø").is_empty() && under("62.0100").is_empty());
}

#[test]
fn both_industry_standards_are_whole_trees() {
    sjekk_standard(naeringskoder::alle(), naeringskoder::finn, naeringskoder::under);
    sjekk_standard(naeringskoder_sn2025::alle(), naeringskoder_sn2025::finn, naeringskoder_sn2025::under);
}

#[test]
fn the_levels_have_as_many_codes_as_the_standards() {
    let per_nivaa =
        |alle: &[Naeringskode]| [1, 2, 3, 4, 5].map(|n| alle.iter().filter(|rad| rad.nivaa == n).count());
    assert_eq!(per_nivaa(naeringskoder::alle()), [21, 88, 270, 613, 821]);
    assert_eq!(per_nivaa(naeringskoder_sn2025::alle()), [22, 88, 287, 651, 737]);
}

#[test]
fn sections_lead_to_their_two_digit_codes_only() {
    let avdelinger = |bokstav| naeringskoder::avdelinger(bokstav).collect::<Vec<_>>();
    assert_eq!(avdelinger("A"), ["01", "02", "03"]);
    assert_eq!(avdelinger("J"), ["58", "59", "60", "61", "62", "63"]);
    for ikke_bokstav in ["", "00", "01", "01.1", "V", "a", "Æ"] {
        assert!(avdelinger(ikke_bokstav).is_empty(), "{ikke_bokstav}");
    }
    // Every two-digit code but 00 stands beneath exactly one letter.
    let alle = naeringskoder::alle().iter().filter(|rad| rad.nivaa == 1);
    assert_eq!(alle.flat_map(|rad| naeringskoder::avdelinger(rad.kode)).collect::<HashSet<_>>().len(), 87);
    assert!(naeringskoder_sn2025::avdelinger("V").eq(["99"]));
}

#[test]
fn the_form_of_industry_codes() {
    for kode in ["A", "Z", "00", "62", "62.0", "62.01", "62.010", "99.999"] {
        assert!(naeringskoder::er_velformet(kode), "{kode}");
    }
    for kode in [
        "", "a", "Ø", "6", "62.", "620", "62010", "49410", "62.0100", "62,01", "6 ", "62.0x", "AA", " A",
        "６２",
    ] {
        assert!(!naeringskoder::er_velformet(kode), "{kode}");
    }
}
