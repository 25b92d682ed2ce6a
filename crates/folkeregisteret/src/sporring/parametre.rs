//! Reading parameters.

use identifikator::{Kommunenummer, Postnummer};
use tid::Date;

use super::Soekefeil;
use super::krav::{Aarsspenn, Navnekrav};
use crate::indeks::husnummer;
use crate::indeks::ord::gate;
use crate::modell::{Husbokstav, Kjoenn};

/// The fewest characters of a road (section 9).
const MIN_ADRESSENAVN: usize = 3;

/// The parameters of a call. Names are compared without case: the sheet has seen one of them in two spellings.
pub(super) struct Parametre<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parametre<'a> {
    /// Those that the service knows; others are passed over.
    pub(super) fn les(
        alle: impl IntoIterator<Item = (&'a str, &'a str)>,
        kjente: &[&str],
    ) -> Result<Self, Soekefeil> {
        let mut ut: Vec<(&str, &str)> = Vec::new();
        for (navn, verdi) in alle {
            let Some(kjent) = kjente.iter().find(|kjent| kjent.eq_ignore_ascii_case(navn)) else { continue };
            if ut.iter().any(|(der, _)| der.eq_ignore_ascii_case(navn)) {
                return Err(ugyldig(kjent, "kan bare oppgis én gang"));
            }
            ut.push((navn, verdi.trim()));
        }
        Ok(Self(ut))
    }

    /// A value, if there is one.
    pub(super) fn verdi(&self, navn: &str) -> Option<&'a str> {
        let funnet = self.0.iter().find(|(der, _)| der.eq_ignore_ascii_case(navn))?;
        Some(funnet.1).filter(|verdi| !verdi.is_empty())
    }

    /// A value as `tolk` reads it.
    pub(super) fn tolket<T>(
        &self,
        navn: &str,
        tolk: impl Fn(&str) -> Option<T>,
        riktig: &str,
    ) -> Result<Option<T>, Soekefeil> {
        let lest = self.verdi(navn).map(|verdi| tolk(verdi).ok_or_else(|| ugyldig(navn, riktig)));
        lest.transpose()
    }

    /// `true` or `false`; `false` when it is not given.
    pub(super) fn flagg(&self, navn: &str) -> Result<bool, Soekefeil> {
        let tolk = |verdi: &str| verdi.to_ascii_lowercase().parse().ok();
        Ok(self.tolket(navn, tolk, "må være true eller false")?.unwrap_or(false))
    }

    /// `opplysningsgrunnlag`: whether past values are meant too. `begge` is an older word for it.
    pub(super) fn historisk(&self) -> Result<bool, Soekefeil> {
        let tolk = |verdi: &str| match verdi {
            "gjeldende" => Some(false),
            "historisk" | "begge" => Some(true),
            _ => None,
        };
        let lest = self.tolket("opplysningsgrunnlag", tolk, "må være gjeldende eller historisk")?;
        Ok(lest.unwrap_or(false))
    }

    /// `navn`.
    pub(super) fn navn(&self) -> Result<Option<Navnekrav>, Soekefeil> {
        self.tolket("navn", Navnekrav::les, "må inneholde fra ett til tjue ord")
    }

    /// `foedselsdato`, as `YYYYMMDD`.
    pub(super) fn foedselsdato(&self) -> Result<Option<Date>, Soekefeil> {
        self.tolket("foedselsdato", dato, "må være en dato på formen ÅÅÅÅMMDD")
    }

    pub(super) fn kjoenn(&self) -> Result<Option<Kjoenn>, Soekefeil> {
        self.tolket("kjoenn", Kjoenn::av_kode, "må være mann eller kvinne")
    }

    /// `adressenavn`, folded.
    pub(super) fn adressenavn(&self) -> Result<Option<String>, Soekefeil> {
        let tolk = |verdi: &str| Some(gate(verdi)).filter(|gate| gate.chars().count() >= MIN_ADRESSENAVN);
        self.tolket("adressenavn", tolk, "må ha minst tre bokstaver")
    }

    /// `husnummer`, as it is compared.
    pub(super) fn husnummer(&self) -> Result<Option<String>, Soekefeil> {
        self.tolket("husnummer", les_husnummer, "må være et husnummer med eller uten bokstav")
    }

    pub(super) fn postnummer(&self) -> Result<Option<String>, Soekefeil> {
        let tolk = |verdi: &str| Postnummer::parse(verdi).ok().map(|nummer| nummer.to_string());
        self.tolket("postnummer", tolk, "må ha fire siffer")
    }

    pub(super) fn kommunenummer(&self, navn: &str) -> Result<Option<String>, Soekefeil> {
        self.tolket(navn, kommunenummer, "må ha fire siffer")
    }

    /// Two years, of which the first is not after the second.
    pub(super) fn aar(&self, fra: &str, til: &str) -> Result<Aarsspenn, Soekefeil> {
        let aar = |navn| self.tolket(navn, aarstall, "må være et årstall med fire siffer");
        Aarsspenn::ny(aar(fra)?, aar(til)?).ok_or_else(|| ugyldig(fra, &format!("kan ikke være etter {til}")))
    }
}

/// The error of a parameter.
pub(super) fn ugyldig(navn: &str, riktig: &str) -> Soekefeil {
    Soekefeil::Ugyldig(format!("{navn} {riktig}."))
}

pub(super) fn kommunenummer(verdi: &str) -> Option<String> {
    Kommunenummer::parse(verdi).ok().map(|nummer| nummer.to_string())
}

pub(super) fn aarstall(verdi: &str) -> Option<u16> {
    sifre(verdi, 4).then(|| verdi.parse().ok()).flatten()
}

/// Exactly so many digits.
pub(super) fn sifre(verdi: &str, antall: usize) -> bool {
    verdi.len() == antall && verdi.bytes().all(|b| b.is_ascii_digit())
}

fn dato(verdi: &str) -> Option<Date> {
    if !sifre(verdi, 8) {
        return None;
    }
    Date::new(verdi[..4].parse().ok()?, verdi[4..6].parse().ok()?, verdi[6..].parse().ok()?)
}

/// One to four digits, then perhaps a letter; `12`, `12B`, `12 b`.
fn les_husnummer(verdi: &str) -> Option<String> {
    let siffer = verdi.find(|c: char| !c.is_ascii_digit()).unwrap_or(verdi.len());
    let (tall, rest) = verdi.split_at(siffer);
    if !(1..=4).contains(&tall.len()) {
        return None;
    }
    let mut bokstaver = rest.trim_start().chars();
    let bokstav = match (bokstaver.next(), bokstaver.next()) {
        (None, _) => None,
        (Some(bokstav), None) => Some(Husbokstav::ny(bokstav)?.bokstav()),
        _ => return None,
    };
    Some(husnummer(tall.parse().ok()?, bokstav))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn house_numbers() {
        for (lest, husnummer) in
            [("12", "12"), ("12B", "12b"), ("12 b", "12b"), ("0012", "12"), ("9999Å", "9999å"), ("0", "0")]
        {
            assert_eq!(les_husnummer(lest).as_deref(), Some(husnummer));
        }
        for galt in ["", "B", "12BB", "12345", "12-14", "1 2", "１"] {
            assert_eq!(les_husnummer(galt), None, "{galt}");
        }
    }

    #[test]
    fn dates_and_years() {
        assert_eq!(dato("19650515"), Date::new(1965, 5, 15));
        for galt in ["1965-05-15", "19650532", "650515", "+9650515", "1965051５"] {
            assert_eq!(dato(galt), None, "{galt}");
        }
        assert_eq!((aarstall("0099"), aarstall("99"), aarstall("-199")), (Some(99), None, None));
    }
}
