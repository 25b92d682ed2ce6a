//! `grunndata backup`: copy the store while it is in use.

use journal::JournalError;

use super::print;
use crate::cli::Backup;
use crate::config::Config;
use crate::failure::Failure;
use crate::progress::Meter;
use crate::store::{Store, store_failed};

pub(super) async fn run(config: Config, backup: &Backup) -> Result<(), Failure> {
    let journal = Store::of(&config).open_read_only().await?;
    let meter = Meter::new("parts copied");
    let copied =
        journal.backup(&backup.file, &|done, total| meter.at(done, total.map(|total| (done, total)))).await;
    let seq = copied.map_err(|error| match error {
        JournalError::NotAllowed(why) => Failure::failed(why, "choose a file that does not exist"),
        error => store_failed(&error),
    })?;
    meter.finish();
    print(&format!("{} holds everything up to sequence number {seq}\n", backup.file.display()))
}
