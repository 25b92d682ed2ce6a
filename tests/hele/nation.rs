//! A small demo nation, made once for the whole test run and copied for each test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use pgklynge::Database;
use tempfile::TempDir;

use crate::server::Server;
use crate::{IN_DATABASE, program};

/// How many live main units it has, and its seed.
pub(crate) const UNITS: u32 = 1_000;
const SEED: &str = "7";
/// How many persons.
const PERSONS: &str = "2000";

/// A data directory of a test's own, gone when the test is.
pub(crate) struct Data {
    dir: TempDir,
    pub(crate) database: Option<Database>,
}

impl Data {
    /// An empty one, which does not exist yet.
    pub(crate) fn empty() -> Self {
        let data = Self {
            dir: TempDir::new().expect("a temporary directory"),
            database: IN_DATABASE.then(Database::new),
        };
        if let Some(database) = &data.database {
            note(data.dir.path(), &database.url());
        }
        data
    }

    /// One that holds the nation.
    pub(crate) fn nation() -> Self {
        let data = Self::empty();
        copy(&prepared("data"), &data.path());
        if let Some(database) = &data.database {
            move_into(&data.path(), database);
        }
        data
    }

    /// The data directory.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A place for another file.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// The directory with the nation's dump files.
pub(crate) fn dump() -> PathBuf {
    prepared("dump")
}

/// Moves the store of a data directory into a database, as an operator does.
fn move_into(data: &Path, database: &Database) {
    let from = data.to_str().expect("a readable path");
    program::run(data, &["flytt", "--fra", from, "--til", &database.url()]).ok();
    for file in ["grunndata.sqlite", "demo.json"] {
        fs::remove_file(data.join(file)).expect("the nation's file");
    }
}

/// Says in a configuration file where the store is.
pub(crate) fn note(dir: &Path, url: &str) {
    fs::write(dir.join("grunndata.toml"), format!("[journal]\ndatabase = \"{url}\"\n")).expect("a file");
}

/// Makes data and dump on the first call of any test process, and again when the binary is another.
fn prepared(what: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nation");
    fs::create_dir_all(&root).expect("the test run's directory");
    let lock = File::create(root.join("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let (stamp, mark) = (binary_stamp(), root.join("binary"));
    if fs::read_to_string(&mark).ok().as_ref() != Some(&stamp) {
        let _ = fs::remove_file(&mark);
        for part in ["data", "dump"] {
            let _ = fs::remove_dir_all(root.join(part));
        }
        make(&root);
        fs::write(&mark, stamp).expect("the mark");
    }
    root.join(what)
}

fn make(root: &Path) {
    let units = UNITS.to_string();
    let size = ["--enheter", &units, "--personer", PERSONS, "--fro", SEED];
    let server = Server::start_command(&root.join("data"), "demo", &size);
    assert_eq!(server.stop(), Some(0), "demo stops in good order");
    let dump = root.join("dump");
    let dump = dump.to_str().expect("a readable path");
    program::run(&root.join("data"), &[&["syntetisk", "--ut", dump][..], &size[..]].concat()).ok();
}

fn binary_stamp() -> String {
    let metadata = fs::metadata(env!("CARGO_BIN_EXE_grunndata")).expect("the binary");
    let changed = metadata.modified().expect("a time").duration_since(UNIX_EPOCH).expect("after 1970");
    format!("{} {}", metadata.len(), changed.as_nanos())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}
