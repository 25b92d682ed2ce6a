//! A store moves from a database to a file and into another database, and is the same all along.

use pgklynge::Database;
use tempfile::TempDir;

use crate::nation::{Data, note};
use crate::nodes::feed;
use crate::program::run;
use crate::server::Server;

#[test]
fn a_store_is_the_same_wherever_it_has_moved() {
    let data = Data::nation();
    let first = data.database.as_ref().expect("a database").url();
    let begun = Server::start(&data.path(), &[]);
    let before = feed(&begun);
    assert_eq!(begun.stop(), Some(0));
    let counted = run(&data.path(), &["verify"]).ok().out;

    let place = TempDir::new().expect("a temporary directory");
    let directory = place.path().join("data");
    let file = directory.to_str().expect("a readable path");
    let moved = run(&directory, &["flytt", "--fra", &first, "--til", file]).ok().out;
    assert_eq!(run(&directory, &["verify"]).ok().out, counted);
    let server = Server::start(&directory, &[]);
    assert_eq!(feed(&server), before);
    let held = run(&directory, &["flytt", "--fra", file, "--til", &Database::new().url()]);
    assert_eq!(held.code, Some(1), "a server writes to it: {}", held.err);
    assert_eq!(server.stop(), Some(0));

    let second = Database::new();
    assert_eq!(run(&directory, &["flytt", "--fra", file, "--til", &second.url()]).ok().out, moved);
    let there = TempDir::new().expect("a temporary directory");
    note(there.path(), &second.url());
    let node = there.path().join("data");
    assert_eq!(run(&node, &["verify"]).ok().out, counted);
    assert_eq!(feed(&Server::start(&node, &[])), before);
    let again = run(&directory, &["flytt", "--fra", file, "--til", &second.url()]);
    assert_eq!(again.code, Some(1), "it is not empty: {}", again.err);
    assert!(again.err.contains("choose an empty target"), "{}", again.err);
}
