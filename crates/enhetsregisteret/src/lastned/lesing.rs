//! Our own files read back: which units they have a record of.
//!
//! For proof that somebody is *not* in a file, so what cannot be understood is an error and never passed over.
//! Memory does not depend on the size of the file.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use parquet::column::reader::ColumnReader;
use parquet::data_type::AsBytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::Feil;
use crate::import::Innhold;
use crate::import::kilde::Kilde;
use crate::modell::Dokument;

const BOLK: usize = 10_000;
const NUMMER: &str = "organisasjonsnummer";

/// The form of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filform {
    /// JSON or CSV.
    Poster,
    Regneark,
    Parquet,
}

/// Tells `ta` the number in every record of a file, if its name says that it is a download of this; answers whether
/// it does.
///
/// # Errors
/// When the file cannot be read to its end, or is not what its name says.
pub fn numre(sti: &Path, innhold: Innhold, mut ta: impl FnMut(&str)) -> Result<bool, Feil> {
    let navn = sti.file_name().unwrap_or_default().to_string_lossy();
    let Some(form) = filform(&navn, innhold) else { return Ok(false) };
    let fil = File::open(sti)?;
    match form {
        Filform::Poster => poster(fil, innhold, &mut ta)?,
        Filform::Regneark => regneark(fil, &mut ta)?,
        Filform::Parquet => kolonne(fil, &mut ta)?,
    }
    Ok(true)
}

fn filform(navn: &str, innhold: Innhold) -> Option<Filform> {
    let endelse = navn.strip_prefix(innhold.ord())?.strip_prefix("_alle.")?;
    let former = [
        ("json.gz", Filform::Poster),
        ("csv.gz", Filform::Poster),
        ("xlsx", Filform::Regneark),
        ("parquet", Filform::Parquet),
    ];
    former.into_iter().find(|(ord, _)| endelse.starts_with(ord)).map(|(_, form)| form)
}

fn poster(fil: File, innhold: Innhold, ta: &mut impl FnMut(&str)) -> Result<(), Feil> {
    let mut kilde = Kilde::apne(fil, innhold)?;
    while let Some(element) = kilde.neste()? {
        ta(&Dokument::les(&element.innhold)?.organisasjonsnummer()?.to_string());
    }
    Ok(())
}

impl From<ZipError> for Feil {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Fil(error),
            error => Self::Regneark(error.to_string()),
        }
    }
}

/// The first column of every sheet. A sheet is a stream of cells that carry their own texts, as
/// [`Regneark`](super::tabell::Regneark) writes them.
fn regneark(fil: File, ta: &mut impl FnMut(&str)) -> Result<(), Feil> {
    let mut bok = ZipArchive::new(BufReader::new(fil))?;
    let mut arkene = Vec::new();
    for navn in bok.file_names() {
        arkene.extend(Some(navn?.into_owned()).filter(|navn| navn.starts_with("xl/worksheets/sheet")));
    }
    for navn in &arkene {
        let mut ark = BufReader::with_capacity(128 * 1024, bok.by_name(navn)?);
        let (mut bit, mut i_forste_kolonne) = (Vec::new(), false);
        let (mut rader, mut tekster) = (0_u64, 0_u64);
        while ark.read_until(b'<', &mut bit)? > 0 {
            let merke = bit.strip_suffix(b"<").unwrap_or(&bit);
            if merke.starts_with(b"row ") {
                rader += 1;
            } else if let Some(celle) = merke.strip_prefix(b"c r=\"") {
                i_forste_kolonne = celle.len() > 1 && celle[0] == b'A' && celle[1].is_ascii_digit();
            } else if i_forste_kolonne && (merke.starts_with(b"t>") || merke.starts_with(b"t ")) {
                let tekst = String::from_utf8_lossy(merke);
                let tekst = tekst.split_once('>').map_or("", |(_, tekst)| tekst);
                match (tekster, tekst) {
                    (0, "Organisasjonsnummer") => {}
                    (0, _) => return Err(Feil::Regneark(format!("{navn} begynner ikke med en overskrift"))),
                    _ => ta(tekst),
                }
                tekster += 1;
            }
            bit.clear();
        }
        if rader != tekster {
            return Err(Feil::Regneark(format!("{navn} har {rader} rader og {tekster} numre")));
        }
    }
    Ok(())
}

fn kolonne(fil: File, ta: &mut impl FnMut(&str)) -> Result<(), Feil> {
    let uleselig = || Feil::Parquet(format!("filen har ikke kolonnen {NUMMER}"));
    let leser = SerializedFileReader::new(fil)?;
    let skjema = leser.metadata().file_metadata().schema_descr_ptr();
    let plass = skjema.columns().iter().position(|k| k.path().string() == NUMMER).ok_or_else(uleselig)?;
    for gruppe in 0..leser.num_row_groups() {
        let kolonne = leser.get_row_group(gruppe)?.get_column_reader(plass)?;
        let ColumnReader::ByteArrayColumnReader(mut kolonne) = kolonne else { return Err(uleselig()) };
        let (mut definert, mut verdier) = (Vec::new(), Vec::new());
        loop {
            definert.clear();
            verdier.clear();
            let (rader, antall, _) = kolonne.read_records(BOLK, Some(&mut definert), None, &mut verdier)?;
            if rader == 0 {
                break;
            }
            if antall != rader {
                return Err(Feil::Parquet("en rad mangler nummeret".to_owned()));
            }
            for verdi in &verdier {
                ta(&String::from_utf8_lossy(verdi.as_bytes()));
            }
        }
    }
    Ok(())
}
