//! Parquet: the register for people who count (`peers.md` 3.1, 3.10).
//!
//! Row groups are written as they fill, one column after the other, so memory is that of one row group whatever the
//! size of the register. The low level of the library is used: its Arrow side would bring a second representation
//! of every value for nothing.

mod enheter;
mod kolonne;
mod roller;

use std::io::Write;
use std::sync::Arc;

use journal::Seq;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

pub use enheter::Enhetstabell;
pub use kolonne::Celle;
pub use roller::Rolletabell;

use super::slag::Slag;
use crate::Feil;
use kolonne::{Kolonnebuffer, type_av};

/// Rows of a row group, if its text does not fill it before.
const RADER: usize = 100_000;
/// Bytes of text of a row group.
const TEKSTBYTE: usize = 48 << 20;
/// The key in the file's own description that says which sequence number it is exact for.
pub const SEKVENSNUMMER: &str = "grunndata.sekvensnummer";

impl From<ParquetError> for Feil {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(error) => match error.downcast::<std::io::Error>() {
                Ok(error) => Self::Fil(*error),
                Err(error) => Self::Parquet(error.to_string()),
            },
            error => Self::Parquet(error.to_string()),
        }
    }
}

/// A table being written.
pub struct Tabell<W: Write + Send> {
    ut: SerializedFileWriter<W>,
    navn: Vec<&'static str>,
    kolonner: Vec<Kolonnebuffer>,
    feilslaatte: Vec<u64>,
    rader: usize,
}

impl<W: Write + Send> Tabell<W> {
    /// Begins the file: its columns, and the sequence number it is exact for.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn new(ut: W, tabell: &str, kolonner: &[(&'static str, Slag)], seq: Seq) -> Result<Self, Feil> {
        let felter = kolonner.iter().map(|&(navn, slag)| type_av(navn, slag)).collect::<Result<_, _>>()?;
        let skjema = Type::group_type_builder(tabell).with_fields(felter).build()?;
        let om = KeyValue::new(SEKVENSNUMMER.to_owned(), seq.to_string());
        let egenskaper = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("grunndata ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(vec![om]))
            .build();
        Ok(Self {
            ut: SerializedFileWriter::new(ut, Arc::new(skjema), Arc::new(egenskaper))?,
            navn: kolonner.iter().map(|&(navn, _)| navn).collect(),
            kolonner: kolonner.iter().map(|&(_, slag)| Kolonnebuffer::new(slag)).collect(),
            feilslaatte: vec![0; kolonner.len()],
            rader: 0,
        })
    }

    /// Sets one cell of the row. Every cell of a row is set once, before [`Self::ferdig_rad`].
    pub fn celle(&mut self, plass: usize, verdi: Celle<'_>) {
        if !self.kolonner[plass].ta(verdi) {
            self.feilslaatte[plass] += 1;
        }
    }

    /// A value was there that the column's type cannot hold; the cell is empty.
    pub fn feilslaatt(&mut self, plass: usize) {
        self.kolonner[plass].ta(Celle::Mangler);
        self.feilslaatte[plass] += 1;
    }

    /// Ends the row.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn ferdig_rad(&mut self) -> Result<(), Feil> {
        self.rader += 1;
        let full = self.rader == RADER
            || self.rader.is_multiple_of(1000)
                && self.kolonner.iter().map(Kolonnebuffer::tekstbyte).sum::<usize>() >= TEKSTBYTE;
        if full { self.skriv_gruppe() } else { Ok(()) }
    }

    /// Ends the file, gives the destination back, and tells of every column that could not hold all its values.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn ferdig(mut self) -> Result<W, Feil> {
        if self.rader > 0 {
            self.skriv_gruppe()?;
        }
        for (kolonne, antall) in self.navn.iter().zip(&self.feilslaatte).filter(|(_, antall)| **antall > 0) {
            tracing::warn!(kolonne, antall, "verdier passet ikke i kolonnen og mangler i parquet-filen");
        }
        Ok(self.ut.into_inner()?)
    }

    fn skriv_gruppe(&mut self) -> Result<(), Feil> {
        let mut gruppe = self.ut.next_row_group()?;
        for kolonne in &mut self.kolonner {
            if let Some(mut ut) = gruppe.next_column()? {
                kolonne.skriv(&mut ut)?;
                ut.close()?;
            }
        }
        gruppe.close()?;
        self.rader = 0;
        Ok(())
    }
}
