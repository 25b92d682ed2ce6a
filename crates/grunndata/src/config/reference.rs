//! The reference page of the settings, made from the default file.

use std::fmt::Write;

use super::{DEFAULT_FILE, Settings, variable};
use crate::failure::Failure;

const HEAD: &str = "\
# Configuration

<!-- Made from crates/grunndata/grunndata.default.toml by `grunndata config --markdown`; a test holds it so. -->

Weakest to strongest: the compiled-in defaults; the file given by `--config` (or `./grunndata.toml` if there is
one); environment variables; flags (`--data`, `--listen`, `--set KEY=VALUE`). A key that does not exist and a
value that is not allowed are errors that name key, value and place; nothing is passed over in silence.
`grunndata config` prints what is in force and where each value came from.
";

/// The page, in Markdown.
///
/// # Errors
/// If the compiled-in file is not a configuration, which a test rules out.
pub fn reference() -> Result<String, Failure> {
    let settings = Settings::defaults()?;
    let mut page = HEAD.to_owned();
    let mut table = String::new();
    let mut said: Vec<&str> = Vec::new();
    for line in DEFAULT_FILE.lines() {
        if let Some(words) = line.strip_prefix('#') {
            said.push(words.trim());
        } else if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let _ = write!(page, "\n## {name}\n");
            table = format!("{name}.");
        } else if let Some((name, _)) = line.split_once(" = ")
            && let Some(setting) = settings.get(&format!("{table}{name}"))
        {
            let key = &setting.key;
            let _ = write!(page, "\n### `{key}`\n\n{}\n\n", said.join("\n"));
            let _ = writeln!(page, "Default `{}`, environment variable `{}`.", setting.value, variable(key));
        }
        if !line.starts_with('#') {
            said.clear();
        }
    }
    Ok(page)
}
