//! Reads from a replica: it answers when it has everything that this process has written or shown.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_written_reads_what_it_wrote() {
    let primary = Cluster::start(&[]);
    let standby = primary.standby();
    let (url, replica) = (primary.url("postgres"), Address::parse(&standby.url("postgres")));
    let journal = PostgresJournal::open(Options { replica, ..options(&url) }).await.unwrap();
    for n in 0..100 {
        let receipt = journal.append(change(vec![put(1, &n.to_string()), publish(1)])).await.unwrap();
        let version = journal.get(UNITS, 1, AsOf::Now).await.unwrap().unwrap();
        assert_eq!((version.seq, version.body), (receipt.seq, n.to_string().into_bytes()));
        assert_eq!(journal.feed_head(FEED).await.unwrap().position, n + 1);
    }
    until("an answer of the replica", async || {
        journal.get(UNITS, 1, AsOf::Now).await.unwrap();
        (journal.replica_reads() > 0).then_some(())
    })
    .await;

    // A replica that stands still does not answer as long as it lacks something.
    standby.sql("postgres", "SELECT pg_wal_replay_pause()");
    until("the pause", async || {
        (standby.sql("postgres", "SELECT pg_get_wal_replay_pause_state()") == "paused").then_some(())
    })
    .await;
    journal.append(change(vec![put(1, "ny")])).await.unwrap();
    let answered = journal.replica_reads();
    for _ in 0..20 {
        assert_eq!(journal.get(UNITS, 1, AsOf::Now).await.unwrap().unwrap().body, b"ny");
        assert_eq!(journal.head().await.unwrap(), Seq(101));
    }
    assert_eq!(journal.replica_reads(), answered);
    standby.sql("postgres", "SELECT pg_wal_replay_resume()");
    until("an answer of the replica", async || {
        journal.get(UNITS, 1, AsOf::Now).await.unwrap();
        (journal.replica_reads() > answered).then_some(())
    })
    .await;

    // What this process writes, or hears that others have written, ends a mark; without a replica there are none.
    let marked = |seen: Option<Mark>| journal.mark(UNITS, 1).filter(|mark| Some(*mark) != seen);
    let first = until("a mark", async || marked(None)).await;
    assert_eq!(journal.mark(UNITS, 1), Some(first));
    journal.append(change(vec![put(1, "ny")])).await.unwrap();
    let second = marked(Some(first)).expect("a mark of its own");

    // What another node has written is not forgotten once it has been seen.
    let other = open(&url).await;
    let receipt = other.append(change(vec![put(2, "andre")])).await.unwrap();
    let mut watch = journal.watch();
    watch.wait_for(|seq| *seq >= receipt.seq).await.unwrap();
    assert!(marked(Some(second)).is_some() && other.mark(UNITS, 1).is_none());
    assert_eq!(journal.get(UNITS, 2, AsOf::Now).await.unwrap().unwrap().body, b"andre");

    // Who does not hear of others' changes any more marks nothing.
    primary.kill();
    until("silence", async || journal.mark(UNITS, 1).is_none().then_some(())).await;
    primary.start_again();

    // A replica that is gone is not missed.
    standby.kill();
    for _ in 0..5 {
        assert_eq!(journal.get(UNITS, 1, AsOf::Now).await.unwrap().unwrap().body, b"ny");
    }
}
