//! Units as a table: the columns of the CSV, typed, and what the CSV leaves out.

use std::io::Write;

use journal::Seq;
use serde_json::value::RawValue;
use tid::Date;

use super::{Celle, Tabell};
use crate::Feil;
use crate::lastned::kolonner::{Kolonne, Kolonnefra, kolonner};
use crate::lastned::slag::Slag;
use crate::lastned::tabell::verdier;
use crate::modell::Enhetstype;

/// What the JSON download has and the CSV has not.
const BARE_JSON: &[&str] = &["historiskeNavn"];

/// The table of one kind of unit.
pub struct Enhetstabell<W: Write + Send> {
    tabell: Tabell<W>,
    kolonner: Vec<Kolonne>,
}

impl<W: Write + Send> Enhetstabell<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn new(ut: W, kind: Enhetstype, utvidet: bool, seq: Seq) -> Result<Self, Feil> {
        let kolonner = alle_kolonner(kind, utvidet);
        let typer: Vec<_> = kolonner.iter().map(|k| (k.felt, k.slag())).collect();
        Ok(Self { tabell: Tabell::new(ut, kind.flertall(), &typer, seq)?, kolonner })
    }

    /// Adds a unit, given as the JSON download has it.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn skriv(&mut self, i_fil: &[u8]) -> Result<(), Feil> {
        let Self { tabell, kolonner } = self;
        let mut plass = 0;
        verdier(i_fil, kolonner, |kolonne, verdi| {
            sett(tabell, plass, kolonne.slag(), verdi);
            plass += 1;
            Ok(())
        })?;
        tabell.ferdig_rad()
    }

    /// Ends the file and gives the destination back.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn ferdig(self) -> Result<W, Feil> {
        self.tabell.ferdig()
    }
}

/// Every column, the CSV's first and in its order.
fn alle_kolonner(kind: Enhetstype, utvidet: bool) -> Vec<Kolonne> {
    let bare_json =
        BARE_JSON.iter().map(|&felt| Kolonne { csv: felt, regneark: None, felt, fra: Kolonnefra::Utvidet });
    let alle = kolonner(kind).iter().copied().chain(bare_json);
    alle.filter(|k| utvidet || k.fra != Kolonnefra::Utvidet).collect()
}

/// Puts a JSON value in a cell.
fn sett<W: Write + Send>(tabell: &mut Tabell<W>, plass: usize, slag: Slag, verdi: Option<&RawValue>) {
    let Some(json) = verdi.map(RawValue::get).filter(|json| *json != "null") else {
        return tabell.celle(plass, Celle::Mangler);
    };
    let tekst = ren_tekst(json);
    let celle = match slag {
        Slag::Tekst => tekst.as_deref().map(Celle::Tekst),
        Slag::Liste => match elementer(json) {
            Some(liste) => return tabell.celle(plass, Celle::Liste(&liste)),
            None => None,
        },
        Slag::Tall => json.parse().ok().map(Celle::Tall),
        Slag::Belop => json.parse().ok().map(Celle::Belop),
        Slag::Flagg => json.parse().ok().map(Celle::Flagg),
        Slag::Dato => {
            tekst.as_deref().and_then(|t| Date::parse(t).ok()).map(|d| Celle::Dato(d.days_since_epoch()))
        }
    };
    match celle {
        Some(celle) => tabell.celle(plass, celle),
        None => tabell.feilslaatt(plass),
    }
}

/// The text of a JSON string; a number or a flag as it is written.
fn ren_tekst(json: &str) -> Option<std::borrow::Cow<'_, str>> {
    match json.as_bytes().first()? {
        b'"' if !json.contains('\\') => Some(json[1..json.len() - 1].into()),
        b'"' => serde_json::from_str::<String>(json).ok().map(Into::into),
        b'[' | b'{' => None,
        _ => Some(json.into()),
    }
}

/// The texts of a JSON list; of objects, their JSON.
fn elementer(json: &str) -> Option<Vec<String>> {
    let liste: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    Some(liste.iter().map(|e| ren_tekst(e.get()).map_or_else(|| e.get().to_owned(), Into::into)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_live_unit_has_a_column() {
        let bare_slettet = ["slettedato", "nedleggelsesdato"];
        for kind in Enhetstype::ALLE {
            let kolonner = alle_kolonner(kind, true);
            for felt in kind.felter().iter().map(|f| f.navn).filter(|navn| !bare_slettet.contains(navn)) {
                assert!(kolonner.iter().any(|k| k.sti().0 == felt), "{felt} has no column");
            }
        }
    }

    #[test]
    fn types_follow_from_names() {
        let slag = |felt: &str| {
            let alle = alle_kolonner(Enhetstype::Enhet, true);
            alle.iter().find(|k| k.felt == felt).map(Kolonne::slag)
        };
        for (felt, ventet) in [
            ("organisasjonsnummer", Slag::Tekst),
            ("antallAnsatte", Slag::Tall),
            ("konkurs", Slag::Flagg),
            ("konkursdato", Slag::Dato),
            ("registreringsdatoEnhetsregisteret", Slag::Dato),
            ("tvangsopplostPgaManglendeRevisorDato", Slag::Dato),
            ("kapital.belop", Slag::Belop),
            ("forretningsadresse.adresse", Slag::Liste),
            ("paategninger", Slag::Liste),
            ("sisteInnsendteAarsregnskap", Slag::Tekst),
        ] {
            assert_eq!(slag(felt), Some(ventet), "{felt}");
        }
    }
}
