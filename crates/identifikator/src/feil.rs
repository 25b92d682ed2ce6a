//! Why a text is not an identifier.

use std::fmt;

use crate::personidentifikator::datodel;

/// Why a text is not the identifier it should be, one variant per reason.
///
/// The texts are bokmål and worded as the real services word them where that is known. `Display` never
/// repeats the refused text, so an error about a person's number can be logged; [`Self::melding`] repeats it,
/// for the answer to whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UgyldigIdentifikator {
    /// An organisation number is not exactly nine digits.
    Organisasjonsnummer,
    /// Nine digits, but the last is not the MOD-11 control digit of the eight before it.
    Organisasjonskontrollsiffer,
    /// A person's number is not exactly eleven digits.
    Personformat,
    /// A synthetic number was required, and the third digit is not 8 or 9.
    IkkeSyntetisk,
    /// Eleven digits, but the first six do not spell a date that exists.
    Persondato,
    /// The control digits do not satisfy the rule that was asked for.
    Personkontrollsifre {
        /// The number has the form of Skatteetaten's synthetic series (month + 80).
        syntetisk: bool,
    },
    /// A municipality number is not exactly four digits.
    Kommunenummer,
    /// A county number is not exactly two digits.
    Fylkesnummer,
    /// A postal code is not exactly four digits.
    Postnummer,
    /// A country code is not exactly two capital letters A–Z.
    Landkode,
    /// A country code is not exactly three capital letters A–Z.
    LandkodeAlfa3,
}

impl UgyldigIdentifikator {
    /// The full text for whoever sent the refused text `verdi`, which it repeats where the official validator
    /// does (consumer sheet, section 12.2). Belongs in an answer, not in a log.
    pub fn melding(self, verdi: &str) -> String {
        match self {
            Self::IkkeSyntetisk => {
                format!("Ugyldig format: {verdi} syntetiske nummer må ha 8 eller 9 på indeks 2")
            }
            Self::Persondato => {
                let dato = datodel(verdi).unwrap_or_default();
                format!("Ugyldig format: {verdi} har ugyldig dato {dato} i formatet ddMMyy")
            }
            Self::Personkontrollsifre { syntetisk } => {
                format!("Ugyldig ID: {verdi} er ikke gyldig bygget opp som {}", nummerart(syntetisk))
            }
            Self::Organisasjonsnummer
            | Self::Organisasjonskontrollsiffer
            | Self::Personformat
            | Self::Kommunenummer
            | Self::Fylkesnummer
            | Self::Postnummer
            | Self::Landkode
            | Self::LandkodeAlfa3 => self.to_string(),
        }
    }
}

fn nummerart(syntetisk: bool) -> &'static str {
    if syntetisk { "syntetisk nummer" } else { "reelt nummer" }
}

impl fmt::Display for UgyldigIdentifikator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Organisasjonsnummer => "Organisasjonsnummer må være et nummer med nøyaktig 9 siffer",
            Self::Organisasjonskontrollsiffer => "Organisasjonsnummeret har ugyldig kontrollsiffer",
            Self::Personformat => "Ugyldig format: ID må være 11 sifre",
            Self::IkkeSyntetisk => "Ugyldig format: syntetiske nummer må ha 8 eller 9 på indeks 2",
            Self::Persondato => "Ugyldig format: ID har ugyldig dato i formatet ddMMyy",
            Self::Personkontrollsifre { syntetisk } => {
                return write!(f, "Ugyldig ID: ikke gyldig bygget opp som {}", nummerart(*syntetisk));
            }
            Self::Kommunenummer => "Kommunenummer må være et nummer med nøyaktig 4 siffer",
            Self::Fylkesnummer => "Fylkesnummer må være et nummer med nøyaktig 2 siffer",
            Self::Postnummer => "Postnummer må være et nummer med nøyaktig 4 siffer",
            Self::Landkode => "Landkode må være to store bokstaver (ISO 3166-1 alfa-2)",
            Self::LandkodeAlfa3 => "Landkode må være tre store bokstaver (ISO 3166-1 alfa-3)",
        })
    }
}

impl std::error::Error for UgyldigIdentifikator {}
