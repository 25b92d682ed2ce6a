//! The cluster that all test processes of a user share.
//!
//! Who uses it holds a shared lock on the file `users` for as long as the process lives; who starts or removes it holds
//! `lock`. The operating system gives locks back, however a process ends.

use std::fs::{self, File};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::server::{Server, give};
use crate::{detached, text};

/// Stops the cluster when nobody has used it for some seconds.
const WATCH: &str = r#"cd "$1" || exit
    idle=0
    while sleep 4; do
        if flock -n -x users true; then idle=$((idle + 1)); else idle=0; fi
        if [ "$idle" -ge 3 ]; then
            (
                flock -x 8
                flock -n -x users true || exit 1
                kill -QUIT "$(head -n 1 data/postmaster.pid)"
                sleep 0.2
                rm -rf data port
            ) 8>lock && exit
            idle=0
        fi
    done"#;

/// Where the shared cluster answers. It is started if it does not run.
pub(crate) fn port() -> u16 {
    static JOINED: OnceLock<(File, u16)> = OnceLock::new();
    JOINED.get_or_init(join).1
}

fn join() -> (File, u16) {
    let user = fs::metadata("/proc/self").expect("/proc").uid();
    let place = std::env::temp_dir().join(format!("pgklynge-felles-{user}"));
    fs::create_dir_all(&place).expect("a temporary directory");
    let open = |name: &str| File::create(place.join(name)).expect("a file to lock");
    let (lock, users) = (open("lock"), open("users"));
    lock.lock().expect("locks");
    users.lock_shared().expect("locks");
    let port = running(&place).unwrap_or_else(|| start(&place));
    lock.unlock().expect("locks");
    (users, port)
}

/// The port of a cluster that answers.
fn running(place: &Path) -> Option<u16> {
    let port = text(&place.join("port"))?.parse().ok()?;
    TcpStream::connect(("127.0.0.1", port)).ok()?;
    Some(port)
}

fn start(place: &PathBuf) -> u16 {
    // What a machine that went down has left.
    let _ = fs::remove_dir_all(place.join("data"));
    give(place);
    let server = Server::init(&place.join("data"), &[]);
    server.start();
    fs::write(place.join("port"), server.port.to_string()).expect("a small file");
    // The shell that starts it ends at once, and leaves it to the system.
    let script = r#"sh -c "$2" sh "$1" &"#;
    detached("sh").args(["-c", script, "sh"]).arg(place).arg(WATCH).status().expect("sh runs");
    server.port
}
