//! Whether search is in step with the store.
//!
//! Opening an index clears away what a cut-off build left, so it is only done while nobody else has the store. A
//! server that runs is asked instead.

use std::fs::{File, OpenOptions};
use std::net::SocketAddr;
use std::path::Path;

use enhetsregisteret::endring;
use enhetsregisteret::modell::Enhetstype;
use enhetsregisteret::soking::Soking;
use enhetsregisteret::utvidet::personindeks::Personindeks;
use journal::{Feed, Journal};
use serde_json::Value;
use sok::Index;

use super::{Finding, ask};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::chain;

const CHECK: &str = "search index";
/// The directory of Folkeregisteret's files, and its name in what the server says.
const PERSONS: &str = "folkeregisteret";
/// Behind by more than this, the next start takes noticeable time.
const EVENTS_BEHIND_WARN: u64 = 100_000;

pub(super) async fn examine(config: &Config, journal: &dyn Journal) -> Vec<Finding> {
    if let Some(finding) = of_server(config.server.listen) {
        return vec![finding];
    }
    let dir = DataDir::of(config);
    let place = dir.register("enhetsregisteret").join("indeks");
    let Some(_held) = hold(&dir.store_lock()) else {
        return vec![Finding::ok(CHECK, "not looked at: another process has the store open")];
    };
    let mut findings = Vec::new();
    for kind in Enhetstype::ALLE {
        let open = || Soking::open(&place, kind).map(|search| search.index().clone());
        findings
            .push(of_files((&place, kind.flertall()), kind.flertall(), open, (journal, kind.feed())).await);
    }
    let open = || Personindeks::open(&place).map(|people| people.index().clone());
    let follows = (journal, endring::OPPDATERTE_ROLLER);
    findings.push(of_files((&place, Personindeks::NAVN), Personindeks::NAVN, open, follows).await);
    if config.folkeregisteret.active {
        let place = dir.register(PERSONS);
        let open = || folkeregisteret::Personindeks::open(&place.join("indeks")).map(|i| i.index().clone());
        let follows = (journal, folkeregisteret::endring::HENDELSER);
        findings.push(of_files((&place, "indeks"), "persons", open, follows).await);
    }
    findings
}

/// What a server that answers on the address says of itself.
fn of_server(listen: SocketAddr) -> Option<Finding> {
    let answer = ask(listen, "/drift/klar")?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let body: Value = serde_json::from_str(body).ok()?;
    let behind = body["enhetsregisteret"]["etterslep"].as_array()?.iter();
    let behind = behind.chain(body[PERSONS].get("etterslep"));
    let said: Vec<String> =
        behind.map(|events| events.as_u64().map_or("unknown".to_owned(), |n| n.to_string())).collect();
    let found = format!(
        "the server that runs says it is {} events behind (units, sub-units, people in roles, persons)",
        said.join(", ")
    );
    if body["status"] == "klar" {
        return Some(Finding::ok(CHECK, found));
    }
    Some(Finding::warning(CHECK, found, "wait; if it stays so, look in the server's log"))
}

/// Holds the lock that a writing process holds; `None` if one does.
pub(crate) fn hold(lock: &Path) -> Option<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(lock).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

async fn of_files<E: std::error::Error + 'static>(
    (place, part): (&Path, &str),
    name: &str,
    open: impl FnOnce() -> Result<Index, E>,
    (journal, feed): (&dyn Journal, Feed),
) -> Finding {
    let again = "nothing: the next start builds it anew";
    if !place.join(part).is_dir() {
        return Finding::warning(CHECK, format!("{name}: there is none"), again);
    }
    let index = match open() {
        Ok(index) => index,
        Err(error) => {
            return Finding::error(CHECK, format!("{name}: {}", chain(&error)), "check rights, or delete it");
        }
    };
    if let Some(why) = index.fault() {
        return Finding::warning(CHECK, format!("{name}: {why}"), again);
    }
    let head = match journal.feed_head(feed).await {
        Ok(head) => head.position,
        Err(error) => return Finding::error(CHECK, chain(&error), "run `grunndata verify`"),
    };
    let behind = head.saturating_sub(index.position().unwrap_or(0));
    let found = format!("{name}: {behind} events behind the store");
    if behind > EVENTS_BEHIND_WARN {
        return Finding::warning(CHECK, found, "nothing: the next start catches up, which takes a while");
    }
    Finding::ok(CHECK, found)
}
