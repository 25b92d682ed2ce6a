//! `grunndata doctor`: walk through what the program needs, say what is wrong and what to do about it.

mod checks;
mod index;

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde::Serialize;
use tid::Clock;

use crate::config::{self, Config, FromFlags, Origin};

pub(crate) use index::hold;

/// A server on this machine that takes longer to answer than this is as good as none.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
const ANSWER_BYTES_MAX: u64 = 4096;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In order.
    Ok,
    /// It works, but somebody should know.
    Warning,
    /// It does not work.
    Error,
}

/// What one check came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, in a word or two.
    pub check: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do about it; always there unless all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), remedy: None }
    }

    fn warning(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, state: State::Warning, found: found.into(), remedy: Some(remedy.into()) }
    }

    fn error(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, state: State::Error, found: found.into(), remedy: Some(remedy.into()) }
    }
}

/// Runs every check. A configuration that cannot be read ends it: the rest would be about something else.
pub async fn examine(flags: &FromFlags, clock: &dyn Clock) -> Vec<Finding> {
    let (config, settings) = match config::load(flags) {
        Ok(loaded) => loaded,
        Err(failure) => return vec![Finding::error("configuration", failure.message, failure.hint)],
    };
    let set = settings.all().iter().filter(|s| s.origin != Origin::Default).count();
    let mut findings =
        vec![Finding::ok("configuration", format!("{set} of {} keys set", settings.all().len()))];
    findings.extend(of_config(&config, clock).await);
    findings
}

async fn of_config(config: &Config, clock: &dyn Clock) -> Vec<Finding> {
    let mut findings = vec![
        checks::data_directory(config),
        checks::disk_space(config),
        checks::port(config),
        checks::public_address(config),
        checks::clock(clock),
    ];
    findings.extend(checks::store(config, clock).await);
    findings
}

/// The answer of what listens on the address, head and body, if it speaks HTTP.
fn ask(listen: SocketAddr, path: &str) -> Option<String> {
    let ask = || -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&listen, ANSWER_WITHIN)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        stream.set_write_timeout(Some(ANSWER_WITHIN))?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().ok()
}
