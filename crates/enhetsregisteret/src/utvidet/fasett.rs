//! What hits can be counted by.

use kodeverk::{kommuner, naeringskoder, naeringskoder_sn2025, organisasjonsformer, sektorkoder};

use crate::modell::Enhetstype;

/// Something hits can be counted by. Of several values on a unit the first counts.
#[derive(Debug)]
pub struct Fasett {
    /// Its name, that of the search parameter that picks out one of the values.
    pub navn: &'static str,
    /// The index field on main units and on sub-units, where there is one.
    felt: [Option<&'static str>; 2],
    /// The text of a value.
    tekst: fn(&str) -> Option<&'static str>,
}

const fn begge(navn: &'static str, felt: &'static str, tekst: fn(&str) -> Option<&'static str>) -> Fasett {
    Fasett { navn, felt: [Some(felt), Some(felt)], tekst }
}

const fn enhet(navn: &'static str, felt: &'static str, tekst: fn(&str) -> Option<&'static str>) -> Fasett {
    Fasett { navn, felt: [Some(felt), None], tekst }
}

fn ingen(_: &str) -> Option<&'static str> {
    None
}

/// Everything hits can be counted by.
pub const FASETTER: &[Fasett] = &[
    begge("organisasjonsform", "organisasjonsform.kode", |kode| {
        organisasjonsformer::finn(kode).map(|f| f.beskrivelse)
    }),
    Fasett {
        navn: "kommunenummer",
        felt: [Some("forretningsadresse.kommunenummer"), Some("beliggenhetsadresse.kommunenummer")],
        tekst: |nummer| kommuner::finn(nummer).map(|k| k.navn_vanlig),
    },
    begge("naeringskode", "naeringskode1.kode", |kode| {
        naeringskoder_sn2025::finn(kode).or_else(|| naeringskoder::finn(kode)).map(|n| n.beskrivelse)
    }),
    enhet("institusjonellSektorkode", "institusjonellSektorkode.kode", |kode| {
        sektorkoder::finn(kode).map(|s| s.beskrivelse)
    }),
    enhet("sisteInnsendteAarsregnskap", "sisteInnsendteAarsregnskap", ingen),
    begge("registrertIMvaregisteret", "registrertIMvaregisteret", ingen),
    enhet("registrertIForetaksregisteret", "registrertIForetaksregisteret", ingen),
    enhet("konkurs", "konkurs", ingen),
];

impl Fasett {
    /// Those of one search.
    pub fn for_sok(kind: Enhetstype) -> impl Iterator<Item = &'static Self> {
        FASETTER.iter().filter(move |fasett| fasett.felt(kind).is_some())
    }

    /// The index field.
    pub fn felt(&self, kind: Enhetstype) -> Option<&'static str> {
        self.felt[kind as usize]
    }

    /// The text of a value, for people.
    pub fn beskrivelse(&self, verdi: &str) -> Option<&'static str> {
        (self.tekst)(verdi)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indeks::{FELTER, Feltslag};
    use crate::sporring::parametre::parametre;

    #[test]
    fn every_facet_is_a_parameter_and_an_index_field_with_one_value() {
        for kind in Enhetstype::ALLE {
            for fasett in Fasett::for_sok(kind) {
                assert!(parametre(kind, false).any(|p| p.navn == fasett.navn), "{}", fasett.navn);
                let felt = FELTER.iter().find(|(navn, _)| Some(*navn) == fasett.felt(kind)).unwrap();
                assert!(matches!(felt.1, Feltslag::Nokkel | Feltslag::Flagg), "{}", fasett.navn);
            }
        }
    }

    #[test]
    fn values_have_texts() {
        let tekst =
            |navn: &str, verdi| FASETTER.iter().find(|f| f.navn == navn).and_then(|f| f.beskrivelse(verdi));
        assert_eq!(tekst("organisasjonsform", "AS"), Some("Aksjeselskap"));
        assert_eq!(tekst("kommunenummer", "4601"), Some("Bergen"));
        assert_eq!(tekst("konkurs", "true"), None);
    }
}
