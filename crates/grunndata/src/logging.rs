//! Log output: to standard error, as text for people or JSON for machines. Traces, if somebody takes them.

use std::io::IsTerminal;
use std::sync::Arc;

use tid::SystemRandom;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::Config;
use crate::failure::Failure;
use crate::telemetry::{self, Traces};

/// Starts logging for the rest of the process, and traces until what is answered is let go of.
///
/// # Errors
/// When the rules cannot be read, or logging has been started already.
pub fn start(config: &Config) -> Result<Option<Traces>, Failure> {
    let logg = &config.logg;
    // Spans are for traces; on log lines they would only repeat what the line says.
    let rules = EnvFilter::try_new(format!("{},{}=off", logg.rules, web::trace::TARGET))
        .map_err(|error| Failure::usage(format!("logg.nivaa: {error}"), "give a level such as info"))?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = if logg.json {
        lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
    } else {
        lines.with_ansi(std::io::stderr().is_terminal()).boxed()
    };
    let traces = telemetry::start_traces(&config.telemetri, Arc::new(SystemRandom))?;
    let started = match &traces {
        Some(traces) => {
            let spans = traces.layer();
            tracing_subscriber::registry().with(lines.with_filter(rules)).with(spans).try_init()
        }
        None => tracing_subscriber::registry().with(lines).with(rules).try_init(),
    };
    started.map_err(|error| {
        Failure::failed(format!("logging cannot start: {error}"), "this is a fault in the program")
    })?;
    Ok(traces)
}
