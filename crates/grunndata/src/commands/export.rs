//! `grunndata export`: the whole register as files for other programs.

use std::sync::Arc;

use enhetsregisteret::Feil;
use enhetsregisteret::lastned::{Fil, Nedlastinger};
use enhetsregisteret::modell::Enhetstype;
use tid::SystemClock;

use super::print;
use crate::app::enhetsregisteret_setup;
use crate::cli::{Export, ExportForm};
use crate::config::Config;
use crate::failure::{Failure, chain};
use crate::progress::Meter;
use crate::store::{Store, store_failed};

pub(super) async fn run(config: Config, export: &Export) -> Result<(), Failure> {
    let files = match export.form {
        ExportForm::Parquet => {
            [Fil::Parquet(Enhetstype::Enhet), Fil::Parquet(Enhetstype::Underenhet), Fil::ParquetRoller]
        }
    };
    let journal = Store::of(&config).open_read_only().await?;
    let failed = |error| failed(export, &error);
    let setup = enhetsregisteret_setup(&config);
    let downloads = Nedlastinger::new(journal, Arc::new(SystemClock), &export.ut, &setup).map_err(failed)?;
    let edition = downloads.naa().await.map_err(failed)?;
    for file in files {
        let meter = Arc::new(Meter::new("documents written"));
        let told = meter.clone();
        let to = export.ut.join(file.navn());
        downloads
            .lag(file, edition, to.clone(), Arc::new(move |done| told.at(done, None)))
            .await
            .map_err(failed)?;
        if let Some(meter) = Arc::into_inner(meter) {
            meter.finish();
        }
        print(&format!("{}\n", to.display()))?;
    }
    print(&format!("sequence number {}\n", edition.sekvensnummer))
}

fn failed(export: &Export, error: &Feil) -> Failure {
    match error {
        Feil::Journal(error) => store_failed(error),
        error => Failure::failed(
            format!("the files could not be written to {}: {}", export.ut.display(), chain(error)),
            "choose another directory with --ut DIR, or make room; what was there before is untouched",
        ),
    }
}
