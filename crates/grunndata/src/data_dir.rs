//! What lies where in the data directory.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::failure::Failure;

/// The data directory.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// The configured one, which may not exist yet.
    pub fn of(config: &Config) -> Self {
        Self(config.data.clone())
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.0.join("grunndata.sqlite")
    }

    /// The file that the process which writes to the store holds locked.
    pub fn store_lock(&self) -> PathBuf {
        self.0.join("grunndata.sqlite.lock")
    }

    /// A register's derived files: its index and downloads.
    pub fn register(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A register's download files.
    pub fn downloads(&self, name: &str) -> PathBuf {
        self.register(name).join("lastned")
    }

    /// Which demo nation the store holds; absent when it holds something else.
    pub fn demo_marker(&self) -> PathBuf {
        self.0.join("demo.json")
    }

    /// The demo's clients: their keys, and the list of them.
    pub fn demo_clients(&self) -> PathBuf {
        self.0.join("demo")
    }

    /// The socket on which a running server takes the operator's orders.
    pub fn operator_socket(&self) -> PathBuf {
        self.0.join("maskinporten").join("drift.sock")
    }

    /// Where records that an import could not read are put, unless the user says where.
    pub fn rejects(&self, what: &str) -> PathBuf {
        self.0.join("avvist").join(format!("{what}.jsonl"))
    }

    /// Makes the directory if it is missing.
    pub fn make(&self) -> Result<(), Failure> {
        std::fs::create_dir_all(&self.0).map_err(|error| {
            Failure::failed(
                format!("the data directory {} cannot be made: {error}", self.0.display()),
                "choose another with --data DIR, or make it and give yourself the right to write there",
            )
        })
    }
}
