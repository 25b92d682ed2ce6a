//! Maskinporten: tokens for machines, the clients and scopes behind them, and delegation in Altinn.
//!
//! [`Maskinporten`] is the authorization server as a type, with the register of clients, scopes, access and
//! delegations that decides what it issues. It is a client of the journal: all of it is keyed records, read where
//! they are needed, so that what is withdrawn is withdrawn for the next request. The rooms:
//!
//! - [`modell`]: what is known, with the API's own field names; [`lager`]: where it lies.
//! - [`endring`]: the only writer, and with every change the row of who did it.
//! - [`bevis`]: the grant, check by check; [`utsted`]: the token.
//! - [`nokkelring`]: the keys that tokens are signed with, and their rollover.
//! - [`introspeksjon`]: what tokens mean, for those who may ask.
//! - [`admin`]: clients, keys, scopes, access, delegation; for the API and for the command line.
//! - [`kommando`]: the same as orders of the operator.
//! - [`vedlikehold`]: what is taken away when its time is up.
//! - [`teller`]: how many grants came to what.
//! - [`mod@api`] — HTTP.
//!
//! What the real service does, and how sure that is, stands in the fact sheet; comments here name its sections.
//! Where it says that something is unknown, its recommended decision is taken.

pub mod admin;
pub mod api;
pub mod bevis;
pub mod endring;
mod feil;
mod grenser;
pub mod introspeksjon;
pub mod kommando;
pub mod lager;
pub mod modell;
mod nokkelminne;
pub mod nokkelring;
mod oppsett;
pub mod teller;
pub mod utsted;
pub mod vedlikehold;

use std::sync::Arc;

use journal::SharedJournal;
use parking_lot::RwLock;
use tid::{Clock, Random, Timestamp};

pub use feil::Feil;
pub use oppsett::Oppsett;

use endring::Skriver;
use grenser::Grenser;
use introspeksjon::EgneOpake;
use nokkelminne::Nokkelminne;
use nokkelring::{Kilde, Nokkelring};
use sertifikat::TrustList;
use teller::Teller;
use vakt::claims::Beliefs;
use vakt::{Guard, Issuer};

/// Tokens of callers of the administration that are remembered.
const TOKENER_HUSKET: usize = 10_000;

/// What the server is given from outside.
pub struct Omgivelser {
    /// The store.
    pub journal: SharedJournal,
    /// The clock.
    pub klokke: Arc<dyn Clock>,
    /// Randomness, fit for tokens.
    pub tilfeldig: Arc<dyn Random>,
    /// Where the signing keys come from.
    pub nokler: Kilde,
    /// Whose enterprise certificates are trusted; `None`: nobody's.
    pub tillit: Option<Arc<TrustList>>,
}

/// The authorization server.
pub struct Maskinporten {
    journal: SharedJournal,
    klokke: Arc<dyn Clock>,
    tilfeldig: Arc<dyn Random>,
    oppsett: Oppsett,
    skriver: Skriver,
    nokkelring: Nokkelring,
    tillit: RwLock<Option<Arc<TrustList>>>,
    grenser: Grenser,
    nokkelminne: Nokkelminne,
    teller: Teller,
    /// Before the administration: tokens of our own, verified once and remembered.
    vakt: Guard,
}

impl Maskinporten {
    /// The server on a journal.
    pub fn ny(omgivelser: Omgivelser, oppsett: Oppsett) -> Arc<Self> {
        let Omgivelser { journal, klokke, tilfeldig, nokler, tillit } = omgivelser;
        let nokkelring = Nokkelring::ny(nokler, journal.clone(), oppsett.nokkel_ettertid);
        let egen = utsteder(&oppsett, &nokkelring, journal.clone());
        Arc::new(Self {
            skriver: Skriver::ny(journal.clone()),
            vakt: Guard::new(vec![egen], TOKENER_HUSKET, klokke.clone()),
            nokkelring,
            grenser: Grenser::ny(&oppsett),
            nokkelminne: Nokkelminne::default(),
            teller: Teller::default(),
            journal,
            klokke,
            tilfeldig,
            oppsett,
            tillit: RwLock::new(tillit),
        })
    }

    /// This server as guards of the same process know it.
    pub fn utsteder(&self) -> Issuer {
        utsteder(&self.oppsett, &self.nokkelring, self.journal.clone())
    }

    /// How it is set up.
    pub fn oppsett(&self) -> &Oppsett {
        &self.oppsett
    }

    /// The journal beneath.
    pub fn journal(&self) -> &SharedJournal {
        &self.journal
    }

    /// The one writer.
    pub fn skriver(&self) -> &Skriver {
        &self.skriver
    }

    /// The signing keys.
    pub fn nokkelring(&self) -> &Nokkelring {
        &self.nokkelring
    }

    /// The present moment.
    pub fn naa(&self) -> Timestamp {
        self.klokke.now()
    }

    pub(crate) fn tilfeldig(&self) -> &dyn Random {
        &*self.tilfeldig
    }

    /// Whose enterprise certificates are trusted.
    pub(crate) fn tillit(&self) -> Option<Arc<TrustList>> {
        self.tillit.read().clone()
    }

    /// From now on these are trusted: roots and revocation lists change while the server runs.
    pub fn sett_tillit(&self, tillit: Option<Arc<TrustList>>) {
        *self.tillit.write() = tillit;
    }

    pub(crate) fn vakt(&self) -> &Guard {
        &self.vakt
    }

    pub(crate) fn nokkelminne(&self) -> &Nokkelminne {
        &self.nokkelminne
    }

    /// How many grants came to what.
    pub fn teller(&self) -> &Teller {
        &self.teller
    }

    pub(crate) fn grenser(&self) -> &Grenser {
        &self.grenser
    }
}

fn utsteder(oppsett: &Oppsett, nokkelring: &Nokkelring, journal: SharedJournal) -> Issuer {
    let beliefs = Beliefs {
        issuer: oppsett.utsteder.as_str().into(),
        delegation_sources: vec![oppsett.delegeringskilde.as_str().into()],
        supplier_without_source: true,
        leeway_s: 0,
    };
    Issuer { beliefs, keys: nokkelring.egne().clone(), introspection: Some(Arc::new(EgneOpake(journal))) }
}
