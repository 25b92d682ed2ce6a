//! The rules of name search, one by one (fact sheet 7.1).

use super::model::{Register, Unit, everything};
use crate::{Query, Request};

fn found(register: &Register, text: &str) -> Vec<u64> {
    let request = everything(Query::Name(register.fields.name, text.to_owned()));
    let hits = register.index.search(&request).unwrap();
    assert_eq!(hits, register.expected(&request), "{text}");
    hits.ids
}

#[test]
fn the_whole_name_comes_first() {
    let register =
        Register::named(&["Fjord Invest Holding AS", "Nordre Fjord", "FJORD", "Fjordland AS", "Fjord AS"]);
    assert_eq!(found(&register, "fjord"), [3, 5, 4, 1, 2]);
    assert_eq!(found(&register, "Fjord as"), [5, 4, 1]);
}

#[test]
fn moller_and_møller_find_each_other_the_exact_one_first() {
    let register = Register::named(&["MOLLER AS", "MØLLER AS", "MÖLLER AS", "Muller AS"]);
    assert_eq!(found(&register, "moller as"), [1, 2, 3]);
    assert_eq!(found(&register, "møller as"), [2, 1, 3]);
    assert_eq!(found(&register, "möller as"), [3, 1, 2]);
    let register = Register::named(&["Sæter", "Säter", "Saeter", "Åse", "Ase"]);
    assert_eq!(found(&register, "sæter"), [1, 2, 3]);
    assert_eq!(found(&register, "säter"), [2, 1, 3]);
    assert_eq!(found(&register, "saeter")[0], 3);
    assert_eq!(found(&register, "åse"), [4, 5]);
    assert_eq!(found(&register, "ase"), [5, 4]);
}

#[test]
fn every_token_is_a_prefix_in_any_order() {
    let register = Register::named(&["Norsk Hydro ASA", "Hydro Norsk Bruk", "Norske Skog"]);
    assert_eq!(found(&register, "hyd nor"), [1, 2]);
    assert_eq!(found(&register, "asa hydro norsk"), [1]);
    assert_eq!(found(&register, "skog"), [3]);
    assert_eq!(found(&register, "ydro"), Vec::<u64>::new());
}

#[test]
fn some_tokens_count_only_when_nothing_has_all() {
    let register = Register::named(&["Norsk Hydro ASA", "Norsk Bruk", "Bruk AS"]);
    assert_eq!(found(&register, "norsk hydro bruk"), [2, 1, 3]);
    assert_eq!(found(&register, "norsk bruk"), [2]);
    assert_eq!(found(&register, "kaffe te"), Vec::<u64>::new());
}

#[test]
fn those_with_most_tokens_come_first_in_every_window() {
    let words = ["fjord", "hav", "vind", "mat", "as", "bygg"];
    // Every set of at most three: no name has four.
    let sets = (1..1_usize << words.len()).filter(|set| set.count_ones() <= 3);
    let names: Vec<String> = sets
        .map(|set| {
            let chosen = words.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1);
            chosen.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let register = Register::named(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for text in [
        "fjord hav vind mat",
        "as bygg fjord hav vind",
        "hav kaffe vind",
        "as as hav kaffe",
        "f h v m",
        "kaffe te as",
    ] {
        for (offset, limit) in [(0, 0), (0, 1), (0, 7), (3, 2), (20, 20), (60, 5)] {
            let name = Query::Name(register.fields.name, text.to_owned());
            let request = Request { offset, limit, ..everything(name) };
            let hits = register.index.search(&request).unwrap();
            assert_eq!(hits, register.expected(&request), "{text} {offset} {limit}");
        }
    }
}

#[test]
fn other_conditions_count_when_tokens_are_given_up() {
    let unit = |name: &str, staff| Some(Unit { staff: Some(staff), ..Unit::named(name) });
    let register =
        Register::new(vec![vec![(1, unit("Norsk Hydro", 5)), (2, unit("Hydro", 9)), (3, unit("Norsk", 5))]]);
    let name = Query::Name(register.fields.name, "norsk hydro".to_owned());
    let nine = Query::Range(register.fields.staff, std::ops::Bound::Included(9), std::ops::Bound::Unbounded);
    let request = everything(Query::And(vec![name, nine]));
    assert_eq!(register.index.search(&request).unwrap().ids, [2]);
    assert_eq!(register.index.count(&request.query).unwrap(), 1);
}

#[test]
fn punctuation_and_case_do_not_count() {
    let register = Register::named(&["A/S Norske Shell", "AS Norske Shell", "O'Leary's Pub & Mat"]);
    assert_eq!(found(&register, "a-s norske shell"), [1, 2]);
    assert_eq!(found(&register, "O LEARY"), [3]);
    assert_eq!(found(&register, "?!"), Vec::<u64>::new());
    assert_eq!(found(&register, ""), Vec::<u64>::new());
}

#[test]
fn a_phrase_is_words_in_a_row() {
    let register = Register::named(&["Norsk Hydro ASA", "Hydro Norsk ASA", "Norsk Bruk Hydro"]);
    let ids = |text: &str| {
        let request = everything(Query::NamePhrase(register.fields.name, text.to_owned()));
        assert_eq!(register.index.search(&request).unwrap(), register.expected(&request), "{text}");
        register.index.search(&request).unwrap().ids
    };
    assert_eq!(ids("norsk hydro"), [1]);
    assert_eq!(ids("norsk a"), [2]);
    assert_eq!(ids("hydro"), [1, 2, 3]);
    assert_eq!(ids("nor hydro"), Vec::<u64>::new());
}

#[test]
fn names_sort_by_the_norwegian_alphabet() {
    let register = Register::named(&["Åse", "Øst", "Ærlig", "zoo", "AAS", "Ärlig", "3M", "Über", "Yngve"]);
    let key = crate::SortKey { field: register.fields.name, direction: crate::Direction::Ascending };
    let request = Request { sort: vec![key], ..everything(Query::All) };
    assert_eq!(register.index.search(&request).unwrap().ids, [7, 5, 8, 9, 4, 3, 6, 2, 1]);
}

#[test]
fn a_field_is_used_only_for_what_it_is() {
    let register = Register::named(&["A"]);
    let fields = register.fields;
    let wrong = everything(Query::Equals(fields.name, "A".to_owned()));
    assert!(matches!(register.index.search(&wrong), Err(crate::SearchError::WrongKind { .. })));
    let sort = |field| vec![crate::SortKey { field, direction: crate::Direction::Ascending }; 1];
    let unsortable = Request { sort: sort(fields.codes), ..everything(Query::All) };
    assert!(matches!(register.index.search(&unsortable), Err(crate::SearchError::NotSortable { .. })));
    let five = sort(fields.name).repeat(5);
    let deep = Request { sort: five, ..everything(Query::All) };
    assert!(matches!(register.index.search(&deep), Err(crate::SearchError::TooManySortKeys)));
}
