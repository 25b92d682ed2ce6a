//! Words that must not stand in the source.

use crate::tree;

/// What is searched for is put together here, so that this file does not break its own rules.
fn joined(parts: &[[&str; 2]]) -> Vec<String> {
    parts.iter().map(|[a, b]| format!("{a}{b}")).collect()
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    let banned = joined(&[
        ["to", "do!("],
        ["unimpl", "emented!("],
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X:"],
        ["dbg", "!("],
    ]);
    holds(
        &["rs", "toml", "md", "sh", ""],
        &banned,
        "finish it or file an issue; tests are never switched off",
    );
}

/// What the test runner passes over and why: tools in the shape of tests, not tests that are switched off.
const PASSED_OVER: &[(&str, &str)] = &[
    ("crates/journal/src/sqlite/tests/golden.rs", "makes the golden store of a released schema, once"),
    ("crates/journal/src/postgres/tests/hammer.rs", "the other processes, started by the tests beside it"),
    ("crates/sok/src/tests/crash.rs", "the process that dies, started by the test beside it"),
];

#[test]
fn no_test_is_switched_off() {
    let mark = joined(&[["#[ig", "nore"]]);
    let mut broken = Vec::new();
    for file in tree::files(&["rs"]) {
        let known = PASSED_OVER.iter().any(|(path, _)| *path == file.path);
        let marked = file.lines().filter(|(_, line)| line.contains(&mark[0]));
        broken.extend(
            marked.skip(usize::from(known)).map(|(number, _)| format!("{} line {number}", file.path)),
        );
    }
    tree::none(&broken, "a test runs or is taken out; a tool in the shape of a test stands in PASSED_OVER");
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let banned = joined(&[["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/tm", "p/"], ["/Us", "ers/"]]);
    holds(
        &["rs", "toml", "md", "sh", "py", ""],
        &banned,
        "paths are relative, configured, or from a temporary directory",
    );
}

#[test]
fn suppressions_are_expectations_with_a_reason() {
    let mut broken = Vec::new();
    for file in tree::files(&["rs"]) {
        for (number, line) in file.lines() {
            let code = line.trim_start();
            if code.starts_with("#[allow") || code.starts_with("#![allow") {
                broken.push(format!("{} line {number}: {code}", file.path));
            }
            let whole = code.starts_with("#[expect(") && code.ends_with(")]");
            if whole && !code.contains("reason = \"") {
                broken.push(format!("{} line {number}: no reason: {code}", file.path));
            }
        }
    }
    tree::none(&broken, "a suppression is #[expect(.., reason = \"..\")], so that a stale one is seen");
}

#[test]
fn only_the_configuration_reads_the_environment() {
    let reads = joined(&[["env::", "var"]]);
    let mut broken = Vec::new();
    for file in tree::files(&["rs"]) {
        if file.path == "crates/grunndata/src/config/mod.rs" {
            assert!(
                file.text.contains(&reads[0]),
                "the environment is read somewhere else now; correct this test"
            );
            continue;
        }
        for (number, line) in file.lines() {
            if reads.iter().any(|word| line.contains(word.as_str())) {
                broken.push(format!("{} line {number}: {}", file.path, line.trim()));
            }
        }
    }
    tree::none(&broken, "settings are parsed once, in grunndata::config, and passed down");
}

fn holds(extensions: &[&str], banned: &[String], rule: &str) {
    let mut broken = Vec::new();
    for file in tree::files(extensions) {
        for (number, line) in file.lines() {
            if let Some(word) = banned.iter().find(|word| line.contains(word.as_str())) {
                broken.push(format!("{} line {number}: {word}", file.path));
            }
        }
    }
    tree::none(&broken, rule);
}
