//! The index behind the search for people: in which units somebody of a name has a role.
//!
//! One document a unit with roles, with keys of every person in it: each word of the name, each pair of words, and
//! each word with the date of birth. Pairs keep the words of one person together, so that one unit's *Kari* and *Hansen*
//! are seldom taken for *Kari Hansen*; what remains of that is for the reader of the role documents to sort out.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use journal::{SharedJournal, Version};
use sok::{Document, Field, Follower, Hits, Index, Query, Request, Schema, navn};
use tid::Date;

use crate::Feil;
use crate::endring::{OPPDATERTE_ROLLER, ROLLER};
use crate::modell::rolle::{Personnavn, Rolleperson, Roller};

/// Raised when roles are turned into keys in another way.
const INDEKSVERSJON: u32 = 1;

/// Only so many words of a name are searchable, so that the number of pairs is bounded.
const MAKS_NAVNEORD: usize = 16;

/// So many words may be asked for.
pub const MAKS_SOKEORD: usize = 8;

/// Who is looked for. Without `Debug` output of the name: it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Personsporring {
    ord: Vec<String>,
    fodselsdato: Option<Date>,
}

impl std::fmt::Debug for Personsporring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Personsporring({} ord)", self.ord.len())
    }
}

impl Personsporring {
    /// People whose names have all the words of a text, without regard to case and accents. `None` when the text has
    /// fewer than two letters or more than [`MAKS_SOKEORD`] words.
    pub fn ny(tekst: &str, fodselsdato: Option<Date>) -> Option<Self> {
        let ord = ordene(&[tekst]);
        let bokstaver = tekst.chars().filter(|tegn| tegn.is_alphabetic()).count();
        (bokstaver >= 2 && ord.len() <= MAKS_SOKEORD).then_some(Self { ord, fodselsdato })
    }

    /// People of exactly this name and date of birth, without regard to case and accents. `None` when there is no word in
    /// the name.
    pub fn en(navn: &Personnavn, fodselsdato: Date) -> Option<Self> {
        let ord = navneord(navn);
        (!ord.is_empty()).then_some(Self { ord, fodselsdato: Some(fodselsdato) })
    }

    /// Whether this person has no other words in the name than are asked for, and all of them.
    pub fn er(&self, person: &Rolleperson) -> bool {
        self.fodselsdato.is_none_or(|dato| dato == person.fodselsdato) && self.ord == navneord(&person.navn)
    }

    /// Whether this is such a person.
    pub fn passer(&self, person: &Rolleperson) -> bool {
        let navnet = navneord(&person.navn);
        self.fodselsdato.is_none_or(|dato| dato == person.fodselsdato)
            && self.ord.iter().all(|ord| navnet.contains(ord))
    }

    /// Keys that such a person's unit has, all of them.
    fn nokler(&self) -> Vec<String> {
        let mut ut = parene(&self.ord);
        match self.fodselsdato {
            Some(dato) => ut.extend(self.ord.iter().map(|ord| med_dato(ord, dato))),
            None if ut.is_empty() => ut.extend(self.ord.iter().cloned()),
            None => {}
        }
        ut
    }
}

/// The different words of texts, folded, in order.
fn ordene(tekster: &[&str]) -> Vec<String> {
    let tekster = tekster.iter().flat_map(|tekst| navn::tokens(tekst));
    let mut ord: Vec<String> = tekster.map(|token| navn::fold(&token)).collect();
    ord.sort_unstable();
    ord.dedup();
    ord
}

fn navneord(navn: &Personnavn) -> Vec<String> {
    let mut ord = ordene(&[&navn.fornavn, navn.mellomnavn.as_deref().unwrap_or(""), &navn.etternavn]);
    ord.truncate(MAKS_NAVNEORD);
    ord
}

fn parene(ord: &[String]) -> Vec<String> {
    let par = |(i, forste): (usize, &String)| {
        let forste = forste.clone();
        ord[i + 1..].iter().map(move |andre| format!("{forste} {andre}"))
    };
    ord.iter().enumerate().flat_map(par).collect()
}

/// Words have letters and digits only, so a key of this kind is never one of another.
fn med_dato(ord: &str, dato: Date) -> String {
    format!("{ord} {dato}")
}

/// Every key of the people with roles in a unit.
fn nokler(roller: &Roller) -> HashSet<String> {
    let mut ut = HashSet::new();
    for person in roller.rollegrupper.iter().flat_map(|g| &g.roller).filter_map(|r| r.person.as_ref()) {
        let ord = navneord(&person.navn);
        ut.extend(parene(&ord));
        ut.extend(ord.iter().map(|ord| med_dato(ord, person.fodselsdato)));
        ut.extend(ord);
    }
    ut
}

/// The index. Cheap to clone.
#[derive(Clone)]
pub struct Personindeks {
    index: Index,
    nokkel: Field,
}

impl Personindeks {
    /// The name of its directory.
    pub const NAVN: &str = "personer";

    /// Opens the index in a directory of its own. It answers when a follower has built it.
    ///
    /// # Errors
    /// When the directory cannot be made or read.
    pub fn open(mappe: &Path) -> Result<Self, Feil> {
        let mut bygger = Schema::builder();
        let nokkel = bygger.keyword("nokkel").field();
        let index = Index::open(&mappe.join(Self::NAVN), bygger.build()?, INDEKSVERSJON)?;
        Ok(Self { index, nokkel })
    }

    /// The index itself: its position, its size, its health.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What builds the index and keeps it in step with the feed of roles.
    pub fn folger(&self, journal: SharedJournal) -> Follower {
        let nokkel = self.nokkel;
        let avbild = move |versjon: &Version| match serde_json::from_slice::<Roller>(&versjon.body) {
            Ok(roller) => dokument(versjon.id, nokkel, &roller),
            Err(feil) => {
                // The error may quote the document, which has personal data.
                tracing::error!(kategori = ?feil.classify(), seq = %versjon.seq, "lagrede roller kan ikke indekseres");
                None
            }
        };
        Follower::new(journal, OPPDATERTE_ROLLER, ROLLER, self.index.clone(), Arc::new(avbild))
    }

    /// The first units, by number, where such a person may have a role.
    ///
    /// # Errors
    /// When the index is not built yet or fails.
    pub async fn sok(&self, sporring: &Personsporring, antall: usize) -> Result<Hits, Feil> {
        let nokler = sporring.nokler().into_iter();
        let query = Query::And(nokler.map(|nokkel| Query::Equals(self.nokkel, nokkel)).collect());
        let request = Request { query, sort: Vec::new(), offset: 0, limit: antall };
        let index = self.index.clone();
        let svar = tokio::task::spawn_blocking(move || index.search(&request)).await;
        Ok(svar.map_err(|_| Feil::Avbrutt)??)
    }
}

fn dokument(id: u64, nokkel: Field, roller: &Roller) -> Option<Document> {
    let nokler = nokler(roller);
    if nokler.is_empty() {
        return None;
    }
    let mut dokument = Document::new(id);
    for verdi in nokler {
        dokument.keyword(nokkel, verdi);
    }
    Some(dokument)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(navn: [&str; 3], dato: &str) -> Rolleperson {
        let [fornavn, mellomnavn, etternavn] = navn.map(str::to_owned);
        let mellomnavn = (!mellomnavn.is_empty()).then_some(mellomnavn);
        let navn = Personnavn { fornavn, mellomnavn, etternavn };
        Rolleperson { fodselsdato: Date::parse(dato).unwrap(), navn, er_doed: false }
    }

    fn roller(person: Rolleperson) -> Roller {
        let kode = || crate::modell::enhet::Kode { kode: "LEDE".to_owned(), beskrivelse: String::new() };
        let rolle = crate::modell::rolle::Rolle {
            type_: kode(),
            person: Some(person),
            enhet: None,
            ansvarsandel: None,
            valgt_av: None,
            fratraadt: false,
            avregistrert: false,
            rekkefolge: 0,
        };
        let sist_endret = Date::from_days_since_epoch(0);
        let gruppe = crate::modell::rolle::Rollegruppe { type_: kode(), sist_endret, roller: vec![rolle] };
        Roller { rollegrupper: vec![gruppe] }
    }

    #[test]
    fn too_little_and_too_much_is_refused() {
        for tekst in ["", "a", "1 2", "..", "a 1", "a b c d e f g h i"] {
            assert!(Personsporring::ny(tekst, None).is_none(), "{tekst}");
        }
        assert!(
            Personsporring::ny("bo", None).is_some() && Personsporring::ny("a b c d e f g h", None).is_some()
        );
    }

    proptest! {
        #[test]
        fn who_fits_is_in_the_index(
            navn in "[abcø]{1,2}( [abcø]{1,2}){0,3}", mellom in "[abø-]{0,3}", sok in "[ABCØo]{2}( [abcø]{1,2}){0,2}",
            dag in 0..2i32, med_dag in any::<bool>(),
        ) {
            let person = person([&navn, &mellom, "Åsen"], ["1966-05-04", "1966-05-05"][usize::from(dag == 1)]);
            let dato = med_dag.then(|| Date::parse("1966-05-04").unwrap());
            let sporring = Personsporring::ny(&sok, dato).unwrap();
            let har = nokler(&roller(person.clone()));
            // With one person in the unit, the keys alone decide.
            prop_assert_eq!(sporring.nokler().iter().all(|nokkel| har.contains(nokkel)), sporring.passer(&person));
        }
    }
}
