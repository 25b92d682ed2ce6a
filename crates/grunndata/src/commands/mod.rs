//! The commands, one file each.

mod backup;
mod config;
mod demo;
mod doctor;
mod download;
mod export;
mod fjernet;
mod flytt;
mod helse;
mod import;
mod innsyn;
mod maskinporten;
mod openapi;
mod produsent;
mod serve;
mod sync;
mod syntetisk;
mod token;
mod verify;
mod virksomhetssertifikat;

use std::io::{self, Write};

use clap::CommandFactory;

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use crate::{config as settings, logging};

/// Does what the command line says.
///
/// # Errors
/// The [`Failure`] to show and to end with.
pub fn run(cli: &Cli) -> Result<(), Failure> {
    if let Some(spec) = &cli.global.crash_point {
        tid::crash::arm(spec).map_err(|said| Failure::usage(said, "this flag is for tests"))?;
    }
    match &cli.command {
        Command::Completions(to) => return completions(to.shell),
        Command::Config(what) => return config::run(what, &cli.config_flags()?),
        Command::Doctor(how) => return doctor::run(how, &cli.config_flags()?),
        Command::Helse(what) => return helse::run(&settings::load(&cli.config_flags()?)?.0, what),
        _ => {}
    }
    let (config, layers) = settings::load(&cli.config_flags()?)?;
    let _traces = logging::start(&config)?;
    match &cli.command {
        Command::Demo(demo) => on_runtime(demo::run(demo::with_history(config, &layers), demo)),
        Command::Serve(how) => on_runtime(serve::run(config, how.sync)),
        Command::Sync(how) => on_runtime(sync::run(config, how)),
        Command::Import(import) => on_runtime(import::run(config, import)),
        Command::Fjernet(how) => on_runtime(fjernet::run(config, how)),
        Command::Token(how) => on_runtime(token::run(config, how)),
        Command::Maskinporten(how) => on_runtime(maskinporten::run(config, how)),
        Command::Produsent(asked) => on_runtime(produsent::run(config, asked)),
        Command::Innsyn(asked) => on_runtime(innsyn::run(config, asked)),
        Command::Verify => on_runtime(verify::run(config)),
        Command::Backup(backup) => on_runtime(backup::run(config, backup)),
        Command::Flytt(flytt) => on_runtime(flytt::run(&config, flytt)),
        Command::Download(what) => on_runtime(download::run(config, what.command)),
        Command::Export(export) => on_runtime(export::run(config, export)),
        Command::Virksomhetssertifikat(how) => virksomhetssertifikat::run(&config, how),
        Command::Openapi => on_runtime(openapi::run(config)),
        Command::Syntetisk(syntetisk) => syntetisk::run(&config, syntetisk),
        Command::Config(_) | Command::Doctor(_) | Command::Helse(_) | Command::Completions(_) => Ok(()),
    }
}

fn on_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::failed(
            format!("no threads can be started: {error}"),
            "check the limits of this user's processes",
        )
    })?;
    runtime.block_on(work)
}

/// Writes data to standard output. That the reader has gone (`| head`) is no failure.
fn print(data: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(data.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::failed(
            format!("standard output cannot be written: {error}"),
            "send it somewhere with room",
        )),
        _ => Ok(()),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "grunndata", &mut script);
    print(&String::from_utf8_lossy(&script))
}
