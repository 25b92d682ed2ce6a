//! The rooms and which may know which (ARCHITECTURE.md, "Architecture invariants").

use std::collections::BTreeMap;
use std::fs;

use crate::tree;

/// Crates that are a register: none of them may know another.
const REGISTERS: &[&str] = &["enhetsregisteret", "folkeregisteret", "maskinporten"];

/// What each crate may use of the workspace, tests included. The binary may use all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("tid", &[]),
    ("identifikator", &[]),
    ("kodeverk", &[]),
    ("pgklynge", &[]),
    ("journal", &["tid", "pgklynge"]),
    ("sok", &["tid", "journal"]),
    ("web", &["tid"]),
    ("sertifikat", &["tid", "identifikator"]),
    ("vakt", &["tid", "identifikator", "web"]),
    ("maskinporten", &["tid", "identifikator", "journal", "web", "vakt", "sertifikat"]),
    ("enhetsregisteret", &["tid", "identifikator", "kodeverk", "journal", "sok", "web", "pgklynge"]),
    // The nation only to be searched in tests.
    ("folkeregisteret", &["tid", "identifikator", "kodeverk", "journal", "sok", "web", "vakt", "syntetisk"]),
    // The other side of the same register.
    ("produsent", &["tid", "identifikator", "kodeverk", "journal", "web", "vakt", "folkeregisteret"]),
    ("syntetisk", &["tid", "identifikator", "kodeverk", "enhetsregisteret", "folkeregisteret"]),
];

/// What must not come into the crates without input and output.
const WITHOUT_IO: &[(&str, &[&str])] = &[
    ("tid", &["tokio", "axum", "rusqlite"]),
    ("identifikator", &["tokio", "axum", "rusqlite", "tid"]),
    ("kodeverk", &["tokio", "axum", "rusqlite"]),
    ("journal", &["axum", "tantivy"]),
    ("sok", &["axum", "rusqlite"]),
    ("web", &["rusqlite", "tantivy"]),
    ("sertifikat", &["tokio", "axum", "rusqlite", "tantivy", "serde_json"]),
    ("vakt", &["rusqlite", "tantivy"]),
    ("syntetisk", &["tokio", "axum", "rusqlite", "tantivy"]),
];

#[test]
fn every_crate_stands_in_the_table_of_rooms() {
    let known: Vec<&str> = MAY_USE.iter().map(|(name, _)| *name).chain(["grunndata"]).collect();
    let there: Vec<String> = manifests().into_keys().collect();
    let missing: Vec<String> = there.iter().filter(|name| !known.contains(&name.as_str())).cloned().collect();
    tree::none(&missing, "a new room is written into this test and into ARCHITECTURE.md");
    let gone: Vec<String> =
        known.iter().filter(|n| !there.iter().any(|t| t == *n)).map(ToString::to_string).collect();
    tree::none(&gone, "a room that is gone is taken out of this test and out of ARCHITECTURE.md");
    let page = tree::read("ARCHITECTURE.md");
    let unsaid: Vec<String> = there.iter().filter(|n| !page.contains(&format!("`{n}`"))).cloned().collect();
    tree::none(&unsaid, "ARCHITECTURE.md names every room");
}

#[test]
fn dependencies_point_one_way() {
    let manifests = manifests();
    let mut broken = Vec::new();
    for (name, allowed) in MAY_USE {
        let Some(uses) = manifests.get(*name) else { continue };
        for used in uses.iter().filter(|used| manifests.contains_key(*used)) {
            if !allowed.contains(&used.as_str()) {
                broken.push(format!("{name} uses {used}"));
            }
        }
    }
    for (name, banned) in WITHOUT_IO {
        let uses = &manifests[*name];
        broken.extend(
            banned.iter().filter(|b| uses.iter().any(|u| u == *b)).map(|b| format!("{name} uses {b}")),
        );
    }
    for (name, uses) in manifests.iter().filter(|(name, _)| REGISTERS.contains(&name.as_str())) {
        let others = uses.iter().filter(|used| REGISTERS.contains(&used.as_str()) && *used != name);
        broken.extend(others.map(|other| format!("{name} uses {other}, another register")));
    }
    tree::none(&broken, "dependencies point one way; see ARCHITECTURE.md");
}

#[test]
fn every_crate_takes_the_workspaces_lints_and_licence() {
    let mut broken = Vec::new();
    for name in manifests().into_keys() {
        let text = tree::read(&format!("crates/{name}/Cargo.toml"));
        for line in ["[lints]\nworkspace = true", "license.workspace = true", "edition.workspace = true"] {
            if !text.contains(line) {
                broken.push(format!("crates/{name}/Cargo.toml lacks {line:?}"));
            }
        }
    }
    tree::none(&broken, "crates inherit lints, licence and edition");
}

/// Every crate with the names of what it depends on, for tests too.
fn manifests() -> BTreeMap<String, Vec<String>> {
    let crates = fs::read_dir(tree::root().join("crates")).expect("the crates directory");
    let names = crates.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.map(|name| (name.clone(), uses(&tree::read(&format!("crates/{name}/Cargo.toml"))))).collect()
}

fn uses(manifest: &str) -> Vec<String> {
    let table: toml::Table = manifest.parse().expect("a manifest");
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = kinds.iter().filter_map(|kind| table.get(*kind)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}
