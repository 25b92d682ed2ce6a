//! How far a copy has come: one record a feed, written in the change that carries what it covers.

use journal::{Guard, SharedJournal, Space, Step};
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use crate::Feil;
use crate::import::Innhold;
use crate::modell::Enhetstype;

/// Everything that keeping in step remembers. One key a feed, so that none can overwrite another's.
pub(super) const SYNK: Space = Space("enhetsregisteret/synk");

/// The three feeds.
pub(super) const STROMMER: [Innhold; 3] =
    [Innhold::Enheter(Enhetstype::Enhet), Innhold::Enheter(Enhetstype::Underenhet), Innhold::Roller];

/// A place in a feed of the upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sted {
    /// Nothing has been read yet; what was published at or after this time is wanted.
    Tid(Timestamp),
    /// Everything up to and with this id is here.
    Id(u64),
}

/// A cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Markor {
    pub(super) sted: Sted,
    /// The upstream it is a place at: ids of another mean something else.
    pub(super) oppstroms: String,
    /// Upstream's time of the newest event that is here.
    pub(super) dato: Option<Timestamp>,
}

/// A cursor as it lies in the journal.
pub(super) struct Lagret {
    pub(super) markor: Markor,
    /// Holds as long as nobody else has moved it.
    pub(super) vakt: Guard,
}

/// A feed's cursor, if there is one.
pub(super) async fn les(journal: &SharedJournal, strom: Innhold) -> Result<Option<Lagret>, Feil> {
    let Some(post) = journal.record(SYNK, strom.ord().as_bytes()).await? else { return Ok(None) };
    Ok(Some(Lagret { markor: serde_json::from_slice(&post.value)?, vakt: Guard::SetAt(post.seq) }))
}

impl Markor {
    /// The step that writes it.
    pub(super) fn steg(&self, strom: Innhold, guard: Guard) -> Result<Step, Feil> {
        let (key, value) = (strom.ord().as_bytes().to_vec(), Some(serde_json::to_vec(self)?));
        Ok(Step::Record { space: SYNK, key, value, guard })
    }
}
