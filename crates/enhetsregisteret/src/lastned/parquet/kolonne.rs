//! One column of a row group while it is being filled.

use bytes::Bytes;
use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Fysisk};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::{Type, TypePtr};

use crate::lastned::slag::Slag;

/// A value on its way into a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Celle<'a> {
    /// Nothing.
    Mangler,
    /// For [`Slag::Tekst`].
    Tekst(&'a str),
    /// For [`Slag::Liste`].
    Liste(&'a [String]),
    /// For [`Slag::Tall`].
    Tall(i64),
    /// For [`Slag::Belop`].
    Belop(f64),
    /// For [`Slag::Flagg`].
    Flagg(bool),
    /// For [`Slag::Dato`]: days since 1970-01-01.
    Dato(i32),
}

/// The values of one column. Levels are Parquet's: how much of the value is there, and whether a list goes on.
pub(super) struct Kolonnebuffer {
    verdier: Verdier,
    definert: Vec<i16>,
    gjentatt: Vec<i16>,
}

enum Verdier {
    /// Texts end to end, and where each ends.
    Tekst {
        flate: Vec<u8>,
        slutter: Vec<usize>,
        liste: bool,
    },
    Tall(Vec<i64>),
    Belop(Vec<f64>),
    Flagg(Vec<bool>),
    Dato(Vec<i32>),
}

impl Kolonnebuffer {
    pub(super) fn new(slag: Slag) -> Self {
        let verdier = match slag {
            Slag::Tekst => Verdier::Tekst { flate: Vec::new(), slutter: Vec::new(), liste: false },
            Slag::Liste => Verdier::Tekst { flate: Vec::new(), slutter: Vec::new(), liste: true },
            Slag::Tall => Verdier::Tall(Vec::new()),
            Slag::Belop => Verdier::Belop(Vec::new()),
            Slag::Flagg => Verdier::Flagg(Vec::new()),
            Slag::Dato => Verdier::Dato(Vec::new()),
        };
        Self { verdier, definert: Vec::new(), gjentatt: Vec::new() }
    }

    /// Adds one row's value; answers `false`, and adds nothing there, when it is not of the column's type.
    pub(super) fn ta(&mut self, celle: Celle<'_>) -> bool {
        let mut passer = true;
        match (&mut self.verdier, celle) {
            (_, Celle::Mangler) => return self.mangler(),
            (Verdier::Tekst { flate, slutter, liste: false }, Celle::Tekst(tekst)) => {
                legg(flate, slutter, tekst);
            }
            (Verdier::Tekst { flate, slutter, liste: true }, Celle::Liste(liste)) => {
                for (plass, tekst) in liste.iter().enumerate() {
                    legg(flate, slutter, tekst);
                    self.gjentatt.push(i16::from(plass > 0));
                    self.definert.push(2);
                }
                if liste.is_empty() {
                    self.gjentatt.push(0);
                    self.definert.push(1);
                }
                return true;
            }
            (Verdier::Tall(verdier), Celle::Tall(tall)) => verdier.push(tall),
            (Verdier::Belop(verdier), Celle::Belop(belop)) => verdier.push(belop),
            (Verdier::Flagg(verdier), Celle::Flagg(flagg)) => verdier.push(flagg),
            (Verdier::Dato(verdier), Celle::Dato(dato)) => verdier.push(dato),
            _ => passer = false,
        }
        if passer {
            self.definert.push(1);
        } else {
            self.mangler();
        }
        passer
    }

    fn mangler(&mut self) -> bool {
        self.definert.push(0);
        if matches!(self.verdier, Verdier::Tekst { liste: true, .. }) {
            self.gjentatt.push(0);
        }
        true
    }

    /// Bytes of text held; the rest is small and alike in every row.
    pub(super) fn tekstbyte(&self) -> usize {
        match &self.verdier {
            Verdier::Tekst { flate, .. } => flate.len(),
            _ => 0,
        }
    }

    /// Writes everything held and becomes empty.
    pub(super) fn skriv(&mut self, ut: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let (definert, gjentatt) = (std::mem::take(&mut self.definert), std::mem::take(&mut self.gjentatt));
        match &mut self.verdier {
            Verdier::Tekst { flate, slutter, liste } => {
                let flate = Bytes::from(std::mem::take(flate));
                let mut fra = 0;
                let tekster: Vec<ByteArray> = std::mem::take(slutter)
                    .into_iter()
                    .map(|til| ByteArray::from(flate.slice(std::mem::replace(&mut fra, til)..til)))
                    .collect();
                let gjentatt = liste.then_some(gjentatt.as_slice());
                ut.typed::<ByteArrayType>().write_batch(&tekster, Some(&definert), gjentatt)?;
            }
            Verdier::Tall(verdier) => enkle::<Int64Type>(ut, verdier, &definert)?,
            Verdier::Belop(verdier) => enkle::<DoubleType>(ut, verdier, &definert)?,
            Verdier::Flagg(verdier) => enkle::<BoolType>(ut, verdier, &definert)?,
            Verdier::Dato(verdier) => enkle::<Int32Type>(ut, verdier, &definert)?,
        }
        Ok(())
    }
}

fn legg(flate: &mut Vec<u8>, slutter: &mut Vec<usize>, tekst: &str) {
    flate.extend_from_slice(tekst.as_bytes());
    slutter.push(flate.len());
}

fn enkle<T: DataType>(
    ut: &mut SerializedColumnWriter<'_>,
    verdier: &mut Vec<T::T>,
    definert: &[i16],
) -> Result<(), ParquetError> {
    ut.typed::<T>().write_batch(&std::mem::take(verdier), Some(definert), None)?;
    Ok(())
}

/// A column in the file's schema. Everything may be missing.
pub(super) fn type_av(navn: &str, slag: Slag) -> Result<TypePtr, ParquetError> {
    let (fysisk, logisk) = match slag {
        Slag::Tekst => (Fysisk::BYTE_ARRAY, Some(LogicalType::String)),
        Slag::Tall => (Fysisk::INT64, None),
        Slag::Belop => (Fysisk::DOUBLE, None),
        Slag::Flagg => (Fysisk::BOOLEAN, None),
        Slag::Dato => (Fysisk::INT32, Some(LogicalType::Date)),
        Slag::Liste => return liste_av(navn),
    };
    let bygger = Type::primitive_type_builder(navn, fysisk).with_repetition(Repetition::OPTIONAL);
    Ok(bygger.with_logical_type(logisk).build()?.into())
}

/// The three levels that Parquet's own description asks of a list.
fn liste_av(navn: &str) -> Result<TypePtr, ParquetError> {
    let element = Type::primitive_type_builder("element", Fysisk::BYTE_ARRAY)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::String))
        .build()?;
    let liste = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![element.into()])
        .build()?;
    let ytre = Type::group_type_builder(navn)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::LIST)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![liste.into()]);
    Ok(ytre.build()?.into())
}
