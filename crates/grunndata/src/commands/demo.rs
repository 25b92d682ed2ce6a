//! `grunndata demo`: a synthetic nation, made on the first run, and served.

use std::sync::Arc;

use tid::{SystemClock, SystemRandom};

use super::serve::Listening;
use crate::app::App;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::demo::{Demo, Held};
use crate::failure::{Failure, chain};
use crate::progress::Meter;
use crate::{cli, demo_clients, examples, nation, people};

pub(super) async fn run(config: Config, asked: &cli::Demo) -> Result<(), Failure> {
    let dir = DataDir::of(&config);
    let demo = Demo::wanted(&dir, asked.enheter, asked.personer, asked.fro)?;
    let held = demo.look(&dir)?;
    let listening = Listening::on(&config).await?;
    if held == Held::Nothing {
        demo.note(&dir, false)?;
    }
    let authority = if config.maskinporten.active {
        Some(demo_clients::prepare(&dir, &SystemClock, &SystemRandom)?)
    } else {
        None
    };
    let app = App::open(config, listening.bound, Arc::new(SystemClock), Arc::new(SystemRandom))?;
    if held == Held::Nothing {
        fill(&app, demo).await?;
        demo.note(&dir, true)?;
    }
    if let Some(authority) = authority {
        let nation = demo.nation();
        demo_clients::fill(&dir, app.maskinporten()?, &nation, &authority, &SystemRandom).await?;
    }
    let (host, prefix) =
        (format!("http://{}", listening.bound), app.config().enhetsregisteret.prefix.clone());
    let register = app.enhetsregisteret()?.clone();
    let token = token_line(&dir, &app, &host);
    listening
        .serve(app, async move {
            eprint!("{}{token}", examples::text(&register, &demo.nation(), &host, prefix.as_str()).await);
        })
        .await
}

/// How to get a first token; empty where there is none to be had.
fn token_line(dir: &DataDir, app: &App, host: &str) -> String {
    if app.maskinporten().is_err() {
        return String::new();
    }
    let data = dir.path().display();
    format!("a token: grunndata token --data {data} --url {host} --scope {}\n", demo_clients::OPEN_SCOPE)
}

async fn fill(app: &App, demo: Demo) -> Result<(), Failure> {
    eprintln!(
        "making a nation of {} units and {} persons from seed {}; this is done once",
        demo.enheter, demo.personer, demo.fro
    );
    let unwritten = |error: &(dyn std::error::Error + 'static)| {
        Failure::failed(
            format!("the nation could not be written: {}", chain(error)),
            "check disk space and rights with `grunndata doctor`, then run demo again: it begins anew",
        )
    };
    let meter = Meter::new("changes written");
    let told = nation::load(app.enhetsregisteret()?, demo.nation(), &meter).await;
    told.map_err(|error| unwritten(&error))?;
    meter.finish();
    if let Some(register) = app.folkeregisteret() {
        let meter = Meter::new("persons written");
        let told = people::load(register, demo.nation(), &meter).await;
        told.map_err(|error| unwritten(&error))?;
        meter.finish();
    }
    Ok(())
}
