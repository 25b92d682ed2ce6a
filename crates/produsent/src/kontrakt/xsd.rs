//! Our schema of a contract, in XML Schema. It says what [`super::Kontrakt::valider`] takes.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Element, Enkel, Innhold, Kontrakt, Ledd, NAVNEROM_SIGNATUR};

impl Kontrakt {
    /// The schema as a document.
    pub fn xsd(&self) -> String {
        let mut ut = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        // Writing to memory does not fail.
        let _ = writeln!(
            ut,
            "<xsd:schema xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"{0}\" targetNamespace=\"{0}\" elementFormDefault=\"qualified\">",
            self.navnerom
        );
        let mut enkle = BTreeSet::new();
        element(&mut ut, &self.rot, 1, &mut enkle);
        for navn in med_grunntyper(enkle) {
            enkel(&mut ut, navn);
        }
        ut.push_str("</xsd:schema>\n");
        ut
    }
}

fn med_grunntyper(mut navn: BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    let mut nye: Vec<&str> = navn.iter().copied().collect();
    while let Some(neste) = nye.pop() {
        if let Some(enkel) = Enkel::av_navn(neste)
            && let Some(grunn) = Enkel::av_navn(enkel.grunntype)
            && navn.insert(grunn.navn)
        {
            nye.push(grunn.navn);
        }
    }
    navn
}

fn enkel(ut: &mut String, navn: &str) {
    let Some(enkel) = Enkel::av_navn(navn) else { return };
    let _ = write!(ut, "  <xsd:simpleType name=\"{navn}\"><xsd:restriction base=\"{}\">", enkel.grunntype);
    for (fasett, verdi) in enkel.fasetter {
        let _ = write!(ut, "<xsd:{fasett} value=\"{}\"/>", quick_xml::escape::escape(*verdi));
    }
    ut.push_str("</xsd:restriction></xsd:simpleType>\n");
}

fn element(ut: &mut String, e: &Element, dybde: usize, enkle: &mut BTreeSet<&'static str>) {
    let innrykk = "  ".repeat(dybde);
    if matches!(e.innhold, Innhold::Signatur) {
        let _ = writeln!(
            ut,
            "{innrykk}<xsd:any namespace=\"{NAVNEROM_SIGNATUR}\" processContents=\"skip\" minOccurs=\"{}\"/>",
            e.min
        );
        return;
    }
    let _ = write!(ut, "{innrykk}<xsd:element name=\"{}\"", e.navn);
    // The root has no number of occurrences.
    if dybde > 1 && e.min != 1 {
        let _ = write!(ut, " minOccurs=\"{}\"", e.min);
    }
    match e.maks {
        Some(1) => {}
        Some(maks) => drop(write!(ut, " maxOccurs=\"{maks}\"")),
        None => ut.push_str(" maxOccurs=\"unbounded\""),
    }
    if e.nillbar {
        ut.push_str(" nillable=\"true\"");
    }
    match &e.innhold {
        Innhold::Enkel(enkel) => {
            enkle.insert(enkel.navn);
            let _ = writeln!(ut, " type=\"{}\"/>", enkel.navn);
        }
        Innhold::Hvasomhelst | Innhold::Signatur => ut.push_str("/>\n"),
        Innhold::Koder(koder) => {
            ut.push_str("><xsd:simpleType><xsd:restriction base=\"xsd:string\">");
            for kode in koder {
                let _ = write!(ut, "<xsd:enumeration value=\"{kode}\"/>");
            }
            ut.push_str("</xsd:restriction></xsd:simpleType></xsd:element>\n");
        }
        Innhold::Felter(felter) => {
            ut.push_str("><xsd:complexType>\n");
            rekke(ut, felter, dybde + 1, enkle);
            let _ = writeln!(ut, "{innrykk}</xsd:complexType></xsd:element>");
        }
    }
}

fn rekke(ut: &mut String, rekke: &[Ledd], dybde: usize, enkle: &mut BTreeSet<&'static str>) {
    let innrykk = "  ".repeat(dybde);
    let _ = writeln!(ut, "{innrykk}<xsd:sequence>");
    for ledd in rekke {
        ett_ledd(ut, ledd, dybde + 1, enkle);
    }
    let _ = writeln!(ut, "{innrykk}</xsd:sequence>");
}

fn ett_ledd(ut: &mut String, ledd: &Ledd, dybde: usize, enkle: &mut BTreeSet<&'static str>) {
    let innrykk = "  ".repeat(dybde);
    match ledd {
        Ledd::Element(e) => element(ut, e, dybde, enkle),
        Ledd::EnAv { maa, valg } => {
            let antall = if *maa { "" } else { " minOccurs=\"0\"" };
            let _ = writeln!(ut, "{innrykk}<xsd:choice{antall}>");
            for valgt in valg {
                match valgt.as_slice() {
                    [ett @ Ledd::Element(_)] => ett_ledd(ut, ett, dybde + 1, enkle),
                    flere => rekke(ut, flere, dybde + 1, enkle),
                }
            }
            let _ = writeln!(ut, "{innrykk}</xsd:choice>");
        }
    }
}
