//! Typed rooms of the journal: what is kept under which key.
//!
//! Everything is read where it is needed and nothing is cached: that a client, an access or a delegation is
//! withdrawn holds for the next request, on every node (sheet 12.6, invariant 9).

use std::marker::PhantomData;

use journal::{Guard, Journal, Seq, Space, Step};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Feil;
use crate::modell::{
    Delegering, Lagretklient, Leverandor, Prefiks, Ressurs, Samtykke, Scopepost, System, Systembruker,
    Tilgang,
};
use crate::nokkelring::Lagretring;

/// Clients, by client_id.
pub const KLIENTER: Rom<Lagretklient> = Rom::ny("maskinporten/klient");
/// Client ids of an organisation: [`par`] of organisation number and client_id.
pub const KLIENTER_AV: Rom<()> = Rom::ny("maskinporten/klient-av");
/// Scope prefixes, by name.
pub const PREFIKSER: Rom<Prefiks> = Rom::ny("maskinporten/prefiks");
/// Scopes, by name.
pub const SCOPES: Rom<Scopepost> = Rom::ny("maskinporten/scope");
/// Who may use a scope: [`par`] of scope and organisation number.
pub const TILGANGER: Rom<Tilgang> = Rom::ny("maskinporten/tilgang");
/// The scopes that an organisation may use: [`par`] of organisation number and scope.
pub const TILGANGER_AV: Rom<()> = Rom::ny("maskinporten/tilgang-av");
/// Bundles of scopes that can be delegated, by identifier.
pub const RESSURSER: Rom<Ressurs> = Rom::ny("maskinporten/ressurs");
/// Supplier links: [`par`] of consumer and supplier.
pub const LEVERANDORER: Rom<Leverandor> = Rom::ny("maskinporten/leverandor");
/// The same, from the supplier's side: [`par`] of supplier and consumer.
pub const LEVERANDORER_TIL: Rom<()> = Rom::ny("maskinporten/leverandor-til");
/// Delegations: [`tre`] of consumer, supplier and resource.
pub const DELEGERINGER: Rom<Delegering> = Rom::ny("maskinporten/delegering");
/// The same, from the supplier's side: [`tre`] of supplier, consumer and resource.
pub const DELEGERINGER_TIL: Rom<()> = Rom::ny("maskinporten/delegering-til");
/// Systems of the system register, by identifier.
pub const SYSTEMER: Rom<System> = Rom::ny("maskinporten/system");
/// System users: [`tre`] of client_id, owner and external reference.
pub const SYSTEMBRUKERE: Rom<Systembruker> = Rom::ny("maskinporten/systembruker");
/// Consents, by id.
pub const SAMTYKKER: Rom<Samtykke> = Rom::ny("maskinporten/samtykke");
/// Our signing keys: one record, so that every change of them is whole.
pub const NOKKELRING: Rom<Lagretring> = Rom::ny("maskinporten/signering");

/// A kind of record.
pub struct Rom<T> {
    /// Where it lies.
    pub space: Space,
    type_: PhantomData<fn() -> T>,
}

impl<T> Clone for Rom<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Rom<T> {}

/// A record that was found.
#[derive(Debug, Clone)]
pub struct Funnet<T> {
    /// Its key.
    pub nokkel: Vec<u8>,
    /// What it says.
    pub verdi: T,
    /// The change that last set it.
    pub seq: Seq,
}

/// Records taken from the journal at a time.
pub(crate) const SIDE: usize = 500;

impl<T: Serialize + DeserializeOwned> Rom<T> {
    /// A room with this name.
    pub const fn ny(navn: &'static str) -> Self {
        Self { space: Space(navn), type_: PhantomData }
    }

    /// One record.
    pub async fn hent(self, journal: &dyn Journal, nokkel: &str) -> Result<Option<Funnet<T>>, Feil> {
        let funnet = journal.record(self.space, nokkel.as_bytes()).await?;
        funnet.map(|post| self.les(post)).transpose()
    }

    /// At most `antall` records whose keys begin with `prefiks`, after `etter`, in key order.
    pub async fn side(
        self,
        journal: &dyn Journal,
        prefiks: &str,
        etter: Option<&[u8]>,
        antall: usize,
    ) -> Result<Vec<Funnet<T>>, Feil> {
        let poster = journal.records(self.space, prefiks.as_bytes(), etter, antall).await?;
        poster.into_iter().map(|post| self.les(post)).collect()
    }

    /// All records whose keys begin with `prefiks`, in key order. For what an organisation has of its own.
    pub async fn alle(self, journal: &dyn Journal, prefiks: &str) -> Result<Vec<Funnet<T>>, Feil> {
        let mut alle = Vec::new();
        loop {
            let etter = alle.last().map(|post: &Funnet<T>| post.nokkel.clone());
            let side = self.side(journal, prefiks, etter.as_deref(), SIDE).await?;
            let slutt = side.len() < SIDE;
            alle.extend(side);
            if slutt {
                return Ok(alle);
            }
        }
    }

    fn les(self, post: journal::Record) -> Result<Funnet<T>, Feil> {
        let verdi =
            serde_json::from_slice(&post.value).map_err(|arsak| Feil::Post { rom: self.space.0, arsak })?;
        Ok(Funnet { nokkel: post.key, verdi, seq: post.seq })
    }

    /// The step that sets a record.
    pub fn sett(self, nokkel: &str, verdi: &T, guard: Guard) -> Result<Step, Feil> {
        let value = serde_json::to_vec(verdi).map_err(|arsak| Feil::Post { rom: self.space.0, arsak })?;
        Ok(Step::Record { space: self.space, key: nokkel.as_bytes().to_vec(), value: Some(value), guard })
    }

    /// The step that takes a record away.
    pub fn slett(self, nokkel: &str, guard: Guard) -> Step {
        Step::Record { space: self.space, key: nokkel.as_bytes().to_vec(), value: None, guard }
    }
}

/// Between the parts of a key. Nothing that is kept has it in its name: identifiers are checked before they are
/// stored.
const SKILLE: char = '\u{1f}';

/// The key of two things.
pub fn par(a: impl std::fmt::Display, b: impl std::fmt::Display) -> String {
    format!("{a}{SKILLE}{b}")
}

/// The key of three things.
pub fn tre(a: impl std::fmt::Display, b: impl std::fmt::Display, c: impl std::fmt::Display) -> String {
    format!("{a}{SKILLE}{b}{SKILLE}{c}")
}

/// What all keys of `a` and something more begin with.
pub fn under(a: impl std::fmt::Display) -> String {
    format!("{a}{SKILLE}")
}

/// The last part of a key.
pub fn siste(nokkel: &[u8]) -> String {
    let tekst = String::from_utf8_lossy(nokkel);
    tekst.rsplit(SKILLE).next().unwrap_or_default().to_owned()
}
