//! Throw-away PostgreSQL clusters for tests, from the machine's own PostgreSQL 15 or newer.
//!
//! - [`Database::new`]: an empty database in a cluster that all test processes of this user share. The first process
//!   starts it; some seconds after the last has gone, it is stopped and removed.
//! - [`Cluster::start`]: a cluster of one's own, for tests that stop it, kill it, or give it a standby.
//!
//! Both are gone when the processes are, however those end: a shell script that waits for it sees to that. Without
//! `fsync`, since what a power cut does is not what is tested; a killed server loses nothing all the same.

#![expect(clippy::expect_used, reason = "a test says what it needs and fails")]

mod server;
mod shared;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use crate::server::{Binaries, Server};

/// A database of its own in the shared cluster. Dropped with the value.
#[derive(Debug)]
pub struct Database {
    port: u16,
    name: String,
}

impl Database {
    /// An empty one.
    pub fn new() -> Self {
        Self::of("template0")
    }

    /// A copy of another, which nobody may be connected to.
    pub fn copy_of(other: &Self) -> Self {
        Self::of(&other.name)
    }

    fn of(template: &str) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let port = shared::port();
        let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        sql(port, "postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { port, name }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        url(self.port, &self.name)
    }

    /// Runs SQL in it as the superuser; answers the rows, one a line, columns separated by `|`.
    pub fn sql(&self, text: &str) -> String {
        sql(self.port, &self.name, text)
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The cluster may be gone already, and the test has its verdict.
        let _ = psql(self.port, "postgres", &drop).output();
    }
}

/// A cluster of one's own.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    /// Removes everything when its standard input ends, which is when this value or this process does.
    watchdog: Child,
    /// Only its name is needed; the watchdog removes it.
    directory: PathBuf,
}

impl Cluster {
    /// An empty one, with more settings than the usual if need be, such as `synchronous_commit = on`.
    pub fn start(settings: &[&str]) -> Self {
        let (directory, watchdog) = place();
        let server = Server::init(&directory.join("data"), settings);
        server.start();
        Self { server, watchdog, directory }
    }

    /// A streaming standby of this cluster, which it may be promoted to replace.
    #[must_use]
    pub fn standby(&self) -> Self {
        let (directory, watchdog) = place();
        let data = directory.join("data");
        let port = self.server.port.to_string();
        let mut copy = Binaries::find().command("pg_basebackup");
        copy.args([
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-p",
            &port,
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "-D",
        ]);
        server::done(copy.arg(&data));
        let server = Server::of(&data);
        server.start();
        Self { server, watchdog, directory }
    }

    /// Where a database in it is.
    pub fn url(&self, database: &str) -> String {
        url(self.server.port, database)
    }

    /// Where a database is that moves between this cluster and others when one is promoted.
    pub fn url_with(&self, other: &Self, database: &str) -> String {
        let (port, other) = (self.server.port, other.server.port);
        format!("postgres://postgres@127.0.0.1:{port},127.0.0.1:{other}/{database}")
    }

    /// Runs SQL in a database as the superuser; answers the rows, one a line, columns separated by `|`.
    pub fn sql(&self, database: &str, text: &str) -> String {
        sql(self.server.port, database, text)
    }

    /// Lets callers use TLS; answers the file of the certificate to trust.
    pub fn encrypt(&self) -> PathBuf {
        self.server.encrypt();
        self.sql("postgres", "ALTER SYSTEM SET ssl = on");
        self.sql("postgres", "SELECT pg_reload_conf()");
        self.directory.join("data/server.crt")
    }

    /// Makes the standby the primary.
    pub fn promote(&self) {
        self.server.control(&["promote", "-w"]);
    }

    /// Stops the server as a power cut would, without a word to anybody.
    pub fn kill(&self) {
        self.server.control(&["stop", "-m", "immediate", "-w"]);
    }

    /// Starts it again after [`kill`](Self::kill).
    pub fn start_again(&self) {
        self.server.start();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// A directory for a cluster, and the watchdog over it.
fn place() -> (PathBuf, Child) {
    let directory = TempDir::with_prefix("pgklynge-").expect("a temporary directory").keep();
    server::give(&directory);
    let script = r#"cat >/dev/null
        if [ -f "$1/data/postmaster.pid" ]; then kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; fi
        sleep 0.1; rm -rf "$1""#;
    let watchdog = detached("sh").args(["-c", script, "sh"]).arg(&directory).stdin(Stdio::piped()).spawn();
    (directory, watchdog.expect("sh runs"))
}

/// A command in a session of its own, which the end of the test's terminal does not reach, and which keeps none of
/// the test's outputs open.
fn detached(program: &str) -> Command {
    let mut command = Command::new("setsid");
    command.arg(program).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/{database}")
}

fn sql(port: u16, database: &str, text: &str) -> String {
    let output = server::done(&mut psql(port, database, text));
    String::from_utf8(output).expect("UTF-8").trim_end().to_owned()
}

fn psql(port: u16, database: &str, text: &str) -> Command {
    let mut command = Binaries::find().command("psql");
    command.args([
        "-X",
        "-q",
        "-A",
        "-t",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        "127.0.0.1",
        "-U",
        "postgres",
        "-p",
    ]);
    command.arg(port.to_string()).args(["-d", database, "-c", text]);
    command
}

/// A file's text, if it is there.
fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
