//! Names of units: patterns by form, filled with words that no firm would choose.

use std::fmt::Write;
use std::sync::LazyLock;

use crate::faste::{self, Fast};
use crate::naering;
use crate::nasjon::Nasjon;
use crate::plan::Plan;
use crate::sted;
use crate::terning::{Merke, Terning};

/// Adjectives, lower case, one for each line of the file.
pub(crate) static ADJEKTIVER: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("../data/adjektiver.txt").lines().collect());
/// Nouns, lower case, one for each line of the file.
pub(crate) static SUBSTANTIVER: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("../data/substantiver.txt").lines().collect());

/// The same words in capitals, as names of units are written.
static STORE_ADJEKTIVER: LazyLock<Vec<String>> =
    LazyLock::new(|| ADJEKTIVER.iter().map(|o| o.to_uppercase()).collect());
static STORE_SUBSTANTIVER: LazyLock<Vec<String>> =
    LazyLock::new(|| SUBSTANTIVER.iter().map(|o| o.to_uppercase()).collect());

pub(crate) fn stor_forbokstav(ord: &str) -> String {
    let mut tegn = ord.chars();
    tegn.next().map_or_else(String::new, |c| c.to_uppercase().chain(tegn).collect())
}

/// The patterns of a form. `{A}` adjective, `{N}` and `{M}` nouns, `{S}` place, `{F}` trade, `{T}` number,
/// `{X}` legal form abroad, `{P}` the owner's whole name, `{E}` the owner's family name, `{K}` municipality.
#[rustfmt::skip]
fn moenstre(form: &str) -> &'static [&'static str] {
    match form {
        "AS" => &[
            "{A} {N} {F} AS", "{A} {N} {F} AS", "{A} {N} {F} AS", "{A} {N} {F} AS", "{S} {N} {F} AS", "{S} {N} {F} AS",
            "{N} {F} AS", "{A} {N} AS", "{N} & {M} AS", "{N} OG {M} {F} AS", "{N}-{M} {F} AS", "{A} {N} {T} AS",
            "{N} {F} {S} AS", "{A} {N} GRUPPEN AS", "AS {A} {N}", "{N} CRÈME & CAFÉ AS", "{A} {N} À LA CARTE AS",
            "{T} {N} {F} AS", "{N}'S {F} AS", "{A} {N} NORGE AS",
        ],
        "ASA" => &["{A} {N} ASA", "{N} & {M} ASA", "{N} {F} ASA"],
        "ENK" => &[
            "{P}", "{P}", "{P}", "{F} {P}", "{E} {F}", "{P} {F}", "{A} {N} {F} {E}", "{E}S {F}", "{N} {F} V/{P}",
        ],
        "TVAM" => &["{P}", "{F} {P}"],
        "PERS" => &["{P}"],
        "BO" => &["DØDSBOET ETTER {P}", "{P} DØDSBO"],
        "FLI" => &[
            "{A} {N} IDRETTSLAG", "{S} {N}FORENING", "{N} VELFORENING", "{S} {N}KLUBB", "{A} {N} SANGKOR",
            "{N} OG {M} VENNEFORENING", "{S} {N}LAG", "{A} {N} KORPS", "FORENINGEN {A} {N}", "{N} HISTORIELAG {S}",
            "{A} {N} MENIGHET", "{N} BÅTFORENING",
        ],
        "ESEK" => &["SAMEIET {N}VEIEN {T}", "EIERSEKSJONSSAMEIET {N}TUNET", "{A} {N} BOLIGSAMEIE"],
        "BRL" => &["{N}TUNET BORETTSLAG", "{A} {N} BORETTSLAG", "BORETTSLAGET {N}BAKKEN {T}"],
        "BBL" => &["{S} {N} BOLIGBYGGELAG"],
        "SAM" => &["{N} OG {M} SAMEIE", "{S} {N}SAMEIE", "{A} {N} UTMARKSLAG"],
        "DA" => &["{N} & {M} {F} DA", "{A} {N} {F} DA"],
        "ANS" => &["{N} & {M} {F} ANS", "{A} {N} EIENDOM ANS"],
        "KS" => &["{A} {N} KS", "{N} {F} {T} KS"],
        "PRE" => &["PARTREDERIET {N}", "{A} {N} PARTREDERI", "{N} {T} PARTREDERI DA"],
        "STI" => &["STIFTELSEN {A} {N}", "{N} LEGAT", "{A} {N} STIFTELSE"],
        "SA" => &["{A} {N} SA", "{S} {N} BARNEHAGE SA", "{N} {F} SA", "{S} {N} VASSVERK SA"],
        "BA" => &["{A} {N} {F} BA"],
        "NUF" | "UTLA" => &["{A} {N} {X}", "{N} & {M} {X}", "{N} INTERNATIONAL {X}"],
        "ORGL" => &["{S} {N} SKOLE", "{A} {N} DIREKTORAT", "{S} {N} HELSESENTER", "{S} {N} KULTURETAT", "{A} {N} TILSYN"],
        "ADOS" => &["{A} {N} FORVALTNING", "{S} {N} ADMINISTRASJON"],
        "STAT" => &["DEN SYNTETISKE STAT"],
        "KOMM" => &["SYNTETISKE {K} KOMMUNE"],
        "FYLK" => &["SYNTETISKE {K} FYLKESKOMMUNE"],
        "KF" => &["{S} {N} KF", "{A} {N} DRIFT KF"],
        "FKF" => &["{A} {N} FKF"],
        "IKS" => &["{S} {N} IKS", "{A} {N} RENOVASJON IKS"],
        "KIRK" => &["{S} {N} MENIGHETSRÅD", "{S} {N} KIRKELIGE FELLESRÅD"],
        "KTRF" => &["{A} {N} LEGEKONTOR", "{N} KONTORFELLESSKAP"],
        "SPA" => &["{S} {N} SPAREBANK"],
        "GFS" => &["{A} {N} BRANNKASSE GJENSIDIG"],
        "PK" => &["{A} {N} PENSJONSKASSE"],
        "VPFO" => &["{A} {N} AKSJEFOND", "{N} {M} RENTEFOND", "{A} {N} FOND {T}"],
        "SE" => &["{A} {N} SE"],
        "SF" => &["{A} {N} HELSEFORETAK", "{N} SF"],
        "SÆR" => &["{A} {N} ETT ETTER SÆRLOV", "{A} {N} VERK"],
        "EOFG" => &["{A} {N} EØFG"],
        "OPMV" => &["{S} {N} OPPDELT ENHET"],
        "UTBG" => &["{N}GÅRDEN UTLEIEBYGG"],
        "VIFE" => &["{N} OG {M} FELLESDRIFT"],
        _ => &["{A} {N}", "{S} {N}"],
    }
}

/// The name of a unit after so many changes of name. The estate of a bankrupt takes the debtor's.
pub(crate) fn enhet(nasjon: &Nasjon, plan: &Plan, versjon: u8) -> String {
    if plan.er_konkursbo() {
        let debitor = nasjon.ramme().plan(plan.slot - 1);
        return format!("{} KONKURSBO", enhet(nasjon, &debitor, 0));
    }
    let mut navn = fyll(nasjon, plan, versjon);
    // A unit without a trade leaves blanks behind.
    while let Some(i) = navn.find("  ") {
        navn.remove(i);
    }
    navn.trim().to_owned()
}

fn fyll(nasjon: &Nasjon, plan: &Plan, versjon: u8) -> String {
    let mut t = plan.terning.gren(Merke::Navn, u32::from(versjon));
    // One in thirty shares its words with its neighbours: nearly the same name, another firm.
    let mut ordterning = if t.promille(33) && plan.fast.is_none() {
        nasjon.ramme().plan(plan.slot / 16 * 16).terning.gren(Merke::Navn, 1000)
    } else {
        t.gren(Merke::Navn, 1)
    };
    let moenster = *t.velg(moenstre(plan.form.kode));
    let mut navn = String::with_capacity(48);
    let mut rest = moenster;
    while let Some(i) = rest.find('{') {
        navn.push_str(&rest[..i]);
        let tegn = rest.as_bytes().get(i + 1).copied().unwrap_or_default();
        sett_inn(
            &mut navn,
            tegn,
            nasjon,
            plan,
            if matches!(tegn, b'A' | b'N' | b'M') { &mut ordterning } else { &mut t },
        );
        rest = rest.get(i + 3..).unwrap_or_default();
    }
    navn.push_str(rest);
    navn
}

fn sett_inn(navn: &mut String, tegn: u8, nasjon: &Nasjon, plan: &Plan, t: &mut Terning) {
    match tegn {
        b'A' => navn.push_str(t.velg(STORE_ADJEKTIVER.as_slice()).as_str()),
        b'N' | b'M' => navn.push_str(t.velg(STORE_SUBSTANTIVER.as_slice()).as_str()),
        b'S' => navn.push_str(sted::steder()[plan.hjemsted()].kommune.navn),
        b'F' => {
            let kode = naering::koder(plan, 0).koder[0];
            navn.push_str(naering::fagord(kode, t));
        }
        b'T' => drop(write!(navn, "{}", 1 + t.under(99))),
        b'X' => navn.push_str(nasjon.hjemland(plan).form.0),
        b'K' => navn.push_str(omraade(plan)),
        b'P' => {
            let eier = nasjon.eiernavn(plan);
            navn.push_str(&eier.fornavn.to_uppercase());
            navn.push(' ');
            navn.push_str(&eier.etternavn.to_uppercase());
        }
        b'E' => {
            let eier = nasjon.eiernavn(plan);
            navn.push_str(&eier.etternavn.to_uppercase());
        }
        _ => {}
    }
}

fn omraade(plan: &Plan) -> &'static str {
    match plan.fast {
        Some(Fast::Fylke(nr)) => faste::FYLKER[nr].1,
        _ => sted::steder()[plan.hjemsted()].kommune.navn,
    }
}

/// The name of a sub-unit: mostly its parent's, else with what or where it is.
pub(crate) fn underenhet(nasjon: &Nasjon, plan: &Plan, nr: u8, morsnavn: u8, eget: u8) -> String {
    let mor = enhet(nasjon, plan, morsnavn);
    let mut t = plan.terning.gren(Merke::UnderNavn, u32::from(nr) << 8 | u32::from(eget));
    if nr == 0 && eget == 0 && t.promille(850) {
        return mor;
    }
    let sted = sted::steder()[sted::trekk(&mut t)].kommune.navn;
    match t.under(5) {
        0 | 1 => format!("{mor} AVD {sted}"),
        2 => format!("{mor} {sted}"),
        3 => format!("{mor} AVDELING {}", u32::from(nr) + 1),
        _ => format!("{mor} {}", t.velg(&STORE_SUBSTANTIVER)),
    }
}

/// The part of a web address that comes from a name: lower case letters and digits, at most 24 of them.
pub(crate) fn adressedel(navn: &str) -> String {
    let mut ut = String::with_capacity(24);
    for tegn in navn.chars().flat_map(char::to_lowercase) {
        match tegn {
            'æ' => ut.push_str("ae"),
            'ø' => ut.push('o'),
            'å' => ut.push('a'),
            c if c.is_ascii_alphanumeric() => ut.push(c),
            _ => {}
        }
        if ut.len() >= 24 {
            break;
        }
    }
    ut
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_word_lists_are_large_and_clean() {
        assert!(ADJEKTIVER.len() >= 300 && SUBSTANTIVER.len() >= 400);
        for liste in [&*ADJEKTIVER, &*SUBSTANTIVER] {
            let unike: HashSet<_> = liste.iter().collect();
            assert_eq!(unike.len(), liste.len());
            assert!(
                liste.iter().all(|o| !o.is_empty() && o.chars().all(char::is_lowercase)),
                "lower case letters only"
            );
        }
    }

    #[test]
    fn patterns_use_only_known_places() {
        for form in crate::former::FORMER {
            for moenster in moenstre(form.kode) {
                for del in moenster.split('{').skip(1) {
                    assert!(
                        matches!(
                            del.as_bytes()[..2],
                            [b'A' | b'N' | b'M' | b'S' | b'F' | b'T' | b'X' | b'P' | b'E' | b'K', b'}']
                        ),
                        "{moenster}"
                    );
                }
            }
        }
    }
}
