//! `grunndata import`: load a dump, say how it went.

use std::io;
use std::path::{Path, PathBuf};

use enhetsregisteret::import::{self as bulk, Importrapport, Importvalg, Innhold, Manglende};
use enhetsregisteret::modell::Enhetstype;
use enhetsregisteret::{Enhetsregister, Feil};

use super::print;
use crate::app::App;
use crate::cli::{Import, Missing, What};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, chain};
use crate::progress::Meter;
use crate::store::store_failed;

pub(super) async fn run(config: Config, import: &Import) -> Result<(), Failure> {
    let rejects = reject_file(&config, import)?;
    let app = App::open_here(config).await?;
    let options = Importvalg {
        innhold: contents(import.what),
        avvist_til: Some(rejects.clone()),
        manglende: match import.missing {
            Missing::Auto => Manglende::Auto,
            Missing::Delete => Manglende::Slett,
            Missing::Keep => Manglende::Behold,
        },
        stille: None,
    };
    let meter = Meter::new("records read");
    let report = load(app.enhetsregisteret()?, &import.file, &options, &meter).await?;
    meter.finish();
    app.close().await;
    tell(&report, &rejects)
}

fn contents(what: What) -> Innhold {
    match what {
        What::Enheter => Innhold::Enheter(Enhetstype::Enhet),
        What::Underenheter => Innhold::Enheter(Enhetstype::Underenhet),
        What::Roller => Innhold::Roller,
    }
}

fn reject_file(config: &Config, import: &Import) -> Result<PathBuf, Failure> {
    let path = import.reject_file.clone();
    let path = path.unwrap_or_else(|| DataDir::of(config).rejects(contents(import.what).ord()));
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.map_err(|error| {
        Failure::failed(
            format!("the directory of the reject file {} cannot be made: {error}", path.display()),
            "choose another with --reject-file FILE",
        )
    })?;
    Ok(path)
}

async fn load(
    register: &Enhetsregister,
    file: &Path,
    options: &Importvalg,
    meter: &Meter,
) -> Result<Importrapport, Failure> {
    if file == Path::new("-") {
        let told = |_, records| meter.at(records, None);
        return bulk::flyt(register, io::stdin(), None, options, &told)
            .await
            .map_err(|error| failed(file, &error));
    }
    let whole = std::fs::metadata(file).map_err(|error| failed(file, &Feil::Fil(error)))?.len();
    let told = |bytes, records| meter.at(records, Some((bytes, whole)));
    bulk::fil(register, file, options, &told).await.map_err(|error| failed(file, &error))
}

fn failed(file: &Path, error: &Feil) -> Failure {
    match error {
        Feil::Journal(error) => store_failed(error),
        Feil::Fil(error) if error.kind() == io::ErrorKind::NotFound => Failure::usage(
            format!("{} does not exist", file.display()),
            "give the path of a dump, or - to read standard input",
        ),
        error => Failure::failed(
            format!("{} could not be read to its end: {}", file.display(), chain(error)),
            "what was read is loaded; with a sound file, run the same command again and it goes on from there",
        ),
    }
}

fn tell(report: &Importrapport, rejects: &Path) -> Result<(), Failure> {
    print(&format!(
        "read {}\nnew {}\nchanged {}\nunchanged {}\nrejected {}\n",
        report.lest, report.nye, report.endrede, report.uendrede, report.avviste
    ))?;
    if report.gjenopptatt > 0 {
        eprintln!("went on from record {}, where an earlier run was cut off", report.gjenopptatt);
    }
    match (report.manglende, report.slettet_manglende) {
        (0, _) => {}
        (missing, true) => {
            eprintln!("{missing} that the register had and the file has not were marked as deleted");
        }
        (missing, false) => {
            eprintln!("warning: {missing} that the register has and the file has not were kept");
            eprintln!("hint: if the file is the whole register, run again with --missing delete");
        }
    }
    for rejected in &report.eksempler {
        let number = rejected.organisasjonsnummer.as_deref().unwrap_or("unknown number");
        eprintln!(
            "rejected: record {} ({number}), line {}, byte {}: {}",
            rejected.nummer, rejected.linje, rejected.offset, rejected.feil
        );
    }
    if report.avviste == 0 {
        return Ok(());
    }
    Err(Failure {
        exit: Exit::Rejected,
        message: format!("{} of {} records were rejected; the rest is loaded", report.avviste, report.lest),
        hint: format!("they are in {}, one a line, with the reason", rejects.display()),
    })
}
