//! Which fields there are, and how each is laid out in the engine.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::schema::{
    BytesOptions, FAST, INDEXED, IndexRecordOption, NumericOptions, TextFieldIndexing, TextOptions,
};

use crate::SearchError;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Whole values, found exactly or by their beginning; a document may have several.
    Keyword,
    /// Signed numbers, found by range; a document may have several. Dates are days since 1970.
    Number,
    /// True or false.
    Flag,
    /// Free text, found by whole words without regard to case and accents.
    Tokens,
    /// The name of the thing, found and ranked as [`crate::navn`] says. At most one a document; always sortable.
    Name,
}

/// A handle to a field of a [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Field {
    pub(crate) index: u16,
    pub(crate) kind: Kind,
}

impl Field {
    /// What the field holds.
    pub fn kind(self) -> Kind {
        self.kind
    }
}

/// How a keyword can be sorted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sorting {
    None,
    /// In the order of the values: code point order for text.
    Plain,
    /// In Norwegian order.
    Collated,
}

#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) caseless: bool,
    pub(crate) sorting: Sorting,
    pub(crate) layout: Layout,
}

/// The engine's fields behind one of ours. Those that a kind does not need are the same as `main`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Values or folded tokens, searchable; for numbers and names also as a column.
    pub(crate) main: tantivy::schema::Field,
    /// Sort key bytes of the first value, as a column.
    pub(crate) sort: tantivy::schema::Field,
    /// A name's tokens with accents, as a column.
    pub(crate) accented: tantivy::schema::Field,
    /// A name's length, shifted up by one; the lowest bit says that folding changes it.
    pub(crate) length: tantivy::schema::Field,
}

/// The engine's name of the column with `prefix` for our field number `index`.
pub(crate) fn column(prefix: Column, index: u16) -> String {
    let letter = match prefix {
        Column::Main => 'f',
        Column::Sort => 's',
        Column::Accented => 'u',
        Column::Length => 'l',
    };
    format!("{letter}{index}")
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Main,
    Sort,
    Accented,
    Length,
}

/// The engine's name of the column that holds document numbers.
pub(crate) const ID: &str = "id";

/// The fields of an index. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Schema(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    definitions: Vec<Definition>,
    engine: tantivy::schema::Schema,
    id: tantivy::schema::Field,
}

impl Schema {
    /// Starts a schema.
    pub fn builder() -> SchemaBuilder {
        SchemaBuilder { declared: Vec::new() }
    }

    pub(crate) fn engine(&self) -> &tantivy::schema::Schema {
        &self.0.engine
    }

    pub(crate) fn id(&self) -> tantivy::schema::Field {
        self.0.id
    }

    pub(crate) fn definitions(&self) -> &[Definition] {
        &self.0.definitions
    }

    /// The definition of a field, if the field is of this schema and of one of the kinds.
    pub(crate) fn expect(&self, field: Field, kinds: &[Kind]) -> Result<&Definition, SearchError> {
        let definition = self.0.definitions.get(usize::from(field.index));
        let definition = definition.filter(|d| d.kind == field.kind).ok_or(SearchError::UnknownField)?;
        if kinds.contains(&definition.kind) {
            Ok(definition)
        } else {
            Err(SearchError::WrongKind { field: definition.name.clone(), kind: definition.kind })
        }
    }

    /// A line that differs when the layout does; part of the checkpoint.
    pub(crate) fn describe(&self) -> String {
        let fields = self.0.definitions.iter();
        let fields = fields.map(|d| {
            let case = if d.caseless { "~" } else { "" };
            format!("{}:{:?}{case}:{:?}", d.name, d.kind, d.sorting)
        });
        fields.collect::<Vec<_>>().join(" ")
    }
}

/// Collects fields for a [`Schema`].
#[derive(Debug)]
pub struct SchemaBuilder {
    declared: Vec<(String, Kind, bool, Sorting)>,
}

impl SchemaBuilder {
    /// Declares a [`Kind::Keyword`].
    pub fn keyword(&mut self, name: &str) -> Declaration<'_> {
        self.declare(name, Kind::Keyword, Sorting::None)
    }

    /// Declares a [`Kind::Number`]. Numbers are always sortable.
    pub fn number(&mut self, name: &str) -> Declaration<'_> {
        self.declare(name, Kind::Number, Sorting::Plain)
    }

    /// Declares a [`Kind::Flag`].
    pub fn flag(&mut self, name: &str) -> Declaration<'_> {
        self.declare(name, Kind::Flag, Sorting::None)
    }

    /// Declares a [`Kind::Tokens`].
    pub fn tokens(&mut self, name: &str) -> Declaration<'_> {
        self.declare(name, Kind::Tokens, Sorting::None)
    }

    /// Declares a [`Kind::Name`]. Names are always sortable, in Norwegian order.
    pub fn name(&mut self, name: &str) -> Declaration<'_> {
        self.declare(name, Kind::Name, Sorting::Collated)
    }

    fn declare(&mut self, name: &str, kind: Kind, sorting: Sorting) -> Declaration<'_> {
        self.declared.push((name.to_owned(), kind, false, sorting));
        Declaration { builder: self }
    }

    /// The schema.
    ///
    /// # Errors
    /// [`SearchError::Schema`] when two fields share a name, or free text was asked to be sortable.
    pub fn build(self) -> Result<Schema, SearchError> {
        let mut names = HashSet::new();
        let mut engine = tantivy::schema::Schema::builder();
        let id = engine.add_u64_field(ID, INDEXED | FAST);
        let mut definitions = Vec::with_capacity(self.declared.len());
        for (number, (name, kind, caseless, sorting)) in self.declared.into_iter().enumerate() {
            let index =
                u16::try_from(number).map_err(|_| SearchError::Schema("too many fields".to_owned()))?;
            if !names.insert(name.clone()) {
                return Err(SearchError::Schema(format!("two fields are called {name}")));
            }
            if kind == Kind::Tokens && sorting != Sorting::None {
                return Err(SearchError::Schema(format!("{name} is free text and cannot be sorted on")));
            }
            let layout = lay_out(&mut engine, index, kind, sorting);
            definitions.push(Definition { name, kind, caseless, sorting, layout });
        }
        Ok(Schema(Arc::new(Inner { definitions, engine: engine.build(), id })))
    }
}

/// A field that is being declared.
#[derive(Debug)]
pub struct Declaration<'a> {
    builder: &'a mut SchemaBuilder,
}

impl Declaration<'_> {
    /// Values can be sorted on, in code point order. Of several values in a document the first counts.
    #[must_use]
    pub fn sortable(self) -> Self {
        self.change(|(_, kind, _, sorting)| {
            if *kind != Kind::Name {
                *sorting = Sorting::Plain;
            }
        })
    }

    /// Texts can be sorted on, in Norwegian order ([`crate::collation::key`]).
    #[must_use]
    pub fn collated(self) -> Self {
        self.change(|(_, kind, _, sorting)| {
            *sorting =
                if matches!(kind, Kind::Keyword | Kind::Name) { Sorting::Collated } else { Sorting::Plain };
        })
    }

    /// Keywords are compared without regard to case.
    #[must_use]
    pub fn caseless(self) -> Self {
        self.change(|(_, _, caseless, _)| *caseless = true)
    }

    /// The handle.
    pub fn field(self) -> Field {
        let last = self.builder.declared.len() - 1;
        let index = u16::try_from(last).unwrap_or(u16::MAX);
        Field { index, kind: self.builder.declared[last].1 }
    }

    fn change(self, with: impl FnOnce(&mut (String, Kind, bool, Sorting))) -> Self {
        self.builder.declared.last_mut().map(with);
        self
    }
}

fn lay_out(engine: &mut tantivy::schema::SchemaBuilder, index: u16, kind: Kind, sorting: Sorting) -> Layout {
    // Neither frequencies nor norms: nothing is scored by them.
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    let text = TextOptions::default().set_indexing_options(indexing);
    let main_name = column(Column::Main, index);
    let main = match kind {
        Kind::Keyword | Kind::Tokens => engine.add_text_field(&main_name, text),
        Kind::Name => engine.add_text_field(&main_name, text.set_fast("raw")),
        Kind::Number => engine.add_i64_field(&main_name, FAST),
        Kind::Flag if sorting == Sorting::None => engine.add_bool_field(&main_name, INDEXED),
        Kind::Flag => engine.add_bool_field(&main_name, INDEXED | FAST),
    };
    let sort = match kind {
        Kind::Keyword | Kind::Name if sorting != Sorting::None => {
            engine.add_bytes_field(&column(Column::Sort, index), BytesOptions::default().set_fast())
        }
        _ => main,
    };
    let (accented, length) = if kind == Kind::Name {
        let accented = TextOptions::default().set_fast("raw");
        let length = NumericOptions::default().set_fast();
        (
            engine.add_text_field(&column(Column::Accented, index), accented),
            engine.add_u64_field(&column(Column::Length, index), length),
        )
    } else {
        (main, main)
    };
    Layout { main, sort, accented, length }
}
