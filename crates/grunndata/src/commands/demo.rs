//! `grunndata demo`: a synthetic nation, made on the first run, and served.

use std::sync::Arc;

use tid::{SystemClock, SystemRandom};

use super::serve::Listening;
use crate::app::App;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::demo::{Demo, Held, InDatabase};
use crate::failure::{Failure, chain};
use crate::progress::Meter;
use crate::serving::Stopping;
use crate::{cli, examples, nation};

pub(super) async fn run(config: Config, asked: &cli::Demo) -> Result<(), Failure> {
    if config.journal.database.is_some() {
        return in_database(config, asked).await;
    }
    let dir = DataDir::of(&config);
    let demo = Demo::wanted(&dir, asked.enheter, asked.fro)?;
    let held = demo.look(&dir)?;
    let listening = Listening::on(&config).await?;
    if held == Held::Nothing {
        demo.note(&dir, false)?;
    }
    let app = App::open(config, listening.bound, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    if held == Held::Nothing {
        fill(&app, demo).await?;
        // For the day when the store is moved into a database.
        InDatabase::of(&app).note(demo, true).await?;
        demo.note(&dir, true)?;
    }
    serve(listening, app, demo).await
}

/// In a database, which may have been filled by another node, or be on its way.
async fn in_database(config: Config, asked: &cli::Demo) -> Result<(), Failure> {
    let listening = Listening::on(&config).await?;
    let app = App::open(config, listening.bound, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    let place = InDatabase::of(&app);
    let demo = place.wanted(asked.enheter, asked.fro).await?;
    let held = place.look(demo).await?;
    if held == Held::Nothing {
        place.note(demo, false).await?;
        let (_switch, stopping) = Stopping::with_switch();
        tokio::spawn(place.claim.clone().hold(stopping));
        fill(&app, demo).await?;
        place.note(demo, true).await?;
    }
    serve(listening, app, demo).await
}

async fn serve(listening: Listening, app: App, demo: Demo) -> Result<(), Failure> {
    let (host, prefix) =
        (format!("http://{}", listening.bound), app.config().enhetsregisteret.prefix.clone());
    let register = app.enhetsregisteret()?.clone();
    listening
        .serve(app, async move {
            eprint!("{}", examples::text(&register, &demo.nation(), &host, prefix.as_str()).await);
        })
        .await
}

async fn fill(app: &App, demo: Demo) -> Result<(), Failure> {
    eprintln!("making a nation of {} units from seed {}; this is done once", demo.enheter, demo.fro);
    let meter = Meter::new("changes written");
    nation::load(app.enhetsregisteret()?, demo.nation(), &meter).await.map_err(|error| {
        Failure::failed(
            format!("the nation could not be written: {}", chain(&error)),
            "check disk space and rights with `grunndata doctor`, then run demo again: it begins anew",
        )
    })?;
    meter.finish();
    Ok(())
}
