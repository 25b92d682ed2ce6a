//! `grunndata download`: the download files, made before anybody asks.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use enhetsregisteret::Feil;
use enhetsregisteret::lastned::{Fil, Nedlastinger};
use tid::SystemClock;

use super::print;
use crate::app::enhetsregisteret_setup;
use crate::cli::DownloadCommand;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};
use crate::progress::Meter;
use crate::store::{Store, store_failed};

pub(super) async fn run(config: Config, what: DownloadCommand) -> Result<(), Failure> {
    match what {
        DownloadCommand::Build => build(&config).await,
    }
}

async fn build(config: &Config) -> Result<(), Failure> {
    let dir = DataDir::of(config);
    let journal = Store::of(config).open_read_only().await?;
    let place = dir.downloads("enhetsregisteret");
    let failed = |error| failed(&place, &error);
    let setup = enhetsregisteret_setup(config);
    let downloads = Nedlastinger::new(journal, Arc::new(SystemClock), &place, &setup).map_err(failed)?;
    let meters = Arc::new(Meters::default());
    let told = meters.clone();
    let set =
        downloads.bygg(&(Arc::new(move |file, done| told.at(file, done)) as _)).await.map_err(failed)?;
    meters.finish();
    for file in &set.filer {
        print(&format!("{}\t{}\n", file.sti.display(), file.byte))?;
    }
    print(&format!("sequence number {}\n", set.utgave.sekvensnummer))
}

/// A meter for each file, one after the other.
#[derive(Default)]
struct Meters(Mutex<Option<(Fil, Meter)>>);

impl Meters {
    fn at(&self, file: Fil, done: u64) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_none_or(|(of, _)| *of != file) {
            let before = current.replace((file, Meter::new(format!("documents read for {file}"))));
            finish(before);
        }
        if let Some((_, meter)) = current.as_ref() {
            meter.at(done, None);
        }
    }

    fn finish(&self) {
        finish(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn finish(meter: Option<(Fil, Meter)>) {
    if let Some((_, meter)) = meter {
        meter.finish();
    }
}

fn failed(place: &Path, error: &Feil) -> Failure {
    match error {
        Feil::Journal(error) => store_failed(error),
        Feil::Opptatt => Failure::failed(
            format!("the files in {} are being made already", place.display()),
            "wait for the server or the other command that is at it",
        ),
        error => Failure::failed(
            format!("the files could not be made in {}: {}", place.display(), chain(error)),
            "make room, or check rights with `grunndata doctor`; the files that were there are untouched and served",
        ),
    }
}
