//! `grunndata demo`: a synthetic nation, made on the first run, and served.

use std::sync::Arc;

use folkeregisteret::Rettighetspakke;
use sertifikat::TestCa;
use tid::{SystemClock, SystemRandom};

use super::serve::Listening;
use crate::app::App;
use crate::config::{Config, Origin, Settings};
use crate::data_dir::DataDir;
use crate::demo::{Demo, Held, InDatabase};
use crate::failure::{Failure, chain};
use crate::progress::Meter;
use crate::serving::Stopping;
use crate::{cli, demo_clients, examples, nation, people};

/// As many as can be set.
const HISTORY_MONTHS: u32 = 1200;

/// The nation's history is decades long, and all of it is worth looking at: unless the user has said how much of it is
/// delivered, all is.
pub(super) fn with_history(mut config: Config, settings: &Settings) -> Config {
    if settings.get("folkeregisteret.oppbevaring_maaneder").is_some_and(|set| set.origin == Origin::Default) {
        config.folkeregisteret.kept_months = HISTORY_MONTHS;
    }
    config
}

pub(super) async fn run(config: Config, asked: &cli::Demo) -> Result<(), Failure> {
    if config.journal.database.is_some() {
        return Box::pin(in_database(config, asked)).await;
    }
    let dir = DataDir::of(&config);
    let demo = Demo::wanted(&dir, asked.enheter, asked.personer, asked.fro)?;
    let held = demo.look(&dir)?;
    let listening = Listening::on(&config).await?;
    if held == Held::Nothing {
        demo.note(&dir, false)?;
    }
    let authority = authority(&config)?;
    let app = App::open(config, listening.bound, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    if held == Held::Nothing {
        fill(&app, demo).await?;
        // For the day when the store is moved into a database.
        InDatabase::of(&app).note(demo, true).await?;
        demo.note(&dir, true)?;
    }
    clients(&app, demo, authority).await?;
    serve(listening, app, demo).await
}

/// In a database, which may have been filled by another node, or be on its way. The demo's clients belong to the node
/// that filled it: it has their keys.
async fn in_database(config: Config, asked: &cli::Demo) -> Result<(), Failure> {
    let listening = Listening::on(&config).await?;
    let authority = authority(&config)?;
    let app = App::open(config, listening.bound, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    let place = InDatabase::of(&app);
    let demo = place.wanted(asked.enheter, asked.personer, asked.fro).await?;
    let held = place.look(demo).await?;
    if held == Held::Nothing {
        place.note(demo, false).await?;
        let (_switch, stopping) = Stopping::with_switch();
        tokio::spawn(place.claim.clone().hold(stopping));
        fill(&app, demo).await?;
        clients(&app, demo, authority).await?;
        place.note(demo, true).await?;
    }
    serve(listening, app, demo).await
}

/// The test authority of the data directory, where Maskinporten is served. Before the app is opened, which then trusts it.
fn authority(config: &Config) -> Result<Option<TestCa>, Failure> {
    let wanted = config.maskinporten.active;
    wanted.then(|| demo_clients::prepare(&DataDir::of(config), &SystemClock, &SystemRandom)).transpose()
}

async fn clients(app: &App, demo: Demo, authority: Option<TestCa>) -> Result<(), Failure> {
    let Some(authority) = authority else { return Ok(()) };
    let (dir, nation) = (DataDir::of(app.config()), demo.nation());
    demo_clients::fill(&dir, app.maskinporten()?, &nation, &authority, &SystemRandom).await?;
    match app.producers() {
        Some(producers) => demo_clients::may_send(&dir, app.config(), producers).await,
        None => Ok(()),
    }
}

async fn serve(listening: Listening, app: App, demo: Demo) -> Result<(), Failure> {
    let (host, prefix) =
        (format!("http://{}", listening.bound), app.config().enhetsregisteret.prefix.clone());
    let register = app.enhetsregisteret()?.clone();
    let token = token_line(&app, &host);
    listening
        .serve(app, async move {
            eprint!("{}{token}", examples::text(&register, &demo.nation(), &host, prefix.as_str()).await);
        })
        .await
}

/// How to get a first token; empty where there is none to be had.
fn token_line(app: &App, host: &str) -> String {
    let dir = DataDir::of(app.config());
    if app.maskinporten().is_err() || !dir.demo_clients().exists() {
        return String::new();
    }
    let command = format!("grunndata token --data {} --url {host} --scope", dir.path().display());
    let open = format!("a token: {command} {}\n", demo_clients::OPEN_SCOPE);
    let pakke = Rettighetspakke::OffentligMedHjemmel;
    let Some((_, row)) = app.folkeregisteret().zip(pakke.rad()) else { return open };
    let place = format!("{host}{}/{}/v1", app.config().folkeregisteret.prefix.as_str(), pakke.adressedel());
    let call = format!("curl -s -H \"Authorization: Bearer $T\" '{place}/hendelser/feed?seq=0'");
    let messages = messages(app, &command, host).unwrap_or_default();
    format!("{open}persons: T=$({command} {}); {call}\n{messages}", row.scope)
}

/// How to send a first message to Folkeregisteret, and to read what became of it.
fn messages(app: &App, command: &str, host: &str) -> Option<String> {
    app.producers()?;
    let setup = &app.config().folkeregisteret;
    let (place, scope) = (format!("{host}{}", setup.prefix.as_str()), &setup.producer_scope);
    let (example, resource) =
        (format!("{host}{}/kontrakter", setup.extended_prefix.as_str()), "rekvisisjon_av_dnummer_v5");
    let with = "-H \"Authorization: Bearer $T\"";
    Some(format!(
        "messages: T=$({command} {scope}); curl -s {example}/{resource}/eksempel | curl -s {with} \
         -H Content-Type:application/xml --data-binary @- {place}/mottak/api/{resource}; sleep 1; \
         curl -s {with} {place}/tilbakemelding/api/v2/hendelser\n"
    ))
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
    if let Some(producers) = app.producers() {
        producers.skriv_demonyheter().await.map_err(|error| unwritten(&error))?;
    }
    Ok(())
}
