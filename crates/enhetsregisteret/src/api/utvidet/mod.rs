//! HTTP: our own surface, beside the imitated one and never part of it.
//!
//! Documents have the form of version 2 of the imitated API, with links into it; what is added begins with `_`.
//! Errors have the register's 400 form, and unknown parameters are refused.

mod dok;
mod historikk;
mod oppslag;
mod personer;
pub mod skjema;
mod sok;

use std::sync::Arc;

use journal::{AsOf, Seq, Version};
use serde_json::json;
use tid::{Date, Timestamp};
use web::openapi::Components;
use web::routes::Table;

use super::Api;
use super::dokumentasjon::Dok;
use super::kall::{Avslag, Kall};
use crate::modell::Enhetstype::{Enhet, Underenhet};
use crate::sporring::regler::{self, Feilliste};
use crate::utvidet::historikk::Emne;

impl Api {
    /// The route table of our own surface, and its schemas in `skjemaer`.
    pub fn utvidede_ruter(self: &Arc<Self>, skjemaer: &mut Components) -> Table<Arc<Self>> {
        let dok = dok::Utvidetdok::new(Dok::new(skjemaer, self.register.oppsett()), skjemaer);
        let mut tabell = Table::new(&self.prefiks, "Utvidet");
        for kind in [Enhet, Underenhet] {
            let sti = |resten: &str| format!("/{}{resten}", kind.flertall());
            tabell = tabell
                .get(&sti(""), move |kall| sok::sok(kall, kind), dok.sok(kind))
                .get(&sti("/{orgnr}"), move |kall| oppslag::hent(kall, kind), dok.hent(kind))
                .get(
                    &sti("/{orgnr}/historikk"),
                    move |kall| historikk::vis(kall, Emne::Enhet(kind)),
                    dok.historikk(kind.entall()),
                );
        }
        tabell
            .get("/enheter/{orgnr}/roller", oppslag::roller, dok.roller())
            .get(
                "/enheter/{orgnr}/roller/historikk",
                |kall| historikk::vis(kall, Emne::Roller),
                dok.historikk("roller"),
            )
            .get("/personer", personer::sok, personer::dokumentasjon(&dok))
    }
}

/// What `_versjon` says.
fn versjon(versjon: &Version) -> serde_json::Value {
    json!({ "sekvensnummer": versjon.seq.0, "tidspunkt": versjon.at.to_string() })
}

/// Puts one more field at the end of a JSON object.
fn legg_til(objekt: &mut Vec<u8>, navn: &str, verdi: &impl serde::Serialize) -> Result<(), Avslag> {
    if objekt.last() == Some(&b'}') {
        objekt.pop();
    }
    objekt.push(b',');
    crate::modell::dokument::skriv_nokkel(objekt, navn);
    serde_json::to_writer(&mut *objekt, verdi)?;
    objekt.push(b'}');
    Ok(())
}

/// Finds fault with parameters that are not among these.
fn avvis_ukjente(kall: &Kall, kjente: &[&str], feil: &mut Feilliste) {
    for (navn, verdi) in kall.query.pairs().filter(|(navn, _)| !kjente.contains(navn)) {
        let tekst = format!("{navn} er ikke en gyldig parameter. Gyldige er: {}", kjente.join(", "));
        feil.legg_til(navn, tekst, Some(verdi));
    }
}

/// Which version is asked for: `tidspunkt`, `sekvensnummer`, or neither.
fn som_var(kall: &Kall, feil: &mut Feilliste) -> AsOf {
    let verdi = |navn| kall.query.first(navn).filter(|v: &&str| !v.is_empty());
    match (verdi("tidspunkt"), verdi("sekvensnummer")) {
        (None, None) => AsOf::Now,
        (Some(tidspunkt), None) => AsOf::Time(moment(tidspunkt, feil)),
        (None, Some(nummer)) => {
            AsOf::Seq(Seq(regler::tall("sekvensnummer", nummer, 1, feil).unwrap_or_default()))
        }
        (Some(_), Some(nummer)) => {
            let tekst = "tidspunkt og sekvensnummer kan ikke oppgis samtidig";
            feil.legg_til("sekvensnummer", tekst, Some(nummer));
            AsOf::Now
        }
    }
}

/// A moment, or a date: the end of that day, UTC.
fn moment(verdi: &str, feil: &mut Feilliste) -> Timestamp {
    if let Ok(dato) = Date::parse(verdi) {
        return Timestamp::start_of(dato.plus_days(1)).plus_millis(-1);
    }
    Timestamp::parse(verdi).unwrap_or_else(|_| {
        let tekst = "tidspunkt må være på formatet yyyy-MM-dd'T'HH:mm:ss.SSS'Z' eller yyyy-MM-dd";
        feil.legg_til("tidspunkt", tekst, Some(verdi));
        Timestamp::default()
    })
}
