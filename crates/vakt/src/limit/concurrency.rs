//! Simultaneous calls.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use parking_lot::Mutex;

/// Parts with a lock each.
const SHARDS: usize = 16;

/// Lets in so many calls at a time for each key. Only calls under way take room, so their number bounds it.
pub struct Concurrency<K> {
    shards: Vec<Mutex<HashMap<K, u32>>>,
    limit: u32,
}

/// One call under way; it is over when this goes.
pub struct Permit<K: Key> {
    of: Arc<Concurrency<K>>,
    key: K,
}

/// What calls are counted by.
pub trait Key: Hash + Eq + Copy + Send + Sync + 'static {
    /// A number that spreads keys over parts.
    fn spread(self) -> usize;
}

/// An organisation and one of the APIs.
impl Key for (u32, u16) {
    fn spread(self) -> usize {
        self.0 as usize ^ usize::from(self.1)
    }
}

impl<K: Key> Concurrency<K> {
    /// At most `limit` at a time.
    pub fn new(limit: u32) -> Arc<Self> {
        Arc::new(Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), limit })
    }

    /// Begins a call; `None` if there are as many under way as may be.
    pub fn begin(self: &Arc<Self>, key: K) -> Option<Permit<K>> {
        let mut shard = self.shards.get(key.spread() % SHARDS)?.lock();
        let under_way = shard.get(&key).copied().unwrap_or(0);
        if under_way >= self.limit {
            return None;
        }
        shard.insert(key, under_way + 1);
        Some(Permit { of: Arc::clone(self), key })
    }

    #[cfg(test)]
    fn keys(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }
}

impl<K: Key> Drop for Permit<K> {
    fn drop(&mut self) {
        let Some(shard) = self.of.shards.get(self.key.spread() % SHARDS) else { return };
        let mut shard = shard.lock();
        let left = shard.get(&self.key).map_or(0, |under_way| under_way.saturating_sub(1));
        if left == 0 {
            shard.remove(&self.key);
        } else {
            shard.insert(self.key, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn organisations_and_apis_are_counted_apart_and_leave_nothing() {
        let calls = Concurrency::new(2);
        let first: Vec<_> = (0..2).map(|_| calls.begin((1, 1)).unwrap()).collect();
        assert!(calls.begin((1, 1)).is_none());
        let (other, api) = (calls.begin((2, 1)), calls.begin((1, 2)));
        assert!(other.is_some() && api.is_some());
        drop(first);
        assert!(calls.begin((1, 1)).is_some());
        drop((other, api));
        assert_eq!(calls.keys(), 0);
    }

    #[test]
    fn it_is_exact_under_many_threads() {
        let calls = Concurrency::new(5);
        let (now, most, refused) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        let Some(permit) = calls.begin((7, 7)) else {
                            refused.fetch_add(1, Ordering::Relaxed);
                            continue;
                        };
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                        drop(permit);
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 5);
        assert_eq!(calls.keys(), 0);
        assert!(refused.load(Ordering::Relaxed) < 16 * 2_000);
    }
}
