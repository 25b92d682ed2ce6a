//! Limits and bounds that all engines share.

use crate::error::Result;
use crate::{DocId, JournalError};

/// Most subjects of one [`crate::Journal::read_about`].
const MAX_SUBJECTS: usize = 10_000;

/// The subjects that a row can have, each once, in order.
pub(crate) fn subjects(subjects: &[DocId]) -> Result<Vec<i64>> {
    if subjects.len() > MAX_SUBJECTS {
        return Err(JournalError::NotAllowed(format!("more than {MAX_SUBJECTS} subjects at once")));
    }
    let mut subjects: Vec<i64> = subjects.iter().filter_map(|id| i64::try_from(*id).ok()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    Ok(subjects)
}

/// The range of keys with this prefix above `after`: from the first, up to but without the second.
pub(crate) fn keys(prefix: &[u8], after: Option<&[u8]>) -> (Vec<u8>, Vec<u8>) {
    // The least key above `after` is `after` and a zero.
    let next = after.map(|after| [after, &[0]].concat()).unwrap_or_default();
    (next.max(prefix.to_vec()), past_prefix(prefix))
}

/// A bound above every key with this prefix.
fn past_prefix(prefix: &[u8]) -> Vec<u8> {
    let Some(last) = prefix.iter().rposition(|byte| *byte < 0xff) else {
        // Only 0xff bytes, or none: past every key, for none is longer than 1 kB.
        return vec![0xff; 1025];
    };
    let mut past = prefix[..=last].to_vec();
    past[last] += 1;
    past
}

/// As a column or a bound; what no column can hold is above them all.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A limit as a bound.
pub(crate) fn bounded(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A column that holds a natural number.
pub(crate) fn natural(number: i64) -> Result<u64> {
    u64::try_from(number)
        .map_err(|_| JournalError::Corrupt(format!("{number} where a natural number belongs")))
}
