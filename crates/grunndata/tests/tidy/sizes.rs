//! Files that can be read and functions that fit a screen.

use crate::tree::{self, Source};

const FILE_LINES_SOFT: usize = 500;
const FILE_LINES_HARD: usize = 800;
const FUNCTION_LINES_SOFT: usize = 60;
const FUNCTION_LINES_HARD: usize = 90;

#[test]
fn files_can_be_read() {
    let mut broken = Vec::new();
    for file in tree::files(&["rs"]) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_HARD {
            broken.push(format!("{}: {lines} lines", file.path));
        } else if lines > FILE_LINES_SOFT {
            println!("getting long: {}: {lines} lines", file.path);
        }
    }
    tree::none(
        &broken,
        &format!("a file has at most {FILE_LINES_HARD} lines, tests included; split by concept"),
    );
}

#[test]
fn functions_fit_a_screen() {
    let mut broken = Vec::new();
    for file in tree::files(&["rs"]) {
        for (name, line, lines) in functions(&file) {
            if lines > FUNCTION_LINES_HARD {
                broken.push(format!("{} line {line}: {name} has {lines} lines", file.path));
            } else if lines > FUNCTION_LINES_SOFT {
                println!("getting long: {} line {line}: {name} has {lines} lines", file.path);
            }
        }
    }
    tree::none(&broken, &format!("a function has at most {FUNCTION_LINES_HARD} lines"));
}

/// Functions with the line they begin on and their length. Formatted code closes a function with a brace at the
/// indentation it began with, so no parser is needed.
fn functions(file: &Source) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let Some(name) = function_name(code) else { continue };
        let signature = lines[at..].iter().map(|l| l.trim_end()).find(|l| l.ends_with(['{', '}', ';']));
        if signature.is_none_or(|last| last.ends_with(';')) {
            continue;
        }
        let end = lines[at..].iter().position(|l| {
            let text = l.trim_start();
            l.len() - text.len() == indent && (text == "}" || (text.ends_with('}') && l == line))
        });
        if let Some(length) = end {
            found.push((name, at + 1, length + 1));
        }
    }
    found
}

fn function_name(code: &str) -> Option<String> {
    let words: Vec<&str> = code.split_whitespace().take(6).collect();
    let at = words.iter().position(|word| *word == "fn")?;
    let before = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern"];
    if !words[..at].iter().all(|word| before.contains(word)) {
        return None;
    }
    let name = words.get(at + 1)?;
    Some(name.split(['(', '<']).next().unwrap_or(name).to_owned())
}
