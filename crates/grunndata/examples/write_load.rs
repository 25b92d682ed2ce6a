//! How soon a change is seen while many are being written: `write_load DATA NUMBERS RATE SECONDS`.
//!
//! Gives units of the data directory new names, RATE a second, each in a transaction of its own. After each write the
//! unit is looked up; of every 25th, it is noted when a search for the new name finds it. Prints JSON.

#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use enhetsregisteret::endring::{Datert, Melding};
use enhetsregisteret::modell::Enhetstype::Enhet;
use enhetsregisteret::modell::dokument::kanoniser;
use enhetsregisteret::sporring::{Filter, Sporring};
use enhetsregisteret::{Enhetsregister, Oppslag};
use grunndata::app::App;
use grunndata::config::{Settings, check};
use grunndata::serving::Stopping;
use identifikator::Organisasjonsnummer;
use serde_json::{Value, json};
use tokio::task::JoinSet;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// One in so many changes is searched for: watching all would be measuring the watching.
const SEARCHED_FOR: usize = 25;
/// A change not found by then counts as this.
const GIVEN_UP: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, numbers, rate, seconds] = arguments.as_slice() else {
        return Err("write_load DATA NUMBERS RATE SECONDS".into());
    };
    let numbers = read_numbers(Path::new(numbers))?;
    let app = open(data).await?;
    let register = app.enhetsregisteret().map_err(|failure| failure.message)?.clone();
    let (stop, stopping) = Stopping::with_switch();
    let following = tokio::spawn(app.follow(&stopping));
    register.vent_paa_sok().await?;
    let told = write(&register, &numbers, rate.parse()?, seconds.parse()?).await?;
    println!("{told}");
    drop(stop);
    following.await?;
    app.close().await;
    Ok(())
}

fn read_numbers(file: &Path) -> Outcome<Vec<Organisasjonsnummer>> {
    let text = std::fs::read_to_string(file)?;
    text.split_whitespace().map(|number| number.parse().map_err(Into::into)).collect()
}

async fn open(data: &str) -> Outcome<App> {
    let mut settings = Settings::defaults().map_err(|failure| failure.message)?;
    settings.lay_flag("data", data, "DATA".to_owned()).map_err(|failure| failure.message)?;
    let config = check(&settings).map_err(|failure| failure.message)?;
    Ok(App::open_here(config).await.map_err(|failure| failure.message)?)
}

/// Writes at the rate and measures; changes that fall behind the rate are written as fast as it goes.
async fn write(
    register: &Arc<Enhetsregister>,
    numbers: &[Organisasjonsnummer],
    rate: u64,
    seconds: u64,
) -> Outcome<Value> {
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / rate.max(1)));
    let (mut look_ups, mut stale, mut searches) = (Vec::new(), 0, JoinSet::new());
    let run = register.naa().as_millis();
    let begun = Instant::now();
    let whole = usize::try_from(rate * seconds)?;
    for (at, orgnr) in numbers.iter().cycle().take(whole).enumerate() {
        ticks.tick().await;
        let name = format!("BENK{run}X{at} AS");
        rename(register, *orgnr, &name).await?;
        let written = Instant::now();
        let Oppslag::Funnet(version) = register.hent(Enhet, *orgnr).await? else { return Err("gone".into()) };
        look_ups.push(written.elapsed());
        stale += u32::from(!String::from_utf8_lossy(&version.body).contains(&name));
        if at % SEARCHED_FOR == 0 {
            searches.spawn(found_after(register.clone(), name, written));
        }
    }
    let taken = begun.elapsed().as_secs_f64();
    let mut searched = Vec::new();
    while let Some(waited) = searches.join_next().await {
        searched.push(waited??);
    }
    Ok(json!({
        "rate": whole as f64 / taken,
        "stale": stale,
        "lookup_p99_ms": share(&mut look_ups, 99),
        "search_p50_ms": share(&mut searched, 50),
        "search_p99_ms": share(&mut searched, 99),
        "search_max_ms": share(&mut searched, 100),
    }))
}

async fn rename(register: &Enhetsregister, orgnr: Organisasjonsnummer, name: &str) -> Outcome<()> {
    let Oppslag::Funnet(version) = register.hent(Enhet, orgnr).await? else {
        return Err("no such unit".into());
    };
    let mut unit: Value = serde_json::from_slice(&version.body)?;
    unit["navn"] = name.into();
    let enhet = kanoniser(&serde_json::to_vec(&unit)?, Enhet)?;
    let changes = vec![Datert::from(Melding::Enhet { kind: Enhet, enhet })];
    register.skriver().skriv(register.naa(), changes, Vec::new()).await?;
    Ok(())
}

async fn found_after(register: Arc<Enhetsregister>, name: String, written: Instant) -> Outcome<Duration> {
    let search = Sporring { filtre: vec![Filter::Navn(name)], ..Sporring::default() };
    while register.sok(Enhet, &search, 0, 1).await?.antall == 0 && written.elapsed() < GIVEN_UP {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(written.elapsed())
}

/// The value below which a share of them lie, in milliseconds.
fn share(values: &mut [Duration], percent: usize) -> f64 {
    values.sort_unstable();
    let at = (values.len() * percent).div_ceil(100).clamp(1, values.len().max(1));
    values.get(at - 1).map_or(0.0, |value| value.as_secs_f64() * 1000.0)
}
