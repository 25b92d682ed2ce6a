//! Requests a minute from an address.

use std::collections::HashMap;
use std::net::IpAddr;

use parking_lot::Mutex;

/// Parts with a lock each.
const SHARDS: usize = 64;
/// Addresses remembered, about 300 bytes each.
const ADDRESSES_MAX: usize = 65_536;
/// A minute in seconds, and the one that is running: requests are counted by the second, so no minute, wherever it
/// begins, has more than the limit.
const SECONDS: i64 = 61;

/// Lets in so many requests a minute from each address; those refused are not counted.
pub struct Rate {
    shards: Vec<Mutex<HashMap<IpAddr, Minute>>>,
    limit: u32,
    shard_max: usize,
}

/// The last minute's requests, by the second.
struct Minute {
    counts: [u32; SECONDS as usize],
    total: u32,
    /// The second that was counted last, since 1970.
    last: i64,
}

impl Minute {
    fn new(second: i64) -> Self {
        Self { counts: [0; SECONDS as usize], total: 0, last: second }
    }

    /// Forgets what is more than a minute ago. A clock that goes back counts on where it was.
    fn advance(&mut self, second: i64) {
        let passed = second.saturating_sub(self.last);
        for step in 1..=passed.min(SECONDS) {
            let place = slot(self.last.wrapping_add(step));
            if let Some(count) = self.counts.get_mut(place) {
                self.total = self.total.saturating_sub(std::mem::take(count));
            }
        }
        self.last = self.last.max(second);
    }

    fn count(&mut self) {
        if let Some(count) = self.counts.get_mut(slot(self.last)) {
            *count += 1;
            self.total += 1;
        }
    }

    /// Seconds until the oldest counted second is forgotten.
    fn room_in(&self) -> i64 {
        let oldest = (1..=SECONDS).find(|ahead| {
            self.counts.get(slot(self.last.wrapping_add(*ahead))).is_some_and(|count| *count > 0)
        });
        oldest.unwrap_or(1)
    }
}

fn slot(second: i64) -> usize {
    usize::try_from(second.rem_euclid(SECONDS)).unwrap_or(0)
}

impl Rate {
    /// At most `limit` requests a minute.
    pub fn new(limit: u32) -> Self {
        Self::remembering(limit, ADDRESSES_MAX)
    }

    fn remembering(limit: u32, addresses_max: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, limit, shard_max: addresses_max.div_ceil(SHARDS) }
    }

    /// Counts a request at a moment in milliseconds since 1970.
    ///
    /// # Errors
    /// Milliseconds until there is room, when the limit is reached.
    pub fn admit(&self, address: IpAddr, now_ms: i64) -> Result<(), u32> {
        let second = now_ms.div_euclid(1000);
        let Some(shard) = self.shards.get(spread(address)) else { return Ok(()) };
        let mut shard = shard.lock();
        if shard.len() >= self.shard_max && !shard.contains_key(&address) {
            make_room(&mut shard, second);
        }
        let minute = shard.entry(address).or_insert_with(|| Minute::new(second));
        minute.advance(second);
        if minute.total < self.limit {
            minute.count();
            return Ok(());
        }
        let until_ms = minute.last.saturating_add(minute.room_in()).saturating_mul(1000);
        Err(u32::try_from(until_ms.saturating_sub(now_ms).max(1)).unwrap_or(u32::MAX))
    }

    #[cfg(test)]
    fn addresses(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }
}

/// Forgets addresses that have been silent for a minute; if all are busy, the least busy one, which loses least by
/// beginning anew.
fn make_room(shard: &mut HashMap<IpAddr, Minute>, second: i64) {
    let before = shard.len();
    shard.retain(|_, minute| second.saturating_sub(minute.last) < SECONDS);
    if shard.len() == before {
        let least = shard.iter().min_by_key(|(_, minute)| minute.total).map(|(address, _)| *address);
        least.map(|address| shard.remove(&address));
    }
}

fn spread(address: IpAddr) -> usize {
    let bits = match address {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    };
    // Neighbours, whose last bits differ, must not share a lock: the multiplier is that of Fibonacci hashing.
    usize::try_from(bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58).unwrap_or(0) % SHARDS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(n: u32) -> IpAddr {
        IpAddr::from(n.to_be_bytes())
    }

    #[test]
    fn the_limit_is_exact_and_the_wait_is_true() {
        let rate = Rate::new(3);
        let admit = |ms| rate.admit(address(1), ms);
        assert_eq!([admit(0), admit(500), admit(30_000)], [Ok(()); 3]);
        assert_eq!(admit(30_500), Err(30_500));
        assert_eq!(rate.admit(address(2), 30_500), Ok(()), "another address");
        assert_eq!(admit(60_999), Err(1), "a minute and the second that is running");
        assert_eq!([admit(61_000), admit(61_001)], [Ok(()); 2]);
        assert_eq!(admit(61_002), Err(29_998));
        assert_eq!(admit(1_000_000), Ok(()));
        assert_eq!(admit(10), Ok(()), "a clock that goes back does no harm");
    }

    #[test]
    fn memory_is_bounded_and_the_busy_are_remembered() {
        let rate = Rate::remembering(2, 128);
        for _ in 0..2 {
            rate.admit(address(7), 0).unwrap();
        }
        for n in 1000..50_000 {
            assert_eq!(rate.admit(address(n), 0), Ok(()));
        }
        assert!(rate.addresses() <= 128);
        assert!(rate.admit(address(7), 0).is_err(), "who has used up the limit is not forgotten by a flood");
    }

    #[test]
    fn it_is_exact_under_many_threads() {
        let rate = Rate::new(1_000);
        let admitted: usize = std::thread::scope(|scope| {
            let one = || (0..500).filter(|_| rate.admit(address(1), 5).is_ok()).count();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(admitted, 1_000);
    }

    proptest! {
        #[test]
        fn no_minute_has_more_than_the_limit(steps in proptest::collection::vec(0i64..4_000, 1..300), limit in 1u32..20) {
            let rate = Rate::new(limit);
            let (mut now, mut admitted) = (1_000_000, Vec::new());
            for step in steps {
                now += step;
                match rate.admit(address(1), now) {
                    Ok(()) => admitted.push(now),
                    Err(wait) => {
                        let again = Rate::new(limit);
                        for at in &admitted {
                            prop_assert!(again.admit(address(1), *at).is_ok());
                        }
                        prop_assert!(again.admit(address(1), now + i64::from(wait)).is_ok(), "after the wait there is room");
                    }
                }
            }
            for (first, at) in admitted.iter().enumerate() {
                let within = admitted.iter().skip(first).take_while(|later| **later - at < 60_000).count();
                prop_assert!(within <= limit as usize);
            }
        }
    }
}
