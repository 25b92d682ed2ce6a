//! The number of employees where it is not shown: withheld, none, or not known.
//!
//! Version 2 of the representation sends a number only from five on (fact sheet section 5.3), so that three
//! different facts look alike. Here they are told apart, without telling a withheld number.

use serde::Serialize;

use crate::modell::Dokument;
use crate::representasjon::MINSTE_SYNLIGE_ANTALL;

/// What is known about a unit's number of employees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Ansattopplysning {
    /// The number is in `antallAnsatte`.
    Oppgitt,
    /// There are one to four employees; the number is withheld.
    Skjult,
    /// A number is registered, and it is zero.
    Ingen,
    /// No number is registered; whether there are employees is not known.
    IkkeRegistrert,
}

impl Ansattopplysning {
    /// Of a stored unit; `None` for a deleted one.
    pub fn av(enhet: &Dokument<'_>) -> Option<Self> {
        if enhet.er_slettet() {
            return None;
        }
        let registrert = enhet.som("harRegistrertAntallAnsatte").unwrap_or(false);
        Some(match enhet.som::<u32>("antallAnsatte") {
            Some(antall) if antall >= MINSTE_SYNLIGE_ANTALL => Self::Oppgitt,
            Some(1..) => Self::Skjult,
            Some(0) if registrert => Self::Ingen,
            None if registrert => Self::Skjult,
            _ => Self::IkkeRegistrert,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_states() {
        for (json, ventet) in [
            (r#"{"antallAnsatte":5,"harRegistrertAntallAnsatte":true}"#, Some(Ansattopplysning::Oppgitt)),
            (r#"{"antallAnsatte":4,"harRegistrertAntallAnsatte":true}"#, Some(Ansattopplysning::Skjult)),
            (r#"{"harRegistrertAntallAnsatte":true}"#, Some(Ansattopplysning::Skjult)),
            (r#"{"antallAnsatte":0,"harRegistrertAntallAnsatte":true}"#, Some(Ansattopplysning::Ingen)),
            (
                r#"{"antallAnsatte":0,"harRegistrertAntallAnsatte":false}"#,
                Some(Ansattopplysning::IkkeRegistrert),
            ),
            (r#"{"harRegistrertAntallAnsatte":false}"#, Some(Ansattopplysning::IkkeRegistrert)),
            (r#"{"slettedato":"2024-01-01"}"#, None),
        ] {
            assert_eq!(Ansattopplysning::av(&Dokument::les(json.as_bytes()).unwrap()), ventet, "{json}");
        }
    }
}
