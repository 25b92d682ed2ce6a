//! Messages of bulk look-ups, in both forms (consumer sheet, sections 5.2, 5.3 and 8.3).

use serde::Deserialize;

use super::kall::{Avslag, Kall, XML_DEKLARASJON};
use super::medietyper::Form;
use crate::format::les_xml;

/// Numbers and keys in one call.
pub(super) const MAKS: usize = 1000;

#[derive(Deserialize)]
struct Foresporsel {
    #[serde(default, rename = "foedselsEllerDNummer")]
    numre: Option<Vec<String>>,
    #[serde(default, rename = "dokumentidentifikator")]
    dokumenter: Option<Vec<String>>,
}

/// What a body may list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Felt {
    Nummer,
    Dokument,
}

impl Felt {
    pub(super) const fn navn(self) -> &'static str {
        match self {
            Self::Nummer => "foedselsEllerDNummer",
            Self::Dokument => "dokumentidentifikator",
        }
    }
}

/// Reads the list of a body. An empty list is one.
pub(super) fn les(kall: &Kall, felt: Felt) -> Result<Vec<String>, Avslag> {
    let navn = felt.navn();
    let lest: Option<Foresporsel> = match kall.innholdsform() {
        Form::Json => serde_json::from_slice(&kall.kropp).ok(),
        _ => les_xml(&kall.kropp, "").ok(),
    };
    let ugyldig = || Avslag::ugyldig(format!("Forespørselen kan ikke leses. Den skal ha en liste {navn}"));
    let lest = lest.ok_or_else(ugyldig)?;
    let liste = match felt {
        Felt::Nummer => lest.numre,
        Felt::Dokument => lest.dokumenter,
    };
    // An empty list in XML is an element without children.
    let liste = match (liste, kall.innholdsform()) {
        (None, Form::Json) => return Err(ugyldig()),
        (liste, _) => liste.unwrap_or_default(),
    };
    if liste.len() > MAKS {
        return Err(Avslag::ugyldig(format!("{navn} kan ha høyst {MAKS} verdier")));
    }
    Ok(liste)
}

/// The answer, being written.
pub(super) struct Oppslagsliste {
    ut: Vec<u8>,
    form: Form,
    rot: &'static str,
    noe: bool,
}

/// One part of an answer: name, and what writes the value in the form at hand.
pub(super) type Del<'a> = (&'static str, &'a dyn Fn(&mut Vec<u8>));

impl Oppslagsliste {
    /// Begins it. In XML the root stands in `navnerom`, and the documents of the other namespace under `p:`.
    pub(super) fn ny(form: Form, rot: &'static str, navnerom: &str, dokumenter: &str) -> Self {
        let mut ut = Vec::with_capacity(64 * 1024);
        if form.er_xml() {
            let start = format!(r#"{XML_DEKLARASJON}<{rot} xmlns="{navnerom}" xmlns:p="{dokumenter}">"#);
            ut.extend_from_slice(start.as_bytes());
        } else {
            ut.extend_from_slice(br#"{"oppslag":["#);
        }
        Self { ut, form, rot, noe: false }
    }

    /// One look-up: simple values, and what was found.
    pub(super) fn oppslag(&mut self, verdier: &[(&'static str, String)], funnet: Del<'_>) {
        let xml = self.form.er_xml();
        let skille: &[u8] = match (xml, std::mem::replace(&mut self.noe, true)) {
            (true, _) => b"<oppslag>",
            (false, true) => b",{",
            (false, false) => b"{",
        };
        self.ut.extend_from_slice(skille);
        for (navn, verdi) in verdier {
            // Digits, and nothing that needs escaping.
            let tekst =
                if xml { format!("<{navn}>{verdi}</{navn}>") } else { format!(r#""{navn}":"{verdi}","#) };
            self.ut.extend_from_slice(tekst.as_bytes());
        }
        let (navn, skriv) = funnet;
        let start = if xml { format!("<{navn}>") } else { format!(r#""{navn}":"#) };
        self.ut.extend_from_slice(start.as_bytes());
        skriv(&mut self.ut);
        let slutt = if xml { format!("</{navn}></oppslag>") } else { "}".to_owned() };
        self.ut.extend_from_slice(slutt.as_bytes());
    }

    /// A look-up that found nothing.
    pub(super) fn feilet(&mut self, verdier: &[(&'static str, String)], melding: &'static str) {
        let xml = self.form.er_xml();
        let skriv = move |ut: &mut Vec<u8>| {
            let tekst = if xml {
                format!("<feilmelding>{melding}</feilmelding>")
            } else {
                format!(r#"{{"feilmelding":"{melding}"}}"#)
            };
            ut.extend_from_slice(tekst.as_bytes());
        };
        self.oppslag(verdier, ("feilmelding", &skriv));
    }

    /// Ends it.
    pub(super) fn ferdig(mut self) -> Vec<u8> {
        let slutt = if self.form.er_xml() { format!("</{}>", self.rot) } else { "]}".to_owned() };
        self.ut.extend_from_slice(slutt.as_bytes());
        self.ut
    }
}
