//! Persons in a journal, and an index that has followed it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use folkeregisteret::modell::Persondokument;
use folkeregisteret::sporring::{Entydigsoek, Soek, Soekefeil, Uttrekkskriterier};
use folkeregisteret::{Personindeks, Rettighetspakke};
use journal::sqlite::{Options, SqliteJournal};
use journal::{Change, Collection, Feed, SharedJournal, Step};
use sok::{Follower, Mapping};
use tempfile::TempDir;
use tid::Timestamp;

const PERSONER: Collection = Collection("personer");
const FEED: Feed = Feed("personer");

pub struct Register {
    pub indeks: Personindeks,
    pub personer: BTreeMap<u64, Persondokument>,
    _mappe: TempDir,
}

impl Register {
    /// `avbild` makes the mapping; most of the persons are indexed at once, the rest as changes that follow.
    pub fn ny(
        personer: BTreeMap<u64, Persondokument>,
        kropp: impl Fn(u64) -> Vec<u8>,
        avbild: impl FnOnce(&Personindeks) -> Mapping,
    ) -> Self {
        let mappe = tempfile::tempdir().unwrap();
        let indeks = Personindeks::open(&mappe.path().join("indeks")).unwrap();
        let journal: SharedJournal =
            SqliteJournal::open(&mappe.path().join("journal.sqlite"), Options::default()).unwrap();
        let avbildning = avbild(&indeks);
        let ider: Vec<u64> = personer.keys().copied().collect();
        let (foerst, siden) = ider.split_at(ider.len() * 9 / 10);
        let kjoering = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        kjoering.block_on(async {
            let mut foelger =
                Follower::new(journal.clone(), FEED, PERSONER, indeks.index().clone(), avbildning);
            for ider in [foerst, siden] {
                journal.append(endring(ider, &kropp)).await.unwrap();
                foelger.catch_up().await.unwrap();
            }
        });
        assert_eq!(indeks.index().documents().unwrap(), personer.len() as u64);
        Self { indeks, personer, _mappe: mappe }
    }

    /// What a hit list answers to parameters; `None` when there are too many.
    pub fn soek(&self, pakke: Rettighetspakke, parametre: &[(&str, &str)]) -> Option<Vec<u64>> {
        match self.indeks.soek(&Soek::les(parametre.iter().copied()).unwrap(), pakke) {
            Ok(funnet) => Some(funnet),
            Err(Soekefeil::ForMangeTreff) => None,
            Err(feil) => panic!("{feil}"),
        }
    }

    pub fn entydig(&self, pakke: Rettighetspakke, parametre: &[(&str, &str)]) -> Result<u64, Soekefeil> {
        self.indeks.entydigsoek(&Entydigsoek::les(parametre.iter().copied(), pakke)?)
    }

    pub fn uttrekk(&self, pakke: Rettighetspakke, kropp: &str) -> Vec<u64> {
        let kriterier = Uttrekkskriterier::les(kropp.as_bytes()).unwrap();
        let mut alle = Vec::new();
        self.indeks
            .uttrekk(&kriterier, pakke, &mut |noen| {
                alle.extend_from_slice(noen);
                ControlFlow::Continue(())
            })
            .unwrap();
        alle.sort_unstable();
        alle
    }
}

fn endring(ider: &[u64], kropp: &impl Fn(u64) -> Vec<u8>) -> Change {
    let steg = |id: &u64| {
        [
            Step::Put { collection: PERSONER, id: *id, body: kropp(*id), at: None },
            Step::Publish { feed: FEED, subject: *id, kind: 0, number: None, at: None },
        ]
    };
    Change { at: Timestamp::default(), steps: ider.iter().flat_map(steg).collect() }
}
