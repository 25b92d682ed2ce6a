//! One index on disk. A rebuild makes a new generation beside the old one.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use tantivy::{IndexReader, ReloadPolicy};

use crate::SearchError;
use crate::checkpoint::Checkpoint;
use crate::columns::SegmentColumns;
use crate::schema::Schema;
use crate::search::Snapshot;

/// Ends the name of a directory whose generation is not finished.
const UNFINISHED: &str = "ny";

pub(crate) struct Generation {
    pub(crate) engine: tantivy::Index,
    reader: IndexReader,
    snapshot: RwLock<Arc<Snapshot>>,
}

impl Generation {
    /// Opens a finished generation. Without a readable checkpoint it is damaged.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<(Self, Checkpoint), SearchError> {
        let engine = tantivy::Index::open_in_dir(path)?;
        let payload = engine.load_metas()?.payload.unwrap_or_default();
        let checkpoint = serde_json::from_str(&payload).map_err(io::Error::from)?;
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        // Opened with another schema, nothing can be asked of it; only its checkpoint is of interest.
        let readable = engine.schema() == *schema.engine();
        let snapshot = if readable { snapshot(&reader, schema, None)? } else { without_columns(&reader) };
        let generation = Self { engine, reader, snapshot: RwLock::new(Arc::new(snapshot)) };
        Ok((generation, checkpoint))
    }

    /// What can be searched now.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read())
    }

    /// Makes the newest commit searchable.
    pub(crate) fn refresh(&self, schema: &Schema) -> Result<(), SearchError> {
        self.reader.reload()?;
        let fresh = snapshot(&self.reader, schema, Some(&self.snapshot()))?;
        *self.snapshot.write() = Arc::new(fresh);
        Ok(())
    }
}

fn without_columns(reader: &IndexReader) -> Snapshot {
    Snapshot { searcher: reader.searcher(), columns: Arc::new([]) }
}

/// Opens the columns of new segments; those of known ones are taken over, for they never change.
fn snapshot(reader: &IndexReader, schema: &Schema, old: Option<&Snapshot>) -> Result<Snapshot, SearchError> {
    let known: HashMap<_, _> =
        old.iter().flat_map(|old| old.columns.iter()).map(|c| (c.segment, c)).collect();
    let searcher = reader.searcher();
    let mut columns = Vec::with_capacity(searcher.segment_readers().len());
    for segment in searcher.segment_readers() {
        columns.push(if let Some(known) = known.get(&segment.segment_id()) {
            Arc::clone(known)
        } else {
            open_indexes(segment, schema)?;
            Arc::new(SegmentColumns::open(segment, schema)?)
        });
    }
    Ok(Snapshot { searcher, columns: columns.into() })
}

/// Opens every searchable field, so that damage shows now and not at some search.
fn open_indexes(segment: &tantivy::SegmentReader, schema: &Schema) -> Result<(), SearchError> {
    for (field, entry) in schema.engine().fields() {
        if entry.is_indexed() {
            segment.inverted_index(field)?;
        }
    }
    Ok(())
}

/// The directory of a generation.
pub(crate) fn directory(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:010}"))
}

/// The directory of a generation that is being built.
pub(crate) fn unfinished(dir: &Path, number: u64) -> PathBuf {
    directory(dir, number).with_extension(UNFINISHED)
}

/// The newest finished generation. Nothing is touched: somebody else may be building there.
pub(crate) fn newest(dir: &Path) -> io::Result<Option<u64>> {
    Ok(parts(dir)?.into_iter().filter_map(|(number, _)| number).max())
}

/// Deletes what is not the newest finished generation. For the one that builds.
pub(crate) fn clear(dir: &Path) -> io::Result<()> {
    let newest = newest(dir)?;
    for (number, path) in parts(dir)? {
        if number.is_none() || number != newest {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

/// The generations in a directory, those without a number unfinished.
fn parts(dir: &Path) -> io::Result<Vec<(Option<u64>, PathBuf)>> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match (name.parse::<u64>(), path.extension().and_then(|extension| extension.to_str())) {
            (Ok(number), _) if directory(dir, number) == path => parts.push((Some(number), path)),
            (_, Some(UNFINISHED)) => parts.push((None, path)),
            _ => {}
        }
    }
    Ok(parts)
}

/// Gives a built generation its final name: from here on it is the one that is opened.
pub(crate) fn finish(dir: &Path, number: u64) -> io::Result<PathBuf> {
    let path = directory(dir, number);
    fs::rename(unfinished(dir, number), &path)?;
    fs::File::open(dir)?.sync_all()?;
    Ok(path)
}
