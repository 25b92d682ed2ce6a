//! Dependencies are guests: each with its reason, its licence and its one version (deny.toml).

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree;

#[test]
fn every_dependency_says_what_it_is_for_and_is_used() {
    let text = tree::read("Cargo.toml");
    let (_, section) = text.split_once("[workspace.dependencies]").expect("workspace dependencies");
    let section = section.split("\n[").next().unwrap_or(section);
    let used: String = tree::files(&["toml"])
        .iter()
        .filter(|f| f.path.starts_with("crates/"))
        .map(|f| f.text.as_str())
        .collect();
    let mut broken = Vec::new();
    for line in section.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let Some((name, rest)) = line.split_once(" = ") else { continue };
        if !rest.contains("path = ") && !rest.contains(" # ") {
            broken.push(format!("{name}: no reason beside it"));
        }
        if !used.contains(&format!("\n{name}.workspace"))
            && !used.contains(&format!("\n{name} = {{ workspace"))
        {
            broken.push(format!("{name}: no crate uses it"));
        }
    }
    tree::none(&broken, "each dependency has a one-line reason in the workspace manifest");
}

#[test]
fn nothing_banned_and_nothing_twice_without_a_reason() {
    let deny = deny();
    let listed = |key: &str| -> BTreeMap<String, bool> {
        let entries = deny["bans"][key].as_array().expect("a list");
        let name = |e: &toml::Value| e["crate"].as_str().expect("a crate name").to_owned();
        entries.iter().map(|e| (name(e), e.get("reason").is_some())).collect()
    };
    let (banned, skipped) = (listed("deny"), listed("skip"));
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let lock: toml::Table = tree::read("Cargo.lock").parse().expect("a lock file");
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        versions.entry(text("name")).or_default().insert(text("version"));
        for used in package.get("dependencies").and_then(|d| d.as_array()).into_iter().flatten() {
            let used = used.as_str().and_then(|used| used.split(' ').next()).unwrap_or_default();
            users.entry(used.to_owned()).or_default().insert(text("name"));
        }
    }
    let mut broken = Vec::new();
    for (name, found) in &versions {
        if banned.contains_key(name) {
            let wrapped = wrappers(&deny, name);
            let users = users.get(name).cloned().unwrap_or_default();
            let others: Vec<_> = users.difference(&wrapped).collect();
            if wrapped.is_empty() || !others.is_empty() {
                broken.push(format!("{name} is banned, and used by {others:?}"));
            }
        }
        if found.len() > 1 && !skipped.contains_key(name) {
            broken.push(format!("{name} is there in versions {found:?}, and deny.toml gives no reason"));
        }
    }
    for (name, reasoned) in banned.iter().chain(&skipped) {
        if !reasoned {
            broken.push(format!("deny.toml: {name} has no reason"));
        }
    }
    for name in skipped.keys().filter(|name| versions.get(*name).is_none_or(|v| v.len() < 2)) {
        broken.push(format!("deny.toml: {name} is no longer there twice; take the exception out"));
    }
    tree::none(&broken, "bans and duplicates are as deny.toml says");
}

#[test]
fn every_licence_is_one_we_accept() {
    let deny = deny();
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().expect("a list").iter().filter_map(|v| v.as_str()).collect();
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 50, "cargo metadata shows only {} packages", packages.len());
    let mut broken = Vec::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        if !accepted(licence, &allowed) {
            broken.push(format!("{} {}: {licence:?}", package["name"], package["version"]));
        }
    }
    tree::none(&broken, "every dependency has a licence that deny.toml allows");
}

#[test]
fn licence_expressions_are_read_rightly() {
    let allowed = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"];
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/Apache-2.0",
        "(MIT OR GPL-3.0) AND Zlib",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(accepted(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR GPL-3.0) AND GPL-3.0"] {
        assert!(!accepted(bad, &allowed), "{bad}");
    }
}

/// Who may use a banned crate all the same.
fn wrappers(deny: &toml::Table, name: &str) -> BTreeSet<String> {
    let entries = deny["bans"]["deny"].as_array().expect("a list");
    let entry = entries.iter().find(|entry| entry["crate"].as_str() == Some(name));
    let wrappers = entry.and_then(|entry| entry.get("wrappers")).and_then(|list| list.as_array());
    wrappers.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn deny() -> toml::Table {
    tree::read("deny.toml").parse().expect("deny.toml")
}

/// What is built on this machine's platform, from what is here already: no network.
fn metadata() -> Value {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let run = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline", "--locked", "--filter-platform", &platform])
        .current_dir(tree::root())
        .output()
        .expect("cargo runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("cargo metadata is JSON")
}

/// Whether an SPDX expression can be met: every AND part has an OR part that is allowed. Parentheses, where
/// packages use them, hold OR parts, so they can be taken away.
fn accepted(expression: &str, allowed: &[&str]) -> bool {
    let plain = expression.replace('/', " OR ").replace(['(', ')'], "");
    plain.split(" AND ").all(|part| part.split(" OR ").any(|licence| allowed.contains(&licence.trim())))
}
