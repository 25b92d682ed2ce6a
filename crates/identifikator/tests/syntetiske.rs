//! The generators, against reading: everything generated reads back, and everything that reads is generated.

use std::collections::BTreeSet;

use identifikator::{Dato, Kjoenn, Personidentifikator, Regelverk, Slag, Syntetisk};
use proptest::prelude::*;

fn datoer(aar: std::ops::RangeInclusive<u16>) -> impl Strategy<Value = Dato> {
    (aar, 1u8..=12, 1u8..=31)
        .prop_filter_map("the date exists", |(aar, maaned, dag)| Dato::ny(aar, maaned, dag))
}

fn slag() -> impl Strategy<Value = Slag> {
    prop_oneof![Just(Slag::Foedselsnummer), Just(Slag::DNummer)]
}

/// Every number with the date's six digits that a rule accepts, found by trying all 100 000.
fn alle_som_leses(slag: Slag, dato: Dato, regelverk: Regelverk) -> Vec<Personidentifikator> {
    let dag = dato.dag() + if slag == Slag::DNummer { 40 } else { 0 };
    let prefiks = format!("{dag:02}{:02}{:02}", dato.maaned() + 80, dato.aar() % 100);
    let kandidater = (0..100_000).map(|i| format!("{prefiks}{i:05}"));
    kandidater.filter_map(|tekst| Personidentifikator::parse_etter(&tekst, regelverk).ok()).collect()
}

fn individnummer(nummer: Personidentifikator) -> u16 {
    nummer.vis().to_string()[6..9].bytes().fold(0, |verdi, siffer| verdi * 10 + u16::from(siffer - b'0'))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn until_2031_the_numbers_of_a_date_are_exactly_those_that_read_as_that_date(
        slag in slag(), dato in datoer(1850..=2045),
    ) {
        let laget: Vec<_> = Personidentifikator::syntetiske(slag, dato, None).collect();
        let mengde: BTreeSet<_> = laget.iter().copied().collect();
        prop_assert_eq!(mengde.len(), laget.len(), "no number twice");
        let lest: BTreeSet<_> = alle_som_leses(slag, dato, Regelverk::Til2031)
            .into_iter()
            .filter(|nummer| nummer.foedselsdato() == Some(dato))
            .collect();
        prop_assert_eq!(mengde, lest);
    }

    #[test]
    fn from_2032_the_numbers_of_a_date_are_all_that_read(slag in slag(), dato in datoer(1900..=2099)) {
        let laget: Vec<_> = Personidentifikator::syntetiske_fra_2032(slag, dato).collect();
        prop_assert!(laget.is_sorted_by_key(|nummer| std::cmp::Reverse(individnummer(*nummer))));
        let mengde: BTreeSet<_> = laget.iter().copied().collect();
        prop_assert_eq!(mengde.len(), laget.len(), "no number twice");
        let lest: BTreeSet<_> = alle_som_leses(slag, dato, Regelverk::Fra2032).into_iter().collect();
        prop_assert_eq!(mengde, lest);
    }
}

proptest! {
    #[test]
    fn generated_numbers_parse_with_the_right_date_sex_and_kind(
        slag in slag(), dato in datoer(1858..=2039), kvinne in any::<bool>(),
    ) {
        let kjoenn = if kvinne { Kjoenn::Kvinne } else { Kjoenn::Mann };
        let mut antall = 0;
        for nummer in Personidentifikator::syntetiske(slag, dato, Some(kjoenn)) {
            antall += 1;
            let tekst = nummer.vis().to_string();
            prop_assert_eq!(Personidentifikator::parse_syntetisk(&tekst, Regelverk::Til2031), Ok(nummer));
            prop_assert_eq!(nummer.foedselsdato(), Some(dato));
            prop_assert_eq!(nummer.kjoenn(), Some(kjoenn));
            prop_assert_eq!((nummer.slag(), nummer.syntetisk()), (slag, Some(Syntetisk::Skatteetaten)));
        }
        prop_assert!(antall >= 30, "only {} numbers on a day", antall);
    }

    #[test]
    fn any_text_is_read_or_refused_without_panic(tekst in "\\PC{0,14}|[0-9]{9,12}") {
        if let Ok(nummer) = Personidentifikator::parse(&tekst) {
            prop_assert_eq!(nummer.vis().to_string(), tekst);
        }
    }
}

/// The individual numbers of 15 June in the order they come, written as the falling runs they make up.
fn loep(slag: Slag, aar: u16) -> Vec<(u16, u16)> {
    let mut loep: Vec<(u16, u16)> = Vec::new();
    let numre =
        Dato::ny(aar, 6, 15).into_iter().flat_map(|dato| Personidentifikator::syntetiske(slag, dato, None));
    for i in numre.map(individnummer) {
        match loep.last_mut() {
            // Candidates without control digits leave gaps of a few numbers within a series.
            Some((_, siste)) if i < *siste && *siste - i < 10 => *siste = i,
            _ => loep.push((i, i)),
        }
    }
    loep
}

#[test]
fn the_order_is_downwards_in_the_documented_series() {
    for (slag, aar, serier) in [
        (Slag::Foedselsnummer, 1880, &[(749, 500)][..]),
        (Slag::Foedselsnummer, 1920, &[(499, 0)]),
        (Slag::Foedselsnummer, 1970, &[(499, 0), (999, 900)]),
        (Slag::Foedselsnummer, 2010, &[(999, 500)]),
        (Slag::DNummer, 1880, &[(599, 500)]),
        (Slag::DNummer, 1920, &[(199, 0)]),
        // 900 follows 899 without a gap, so the two last series make one run.
        (Slag::DNummer, 1970, &[(499, 0), (999, 600)]),
        (Slag::DNummer, 2010, &[(999, 200)]),
    ] {
        let loep = loep(slag, aar);
        assert_eq!(loep.len(), serier.len(), "{slag:?} {aar}: {loep:?}");
        for ((foerste, siste), (fra, til)) in loep.into_iter().zip(serier) {
            assert!(fra - foerste < 10 && siste - til < 10, "{slag:?} {aar}: {foerste}–{siste}");
        }
    }
    for (slag, aar) in [(Slag::Foedselsnummer, 1853), (Slag::Foedselsnummer, 2040), (Slag::DNummer, 1857)] {
        assert_eq!(loep(slag, aar), [], "{slag:?} {aar}");
    }
}

#[test]
fn the_capacity_of_a_day_is_about_the_official_one() {
    let csv = include_str!("data/d_nummer_serier.csv");
    for linje in csv.lines().skip(1) {
        let felt: Vec<&str> = linje.split(',').collect();
        let (aar, offisiell): (u16, usize) = (felt[1].parse().unwrap(), felt[4].parse().unwrap());
        let dager: Vec<Dato> =
            (1..=12).flat_map(|m| (1..=31).filter_map(move |d| Dato::ny(aar, m, d))).collect();
        let laget: usize = dager
            .iter()
            .map(|dato| Personidentifikator::syntetiske(Slag::DNummer, *dato, None).count())
            .sum();
        let snitt = laget / dager.len();
        assert!(snitt.abs_diff(offisiell) * 50 <= offisiell, "{aar}: {snitt} a day, official {offisiell}");
    }
}

#[test]
fn the_first_numbers_from_2032_come_by_individual_number_then_remainder() {
    let dato = Dato::ny(1982, 10, 30).unwrap();
    let numre = Personidentifikator::syntetiske_fra_2032(Slag::Foedselsnummer, dato);
    let tekster: Vec<String> = numre.take(4).map(|nummer| nummer.vis().to_string()).collect();
    // By hand for 309082 999: Σ = 244 leaves 2, so k1 is 9, (10: discarded), 0, 1 for the remainders 0–3;
    // Σ of the second leaves 5, 9, 0, so k2 is 6, 2, 0. The middle one is an official vector.
    assert_eq!(tekster[..3], ["30908299996", "30908299902", "30908299910"]);
    assert_eq!(tekster[3][..9], *"309082998");
}
