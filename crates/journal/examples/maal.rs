//! Measures an engine at national size: `cargo run --release -p journal --example maal [DOCUMENTS] [URL]`. With the
//! address of an empty PostgreSQL database that engine, otherwise the embedded one.
//!
//! Loads documents of the size and likeness of units, in number order and 5 000 to a change, each with an event;
//! then looks some up, scans, verifies and backs up.
#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use journal::postgres::{self, Address, PostgresJournal};
use journal::sqlite::{Options, SqliteJournal};
use journal::{AsOf, Change, Collection, Feed, Lower, Seq, SharedJournal, Step};
use tid::Timestamp;

const UNITS: Collection = Collection("maal/enhet");
const FEED: Feed = Feed("maal/oppdateringer");
const PER_CHANGE: u64 = 5_000;
const LOOKUPS: u64 = 300_000;
const ALONE: u64 = 2_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let documents = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("maal.sqlite");
    let journal: SharedJournal = match std::env::args().nth(2) {
        Some(url) => {
            let address = Address::parse(&url).ok_or(Address::EXPECTED)?;
            PostgresJournal::open(postgres::Options { address, replica: None, connections: 16 }).await?
        }
        None => SqliteJournal::open(&path, Options::default())?,
    };

    load(&journal, documents).await?;
    println!("on disk       {:>10} kB", size(&path) / 1024);
    look_up(&journal, documents).await?;
    let start = Instant::now();
    let (mut after, mut scanned) = (None, 0_u64);
    loop {
        let page = journal.scan(UNITS, Seq(u64::MAX), after, 1000).await?;
        let Some(last) = page.last() else { break };
        (after, scanned) = (Some(last.id), scanned + page.len() as u64);
    }
    rate("scan", scanned, start);
    let start = Instant::now();
    for n in 0..LOOKUPS / 10 {
        journal.first(FEED, Lower::Number(scramble(n) % documents)).await?;
    }
    rate("first", LOOKUPS / 10, start);
    commits(&journal).await?;
    let start = Instant::now();
    let report = journal.verify(&|_, _| {}).await?;
    rate("verify", report.versions, start);
    println!("faults        {:>10}", report.faults.len());
    let start = Instant::now();
    journal.backup(&directory.path().join("copy.sqlite"), &|_, _| {}).await?;
    rate("backup", documents, start);
    Ok(())
}

async fn load(journal: &SharedJournal, documents: u64) -> Outcome<()> {
    let (mut bytes, mut making) = (0_usize, 0.0);
    let start = Instant::now();
    // Two changes under way: one is compressed while the other is written.
    let mut under_way = None;
    for first in (0..documents).step_by(PER_CHANGE as usize) {
        let made = Instant::now();
        let change = change(first..(first + PER_CHANGE).min(documents));
        bytes += change
            .steps
            .iter()
            .map(|step| if let Step::Put { body, .. } = step { body.len() } else { 0 })
            .sum::<usize>();
        making += made.elapsed().as_secs_f64();
        let journal = Arc::clone(journal);
        let next = tokio::spawn(async move { journal.append(change).await });
        if let Some(task) = under_way.replace(next) {
            task.await??;
        }
    }
    if let Some(task) = under_way {
        task.await??;
    }
    rate("load", documents, start);
    println!("of that making{making:>10.1} s for {} kB of JSON", bytes / 1024);
    Ok(())
}

async fn look_up(journal: &SharedJournal, documents: u64) -> Outcome<()> {
    let start = Instant::now();
    for n in 0..LOOKUPS {
        let id = number(scramble(n) % documents);
        journal.get(UNITS, id, AsOf::Now).await?.ok_or("a document is missing")?;
    }
    rate("look-up", LOOKUPS, start);
    let start = Instant::now();
    for n in 0..LOOKUPS / 1000 {
        let ids: Vec<u64> = (0..1000).map(|m| number(scramble(n * 1000 + m) % documents)).collect();
        journal.get_many(UNITS, &ids, AsOf::Now).await?;
    }
    rate("get_many", LOOKUPS, start);
    Ok(())
}

/// Small changes, one after the other and from many callers at once.
async fn commits(journal: &SharedJournal) -> Outcome<()> {
    let start = Instant::now();
    for n in 0..ALONE {
        journal.append(change(n..n + 1)).await?;
    }
    rate("alone", ALONE, start);
    let start = Instant::now();
    let mut tasks = Vec::new();
    for caller in 0..64 {
        let journal = Arc::clone(journal);
        tasks.push(tokio::spawn(async move {
            for n in 0..100 {
                journal.append(change(caller * 100 + n..caller * 100 + n + 1)).await?;
            }
            Ok::<_, journal::JournalError>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    rate("small changes", 6400, start);
    Ok(())
}

fn rate(what: &str, number: u64, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what:<14}{:>10.0} /s ({seconds:.2} s)", number as f64 / seconds);
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

fn number(n: u64) -> u64 {
    810_000_000 + n * 57
}

fn scramble(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn change(documents: std::ops::Range<u64>) -> Change {
    let steps = documents.flat_map(|n| {
        let id = number(n);
        let put = Step::Put { collection: UNITS, id, body: body(n).into_bytes(), at: None };
        [put, Step::Publish { feed: FEED, subject: id, kind: 1, number: None, at: None }]
    });
    Change { at: Timestamp::from_millis(1_700_000_000_000), steps: steps.collect() }
}

/// A document with a unit's fields and about as much in it that no other has.
fn body(n: u64) -> String {
    const FORMS: [(&str, &str); 4] = [
        ("AS", "Aksjeselskap"),
        ("ENK", "Enkeltpersonforetak"),
        ("FLI", "Forening/lag/innretning"),
        ("DA", "Selskap med delt ansvar"),
    ];
    const PLACES: [(&str, &str, &str); 4] = [
        ("0184", "OSLO", "0301"),
        ("5003", "BERGEN", "4601"),
        ("7010", "TRONDHEIM", "5001"),
        ("4006", "STAVANGER", "1103"),
    ];
    const TRADES: [(&str, &str); 3] = [
        ("62.010", "Programmeringstjenester"),
        ("68.209", "Utleie av egen eller leid fast eiendom ellers"),
        ("43.320", "Snekkerarbeid"),
    ];
    let r = scramble(n + 7);
    let pick = |shift: u32, of: usize| (r >> shift) as usize % of;
    let (form, form_text) = FORMS[pick(3, 4)];
    let (code, place, municipality) = PLACES[pick(9, 4)];
    let (trade, trade_text) = TRADES[pick(13, 3)];
    format!(
        r#"{{"organisasjonsnummer":"{id}","navn":"{name} {form}","organisasjonsform":{{"kode":"{form}","beskrivelse":"{form_text}","_links":{{"self":{{"href":"https://data.brreg.no/enhetsregisteret/api/organisasjonsformer/{form}"}}}}}},"registreringsdatoEnhetsregisteret":"{year}-{month:02}-{day:02}","registrertIMvaregisteret":{vat},"naeringskode1":{{"kode":"{trade}","beskrivelse":"{trade_text}"}},"antallAnsatte":{staff},"harRegistrertAntallAnsatte":true,"forretningsadresse":{{"land":"Norge","landkode":"NO","postnummer":"{code}","poststed":"{place}","adresse":["{street} {house}"],"kommune":"{place}","kommunenummer":"{municipality}"}},"stiftelsesdato":"{year}-{month:02}-{day:02}","institusjonellSektorkode":{{"kode":"2100","beskrivelse":"Private aksjeselskaper mv."}},"registrertIForetaksregisteret":true,"registrertIStiftelsesregisteret":false,"registrertIFrivillighetsregisteret":false,"konkurs":false,"underAvvikling":false,"underTvangsavviklingEllerTvangsopplosning":false,"maalform":"Bokmål","vedtektsfestetFormaal":["Handel med {goal} og det som hører til"],"aktivitet":["{goal}","{second}"]}}"#,
        id = number(n),
        name = word(r),
        year = 1990 + pick(17, 35),
        month = 1 + pick(23, 12),
        day = 1 + pick(29, 28),
        vat = r & 1 == 0,
        staff = pick(33, 40),
        street = word(r >> 11),
        house = 1 + pick(37, 90),
        goal = word(r >> 23),
        second = word(r.rotate_left(19)),
    )
}

fn word(mut r: u64) -> String {
    const PARTS: [&str; 16] = [
        "NORD", "FJELL", "BAKKE", "SUND", "LIA", "STRAND", "HAUG", "MO", "VIK", "ØY", "DAL", "ELV", "SKOG",
        "MYR", "TVEIT", "ÅS",
    ];
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(PARTS[(r & 15) as usize]);
        word.push(char::from(b'A' + (r >> 4 & 15) as u8));
        r = scramble(r);
    }
    word
}
