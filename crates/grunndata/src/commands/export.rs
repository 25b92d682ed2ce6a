//! `grunndata export`: the whole register as files for other programs.

use std::sync::Arc;

use enhetsregisteret::Feil;
use enhetsregisteret::lastned::{Fil, Nedlastinger};
use enhetsregisteret::modell::Enhetstype;

use super::print;
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
    let seq = journal.head().await.map_err(|error| store_failed(&error))?;
    let beyond = config.enhetsregisteret.beyond_1_5;
    let failed = |error| failed(export, &error);
    let downloads = Nedlastinger::new(journal, &export.ut, beyond, config.api_address()).map_err(failed)?;
    for file in files {
        let meter = Arc::new(Meter::new("documents written"));
        let told = meter.clone();
        let to = export.ut.join(file.navn());
        downloads
            .lag(file, seq, to.clone(), Arc::new(move |done| told.at(done, None)))
            .await
            .map_err(failed)?;
        if let Some(meter) = Arc::into_inner(meter) {
            meter.finish();
        }
        print(&format!("{}\n", to.display()))?;
    }
    print(&format!("sequence number {seq}\n"))
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
