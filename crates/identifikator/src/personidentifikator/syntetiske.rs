//! The numbers of a date in Skatteetaten's synthetic series, in the order in which they are handed out.
//!
//! Only synthetic numbers can be made; there is no generator of numbers that real persons may have.

use super::serie::serier;
use super::{Kjoenn, Personidentifikator, Regelverk, Slag, kontroll};
use crate::Dato;

impl Personidentifikator {
    /// All synthetic numbers for one born on a date, under the rule until 2031, of one sex or (`None`) both.
    ///
    /// Individual numbers go downwards through the series of the birth year (producer sheet, sections 8.1 and
    /// 8.2; the order among the D-number series is our choice, older part first). Those without control
    /// digits are left out, which leaves about 82 %. Empty for years without a series: fødselsnumre exist for
    /// 1854–2039, D-numbers for 1858–2039.
    pub fn syntetiske(slag: Slag, dato: Dato, kjoenn: Option<Kjoenn>) -> impl Iterator<Item = Self> + Clone {
        serier(slag)
            .iter()
            .filter(move |serie| serie.foedt.contains(&dato.aar()))
            .flat_map(|serie| serie.individnummer.clone().rev())
            .filter(move |individnummer| kjoenn.is_none_or(|k| k == Kjoenn::av(*individnummer)))
            .filter_map(move |individnummer| bygg(slag, dato, individnummer, 0))
    }

    /// All synthetic numbers for a date under the rule from 2032, which tell neither sex nor century.
    ///
    /// From individual number 999 down, and for each the remainders 0, 1, 2, 3 (the official order among
    /// these is undecided). Years a hundred apart share the same numbers, and some were handed out under the
    /// older rule: whoever allots keeps account of what is taken.
    pub fn syntetiske_fra_2032(slag: Slag, dato: Dato) -> impl Iterator<Item = Self> + Clone {
        (0..1000).rev().flat_map(move |individnummer| {
            let rester = Regelverk::Fra2032.tillatte_rester().iter();
            rester.filter_map(move |rest| bygg(slag, dato, individnummer, *rest))
        })
    }
}

/// One number with month + 80; `None` where the candidate has no control digits.
fn bygg(slag: Slag, dato: Dato, individnummer: u16, rest: u8) -> Option<Personidentifikator> {
    let dag = match slag {
        Slag::Foedselsnummer => dato.dag(),
        Slag::DNummer => dato.dag() + 40,
    };
    let aar = (dato.aar() % 100) as u8;
    let mut sifre = [0; 11];
    for (i, par) in [dag, dato.maaned() + 80, aar, (individnummer / 10) as u8].into_iter().enumerate() {
        sifre[2 * i] = par / 10;
        sifre[2 * i + 1] = par % 10;
    }
    sifre[8] = (individnummer % 10) as u8;
    kontroll::sett_kontrollsifre(&mut sifre, rest).then(|| Personidentifikator::av_sifre(&sifre)).flatten()
}
