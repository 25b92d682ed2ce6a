//! What is put into the index about one document.

use std::fmt;

use tantivy::TantivyDocument;

use crate::schema::{Definition, Field, Kind, Schema, Sorting};
use crate::{SearchError, collation, navn};

/// The searchable side of a document: its number and values. Nothing else is kept.
pub struct Document {
    id: u64,
    values: Vec<(Field, Value)>,
}

enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
}

impl fmt::Debug for Document {
    /// Without number and values: they may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} values)", self.values.len())
    }
}

impl Document {
    /// A document without values.
    pub fn new(id: u64) -> Self {
        Self { id, values: Vec::new() }
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Adds a value of a [`Kind::Keyword`].
    pub fn keyword(&mut self, field: Field, value: impl Into<String>) {
        self.values.push((field, Value::Text(value.into())));
    }

    /// Adds a value of a [`Kind::Number`]. The two extreme numbers sort as their neighbours do.
    pub fn number(&mut self, field: Field, value: impl Into<i64>) {
        self.values.push((field, Value::Number(value.into())));
    }

    /// Sets a [`Kind::Flag`].
    pub fn flag(&mut self, field: Field, value: bool) {
        self.values.push((field, Value::Flag(value)));
    }

    /// Adds text to a [`Kind::Tokens`].
    pub fn tokens(&mut self, field: Field, text: impl Into<String>) {
        self.values.push((field, Value::Text(text.into())));
    }

    /// Sets a [`Kind::Name`]; a second one replaces the first.
    pub fn name(&mut self, field: Field, name: impl Into<String>) {
        self.values.retain(|(other, _)| *other != field);
        self.values.push((field, Value::Text(name.into())));
    }
}

/// Turns a document into the engine's form.
pub(crate) fn lower(document: &Document, schema: &Schema) -> Result<TantivyDocument, SearchError> {
    let mut out = TantivyDocument::default();
    out.add_u64(schema.id(), document.id);
    let mut sorted = Vec::new();
    for (field, value) in &document.values {
        let first = !sorted.contains(&field.index);
        match value {
            Value::Number(number) => {
                out.add_i64(schema.expect(*field, &[Kind::Number])?.layout.main, *number);
            }
            Value::Flag(flag) if first => {
                out.add_bool(schema.expect(*field, &[Kind::Flag])?.layout.main, *flag);
            }
            Value::Flag(_) => {}
            Value::Text(text) => {
                let definition = schema.expect(*field, &[Kind::Keyword, Kind::Tokens, Kind::Name])?;
                lower_text(text, definition, first, &mut out);
            }
        }
        sorted.push(field.index);
    }
    Ok(out)
}

fn lower_text(text: &str, definition: &Definition, first: bool, out: &mut TantivyDocument) {
    let layout = definition.layout;
    match definition.kind {
        Kind::Keyword => out.add_text(layout.main, keyword_form(text, definition)),
        Kind::Name => lower_name(text, definition, out),
        _ => {
            let mut words: Vec<String> = navn::tokens(text).iter().map(|token| navn::fold(token)).collect();
            words.sort_unstable();
            words.dedup();
            for word in &words {
                out.add_text(layout.main, word);
            }
        }
    }
    if first {
        match definition.sorting {
            Sorting::None => {}
            Sorting::Plain => out.add_bytes(layout.sort, keyword_form(text, definition).as_bytes()),
            Sorting::Collated => out.add_bytes(layout.sort, &collation::key(text)),
        }
    }
}

fn lower_name(text: &str, definition: &Definition, out: &mut TantivyDocument) {
    let layout = definition.layout;
    let tokens = navn::tokens(text);
    let folded: Vec<String> = tokens.iter().map(|token| navn::fold(token)).collect();
    let marked = u64::from(tokens != folded);
    out.add_u64(layout.length, (navn::token_length(&tokens) as u64) << 1 | marked);
    for (token, folded) in tokens.iter().zip(&folded) {
        out.add_text(layout.accented, token);
        out.add_text(layout.main, folded);
    }
}

/// A keyword as it is compared.
pub(crate) fn keyword_form(text: &str, definition: &Definition) -> String {
    if definition.caseless { text.to_lowercase() } else { text.to_owned() }
}
