//! Folkeregisteret for producers: messages in, cases, effects on persons, feedback out.
//!
//! The other side of the same register: what consumers read in `folkeregisteret`, producers bring about here, through that
//! register's writer and in its transactions. How the real service does, and how sure that is, stands in the producer
//! sheet; comments here name its sections.
//!
//! - [`kontrakt`]: what messages may consist of; [`ressurs`]: the table of resources; [`xml`]: safe reading.
//! - [`mottak`]: intake; [`tilgang`]: who may send what.
//! - [`sak`]: cases, their states and reasons; [`saksflyt`]: the engine and the desk; [`drift`]: maintenance.
//! - [`skranke`]: what is entered at a desk without a message; `inaktivering`: D-numbers that nobody has needed for long.
//! - `regler`: for each kind of message its rules and effects; [`nummer`]: numbers for persons.
//! - [`tilbakemelding`]: what is told back; [`nyheter`]: what is told everybody.
//! - [`api`](mod@api): HTTP.

pub mod api;
pub mod drift;
mod feil;
mod inaktivering;
pub mod kommando;
pub mod kontrakt;
mod lager;
pub mod mottak;
mod multipart;
pub mod nummer;
pub mod nyheter;
mod regler;
pub mod ressurs;
pub mod sak;
pub mod saksflyt;
pub mod skranke;
pub mod tilbakemelding;
pub mod tilgang;
pub mod xml;

use std::collections::BTreeMap;
use std::sync::Arc;

use folkeregisteret::Folkeregister;
use journal::SharedJournal;
use kontrakt::Kontrakt;
use mottak::Signaturkontroll;
use ressurs::{RESSURSER, Ressurs, Tilbakemeldingskontrakt};
use tid::Random;

pub use feil::Feil;

/// The register's side for producers.
pub struct Produsent {
    register: Arc<Folkeregister>,
    journal: SharedJournal,
    tilfeldig: Arc<dyn Random>,
    kontrakter: BTreeMap<&'static str, Arc<Kontrakt>>,
    /// Who decides on signatures; without, they are kept and not looked at.
    signaturer: Option<Arc<dyn Signaturkontroll>>,
}

impl Produsent {
    /// Opens it on the register.
    ///
    /// # Errors
    /// When a contract cannot be read, which is a fault of the program.
    pub fn open(register: Arc<Folkeregister>, tilfeldig: Arc<dyn Random>) -> Result<Arc<Self>, Feil> {
        Self::open_med(register, tilfeldig, None)
    }

    /// The same, with who decides on the signatures of messages.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_med(
        register: Arc<Folkeregister>,
        tilfeldig: Arc<dyn Random>,
        signaturer: Option<Arc<dyn Signaturkontroll>>,
    ) -> Result<Arc<Self>, Feil> {
        let kontrakter = RESSURSER.iter().map(|r| Ok((r.navn, Arc::new(r.kontrakt()?))));
        let mut kontrakter = kontrakter.collect::<Result<BTreeMap<_, _>, Feil>>()?;
        for tilbake in Tilbakemeldingskontrakt::ALLE {
            kontrakter.extend(tilbake.navn().zip(tilbake.kontrakt()?.map(Arc::new)));
        }
        Ok(Arc::new(Self {
            journal: register.journal().clone(),
            register,
            tilfeldig,
            kontrakter,
            signaturer,
        }))
    }

    /// The register of persons.
    pub fn register(&self) -> &Arc<Folkeregister> {
        &self.register
    }

    /// A contract by its name: a resource's, or one of feedback.
    pub fn kontrakt(&self, navn: &str) -> Option<&Arc<Kontrakt>> {
        self.kontrakter.get(navn)
    }

    /// The name of the element that a resource's messages are.
    pub(crate) fn rot(&self, ressurs: &Ressurs) -> &str {
        self.kontrakter.get(ressurs.navn).map_or("", |kontrakt| kontrakt.rot.navn)
    }

    /// The names of all contracts.
    pub fn kontraktnavn(&self) -> impl Iterator<Item = &'static str> {
        self.kontrakter.keys().copied()
    }

    /// The journal beneath.
    pub fn journal(&self) -> &SharedJournal {
        &self.journal
    }
}
