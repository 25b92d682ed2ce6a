//! `grunndata sync`: keep a copy in step, say how it goes, prove that it is true.

use std::sync::Arc;
use std::time::Duration;

use enhetsregisteret::Feil;
use enhetsregisteret::synk::{self, Sammenligning};
use serde_json::json;
use tid::{Clock, SystemClock, SystemRandom};

use super::print;
use crate::app::{App, sync_setup};
use crate::cli::Sync;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, chain};
use crate::progress::Meter;
use crate::serving::Stopping;
use crate::store::{Store, store_failed};

/// How often a waiting terminal is told how far the first load has come.
const TELL_EVERY: Duration = Duration::from_secs(1);

pub(super) async fn run(config: Config, how: &Sync) -> Result<(), Failure> {
    if how.status {
        return status(&config).await;
    }
    if how.verify {
        return verify(&config, how.utvalg).await;
    }
    let mut app = App::open_here(config).await?;
    let synk = app.begin_sync()?;
    let ended = if how.en_gang {
        once(&synk, how).await
    } else {
        let stopping = Stopping::on_signals(Duration::ZERO)?;
        synk.kjor(how.dump_tid, || eprintln!("following the upstream; Ctrl-C stops it"), stopping.wait())
            .await;
        Ok(())
    };
    // No server has cleared away what this has removed from disclosure.
    let cleared = app.enhetsregisteret()?.nedlastinger().rydd().await.map_err(|error| failed(&error));
    app.close().await;
    ended.and(cleared)
}

async fn once(synk: &Arc<synk::Synk>, how: &Sync) -> Result<(), Failure> {
    let meter = Meter::new("records loaded");
    let loading = synk.klargjor(how.dump_tid);
    tokio::pin!(loading);
    loop {
        tokio::select! {
            loaded = &mut loading => break loaded.map_err(|error| failed(&error))?,
            () = tokio::time::sleep(TELL_EVERY) => {
                if let Ok(status) = synk.status().await {
                    meter.at(status.strommer.iter().map(|strom| strom.lastet).sum(), None);
                }
            }
        }
    }
    let round = synk.en_gang().await.map_err(|error| failed(&error))?;
    print(&format!(
        "events {}\nchanged documents {}\nunreadable {}\n",
        round.hendelser, round.dokumenter, round.uleselige
    ))
}

fn failed(error: &Feil) -> Failure {
    match error {
        Feil::Journal(error) => store_failed(error),
        error => Failure::failed(
            chain(error),
            "what was taken is kept; run the same command again and it goes on from there",
        ),
    }
}

async fn status(config: &Config) -> Result<(), Failure> {
    let dir = DataDir::of(config);
    let journal = Store::of(config).open_read_only().await?;
    let file = dir.register("enhetsregisteret").join(synk::STATUSFIL);
    let status =
        synk::les_status(&journal, &file, SystemClock.now()).await.map_err(|error| failed(&error))?;
    print(&format!("{:#}\n", json!(status)))
}

async fn verify(config: &Config, sample: Option<u64>) -> Result<(), Failure> {
    let journal = Store::of(config).open_read_only().await?;
    let setup = sync_setup(config)?;
    let meter = Meter::new("documents compared");
    let told = |compared| meter.at(compared, None);
    let found = synk::sammenlign(&journal, &setup, Arc::new(SystemRandom), sample, &told)
        .await
        .map_err(|error| failed(&error))?;
    meter.finish();
    tell(&found)
}

fn tell(found: &Sammenligning) -> Result<(), Failure> {
    print(&format!(
        "compared {}\non their way {}\ndifferences {}\n",
        found.sammenlignet, found.underveis, found.antall_avvik
    ))?;
    for wrong in &found.avvik {
        print(&format!("difference: {} {}: {}\n", wrong.hva, wrong.organisasjonsnummer, wrong.feil))?;
    }
    if found.antall_avvik == 0 {
        return Ok(());
    }
    Err(Failure {
        exit: Exit::Corrupt,
        message: "the copy is not as its upstream".to_owned(),
        hint: "make it again in an empty data directory; if it happens again, report it with the lines above"
            .to_owned(),
    })
}
