//! From documents to a compression dictionary.
//!
//! A dictionary outlives the documents it was trained on, and removal beats history. So nothing particular to a
//! few documents may enter it: words that fewer than [`SHARED`] of the sampled documents have are replaced by
//! characters drawn from all such words together. Their statistics, which the dictionary needs too, stay.

use std::collections::HashMap;
use std::ops::Range;

/// So many bodies must have been shown before training.
const ENOUGH: usize = 1000;
/// At most this many bytes of them are kept.
const SAMPLE_BYTES: usize = 4 << 20;
/// Longer bodies gain little from a dictionary.
const LONGEST: usize = 64 << 10;
/// The longest dictionary.
const DICTIONARY_BYTES: usize = 64 << 10;
/// So many documents make a word common.
const SHARED: u32 = 10;

/// Bodies to train on, one after the other.
#[derive(Default)]
pub(super) struct Samples {
    shown: usize,
    bytes: Vec<u8>,
    sizes: Vec<usize>,
}

impl Samples {
    /// Keeps an even selection of the bodies. True: there are enough to train.
    pub(super) fn show(&mut self, bodies: &[&[u8]]) -> bool {
        self.shown += bodies.len();
        let total: usize = bodies.iter().map(|body| body.len()).sum();
        let stride = total.div_ceil(SAMPLE_BYTES).max(1);
        for body in bodies.iter().step_by(stride) {
            if body.len() <= LONGEST && self.bytes.len() + body.len() <= SAMPLE_BYTES {
                self.bytes.extend_from_slice(body);
                self.sizes.push(body.len());
            }
        }
        self.shown >= ENOUGH
    }

    /// The dictionary, unless the samples have too little in common for one.
    pub(super) fn train(mut self) -> Option<Vec<u8>> {
        disguise(&mut self.bytes, &self.sizes);
        zstd::dict::from_continuous(&self.bytes, &self.sizes, DICTIONARY_BYTES).ok()
    }
}

/// Replaces the words that few documents have by characters of all such words, shuffled.
fn disguise(bytes: &mut [u8], sizes: &[usize]) {
    let rare = rare_ranges(bytes, sizes);
    let mut pool: Vec<u8> = rare.iter().flat_map(|range| &bytes[range.clone()]).copied().collect();
    shuffle(&mut pool);
    let mut pool = pool.into_iter();
    for range in rare {
        for (byte, drawn) in bytes[range].iter_mut().zip(&mut pool) {
            *byte = drawn;
        }
    }
}

/// Where the words lie that fewer than [`SHARED`] documents have. Punctuation is nobody's and stays.
fn rare_ranges(bytes: &[u8], sizes: &[usize]) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    // Per word: in how many documents, and the last of them.
    let mut seen: HashMap<&[u8], (u32, usize)> = HashMap::new();
    let mut start = 0;
    for (document, size) in sizes.iter().enumerate() {
        let end = start + size;
        while start < end {
            let length = bytes[start..end].iter().take_while(|byte| is_word(**byte)).count();
            let word = start..start + length;
            let entry = seen.entry(&bytes[word.clone()]).or_insert((0, usize::MAX));
            if entry.1 != document {
                *entry = (entry.0 + 1, document);
            }
            words.push(word);
            // Past the byte that ended the word.
            start += length + 1;
        }
        start = end;
    }
    words.retain(|word| seen.get(&bytes[word.clone()]).is_some_and(|(documents, _)| *documents < SHARED));
    words
}

/// Letters, digits, and every byte of a character outside ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// Fisher and Yates' shuffle with a small fixed generator: the same samples give the same dictionary.
fn shuffle(bytes: &mut [u8]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for last in (1..bytes.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.swap(last, (state % (last as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Samples {
        let mut samples = Samples::default();
        for n in 0..2000_u64 {
            let secret = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let body =
                format!(r#"{{"organisasjonsform":"AS","navn":"S{secret:016x}","id":{n},"land":"Norge"}}"#);
            assert_eq!(samples.show(&[body.as_bytes()]), n >= 999);
        }
        samples
    }

    #[test]
    fn what_is_particular_does_not_enter_the_samples_and_the_rest_stays() {
        let Samples { mut bytes, sizes, .. } = samples();
        let mut before = bytes.clone();
        disguise(&mut bytes, &sizes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for n in 0..2000_u64 {
            let secret = format!("S{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            assert!(!text.contains(&secret));
        }
        assert_eq!(text.matches(r#""organisasjonsform":"AS","navn":""#).count(), 2000);
        bytes.sort_unstable();
        before.sort_unstable();
        assert!(bytes == before, "the characters' frequencies stay");
    }

    #[test]
    fn the_same_samples_give_the_same_dictionary() {
        let first = samples().train().unwrap();
        assert!(first.len() <= DICTIONARY_BYTES);
        assert_eq!(Some(first), samples().train());
    }

    #[test]
    fn too_little_gives_none_and_the_selection_is_bounded() {
        assert!(Samples::default().train().is_none());
        let body = vec![b'x'; 60_000];
        let bodies = vec![body.as_slice(); 1000];
        let mut samples = Samples::default();
        assert!(samples.show(&bodies));
        assert!(samples.bytes.len() <= SAMPLE_BYTES && samples.sizes.len() > 50);
    }
}
