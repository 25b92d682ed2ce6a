//! `grunndata doctor`

use tid::SystemClock;

use super::{on_runtime, print};
use crate::cli::Doctor;
use crate::config::FromFlags;
use crate::doctor::{Finding, State, examine};
use crate::failure::Failure;

pub(super) fn run(how: &Doctor, flags: &FromFlags) -> Result<(), Failure> {
    on_runtime(async {
        let findings = examine(flags, &SystemClock).await;
        print(&if how.json { json(&findings) } else { text(&findings) })?;
        let wrong = findings.iter().filter(|finding| finding.state == State::Error).count();
        if wrong == 0 {
            return Ok(());
        }
        let s = if wrong == 1 { "" } else { "s" };
        Err(Failure::failed(
            format!("{wrong} error{s} found"),
            "follow the remedies above, then run doctor again",
        ))
    })
}

fn json(findings: &[Finding]) -> String {
    let text = serde_json::to_string_pretty(findings).unwrap_or_default();
    format!("{text}\n")
}

fn text(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let state = match finding.state {
            State::Ok => "ok     ",
            State::Warning => "warning",
            State::Error => "error  ",
        };
        let remedy =
            finding.remedy.as_ref().map(|remedy| format!("\n         remedy: {remedy}")).unwrap_or_default();
        format!("{state}  {}: {}{remedy}\n", finding.check, finding.found)
    };
    findings.iter().map(line).collect()
}
