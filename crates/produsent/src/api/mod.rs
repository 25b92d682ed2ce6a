//! HTTP: intake and feedback (producer sheet, chapters 3 and 7).
//!
//! The routes belong behind a [`vakt::Gate`]: a handler takes the verified caller and answers 500 without one. Which
//! organisation may send what is decided here, by the agreement that it has. News and schemas are for everybody.

mod dokumentasjon;
mod feilform;
mod kall;
mod kontrakter;
mod mottak;
mod nyheter;
mod saksbehandling;
mod tilbakemelding;

use std::sync::Arc;

use http::HeaderName;
use tokio::sync::Semaphore;
use web::routes::{Table, Verb};

use crate::Produsent;
use crate::ressurs::RESSURSER;

pub use feilform::{Mottaksfeilform, Tilbakemeldingsfeilform};
pub use kontrakter::Kontraktapi;
pub use nyheter::{NETTSTED, Nyhetsapi};

/// Largest request with attachments, in bytes (section 3.5), with something for what lies between the parts.
pub const FORESPOERSEL_MAKS: usize = 50 * 1024 * 1024 + 64 * 1024;
/// A request that is larger than this waits for its turn, in bytes.
const STOR: usize = 1024 * 1024;
/// Large requests that are in memory at the same time.
const STORE_MAKS: usize = 8;

/// Below the register's prefix.
const MOTTAK: &str = "mottak/api";
/// The same.
const TILBAKEMELDING: &str = "tilbakemelding/api";

/// What every handler needs.
pub struct Api {
    produsent: Arc<Produsent>,
    prefiks: String,
    /// The header in which a trusted terminator of TLS says whose certificate the caller has.
    orgnr_hode: Option<HeaderName>,
    /// Turns for large requests.
    store: Arc<Semaphore>,
}

impl Api {
    /// The surface below a path prefix such as `/folkeregisteret`.
    ///
    /// With `orgnr_hode`, the organisation is read from that header where the connection has no certificate: only for a server
    /// that nobody reaches but through what sets it.
    pub fn new(produsent: Arc<Produsent>, prefiks: &str, orgnr_hode: Option<HeaderName>) -> Arc<Self> {
        let prefiks = prefiks.trim_end_matches('/').to_owned();
        Arc::new(Self { produsent, prefiks, orgnr_hode, store: Arc::new(Semaphore::new(STORE_MAKS)) })
    }

    /// The routes of the desk, our own: behind a scope of their own, whoever sends messages.
    pub fn saksbehandling(self: &Arc<Self>) -> Table<Arc<Self>> {
        Table::new(&format!("{}/utvidet/saksbehandling", self.prefiks), "Folkeregisteret: saksbehandling")
            .get("saker", saksbehandling::liste, dokumentasjon::saker())
            .get("saker/{referanse}", saksbehandling::sak, dokumentasjon::sak())
            .get("saker/{referanse}/vedlegg/{plass}", saksbehandling::vedlegg, dokumentasjon::vedlegg())
            .route(
                Verb::Post,
                "saker/{referanse}/beslutning",
                saksbehandling::avgjoer,
                dokumentasjon::avgjoer(),
            )
    }

    /// Where intake is, for its error form.
    pub fn mottak(prefiks: &str) -> String {
        format!("{}/{MOTTAK}", prefiks.trim_end_matches('/'))
    }

    /// Where feedback is, for its error form.
    pub fn tilbakemelding(prefiks: &str) -> String {
        format!("{}/{TILBAKEMELDING}", prefiks.trim_end_matches('/'))
    }

    /// The route table.
    pub fn ruter(self: &Arc<Self>) -> Table<Arc<Self>> {
        let mut tabell = Table::new(&self.prefiks, "Folkeregisteret: produsenter");
        for ressurs in RESSURSER {
            for adresse in ressurs.adresser() {
                let sti = format!("{MOTTAK}/{adresse}");
                let post = dokumentasjon::post(&adresse, ressurs, self.produsent.rot(ressurs));
                let prov = dokumentasjon::prov(&adresse);
                let navn = adresse.clone();
                tabell = tabell
                    .route(Verb::Post, &sti, move |kall| mottak::post(kall, navn.clone()), post)
                    .get(&sti, move |kall| mottak::prov(kall, adresse.clone()), prov);
            }
        }
        let sti = format!("{TILBAKEMELDING}/v2/hendelser");
        tabell.get(&sti, tilbakemelding::side, dokumentasjon::side())
    }
}
