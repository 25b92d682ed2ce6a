//! Views: pages after a place together are the whole, and facets are what counting by hand gives.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::equality::{Shown, batches, request};
use super::model::{Register, Unit, everything, schema};
use crate::{Direction, Facet, Place, Query, Request, SearchError, SortKey};

/// Facets by hand.
fn counted(units: &[(u64, &Unit)], most: usize, value: impl Fn(&Unit) -> Option<String>) -> Facet {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut without = 0;
    for (_, unit) in units {
        match value(unit) {
            Some(value) => *counts.entry(value).or_default() += 1,
            None => without += 1,
        }
    }
    let mut values: Vec<(String, u64)> = counts.into_iter().collect();
    values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rest = values.iter().skip(most).map(|(_, count)| count).sum();
    values.truncate(most);
    Facet { values, rest, without }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn pages_after_one_another_are_the_whole(
        batches in batches(),
        requests in prop::collection::vec(request(schema().1), 15),
        size in 1usize..9,
    ) {
        let register = Register::new(batches);
        let view = register.index.view().unwrap();
        for request in requests {
            let whole = register.expected(&Request { offset: 0, limit: 1000, ..request.clone() });
            let part = Request { offset: 0, limit: size, ..request.clone() };
            let (mut after, mut ids) = (None::<Place>, Vec::<u64>::new());
            loop {
                let page = view.page(&part, after.as_ref()).unwrap();
                prop_assert_eq!(page.hits.total, whole.total);
                prop_assert_eq!(page.hits.ids.is_empty(), page.last.is_none());
                ids.extend(&page.hits.ids);
                let Some(last) = page.last else { break };
                after = Some(Place::from_bytes(&last.to_bytes()).unwrap());
            }
            prop_assert_eq!(ids, whole.ids, "sort {:?} {:?}", request.sort, Shown(&request.query));
        }
    }

    #[test]
    fn a_visit_shows_every_match_until_it_is_stopped(
        batches in batches(),
        requests in prop::collection::vec(request(schema().1), 15),
        most in 0usize..9,
    ) {
        let register = Register::new(batches);
        let view = register.index.view().unwrap();
        for request in requests {
            let shown = Shown(&request.query);
            let visit = |most: usize| {
                let mut found = Vec::new();
                view.visit(&request.query, register.fields.staff, &mut |some| {
                    found.extend_from_slice(some);
                    if found.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                }).unwrap();
                found.sort_unstable();
                assert!(found.iter().all(|(id, staff)| register.units[id].staff == *staff));
                found.into_iter().map(|(id, _)| id).collect::<Vec<u64>>()
            };
            let all = visit(usize::MAX);
            let strict: Vec<u64> = register.strict(&request.query);
            prop_assert_eq!(&all, &strict, "{:?}", shown);
            let some = visit(most);
            prop_assert!(some.len() > most || some == all, "{:?}", Shown(&request.query));
            prop_assert!(some.iter().all(|id| all.binary_search(id).is_ok()));
        }
    }

    #[test]
    fn facets_are_counts(
        batches in batches(),
        requests in prop::collection::vec(request(schema().1), 15),
        most in 0usize..6,
    ) {
        let register = Register::new(batches);
        let (view, fields) = (register.index.view().unwrap(), register.fields);
        for Request { query, .. } in requests {
            let units = register.found(&query);
            let facets = view.facets(&query, &[fields.form, fields.bankrupt], most).unwrap();
            let forms = counted(&units, most, |unit| unit.form.clone());
            let bankrupt = counted(&units, most, |unit| unit.bankrupt.map(|flag| flag.to_string()));
            prop_assert_eq!(facets, [forms, bankrupt], "{:?}", Shown(&query));
        }
    }
}

#[test]
fn a_view_keeps_its_moment_and_a_place_its_order() {
    let register = Register::named(&["Fjord en", "Fjord to", "Fjord tre"]);
    let name = register.fields.name;
    let view = register.index.view().unwrap();
    let by_name = SortKey { field: name, direction: Direction::Ascending };
    let request = Request { sort: vec![by_name], limit: 2, ..everything(Query::All) };
    let place = view.page(&request, None).unwrap().last.unwrap();
    let rest = view.page(&request, Some(&place)).unwrap();
    assert_eq!((rest.hits.total, rest.hits.ids), (3, vec![3]));
    let other = Request { sort: Vec::new(), ..request };
    assert!(matches!(view.page(&other, Some(&place)), Err(SearchError::OtherOrder)));
    assert!(matches!(
        view.facets(&Query::All, &[register.fields.place], 3),
        Err(SearchError::NotSortable { .. })
    ));
    assert_eq!(view.search(&everything(Query::All)).unwrap().total, view.count(&Query::All).unwrap());
    assert_eq!(view.position(), 2);
}

#[test]
fn near_names_come_after_exact_ones() {
    let register = Register::named(&["Fjrod AS", "Snekkeri Fjord", "Fjord", "Fjordland", "Ford", "Fjell"]);
    let near = |text: &str, edits| Query::NameNear(register.fields.name, text.to_owned(), edits);
    let ids = |query| register.index.search(&everything(query)).unwrap().ids;
    assert_eq!(ids(near("fjord", 2)), [3, 4, 2, 5, 1]);
    assert_eq!(ids(near("fjord", 0)), [3, 4, 2]);
    assert_eq!(ids(near("fjrod", 2)), [1, 3, 2]);
    assert_eq!(ids(near("snekekri fjord", 2)), [2]);
    assert!(ids(near("", 2)).is_empty());
}
