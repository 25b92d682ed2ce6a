//! Several nodes on one database: leases, dictionaries, schema, watching.

use super::hammer::{another, said};
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_outlives_its_holder_and_is_then_taken_over() {
    let database = Database::new();
    let journal = open(&database.url()).await;
    let (mut child, lines) = another(&format!("hold {} 60000", database.url()));
    assert_eq!(said(lines, "held ").next().unwrap(), "true");
    child.kill().unwrap();
    child.wait().unwrap();
    let take = async |millis| {
        let minute = Duration::from_mins(1);
        journal.lease("nattjobb", "jeg", Timestamp::from_millis(millis), minute).await.unwrap()
    };
    assert!(!take(59_999).await, "it is the dead one's until it runs out");
    assert!(take(60_000).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_nodes_may_open_an_empty_database_at_once() {
    let database = Database::new();
    let url = database.url();
    let opening: Vec<_> = (0..6)
        .map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { open(&url).await }
            })
        })
        .collect();
    let mut nodes = Vec::new();
    for node in opening {
        nodes.push(node.await.unwrap());
    }
    for (n, node) in nodes.iter().enumerate() {
        let receipt = node.append(change(vec![publish(n as u64)])).await.unwrap();
        assert_eq!((receipt.seq.0, receipt.numbers[0]), (n as u64 + 1, n as u64 + 1));
    }
    for node in &nodes {
        let mut watch = node.watch();
        let heard = watch.wait_for(|seq| *seq == Seq(6));
        assert!(tokio::time::timeout(Duration::from_secs(5), heard).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_uses_the_dictionary_that_another_has_trained() {
    let database = Database::new();
    let (one, other) = (open(&database.url()).await, open(&database.url()).await);
    one.append(change((0..1500).map(unit).collect())).await.unwrap();
    other.append(change((2000..3500).map(unit).collect())).await.unwrap();
    assert_eq!(database.sql("SELECT count(*) FROM grunndata.dictionaries"), "1");
    assert_eq!(database.sql("SELECT count(*) FROM grunndata.versions WHERE coding = 1"), "3000");
    let found = other.scan(UNITS, Seq(2), None, 5000).await.unwrap();
    assert_eq!(found, one.scan(UNITS, Seq(2), None, 5000).await.unwrap());
    assert_eq!(found.len(), 3000);
}

#[tokio::test]
async fn databases_of_others_are_left_alone() {
    let newer = Database::new();
    open(&newer.url()).await;
    newer.sql("UPDATE grunndata.schema_version SET version = 99");
    let refused = PostgresJournal::open(options(&newer.url())).await;
    assert!(matches!(refused, Err(JournalError::TooNew { found: 99, known: 1 })), "{refused:?}");

    let theirs = Database::new();
    theirs.sql("CREATE SCHEMA grunndata; CREATE TABLE grunndata.theirs (x int)");
    let refused = PostgresJournal::open(options(&theirs.url())).await;
    assert!(matches!(refused, Err(JournalError::Corrupt(_))), "{refused:?}");

    let empty = Database::new();
    let refused = PostgresJournal::open_read_only(options(&empty.url())).await;
    assert!(
        matches!(&refused, Err(JournalError::Unavailable(text)) if text.contains("no store")),
        "{refused:?}"
    );
    assert_eq!(empty.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'grunndata'"), "0");

    let nowhere = options("postgres://postgres:hemmelig@127.0.0.1:1/ingen");
    let refused = PostgresJournal::open(nowhere).await.map(drop).unwrap_err();
    assert!(matches!(refused, JournalError::Unavailable(_)) && !refused.to_string().contains("hemmelig"));
}

#[tokio::test]
async fn each_kind_of_damage_is_named() {
    for (damage, words) in [
        ("UPDATE grunndata.head SET seq = 1", "change 2, the changes are 1 to 1"),
        ("UPDATE grunndata.versions SET body = substr(body, 1, 20) WHERE id = 5", "cannot be decompressed"),
        ("UPDATE grunndata.versions SET coding = 77 WHERE id = 5", "dictionary 77 is missing"),
        ("DELETE FROM grunndata.events WHERE position = 2", "position 3 does not follow"),
    ] {
        let database = Database::new();
        let journal = open(&database.url()).await;
        journal.append(change((1..1500).map(unit).collect())).await.unwrap();
        journal.append(change(vec![publish(1), publish(2), publish(3)])).await.unwrap();
        database.sql(damage);
        let reader = PostgresJournal::open_read_only(options(&database.url())).await.unwrap();
        let faults = reader.verify(&|_, _| {}).await.unwrap().faults;
        assert!(faults.iter().any(|fault| fault.contains(words)), "{damage}: {faults:?}");
        let refused = reader.append(change(vec![])).await;
        assert!(matches!(refused, Err(JournalError::Unavailable(_))), "{refused:?}");
    }
}

/// Every read is a walk along a key, never through a whole table.
#[tokio::test]
async fn reads_walk_along_keys() {
    use super::super::reader::{
        EVENTS, EVENTS_ABOUT, FEED_HEAD, GET_SEQ, GET_TIME, MANY_SEQ, MANY_TIME, RECORDS, SCAN, VERSIONS,
    };
    let database = Database::new();
    open(&database.url()).await;
    let pool = pool::pool(
        options(&database.url()).address.writable(),
        Tls::of(&options(&database.url()).address).unwrap(),
        1,
    )
    .unwrap();
    let client = pool.get().await.unwrap();
    for sql in
        [GET_SEQ, GET_TIME, MANY_SEQ, MANY_TIME, VERSIONS, SCAN, FEED_HEAD, EVENTS, EVENTS_ABOUT, RECORDS]
    {
        let mut plain = sql.to_owned();
        let key = sql == RECORDS;
        for (parameter, value) in [("$4", "1"), ("$3", if key { "'x'" } else { "1" }), ("$1", "1")] {
            plain = plain.replace(parameter, value);
        }
        plain = plain.replace("$2::bigint[]", "'{1}'::bigint[]").replace("ANY ($2)", "ANY ('{1}')");
        plain = plain.replace("$2", if key { "'x'" } else { "1" });
        let plan = client.query(&format!("EXPLAIN {plain}"), &[]).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
        assert!(plan.iter().any(|line| line.contains("Index")), "{sql}: {plan:#?}");
        assert!(plan.iter().all(|line| !line.contains("Seq Scan")), "{sql}: {plan:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_is_used_and_the_certificate_checked() {
    let cluster = Cluster::start(&[]);
    let certificate = cluster.encrypt();
    let url = cluster.url("postgres");
    let trusting = format!("{url}?sslmode=verify-full&sslrootcert={}", certificate.display());
    let journal = until("TLS", async || PostgresJournal::open(options(&trusting)).await.ok()).await;
    journal.append(change(vec![put(1, "1")])).await.unwrap();
    assert_eq!(journal.get(UNITS, 1, AsOf::Now).await.unwrap().unwrap().body, b"1");
    let encrypted = "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                     WHERE application_name = 'grunndata'";
    assert_eq!(cluster.sql("postgres", encrypted), "t");

    // Without the certificate it is nobody's that we trust; under another name it is another's.
    let other_name = trusting.replace("127.0.0.1", "localhost");
    for refused in [format!("{url}?sslmode=require"), other_name] {
        let refused = PostgresJournal::open(options(&refused)).await.map(drop);
        assert!(matches!(refused, Err(JournalError::Unavailable(_))), "{refused:?}");
    }
}
