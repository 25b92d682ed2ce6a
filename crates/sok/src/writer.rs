//! Writing to a generation: small batches into a live one, everything into a new one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy, UserOperation};
use tantivy::{IndexWriter, TantivyDocument, Term};

use crate::SearchError;
use crate::checkpoint::Checkpoint;
use crate::document::{Document, lower};
use crate::generation::Generation;
use crate::schema::Schema;

/// The least memory the engine accepts for a thread, in bytes.
const LEAST_MEMORY: usize = 15_000_000;

/// A segment with a larger share of deleted documents is written anew. With a million documents that is some hundred
/// thousand changes apart, so the large segment that a rebuild leaves is rarely touched.
const DELETED_SHARE: f32 = 0.3;

/// What building an index anew may use. Memory is taken as it is needed: a small index never uses it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Indexing threads, at least 1.
    pub threads: usize,
    /// Bytes of memory for each thread, at least 15 MB.
    pub bytes_per_thread: usize,
}

impl Default for Budget {
    /// Two threads with 100 MB each: right for a million documents.
    fn default() -> Self {
        Self { threads: 2, bytes_per_thread: 100_000_000 }
    }
}

/// Follows the journal on a live generation with one thread and little memory.
pub(crate) struct LiveWriter {
    pub(crate) generation: Arc<Generation>,
    engine: IndexWriter,
}

impl LiveWriter {
    pub(crate) fn open(generation: Arc<Generation>) -> Result<Self, SearchError> {
        let engine = writer(&generation.engine, Budget { threads: 1, bytes_per_thread: LEAST_MEMORY })?;
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(DELETED_SHARE);
        engine.set_merge_policy(Box::new(merging));
        Ok(Self { generation, engine })
    }

    /// Replaces or deletes documents, and commits.
    pub(crate) fn apply(
        &mut self,
        changes: &[(u64, Option<Document>)],
        schema: &Schema,
        checkpoint: &Checkpoint,
    ) -> Result<(), SearchError> {
        let mut operations = Vec::with_capacity(changes.len() * 2);
        for (id, document) in changes {
            operations.push(UserOperation::Delete(Term::from_field_u64(schema.id(), *id)));
            if let Some(document) = document {
                operations.push(UserOperation::Add(lower(document, schema)?));
            }
        }
        self.engine.run(operations)?;
        commit(&mut self.engine, checkpoint)
    }
}

/// Fills a new generation.
pub(crate) struct Builder {
    engine: IndexWriter,
    schema: Schema,
    documents: u64,
}

impl Builder {
    /// Starts a generation in a directory, which is emptied first.
    pub(crate) fn create(path: &Path, schema: &Schema, budget: Budget) -> Result<Self, SearchError> {
        if path.exists() {
            fs::remove_dir_all(path)?;
        }
        fs::create_dir_all(path)?;
        let index = tantivy::Index::create_in_dir(path, schema.engine().clone())?;
        let engine = writer(&index, budget)?;
        // One merge at the end instead of several on the way: a search is quickest in a single segment.
        engine.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { engine, schema: schema.clone(), documents: 0 })
    }

    /// Adds documents that are not there yet.
    pub(crate) fn add(&mut self, documents: &[Document]) -> Result<(), SearchError> {
        let lowered = documents.iter().map(|document| Ok(UserOperation::Add(lower(document, &self.schema)?)));
        self.engine.run(lowered.collect::<Result<Vec<_>, SearchError>>()?)?;
        self.documents += documents.len() as u64;
        Ok(())
    }

    /// Commits, and merges everything into one segment; how many documents there are.
    pub(crate) fn finish(mut self, checkpoint: &Checkpoint) -> Result<u64, SearchError> {
        commit(&mut self.engine, checkpoint)?;
        let segments = self.engine.index().searchable_segment_ids()?;
        if segments.len() > 1 {
            self.engine.merge(&segments).wait()?;
        }
        self.engine.wait_merging_threads()?;
        Ok(self.documents)
    }
}

fn writer(index: &tantivy::Index, budget: Budget) -> Result<IndexWriter<TantivyDocument>, SearchError> {
    let threads = budget.threads.max(1);
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .num_merge_threads(threads)
        .memory_budget_per_thread(budget.bytes_per_thread.max(LEAST_MEMORY))
        .build();
    Ok(index.writer_with_options(options)?)
}

fn commit(engine: &mut IndexWriter, checkpoint: &Checkpoint) -> Result<(), SearchError> {
    let payload = serde_json::to_string(checkpoint).map_err(std::io::Error::from)?;
    let mut commit = engine.prepare_commit()?;
    commit.set_payload(&payload);
    tid::crash::point("indeks.commit.before");
    commit.commit()?;
    tid::crash::point("indeks.commit.after");
    Ok(())
}
