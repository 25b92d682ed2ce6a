//! Randomness.

use std::cell::RefCell;
use std::sync::Mutex;

use rand_chacha::ChaCha12Rng;
use rand_core::{Rng, SeedableRng};

/// A source of random bytes. Production has [`SystemRandom`]; tests and demos have [`SeededRandom`].
pub trait Random: Send + Sync + 'static {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's randomness, fit for keys.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        if buffer.len() > STOCK / 8 || STOCKED.try_with(|stock| stock.borrow_mut().take(buffer)).is_err() {
            fetch(buffer);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the system's randomness is read")]
#[expect(clippy::panic, reason = "a machine without randomness must not go on issuing identifiers")]
fn fetch(buffer: &mut [u8]) {
    if let Err(error) = getrandom::fill(buffer) {
        panic!("the operating system gave no randomness: {error}");
    }
}

/// How many bytes a thread fetches at a time: every request needs sixteen, and a call to the system costs more than they do.
const STOCK: usize = 1024;

thread_local! {
    static STOCKED: RefCell<Stock> = const { RefCell::new(Stock { bytes: [0; STOCK], used: STOCK }) };
}

/// Bytes from the system that are not handed out yet.
struct Stock {
    bytes: [u8; STOCK],
    used: usize,
}

impl Stock {
    /// Hands out bytes, each once.
    fn take(&mut self, buffer: &mut [u8]) {
        if self.bytes.len() - self.used < buffer.len() {
            fetch(&mut self.bytes);
            self.used = 0;
        }
        let taken = &mut self.bytes[self.used..self.used + buffer.len()];
        buffer.copy_from_slice(taken);
        taken.fill(0);
        self.used += buffer.len();
    }
}

/// The same bytes every time from the same seed. Not for keys.
#[derive(Debug)]
pub struct SeededRandom(Mutex<ChaCha12Rng>);

impl SeededRandom {
    /// A source that repeats itself for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha12Rng::seed_from_u64(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(buffer);
    }
}

/// A random UUID (version 4) in lower case with hyphens.
pub fn uuid(random: &dyn Random) -> String {
    let mut b = [0u8; 16];
    random.fill(&mut b);
    b[6] = b[6] & 0x0f | 0x40;
    b[8] = b[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (i, byte) in b.into_iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_repeats_itself_and_uuid_has_its_marks() {
        let (a, b) = (uuid(&SeededRandom::new(7)), uuid(&SeededRandom::new(7)));
        assert_eq!(a, b);
        assert_eq!(a.len(), 36);
        assert_eq!(&a[14..15], "4");
        assert_ne!(uuid(&SystemRandom), uuid(&SystemRandom));
    }
}
