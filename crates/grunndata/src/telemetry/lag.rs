//! How long an index has been behind, in seconds.

use std::collections::VecDeque;
use std::time::Duration;

use tid::Timestamp;

/// Moments kept at most. When more is waiting than has been noted, the oldest still say how long.
const KEPT: usize = 4096;

/// Remembers when the head of a feed was first seen where it is, so that it can be told how long what is not taken in
/// yet has waited. The events' own times cannot tell: in a copy they are the upstream's.
#[derive(Debug, Default)]
pub(super) struct Lag {
    /// Head and when it was first seen there, oldest first; only those that were not taken in when last asked.
    seen: VecDeque<(u64, Timestamp)>,
}

impl Lag {
    /// The head and the index are here now; how long the oldest event that is lacking has waited.
    pub(super) fn note(&mut self, now: Timestamp, head: u64, index: u64) -> Duration {
        while self.seen.front().is_some_and(|(head, _)| *head <= index) {
            self.seen.pop_front();
        }
        if head > index && self.seen.back().is_none_or(|(last, _)| *last < head) && self.seen.len() < KEPT {
            self.seen.push_back((head, now));
        }
        let since = self.seen.front().map_or(now, |(_, since)| *since);
        let millis = now.as_millis().saturating_sub(since.as_millis());
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_age_of_the_oldest_that_waits() {
        let mut lag = Lag::default();
        let mut note =
            |second: i64, head, index| lag.note(Timestamp::from_millis(second * 1000), head, index).as_secs();
        assert_eq!(note(0, 10, 10), 0);
        assert_eq!(note(1, 12, 10), 0);
        assert_eq!(note(2, 12, 10), 1);
        assert_eq!(note(3, 15, 11), 2, "12 has waited since second 1");
        assert_eq!(note(4, 15, 12), 1, "15 has waited since second 3");
        assert_eq!(note(5, 20, 16), 0, "20 is new");
        assert_eq!(note(6, 20, 20), 0);
        assert_eq!(note(9, 20, 0), 0, "an index that is made anew lacks everything from now on");
        assert_eq!(note(12, 20, 0), 3);
    }

    #[test]
    fn steady_writing_is_no_lag_and_memory_is_bounded() {
        let mut lag = Lag::default();
        for second in 0..10_000_u64 {
            let at = Timestamp::from_millis(i64::try_from(second).unwrap() * 1000);
            assert!(lag.note(at, second * 100 + 5, second * 100) <= Duration::from_secs(1));
        }
        for second in 10_000..20_000_u64 {
            let at = Timestamp::from_millis(i64::try_from(second).unwrap() * 1000);
            lag.note(at, second * 100, 0);
        }
        assert!(lag.seen.len() <= KEPT);
    }
}
