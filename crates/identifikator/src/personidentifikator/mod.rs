//! Fødselsnummer and D-number.

mod kontroll;
mod serie;
mod syntetiske;

use std::fmt;
use std::num::NonZeroU64;

use crate::dato::dager_i_maaned;
use crate::{Dato, UgyldigIdentifikator};

/// The number that identifies a person in Folkeregisteret: a fødselsnummer or a D-number, eleven digits
/// `ddMMyy iii kk` (consumer sheet, section 12).
///
/// `Debug` and `Display` write eleven asterisks; only [`Self::vis`] and serialisation show the number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Personidentifikator(NonZeroU64);

/// The two kinds of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slag {
    /// A fødselsnummer, for those who are born or resident in Norway.
    Foedselsnummer,
    /// A D-number, for others; written with 40 added to the day.
    DNummer,
}

/// Whose synthetic series a number belongs to, told by what is added to the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntetisk {
    /// Month + 80: Skatteetaten's test register, the only series that belongs in Folkeregisteret.
    Skatteetaten,
    /// Month + 65: Norsk helsenett.
    NorskHelsenett,
    /// Month + 40: NAV. The health sector's emergency numbers (H-nummer) have the same form.
    Nav,
}

/// Sex, as the number tells it until 2031.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kjoenn {
    /// Ninth digit even.
    Kvinne,
    /// Ninth digit odd.
    Mann,
}

/// Which control digits are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Regelverk {
    /// The rule for numbers issued to the end of 2031: both weighted sums leave remainder 0.
    Til2031,
    /// The rule from 2032-01-01: the first sum may leave 0, 1, 2 or 3. It contains the older rule, so this is
    /// also the rule for reading old and new numbers side by side.
    Fra2032,
}

impl Regelverk {
    /// The rule in force on a day.
    pub const fn paa(dato: Dato) -> Self {
        if dato.aar() < 2032 { Self::Til2031 } else { Self::Fra2032 }
    }
}

impl Personidentifikator {
    /// Reads a number that is valid before or after 2032.
    pub fn parse(tekst: &str) -> Result<Self, UgyldigIdentifikator> {
        Self::parse_etter(tekst, Regelverk::Fra2032)
    }

    /// Reads a number that is valid under the given rule.
    ///
    /// The date must exist in the years 2000–2099 when only the last two digits of the year count, as in the
    /// official validator: 29 February of a year ending in 00 passes, also for one born in 1900.
    pub fn parse_etter(tekst: &str, regelverk: Regelverk) -> Result<Self, UgyldigIdentifikator> {
        let sifre = les(tekst).ok_or(UgyldigIdentifikator::Personformat)?;
        let dato = Datodel::av(&sifre);
        if !dato.finnes() {
            return Err(UgyldigIdentifikator::Persondato);
        }
        if !kontroll::stemmer(&sifre, regelverk) {
            let syntetisk = dato.syntetisk == Some(Syntetisk::Skatteetaten);
            return Err(UgyldigIdentifikator::Personkontrollsifre { syntetisk });
        }
        Self::av_sifre(&sifre).ok_or(UgyldigIdentifikator::Personformat)
    }

    /// Reads a number of Skatteetaten's synthetic series (month + 80) that is valid under the given rule.
    pub fn parse_syntetisk(tekst: &str, regelverk: Regelverk) -> Result<Self, UgyldigIdentifikator> {
        let sifre = les(tekst).ok_or(UgyldigIdentifikator::Personformat)?;
        if sifre[2] < 8 {
            return Err(UgyldigIdentifikator::IkkeSyntetisk);
        }
        Self::parse_etter(tekst, regelverk)
    }

    /// The caller has checked the digits.
    fn av_sifre(sifre: &[u8; 11]) -> Option<Self> {
        let verdi = sifre.iter().fold(0, |verdi, siffer| verdi * 10 + u64::from(*siffer));
        NonZeroU64::new(verdi).map(Self)
    }

    fn sifre(self) -> [u8; 11] {
        let mut rest = self.0.get();
        let mut sifre = [0; 11];
        for siffer in sifre.iter_mut().rev() {
            *siffer = (rest % 10) as u8;
            rest /= 10;
        }
        sifre
    }

    /// The number as a whole number: its eleven digits, leading zeros aside.
    pub const fn verdi(self) -> u64 {
        self.0.get()
    }

    /// The number that a whole number spells, if it is one.
    pub fn fra_verdi(verdi: u64) -> Option<Self> {
        Self::parse(&format!("{verdi:011}")).ok()
    }

    /// Fødselsnummer or D-number.
    pub fn slag(self) -> Slag {
        Datodel::av(&self.sifre()).slag
    }

    /// The synthetic series the number belongs to; `None` for a number of the real form.
    pub fn syntetisk(self) -> Option<Syntetisk> {
        Datodel::av(&self.sifre()).syntetisk
    }

    /// The oldest rule that the number satisfies. [`Regelverk::Fra2032`] means that it was issued after 2031;
    /// [`Regelverk::Til2031`] only that it may have been issued before.
    pub fn regelverk(self) -> Regelverk {
        if kontroll::stemmer(&self.sifre(), Regelverk::Til2031) {
            Regelverk::Til2031
        } else {
            Regelverk::Fra2032
        }
    }

    /// The birth date that the number tells, with the century from the individual number.
    ///
    /// `None` when it tells none: the number satisfies only the 2032 rule, its individual number is in no
    /// series of its year, or the date did not exist (29 February 1900).
    ///
    /// A guess where the register knows better. D-numbers are read by the series of 2021-11-16, so one issued
    /// earlier to a person born 1900–1939 with individual number 200–499 reads a hundred years too late. A
    /// number issued after 2031 may satisfy the older rule by chance. And birth dates are corrected without
    /// the number following.
    pub fn foedselsdato(self) -> Option<Dato> {
        if self.regelverk() != Regelverk::Til2031 {
            return None;
        }
        let sifre = self.sifre();
        let dato = Datodel::av(&sifre);
        let aar = serie::foedselsaar(dato.slag, dato.aar, individnummer(&sifre))?;
        Dato::ny(aar, dato.maaned, dato.dag)
    }

    /// The sex that the number tells; `None` when it satisfies only the 2032 rule. The second caution of
    /// [`Self::foedselsdato`] applies.
    pub fn kjoenn(self) -> Option<Kjoenn> {
        (self.regelverk() == Regelverk::Til2031).then(|| Kjoenn::av(individnummer(&self.sifre())))
    }

    /// The individual number, 0–999: the three digits after the date.
    pub fn individnummer(self) -> u16 {
        individnummer(&self.sifre())
    }

    /// The number itself, for the places where it shall be seen.
    pub const fn vis(self) -> Vist {
        Vist(self)
    }
}

impl Kjoenn {
    const fn av(individnummer: u16) -> Self {
        if individnummer.is_multiple_of(2) { Self::Kvinne } else { Self::Mann }
    }
}

impl fmt::Display for Personidentifikator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***********")
    }
}

impl fmt::Debug for Personidentifikator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Personidentifikator({self})")
    }
}

tekstform!(Personidentifikator, "et fødselsnummer eller D-nummer med 11 sifre", |nummer| nummer.vis());

/// A [`Personidentifikator`] whose `Display` writes the eleven digits. `Debug` still masks.
#[derive(Debug, Clone, Copy)]
pub struct Vist(Personidentifikator);

impl fmt::Display for Vist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:011}", self.0.0)
    }
}

/// Exactly eleven ASCII digits, as numbers 0–9.
fn les(tekst: &str) -> Option<[u8; 11]> {
    let bytes: [u8; 11] = tekst.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|b| b - b'0'))
}

fn individnummer(sifre: &[u8; 11]) -> u16 {
    sifre[6..9].iter().fold(0, |verdi, siffer| verdi * 10 + u16::from(*siffer))
}

/// The date of a refused number without what is added to day and month, as `ddMMyy`, for error texts.
pub(crate) fn datodel(tekst: &str) -> Option<String> {
    let dato = Datodel::av(&les(tekst)?);
    Some(format!("{:02}{:02}{:02}", dato.dag, dato.maaned, dato.aar))
}

/// The first six digits, taken apart. Not necessarily a date that exists.
struct Datodel {
    dag: u8,
    maaned: u8,
    /// Two digits.
    aar: u8,
    slag: Slag,
    syntetisk: Option<Syntetisk>,
}

impl Datodel {
    fn av(sifre: &[u8; 11]) -> Self {
        let [dag, maaned, aar] = [0, 2, 4].map(|i| sifre[i] * 10 + sifre[i + 1]);
        let (slag, dag) = match dag {
            40..80 => (Slag::DNummer, dag - 40),
            _ => (Slag::Foedselsnummer, dag),
        };
        let (syntetisk, maaned) = match maaned {
            80.. => (Some(Syntetisk::Skatteetaten), maaned - 80),
            65.. => (Some(Syntetisk::NorskHelsenett), maaned - 65),
            40.. => (Some(Syntetisk::Nav), maaned - 40),
            _ => (None, maaned),
        };
        Self { dag, maaned, aar, slag, syntetisk }
    }

    fn finnes(&self) -> bool {
        (1..=dager_i_maaned(2000 + u16::from(self.aar), self.maaned)).contains(&self.dag)
    }
}
