//! The official and constructed number vectors, under both rules.

use identifikator::{Personidentifikator, Regelverk, Slag, Syntetisk, UgyldigIdentifikator};

const VEKTORER: &str = include_str!("data/nummer_testvektorer.csv");

fn rader() -> impl Iterator<Item = Vec<&'static str>> {
    VEKTORER.lines().skip(1).map(|linje| linje.split(',').collect())
}

#[test]
fn every_vector_is_judged_as_its_columns_say() {
    assert_eq!(rader().count(), 46);
    for rad in rader() {
        let nummer = rad[0];
        let til_2031 = Personidentifikator::parse_etter(nummer, Regelverk::Til2031);
        let fra_2032 = Personidentifikator::parse_etter(nummer, Regelverk::Fra2032);
        assert_eq!(til_2031.is_ok(), rad[6] == "gyldig", "{nummer} until 2031");
        assert_eq!(fra_2032.is_ok(), rad[7] == "gyldig", "{nummer} from 2032");
        assert_eq!(Personidentifikator::parse(nummer), fra_2032, "{nummer} read side by side");
        if rad[3] == "nei" {
            assert_eq!(fra_2032, Err(UgyldigIdentifikator::Persondato), "{nummer}");
        }
    }
}

#[test]
fn kind_series_and_rule_of_every_valid_vector() {
    for rad in rader().filter(|rad| rad[7] == "gyldig") {
        let nummer = Personidentifikator::parse(rad[0]).unwrap();
        let slag = if rad[1] == "dNummer" { Slag::DNummer } else { Slag::Foedselsnummer };
        let syntetisk = (rad[2] == "ja").then_some(Syntetisk::Skatteetaten);
        let regelverk = if rad[6] == "gyldig" { Regelverk::Til2031 } else { Regelverk::Fra2032 };
        assert_eq!(
            (nummer.slag(), nummer.syntetisk(), nummer.regelverk()),
            (slag, syntetisk, regelverk),
            "{}",
            rad[0]
        );
        assert_eq!(nummer.kjoenn().is_some(), regelverk == Regelverk::Til2031, "{}", rad[0]);
        assert_eq!(nummer.vis().to_string(), rad[0]);
    }
}

#[test]
fn only_month_plus_80_passes_as_synthetic() {
    for rad in rader() {
        let lest = Personidentifikator::parse_syntetisk(rad[0], Regelverk::Fra2032);
        if rad[2] == "nei" {
            assert_eq!(lest, Err(UgyldigIdentifikator::IkkeSyntetisk), "{}", rad[0]);
        } else {
            assert_eq!(lest, Personidentifikator::parse(rad[0]), "{}", rad[0]);
        }
    }
}
