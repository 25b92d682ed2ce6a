//! Several nodes on one database, and a database that goes away.

use std::fs;
use std::time::{Duration, Instant};

use pgklynge::Cluster;
use serde_json::Value;
use tempfile::TempDir;

use crate::crash::text_of;
use crate::nation::{Data, UNITS, dump, note};
use crate::program::run;
use crate::server::{API, Server};

/// Another node's place: a data directory of its own on the same database.
fn node(data: &Data) -> TempDir {
    let node = TempDir::new().expect("a temporary directory");
    note(node.path(), &data.database.as_ref().expect("a database").url());
    node
}

/// Waits until something is so.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{what} does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The feed without the host of links.
pub(crate) fn feed(server: &Server) -> Value {
    let page = server.api("/oppdateringer/enheter?size=10000").to_string().replace(&server.base, "");
    serde_json::from_str(&page).expect("JSON")
}

#[test]
fn what_one_node_writes_all_nodes_show() {
    let data = Data::nation();
    let [second, third] = [node(&data), node(&data)];
    let first = Server::start(&data.path(), &[]);
    let mut nodes: Vec<Server> =
        [&second, &third].iter().map(|place| Server::start(&place.path().join("data"), &[])).collect();
    nodes.push(first);
    for server in &nodes {
        assert_eq!(server.api("/enheter")["page"]["totalElements"], UNITS);
    }
    let text = text_of(&fs::read(dump().join("enheter_alle.json.gz")).expect("a dump"));
    let newer = data.beside("newer.json");
    let (yes, no) = ("\"registrertIMvaregisteret\" : true", "\"registrertIMvaregisteret\" : false");
    fs::write(&newer, text.replace(yes, no)).expect("a file");
    // On a node of its own, as an operator does it.
    let importing = node(&data);
    let file = newer.to_str().expect("a readable path");
    run(&importing.path().join("data"), &["import", "enheter", file]).ok();
    for server in &nodes {
        until("the change in search", || {
            server.api("/enheter?registrertIMvaregisteret=true&size=1")["page"]["totalElements"] == 0
        });
        assert_eq!(feed(server), feed(&nodes[0]), "one order for all");
    }

    // Killed as `kill -9` does, and begun again.
    drop(nodes.remove(0));
    let again = Server::start(&second.path().join("data"), &[]);
    assert_eq!(feed(&again), feed(&nodes[0]));
    run(&data.path(), &["verify"]).ok();
    let copy = data.beside("kopi.sqlite");
    run(&data.path(), &["backup", copy.to_str().expect("a readable path")]).ok();
    assert!(copy.exists());
}

#[test]
fn without_its_database_it_says_so_and_comes_back() {
    let cluster = Cluster::start(&[]);
    let place = TempDir::new().expect("a temporary directory");
    note(place.path(), &cluster.url("postgres").replace("postgres@", "postgres:hemmelig@"));
    let data = place.path().join("data");
    let size = ["--enheter", "1000", "--fro", "7"];
    let server = Server::start_command(&data, "demo", &size);
    let unit = server.api("/enheter?size=1")["_embedded"]["enheter"][0]["organisasjonsnummer"].clone();
    let unit = format!("{API}/enheter/{}", unit.as_str().expect("a number"));
    assert_eq!(server.get(&unit).status, 200);

    cluster.kill();
    for path in [unit.as_str(), &format!("{API}/enheter?size=1"), "/drift/klar"] {
        let begun = Instant::now();
        let answer = server.get(path);
        assert_eq!(answer.status, 503, "{path}: {}", answer.text());
        assert!(begun.elapsed() < Duration::from_secs(10), "{path}: {:?}", begun.elapsed());
        if path.starts_with(API) {
            assert_eq!(answer.header("retry-after"), "1", "{path}");
            assert_eq!(answer.json()["status"], 503, "{path}");
        }
    }
    assert_eq!(server.get("/drift/liv").status, 200);

    cluster.start_again();
    until("the database", || server.get(&unit).status == 200 && server.get("/drift/klar").status == 200);
    assert!(!server.log().contains("hemmelig"), "a password is in the log:\n{}", server.log());
    assert_eq!(server.stop(), Some(0));
    let shown = run(&data, &["config"]).ok();
    assert!(
        shown.out.contains("database = \"postgres://***@") && !shown.out.contains("hemmelig"),
        "{}",
        shown.out
    );
}
