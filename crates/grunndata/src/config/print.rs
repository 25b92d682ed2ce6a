//! The effective configuration, written as a configuration file that says where each value came from.

use std::fmt::Write;

use super::Settings;

/// TOML of every key and its value in force, each with its origin as a comment.
pub fn effective(settings: &Settings) -> String {
    let mut text = String::new();
    let mut table = "";
    for setting in settings.all() {
        let (of, name) = setting.key.rsplit_once('.').unwrap_or(("", &setting.key));
        if of != table {
            let _ = write!(text, "\n[{of}]\n");
            table = of;
        }
        let _ = writeln!(text, "{name} = {}  # {}", setting.shown(), setting.origin);
    }
    text
}
