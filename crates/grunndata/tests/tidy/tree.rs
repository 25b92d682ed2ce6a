//! The source tree as the tests see it.

use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate lies in crates/grunndata").to_owned()
}

/// A text file of the project.
pub(crate) struct Source {
    /// Its path below the root, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl Source {
    /// The lines with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }
}

/// The project's own files with one of these extensions ("" for none), in path order.
pub(crate) fn files(extensions: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for place in ["crates", "tests", "fuzz", "bench", "scripts", "deploy", "docs", ".ci"] {
        walk(&root().join(place), extensions, &mut found);
    }
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "Cargo.toml", "deny.toml"]
    {
        let path = root().join(name);
        if extensions.contains(&extension(&path)) && path.is_file() {
            found.push(source(&path));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no files with {extensions:?} found below {}", root().display());
    found
}

/// One file's text.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// Fails with all broken rules, one a line, if there are any.
pub(crate) fn none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}

fn walk(dir: &Path, extensions: &[&str], found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.map(|entry| entry.expect("a readable directory").path()) {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !["target", "vendor", "data", "snapshots", "node_modules", ".venv", "proptest-regressions"]
                .contains(&name)
            {
                walk(&path, extensions, found);
            }
        } else if extensions.contains(&extension(&path)) {
            found.push(source(&path));
        }
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default()
}

fn source(path: &Path) -> Source {
    let below = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
    Source { text: read(&below), path: below }
}
