//! The columns of a segment, opened once and kept as long as the segment.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::columnar::{BytesColumn, Column as Values, StrColumn, TermOrdHit};
use tantivy::index::SegmentId;
use tantivy::{InvertedIndexReader, SegmentReader};

use crate::lead::Leads;
use crate::prefix::prefix_end;
use crate::schema::{Column, ID, Kind, Schema, Sorting, column};

/// The columns of all segments of a moment.
pub(crate) type Columns = Arc<[Arc<SegmentColumns>]>;

/// What is sorted and ranked by.
pub(crate) struct SegmentColumns {
    pub(crate) segment: SegmentId,
    /// How many there are, deleted ones too.
    pub(crate) documents: u32,
    pub(crate) id: Values<u64>,
    /// One for each field of the schema, in its order.
    pub(crate) fields: Vec<FieldColumns>,
    pub(crate) leads: Leads,
}

pub(crate) enum FieldColumns {
    /// Nothing to sort by.
    None,
    Number(Values<i64>),
    Flag(Values<bool>),
    Text(BytesColumn),
    Name(Box<NameColumns>),
}

pub(crate) struct NameColumns {
    /// The dictionary of folded tokens that is searched, and the field it is of.
    pub(crate) words: Arc<InvertedIndexReader>,
    pub(crate) field: tantivy::schema::Field,
    pub(crate) folded: StrColumn,
    pub(crate) accented: StrColumn,
    /// See [`crate::schema::Layout::length`].
    pub(crate) length: Values<u64>,
    pub(crate) collated: BytesColumn,
}

impl fmt::Debug for SegmentColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SegmentColumns({}, {} documents)", self.segment.short_uuid_string(), self.documents)
    }
}

impl SegmentColumns {
    pub(crate) fn open(reader: &SegmentReader, schema: &Schema) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let rows = reader.max_doc();
        let bytes = |name: &str| -> tantivy::Result<BytesColumn> {
            Ok(fast.bytes(name)?.unwrap_or_else(|| BytesColumn::empty(rows)))
        };
        let mut fields = Vec::with_capacity(schema.definitions().len());
        for (index, definition) in (0u16..).zip(schema.definitions()) {
            let name = |of: Column| column(of, index);
            fields.push(match definition.kind {
                Kind::Number => FieldColumns::Number(
                    fast.column_opt(&name(Column::Main))?.unwrap_or_else(|| Values::build_empty_column(rows)),
                ),
                Kind::Flag if definition.sorting != Sorting::None => FieldColumns::Flag(
                    fast.column_opt(&name(Column::Main))?.unwrap_or_else(|| Values::build_empty_column(rows)),
                ),
                Kind::Keyword if definition.sorting != Sorting::None => {
                    FieldColumns::Text(bytes(&name(Column::Sort))?)
                }
                Kind::Name => FieldColumns::Name(Box::new(NameColumns {
                    words: reader.inverted_index(definition.layout.main)?,
                    field: definition.layout.main,
                    folded: tokens(reader, &name(Column::Main))?,
                    accented: tokens(reader, &name(Column::Accented))?,
                    length: fast
                        .column_opt(&name(Column::Length))?
                        .unwrap_or_else(|| Values::build_empty_column(rows)),
                    collated: bytes(&name(Column::Sort))?,
                })),
                Kind::Keyword | Kind::Flag | Kind::Tokens => FieldColumns::None,
            });
        }
        let (segment, id) = (reader.segment_id(), fast.u64(ID)?);
        Ok(Self { segment, documents: rows, id, fields, leads: Leads::default() })
    }
}

/// The column of a name's tokens, in the order they stand.
pub(crate) fn tokens(reader: &SegmentReader, name: &str) -> tantivy::Result<StrColumn> {
    let column = reader.fast_fields().str(name)?;
    Ok(column.unwrap_or_else(|| StrColumn::wrap(BytesColumn::empty(reader.max_doc()))))
}

/// One token of a search as numbers of a segment's dictionary.
#[derive(Debug, Clone)]
pub(crate) struct OrdPattern {
    exact: Option<u64>,
    prefix: Range<u64>,
}

impl OrdPattern {
    pub(crate) fn new(token: &str, column: &StrColumn) -> io::Result<Self> {
        let (start, exact) = match find(column, token.as_bytes())? {
            TermOrdHit::Exact(ord) => (ord, Some(ord)),
            TermOrdHit::Next(ord) => (ord, None),
        };
        let end = match prefix_end(token.as_bytes()).map(|end| find(column, &end)).transpose()? {
            Some(TermOrdHit::Exact(ord) | TermOrdHit::Next(ord)) => ord,
            None => column.num_terms() as u64,
        };
        Ok(Self { exact, prefix: start..end })
    }

    pub(crate) fn all(tokens: &[String], column: &StrColumn) -> io::Result<Vec<Self>> {
        tokens.iter().map(|token| Self::new(token, column)).collect()
    }
}

impl crate::navn::Pattern for OrdPattern {
    type Token = u64;

    fn is(&self, token: &u64) -> bool {
        self.exact == Some(*token)
    }

    fn starts(&self, token: &u64) -> bool {
        self.prefix.contains(token)
    }
}

/// The number of the term in the column's dictionary, or of the first one after it: one past the last if there is none.
pub(crate) fn find(column: &BytesColumn, term: &[u8]) -> io::Result<TermOrdHit> {
    let terms = column.num_terms() as u64;
    Ok(match column.dictionary().term_ord_or_next(term)? {
        TermOrdHit::Next(ord) => TermOrdHit::Next(ord.min(terms)),
        exact @ TermOrdHit::Exact(_) => exact,
    })
}
