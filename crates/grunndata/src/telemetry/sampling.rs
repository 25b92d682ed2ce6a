//! What is looked at now and then: store, indexes, files, the upstream. A scrape reads what was written last, so it costs
//! nothing and answers when the store does not.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use enhetsregisteret::synk::{Synk, Synkstatus};
use enhetsregisteret::{Enhetsregister, Status};
use folkeregisteret::Folkeregister;
use journal::SharedJournal;
use maskinporten::Maskinporten;
use tid::{Clock, Timestamp};
use tokio::sync::Mutex;
use vakt::tally::Tally;

use super::board::Board;
use super::lag::Lag;
use super::table;
use crate::data_dir::DataDir;

/// How often, and how long the store may take.
const EVERY: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(5);
/// Sizes on disk change slowly and cost a look at each file: every so many rounds.
const ROUNDS_BETWEEN_SIZES: u64 = 5;
/// Keys last for a year, and to count them is to read all clients.
const ROUNDS_BETWEEN_KEYS: u64 = 600;
/// The days of [`table::KEYS_EXPIRING`].
const KEY_DAYS: [i64; 3] = [0, 7, 30];

/// The indexes, in the order of [`Status::etterslep`], and their feeds.
const INDEXES: [&str; 3] = ["enheter", "underenheter", "personer"];
const FEEDS: [&str; 3] = ["enheter", "underenheter", "roller"];
/// Folkeregisteret has one of each, of this name.
const PEOPLE: &str = "folkeregisteret";

/// What is looked at.
pub(crate) struct Sources {
    pub(crate) journal: SharedJournal,
    pub(crate) enhetsregisteret: Option<Arc<Enhetsregister>>,
    pub(crate) folkeregisteret: Option<Arc<Folkeregister>>,
    pub(crate) synk: Option<Arc<Synk>>,
    pub(crate) maskinporten: Option<Arc<Maskinporten>>,
    pub(crate) guard: Arc<Tally>,
    pub(crate) dir: DataDir,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What one look at the store found.
struct Found {
    head: u64,
    register: Option<Status>,
    people: Option<folkeregisteret::Status>,
    synk: Option<Synkstatus>,
}

/// Looks, and writes what it sees on the board.
pub(super) struct Sampling {
    sources: Sources,
    /// Of [`INDEXES`], and of [`PEOPLE`].
    lags: Mutex<[Lag; 4]>,
}

impl Sampling {
    pub(super) fn new(sources: Sources) -> Self {
        Self { sources, lags: Mutex::default() }
    }

    /// Looks again and again; never ends.
    pub(super) async fn run(&self, board: &Arc<Board>) {
        for round in 0_u64.. {
            self.look(board).await;
            self.tokens(board);
            if round.is_multiple_of(ROUNDS_BETWEEN_KEYS) {
                self.keys(board).await;
            }
            if round.is_multiple_of(ROUNDS_BETWEEN_SIZES) {
                self.weigh(board).await;
                let (board, dir) = (board.clone(), self.sources.dir.clone());
                let _ = tokio::task::spawn_blocking(move || sizes(&board, &dir)).await;
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Looks once at the store and what follows it.
    pub(super) async fn look(&self, board: &Board) {
        let found = tokio::time::timeout(PATIENCE, self.ask()).await.ok().flatten();
        board.set(table::JOURNAL_UP, &[], f64::from(u8::from(found.is_some())));
        let Some(found) = found else { return };
        board.set(table::JOURNAL_HEAD, &[], found.head as f64);
        if let Some(status) = found.register {
            self.register(board, &status).await;
        }
        if let Some(status) = found.people {
            self.people(board, &status).await;
        }
        for (place, feed) in found.synk.iter().flat_map(|synk| synk.strommer.iter().zip(FEEDS)) {
            let set =
                |metric, value: Option<f64>| value.into_iter().for_each(|v| board.set(metric, &[feed], v));
            let contact = place.siste_kontakt.as_deref().and_then(|text| Timestamp::parse(text).ok());
            set(table::SYNC_LAG, place.etterslep.map(|waiting| waiting as f64));
            set(table::SYNC_LAG_SECONDS, place.etterslep_sekunder.map(|seconds| seconds as f64));
            set(table::SYNC_CONTACT, contact.map(|at| at.as_millis() as f64 / 1000.0));
            set(table::SYNC_UNREADABLE, Some(place.uleselige as f64));
        }
    }

    /// What others have counted of grants and of calls to closed routes.
    fn tokens(&self, board: &Board) {
        let grants = self.sources.maskinporten.iter().flat_map(|server| server.teller().alle());
        grants.for_each(|(outcome, count)| board.lift(table::GRANTS, &[outcome], count as f64));
        let calls = self.sources.guard.all();
        calls.for_each(|(outcome, count)| board.lift(table::GUARDED, &[outcome.name()], count as f64));
    }

    /// Clients' keys that die soon: they do so in silence, and their owners notice when tokens are refused.
    async fn keys(&self, board: &Board) {
        let Some(server) = &self.sources.maskinporten else { return };
        for days in KEY_DAYS {
            if let Ok(count) = server.nokler_som_utloper(days).await {
                board.set(table::KEYS_EXPIRING, &[&days.to_string()], count as f64);
            }
        }
    }

    /// How large the store is.
    async fn weigh(&self, board: &Board) {
        if let Ok(Ok(bytes)) = tokio::time::timeout(PATIENCE, self.sources.journal.disk_bytes()).await {
            board.set(table::JOURNAL_BYTES, &[], bytes as f64);
        }
    }

    async fn ask(&self) -> Option<Found> {
        let Sources { journal, enhetsregisteret, folkeregisteret, synk, .. } = &self.sources;
        let head = journal.head().await.ok()?.0;
        let register = match enhetsregisteret {
            Some(register) => Some(register.status().await.ok()?),
            None => None,
        };
        let people = match folkeregisteret {
            Some(register) => Some(register.status().await.ok()?),
            None => None,
        };
        let synk = match synk {
            Some(synk) => Some(synk.status().await.ok()?),
            None => None,
        };
        Some(Found { head, register, people, synk })
    }

    async fn register(&self, board: &Board, status: &Status) {
        let mut lags = self.lags.lock().await;
        let places = status.oppdateringer.into_iter().zip(status.etterslep).zip(&mut *lags);
        for ((place, lag), names) in places.zip(INDEXES.into_iter().zip(FEEDS)) {
            self.index(board, names, place, lag);
        }
        board.set(table::INDEX_DOCUMENTS, &[INDEXES[0]], status.enheter as f64);
        board.set(table::INDEX_DOCUMENTS, &[INDEXES[1]], status.underenheter as f64);
    }

    async fn people(&self, board: &Board, status: &folkeregisteret::Status) {
        let [.., lag] = &mut *self.lags.lock().await;
        self.index(board, (PEOPLE, PEOPLE), (status.hendelser, status.etterslep), lag);
        board.set(table::INDEX_DOCUMENTS, &[PEOPLE], status.personer as f64);
    }

    /// An index, its feed, how long the feed is and how much of it the index lacks.
    fn index(
        &self,
        board: &Board,
        (index, feed): (&str, &str),
        (head, behind): (u64, Option<u64>),
        lag: &mut Lag,
    ) {
        let waiting = behind.unwrap_or(head);
        let waited = lag.note(self.sources.clock.now(), head, head - waiting.min(head));
        board.set(table::FEED_HEAD, &[feed], head as f64);
        board.set(table::INDEX_BUILT, &[index], f64::from(u8::from(behind.is_some())));
        board.set(table::INDEX_LAG, &[index], waiting as f64);
        board.set(table::INDEX_LAG_SECONDS, &[index], waited.as_secs_f64());
    }
}

/// Sizes and ages of files on this node.
fn sizes(board: &Board, dir: &DataDir) {
    let register = dir.register("enhetsregisteret");
    for index in INDEXES {
        board.set(table::INDEX_BYTES, &[index], bytes_below(&register.join("indeks").join(index)) as f64);
    }
    let people = dir.register(PEOPLE).join("indeks");
    board.set(table::INDEX_BYTES, &[PEOPLE], bytes_below(&people) as f64);
    for (file, made) in downloads(&register.join("lastned")) {
        board.set(table::DOWNLOAD_MADE, &[&file], made);
    }
}

/// All files below a directory. What disappears meanwhile counts as nothing.
fn bytes_below(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

/// The download files with when they were made, in seconds since 1970. Their names on disk end with version, position
/// and newest removal, which are not told.
fn downloads(dir: &Path) -> HashMap<String, f64> {
    let mut made: HashMap<String, f64> = HashMap::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let mut parts = name.rsplitn(3, '.');
        let (Some(position), Some(_), Some(file)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let Ok(Ok(at)) = modified.map(|at| at.duration_since(UNIX_EPOCH)) else { continue };
        if position.split('-').all(|number| number.parse::<u64>().is_ok()) {
            let newest = made.entry(file.to_owned()).or_default();
            *newest = newest.max(at.as_secs_f64());
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_public_names() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["enheter_alle.json.gz.v2u.17-0", "enheter_alle.json.gz.v1u.17-3", ".tmpAb12", "x.y.z"] {
            std::fs::write(dir.path().join(name), "1234").unwrap();
        }
        std::fs::create_dir(dir.path().join("below")).unwrap();
        std::fs::write(dir.path().join("below/a"), "12").unwrap();
        let made = downloads(dir.path());
        assert_eq!(made.keys().collect::<Vec<_>>(), ["enheter_alle.json.gz"]);
        assert!(made["enheter_alle.json.gz"] > 1.6e9);
        assert_eq!(bytes_below(dir.path()), 18);
        assert_eq!(bytes_below(&dir.path().join("gone")), 0);
    }
}
