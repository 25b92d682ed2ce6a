//! Random registers, random searches: the index answers what brute force answers.

use std::ops::Bound;

use proptest::prelude::*;
use proptest::sample::select;

use super::model::{Batch, Fields, Register, Unit, schema};
use crate::{Direction, Field, Query, Request, SortKey};

const WORDS: &[&str] = &[
    "Møller",
    "Moller",
    "MÖLLER",
    "møll",
    "Norsk",
    "norske",
    "Hydro",
    "AS",
    "ASA",
    "A/S",
    "Å",
    "Åse",
    "Ase",
    "åser",
    "Bærum",
    "Baerum",
    "bar",
    "Café",
    "cafe",
    "1",
    "12",
    "Æ",
    "Ø",
    "Øl",
    "Zoo",
    "Ærlig",
    "þing",
    "!",
    "Ǻ",
    "Snekkeri",
    "snekekri",
    "Snekkeriet",
    "snakkari",
    "Fjord",
    "fjrod",
    "fjor",
    "2024",
    "2025",
];
const CODES: &[&str] = &["62", "62.01", "62.010", "62.1", "6", "01.110", "Ø"];

fn words(most: usize) -> impl Strategy<Value = String> {
    let word = (select(WORDS), select(&[" ", "-", ", ", "/"][..]));
    prop::collection::vec(word, 0..=most)
        .prop_map(|words| words.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

fn keyword() -> impl Strategy<Value = String> {
    select(CODES).prop_map(str::to_owned)
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -3i64..20, 1 => select(&[i64::MIN + 1, i64::MAX - 1, 40_000][..])]
}

fn unit() -> impl Strategy<Value = Unit> {
    let text = (prop::option::weighted(0.9, words(4)), words(4), prop::option::of(words(2)));
    let keywords =
        (prop::option::of(keyword()), prop::collection::vec(keyword(), 0..3), prop::option::of(keyword()));
    let numbers = (prop::option::of(number()), prop::collection::vec(number(), 0..3));
    (text, keywords, numbers, prop::option::of(any::<bool>())).prop_map(
        |((name, address, place), (form, codes, site), (staff, years), bankrupt)| Unit {
            name,
            form,
            codes,
            place,
            site,
            staff,
            years,
            bankrupt,
            address,
        },
    )
}

pub(super) fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let change = (0u64..80, prop::option::weighted(0.85, unit()));
    let batch = prop::collection::vec(change, 0..60).prop_map(|mut batch| {
        batch.sort_by_key(|(id, _)| *id);
        batch.dedup_by_key(|(id, _)| *id);
        batch
    });
    prop::collection::vec(batch, 1..6)
}

fn bound() -> impl Strategy<Value = Bound<i64>> {
    prop_oneof![
        number().prop_map(Bound::Included),
        number().prop_map(Bound::Excluded),
        Just(Bound::Unbounded),
        select(&[i64::MIN, i64::MAX][..]).prop_map(Bound::Excluded),
    ]
}

/// One range of a field, or several.
fn ranges(fields: Fields) -> impl Strategy<Value = Query> {
    let bounds = prop::collection::vec((bound(), bound()), 1..4);
    (select(vec![fields.staff, fields.years]), bounds).prop_map(|(field, bounds)| {
        Query::And(bounds.into_iter().map(|(from, to)| Query::Range(field, from, to)).collect())
    })
}

/// How many: mostly few, for then it matters in which order matches are looked for.
fn many(most: usize) -> impl Strategy<Value = usize> {
    prop_oneof![2 => 0..6usize, 1 => 0..most]
}

fn query(fields: Fields) -> impl Strategy<Value = Query> {
    let keywords = vec![fields.form, fields.codes, fields.place, fields.site];
    let field = move || select(keywords.clone());
    let leaf = prop_oneof![
        1 => Just(Query::All),
        1 => Just(Query::None),
        2 => (field(), keyword()).prop_map(|(f, v)| Query::Equals(f, v)),
        2 => (field(), prop::collection::vec(keyword(), 0..4)).prop_map(|(f, v)| Query::OneOf(f, v)),
        2 => (field(), keyword()).prop_map(|(f, v)| Query::Prefix(f, v)),
        1 => field().prop_map(|f| Query::Prefix(f, String::new())),
        3 => ranges(fields),
        1 => any::<bool>().prop_map(move |v| Query::Flag(fields.bankrupt, v)),
        2 => words(2).prop_map(move |t| Query::Tokens(fields.address, t)),
        6 => words(3).prop_map(move |t| Query::Name(fields.name, t)),
        4 => (words(3), 0u8..4).prop_map(move |(t, edits)| Query::NameNear(fields.name, t, edits)),
        3 => words(3).prop_map(move |t| Query::NamePhrase(fields.name, t)),
        1 => prop::collection::vec(0u64..50, 0..8).prop_map(Query::Ids),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Query::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Query::Or),
            inner.prop_map(|part| Query::Not(Box::new(part))),
        ]
    })
}

pub(super) fn request(fields: Fields) -> impl Strategy<Value = Request> {
    let sortable = vec![fields.name, fields.form, fields.place, fields.staff, fields.years, fields.bankrupt];
    let direction = select(&[Direction::Ascending, Direction::Descending][..]);
    let key = (select(sortable), direction).prop_map(|(field, direction)| SortKey { field, direction });
    let sort = prop_oneof![prop::collection::vec(key, 0..4), Just(Vec::new())];
    (query(fields), sort, many(30), many(40)).prop_map(|(query, sort, offset, limit)| Request {
        query,
        sort,
        offset,
        limit,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_as_the_rules_say(
        batches in batches(),
        requests in prop::collection::vec(request(schema().1), 40),
    ) {
        let (last, batches) = batches.split_last().unwrap();
        let mut register = Register::new(batches.to_vec());
        // Once more after a commit: what the index has remembered still holds, or is not used any more.
        for commit in [None, Some(last)] {
            if let Some(batch) = commit {
                register.apply(batch.clone());
            }
            for request in &requests {
                let hits = register.index.search(request).unwrap();
                let seen = format!("{:?} sort {:?}", register.index, request.sort);
                prop_assert_eq!(&hits, &register.expected(request), "{} {:?}", seen, Shown(&request.query));
                prop_assert_eq!(register.index.count(&request.query).unwrap(), hits.total);
            }
        }
    }
}

/// Shows the whole query of a failed case; the values are made up here.
pub(super) struct Shown<'a>(pub(super) &'a Query);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Query::And(parts) => {
                f.debug_tuple("And").field(&parts.iter().map(Shown).collect::<Vec<_>>()).finish()
            }
            Query::Or(parts) => {
                f.debug_tuple("Or").field(&parts.iter().map(Shown).collect::<Vec<_>>()).finish()
            }
            Query::Not(part) => f.debug_tuple("Not").field(&Shown(part)).finish(),
            Query::Name(_, text) => write!(f, "Name({text:?})"),
            Query::NameNear(_, text, edits) => write!(f, "NameNear({text:?}, {edits})"),
            Query::NamePhrase(_, text) => write!(f, "NamePhrase({text:?})"),
            Query::Tokens(_, text) => write!(f, "Tokens({text:?})"),
            Query::Range(_, from, to) => write!(f, "Range({from:?}, {to:?})"),
            Query::Equals(field, text) | Query::Prefix(field, text) => {
                write!(f, "{:?} {text:?} of {field:?}", self.0)
            }
            other => write!(f, "{other:?}"),
        }
    }
}

#[test]
fn every_window_of_many_segments_is_a_piece_of_the_whole() {
    let unit = |n: u64| Unit {
        place: Some(WORDS[(n * 7 % 29) as usize].to_owned()),
        staff: (!n.is_multiple_of(5)).then_some((n * 31 % 17).cast_signed()),
        ..Unit::named(&format!("{} {}", WORDS[(n % 29) as usize], n * 13 % 101))
    };
    let batch = |start: u64| (0..60).map(|i| (start + i * 7, Some(unit(start + i * 7)))).collect();
    let register = Register::new((0..7).map(batch).collect());
    let fields = register.fields;
    let orders: [&[Field]; 5] = [
        &[fields.name],
        &[fields.place, fields.name],
        &[fields.staff, fields.place],
        &[fields.form, fields.staff],
        &[],
    ];
    for order in orders {
        for direction in [Direction::Ascending, Direction::Descending] {
            let sort: Vec<_> = order.iter().map(|field| SortKey { field: *field, direction }).collect();
            for (offset, limit) in
                [(0, 1000), (0, 10), (5, 3), (199, 50), (410, 20), (420, 5), (1000, 5), (0, 0)]
            {
                let request = Request { query: Query::All, sort: sort.clone(), offset, limit };
                assert_eq!(
                    register.index.search(&request).unwrap(),
                    register.expected(&request),
                    "{request:?}"
                );
            }
        }
    }
}

#[test]
fn common_words_together_are_found_in_long_lists_too() {
    let unit = |n: u64| Unit {
        staff: Some((n * 37 % 101).cast_signed()),
        ..Unit::named(&format!(
            "Alfa{} Beta{} {}",
            n % 7,
            n % 5,
            if n.is_multiple_of(3) { "AS" } else { "ASA" }
        ))
    };
    let register = Register::new(vec![
        (0..12_000).map(|n| (n, Some(unit(n)))).collect(),
        vec![(5, None), (7_000, None)],
    ]);
    let name = |text: &str| Query::Name(register.fields.name, text.to_owned());
    let few = Query::Range(register.fields.staff, Bound::Included(3), Bound::Excluded(90));
    for query in
        [name("a b"), name("as beta1 alfa"), name("as"), Query::And(vec![few.clone(), name("b")]), few]
    {
        let request = Request { query, sort: Vec::new(), offset: 40, limit: 30 };
        assert_eq!(
            register.index.search(&request).unwrap(),
            register.expected(&request),
            "{:?}",
            Shown(&request.query)
        );
    }
}
