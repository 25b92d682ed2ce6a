//! How many calls the guard let in and refused: counted without a lock, for whoever watches.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::denied::Denied;

/// What the guard did with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The token had been verified before.
    Remembered,
    /// The token was verified.
    Verified,
    /// There was no token, or it did not hold (401).
    Unauthenticated,
    /// The token gave no access (403).
    Forbidden,
    /// The caller had too many calls (429).
    TooMany,
    /// The issuer could not be asked (503).
    Unavailable,
}

impl Outcome {
    const ALL: [Self; 6] = [
        Self::Remembered,
        Self::Verified,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::TooMany,
        Self::Unavailable,
    ];

    /// As measurements name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Remembered => "remembered",
            Self::Verified => "verified",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::TooMany => "too_many",
            Self::Unavailable => "unavailable",
        }
    }
}

impl From<&Denied> for Outcome {
    fn from(denied: &Denied) -> Self {
        match denied {
            Denied::NoToken | Denied::Invalid(_) => Self::Unauthenticated,
            Denied::Forbidden(_) | Denied::Scope { .. } => Self::Forbidden,
            Denied::TooMany { .. } => Self::TooMany,
            Denied::Unavailable => Self::Unavailable,
        }
    }
}

/// The counts since the guard was made. A call whose token holds counts as that, and once more if it is refused
/// afterwards.
#[derive(Debug, Default)]
pub struct Tally([AtomicU64; Outcome::ALL.len()]);

impl Tally {
    pub(crate) fn count(&self, outcome: Outcome) {
        if let Some(count) = self.0.get(outcome as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (Outcome, u64)> + '_ {
        Outcome::ALL.into_iter().zip(self.0.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_its_own_count() {
        let tally = Tally::default();
        for (outcome, times) in Outcome::ALL.into_iter().zip(1..) {
            (0..times).for_each(|_| tally.count(outcome));
        }
        assert_eq!(tally.all().collect::<Vec<_>>(), Outcome::ALL.into_iter().zip(1..).collect::<Vec<_>>());
    }
}
