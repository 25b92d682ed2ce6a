//! `grunndata syntetisk`: a synthetic nation as files in the form of the official dumps.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use syntetisk::skriv::{FILER, skriv_alt};
use syntetisk::{Nasjon, Oppsett};

use super::print;
use crate::cli::Syntetisk;
use crate::config::Config;
use crate::failure::{Failure, chain};
use crate::progress::Meter;

pub(super) fn run(config: &Config, asked: &Syntetisk) -> Result<(), Failure> {
    let nation = Nasjon::new(Oppsett {
        fro: asked.fro,
        enheter: crate::demo::large_enough(asked.enheter),
        personer: asked.personer,
        ..Oppsett::default()
    });
    let meter = Meter::new("records written");
    let counts = Mutex::new(BTreeMap::new());
    let told = |file: &'static str, count: u64| {
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.insert(file, count);
        meter.at(counts.values().sum(), None);
    };
    skriv_alt(&nation, &asked.ut, &config.api_address(), &told).map_err(|error| {
        Failure::failed(
            format!("the files could not be written to {}: {}", asked.ut.display(), chain(&error)),
            "choose another directory with --ut DIR, or make room",
        )
    })?;
    meter.finish();
    let written: Vec<String> = FILER.iter().map(|file| asked.ut.join(file).display().to_string()).collect();
    print(&format!("{}\n", written.join("\n")))
}
