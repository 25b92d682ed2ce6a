//! Public keys made ready for verifying, remembered by their own numbers.
//!
//! Which key a client has is read from the store for every grant. What is remembered here is only what follows from
//! the numbers of a key, and that never changes: making it ready costs as much as verifying with it.

use std::collections::HashMap;

use parking_lot::Mutex;
use vakt::jwk::RsaPublicKey;

use crate::modell::Nokkel;

/// Keys remembered, about 2 kB each. When there are more, all are forgotten: simple, and rare.
const NOKLER_MAKS: usize = 10_000;

/// The memory.
#[derive(Default)]
pub struct Nokkelminne(Mutex<HashMap<String, RsaPublicKey>>);

impl Nokkelminne {
    /// The key, ready; `None` only if the stored numbers are damaged.
    pub fn hent(&self, nokkel: &Nokkel) -> Option<RsaPublicKey> {
        if let Some(klar) = self.0.lock().get(&nokkel.n) {
            return Some(klar.clone());
        }
        let klar = nokkel.offentlig()?;
        let mut minne = self.0.lock();
        if minne.len() >= NOKLER_MAKS {
            minne.clear();
        }
        minne.insert(nokkel.n.clone(), klar.clone());
        Some(klar)
    }
}
