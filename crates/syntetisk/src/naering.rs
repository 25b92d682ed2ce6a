//! Industry codes: which units have which, and the words that stand for them in names.

use std::sync::LazyLock;

use kodeverk::naeringskoder::Naeringskode;

use crate::harde::Krav;
use crate::plan::Plan;
use crate::terning::{Merke, Terning};

/// One common industry: share of companies, share of sole traders, words for names.
struct Naering {
    kode: &'static str,
    selskap: u32,
    person: u32,
    fag: &'static [&'static str],
}

const fn n(kode: &'static str, selskap: u32, person: u32, fag: &'static [&'static str]) -> Naering {
    Naering { kode, selskap, person, fag }
}

/// The industries that make up most of the register; the rest is drawn evenly from the whole standard.
#[rustfmt::skip]
const VANLIGE: &[Naering] = &[
    n("01.110",  2, 50, &["GÅRD", "KORN", "GARDSDRIFT"]),
    n("01.410",  1, 45, &["GÅRD", "MELK", "FJØS"]),
    n("01.451",  1, 60, &["GÅRD", "SAU", "SAUEHOLD"]),
    n("01.500",  2, 30, &["GÅRD", "LANDBRUK"]),
    n("02.200",  3, 20, &["SKOG", "SKOGSDRIFT"]),
    n("03.111",  6, 25, &["FISK", "FISKERI", "HAVFISKE"]),
    n("10.710",  3,  2, &["BAKERI", "KONDITORI", "BAKEHUS"]),
    n("16.231",  3,  2, &["HYTTER", "LAFT"]),
    n("25.620",  5,  3, &["MEKANISKE", "SVEIS"]),
    n("33.120",  5,  5, &["MASKINSERVICE", "VERKSTED"]),
    n("35.111",  5,  1, &["KRAFT", "SMÅKRAFT"]),
    n("41.101", 20,  1, &["BOLIGUTVIKLING", "BOLIG"]),
    n("41.200", 60, 40, &["BYGG", "ENTREPRENØR", "BYGG & ANLEGG"]),
    n("43.120", 20, 12, &["GRAVING", "MASKIN", "ANLEGG"]),
    n("43.210", 22,  8, &["ELEKTRO", "INSTALLASJON"]),
    n("43.221", 18,  8, &["RØR", "VVS", "RØRLEGGERSERVICE"]),
    n("43.320", 25, 30, &["SNEKKERI", "TØMRERSERVICE", "TØMRER"]),
    n("43.341", 12, 12, &["MALERSERVICE", "MALERI"]),
    n("45.200", 16, 10, &["BIL", "BILVERKSTED", "AUTO"]),
    n("46.900", 18,  6, &["HANDEL", "ENGROS", "IMPORT"]),
    n("47.111", 12,  2, &["DAGLIGVARE", "NÆRBUTIKK"]),
    n("47.710", 12,  5, &["KLÆR", "MOTE", "BOUTIQUE"]),
    n("47.761",  4,  3, &["BLOMSTER", "FLEUR"]),
    n("47.919", 12, 18, &["NETTBUTIKK", "NETTHANDEL"]),
    n("49.320",  3, 25, &["TAXI", "DROSJE"]),
    n("49.410", 16, 12, &["TRANSPORT", "LOGISTIKK", "FRAKT"]),
    n("52.291",  4,  1, &["SPEDISJON"]),
    n("55.101",  6,  1, &["HOTELL", "GJESTEGÅRD"]),
    n("56.101", 30,  8, &["RESTAURANT", "CAFÉ", "SPISERI", "KJØKKEN"]),
    n("58.190",  3,  6, &["FORLAG", "PUBLISERING"]),
    n("59.110",  6, 14, &["FILM", "PRODUKSJON"]),
    n("62.010", 22, 20, &["PROGRAMVARE", "KODE", "SYSTEMUTVIKLING"]),
    n("62.020", 34, 22, &["IT", "DATA", "IT-KONSULT"]),
    n("64.202",110,  0, &["HOLDING", "INVEST", "KAPITAL"]),
    n("64.990", 30,  2, &["INVEST", "FINANS"]),
    n("68.100", 16,  1, &["EIENDOMSINVEST"]),
    n("68.209",140, 14, &["EIENDOM", "UTLEIE", "NÆRINGSBYGG"]),
    n("68.310",  8,  1, &["EIENDOMSMEGLING"]),
    n("69.100",  8,  9, &["ADVOKAT", "JUS"]),
    n("70.220", 60, 34, &["RÅDGIVNING", "CONSULTING", "KONSULT"]),
    n("71.112",  8,  6, &["ARKITEKTUR", "ARKITEKTER"]),
    n("71.129", 24, 16, &["TEKNIKK", "INGENIØR", "PROSJEKT"]),
    n("73.110", 12, 10, &["REKLAME", "MARKED"]),
    n("74.102",  6, 18, &["DESIGN", "GRAFISK"]),
    n("74.200",  3, 22, &["FOTO", "FOTOGRAFI"]),
    n("78.200", 10,  1, &["BEMANNING"]),
    n("81.210", 14, 26, &["RENHOLD", "RENS"]),
    n("81.300",  4,  8, &["HAGE", "GARTNERI"]),
    n("85.510",  4, 14, &["TRENING", "KURS"]),
    n("85.595",  2, 14, &["UNDERVISNING"]),
    n("86.211",  8, 12, &["LEGEKONTOR", "LEGESENTER"]),
    n("86.230",  8,  5, &["TANNKLINIKK", "TANN"]),
    n("86.902",  5, 16, &["FYSIOTERAPI", "FYSIO"]),
    n("86.909",  8, 30, &["HELSE", "TERAPI", "AKUPUNKTUR"]),
    n("88.911",  8,  4, &["BARNEHAGE"]),
    n("90.012",  3, 26, &["MUSIKK", "LYD"]),
    n("90.031",  2, 30, &["KUNST", "ATELIER", "KERAMIKK"]),
    n("90.034",  2, 18, &["TEKST", "SKRIVESTUE"]),
    n("93.291",  6,  6, &["OPPLEVELSER", "EVENTYR"]),
    n("96.020", 14, 44, &["FRISØR", "SALONG", "HUDPLEIE"]),
    n("96.040",  3, 14, &["VELVÆRE", "MASSASJE", "SPA"]),
];

/// Codes of the forms that are neither company nor sole trader.
fn faste_koder(form: &str) -> &'static [(&'static str, u32)] {
    match form {
        "FLI" => &[
            ("94.991", 500),
            ("93.120", 210),
            ("90.012", 50),
            ("94.910", 50),
            ("94.120", 30),
            ("94.200", 30),
            ("94.920", 20),
            ("93.190", 30),
            ("88.911", 20),
            ("91.029", 20),
            ("94.110", 20),
            ("85.593", 20),
        ],
        "ESEK" => &[("81.101", 700), ("68.320", 300)],
        "BRL" | "BBL" => &[("68.201", 1)],
        "SAM" => &[("68.209", 500), ("01.110", 100), ("02.200", 200), ("93.299", 200)],
        "STI" => &[("94.992", 500), ("64.305", 250), ("88.911", 100), ("91.022", 100), ("85.591", 50)],
        "KOMM" | "FYLK" | "STAT" | "OPMV" => &[("84.110", 1)],
        "ORGL" | "ADOS" => &[
            ("84.110", 300),
            ("85.201", 250),
            ("84.120", 150),
            ("84.130", 150),
            ("84.240", 50),
            ("85.310", 100),
        ],
        "KF" | "FKF" | "IKS" => &[("38.110", 300), ("84.250", 200), ("36.000", 200), ("68.209", 300)],
        "KIRK" => &[("94.910", 1)],
        "SPA" => &[("64.190", 1)],
        "GFS" => &[("65.120", 1)],
        "PK" => &[("65.300", 1)],
        "VPFO" => &[("64.301", 1)],
        "SF" | "SÆR" => &[("86.101", 400), ("35.111", 200), ("84.130", 400)],
        "KTRF" => &[("86.211", 500), ("86.230", 300), ("69.100", 200)],
        "PRE" => &[("03.111", 600), ("50.201", 400)],
        _ => &[],
    }
}

/// Whether units of the form are registered without any industry code (sheet 8.1, row 9).
fn uten(form: &str) -> bool {
    matches!(form, "KBO" | "BO" | "UTLA" | "PERS" | "UTBG")
}

/// The up to three industry codes of a unit, and its helper code.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Koder {
    pub koder: [Option<&'static str>; 3],
    pub hjelp: Option<&'static str>,
}

/// The codes after so many changes of industry.
pub(crate) fn koder(plan: &Plan, versjon: u8) -> Koder {
    let hjelp = plan.krav(|k| if let Krav::Hjelpeenhet(kode) = k { Some(*kode) } else { None });
    if let Some(gitt) = plan.krav(|k| if let Krav::Naering(koder) = k { Some(*koder) } else { None }) {
        return Koder { koder: std::array::from_fn(|i| gitt.get(i).copied()), hjelp };
    }
    if uten(plan.form.kode) {
        return Koder::default();
    }
    let mut t = plan.terning.gren(Merke::Naering, u32::from(versjon));
    let mut koder = [Some(plan.fast_naering().unwrap_or_else(|| trekk(plan, &mut t))), None, None];
    if t.promille(80) {
        koder[1] = Some(trekk(plan, &mut t)).filter(|k| Some(*k) != koder[0]);
        if koder[1].is_some() && t.promille(200) {
            koder[2] = Some(trekk(plan, &mut t)).filter(|k| Some(*k) != koder[0] && Some(*k) != koder[1]);
        }
    }
    Koder { koder, hjelp: hjelp.or(t.promille(2).then_some("70.100")) }
}

fn trekk(plan: &Plan, t: &mut Terning) -> &'static str {
    let faste = faste_koder(plan.form.kode);
    if !faste.is_empty() {
        return t.vektet(faste, |rad| rad.1).0;
    }
    if t.promille(200) {
        return t.velg(femsifrede()).kode;
    }
    let person = matches!(plan.form.kode, "ENK" | "TVAM");
    t.vektet(VANLIGE, |rad| if person { rad.person } else { rad.selskap }).kode
}

/// Every code of the lowest level but "not stated".
fn femsifrede() -> &'static [&'static Naeringskode] {
    static KODER: LazyLock<Vec<&'static Naeringskode>> = LazyLock::new(|| {
        kodeverk::naeringskoder::alle().iter().filter(|rad| rad.nivaa == 5 && rad.kode != "00.000").collect()
    });
    &KODER
}

/// Words for the industries that have none of their own.
const ELLERS: &[&str] = &["SERVICE", "DRIFT", "PARTNER", "PRODUKSJON", "SUPPLY", "SELSKAPET", "NORD", "TEAM"];

/// A word for the industry, fit for a name.
pub(crate) fn fagord(kode: Option<&str>, t: &mut Terning) -> &'static str {
    let ord: &'static [&'static str] = match kode {
        Some("69.201") => &["REGNSKAP", "REGNSKAPSFØRING", "BOKFØRING"],
        Some("69.202") => &["REVISJON", "REVISORER"],
        _ => VANLIGE.iter().find(|rad| Some(rad.kode) == kode).map_or(ELLERS, |rad| rad.fag),
    };
    t.velg::<&'static str>(ord)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_tables_is_in_the_standard() {
        let faste = crate::former::FORMER.iter().flat_map(|f| faste_koder(f.kode)).map(|rad| rad.0);
        for kode in VANLIGE.iter().map(|rad| rad.kode).chain(faste) {
            assert!(kodeverk::naeringskoder::finn(kode).is_some_and(|rad| rad.nivaa == 5), "{kode}");
        }
        assert!(femsifrede().len() > 800);
    }
}
