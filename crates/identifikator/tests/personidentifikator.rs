//! Reading numbers of persons: dates, centuries, offsets, error texts.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use identifikator::{Dato, Kjoenn, Personidentifikator, Regelverk, Slag, Syntetisk, UgyldigIdentifikator};

/// All numbers with a prefix `ddMMyy` and individual numbers in a range, valid under the rule until 2031.
fn alle(ddmmyy: &str, individnummer: RangeInclusive<u16>) -> impl Iterator<Item = Personidentifikator> {
    let kandidater =
        individnummer.flat_map(move |i| (0..100).map(move |kk| format!("{ddmmyy}{i:03}{kk:02}")));
    kandidater.filter_map(|tekst| Personidentifikator::parse_etter(&tekst, Regelverk::Til2031).ok())
}

/// The birth years, or the absence of one, that those numbers tell.
fn aar(ddmmyy: &str, individnummer: RangeInclusive<u16>) -> BTreeSet<Option<u16>> {
    alle(ddmmyy, individnummer).map(|nummer| nummer.foedselsdato().map(Dato::aar)).collect()
}

#[test]
fn centuries_of_foedselsnumre() {
    assert_eq!(aar("018153", 500..=749), [None].into());
    assert_eq!(aar("018154", 500..=749), [Some(1854)].into());
    assert_eq!(aar("018199", 500..=749), [Some(1899)].into());
    assert_eq!(aar("018100", 0..=499), [Some(1900)].into());
    assert_eq!(aar("018199", 0..=499), [Some(1999)].into());
    assert_eq!(aar("018139", 900..=999), [Some(2039)].into());
    assert_eq!(aar("018140", 900..=999), [Some(1940)].into());
    assert_eq!(aar("018140", 500..=899), [None].into());
    assert_eq!(aar("018199", 750..=899), [None].into());
    assert_eq!(aar("018100", 500..=999), [Some(2000)].into());
}

#[test]
fn centuries_of_d_numbers_follow_the_extended_series() {
    assert_eq!(aar("418157", 500..=599), [None].into());
    assert_eq!(aar("418158", 500..=599), [Some(1858)].into());
    assert_eq!(aar("418158", 600..=999), [Some(1958)].into());
    assert_eq!(aar("418139", 0..=199), [Some(1939)].into());
    assert_eq!(aar("418139", 200..=999), [Some(2039)].into());
    assert_eq!(aar("418140", 0..=499), [Some(1940)].into());
    assert_eq!(aar("418140", 600..=999), [Some(1940)].into());
    assert_eq!(aar("418100", 200..=499), [Some(2000)].into());
}

#[test]
fn the_official_d_numbers_of_the_extension() {
    for (nummer, aar) in [
        ("41814061033", 1940),
        ("41814065640", 1940),
        ("41814075603", 1940),
        ("41810021827", 2000),
        ("41810025091", 2000),
        ("41810034422", 2000),
    ] {
        assert_eq!(
            Personidentifikator::parse(nummer).unwrap().foedselsdato(),
            Dato::ny(aar, 1, 1),
            "{nummer}"
        );
    }
}

#[test]
fn leap_day_of_1900_is_accepted_but_tells_no_date() {
    assert_eq!(aar("298200", 0..=499), [None].into());
    assert_eq!(aar("298200", 500..=999), [Some(2000)].into());
    assert_eq!(Personidentifikator::parse("29020073150").unwrap().foedselsdato(), Dato::ny(2000, 2, 29));
}

#[test]
fn offsets_of_day_and_month_are_independent() {
    let dato = Dato::ny(1990, 5, 17);
    for (prefiks, slag, syntetisk) in [
        ("170590", Slag::Foedselsnummer, None),
        ("570590", Slag::DNummer, None),
        ("178590", Slag::Foedselsnummer, Some(Syntetisk::Skatteetaten)),
        ("578590", Slag::DNummer, Some(Syntetisk::Skatteetaten)),
        ("177090", Slag::Foedselsnummer, Some(Syntetisk::NorskHelsenett)),
        ("577090", Slag::DNummer, Some(Syntetisk::NorskHelsenett)),
        ("174590", Slag::Foedselsnummer, Some(Syntetisk::Nav)),
        ("574590", Slag::DNummer, Some(Syntetisk::Nav)),
    ] {
        for nummer in alle(prefiks, 0..=19) {
            assert_eq!((nummer.slag(), nummer.syntetisk()), (slag, syntetisk), "{prefiks}");
            assert_eq!(nummer.foedselsdato(), dato, "{prefiks}");
        }
        assert!(alle(prefiks, 0..=19).count() > 10, "{prefiks}");
    }
}

#[test]
fn days_and_months_between_the_offsets_do_not_exist() {
    for ddmmyy in [
        "000590", "320590", "390590", "400590", "720590", "790590", "800590", "990590", // days
        "170090", "171390", "173990", "174090", "175390", "176590", "177890", "178090",
        "179390", // months
        "310490", "318490", "714490", "300290", "298201", "694201",
    ] {
        let feil = UgyldigIdentifikator::Persondato;
        for kk in 0..100 {
            assert_eq!(Personidentifikator::parse(&format!("{ddmmyy}001{kk:02}")), Err(feil), "{ddmmyy}");
        }
    }
}

#[test]
fn numbers_of_the_2032_rule_tell_neither_date_nor_sex() {
    let nummer = Personidentifikator::parse("30908299902").unwrap();
    assert_eq!(
        (nummer.regelverk(), nummer.foedselsdato(), nummer.kjoenn()),
        (Regelverk::Fra2032, None, None)
    );
    let eldre = Personidentifikator::parse("20036914700").unwrap();
    assert_eq!((eldre.foedselsdato(), eldre.kjoenn()), (Dato::ny(1969, 3, 20), Some(Kjoenn::Mann)));
}

#[test]
fn the_rule_in_force_changes_at_new_year_2032() {
    assert_eq!(Regelverk::paa(Dato::ny(2031, 12, 31).unwrap()), Regelverk::Til2031);
    assert_eq!(Regelverk::paa(Dato::ny(2032, 1, 1).unwrap()), Regelverk::Fra2032);
}

#[test]
fn error_texts_are_those_of_the_official_validator() {
    let melding = |tekst: &str, regelverk| {
        Personidentifikator::parse_etter(tekst, regelverk).unwrap_err().melding(tekst)
    };
    assert_eq!(melding("2003691470", Regelverk::Fra2032), "Ugyldig format: ID må være 11 sifre");
    assert_eq!(melding("2003691470X", Regelverk::Fra2032), "Ugyldig format: ID må være 11 sifre");
    assert_eq!(
        melding("29020105729", Regelverk::Fra2032),
        "Ugyldig format: 29020105729 har ugyldig dato 290201 i formatet ddMMyy"
    );
    assert_eq!(
        melding("31899961253", Regelverk::Fra2032),
        "Ugyldig format: 31899961253 har ugyldig dato 310999 i formatet ddMMyy"
    );
    assert_eq!(
        melding("20036914712", Regelverk::Fra2032),
        "Ugyldig ID: 20036914712 er ikke gyldig bygget opp som reelt nummer"
    );
    assert_eq!(
        melding("30908299902", Regelverk::Til2031),
        "Ugyldig ID: 30908299902 er ikke gyldig bygget opp som syntetisk nummer"
    );
    let ekte = Personidentifikator::parse_syntetisk("20036914700", Regelverk::Fra2032).unwrap_err();
    assert_eq!(
        ekte.melding("20036914700"),
        "Ugyldig format: 20036914700 syntetiske nummer må ha 8 eller 9 på indeks 2"
    );
}

#[test]
fn a_number_is_seen_only_where_it_is_asked_for() {
    let nummer = Personidentifikator::parse("41814061033").unwrap();
    assert_eq!(format!("{nummer}"), "***********");
    assert_eq!(
        format!("{nummer:?} {:?}", nummer.vis()),
        format!("{m} Vist({m})", m = "Personidentifikator(***********)")
    );
    assert_eq!(nummer.vis().to_string(), "41814061033");
    for tekst in ["29020105729", "20036914712", "2003691471"] {
        let feil = Personidentifikator::parse(tekst).unwrap_err();
        let logget = format!("{feil} {feil:?}");
        assert!(!logget.contains(&tekst[..6]) && !logget.contains(&tekst[6..]), "{logget}");
    }
}

#[test]
fn an_optional_number_takes_no_more_room_than_a_number() {
    assert_eq!(size_of::<Option<Personidentifikator>>(), 8);
}
