//! The database goes away at the worst moments: nothing hangs, nothing acknowledged is lost, nothing is written twice.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// What became of each change, by the document it put.
#[derive(Default)]
struct Told {
    acknowledged: Vec<(DocId, Receipt)>,
    /// Refused: it must not be there.
    unavailable: Vec<DocId>,
    /// Nobody knows: once or not at all.
    uncertain: Vec<DocId>,
}

/// Writes with several callers on each node until told to stop.
async fn load(journals: &[Arc<PostgresJournal>], stop: &Arc<AtomicBool>) -> Told {
    let tasks: Vec<_> = (0..6)
        .map(|caller: u64| {
            let (journal, stop) = (Arc::clone(&journals[caller as usize % journals.len()]), Arc::clone(stop));
            tokio::spawn(async move {
                let mut told = Told::default();
                for id in caller * 100_000.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let answer = journal.append(change(vec![unit(id), publish(id)]));
                    match tokio::time::timeout(Duration::from_mins(1), answer).await.expect("it hangs") {
                        Ok(receipt) => told.acknowledged.push((id, receipt)),
                        Err(JournalError::Unavailable(_)) => told.unavailable.push(id),
                        Err(JournalError::Uncertain(_)) => told.uncertain.push(id),
                        Err(error) => panic!("{error}"),
                    }
                }
                told
            })
        })
        .collect();
    let mut all = Told::default();
    for task in tasks {
        let told = task.await.unwrap();
        all.acknowledged.extend(told.acknowledged);
        all.unavailable.extend(told.unavailable);
        all.uncertain.extend(told.uncertain);
    }
    all
}

/// Each acknowledged change is there once, with the number it was told, and each refused one is not.
async fn holds(journal: &Arc<PostgresJournal>, told: &Told) {
    assert!(told.acknowledged.len() > 50, "only {} were written", told.acknowledged.len());
    for (id, receipt) in &told.acknowledged {
        let versions = journal.versions(UNITS, *id).await.unwrap();
        assert_eq!(versions.iter().map(|version| version.seq).collect::<Vec<_>>(), [receipt.seq]);
        let events = journal.read_about(FEED, &[*id]).await.unwrap();
        assert_eq!(events.iter().map(|event| event.number).collect::<Vec<_>>(), receipt.numbers);
    }
    for id in &told.unavailable {
        assert_eq!(journal.versions(UNITS, *id).await.unwrap(), []);
    }
    for id in &told.uncertain {
        assert!(journal.versions(UNITS, *id).await.unwrap().len() <= 1);
    }
    assert_eq!(journal.verify(&|_, _| {}).await.unwrap().faults, Vec::<String>::new());
    println!(
        "{} acknowledged, {} refused, {} uncertain",
        told.acknowledged.len(),
        told.unavailable.len(),
        told.uncertain.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_killed_in_the_middle() {
    let database = Database::new();
    let journals = [open(&database.url()).await, open(&database.url()).await];
    let stop = Arc::new(AtomicBool::new(false));
    let killer = {
        let stop = Arc::clone(&stop);
        spawn_blocking(move || {
            for _ in 0..25 {
                std::thread::sleep(Duration::from_millis(60));
                database.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND application_name = 'grunndata'",
                );
            }
            stop.store(true, Ordering::Relaxed);
            database
        })
    };
    let told = load(&journals, &stop).await;
    let _database = killer.await.unwrap();
    holds(&journals[1], &told).await;
    let refused = (told.unavailable.as_slice(), told.uncertain.as_slice());
    assert_eq!(refused, (&[][..], &[][..]), "all were tried again in time");
    // The word of new changes comes again.
    let mut watch = journals[0].watch();
    let receipt = journals[1].append(change(vec![])).await.unwrap();
    let heard = watch.wait_for(|seq| *seq >= receipt.seq);
    assert!(tokio::time::timeout(Duration::from_secs(10), heard).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_dies_and_comes_back() {
    let cluster = Cluster::start(&[]);
    let url = cluster.url("postgres");
    let journals = [open(&url).await, open(&url).await];
    let stop = Arc::new(AtomicBool::new(false));
    let breaker = {
        let stop = Arc::clone(&stop);
        spawn_blocking(move || {
            for _ in 0..2 {
                std::thread::sleep(Duration::from_millis(400));
                cluster.kill();
                std::thread::sleep(Duration::from_millis(300));
                cluster.start_again();
            }
            std::thread::sleep(Duration::from_millis(500));
            stop.store(true, Ordering::Relaxed);
            cluster
        })
    };
    let told = load(&journals, &stop).await;
    let cluster = breaker.await.unwrap();
    holds(&journals[0], &told).await;

    // Away for good: reads and writes say so in bounded time.
    cluster.kill();
    let begun = tokio::time::Instant::now();
    let read = journals[0].get(UNITS, 1, AsOf::Now).await;
    assert!(matches!(read, Err(JournalError::Unavailable(_))), "{read:?}");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    for _ in 0..2 {
        let written = journals[0].append(change(vec![])).await;
        assert!(matches!(written, Err(JournalError::Unavailable(_))), "{written:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promoted_standby_has_all_that_was_acknowledged() {
    let primary = Cluster::start(&[]);
    let standby = primary.standby();
    primary.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.sql("postgres", "SELECT pg_reload_conf()");
    until("the standby", async || {
        let state = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
        (primary.sql("postgres", state) == "1").then_some(())
    })
    .await;
    let journals = [open(&primary.url_with(&standby, "postgres")).await];
    let stop = Arc::new(AtomicBool::new(false));
    let breaker = {
        let stop = Arc::clone(&stop);
        spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(700));
            primary.kill();
            standby.promote();
            std::thread::sleep(Duration::from_secs(1));
            stop.store(true, Ordering::Relaxed);
            (primary, standby)
        })
    };
    let told = load(&journals, &stop).await;
    let (_primary, standby) = breaker.await.unwrap();
    holds(&journals[0], &told).await;
    assert_eq!(standby.sql("postgres", "SELECT pg_is_in_recovery()"), "f");
}
