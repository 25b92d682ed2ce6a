//! How far long work has come: a bar with rate and time left on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

const BAR_EVERY: Duration = Duration::from_millis(200);
const LINE_EVERY: Duration = Duration::from_secs(5);

/// The progress of one piece of work. May be told from any thread.
pub struct Meter {
    what: String,
    bar: Option<ProgressBar>,
    begun: Instant,
    state: Mutex<State>,
}

struct State {
    count: u64,
    said: Instant,
}

impl Meter {
    /// Begins to measure; `what` says in a word or two what is counted, such as `units loaded`.
    pub fn new(what: impl Into<String>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(style("{spinner} {msg}"));
            bar
        });
        let begun = Instant::now();
        Self { what: what.into(), bar, begun, state: Mutex::new(State { count: 0, said: begun }) }
    }

    /// So many are done. `share` is how much of how much that is, if it is known, in any unit: it gives the time
    /// that is left.
    pub fn at(&self, count: u64, share: Option<(u64, u64)>) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.count = count;
        let every = if self.bar.is_some() { BAR_EVERY } else { LINE_EVERY };
        let complete = share.is_some_and(|(part, whole)| part >= whole);
        if state.said.elapsed() < every && !complete {
            return;
        }
        state.said = Instant::now();
        match &self.bar {
            Some(bar) if complete => bar.finish_and_clear(),
            Some(bar) => {
                if let Some((part, whole)) = share {
                    if bar.length() != Some(whole) {
                        bar.set_style(style("{wide_bar} {percent} % {msg}, {eta} left"));
                        bar.set_length(whole);
                    }
                    bar.set_position(part);
                }
                bar.set_message(self.rate(count));
            }
            None if complete => {}
            None => eprintln!("{}{}", self.rate(count), self.left(share)),
        }
    }

    /// The work is done; says how much and how fast.
    pub fn finish(self) {
        let count = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).count;
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        eprintln!("{} in {}", self.rate(count), HumanDuration(self.begun.elapsed()));
    }

    fn rate(&self, count: u64) -> String {
        let milliseconds = self.begun.elapsed().as_millis().max(1);
        let per_second = u64::try_from(u128::from(count) * 1000 / milliseconds).unwrap_or(u64::MAX);
        format!("{} {} ({}/s)", HumanCount(count), self.what, HumanCount(per_second))
    }

    fn left(&self, share: Option<(u64, u64)>) -> String {
        let Some((part, whole)) = share.filter(|(part, _)| *part > 0) else { return String::new() };
        let done = part as f64 / whole.max(part) as f64;
        let left = self.begun.elapsed().mul_f64((1.0 - done) / done);
        format!(", {:.0} %, {} left", done * 100.0, HumanDuration(left))
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_how_many_and_how_far() {
        let meter = Meter::new("units loaded");
        assert!(meter.rate(5_000_000).starts_with("5,000,000 units loaded ("));
        assert!(meter.left(Some((1, 4))).starts_with(", 25 %, "));
        assert_eq!(meter.left(Some((0, 4))), "");
        assert_eq!(meter.left(None), "");
        assert!(meter.left(Some((5, 4))).starts_with(", 100 %, "));
        meter.at(7, Some((7, 7)));
        assert_eq!(meter.state.lock().unwrap().count, 7);
    }

    #[test]
    fn the_templates_are_ones_that_the_library_reads() {
        for template in ["{spinner} {msg}", "{wide_bar} {percent} % {msg}, {eta} left"] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
