//! What the two standards of industry codes have in common.

use crate::tabell::{self, Rad, verdi};

/// An industry code at one of the five levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naeringskode {
    /// `A`, `01`, `01.1`, `01.11` or `01.110`.
    pub kode: &'static str,
    /// The text of the code.
    pub beskrivelse: &'static str,
    /// 1 for a section letter, 2 for two digits, up to 5 for `nn.nnn`, the level that units are registered on.
    pub nivaa: u8,
    /// The code one level up; `None` for the section letters and for `00` (not stated), which has no section
    /// and whose only child is `00.000`.
    pub overordnet: Option<&'static str>,
}

impl Rad for Naeringskode {
    fn kode(&self) -> &'static str {
        self.kode
    }
}

/// One standard: its codes, and the way down from each.
pub(crate) struct Standard {
    rader: Vec<Naeringskode>,
    /// The same rows, ordered by the code above them.
    etter_overordnet: Vec<Naeringskode>,
}

impl Standard {
    pub(crate) fn les(csv: &'static str) -> Self {
        let rader = tabell::les(csv, |[kode, beskrivelse, nivaa, overordnet]| Naeringskode {
            kode,
            beskrivelse,
            nivaa: nivaa.parse().unwrap_or_default(),
            overordnet: verdi(overordnet),
        });
        let mut etter_overordnet = rader.clone();
        etter_overordnet.sort_unstable_by_key(|rad| (rad.overordnet, rad.kode));
        Self { rader, etter_overordnet }
    }

    pub(crate) fn alle(&self) -> &[Naeringskode] {
        &self.rader
    }

    pub(crate) fn under(&self, kode: &str) -> &[Naeringskode] {
        let rader = &self.etter_overordnet;
        let fra = rader.partition_point(|rad| rad.overordnet < Some(kode));
        let til = rader.partition_point(|rad| rad.overordnet <= Some(kode));
        &rader[fra..til]
    }
}

/// Whether a text has the form of an industry code: a section letter, `nn`, `nn.n`, `nn.nn` or `nn.nnn`. Says
/// nothing about whether there is such a code: the register answers a malformed code with 400, an unknown one
/// with no hits (sheet of Enhetsregisteret, section 7.2).
pub fn er_velformet(kode: &str) -> bool {
    let sifre = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    match kode.as_bytes() {
        [bokstav] => bokstav.is_ascii_uppercase(),
        [a, b] => sifre(&[*a, *b]),
        [a, b, b'.', resten @ ..] => sifre(&[*a, *b]) && (1..=3).contains(&resten.len()) && sifre(resten),
        _ => false,
    }
}

/// The functions of a module that holds one standard.
macro_rules! naeringsstandard {
    ($fil:literal) => {
        use crate::naering::Standard;

        pub use crate::naering::{Naeringskode, er_velformet};

        static STANDARD: std::sync::LazyLock<Standard> =
            std::sync::LazyLock::new(|| Standard::les(include_str!(concat!("../data/", $fil))));

        /// Every code of all five levels, in code order (digits before letters).
        pub fn alle() -> &'static [Naeringskode] {
            STANDARD.alle()
        }

        /// The row of a code at any level; `None` if the standard has no such code.
        pub fn finn(kode: &str) -> Option<&'static Naeringskode> {
            crate::tabell::finn(alle(), kode)
        }

        /// The codes directly beneath a code, in code order; empty if there are none.
        pub fn under(kode: &str) -> &'static [Naeringskode] {
            STANDARD.under(kode)
        }

        /// The two-digit codes beneath a section letter, with which the codes of the section begin; none for
        /// anything but a section letter of the standard.
        pub fn avdelinger(bokstav: &str) -> impl Iterator<Item = &'static str> + Clone {
            under(bokstav).iter().filter(|rad| rad.nivaa == 2).map(|rad| rad.kode)
        }
    };
}
