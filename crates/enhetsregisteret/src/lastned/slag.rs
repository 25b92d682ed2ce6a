//! What a column holds, for the files that have types.
//!
//! CSV and spreadsheets are text throughout; Parquet is not. The types follow from the field's name alone, so the
//! table of columns need not say them again.

use super::kolonner::Kolonne;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slag {
    /// Text; codes and numbers with leading zeros too.
    Tekst,
    /// A list of texts. A list of objects is a list of their JSON.
    Liste,
    /// A whole number of 64 bits: share counts do not fit in 32.
    Tall,
    /// An amount of money, in whole units of its currency.
    Belop,
    /// Yes or no.
    Flagg,
    /// A date.
    Dato,
}

const LISTER: &[&str] = &[
    "frivilligMvaRegistrertBeskrivelser",
    "vedtektsfestetFormaal",
    "aktivitet",
    "paategninger",
    "historiskeNavn",
];
const FLAGG: &[&str] = &[
    "harRegistrertAntallAnsatte",
    "registrertIMvaregisteret",
    "registrertIForetaksregisteret",
    "registrertIStiftelsesregisteret",
    "registrertIFrivillighetsregisteret",
    "registrertIPartiregisteret",
    "konkurs",
    "underAvvikling",
    "underTvangsavviklingEllerTvangsopplosning",
    "erIKonsern",
];

impl Kolonne {
    /// What the column holds. Fields that nobody has seen filled (`kapital.bundet` and the like) are text, which
    /// holds whatever comes.
    pub fn slag(&self) -> Slag {
        let felt = self.felt;
        if felt.ends_with(".adresse") || LISTER.contains(&felt) {
            Slag::Liste
        } else if FLAGG.contains(&felt) {
            Slag::Flagg
        } else if matches!(felt, "antallAnsatte" | "kapital.antallAksjer") {
            Slag::Tall
        } else if felt == "kapital.belop" {
            Slag::Belop
        } else if felt.starts_with("registreringsdato")
            || felt.to_lowercase().ends_with("dato")
            || felt == "datoEierskifte"
        {
            Slag::Dato
        } else {
            Slag::Tekst
        }
    }
}
