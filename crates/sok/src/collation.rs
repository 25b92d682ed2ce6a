//! Norwegian alphabetical order as bytes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Ends the first level; below every weight, so that a text sorts before its continuations.
const LEVEL: u8 = 0x01;
const SPACE: u8 = 0x02;
const PUNCTUATION: u8 = 0x04;
const DIGIT: u8 = 0x10;
const LETTER: u8 = 0x20;
const OTHER_LETTER: u8 = 0x50;

/// On the second level: the letter stands as in the alphabet, or with something more.
const BARE: u8 = 0x02;
const MARKED: u8 = 0x03;

const Y: u8 = LETTER + 24;
const AE: u8 = LETTER + 26;
const OE: u8 = LETTER + 27;
const AA: u8 = LETTER + 28;

/// A key whose byte order is the Norwegian order of the texts.
///
/// First white space, then punctuation, digits, A–Z, Æ, Ø, Å, other scripts. Case does not count. Ä sorts as Æ, Ö and Ő
/// as Ø, Ü and Ű as Y, Đ and Ð as D, Þ as TH, Œ as OE. Accents count only between texts that are otherwise equal, with
/// the bare letter first. AA is two As (fact sheet 6 leaves it open).
pub fn key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut marks_end = 0;
    for c in text.chars().flat_map(char::to_lowercase).nfc() {
        weigh(c, &mut key);
        if c.is_ascii() || matches!(c, 'æ' | 'ø' | 'å') {
            marks.push(BARE);
        } else {
            marks.push(MARKED);
            push_char(c, &mut marks);
            marks_end = marks.len();
        }
    }
    if marks_end > 0 {
        key.push(LEVEL);
        key.extend_from_slice(&marks[..marks_end]);
    }
    key
}

/// Appends the first-level weights of one lower-case character.
fn weigh(c: char, key: &mut Vec<u8>) {
    match c {
        'a'..='z' => key.push(LETTER + (c as u8 - b'a')),
        '0'..='9' => key.push(DIGIT + (c as u8 - b'0')),
        'æ' | 'ä' | 'ǽ' | 'ǟ' | 'ǣ' => key.push(AE),
        'ø' | 'ö' | 'ő' | 'ǿ' | 'ȫ' => key.push(OE),
        'å' | 'ǻ' => key.push(AA),
        'ü' | 'ű' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => key.push(Y),
        'đ' | 'ð' => weigh('d', key),
        'þ' => weigh_all("th", key),
        'œ' => weigh_all("oe", key),
        'ß' => weigh_all("ss", key),
        'ł' => weigh('l', key),
        'ħ' => weigh('h', key),
        'ŧ' => weigh('t', key),
        'ŋ' => weigh('n', key),
        _ if c.is_whitespace() => key.push(SPACE),
        _ => weigh_parts(c, key),
    }
}

fn weigh_all(letters: &str, key: &mut Vec<u8>) {
    for c in letters.chars() {
        weigh(c, key);
    }
}

/// Takes a character apart; what cannot be taken apart further is punctuation or a letter of another script.
fn weigh_parts(c: char, key: &mut Vec<u8>) {
    for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
        if part.is_ascii() && part != c {
            weigh(part, key);
        } else if part.is_alphanumeric() && !is_combining_mark(part) {
            key.push(OTHER_LETTER);
            push_char(part, key);
        } else if !is_combining_mark(part) {
            key.push(PUNCTUATION);
            push_char(part, key);
        }
    }
}

fn push_char(c: char, to: &mut Vec<u8>) {
    to.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_order_is_norwegian() {
        let sorted = [
            "", " A", "-A", "1 A", "9", "A", "A B", "A-B", "A1", "Aa", "AB", "café", "cafés", "Dal", "Đal",
            "Ðb", "Oe", "Th", "Þi", "Yb", "Ünge", "Z", "Æ", "Ä", "Ære", "Ø", "Ö", "Øl", "Å", "Ås", "Ω",
        ];
        for pair in sorted.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn accents_count_only_between_equals_and_case_never() {
        assert!(key("cafe") < key("café"));
        assert!(key("café") < key("cafeb"));
        assert_eq!(key("ÅSE"), key("åse"));
        assert_eq!(key("A\u{30a}se"), key("åse"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_key_and_sorts_before_its_continuation(a in "\\PC{0,12}", b in "[a-zæøå0-9 ]{1,5}") {
            let longer = format!("{a}{b}");
            prop_assert!(key(&a) < key(&longer));
        }
    }
}
