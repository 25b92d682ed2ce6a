//! Every read is a walk along a key, never through a whole table and never by way of sorting.

use super::super::reader::{EVENTS, EVENTS_ABOUT, FEED_HEAD, GET_SEQ, GET_TIME, RECORDS, SCAN, VERSIONS};
use super::*;

#[test]
fn reads_walk_along_keys() {
    let store = Store::new();
    drop(store.open());
    let raw = store.raw();
    for sql in [GET_SEQ, GET_TIME, VERSIONS, SCAN, FEED_HEAD, EVENTS, EVENTS_ABOUT, RECORDS] {
        let mut statement = raw.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let arguments = vec![1_i64; statement.parameter_count()];
        let plan = statement.query_map(rusqlite::params_from_iter(arguments), |row| row.get::<_, String>(3));
        let plan: Vec<String> = plan.unwrap().map(|line| line.unwrap()).collect();
        assert_eq!(plan.len(), 1, "{sql}: {plan:?}");
        assert!(plan[0].starts_with("SEARCH"), "{sql}: {plan:?}");
    }
}
