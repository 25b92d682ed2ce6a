//! Tokens that have been verified.
//!
//! A client uses one token for many calls, and verifying costs more than the rest of the guard together. What is
//! kept is found by the SHA-256 of the token: the token itself is nowhere in memory. Entries die when their token
//! does, when the key it was signed with is withdrawn, and when somebody says so; nothing is kept of tokens that do
//! not hold.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use parking_lot::RwLock;

use crate::konsument::Konsument;

/// Parts with a lock each, so that calls at the same time seldom meet.
const SHARDS: usize = 64;

/// What a token is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }
}

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) konsument: Arc<Konsument>,
    /// Which of the guard's issuers it is of, and that one's generation of keys then.
    pub(crate) issuer: usize,
    pub(crate) generation: u64,
    /// The first second, since 1970, when it does not hold any more.
    pub(crate) until: i64,
}

type Shard = RwLock<HashMap<Fingerprint, Entry>>;

pub(crate) struct Cache {
    shards: Vec<Shard>,
    shard_max: usize,
}

impl Cache {
    /// A cache of at most so many tokens.
    pub(crate) fn new(tokens_max: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Shard::default()).collect();
        Self { shards, shard_max: tokens_max.div_ceil(SHARDS) }
    }

    /// The entry, if it holds at this second.
    pub(crate) fn get(&self, key: &Fingerprint, now: i64) -> Option<Entry> {
        self.shard(key)?.read().get(key).filter(|entry| now < entry.until).cloned()
    }

    /// Keeps an entry. In a full part the dead make room, else the one that would die first.
    pub(crate) fn put(&self, key: Fingerprint, entry: Entry, now: i64) {
        let Some(shard) = self.shard(&key) else { return };
        let mut shard = shard.write();
        if shard.len() >= self.shard_max {
            shard.retain(|_, entry| now < entry.until);
        }
        if shard.len() >= self.shard_max {
            let first = shard.iter().min_by_key(|(_, entry)| entry.until).map(|(key, _)| *key);
            first.map(|first| shard.remove(&first));
        }
        if self.shard_max > 0 {
            shard.insert(key, entry);
        }
    }

    /// Takes out what fits.
    pub(crate) fn forget(&self, fits: impl Fn(&Fingerprint, &Konsument) -> bool) {
        for shard in &self.shards {
            shard.write().retain(|key, entry| !fits(key, &entry.konsument));
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().len()).sum()
    }

    fn shard(&self, key: &Fingerprint) -> Option<&Shard> {
        self.shards.get(usize::from(key.0[0]) % SHARDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Scopes;

    fn entry(until: i64) -> Entry {
        let konsument = Konsument {
            consumer: "311015001".parse().unwrap(),
            supplier: None,
            delegation_source: None,
            scopes: Scopes::default(),
            issuer: "i".into(),
            client_id: "c".into(),
            audience: Vec::new(),
            pid: None,
            authorization_details: Vec::new(),
            expires: until,
        };
        Entry { konsument: Arc::new(konsument), issuer: 0, generation: 0, until }
    }

    #[test]
    fn entries_die_and_can_be_forgotten() {
        let cache = Cache::new(1000);
        let key = Fingerprint::of("a");
        cache.put(key, entry(10), 0);
        assert!(cache.get(&key, 9).is_some() && cache.get(&key, 10).is_none());
        cache.forget(|found, _| *found != key);
        assert!(cache.get(&key, 9).is_some());
        cache.forget(|_, konsument| konsument.client_id.as_ref() == "c");
        assert!(cache.get(&key, 9).is_none() && cache.len() == 0);
    }

    #[test]
    fn it_never_grows_beyond_its_bound_and_keeps_what_lives_longest() {
        let cache = Cache::new(1280);
        for i in 0..10_000i64 {
            cache.put(Fingerprint::of(&i.to_string()), entry(1000 + i), 0);
        }
        assert!(cache.len() <= 1280);
        assert!(cache.get(&Fingerprint::of("9999"), 0).is_some());
        for i in 0..64i64 {
            cache.put(Fingerprint::of(&format!("b{i}")), entry(i64::MAX), 20_000);
        }
        assert!(
            (0..64).all(|i| cache.get(&Fingerprint::of(&format!("b{i}")), 20_000).is_some()),
            "the dead made room"
        );
        let none = Cache::new(0);
        none.put(Fingerprint::of("a"), entry(10), 0);
        assert_eq!(none.len(), 0);
    }
}
