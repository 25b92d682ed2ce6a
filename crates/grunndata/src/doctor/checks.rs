//! The checks.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use enhetsregisteret::endring::{OPPDATERTE_ENHETER, OPPDATERTE_ROLLER, OPPDATERTE_UNDERENHETER};
use journal::{FeedHead, Journal};
use tid::{Clock, Date, Timestamp};

use super::{Finding, ask, index};
use crate::config::Config;
use crate::failure::chain;
use crate::store::Store;

/// Below this the next import may fill the disk.
const FREE_BYTES_WARN: u64 = 2 << 30;
/// Below this the store cannot be trusted to find room.
const FREE_BYTES_ERROR: u64 = 100 << 20;

pub(super) fn data_directory(config: &Config) -> Finding {
    let check = "data directory";
    let dir = nearest_existing(&config.data);
    let shown = config.data.display();
    let probe = dir.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) if dir == config.data => Finding::ok(check, format!("{shown} can be written")),
        Ok(()) => Finding::ok(check, format!("{shown} does not exist yet and can be made")),
        Err(error) => Finding::error(
            check,
            format!("{} cannot be written: {error}", dir.display()),
            "give the user that runs grunndata the right to write there, or choose another with --data DIR",
        ),
    }
}

pub(super) fn disk_space(config: &Config) -> Finding {
    let check = "disk space";
    let dir = nearest_existing(&config.data);
    let free = match rustix::fs::statvfs(&dir) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            let remedy = "look with `df` yourself; the check does not work on this file system";
            return Finding::warning(check, format!("cannot be measured: {error}"), remedy);
        }
    };
    let found = format!("{} free", indicatif::HumanBytes(free));
    let remedy = "make room, or choose a directory on a larger disk with --data DIR; the whole register needs about 6 GiB";
    if free < FREE_BYTES_ERROR {
        Finding::error(check, found, remedy)
    } else if free < FREE_BYTES_WARN {
        Finding::warning(check, found, remedy)
    } else {
        Finding::ok(check, found)
    }
}

pub(super) fn port(config: &Config) -> Finding {
    let check = "port";
    let listen = config.server.listen;
    match TcpListener::bind(listen) {
        Ok(_) => Finding::ok(check, format!("{listen} is free")),
        Err(_) if ask(listen, "/drift/liv").is_some_and(|answer| answer.contains("\"grunndata\"")) => {
            Finding::ok(check, format!("grunndata answers on {listen}"))
        }
        Err(error) => Finding::error(
            check,
            format!("{listen} cannot be listened on: {error}"),
            "stop what has it, or choose another with --listen ADDR or server.listen",
        ),
    }
}

pub(super) fn public_address(config: &Config) -> Finding {
    let check = "public address";
    let server = &config.server;
    if let Some(url) = &server.public_url {
        return Finding::ok(check, format!("links begin with {url}"));
    }
    if server.listen.ip().is_loopback() {
        return Finding::ok(check, "links begin with the address each caller uses");
    }
    if server.trust_forwarded {
        return Finding::ok(check, "links begin with what the proxy's forwarded headers say");
    }
    Finding::warning(
        check,
        "links begin with whatever Host header a caller sends",
        "set server.offentlig_url, or server.stol_paa_videresendte = \"alltid\" if a proxy sets the forwarded headers",
    )
}

pub(super) fn clock(clock: &dyn Clock) -> Finding {
    let now = clock.now();
    let check = "clock";
    let built_after = Date::new(2025, 1, 1).map(Timestamp::start_of);
    if built_after.is_some_and(|built| now < built) {
        return Finding::error(
            check,
            format!("{now} is in the past"),
            "set the machine's clock; use a time service",
        );
    }
    Finding::ok(check, now.to_string())
}

pub(super) async fn store(config: &Config, clock: &dyn Clock) -> Vec<Finding> {
    let check = "store";
    let store = Store::of(config);
    if store.is_missing() {
        return vec![Finding::ok(check, "none yet; `grunndata demo` or `grunndata import` makes one")];
    }
    let journal = match store.open_read_only().await {
        Ok(journal) => journal,
        Err(failure) => return vec![Finding::error(check, failure.message, failure.hint)],
    };
    match heads(&*journal).await {
        Ok((seq, feeds)) => {
            let newest = feeds.iter().map(|(_, head)| head.at).max().unwrap_or_default();
            let mut findings = vec![Finding::ok(check, opened(seq, &feeds))];
            findings.extend(ahead(newest, clock.now()));
            findings.extend(index::examine(config, &*journal).await);
            findings
        }
        Err(error) => {
            vec![Finding::error(
                check,
                chain(&error),
                "run `grunndata verify`, and restore a backup if it finds faults",
            )]
        }
    }
}

type Feeds = Vec<(&'static str, FeedHead)>;

async fn heads(journal: &dyn Journal) -> Result<(u64, Feeds), journal::JournalError> {
    let mut feeds = Vec::new();
    for feed in [OPPDATERTE_ENHETER, OPPDATERTE_UNDERENHETER, OPPDATERTE_ROLLER] {
        feeds.push((feed.0, journal.feed_head(feed).await?));
    }
    Ok((journal.head().await?.0, feeds))
}

fn opened(seq: u64, feeds: &Feeds) -> String {
    let events: u64 = feeds.iter().map(|(_, head)| head.position).sum();
    format!("opens and can be read; sequence number {seq}, {events} events on {} feeds", feeds.len())
}

/// A store with events from the future was written under another clock.
fn ahead(newest: Timestamp, now: Timestamp) -> Option<Finding> {
    let found = format!("the newest event is from {newest}, which is still to come");
    let remedy =
        "set the machine's clock; new events get that time until then, since feed times never go back";
    (newest > now).then(|| Finding::warning("feed times", found, remedy))
}

fn nearest_existing(path: &Path) -> PathBuf {
    let there = path.ancestors().find(|p| p.is_dir()).unwrap_or(Path::new("."));
    if there.as_os_str().is_empty() { PathBuf::from(".") } else { there.to_owned() }
}

#[cfg(test)]
mod tests {
    use tid::StoppedClock;

    use super::super::State;
    use super::*;
    use crate::config::{Settings, check};

    fn config(changes: &[(&str, &str)]) -> Config {
        let mut settings = Settings::defaults().unwrap();
        for (key, value) in changes {
            settings.lay_flag(key, value, "--set".to_owned()).unwrap();
        }
        check(&settings).unwrap()
    }

    #[test]
    fn a_taken_port_and_a_free_one() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        std::thread::spawn(move || drop(taken.accept()));
        let finding = port(&config(&[("server.listen", &address.to_string())]));
        assert_eq!(finding.state, State::Error);
        assert!(finding.found.contains(&address.to_string()) && finding.remedy.is_some());
        assert_eq!(port(&config(&[("server.listen", "127.0.0.1:0")])).state, State::Ok);
    }

    #[test]
    fn directories_that_can_be_made_and_ones_that_cannot() {
        let dir = tempfile::tempdir().unwrap();
        let new = dir.path().join("a/b").display().to_string();
        assert_eq!(data_directory(&config(&[("data", &new)])).state, State::Ok);
        assert!(!dir.path().join("a").exists(), "the check makes nothing");
        let file = dir.path().join("file");
        std::fs::write(&file, b"").unwrap();
        assert_eq!(disk_space(&config(&[("data", &new)])).check, "disk space");
    }

    #[test]
    fn a_clock_in_the_past_and_feeds_in_the_future() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(clock(&StoppedClock::at(at("1970-01-01T00:00:10.000Z"))).state, State::Error);
        assert_eq!(clock(&StoppedClock::at(at("2026-06-30T10:00:00.000Z"))).state, State::Ok);
        let (earlier, later) = (at("2026-06-30T10:00:00.000Z"), at("2026-07-01T10:00:00.000Z"));
        assert!(ahead(later, earlier).is_some() && ahead(earlier, later).is_none());
    }

    #[test]
    fn an_open_address_without_a_public_one_is_a_warning() {
        let open = ("server.listen", "0.0.0.0:8080");
        assert_eq!(public_address(&config(&[open])).state, State::Warning);
        assert_eq!(public_address(&config(&[])).state, State::Ok);
        assert_eq!(
            public_address(&config(&[open, ("server.offentlig_url", "https://a.example")])).state,
            State::Ok
        );
    }
}
