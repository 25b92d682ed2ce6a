//! Which of a person's addresses a value is of.
//!
//! A person is one document of the index, and has many addresses. That `Storgata`, `12` and `0155` are of the same one is
//! known by a mark that each value begins with: `b` for the home and `o` for the stay of now, `b0`, `b1`, … and `o0`, `o1`,
//! … for those of the past.

use super::adresse::Adresseslag;

/// So many different past addresses of a kind are told apart. Further ones share the last mark; parts of several of them
/// may then answer for one. Few people move so often.
const MAKS_TIDLIGERE: usize = 24;

fn bokstav(slag: Adresseslag) -> char {
    match slag {
        Adresseslag::Bosted => 'b',
        Adresseslag::Opphold => 'o',
    }
}

/// The mark of the address of now.
pub(crate) fn gjeldende(slag: Adresseslag) -> String {
    bokstav(slag).to_string()
}

/// The mark of a past address, by its place among those of its kind.
pub(crate) fn tidligere(slag: Adresseslag, plass: usize) -> String {
    format!("{}{}", bokstav(slag), plass.min(MAKS_TIDLIGERE - 1))
}

/// Every mark that an address of a kind may have.
pub(crate) fn alle(slag: Adresseslag, med_tidligere: bool) -> Vec<String> {
    let antall = if med_tidligere { MAKS_TIDLIGERE } else { 0 };
    let foer = (0..antall).map(|plass| tidligere(slag, plass));
    std::iter::once(gjeldende(slag)).chain(foer).collect()
}

/// A value with its mark.
pub(crate) fn merket(spor: &str, verdi: &str) -> String {
    format!("{spor}:{verdi}")
}
