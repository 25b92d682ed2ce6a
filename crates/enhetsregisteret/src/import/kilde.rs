//! Where records come from: JSON arrays and CSV files, gzipped or not, told apart by their first bytes.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::elementer::{Element, Elementer};
use super::tabell::Tabell;
use crate::modell::Enhetstype;

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Innhold {
    /// Units of a kind.
    Enheter(Enhetstype),
    /// Roles.
    Roller,
}

impl Innhold {
    /// The word on the command line.
    pub const fn ord(self) -> &'static str {
        match self {
            Self::Enheter(kind) => kind.flertall(),
            Self::Roller => "roller",
        }
    }
}

type Byteflyt = Box<dyn BufRead + Send>;

/// The records of one file.
pub enum Kilde {
    /// A JSON array.
    Json(Elementer<Byteflyt>),
    /// A CSV file.
    Csv(Box<Tabell<Byteflyt>>),
}

impl Kilde {
    /// Finds out what the file is and begins to read it.
    ///
    /// # Errors
    /// When it can be neither: the message says what was expected.
    pub fn apne(raa: impl Read + Send + 'static, innhold: Innhold) -> io::Result<Self> {
        let mut flyt: Byteflyt = Box::new(BufReader::with_capacity(128 * 1024, raa));
        if flyt.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            flyt = Box::new(BufReader::with_capacity(256 * 1024, MultiGzDecoder::new(flyt)));
        }
        if flyt.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            flyt.consume(3);
        }
        let forste = flyt.fill_buf()?.iter().copied().find(|b| !b.is_ascii_whitespace());
        match (forste, innhold) {
            (Some(b'['), _) => Ok(Self::Json(Elementer::new(flyt))),
            (Some(_), Innhold::Enheter(kind)) => Ok(Self::Csv(Box::new(Tabell::new(flyt, kind)?))),
            (Some(_), Innhold::Roller) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "rollefilen må være en JSON-liste (roller_alle.json.gz)",
            )),
            (None, _) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "filen er tom")),
        }
    }

    /// The next record.
    ///
    /// # Errors
    /// When the source cannot be read further.
    pub fn neste(&mut self) -> io::Result<Option<Element>> {
        match self {
            Self::Json(elementer) => elementer.neste(),
            Self::Csv(tabell) => tabell.neste(),
        }
    }
}
