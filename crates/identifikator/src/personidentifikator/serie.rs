//! The series of individual numbers: which belong to which birth years.

use std::ops::RangeInclusive;

use super::Slag;

/// A series: birth years, all in one century, and the individual numbers handed out to them.
pub(super) struct Serie {
    pub(super) foedt: RangeInclusive<u16>,
    pub(super) individnummer: RangeInclusive<u16>,
}

const fn serie(foedt: RangeInclusive<u16>, individnummer: RangeInclusive<u16>) -> Serie {
    Serie { foedt, individnummer }
}

/// Producer sheet, section 8.1.
static FOEDSELSNUMMER: [Serie; 4] = [
    serie(1854..=1899, 500..=749),
    serie(1900..=1999, 0..=499),
    serie(1940..=1999, 900..=999),
    serie(2000..=2039, 500..=999),
];

/// Producer sheet, section 8.2: the series in force from 2021-11-16, within a year the older part first.
static D_NUMMER: [Serie; 7] = [
    serie(1858..=1899, 500..=599),
    serie(1900..=1939, 0..=199),
    serie(1940..=1999, 0..=499),
    serie(1940..=1999, 900..=999),
    serie(1940..=1999, 600..=899),
    serie(2000..=2039, 500..=999),
    serie(2000..=2039, 200..=499),
];

/// All series of a kind. Those of one year stand in the order in which they are used.
pub(super) fn serier(slag: Slag) -> &'static [Serie] {
    match slag {
        Slag::Foedselsnummer => &FOEDSELSNUMMER,
        Slag::DNummer => &D_NUMMER,
    }
}

/// The birth year that two digits and an individual number tell together; `None` if they are in no series.
pub(super) fn foedselsaar(slag: Slag, tosifret_aar: u8, individnummer: u16) -> Option<u16> {
    serier(slag).iter().filter(|serie| serie.individnummer.contains(&individnummer)).find_map(|serie| {
        let aar = serie.foedt.start() / 100 * 100 + u16::from(tosifret_aar);
        serie.foedt.contains(&aar).then_some(aar)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn omraade(tekst: &str) -> RangeInclusive<u16> {
        let (fra, til) = tekst.split_once('-').unwrap();
        fra.parse().unwrap()..=til.parse().unwrap()
    }

    /// Every pair of birth year and individual number in a file of series.
    fn par(csv: &str, individ: usize, fra: usize, til: usize) -> BTreeSet<(u16, u16)> {
        let mut par = BTreeSet::new();
        for linje in csv.lines().skip(1) {
            let felt: Vec<&str> = linje.split(',').collect();
            for aar in felt[fra].parse().unwrap()..=felt[til].parse().unwrap() {
                par.extend(felt[individ].split(';').flat_map(omraade).map(|i| (aar, i)));
            }
        }
        par
    }

    fn par_av(slag: Slag) -> BTreeSet<(u16, u16)> {
        let alle = serier(slag).iter();
        alle.flat_map(|s| s.foedt.clone().flat_map(|aar| s.individnummer.clone().map(move |i| (aar, i))))
            .collect()
    }

    #[test]
    fn the_tables_are_those_of_the_data_files() {
        let foedselsnummer = par(include_str!("../../tests/data/foedselsnummer_serier.csv"), 0, 2, 3);
        let d_nummer = par(include_str!("../../tests/data/d_nummer_serier.csv"), 3, 1, 2);
        assert_eq!(par_av(Slag::Foedselsnummer), foedselsnummer);
        assert_eq!(par_av(Slag::DNummer), d_nummer);
    }

    #[test]
    fn a_pair_of_digits_and_an_individual_number_tell_one_year_at_most() {
        for slag in [Slag::Foedselsnummer, Slag::DNummer] {
            let alle = par_av(slag);
            let lest: BTreeSet<_> = (0..100)
                .flat_map(|aar| (0..1000).map(move |i| (aar, i)))
                .filter_map(|(aar, i)| foedselsaar(slag, aar, i).map(|aar| (aar, i)))
                .collect();
            assert_eq!(lest, alle, "what is handed out reads back, and nothing else reads");
            let entydige: BTreeSet<_> = alle.iter().map(|(aar, i)| (aar % 100, *i)).collect();
            assert_eq!(entydige.len(), alle.len());
        }
    }
}
