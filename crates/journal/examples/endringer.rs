//! How many changes a second the engines take: `endringer [SECONDS]`, for each cell of the table that it prints.
//!
//! A change is one document of about 700 bytes and one event; in the last column 1 000 of each. PostgreSQL runs in
//! throw-away clusters of the machine's own, on the same disk as the SQLite file, and flushes each commit there.
#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use journal::postgres::{self, Address, PostgresJournal};
use journal::sqlite::{Options, SqliteJournal};
use journal::{Change, Collection, Feed, JournalError, SharedJournal, Step};
use pgklynge::Cluster;
use tid::Timestamp;

const UNITS: Collection = Collection("maal/enhet");
const FEED: Feed = Feed("maal/oppdateringer");
const WRITERS: [u64; 3] = [1, 8, 64];
const MANY: u64 = 1_000;
/// As a server that holds data has it.
const SAFE: &[&str] =
    &["fsync = on", "full_page_writes = on", "shared_buffers = '512MB'", "max_wal_size = '4GB'"];

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let seconds = std::env::args().nth(1).map_or(Ok(5), |text| text.parse())?;
    let whole = Duration::from_secs(seconds);
    println!("| changes a second | 1 writer | 8 writers | 64 writers | 1 000 documents in a change |");
    println!("|---|---|---|---|---|");
    let directory = tempfile::tempdir()?;
    let file: SharedJournal = SqliteJournal::open(&directory.path().join("maal.sqlite"), Options::default())?;
    row("SQLite", &[file], whole).await?;

    let cluster = Cluster::start(SAFE);
    if cluster.sql("postgres", "SHOW fsync") != "on" {
        return Err("the cluster does not flush".into());
    }
    row("PostgreSQL, one node", &nodes(&cluster, 1).await?, whole).await?;
    row("PostgreSQL, three nodes", &nodes(&cluster, 3).await?, whole).await?;
    let standby = cluster.standby();
    cluster.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    cluster.sql("postgres", "SELECT pg_reload_conf()");
    while standby_state(&cluster) != "sync" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    row("PostgreSQL, synchronous standby", &nodes(&cluster, 1).await?, whole).await?;
    drop(standby);
    Ok(())
}

fn standby_state(cluster: &Cluster) -> String {
    cluster.sql("postgres", "SELECT sync_state FROM pg_stat_replication")
}

async fn nodes(cluster: &Cluster, count: usize) -> Outcome<Vec<SharedJournal>> {
    let mut nodes: Vec<SharedJournal> = Vec::new();
    for _ in 0..count {
        let address = Address::parse(&cluster.url("postgres")).ok_or(Address::EXPECTED)?;
        let options = postgres::Options { address, replica: None, connections: 8 };
        nodes.push(PostgresJournal::open(options).await?);
    }
    Ok(nodes)
}

/// One row of the table; the writers are spread over the nodes.
async fn row(name: &str, nodes: &[SharedJournal], whole: Duration) -> Outcome<()> {
    // Dictionaries are trained on the first documents.
    changes(nodes, 8, 1, Duration::from_secs(1)).await?;
    let mut cells = Vec::new();
    for writers in WRITERS {
        cells.push(format!("{:.0}", changes(nodes, writers, 1, whole).await?));
    }
    let large = changes(nodes, 3, MANY, whole).await?;
    println!("| {name} | {} | {large:.1} ({:.0} documents) |", cells.join(" | "), large * MANY as f64);
    Ok(())
}

/// Changes a second, of so many documents each.
async fn changes(nodes: &[SharedJournal], writers: u64, documents: u64, whole: Duration) -> Outcome<f64> {
    let (over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for (writer, node) in (0..writers).zip(nodes.iter().cycle()) {
        let (node, over, done) = (Arc::clone(node), Arc::clone(&over), Arc::clone(&done));
        tasks.spawn(async move {
            let mut next = writer << 32;
            while !over.load(Ordering::Relaxed) {
                node.append(change(next..next + documents)).await?;
                next += documents;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, JournalError>(())
        });
    }
    tokio::time::sleep(whole).await;
    let rate = done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    over.store(true, Ordering::Relaxed);
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(rate)
}

fn change(ids: std::ops::Range<u64>) -> Change {
    let steps = ids.flat_map(|id| {
        let put = Step::Put { collection: UNITS, id, body: body(id).into_bytes(), at: None };
        [put, Step::Publish { feed: FEED, subject: id, kind: 1, number: None, at: None }]
    });
    Change { at: Timestamp::from_millis(1_700_000_000_000), steps: steps.collect() }
}

/// A document with a unit's fields and something in it that no other has.
fn body(id: u64) -> String {
    let word = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!(
        r#"{{"organisasjonsnummer":"{id:09}","navn":"{word:X} AS","organisasjonsform":{{"kode":"AS","beskrivelse":"Aksjeselskap"}},"registreringsdatoEnhetsregisteret":"2011-03-09","registrertIMvaregisteret":true,"naeringskode1":{{"kode":"62.010","beskrivelse":"Programmeringstjenester"}},"antallAnsatte":{staff},"harRegistrertAntallAnsatte":true,"forretningsadresse":{{"land":"Norge","landkode":"NO","postnummer":"5003","poststed":"BERGEN","adresse":["{street:X} {staff}"],"kommune":"BERGEN","kommunenummer":"4601"}},"registrertIForetaksregisteret":true,"konkurs":false,"underAvvikling":false,"maalform":"Bokmål","vedtektsfestetFormaal":["Handel med {goal:X} og det som hører til"]}}"#,
        staff = word % 97,
        street = word >> 40,
        goal = word.rotate_left(17) >> 16,
    )
}
