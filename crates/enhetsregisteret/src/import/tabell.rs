//! CSV records as JSON records.
//!
//! The columns are found by name, without regard to case, as clients do (fact sheet section 12.3). The CSV has less
//! than the JSON: remarks are only a flag and are left out, earlier names are not there at all.

use std::io::{self, BufRead};

use serde_json::{Map, Value};

use super::elementer::Element;
use crate::lastned::kolonner::{Kolonne, kolonner};
use crate::modell::Enhetstype;

/// The rows of a CSV file.
pub struct Tabell<R> {
    leser: csv::Reader<R>,
    /// For each column of the file, ours, if we know it.
    kolonner: Vec<Option<&'static Kolonne>>,
    rad: csv::StringRecord,
    nummer: u64,
}

/// Fields whose cell holds several lines, one for each element of a list.
const LISTER: [&str; 3] = ["frivilligMvaRegistrertBeskrivelser", "vedtektsfestetFormaal", "aktivitet"];
/// Fields that are numbers in the JSON.
const TALL: [&str; 3] = ["antallAnsatte", "kapital.belop", "kapital.antallAksjer"];

impl<R: BufRead> Tabell<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When there is no column for the organisation number.
    pub fn new(kilde: R, kind: Enhetstype) -> io::Result<Self> {
        let mut leser = csv::ReaderBuilder::new().flexible(true).from_reader(kilde);
        let hode = leser.headers()?;
        let kjent = |navn: &str| kolonner(kind).iter().find(|k| k.csv.eq_ignore_ascii_case(navn.trim()));
        let kolonner: Vec<_> = hode.iter().map(kjent).collect();
        if !kolonner.iter().flatten().any(|k| k.felt == "organisasjonsnummer") {
            let tekst = "filen er verken en JSON-liste eller en CSV-fil med kolonnen organisasjonsnummer";
            return Err(io::Error::new(io::ErrorKind::InvalidData, tekst));
        }
        Ok(Self { leser, kolonner, rad: csv::StringRecord::new(), nummer: 0 })
    }

    /// The next row as a JSON object.
    ///
    /// # Errors
    /// When the source cannot be read further.
    pub fn neste(&mut self) -> io::Result<Option<Element>> {
        let sted = self.leser.position().clone();
        let mut feil = None;
        match self.leser.read_record(&mut self.rad) {
            Ok(false) => return Ok(None),
            Ok(true) if self.rad.len() != self.kolonner.len() => {
                feil = Some("raden har et annet antall felter enn overskriften");
            }
            Ok(true) => {}
            Err(e) if matches!(e.kind(), csv::ErrorKind::Utf8 { .. }) => {
                feil = Some("raden er ikke gyldig UTF-8");
            }
            Err(e) => return Err(e.into()),
        }
        self.nummer += 1;
        let innhold = Value::Object(self.objekt()).to_string().into_bytes();
        Ok(Some(Element { nummer: self.nummer, linje: sted.line(), offset: sted.byte(), innhold, feil }))
    }

    fn objekt(&self) -> Map<String, Value> {
        let mut objekt = Map::new();
        for (kolonne, celle) in self.kolonner.iter().zip(&self.rad) {
            let (Some(kolonne), false) = (kolonne, celle.is_empty()) else { continue };
            if kolonne.felt == "paategninger" {
                continue;
            }
            let verdi = verdi(kolonne.felt, celle);
            match kolonne.sti() {
                (ytre, None) => drop(objekt.insert(ytre.to_owned(), verdi)),
                (ytre, Some(indre)) => {
                    let inni = objekt.entry(ytre).or_insert_with(|| Value::Object(Map::new()));
                    inni[indre] = verdi;
                }
            }
        }
        objekt
    }
}

fn verdi(felt: &str, celle: &str) -> Value {
    // Until July 2024 the lines of an address were joined by the two characters `/n`.
    let linjer = || celle.split('\n').flat_map(|l| l.split("/n")).map(str::trim).filter(|l| !l.is_empty());
    if LISTER.contains(&felt) || felt.ends_with("adresse.adresse") || felt.ends_with("Adresse.adresse") {
        return linjer().map(Value::from).collect();
    }
    if TALL.contains(&felt)
        && let Ok(tall) = serde_json::from_str::<Value>(celle)
        && tall.is_number()
    {
        return tall;
    }
    match celle {
        "true" | "JA" => Value::Bool(true),
        "false" | "NEI" => Value::Bool(false),
        tekst => Value::from(tekst),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_objects_and_lines_lists() {
        let csv = "Organisasjonsnummer,navn,organisasjonsform.kode,antallAnsatte,postadresse.adresse,konkurs,ukjent\n\
                   310100005,\"A, \"\"B\"\"\",AS,12,\"c/o X\nGata 1\",false,z\n310100013,B\n";
        let mut tabell = Tabell::new(csv.as_bytes(), Enhetstype::Enhet).unwrap();
        let element = tabell.neste().unwrap().unwrap();
        assert_eq!((element.nummer, element.linje), (1, 2));
        assert_eq!(
            String::from_utf8(element.innhold).unwrap(),
            r#"{"organisasjonsnummer":"310100005","navn":"A, \"B\"","organisasjonsform":{"kode":"AS"},"antallAnsatte":12,"postadresse":{"adresse":["c/o X","Gata 1"]},"konkurs":false}"#
        );
        let kort = tabell.neste().unwrap().unwrap();
        assert!(kort.feil.is_some() && kort.linje == 4);
        assert!(tabell.neste().unwrap().is_none());
        assert!(Tabell::new("a,b\n1,2\n".as_bytes(), Enhetstype::Enhet).is_err());
    }
}
