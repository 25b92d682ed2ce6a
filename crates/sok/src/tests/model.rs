//! A small register, an index of it, and the same searches by brute force.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::RangeBounds;

use tempfile::TempDir;

use crate::checkpoint::{Checkpoint, format};
use crate::generation::{Generation, finish, unfinished};
use crate::writer::{Builder, LiveWriter};
use crate::{
    Budget, Direction, Document, Field, Hits, Index, Query, Request, Schema, SortKey, collation, navn, near,
};

pub(super) const VERSION: u32 = 1;

#[derive(Debug, Clone, Default)]
pub(super) struct Unit {
    pub(super) name: Option<String>,
    pub(super) form: Option<String>,
    pub(super) codes: Vec<String>,
    pub(super) place: Option<String>,
    pub(super) site: Option<String>,
    pub(super) staff: Option<i64>,
    pub(super) years: Vec<i64>,
    pub(super) bankrupt: Option<bool>,
    pub(super) address: String,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) name: Field,
    pub(super) form: Field,
    pub(super) codes: Field,
    pub(super) place: Field,
    pub(super) site: Field,
    pub(super) staff: Field,
    pub(super) years: Field,
    pub(super) bankrupt: Field,
    pub(super) address: Field,
}

pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        name: builder.name("navn").field(),
        form: builder.keyword("organisasjonsform").sortable().field(),
        codes: builder.keyword("naeringskode").field(),
        place: builder.keyword("poststed").collated().field(),
        site: builder.keyword("hjemmeside").caseless().field(),
        staff: builder.number("antallAnsatte").field(),
        years: builder.number("regnskapsaar").field(),
        bankrupt: builder.flag("konkurs").sortable().field(),
        address: builder.tokens("adresse").field(),
    };
    (builder.build().unwrap(), fields)
}

impl Unit {
    pub(super) fn named(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::default() }
    }

    pub(super) fn document(&self, id: u64, fields: &Fields) -> Document {
        let mut document = Document::new(id);
        for (field, text) in
            [(fields.form, &self.form), (fields.place, &self.place), (fields.site, &self.site)]
        {
            if let Some(text) = text {
                document.keyword(field, text);
            }
        }
        self.codes.iter().for_each(|code| document.keyword(fields.codes, code));
        if let Some(name) = &self.name {
            document.name(fields.name, name);
        }
        if let Some(staff) = self.staff {
            document.number(fields.staff, staff);
        }
        self.years.iter().for_each(|year| document.number(fields.years, *year));
        if let Some(bankrupt) = self.bankrupt {
            document.flag(fields.bankrupt, bankrupt);
        }
        document.tokens(fields.address, &self.address);
        document
    }
}

fn checkpoint(schema: &Schema, position: u64) -> Checkpoint {
    Checkpoint { format: format(schema, VERSION), position, event: None }
}

pub(super) type Batch = Vec<(u64, Option<Unit>)>;

/// An index and what should be in it.
pub(super) struct Register {
    pub(super) index: Index,
    pub(super) fields: Fields,
    pub(super) units: BTreeMap<u64, Unit>,
    schema: Schema,
    writer: LiveWriter,
    _dir: TempDir,
}

impl Register {
    /// The first batch is built at once, every further one is a commit, and so a segment, of its own.
    pub(super) fn new(batches: Vec<Batch>) -> Self {
        let (schema, fields) = schema();
        let dir = TempDir::new().unwrap();
        let index = Index::open(dir.path(), schema.clone(), VERSION).unwrap();
        let mut units = BTreeMap::new();
        let mut batches = batches.into_iter();
        let small = Budget { threads: 1, bytes_per_thread: 0 };
        let mut builder = Builder::create(&unfinished(dir.path(), 1), &schema, small).unwrap();
        for (id, unit) in batches.next().unwrap_or_default() {
            if let Some(unit) = unit
                && !units.contains_key(&id)
            {
                builder.add(&[unit.document(id, &fields)]).unwrap();
                units.insert(id, unit);
            }
        }
        builder.finish(&checkpoint(&schema, 0)).unwrap();
        let path = finish(dir.path(), 1).unwrap();
        let (generation, read) = Generation::open(&path, &schema).unwrap();
        index.replace(1, generation, read);

        let writer = LiveWriter::open(index.live().unwrap().generation).unwrap();
        let mut register = Self { index, fields, units, schema, writer, _dir: dir };
        batches.for_each(|batch| register.apply(batch));
        register
    }

    /// Takes in one commit more.
    pub(super) fn apply(&mut self, batch: Batch) {
        let document = |(id, unit): &(u64, Option<Unit>)| {
            (*id, unit.as_ref().map(|unit| unit.document(*id, &self.fields)))
        };
        let changes: Vec<_> = batch.iter().map(document).collect();
        let checkpoint = checkpoint(&self.schema, self.index.position().unwrap() + 1);
        self.writer.apply(&changes, &self.schema, &checkpoint).unwrap();
        self.index.advance(&self.writer.generation, checkpoint).unwrap();
        for (id, unit) in batch {
            match unit {
                Some(unit) => self.units.insert(id, unit),
                None => self.units.remove(&id),
            };
        }
    }

    pub(super) fn named(names: &[&str]) -> Self {
        let batch = |(id, name): (u64, &&str)| vec![(id, Some(Unit::named(name)))];
        Self::new((1..).zip(names).map(batch).collect())
    }

    /// What the rules say the answer is.
    pub(super) fn expected(&self, request: &Request) -> Hits {
        let mut hits: Vec<_> =
            self.units.iter().filter(|(id, u)| self.matches(&request.query, **id, u, false)).collect();
        if hits.is_empty() {
            hits = self.units.iter().filter(|(id, u)| self.matches(&request.query, **id, u, true)).collect();
        }
        hits.sort_by(|(a_id, a), (b_id, b)| self.compare(request, a, b).then(a_id.cmp(b_id)));
        let ids = hits.iter().skip(request.offset).take(request.limit).map(|(id, _)| **id).collect();
        Hits { total: hits.len() as u64, ids }
    }

    /// The numbers of the documents that match when every token of a name must.
    pub(super) fn strict(&self, query: &Query) -> Vec<u64> {
        let found = self.units.iter().filter(|(id, unit)| self.matches(query, **id, unit, false));
        found.map(|(id, _)| *id).collect()
    }

    fn matches(&self, query: &Query, id: u64, unit: &Unit, some: bool) -> bool {
        let within = |parts: &[Query], any: bool| {
            let mut found = parts.iter().map(|part| self.matches(part, id, unit, some));
            if any { found.any(|yes| yes) } else { found.all(|yes| yes) }
        };
        let name = unit.name.as_deref().unwrap_or_default();
        match query {
            Query::All => true,
            Query::None => false,
            Query::And(parts) => within(parts, false),
            Query::Or(parts) => within(parts, true),
            Query::Not(part) => !self.matches(part, id, unit, false),
            Query::Equals(field, value) => self.keywords(*field, unit).contains(&self.form_of(*field, value)),
            Query::OneOf(field, values) => {
                values.iter().any(|value| self.keywords(*field, unit).contains(&self.form_of(*field, value)))
            }
            Query::Prefix(field, prefix) => {
                let prefix = self.form_of(*field, prefix);
                self.keywords(*field, unit).iter().any(|value| value.starts_with(&prefix))
            }
            Query::Range(field, from, to) => {
                let numbers =
                    if *field == self.fields.years { unit.years.as_slice() } else { unit.staff.as_slice() };
                numbers.iter().any(|n| (*from, *to).contains(n))
            }
            Query::Flag(_, value) => unit.bankrupt == Some(*value),
            Query::Tokens(_, text) => {
                let fold = |text: &str| navn::tokens(text).iter().map(|t| navn::fold(t)).collect::<Vec<_>>();
                let (wanted, there) = (fold(text), fold(&unit.address));
                !wanted.is_empty() && wanted.iter().all(|word| there.contains(word))
            }
            Query::Name(_, text) => {
                navn::tier(text, name).is_some_and(|tier| some || tier <= navn::LAST_FULL_TIER)
            }
            Query::NameNear(_, text, edits) => near::tier(text, name, *edits).is_some(),
            Query::NamePhrase(_, text) => navn::consecutive(text, name),
            Query::Ids(ids) => ids.contains(&id),
        }
    }

    /// The units that a query finds, with their numbers.
    pub(super) fn found(&self, query: &Query) -> Vec<(u64, &Unit)> {
        let request = Request { limit: usize::MAX, ..everything(query.clone()) };
        self.expected(&request).ids.into_iter().map(|id| (id, &self.units[&id])).collect()
    }

    fn form_of(&self, field: Field, value: &str) -> String {
        if field == self.fields.site { value.to_lowercase() } else { value.to_owned() }
    }

    fn keywords(&self, field: Field, unit: &Unit) -> Vec<String> {
        let fields = &self.fields;
        if field == fields.codes {
            return unit.codes.clone();
        }
        let value = if field == fields.form {
            &unit.form
        } else if field == fields.place {
            &unit.place
        } else {
            &unit.site
        };
        value.iter().map(|value| self.form_of(field, value)).collect()
    }

    fn compare(&self, request: &Request, a: &Unit, b: &Unit) -> Ordering {
        if request.sort.is_empty() {
            let Some(ranking) = request.query.ranking_name() else { return Ordering::Equal };
            let text = ranking.text;
            let rank = |unit: &Unit| {
                let name = unit.name.as_deref();
                let tier = |name| match ranking.edits {
                    Some(edits) => near::tier(text, name, edits),
                    None => navn::tier(text, name),
                };
                let tier = name.and_then(tier).unwrap_or(u8::MAX);
                let length = name.map_or(usize::MAX, navn::length);
                (tier, length, name.is_none(), name.map(collation::key))
            };
            return rank(a).cmp(&rank(b));
        }
        let by = |key: &SortKey| {
            let (a, b) = (self.sort_value(key.field, a), self.sort_value(key.field, b));
            match (a, b) {
                (Some(a), Some(b)) if key.direction == Direction::Descending => b.cmp(&a),
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            }
        };
        request.sort.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// As bytes or a number, whichever sorts.
    fn sort_value(&self, field: Field, unit: &Unit) -> Option<(Vec<u8>, i64)> {
        let fields = &self.fields;
        let text = |bytes: Vec<u8>| (bytes, 0);
        if field == fields.name {
            unit.name.as_deref().map(collation::key).map(text)
        } else if field == fields.place {
            unit.place.as_deref().map(collation::key).map(text)
        } else if field == fields.form {
            unit.form.clone().map(String::into_bytes).map(text)
        } else if field == fields.staff {
            unit.staff.map(|n| (Vec::new(), n))
        } else if field == fields.years {
            unit.years.first().map(|n| (Vec::new(), *n))
        } else {
            unit.bankrupt.map(|flag| (Vec::new(), i64::from(flag)))
        }
    }
}

/// A request for everything that matches, in the default order.
pub(super) fn everything(query: Query) -> Request {
    Request { query, sort: Vec::new(), offset: 0, limit: 1_000 }
}
