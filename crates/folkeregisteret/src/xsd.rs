//! Our schemas of our XML, made from the model's own description.
//!
//! They are kept under `xsd/` to be read and reviewed; a test holds them to the model. To renew one:
//! `cargo run -p folkeregisteret --example xsd person`, written over its file.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::modell::beskrivelse::{Felt, Innhold, Ledd, Type};
use crate::modell::{
    DokumentForHendelse, LagretHendelse, NAVNEROM_HENDELSE, NAVNEROM_PERSON, Persondokument,
};

/// A schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skjema {
    /// The person document: `personer/xsd`.
    Person,
    /// The event document: `hendelser/xsd`.
    Hendelse,
    /// What an entry of the feed holds: `hendelser/feedxsd`.
    Feed,
}

impl Skjema {
    /// All of them.
    pub const ALLE: [Self; 3] = [Self::Person, Self::Hendelse, Self::Feed];

    /// The schema.
    pub const fn tekst(self) -> &'static str {
        match self {
            Self::Person => include_str!("../xsd/person.xsd"),
            Self::Hendelse => include_str!("../xsd/hendelse.xsd"),
            Self::Feed => include_str!("../xsd/feed.xsd"),
        }
    }

    /// Its name: that of its file.
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Hendelse => "hendelse",
            Self::Feed => "feed",
        }
    }

    /// Makes the schema from the model.
    pub fn lag(self) -> String {
        let (rot, type_, navnerom) = match self {
            Self::Person => ("folkeregisterperson", Persondokument::beskrivelse(), NAVNEROM_PERSON),
            Self::Hendelse => ("dokumentForHendelse", DokumentForHendelse::beskrivelse(), NAVNEROM_HENDELSE),
            Self::Feed => ("lagretHendelse", LagretHendelse::beskrivelse(), NAVNEROM_HENDELSE),
        };
        let mut typer = BTreeMap::new();
        samle(type_, &mut typer);
        let mut ut = Tekst::default();
        ut.linje(0, r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        ut.linje(0, &format!(
            r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{navnerom}" targetNamespace="{navnerom}" elementFormDefault="qualified">"#
        ));
        ut.linje(1, &format!(r#"<xs:element name="{rot}" type="{}"/>"#, type_.navn));
        for type_ in typer.values() {
            ut.type_(type_);
        }
        ut.linje(0, "</xs:schema>");
        ut.0
    }
}

/// Every type that a type reaches, inlaid ones too.
fn samle(type_: &'static Type, typer: &mut BTreeMap<&'static str, &'static Type>) {
    if typer.insert(type_.navn, type_).is_some() {
        return;
    }
    if let Innhold::Felter([Ledd::Innfelt(innfelt), ..]) = type_.innhold {
        samle(innfelt, typer);
    }
    for felt in type_.felter() {
        samle(felt.type_, typer);
    }
}

/// A schema being written.
#[derive(Default)]
struct Tekst(String);

impl Tekst {
    fn linje(&mut self, innrykk: usize, tekst: &str) {
        // Writing to memory does not fail.
        let _ = writeln!(self.0, "{:1$}{tekst}", "", innrykk * 2);
    }

    fn type_(&mut self, type_: &Type) {
        let navn = type_.navn;
        let fasetter = |navn: &str, verdier: &[&str]| -> Vec<String> {
            verdier.iter().map(|verdi| format!(r#"<xs:{navn} value="{verdi}"/>"#)).collect()
        };
        match type_.innhold {
            Innhold::Felter(ledd) => self.sammensatt(navn, ledd),
            Innhold::Tekst(maks) => self.enkel(navn, "string", &fasetter("maxLength", &[&maks.to_string()])),
            Innhold::Moenster(moenster) => self.enkel(navn, "string", &fasetter("pattern", &[moenster])),
            Innhold::Koder(koder) => self.enkel(navn, "string", &fasetter("enumeration", koder)),
            Innhold::Dato => self.enkel(navn, "date", &[]),
            Innhold::DatoKlokkeslett => self.enkel(navn, "dateTime", &[]),
            Innhold::Boolsk => self.enkel(navn, "boolean", &[]),
            Innhold::Heltall => self.enkel(navn, "long", &[]),
        }
    }

    fn enkel(&mut self, navn: &str, basis: &str, fasetter: &[String]) {
        self.linje(1, &format!(r#"<xs:simpleType name="{navn}">"#));
        if fasetter.is_empty() {
            self.linje(2, &format!(r#"<xs:restriction base="xs:{basis}"/>"#));
        } else {
            self.linje(2, &format!(r#"<xs:restriction base="xs:{basis}">"#));
            for fasett in fasetter {
                self.linje(3, fasett);
            }
            self.linje(2, "</xs:restriction>");
        }
        self.linje(1, "</xs:simpleType>");
    }

    /// Fields in sequence. Inlaid fields come first, as those of the type that this one extends.
    fn sammensatt(&mut self, navn: &str, ledd: &[Ledd]) {
        self.linje(1, &format!(r#"<xs:complexType name="{navn}">"#));
        if let [Ledd::Innfelt(basis), egne @ ..] = ledd {
            self.linje(2, "<xs:complexContent>");
            self.linje(3, &format!(r#"<xs:extension base="{}">"#, basis.navn));
            self.sekvens(4, egne);
            self.linje(3, "</xs:extension>");
            self.linje(2, "</xs:complexContent>");
        } else {
            self.sekvens(2, ledd);
        }
        self.linje(1, "</xs:complexType>");
    }

    fn sekvens(&mut self, innrykk: usize, ledd: &[Ledd]) {
        self.linje(innrykk, "<xs:sequence>");
        for ledd in ledd {
            match ledd {
                Ledd::Felt(felt) => self.felt(innrykk + 1, felt, felt.min),
                // An inlaid type that is not the first would need a group of its own; the model has none.
                Ledd::Innfelt(type_) => {
                    for felt in type_.felter() {
                        self.felt(innrykk + 1, &felt, felt.min);
                    }
                }
                Ledd::EnAv { paakrevd, felter } => {
                    let antall = if *paakrevd { "" } else { r#" minOccurs="0""# };
                    self.linje(innrykk + 1, &format!("<xs:choice{antall}>"));
                    for felt in *felter {
                        self.felt(innrykk + 2, felt, 1);
                    }
                    self.linje(innrykk + 1, "</xs:choice>");
                }
            }
        }
        self.linje(innrykk, "</xs:sequence>");
    }

    fn felt(&mut self, innrykk: usize, felt: &Felt, min: usize) {
        let mut antall = String::new();
        if min != 1 {
            let _ = write!(antall, r#" minOccurs="{min}""#);
        }
        match felt.maks {
            Some(1) => {}
            Some(maks) => drop(write!(antall, r#" maxOccurs="{maks}""#)),
            None => antall.push_str(r#" maxOccurs="unbounded""#),
        }
        self.linje(
            innrykk,
            &format!(r#"<xs:element name="{}" type="{}"{antall}/>"#, felt.navn, felt.type_.navn),
        );
    }
}
