//! Names with typing errors: which words are near each other, as pure functions of two texts.
//!
//! A name is near a search when every token of the search is a prefix of some token of the name, as in
//! [`crate::navn`], or a few edits away from a whole token. What an edit is: a letter more, a letter less, another
//! letter, or two neighbours swapped; no letter is edited twice.

use crate::navn::{self, LAST_FULL_TIER, NameQuery};

/// The most edits in a word that can be asked for.
pub const MAX_EDITS: u8 = 2;

/// How many edits a token of a search may be away, at most `cap`: one from four letters on, two from eight on. A token
/// with digits is taken as it is written: another number is another thing.
pub fn tolerance(folded: &str, cap: u8) -> u8 {
    let length = folded.chars().count();
    let edits = match length {
        _ if folded.chars().any(|c| !c.is_alphabetic()) => 0,
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    edits.min(cap).min(MAX_EDITS)
}

/// The edits between two folded tokens, if there are at most `most`.
pub fn edits(a: &str, b: &str, most: u8) -> Option<u8> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > usize::from(most) {
        return None;
    }
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i);
        for j in 1..=b.len() {
            let same = a[i - 1] == b[j - 1];
            let mut least = (row[j - 1] + usize::from(!same)).min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(above[j - 2] + 1);
            }
            next.push(least);
        }
        above = std::mem::replace(&mut row, next);
    }
    row.last().and_then(|edits| u8::try_from(*edits).ok()).filter(|edits| *edits <= most)
}

/// How well `name` matches `query` when words may be up to `cap` edits away; lower is better, `None` is not at all.
///
/// Up to [`LAST_FULL_TIER`] as [`navn::tier`]; after that by the sum of the edits.
pub fn tier(query: &str, name: &str, cap: u8) -> Option<u8> {
    if let Some(exact) = navn::tier(query, name).filter(|tier| *tier <= LAST_FULL_TIER) {
        return Some(exact);
    }
    let query = NameQuery::new(query).folded;
    let name: Vec<String> = navn::tokens(name).iter().map(|token| navn::fold(token)).collect();
    let cost = |wanted: &String| {
        let one = |token: &String| {
            if token.starts_with(wanted.as_str()) {
                Some(0)
            } else {
                edits(wanted, token, tolerance(wanted, cap))
            }
        };
        name.iter().filter_map(one).min()
    };
    let costs = query.iter().map(cost).collect::<Option<Vec<u8>>>()?;
    (!costs.is_empty()).then(|| costs.iter().fold(LAST_FULL_TIER, |tier, cost| tier.saturating_add(*cost)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (a, b, expected) in [
            ("fjord", "fjord", Some(0)),
            ("fjrod", "fjord", Some(1)),
            ("fjor", "fjord", Some(1)),
            ("fjoord", "fjord", Some(1)),
            ("fjerd", "fjord", Some(1)),
            ("fjerk", "fjord", Some(2)),
            ("rjfod", "fjord", None),
            ("eiendom", "eiendommer", None),
            ("", "ab", Some(2)),
            ("ca", "abc", None),
        ] {
            assert_eq!(edits(a, b, 2), expected, "{a} {b}");
            assert_eq!(edits(b, a, 2), expected, "{b} {a}");
        }
        assert_eq!(edits("fjerk", "fjord", 1), None);
    }

    #[test]
    fn short_words_and_numbers_are_taken_as_written() {
        assert_eq!(tolerance("bok", 2), 0);
        assert_eq!(tolerance("fisk", 2), 1);
        assert_eq!(tolerance("snekkeri", 2), 2);
        assert_eq!(tolerance("snekkeri", 1), 1);
        assert_eq!(tolerance("2024", 2), 0);
        assert_eq!(tier("fjrod snekekri", "FJORD SNEKKERI AS", 2), Some(LAST_FULL_TIER + 2));
        assert_eq!(tier("fjrod snekekri", "FJORD SNEKKERI AS", 0), None);
        assert_eq!(
            tier("fjord snekkeri", "FJORD SNEKKERI AS", 2),
            navn::tier("fjord snekkeri", "FJORD SNEKKERI AS")
        );
        assert_eq!(tier("!", "FJORD", 2), None);
    }
}
