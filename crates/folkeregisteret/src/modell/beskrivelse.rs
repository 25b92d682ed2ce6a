//! The model described as data: what the schemas, the package tests and the documentation are made from.
//!
//! Nobody writes a description; the tables of `tabell.rs` make one for every type.

use crate::rettighetspakke::Pakker;

/// A type: its name in the schema and what it holds.
#[derive(Debug)]
pub struct Type {
    /// The name, as the published schemas have it where they have the type.
    pub navn: &'static str,
    /// What it holds.
    pub innhold: Innhold,
}

/// What a type holds.
#[derive(Debug, Clone, Copy)]
pub enum Innhold {
    /// Text of at most so many characters.
    Tekst(usize),
    /// Text that matches a pattern (of XML Schema, which is always anchored).
    Moenster(&'static str),
    /// One of these codes.
    Koder(&'static [&'static str]),
    /// `yyyy-MM-dd`.
    Dato,
    /// A date-time with offset.
    DatoKlokkeslett,
    /// True or false.
    Boolsk,
    /// A number of 64 bits.
    Heltall,
    /// Fields, in order.
    Felter(&'static [Ledd]),
}

/// A part of what consists of fields.
#[derive(Debug, Clone, Copy)]
pub enum Ledd {
    /// A field.
    Felt(Felt),
    /// The fields of another type, inlaid: no object of their own in JSON, no element of their own in XML.
    Innfelt(&'static Type),
    /// One of these fields.
    EnAv {
        /// Whether there must be one.
        paakrevd: bool,
        /// The fields.
        felter: &'static [Felt],
    },
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub struct Felt {
    /// Its name in JSON and XML.
    pub navn: &'static str,
    /// Its type; in a list, the type of each.
    pub type_: &'static Type,
    /// How many there must be at least.
    pub min: usize,
    /// How many there may be; `None` for any number.
    pub maks: Option<usize>,
    /// JSON has a list, even of one.
    pub liste: bool,
    /// The packages that get it, where they get what it stands in.
    pub pakker: Pakker,
}

impl Type {
    /// Every field, those of inlaid types and alternatives too, in the order they are written.
    pub fn felter(&self) -> Vec<Felt> {
        let Innhold::Felter(ledd) = self.innhold else { return Vec::new() };
        let mut felter = Vec::new();
        for ledd in ledd {
            match ledd {
                Ledd::Felt(felt) => felter.push(*felt),
                Ledd::Innfelt(type_) => felter.extend(type_.felter()),
                Ledd::EnAv { felter: valg, .. } => felter.extend_from_slice(valg),
            }
        }
        felter
    }
}

/// The length of `feltnavn`'s result.
pub(super) const fn feltnavn_lengde(navn: &str) -> usize {
    let (bytes, mut i, mut n) = (navn.as_bytes(), 0, 0);
    while i < bytes.len() {
        if bytes[i] != b'_' {
            n += 1;
        }
        i += 1;
    }
    n
}

/// A field's name in JSON and XML, from its name in Rust (`foedsels_eller_d_nummer`) or that of an alternative
/// (`Vegadresse`): `foedselsEllerDNummer`, `vegadresse`.
pub(super) const fn feltnavn<const N: usize>(navn: &str) -> [u8; N] {
    let (bytes, mut ut, mut i, mut n) = (navn.as_bytes(), [0; N], 0, 0);
    while i < bytes.len() {
        if bytes[i] != b'_' {
            let etter_strek = i > 0 && bytes[i - 1] == b'_';
            ut[n] = match (i, etter_strek) {
                (0, _) => bytes[i].to_ascii_lowercase(),
                (_, true) => bytes[i].to_ascii_uppercase(),
                _ => bytes[i],
            };
            n += 1;
        }
        i += 1;
    }
    ut
}
