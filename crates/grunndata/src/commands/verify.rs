//! `grunndata verify`: read everything, check every promise.

use super::print;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::progress::Meter;
use crate::store::{Store, store_failed};

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    let store = Store::of(&config);
    let journal = store.open_read_only().await?;
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
        message: format!("the store {store} contradicts itself"),
        hint: "keep a copy of what there is, then restore a backup or import again".to_owned(),
    })
}
