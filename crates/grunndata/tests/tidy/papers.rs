//! If a page states a command, a key or a link, it is true.

use clap::Parser;
use clap::error::ErrorKind::{
    DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion, MissingRequiredArgument,
};
use grunndata::cli::Cli;
use grunndata::config::{self, Settings};

use crate::tree;

const PAGES: &[&str] = &["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"];

/// The README and every page under docs.
fn pages() -> Vec<tree::Source> {
    tree::files(&["md"])
        .into_iter()
        .filter(|f| PAGES.contains(&f.path.as_str()) || f.path.starts_with("docs/"))
        .collect()
}

/// A command may be named without its arguments; what is there must be understood.
#[test]
fn every_command_in_the_papers_is_understood() {
    let mut seen = 0;
    let mut broken = Vec::new();
    for page in pages() {
        for (number, line) in page.lines() {
            for arguments in commands(line) {
                seen += 1;
                if let Err(error) =
                    Cli::try_parse_from(std::iter::once("grunndata").chain(arguments.iter().copied()))
                    && !matches!(
                        error.kind(),
                        DisplayHelp
                            | DisplayHelpOnMissingArgumentOrSubcommand
                            | DisplayVersion
                            | MissingRequiredArgument
                    )
                {
                    broken.push(format!(
                        "{} line {number}: {}",
                        page.path,
                        error.to_string().lines().next().unwrap_or("")
                    ));
                }
            }
        }
    }
    assert!(seen > 10, "only {seen} commands found; has the way they are written changed?");
    tree::none(&broken, "commands in the papers are ones that the program has");
}

/// The arguments of each call of the program in a line of a paper.
fn commands(line: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    for start in ["cargo run --release -- ", "grunndata "] {
        let code = line.trim_start().strip_prefix("$ ").unwrap_or(line.trim_start());
        let inline = code.split('`').skip(1).step_by(2);
        let is_block = line.starts_with("    ") || !line.contains('`');
        let whole = std::iter::once(code).filter(|_| is_block);
        for piece in inline.chain(whole) {
            let piece = piece.split(" | ").last().unwrap_or(piece);
            let Some(rest) = piece.strip_prefix(start) else { continue };
            let end =
                ["   #", " > ", "  "].iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
            let words: Vec<&str> = rest[..end].split_whitespace().collect();
            if words.first().is_some_and(|w| w.bytes().all(|b| b.is_ascii_lowercase())) {
                found.push(words);
            }
        }
    }
    found
}

#[test]
fn the_configuration_page_is_the_default_file() {
    let page = tree::read("docs/konfigurasjon.md");
    assert_eq!(
        page,
        config::reference().expect("the defaults"),
        "renew it: cargo run -- config --markdown > docs/konfigurasjon.md"
    );
    for setting in Settings::defaults().expect("the defaults").all() {
        assert!(page.contains(&format!("`{}`", setting.key)), "{} is not on the page", setting.key);
    }
}

#[test]
fn links_between_the_papers_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, line) in page.lines() {
            for target in line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)) {
                let file = target.split('#').next().unwrap_or_default();
                if !file.is_empty() && !file.contains("://") && !tree::root().join(folder).join(file).exists()
                {
                    broken.push(format!("{} line {number}: {target}", page.path));
                }
            }
        }
    }
    tree::none(&broken, "links between the papers lead to files that are there");
}
