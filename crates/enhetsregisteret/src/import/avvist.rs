//! Records that an import refuses.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::elementer::Element;
use crate::modell::UgyldigDokument;

/// A refused record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Avvist {
    /// Its number in the file, from 1.
    pub nummer: u64,
    /// The line it begins on, from 1.
    pub linje: u64,
    /// The byte it begins at, from 0, in the unpacked file.
    pub offset: u64,
    /// The organisation number, when it can be made out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisasjonsnummer: Option<String>,
    /// Why.
    pub feil: String,
    /// The record itself. Only in the file of refused records, never in reports.
    #[serde(skip)]
    pub innhold: Vec<u8>,
}

impl Avvist {
    pub(super) fn ny(element: Element, feil: &UgyldigDokument) -> Self {
        let Element { nummer, linje, offset, innhold, .. } = element;
        Self {
            nummer,
            linje,
            offset,
            organisasjonsnummer: finn_orgnr(&innhold),
            feil: feil.to_string(),
            innhold,
        }
    }
}

/// The first nine digits after the key, however broken the record is otherwise.
fn finn_orgnr(innhold: &[u8]) -> Option<String> {
    const NOKKEL: &[u8] = b"\"organisasjonsnummer\"";
    let plass = innhold.windows(NOKKEL.len()).position(|v| v == NOKKEL)? + NOKKEL.len();
    let siffer: Vec<u8> = innhold[plass..]
        .iter()
        .take(24)
        .skip_while(|b| !b.is_ascii_digit())
        .take_while(|b| b.is_ascii_digit())
        .copied()
        .collect();
    (siffer.len() == 9).then(|| String::from_utf8_lossy(&siffer).into_owned())
}

/// The file of refused records: one JSON object a line. It is made when the first record is refused.
pub(super) struct Avvistfil {
    sti: Option<PathBuf>,
    fortsett: bool,
    ut: Option<BufWriter<File>>,
}

impl Avvistfil {
    /// `fortsett`: records are added to the file of the run that was cut off.
    pub(super) fn ny(sti: Option<PathBuf>, fortsett: bool) -> Self {
        Self { sti, fortsett, ut: None }
    }

    pub(super) fn skriv(&mut self, avvist: &Avvist) -> std::io::Result<()> {
        let Some(sti) = &self.sti else { return Ok(()) };
        if self.ut.is_none() {
            let mut valg = OpenOptions::new();
            valg.create(true).write(true).append(self.fortsett).truncate(!self.fortsett);
            self.ut = Some(BufWriter::new(valg.open(sti)?));
        }
        let mut linje = serde_json::to_value(avvist)?;
        linje["innhold"] = String::from_utf8_lossy(&avvist.innhold).into();
        match &mut self.ut {
            Some(ut) => writeln!(ut, "{linje}"),
            None => Ok(()),
        }
    }

    pub(super) fn ferdig(&mut self) -> std::io::Result<()> {
        self.ut.as_mut().map_or(Ok(()), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_in_broken_records() {
        assert_eq!(
            finn_orgnr(br#"{ "organisasjonsnummer" : "310100005", "navn : "#).as_deref(),
            Some("310100005")
        );
        assert_eq!(finn_orgnr(br#"{ "organisasjonsnummer" : "31010000", "x" : 1"#), None);
        assert_eq!(finn_orgnr(b"{"), None);
    }
}
