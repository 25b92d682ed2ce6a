//! Words: how names and streets are cut up and folded before they are compared.
//!
//! Both sides go the same way, what is stored and what is asked. Letters are compared without case and without foreign
//! accents (`É` is `e`, `Č` is `c`); Swedish and German spellings become Norwegian ones (`Ö` is `ø`, `Ä` is `æ`, `Ü` is
//! `y`). The Norwegian letters are letters of their own: `Ø` is not `o`. That `aa` may be `å` is for [`super::fonetikk`].

use sok::navn::tokens;

/// The words of a text, folded, cut at everything that is neither letter nor digit: `Anne-Lise` is two.
pub fn ord(tekst: &str) -> Vec<String> {
    tokens(tekst).iter().map(|token| brett(token)).collect()
}

/// A street as it is compared: its words with one space between. What begins a street begins it in this form too.
pub fn gate(tekst: &str) -> String {
    ord(tekst).join(" ")
}

/// Folds a token in small letters.
fn brett(token: &str) -> String {
    let mut ut = String::with_capacity(token.len());
    for c in token.chars() {
        match c {
            'a'..='z' | '0'..='9' | 'æ' | 'ø' | 'å' => ut.push(c),
            'ä' | 'ǽ' => ut.push('æ'),
            'ö' | 'ǿ' | 'œ' => ut.push('ø'),
            'ü' => ut.push('y'),
            _ => ut.push_str(&sok::navn::fold(c.encode_utf8(&mut [0; 4]))),
        }
    }
    ut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_are_norwegian_and_accents_are_not() {
        assert_eq!(ord("ANNE-LISE Ødegård"), ["anne", "lise", "ødegård"]);
        assert_eq!(ord("André Öberg Müller Čáhppe"), ["andre", "øberg", "myller", "cahppe"]);
        assert_eq!(ord("O'Brien d.e."), ["o", "brien", "d", "e"]);
        assert_eq!(ord(" - "), Vec::<String>::new());
        assert_eq!(gate("KARL  JOHANS gate"), "karl johans gate");
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(tekst in "\\PC{0,20}") {
            let en_gang = ord(&tekst);
            prop_assert_eq!(ord(&en_gang.join(" ")), en_gang);
        }
    }
}
