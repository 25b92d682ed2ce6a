//! The suite that every engine passes: each promise of the [crate] documentation, tried through the trait alone.
//!
//! An engine takes it on with one line in its tests, [`conformance_suite!`], and a
//! [`Fixture`]. A behaviour that differs between engines is a failing test there.

mod changes;
mod concurrency;
mod documents;
mod feeds;
mod keeping;
mod model;
mod random;
mod records;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tid::Timestamp;

pub use self::changes::{
    a_change_is_all_or_nothing, changes_are_numbered_from_one, the_watch_tells_of_each_change,
    what_is_not_allowed_is_refused,
};
pub use self::concurrency::{
    a_follower_misses_nothing, a_guard_lets_one_of_many_through, equal_marks_mean_an_unchanged_document,
    many_documents_are_of_one_moment,
};
pub use self::documents::{
    a_removed_document_may_return, a_version_is_found_by_change_and_by_time, bodies_of_every_size_come_back,
    many_documents_come_in_the_order_asked, removal_beats_history, scans_show_one_moment_in_pages,
    the_last_version_of_a_change_counts,
};
pub use self::feeds::{
    a_bound_is_found_as_by_looking_through, events_about_subjects_come_in_order,
    numbers_and_times_never_go_back,
};
pub use self::keeping::{
    a_backup_is_exact_while_others_write, everything_is_there_after_reopening, verify_counts_everything,
};
pub use self::random::{random_changes_agree_with_the_model, the_model_agrees_after_bulk_loads};
pub use self::records::{a_lease_has_one_holder, guards_hold_back_changes, records_are_found_by_prefix};

use crate::{Change, Collection, DocId, Feed, SharedJournal, Step};

/// Where a case gets its engine from. Each case has a fixture of its own, empty at first.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// Opens the fixture's journal: empty the first time, then with what was written before. The one before is
    /// dropped by then.
    async fn open(&self) -> SharedJournal;

    /// Opens a backup as a journal of its own.
    async fn open_backup(&self, backup: &Path) -> SharedJournal;

    /// An empty directory for backups.
    fn directory(&self) -> PathBuf;
}

/// Instantiates the suite for an engine: `crate::conformance::conformance_suite!(MyFixture::new());` in a test module. The
/// expression is evaluated once for each case.
macro_rules! conformance_suite {
    ($fixture:expr) => {
        $crate::conformance::conformance_suite!(@cases $fixture;
            a_change_is_all_or_nothing,
            changes_are_numbered_from_one,
            the_watch_tells_of_each_change,
            what_is_not_allowed_is_refused,
            a_follower_misses_nothing,
            a_guard_lets_one_of_many_through,
            many_documents_are_of_one_moment,
            equal_marks_mean_an_unchanged_document,
            a_removed_document_may_return,
            a_version_is_found_by_change_and_by_time,
            bodies_of_every_size_come_back,
            many_documents_come_in_the_order_asked,
            removal_beats_history,
            scans_show_one_moment_in_pages,
            the_last_version_of_a_change_counts,
            a_bound_is_found_as_by_looking_through,
            events_about_subjects_come_in_order,
            numbers_and_times_never_go_back,
            a_backup_is_exact_while_others_write,
            everything_is_there_after_reopening,
            verify_counts_everything,
            random_changes_agree_with_the_model,
            the_model_agrees_after_bulk_loads,
            a_lease_has_one_holder,
            guards_hold_back_changes,
            records_are_found_by_prefix,
        );
    };
    (@cases $fixture:expr; $($case:ident,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let fixture = $fixture;
                $crate::conformance::$case(&fixture).await;
            }
        )*
    };
}

pub(crate) use conformance_suite;

const UNITS: Collection = Collection("prøve/enhet");
const ROLES: Collection = Collection("prøve/rolle");
const FEED: Feed = Feed("prøve/oppdateringer");

/// A moment in the suite's time: 2023-11-14 and so many milliseconds.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

fn change(millis: i64, steps: Vec<Step>) -> Change {
    Change { at: at(millis), steps }
}

fn body(text: &str) -> Vec<u8> {
    format!(r#"{{"navn":"{text}"}}"#).into_bytes()
}

fn put(id: DocId, text: &str) -> Step {
    Step::Put { collection: UNITS, id, body: body(text), at: None }
}

fn remove(id: DocId) -> Step {
    Step::Remove { collection: UNITS, id, tombstone: br#"{"slettet":true}"#.to_vec(), at: None }
}

fn publish(subject: DocId) -> Step {
    Step::Publish { feed: FEED, subject, kind: 1, number: None, at: None }
}
