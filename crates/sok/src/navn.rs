//! Names: how they are cut into tokens, folded and compared (fact sheet 7.1).
//!
//! Everything here is a pure function of two texts, so that a test can recompute what the index answers.
//!
//! A name matches a search when every token of the search is a prefix of some token of the name, folded.
//! How well it matches is its [`tier`]; the index orders hits by tier, then the shorter name ([`length`]), then
//! the name in Norwegian order ([`crate::collation::key`]), then the number.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many tokens of a search text count; the rest is not looked at. Names are taken whole.
pub const MAX_QUERY_TOKENS: usize = 64;

/// The tier of a name that has all tokens of the search, folded, as prefixes. Higher tiers lack some token.
pub const LAST_FULL_TIER: u8 = 5;

/// The last tier of names that start with the search.
pub(crate) const LAST_START_TIER: u8 = 3;

/// Cuts a text at everything that is neither letter nor digit, in lower case, accents kept.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    for c in text.chars().flat_map(char::to_lowercase).nfc() {
        if c.is_alphanumeric() || (!token.is_empty() && is_combining_mark(c)) {
            token.push(c);
        } else if !token.is_empty() {
            tokens.push(std::mem::take(&mut token));
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

/// Folds a token to what is typed without accents: `møller` → `moller`, `bærum` → `baerum`, `åse` → `ase`.
///
/// `ä` folds as `æ` and `ö` as `ø`, so that the Swedish and the Norwegian spelling find each other. Every
/// character folds by itself and to at least one character, so a prefix of a token folds to a prefix.
pub fn fold(token: &str) -> String {
    let mut out = String::with_capacity(token.len());
    for c in token.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            fold_char(c, &mut out);
        }
    }
    out
}

fn fold_char(c: char, out: &mut String) {
    const DIAERESIS: char = '\u{308}';
    let before = out.len();
    for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
        match part {
            'ø' => out.push('o'),
            'æ' => out.push_str("ae"),
            'ð' | 'đ' => out.push('d'),
            'þ' => out.push_str("th"),
            'ß' => out.push_str("ss"),
            'œ' => out.push_str("oe"),
            'ł' => out.push('l'),
            'ħ' => out.push('h'),
            'ŧ' => out.push('t'),
            'ŋ' => out.push('n'),
            'ı' => out.push('i'),
            DIAERESIS if out[before..].ends_with('a') => out.push('e'),
            mark if is_combining_mark(mark) => {}
            letter if letter.is_alphanumeric() => out.push(letter),
            _ => {}
        }
    }
    if out.len() == before {
        out.push(c);
    }
}

/// The number of characters in the name once cut into tokens, joined by single spaces.
pub fn length(name: &str) -> usize {
    token_length(&tokens(name))
}

pub(crate) fn token_length(tokens: &[String]) -> usize {
    let letters: usize = tokens.iter().map(|token| token.chars().count()).sum();
    letters + tokens.len().saturating_sub(1)
}

/// How well `name` matches `query`; lower is better, `None` is not at all.
///
/// | tier | the name |
/// |---|---|
/// | 0, 1 | is the query: with accents, folded |
/// | 2, 3 | starts with the query: with accents, folded |
/// | 4, 5 | has every token as a prefix: with accents, folded |
/// | 5 + n | lacks n of the tokens, but has at least one |
///
/// Case and punctuation never count. A query without letters and digits matches nothing.
pub fn tier(query: &str, name: &str) -> Option<u8> {
    let query = NameQuery::new(query);
    let name = tokens(name);
    let folded: Vec<String> = name.iter().map(|token| fold(token)).collect();
    let with_accents = Fit::of(&query.tokens, &name);
    let without = Fit::of(&query.folded, &folded);
    best_tier(query.folded.len(), with_accents, without)
}

/// True if the tokens of `text` stand next to each other in `name`, folded; the last may be the start of a word.
pub fn consecutive(text: &str, name: &str) -> bool {
    let query = NameQuery::new(text).folded;
    let name: Vec<String> = tokens(name).iter().map(|token| fold(token)).collect();
    stand_together(&query, &name)
}

/// A search text, cut up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameQuery {
    /// Its tokens with accents.
    pub(crate) tokens: Vec<String>,
    /// The same tokens folded.
    pub(crate) folded: Vec<String>,
}

impl NameQuery {
    pub(crate) fn new(text: &str) -> Self {
        let mut tokens = tokens(text);
        tokens.truncate(MAX_QUERY_TOKENS);
        let folded = tokens.iter().map(|token| fold(token)).collect();
        Self { tokens, folded }
    }

    /// True if folding changes nothing.
    pub(crate) fn is_plain(&self) -> bool {
        self.tokens == self.folded
    }
}

/// One token of a search, against tokens of some kind: texts here, dictionary numbers in the index.
pub(crate) trait Pattern {
    /// A token of a name.
    type Token;
    /// The name's token is this one.
    fn is(&self, token: &Self::Token) -> bool;
    /// The name's token starts with this one.
    fn starts(&self, token: &Self::Token) -> bool;
}

impl Pattern for String {
    type Token = Self;

    fn is(&self, token: &Self) -> bool {
        self == token
    }

    fn starts(&self, token: &Self) -> bool {
        token.starts_with(self.as_str())
    }
}

/// What a name is to a search, in one spelling.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fit {
    whole: bool,
    start: bool,
    matched: usize,
}

impl Fit {
    pub(crate) fn of<P: Pattern>(query: &[P], name: &[P::Token]) -> Self {
        let start = !query.is_empty() && begins(query, name);
        let whole = start && query.len() == name.len() && query.iter().zip(name).all(|(q, n)| q.is(n));
        Self { whole, start, ..Self::part(query, name) }
    }

    /// The fit of a name that is known not to start with the query.
    pub(crate) fn part<P: Pattern>(query: &[P], name: &[P::Token]) -> Self {
        let matched = query.iter().filter(|q| name.iter().any(|n| q.starts(n))).count();
        Self { matched, ..Self::default() }
    }
}

/// The tier, given the fit with accents and the fit without, of a query of so many tokens.
pub(crate) fn best_tier(tokens: usize, with_accents: Fit, folded: Fit) -> Option<u8> {
    let checks = [
        with_accents.whole,
        folded.whole,
        with_accents.start,
        folded.start,
        with_accents.matched == tokens,
        folded.matched == tokens,
    ];
    if tokens == 0 || folded.matched == 0 {
        return None;
    }
    let full = checks.iter().position(|passed| *passed);
    let lacking = tokens - folded.matched;
    Some(full.map_or_else(|| LAST_FULL_TIER.saturating_add(clamp(lacking)), clamp))
}

fn clamp(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

/// True if the name begins with the query's tokens, the last perhaps only the start of a word.
fn begins<P: Pattern>(query: &[P], name: &[P::Token]) -> bool {
    let Some((last, first)) = query.split_last() else { return true };
    query.len() <= name.len()
        && first.iter().zip(name).all(|(q, n)| q.is(n))
        && last.starts(&name[first.len()])
}

/// True if the query begins at some token of the name.
pub(crate) fn stand_together<P: Pattern>(query: &[P], name: &[P::Token]) -> bool {
    !query.is_empty() && (0..name.len()).any(|from| begins(query, &name[from..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tokens_are_cut_at_everything_else_and_keep_accents() {
        assert_eq!(tokens("A/S Møller & Sønn's (1950)"), ["a", "s", "møller", "sønn", "s", "1950"]);
        assert_eq!(tokens("Mo\u{308}ller"), ["möller"]);
        assert_eq!(tokens(" -!- "), Vec::<String>::new());
    }

    #[test]
    fn folding_is_what_is_typed_without_accents() {
        for (from, to) in [
            ("møller", "moller"),
            ("möller", "moller"),
            ("sæter", "saeter"),
            ("säter", "saeter"),
            ("åse", "ase"),
            ("café", "cafe"),
            ("þórður", "thordur"),
            ("čáhcesuolu", "cahcesuolu"),
            ("straße", "strasse"),
            ("ŋ", "n"),
        ] {
            assert_eq!(fold(from), to);
        }
    }

    #[test]
    fn tiers_go_from_the_whole_name_to_some_tokens() {
        assert_eq!(tier("Møller AS", "MØLLER AS"), Some(0));
        assert_eq!(tier("moller as", "MØLLER AS"), Some(1));
        assert_eq!(tier("mølle", "MØLLER AS"), Some(2));
        assert_eq!(tier("moller a", "MØLLER AS"), Some(3));
        assert_eq!(tier("as møl", "MØLLER AS"), Some(4));
        assert_eq!(tier("as mol", "MØLLER AS"), Some(5));
        assert_eq!(tier("møller bil", "MØLLER AS"), Some(6));
        assert_eq!(tier("møller bil oslo", "MØLLER AS"), Some(7));
        assert_eq!(tier("bil", "MØLLER AS"), None);
        assert_eq!(tier("møller", "MOLLER AS"), Some(3));
        assert_eq!(tier("...", "MØLLER AS"), None);
    }

    #[test]
    fn consecutive_words_are_found_anywhere_in_the_name() {
        assert!(consecutive("hydro as", "Norsk Hydro ASA"));
        assert!(!consecutive("norsk asa", "Norsk Hydro ASA"));
        assert!(!consecutive("hyd asa", "Norsk Hydro ASA"));
        assert!(!consecutive("", "Norsk Hydro ASA"));
    }

    proptest! {
        #[test]
        fn a_prefix_of_a_token_folds_to_a_prefix(token in "\\PC{1,8}", cut in 0usize..8) {
            for token in tokens(&token) {
                let prefix: String = token.chars().take(cut).collect();
                prop_assert!(fold(&token).starts_with(&fold(&prefix)));
                prop_assert!(!fold(&token).is_empty());
            }
        }

        #[test]
        fn a_name_is_itself(name in "\\PC{1,20}") {
            let expected = if tokens(&name).is_empty() { None } else { Some(0) };
            prop_assert_eq!(tier(&name, &name), expected);
        }
    }
}
