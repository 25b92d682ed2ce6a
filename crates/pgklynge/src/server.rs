//! One server: its binaries, its data directory, starting and stopping.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest version that is used.
const OLDEST: u32 = 15;
/// Fast rather than safe, and enough of everything.
const SETTINGS: &[&str] = &[
    "fsync = off",
    "full_page_writes = off",
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    "max_connections = 200",
    "shared_buffers = '64MB'",
    "max_wal_size = '256MB'",
    "wal_level = replica",
    "hot_standby = on",
    "log_min_messages = fatal",
];

/// Where PostgreSQL's programs are.
pub(crate) struct Binaries(PathBuf);

impl Binaries {
    /// The newest that the machine has.
    pub(crate) fn find() -> Self {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let versions = versions.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
        let newest = versions.filter(|version| *version >= OLDEST).max();
        let newest = newest.expect("PostgreSQL 15 or newer: apt-get install postgresql-15");
        Self(Path::new("/usr/lib/postgresql").join(newest.to_string()).join("bin"))
    }

    /// One of them, as a user that the server agrees to run as.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = as_other_user(Command::new(self.0.join(name)));
        command.current_dir("/").stdin(Stdio::null());
        command
    }
}

fn as_other_user(mut command: Command) -> Command {
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group);
    }
    command
}

/// The server refuses to run as root: then it is the package's own user.
fn other_user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").expect("/proc").uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("the users");
    let postgres = users.lines().find_map(|line| line.strip_prefix("postgres:"));
    let mut fields = postgres.expect("the user postgres").split(':').skip(1);
    let mut number = || fields.next().and_then(|field| field.parse().ok()).expect("a user's number");
    Some((number(), number()))
}

/// Gives a directory to the user that the server runs as.
pub(crate) fn give(directory: &Path) {
    if let Some((user, group)) = other_user() {
        chown(directory, Some(user), Some(group)).expect("root may give a directory away");
    }
}

/// Runs a command to its end; answers what it wrote.
pub(crate) fn done(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("PostgreSQL's programs run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output.stdout
}

/// A server on a port of its own.
#[derive(Debug)]
pub(crate) struct Server {
    data: PathBuf,
    pub(crate) port: u16,
}

impl Server {
    /// Makes a cluster in a directory that does not exist yet.
    pub(crate) fn init(data: &Path, settings: &[&str]) -> Self {
        let mut init = Binaries::find().command("initdb");
        init.args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-N", "-D"]);
        done(init.arg(data));
        let text = [SETTINGS, settings].concat().join("\n");
        let file = data.join("postgresql.auto.conf");
        fs::write(file, text + "\n").expect("the settings");
        Self::of(data)
    }

    /// In a data directory, on a free port.
    pub(crate) fn of(data: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr());
        Self { data: data.to_owned(), port: free.expect("a free port").port() }
    }

    /// Gives it a certificate of its own making, for its address, where it looks for one. With the program that the
    /// server's package brings for the same purpose.
    pub(crate) fn encrypt(&self) {
        let settings = self.data.join("tls.cnf");
        let text =
            "[req]\ndistinguished_name=d\n[d]\n[v]\nsubjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n";
        fs::write(&settings, text).expect("a small file");
        let mut make = as_other_user(Command::new("openssl"));
        make.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=prove"]);
        make.args(["-extensions", "v", "-keyout", "server.key", "-out", "server.crt", "-config"])
            .arg(&settings);
        done(make.current_dir(&self.data));
    }

    /// Starts it and waits until it answers.
    pub(crate) fn start(&self) {
        let (port, log) = (format!("-p {}", self.port), self.data.join("server.log"));
        let log = log.to_str().expect("a readable path");
        self.control(&["start", "-w", "-l", log, "-o", &port]);
    }

    /// `pg_ctl`.
    pub(crate) fn control(&self, arguments: &[&str]) {
        let mut control = Binaries::find().command("pg_ctl");
        // Not piped: the server inherits what it gets, and would keep the pipe open.
        control.args(arguments).arg("-D").arg(&self.data).stdout(Stdio::null()).stderr(Stdio::null());
        let status = control.status().expect("pg_ctl runs");
        let log = fs::read_to_string(self.data.join("server.log")).unwrap_or_default();
        assert!(status.success(), "pg_ctl {arguments:?}: {log}");
    }
}
