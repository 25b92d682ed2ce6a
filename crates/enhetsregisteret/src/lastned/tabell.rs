//! The tabular downloads: CSV and spreadsheet (fact sheet sections 12.3, 12.4).

use std::io::Write;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use serde_json::value::RawValue;
use tid::Timestamp;

use super::kolonner::{Kolonne, Kolonnefra, celle, kolonner};
use crate::Feil;
use crate::modell::{Dokument, Enhetstype, Versjon};

/// Rows of one worksheet, the header included.
const RADER_PER_ARK: u32 = 1_048_576;

/// One unit's values, in the order of the columns. The unit is given as the JSON download has it.
pub(super) fn verdier(
    i_fil: &[u8],
    kolonner: &[Kolonne],
    mut ta: impl FnMut(&Kolonne, Option<&RawValue>) -> Result<(), Feil>,
) -> Result<(), Feil> {
    let dokument = Dokument::les(i_fil)?;
    let mut indre: Option<(&str, Dokument<'_>)> = None;
    for kolonne in kolonner {
        let (ytre, felt) = kolonne.sti();
        let verdi: Option<&RawValue> = match felt {
            None => dokument.felt(ytre),
            Some(felt) => {
                if indre.as_ref().is_none_or(|(navn, _)| *navn != ytre) {
                    let raa = dokument.felt(ytre).map(|v| Dokument::les(v.get().as_bytes())).transpose()?;
                    indre = Some((ytre, raa.unwrap_or_default()));
                }
                indre.as_ref().and_then(|(_, objekt)| objekt.felt(felt))
            }
        };
        ta(kolonne, verdi)?;
    }
    Ok(())
}

/// One unit's cells as text.
fn celler(
    i_fil: &[u8],
    kolonner: &[Kolonne],
    mut ta: impl FnMut(&str) -> Result<(), Feil>,
) -> Result<(), Feil> {
    verdier(i_fil, kolonner, |kolonne, verdi| match verdi {
        Some(verdi) => ta(&celle(kolonne.felt, verdi.get())),
        None => ta(""),
    })
}

/// Writes the CSV download: UTF-8 without BOM, commas, every field quoted, LF.
pub struct Csv<W: Write> {
    ut: csv::Writer<W>,
    kolonner: Vec<Kolonne>,
}

impl<W: Write> Csv<W> {
    /// Begins the file with its header.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn new(ut: W, kind: Enhetstype, utvidet: bool) -> Result<Self, Feil> {
        let kolonner: Vec<Kolonne> =
            kolonner(kind).iter().filter(|k| utvidet || k.fra != Kolonnefra::Utvidet).copied().collect();
        let mut ut = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(ut);
        ut.write_record(kolonner.iter().map(|k| k.csv)).map_err(std::io::Error::from)?;
        Ok(Self { ut, kolonner })
    }

    /// Adds a unit, given as the JSON download has it.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn skriv(&mut self, i_fil: &[u8]) -> Result<(), Feil> {
        let Self { ut, kolonner } = self;
        celler(i_fil, kolonner, |tekst| Ok(ut.write_field(tekst).map_err(std::io::Error::from)?))?;
        Ok(ut.write_record(None::<&[u8]>).map_err(std::io::Error::from)?)
    }

    /// Ends the file and gives the destination back.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn ferdig(self) -> Result<W, Feil> {
        self.ut.into_inner().map_err(|e| Feil::Fil(e.into_error()))
    }
}

/// Writes the spreadsheet download. Beyond the rows of one sheet it goes on in the next.
pub struct Regneark {
    bok: Workbook,
    kind: Enhetstype,
    kolonner: Vec<Kolonne>,
    rad: u32,
    ark: usize,
}

impl From<XlsxError> for Feil {
    fn from(error: XlsxError) -> Self {
        Self::Regneark(error.to_string())
    }
}

impl Regneark {
    /// Begins the workbook. Rows wait in a nameless file in the directory, so that nothing is written outside the data
    /// directory; the time stands in the workbook as when it was made, so that the same content is the same bytes.
    ///
    /// # Errors
    /// When no file can be made there, or the time is not one that a workbook can tell.
    pub fn new(
        kind: Enhetstype,
        versjon: Versjon,
        utvidet: bool,
        (mappe, laget): (&Path, Timestamp),
    ) -> Result<Self, Feil> {
        let del = |fra: Kolonnefra| kolonner(kind).iter().filter(move |k| k.fra == fra).copied();
        let mut rekke: Vec<Kolonne> = del(Kolonnefra::V1).collect();
        frivillig_foran(&mut rekke);
        if versjon == Versjon::V2 {
            rekke.extend(del(Kolonnefra::V2));
            rekke.extend(del(Kolonnefra::Utvidet).filter(|_| utvidet));
        }
        let laget = ExcelDateTime::from_timestamp(laget.as_millis().div_euclid(1000))?;
        let mut bok = Workbook::new();
        bok.set_tempdir(mappe)?;
        bok.set_properties(&DocProperties::new().set_creation_datetime(&laget));
        Ok(Self { bok, kind, kolonner: rekke, rad: RADER_PER_ARK, ark: 0 })
    }

    /// Adds a unit, given as the JSON download has it.
    ///
    /// # Errors
    /// When a cell cannot be written.
    pub fn skriv(&mut self, i_fil: &[u8]) -> Result<(), Feil> {
        if self.rad == RADER_PER_ARK {
            self.nytt_ark()?;
        }
        let rad = self.rad;
        let ark = self.bok.worksheet_from_index(self.ark - 1)?;
        let mut plass = 0;
        celler(i_fil, &self.kolonner, |tekst| {
            skriv_celle(ark, rad, plass, tekst)?;
            plass += 1;
            Ok(())
        })?;
        self.rad += 1;
        Ok(())
    }

    /// Ends the workbook and writes it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn ferdig<W: Write + std::io::Seek + Send>(mut self, ut: W) -> Result<(), Feil> {
        if self.ark == 0 {
            self.nytt_ark()?;
        }
        Ok(self.bok.save_to_writer(ut)?)
    }

    fn nytt_ark(&mut self) -> Result<(), Feil> {
        self.ark += 1;
        let navn = match self.ark {
            1 => self.kind.flertall().to_owned(),
            n => format!("{} {n}", self.kind.flertall()),
        };
        let ark = self.bok.add_worksheet_with_constant_memory()?.set_name(navn)?;
        for (plass, kolonne) in (0..).zip(&self.kolonner) {
            ark.write_string(0, plass, kolonne.overskrift())?;
        }
        self.rad = 1;
        Ok(())
    }
}

/// In the spreadsheet, voluntary VAT registration stands before VAT registration (sheet 12.4).
fn frivillig_foran(rekke: &mut [Kolonne]) {
    let plass = |felt: &str| rekke.iter().position(|k| k.felt == felt);
    if let (Some(mva), Some(frivillig)) =
        (plass("registrertIMvaregisteret"), plass("frivilligMvaRegistrertBeskrivelser"))
        && mva < frivillig
    {
        rekke[mva..=frivillig].rotate_right(1);
    }
}

fn skriv_celle(ark: &mut Worksheet, rad: u32, plass: u16, tekst: &str) -> Result<(), Feil> {
    let tekst = match tekst {
        "" => return Ok(()),
        "true" => "JA",
        "false" => "NEI",
        annet => annet,
    };
    // A cell holds at most 32 767 characters.
    let kort: String;
    let tekst = if tekst.chars().count() > 32_767 {
        kort = tekst.chars().take(32_767).collect();
        &kort
    } else {
        tekst
    };
    ark.write_string(rad, plass, tekst)?;
    Ok(())
}
