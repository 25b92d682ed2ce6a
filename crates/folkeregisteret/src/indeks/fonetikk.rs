//! What a name sounds like in Norwegian, as a key: names with the same key are found for one another by
//! `soekFonetisk=true` (consumer sheet, section 9). The sheet does not name the real service's algorithm.
//!
//! Why not a known one: Soundex keeps the first letter as it is, so `Kjersti` and `Tjersti`, `Hjalmar` and `Jalmar`,
//! `Wilhelm` and `Vilhelm`, `Christian` and `Kristian` are never one; it throws all vowels away, so `Hansen` and `Hanssen`
//! are one, but so are `Moen`, `Mona` and `Main`; and it does not know `æ`, `ø` and `å`. Metaphone and Double Metaphone
//! know how English speaks: there `kj` and `skj` are no sounds, `j` is another one, and what is silent is silent
//! elsewhere. Kölner Phonetik is German in the same way, and drops vowels too.
//!
//! The key is the spelling made simple, letter by letter from the left, by the table [`REGLER`]. Vowels are kept, for
//! Norwegian names differ in them (`Kari`, `Kåre`, `Kira`). Before the table `aa`, `ae`, `oe` become one letter and double
//! letters single; after it, what has become double becomes single too. Two capital letters stand for sounds that have
//! no letter: `S` (sj) and `C` (kj).

use std::iter::once;

/// Where in a word some letters stand.
#[derive(Debug, Clone, Copy)]
struct Plass {
    /// The letter before; none at the beginning.
    foer: Option<char>,
    /// The letter after; none at the end.
    etter: Option<char>,
    /// Letters of the word.
    lengde: usize,
}

/// Letters, a condition, what they become.
type Regel = (&'static str, fn(Plass) -> bool, &'static str);

/// Longer letters first. Of the rules for the letters that stand somewhere, the first whose condition holds is used; a
/// letter without a rule stays.
const REGLER: &[Regel] = &[
    // The sound sj: Schjelderup, Skjelbred, Stjernen, Schou, Sjur, Sharon, Charlotte. Not in Schmidt, Kristjan.
    ("schj", alltid, "S"),
    ("skj", alltid, "S"),
    ("stj", foerst, "S"),
    ("sch", foer_vokal, "S"),
    ("sch", alltid, "s"),
    ("sj", alltid, "S"),
    ("sh", foer_vokal, "S"),
    ("ch", foerst_foer_vokal, "S"),
    // Christian, Michael, Bach.
    ("ch", alltid, "k"),
    // The sound kj: Kjell, Tjell. Not in Katja.
    ("kj", alltid, "C"),
    ("tj", foerst, "C"),
    // Silent at the beginning: Hjalmar, Gjermund, Ljosland, Djupvik, Hval.
    ("hj", foerst, "j"),
    ("gj", foerst, "j"),
    ("lj", foerst, "j"),
    ("dj", foerst, "j"),
    ("hv", foerst, "v"),
    // An e after et that some leave out: Margrethe, Margrete, Margreth; Jeanette, Jeanett.
    ("ethe", sist, "et"),
    ("ete", sist, "et"),
    // Greek, Latin and old spellings: Thor, Sophie, Joseph, Solbergh, Frederick, Lindqvist, Lindquist, Schmidt, Alexander,
    // Zakarias, Wilhelm, Cecilie, Carl.
    ("th", alltid, "t"),
    ("ph", sist, "v"),
    ("ph", alltid, "f"),
    ("gh", alltid, "g"),
    ("ck", alltid, "k"),
    ("qv", alltid, "kv"),
    ("qu", foer_vokal, "kv"),
    ("dt", alltid, "t"),
    ("q", alltid, "k"),
    ("c", foer_lys_vokal, "s"),
    ("c", alltid, "k"),
    ("x", alltid, "ks"),
    ("z", alltid, "s"),
    ("w", alltid, "v"),
    // Silent d: Lund, Anders, Arnhild, Bård, Gardvik, Eid, Ruud.
    ("nd", alltid, "n"),
    ("ld", alltid, "l"),
    ("rd", ikke_foer_vokal, "r"),
    ("d", sist_etter_vokal, ""),
    // Silent g: Solveig, Ludvig. A t at the end is sounded in some names and not in others (Marit, Neset), but all spell
    // it: nothing would be gained.
    ("g", sist_etter_i, ""),
    // Silent h: Dahl, Ohlsen, Ragnhild, Sarah. Not in Hans and Johan.
    ("h", stum_h, ""),
    // Olaf, Leif.
    ("f", sist, "v"),
    // Vowels: Niels, Marie; Maj, May, Kristjan, Tanja; Sæther.
    ("ie", alltid, "i"),
    ("j", ikke_foerst, "i"),
    ("y", alltid, "i"),
    ("æ", alltid, "e"),
];

fn alltid(_: Plass) -> bool {
    true
}

fn foerst(plass: Plass) -> bool {
    plass.foer.is_none()
}

fn ikke_foerst(plass: Plass) -> bool {
    plass.foer.is_some()
}

fn sist(plass: Plass) -> bool {
    plass.etter.is_none()
}

fn foer_vokal(plass: Plass) -> bool {
    plass.etter.is_some_and(er_vokal)
}

fn ikke_foer_vokal(plass: Plass) -> bool {
    !foer_vokal(plass)
}

fn etter_vokal(plass: Plass) -> bool {
    plass.foer.is_some_and(er_vokal)
}

fn foerst_foer_vokal(plass: Plass) -> bool {
    foerst(plass) && foer_vokal(plass)
}

/// Where `c` is s.
fn foer_lys_vokal(plass: Plass) -> bool {
    plass.etter.is_some_and(|c| "eiyæø".contains(c))
}

/// Short words aside: `Odd`.
fn sist_etter_vokal(plass: Plass) -> bool {
    sist(plass) && etter_vokal(plass) && plass.lengde > 2
}

fn sist_etter_i(plass: Plass) -> bool {
    sist(plass) && plass.foer == Some('i') && plass.lengde > 2
}

/// `h` is heard first in a word and between vowels.
fn stum_h(plass: Plass) -> bool {
    !(foer_vokal(plass) && (foerst(plass) || etter_vokal(plass)))
}

fn er_vokal(c: char) -> bool {
    "aeiouyæøå".contains(c)
}

/// The key of a folded word ([`super::ord::ord`]). Never empty for a word that is not.
pub fn noekkel(ord: &str) -> String {
    let ord = forenklet(ord);
    let mut ut = String::with_capacity(ord.len());
    let mut rest = ord.as_str();
    let mut foer = None;
    let lengde = ord.chars().count();
    while let Some(bokstav) = rest.chars().next() {
        let plass = |fra: &str| Plass { foer, etter: rest[fra.len()..].chars().next(), lengde };
        let regel = REGLER.iter().find(|(fra, naar, _)| rest.starts_with(fra) && naar(plass(fra)));
        if let Some((fra, _, til)) = regel {
            til.chars().for_each(|c| legg_til(&mut ut, c));
            foer = fra.chars().next_back();
            rest = &rest[fra.len()..];
        } else {
            legg_til(&mut ut, bokstav);
            foer = Some(bokstav);
            rest = &rest[bokstav.len_utf8()..];
        }
    }
    if ut.is_empty() { ord } else { ut }
}

/// The word with one letter for what is one.
fn forenklet(ord: &str) -> String {
    let mut ut = String::with_capacity(ord.len());
    let mut tegn = ord.chars().peekable();
    while let Some(c) = tegn.next() {
        let sammen = match (c, tegn.peek()) {
            ('a', Some('a')) => Some('å'),
            ('a', Some('e')) => Some('æ'),
            ('o', Some('e')) => Some('ø'),
            _ => None,
        };
        if sammen.is_some() {
            tegn.next();
        }
        legg_til(&mut ut, sammen.unwrap_or(c));
    }
    ut
}

/// Adds a letter unless it stands there already. Digits are no letters.
fn legg_til(ut: &mut String, c: char) {
    if c.is_ascii_digit() || !ut.ends_with(c) {
        ut.extend(once(c));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ord::ord;
    use super::*;

    fn av(navn: &str) -> String {
        ord(navn).iter().map(|ord| noekkel(ord)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn spellings_of_one_name_have_one_key() {
        let like: &[&[&str]] = &[
            &["Kristian", "Christian", "Kristjan", "Christjan"],
            &["Kjell", "Tjell", "Kjeld"],
            &["Åse", "Aase", "AASE"],
            &["Bjørn", "Bjoern", "Björn"],
            &["Sæther", "Saether", "Säter", "Sether", "Seter"],
            &["Hjalmar", "Jalmar", "Gjalmar"],
            &["Ljosland", "Josland"],
            &["Hval", "Val", "Wahl"],
            &["Skjelbred", "Sjelbred", "Schjelbred"],
            &["Charlotte", "Sjarlotte", "Sjarlote"],
            &["Michael", "Mikael"],
            &["Thor", "Tor"],
            &["Thorbjørn", "Torbjørn", "Torbiørn"],
            &["Sophie", "Sofie"],
            &["Joseph", "Josef", "Josev"],
            &["Carl", "Karl"],
            &["Cecilie", "Sesilie", "Cecili"],
            &["Qvale", "Kvale", "Quale"],
            &["Lindqvist", "Lindquist", "Lindkvist", "Linkvist"],
            &["Wilhelm", "Vilhelm"],
            &["Wiik", "Vik", "Wik"],
            &["Alexander", "Aleksander", "Alexsander"],
            &["Zakarias", "Sakarias", "Zacharias"],
            &["Hansen", "Hanssen", "Hannsen"],
            &["Lund", "Lunn", "Lun"],
            &["Andersen", "Annersen", "Anderssen"],
            &["Bård", "Bår", "Baard"],
            &["Eid", "Ei"],
            &["Ruud", "Rud"],
            &["Solveig", "Solvei", "Solvej"],
            &["Dahl", "Dal"],
            &["Ohlsen", "Olsen", "Olssen"],
            &["Ragnhild", "Ragnild"],
            &["Gunnhild", "Gunhild"],
            &["Elisabeth", "Elisabet"],
            &["Margrethe", "Margrete", "Margreth", "Margret"],
            &["Olaf", "Olav"],
            &["Schmidt", "Smith", "Schmitt", "Smidt"],
            &["Niels", "Nils"],
            &["Maj", "Mai", "May"],
            &["Tanja", "Tania"],
            &["Øyvind", "Øivind"],
            &["Katrine", "Cathrine", "Kathrine", "Catrine"],
            &["Frederick", "Fredderik"],
            &["Sarah", "Sara"],
            &["Anne-Lise", "Ane Liise"],
        ];
        for navn in like {
            let noekler: Vec<String> = navn.iter().map(|navn| av(navn)).collect();
            assert!(noekler.iter().all(|n| *n == noekler[0]), "{navn:?} {noekler:?}");
        }
    }

    #[test]
    fn different_names_keep_their_own() {
        let ulike = [
            "Kari", "Kåre", "Kira", "Moen", "Mona", "Mari", "Marit", "Anne", "Anna", "Ann", "Hans", "Hanne",
            "Ole", "Ola", "Per", "Pål", "Pedersen", "Petersen", "Bakke", "Bakken", "Berg", "Berge", "Odd",
            "Ida", "Johan", "Jon", "Siv", "Silje", "Kjersti", "Kirsti",
        ];
        for (i, a) in ulike.iter().enumerate() {
            for b in &ulike[i + 1..] {
                assert_ne!(av(a), av(b), "{a} {b}");
            }
        }
    }

    #[test]
    fn a_key_shows_its_sounds() {
        for (navn, noekkel) in
            [("skjelbred", "Selbre"), ("kjell", "Cel"), ("h", "h"), ("bjørn", "biørn"), ("11", "11")]
        {
            assert_eq!(super::noekkel(navn), noekkel);
        }
    }

    proptest! {
        #[test]
        fn every_word_has_a_key(tekst in "[a-zæøå0-9]{1,12}|\\PC{1,8}") {
            for ord in ord(&tekst) {
                prop_assert!(!noekkel(&ord).is_empty());
            }
        }
    }
}
