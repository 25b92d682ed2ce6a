//! Simple values: texts, dates, numbers. None can hold what its field may not.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use identifikator::{
    Kommunenummer, Landkode, LandkodeAlfa3, Organisasjonsnummer, Personidentifikator, Postnummer,
};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use tid::{Date, Moment};

use super::beskrivelse::{Innhold, Type};
use super::felttype::Verdi;
use crate::format::Skriver;

/// Reads a string that `tolk` understands. The error says what was expected and never what stood there: it may be
/// personal data.
pub(super) fn les_tekst<'de, T, D: Deserializer<'de>>(
    inn: D,
    tolk: fn(&str) -> Option<T>,
    forventet: &'static str,
) -> Result<T, D::Error> {
    struct Leser<T>(fn(&str) -> Option<T>, &'static str);

    impl<T> Visitor<'_> for Leser<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.1)
        }

        fn visit_str<E: Error>(self, tekst: &str) -> Result<T, E> {
            (self.0)(tekst).ok_or_else(|| E::custom(format_args!("ventet {}", self.1)))
        }
    }

    inn.deserialize_str(Leser(tolk, forventet))
}

/// Text of at most `MAKS` characters, without characters that XML cannot hold.
///
/// Texts that the program itself knows are not copied.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tekst<const MAKS: usize = 4000>(Cow<'static, str>);

/// A part of a person's name (consumer sheet, section 7.4).
pub type Navnedel = Tekst<200>;

/// The text is too long, or has characters that cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("teksten er lengre enn {0} tegn eller har tegn som ikke kan skrives")]
pub struct UgyldigTekst(usize);

impl<const MAKS: usize> Tekst<MAKS> {
    /// Reads a text.
    ///
    /// # Errors
    /// [`UgyldigTekst`] when it is longer than `MAKS` characters or has a character that XML cannot hold.
    pub fn parse(tekst: impl Into<Cow<'static, str>>) -> Result<Self, UgyldigTekst> {
        let tekst = tekst.into();
        let kort_nok = tekst.len() <= MAKS || tekst.chars().count() <= MAKS;
        if kort_nok && !tekst.contains(kan_ikke_skrives) { Ok(Self(tekst)) } else { Err(UgyldigTekst(MAKS)) }
    }

    /// A text of the program's own: what is too much is cut off, what cannot be written becomes U+FFFD.
    pub fn tilpass(tekst: impl Into<Cow<'static, str>>) -> Self {
        let tekst = tekst.into();
        Self::parse(tekst.clone()).unwrap_or_else(|_| {
            let tegn = tekst.chars().take(MAKS);
            Self(tegn.map(|c| if kan_ikke_skrives(c) { char::REPLACEMENT_CHARACTER } else { c }).collect())
        })
    }
}

/// What is no character in XML 1.0, section 2.2.
fn kan_ikke_skrives(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

impl<const MAKS: usize> Deref for Tekst<MAKS> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAKS: usize> fmt::Debug for Tekst<MAKS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tekst(..)")
    }
}

impl<'de, const MAKS: usize> Deserialize<'de> for Tekst<MAKS> {
    fn deserialize<D: Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
        les_tekst(
            inn,
            |tekst| Self::parse(tekst.to_owned()).ok(),
            "en tekst uten kontrolltegn som ikke er for lang",
        )
    }
}

impl<const MAKS: usize> Verdi for Tekst<MAKS> {
    const TYPE: &'static Type = &Type {
        navn: match MAKS {
            40 => "Tekst40",
            175 => "Organisasjonsnavn",
            200 => "Navnedel",
            _ => "Tekst",
        },
        innhold: Innhold::Tekst(MAKS),
    };

    fn skriv<S: Skriver>(&self, ut: &mut S) {
        ut.tekst(self);
    }
}

/// A four-digit year, a string in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aarstall(u16);

impl Aarstall {
    /// A year of at most four digits.
    pub const fn ny(aar: u16) -> Option<Self> {
        if aar <= 9999 { Some(Self(aar)) } else { None }
    }

    /// The year of a date.
    pub fn av(dato: Date) -> Self {
        Self(dato.year().unsigned_abs())
    }

    /// The year.
    pub const fn aar(self) -> u16 {
        self.0
    }

    fn parse(tekst: &str) -> Option<Self> {
        sifre(tekst, 4..=4).map(|aar| Self(aar as u16))
    }
}

impl fmt::Display for Aarstall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// A house number: one to four digits, written as it was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Husnummer {
    tall: u16,
    bredde: u8,
}

impl Husnummer {
    /// A house number without leading zeros.
    pub const fn ny(tall: u16) -> Option<Self> {
        if tall <= 9999 { Some(Self { tall, bredde: 1 }) } else { None }
    }

    /// The number.
    pub const fn tall(self) -> u16 {
        self.tall
    }

    fn parse(tekst: &str) -> Option<Self> {
        let tall = sifre(tekst, 1..=4)? as u16;
        // Leading zeros need a width, other numbers fill it themselves.
        let bredde = if tekst.starts_with('0') { tekst.len() as u8 } else { 1 };
        Some(Self { tall, bredde })
    }
}

impl fmt::Display for Husnummer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0bredde$}", self.tall, bredde = usize::from(self.bredde))
    }
}

/// The letter of a house number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Husbokstav(char);

impl Husbokstav {
    /// One letter of the Norwegian alphabet, small or capital.
    pub const fn ny(bokstav: char) -> Option<Self> {
        match bokstav {
            'A'..='Z' | 'a'..='z' | 'Æ' | 'Ø' | 'Å' | 'æ' | 'ø' | 'å' => Some(Self(bokstav)),
            _ => None,
        }
    }

    /// The letter.
    pub const fn bokstav(self) -> char {
        self.0
    }

    fn parse(tekst: &str) -> Option<Self> {
        let mut tegn = tekst.chars();
        tegn.next().filter(|_| tegn.next().is_none()).and_then(Self::ny)
    }
}

impl fmt::Display for Husbokstav {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Eleven digits that stand for a person but need not be anybody's number: a spouse without a number was seen as
/// `DDMMYY00000` (consumer sheet, section 7.4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElleveSifre(u64);

impl ElleveSifre {
    /// The number, if it is one.
    pub fn personidentifikator(self) -> Option<Personidentifikator> {
        Personidentifikator::parse(&format!("{:011}", self.0)).ok()
    }

    fn parse(tekst: &str) -> Option<Self> {
        sifre(tekst, 11..=11).map(Self)
    }
}

impl From<Personidentifikator> for ElleveSifre {
    fn from(nummer: Personidentifikator) -> Self {
        // A person's number shows as eleven digits.
        Self(nummer.vis().to_string().parse().unwrap_or_default())
    }
}

impl fmt::Debug for ElleveSifre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ElleveSifre(***********)")
    }
}

/// The key of a stored document: 32 hexadecimal digits, opaque (section 12.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dokumentidentifikator(u128);

impl Dokumentidentifikator {
    /// The key that a number of 128 bits spells.
    pub const fn ny(verdi: u128) -> Self {
        Self(verdi)
    }

    /// The number that it spells.
    pub const fn verdi(self) -> u128 {
        self.0
    }

    /// Reads 32 hexadecimal digits, with hyphens as in a UUID or without (section 8.3).
    pub fn parse(tekst: &str) -> Option<Self> {
        let mut verdi: u128 = 0;
        let mut antall = 0;
        for (i, b) in tekst.bytes().enumerate() {
            match (b, i, tekst.len()) {
                (b'-', 8 | 13 | 18 | 23, 36) => continue,
                (b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..) if antall < 32 => {}
                _ => return None,
            }
            verdi = verdi << 4 | u128::from(char::from(b).to_digit(16)?);
            antall += 1;
        }
        (antall == 32).then_some(Self(verdi))
    }
}

impl fmt::Display for Dokumentidentifikator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The number that ASCII digits spell, if there are as many as there shall be.
fn sifre(tekst: &str, antall: std::ops::RangeInclusive<usize>) -> Option<u64> {
    let bare_sifre = antall.contains(&tekst.len()) && tekst.bytes().all(|b| b.is_ascii_digit());
    bare_sifre.then(|| tekst.parse().ok()).flatten()
}

/// Reading for types that are told by their text.
macro_rules! lest {
    ($($type:ident: $forventet:literal),* $(,)?) => {
        $(impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
                les_tekst(inn, Self::parse, $forventet)
            }
        })*
    };
}

lest! {
    Aarstall: "et årstall med 4 siffer",
    Husnummer: "et husnummer med 1 til 4 siffer",
    Husbokstav: "en husbokstav",
    ElleveSifre: "11 siffer",
    Dokumentidentifikator: "32 heksadesimale siffer",
}

/// Values for the types that are a string without need of escaping.
macro_rules! verdier {
    ($($type:ident $navn:literal $innhold:expr, $vis:expr;)*) => {
        $(impl Verdi for $type {
            const TYPE: &'static Type = &Type { navn: $navn, innhold: $innhold };
            const ER_DATO: bool = matches!(Self::TYPE.innhold, Innhold::Dato | Innhold::DatoKlokkeslett);

            fn skriv<S: Skriver>(&self, ut: &mut S) {
                let vis: fn(&Self) -> _ = $vis;
                ut.kode(&vis(self));
            }
        })*
    };
}

verdier! {
    Date "Dato" Innhold::Dato, |v| *v;
    Moment "DatoKlokkeslett" Innhold::DatoKlokkeslett, |v| *v;
    Personidentifikator "Foedselsnummer" Innhold::Moenster("[0-9]{11}"), |v| v.vis();
    ElleveSifre "Foedselsnummer" Innhold::Moenster("[0-9]{11}"), |v| format!("{:011}", v.0);
    Organisasjonsnummer "Organisasjonsnummer" Innhold::Moenster("[0-9]{9}"), |v| *v;
    Kommunenummer "Kommunenummer" Innhold::Moenster("[0-9]{4}"), |v| *v;
    Postnummer "Postnummer" Innhold::Moenster("[0-9]{4}"), |v| *v;
    Landkode "LandkodeIsoAlfa2" Innhold::Moenster("[A-Z]{2}"), |v| *v;
    LandkodeAlfa3 "LandkodeIsoAlfa3" Innhold::Moenster("[A-Z]{3}"), |v| *v;
    Aarstall "Aarstall" Innhold::Moenster("[0-9]{4}"), |v| *v;
    Dokumentidentifikator "Dokumentidentifikator" Innhold::Moenster("[0-9a-f]{32}"), |v| *v;
    Husnummer "Husnummer" Innhold::Moenster("[0-9]{1,4}"), |v| *v;
    Husbokstav "Husbokstav" Innhold::Moenster("[A-Za-zÆØÅæøå]"), |v| *v;
}

impl Verdi for bool {
    const TYPE: &'static Type = &Type { navn: "Boolsk", innhold: Innhold::Boolsk };

    fn skriv<S: Skriver>(&self, ut: &mut S) {
        ut.boolsk(*self);
    }
}

impl Verdi for i64 {
    const TYPE: &'static Type = &Type { navn: "Heltall", innhold: Innhold::Heltall };

    fn skriv<S: Skriver>(&self, ut: &mut S) {
        ut.tall(*self);
    }
}
