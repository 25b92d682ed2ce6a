//! Several processes write to one database; one reads, and never misses an event.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use super::*;

const PROCESSES: u64 = 4;
const TASKS: u64 = 4;
const CHANGES: u64 = 60;

/// A process that does what a line on its standard input says. Run by the tests here and in `nodes`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests that need more processes"]
async fn another_process() {
    let mut orders = String::new();
    std::io::stdin().read_line(&mut orders).unwrap();
    match *orders.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["write", url, number] => write(url, number.parse().unwrap()).await,
        ["hold", url, until] => hold(url, until.parse().unwrap()).await,
        _ => {}
    }
}

/// The child, which has its orders, and what it says.
pub(super) fn another(orders: &str) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "postgres::tests::hammer::another_process", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{orders}").unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    (child, said)
}

/// What the child says after a word, line by line. The test runner's own words may stand before it.
pub(super) fn said(lines: BufReader<ChildStdout>, word: &'static str) -> impl Iterator<Item = String> {
    let after = move |line: String| Some(line[line.find(word)? + word.len()..].trim().to_owned());
    lines.lines().map_while(std::io::Result::ok).filter_map(after)
}

/// Writes, and says what was acknowledged. Among the writers there are guards that fail.
async fn write(url: &str, process: u64) {
    let journal = open(url).await;
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move {
                for n in 0..CHANGES {
                    let id = (process * TASKS + task) * 1000 + n;
                    let steps = vec![unit(id), publish(id), publish(id)];
                    let receipt = journal.append(change(steps)).await.unwrap();
                    println!("ack {id} {} {}", receipt.seq, receipt.numbers[1]);
                    let never = Step::Record {
                        space: SPACE,
                        key: b"n".to_vec(),
                        value: None,
                        guard: Guard::SetAt(Seq(u64::MAX >> 1)),
                    };
                    let refused = journal.append(change(vec![unit(id), publish(id), never])).await;
                    assert!(matches!(refused, Err(JournalError::Conflict { .. })), "{refused:?}");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    journal.close().await;
}

/// Holds a lease until it is killed.
async fn hold(url: &str, until: i64) {
    let journal = open(url).await;
    let length = Duration::from_millis(until.unsigned_abs());
    let held = journal.lease("nattjobb", "barnet", Timestamp::from_millis(0), length).await.unwrap();
    println!("held {held}");
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_never_misses_an_event_of_many_processes() {
    let database = Database::new();
    let journal = open(&database.url()).await;
    let begun = Instant::now();
    let children: Vec<_> = (0..PROCESSES)
        .map(|process| {
            let (mut child, lines) = another(&format!("write {} {process}", database.url()));
            std::thread::spawn(move || {
                let acknowledged = said(lines, "ack ").collect::<Vec<_>>();
                assert!(child.wait().unwrap().success());
                acknowledged
            })
        })
        .collect();
    let total = PROCESSES * TASKS * CHANGES * 2;
    let (polled, woken) = tokio::join!(follow(&journal, total, false), follow(&journal, total, true));
    assert_eq!(polled, woken);

    let mut acknowledged = Vec::new();
    for child in children {
        acknowledged.extend(child.join().unwrap());
    }
    println!("{total} events of {PROCESSES} processes in {:?}", begun.elapsed());
    assert_eq!(acknowledged.len() as u64 * 2, total);
    let seqs: HashSet<u64> = polled.iter().map(|event| event.seq.0).collect();
    assert_eq!(seqs, (1..=total / 2).collect(), "refused changes have no number");
    for line in acknowledged {
        let [id, seq, number]: [u64; 3] =
            line.split(' ').map(|n| n.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap();
        let about: Vec<_> = polled.iter().filter(|event| event.subject == id).collect();
        assert_eq!(about.len(), 2, "each change is there once");
        assert_eq!((about[1].seq.0, about[1].number), (seq, number), "as it was answered");
    }
    let report = journal.verify(&|_, _| {}).await.unwrap();
    assert_eq!((report.versions, report.events, report.faults.len()), (total / 2, total, 0));
    assert_eq!(journal.head().await.unwrap(), Seq(total / 2));
}

/// Reads the feed as it grows: position by position, and what an event tells of can be read.
async fn follow(journal: &Arc<PostgresJournal>, total: u64, wait: bool) -> Vec<Event> {
    let mut watch = journal.watch();
    let mut seen: Vec<Event> = Vec::new();
    while (seen.len() as u64) < total {
        if wait {
            tokio::time::timeout(Duration::from_mins(1), watch.changed()).await.unwrap().unwrap();
        }
        loop {
            let events = journal.read(FEED, seen.len() as u64 + 1, 50).await.unwrap();
            if events.is_empty() {
                break;
            }
            for event in events {
                assert_eq!(event.position, seen.len() as u64 + 1, "an event was passed over");
                assert!(seen.last().is_none_or(|last| last.seq <= event.seq && last.number < event.number));
                seen.push(event);
            }
            let last = seen.last().unwrap();
            let version = journal.get(UNITS, last.subject, AsOf::Seq(last.seq)).await.unwrap();
            assert_eq!(version.unwrap().seq, last.seq);
        }
    }
    seen
}
