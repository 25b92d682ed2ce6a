//! What makes a file wrong although no feed says so.

use std::collections::HashMap;

use journal::{Collection, Guard, Seq, SharedJournal, Space, Step};

use super::Fil;
use crate::Feil;
use crate::endring::{ENHETER, FJERNINGER, ROLLER};

const LASTNED: Space = Space("enhetsregisteret/lastned");
const GLEMT: &[u8] = b"glemt";
/// More than there are collections.
const ALLE: usize = 16;

/// The changes of which no older file may be used: the newest removal from disclosure in each collection, and the
/// newest time that the register was filled without its feeds saying so.
///
/// They are records of the journal and no notices between tasks, so that they hold for every process and every node
/// with a directory of its own, however long it was away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Merker {
    fjernet: HashMap<Vec<u8>, Seq>,
    glemt: Seq,
}

impl Merker {
    /// As they are now.
    pub(super) async fn les(journal: &SharedJournal) -> Result<Self, Feil> {
        let fjernet = journal.records(FJERNINGER, b"", None, ALLE).await?;
        let glemt = journal.record(LASTNED, GLEMT).await?;
        Ok(Self {
            fjernet: fjernet.into_iter().map(|post| (post.key, post.seq)).collect(),
            glemt: glemt.map(|post| post.seq).unwrap_or_default(),
        })
    }

    /// The newest that concerns a file; stands in its name.
    pub(super) fn av(&self, fil: Fil) -> Seq {
        let av = |samling: &Collection| self.fjernet.get(samling.0.as_bytes()).copied();
        samlinger(fil).iter().filter_map(av).fold(self.glemt, Seq::max)
    }

    /// Whether an edition tells of the register as it was before it was filled.
    pub(super) fn glemt_siden(&self, seq: Seq) -> bool {
        seq < self.glemt
    }
}

/// What makes every file there is wrong, and every set of them.
pub(super) fn glem() -> Step {
    Step::Record { space: LASTNED, key: GLEMT.to_vec(), value: Some(Vec::new()), guard: Guard::Any }
}

/// What a file is made of.
fn samlinger(fil: Fil) -> Vec<Collection> {
    match fil {
        Fil::Json(kind, _) | Fil::Csv(kind) | Fil::Regneark(kind, _) | Fil::Parquet(kind) => {
            vec![kind.samling()]
        }
        Fil::Roller | Fil::ParquetRoller => vec![ENHETER, ROLLER],
    }
}
