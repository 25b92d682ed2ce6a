//! `grunndata verify`: read everything, check every promise.

use journal::Journal;

use super::print;
use crate::config::Config;
use crate::data_dir::{DataDir, store_failed};
use crate::failure::{Exit, Failure};
use crate::progress::Meter;

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    let dir = DataDir::of(&config);
    let journal = dir.open_read_only()?;
    let meter = Meter::new("rows read");
    let report = journal
        .verify(&|done, total| meter.at(done, total.map(|total| (done, total))))
        .await
        .map_err(|error| store_failed(&error))?;
    meter.finish();
    let head = journal.head().await.map_err(|error| store_failed(&error))?;
    print(&format!(
        "sequence number {head}\nversions {}\nevents {}\nrecords {}\nfaults {}\n",
        report.versions,
        report.events,
        report.records,
        report.faults.len()
    ))?;
    if report.faults.is_empty() {
        return Ok(());
    }
    for fault in &report.faults {
        print(&format!("fault: {fault}\n"))?;
    }
    Err(Failure {
        exit: Exit::Corrupt,
        message: format!("the store {} contradicts itself", dir.store().display()),
        hint: "keep a copy of the data directory, then restore a backup or import again".to_owned(),
    })
}
