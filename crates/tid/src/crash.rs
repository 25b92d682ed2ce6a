//! Named places where a test can make the process die.
//!
//! Code that must survive a crash names its dangerous moments: `crash::point("journal.commit.before")`. In
//! ordinary runs a point costs one relaxed load. A test starts the real binary with `--crash-point NAME[:N]`,
//! which [`arm`]s it: at the N-th passing (default the first) the process aborts without any clean-up, as a
//! `kill -9` would.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

static ARMED: AtomicBool = AtomicBool::new(false);
static PLAN: OnceLock<Plan> = OnceLock::new();

struct Plan {
    name: String,
    passings_left: AtomicU64,
}

/// Every crash point there is, so that tests can walk through all of them.
pub const POINTS: &[&str] = &[
    "journal.commit.before",
    "journal.commit.after",
    "import.batch.before",
    "import.batch.after",
    "indeks.commit.before",
    "indeks.commit.after",
    "lastned.rename.before",
    "lastned.sett.before",
    "lastned.sett.flyttet",
    "lastned.sett.after",
    "synk.grunnlag.after",
    "synk.side.before",
    "synk.side.after",
    "saksflyt.bunt.before",
    "saksflyt.bunt.after",
    "doedsfall.roller.before",
    "doedsfall.roller.after",
];

/// Arms one point: `NAME` or `NAME:N`. Once per process.
///
/// # Errors
/// A sentence naming the text when the point does not exist or N is not a positive number.
pub fn arm(spec: &str) -> Result<(), String> {
    let (name, nth) = spec.split_once(':').unwrap_or((spec, "1"));
    if !POINTS.contains(&name) {
        return Err(format!("unknown crash point {name:?}; there are: {}", POINTS.join(", ")));
    }
    let nth = nth.parse::<u64>().ok().filter(|n| *n > 0);
    let nth = nth.ok_or_else(|| format!("crash point {spec:?}: the number after ':' must be 1 or more"))?;
    let plan = Plan { name: name.to_owned(), passings_left: AtomicU64::new(nth) };
    PLAN.set(plan).map_err(|_| "a crash point is armed already".to_owned())?;
    ARMED.store(true, Ordering::Release);
    Ok(())
}

/// A place that must be survivable. Does nothing unless armed.
pub fn point(name: &str) {
    if ARMED.load(Ordering::Relaxed) {
        passed(name);
    }
}

#[cold]
fn passed(name: &str) {
    debug_assert!(POINTS.contains(&name), "crash point {name} is not in the list");
    if let Some(plan) = PLAN.get()
        && plan.name == name
        && plan.passings_left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_points_with_positive_numbers_can_be_armed() {
        assert!(arm("no.such.point").is_err());
        assert!(arm("journal.commit.before:0").is_err());
        assert!(arm("journal.commit.before:x").is_err());
        point("journal.commit.before");
    }
}
