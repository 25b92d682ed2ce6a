//! Orders that are remembered: when they are used, and how much of them is kept.

use std::ops::Bound;
use std::sync::Arc;

use super::model::{Register, Unit};
use crate::columns::SegmentColumns;
use crate::{Direction, Query, Request, SortKey};

const UNITS: u64 = 200;

fn register() -> Register {
    let unit = |n: u64| Unit {
        staff: Some(((n * 37 + 7) % 101).cast_signed()),
        bankrupt: Some(n.is_multiple_of(3)),
        ..Unit::named(&format!("{} {}", ["Alfa", "Beta", "Gamma"][(n % 3) as usize], n * 13 % 97))
    };
    Register::new(vec![(0..UNITS).map(|n| (n, Some(unit(n)))).collect()])
}

fn segment(register: &Register) -> Arc<SegmentColumns> {
    let snapshot = register.index.live().unwrap().generation.snapshot();
    Arc::clone(&snapshot.columns[0])
}

fn check(register: &Register, query: &Query, sort: &[SortKey], (offset, limit): (usize, usize)) {
    let request = Request { query: query.clone(), sort: sort.to_vec(), offset, limit };
    assert_eq!(register.index.search(&request).unwrap(), register.expected(&request), "{request:?}");
}

#[test]
fn an_order_is_remembered_and_outlives_deletions() {
    let mut register = register();
    let by_staff = [SortKey { field: register.fields.staff, direction: Direction::Descending }];
    check(&register, &Query::All, &by_staff, (0, 3));
    let before = segment(&register);
    assert_eq!(before.leads.lengths(), [4]);

    let first =
        register.expected(&Request { query: Query::All, sort: by_staff.to_vec(), offset: 0, limit: 3 });
    register.apply(first.ids.iter().map(|id| (*id, None)).collect());
    assert!(Arc::ptr_eq(&before, &segment(&register)));
    check(&register, &Query::All, &by_staff, (0, 3));
    assert_eq!(before.leads.lengths(), [16], "the first four have hardly anybody left");
    check(&register, &Query::All, &by_staff, (0, 100));
    assert_eq!(before.leads.lengths(), [16], "so far no order is kept");
}

#[test]
fn dense_conditions_and_common_names_go_along_an_order() {
    let register = register();
    let leads = |register: &Register| segment(register).leads.lengths().len();
    let by_number = [SortKey { field: register.fields.staff, direction: Direction::Ascending }];
    check(&register, &Query::Flag(register.fields.bankrupt, false), &by_number, (1, 2));
    assert_eq!(leads(&register), 1);
    for name in ["alfa", "beta 1", "gamma alfa", "a"] {
        check(&register, &Query::Name(register.fields.name, name.to_owned()), &[], (0, 2));
    }
    assert_eq!(leads(&register), 2, "names all go by length, then the alphabet");
}

#[test]
fn the_outermost_numbers_are_read_from_their_order() {
    let register = register();
    let staff = register.fields.staff;
    let at_least = |n| Query::Range(staff, Bound::Included(n), Bound::Unbounded);
    let leads = || segment(&register).leads.lengths();
    check(&register, &at_least(60), &[], (0, 1000));
    check(&register, &Query::Range(staff, Bound::Included(40), Bound::Excluded(42)), &[], (0, 1000));
    assert!(leads().is_empty(), "too many, and not outermost");
    check(&register, &at_least(98), &[], (0, 1000));
    assert_eq!(leads(), [16]);
    check(&register, &Query::Not(Box::new(at_least(98))), &[], (0, 1000));
    check(&register, &Query::And(vec![at_least(98), at_least(40)]), &[], (0, 1000));
    check(&register, &Query::Range(staff, Bound::Unbounded, Bound::Included(2)), &[], (0, 1000));
    assert_eq!(leads(), [16, 16], "one from each end");
    check(&register, &Query::Range(staff, Bound::Unbounded, Bound::Excluded(0)), &[], (0, 1000));
}

#[test]
fn orders_are_forgotten_when_there_are_too_many() {
    let register = register();
    let fields = register.fields;
    let keys: Vec<SortKey> =
        [fields.name, fields.form, fields.place, fields.staff, fields.years, fields.bankrupt]
            .into_iter()
            .flat_map(|field| {
                [Direction::Ascending, Direction::Descending].map(|direction| SortKey { field, direction })
            })
            .collect();
    for round in 0..2 {
        for (a, b) in keys.iter().flat_map(|a| keys.iter().map(move |b| (a, b))) {
            check(&register, &Query::All, &[*a, *b], (10, 2 + round));
        }
    }
    let lengths = segment(&register).leads.lengths();
    let kept: usize = lengths.iter().sum();
    assert!((90..=100).contains(&lengths.len()) && kept <= 8 * UNITS as usize, "{} of {kept}", lengths.len());
}
