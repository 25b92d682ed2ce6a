//! Log output: to standard error, as text for people or JSON for machines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Logg;
use crate::failure::Failure;

/// Starts logging for the rest of the process.
///
/// # Errors
/// When the rules cannot be read, or logging has been started already.
pub fn start(logg: &Logg) -> Result<(), Failure> {
    let rules = EnvFilter::try_new(&logg.rules)
        .map_err(|error| Failure::usage(format!("logg.nivaa: {error}"), "give a level such as info"))?;
    let output = tracing_subscriber::fmt().with_env_filter(rules).with_writer(std::io::stderr);
    let started = if logg.json {
        output.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    } else {
        output.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    started.map_err(|error| {
        Failure::failed(format!("logging cannot start: {error}"), "this is a fault in the program")
    })
}
