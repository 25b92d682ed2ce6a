//! Roles as a table: one row for each role.

use std::io::Write;

use identifikator::Organisasjonsnummer;
use journal::Seq;
use tid::Date;

use super::{Celle, Tabell};
use crate::Feil;
use crate::lastned::slag::Slag;
use crate::modell::{Kode, Rolle, Roller};

/// The columns in order, and so the places that [`Rolletabell::skriv`] fills.
const KOLONNER: &[(&str, Slag)] = &[
    ("organisasjonsnummer", Slag::Tekst),
    ("rollegruppe", Slag::Tekst),
    ("rollegruppe.beskrivelse", Slag::Tekst),
    ("sistEndret", Slag::Dato),
    ("rolle", Slag::Tekst),
    ("rolle.beskrivelse", Slag::Tekst),
    ("rekkefolge", Slag::Tall),
    ("fratraadt", Slag::Flagg),
    ("avregistrert", Slag::Flagg),
    ("valgtAv", Slag::Tekst),
    ("ansvarsandel", Slag::Tekst),
    ("person.fornavn", Slag::Tekst),
    ("person.mellomnavn", Slag::Tekst),
    ("person.etternavn", Slag::Tekst),
    ("person.fodselsdato", Slag::Dato),
    ("person.erDoed", Slag::Flagg),
    ("enhet.organisasjonsnummer", Slag::Tekst),
    ("enhet.navn", Slag::Liste),
    ("enhet.organisasjonsform", Slag::Tekst),
    ("enhet.erSlettet", Slag::Flagg),
];

/// The table of roles.
pub struct Rolletabell<W: Write + Send> {
    tabell: Tabell<W>,
}

impl<W: Write + Send> Rolletabell<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn new(ut: W, seq: Seq) -> Result<Self, Feil> {
        Ok(Self { tabell: Tabell::new(ut, "roller", KOLONNER, seq)? })
    }

    /// Adds the roles of one unit.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn skriv(&mut self, orgnr: Organisasjonsnummer, roller: &Roller) -> Result<(), Feil> {
        let orgnr = orgnr.to_string();
        for gruppe in &roller.rollegrupper {
            for rolle in &gruppe.roller {
                let for_alle = [
                    Celle::Tekst(&orgnr),
                    Celle::Tekst(&gruppe.type_.kode),
                    Celle::Tekst(&gruppe.type_.beskrivelse),
                    dato(gruppe.sist_endret),
                ];
                let celler = for_alle.into_iter().chain(rollen(rolle)).chain(innehaver(rolle));
                for (plass, celle) in celler.enumerate() {
                    self.tabell.celle(plass, celle);
                }
                self.tabell.ferdig_rad()?;
            }
        }
        Ok(())
    }

    /// Ends the file and gives the destination back.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn ferdig(self) -> Result<W, Feil> {
        self.tabell.ferdig()
    }
}

fn rollen(rolle: &Rolle) -> [Celle<'_>; 7] {
    [
        Celle::Tekst(&rolle.type_.kode),
        Celle::Tekst(&rolle.type_.beskrivelse),
        Celle::Tall(rolle.rekkefolge.into()),
        Celle::Flagg(rolle.fratraadt),
        Celle::Flagg(rolle.avregistrert),
        tekst(rolle.valgt_av.as_ref().map(|Kode { kode, .. }| kode)),
        tekst(rolle.ansvarsandel.as_ref()),
    ]
}

/// Person and unit; one of them is missing.
fn innehaver(rolle: &Rolle) -> [Celle<'_>; 9] {
    let (person, enhet) = (rolle.person.as_ref(), rolle.enhet.as_ref());
    let navn = person.map(|p| &p.navn);
    [
        tekst(navn.map(|n| &n.fornavn)),
        tekst(navn.and_then(|n| n.mellomnavn.as_ref())),
        tekst(navn.map(|n| &n.etternavn)),
        person.map_or(Celle::Mangler, |p| dato(p.fodselsdato)),
        person.map_or(Celle::Mangler, |p| Celle::Flagg(p.er_doed)),
        tekst(enhet.map(|e| &e.organisasjonsnummer)),
        enhet.map_or(Celle::Mangler, |e| Celle::Liste(&e.navn)),
        tekst(enhet.map(|e| &e.organisasjonsform.kode)),
        enhet.map_or(Celle::Mangler, |e| Celle::Flagg(e.er_slettet)),
    ]
}

fn tekst(verdi: Option<&String>) -> Celle<'_> {
    verdi.map_or(Celle::Mangler, |verdi| Celle::Tekst(verdi))
}

fn dato(dato: Date) -> Celle<'static> {
    Celle::Dato(dato.days_since_epoch())
}
