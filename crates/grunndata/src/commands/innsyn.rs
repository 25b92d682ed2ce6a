//! `grunndata innsyn`: who has looked a person up in Folkeregisteret.

use std::sync::Arc;

use folkeregisteret::innsyn::{Innsyn, Virksomhet};
use identifikator::Personidentifikator;
use serde_json::json;
use tid::{SystemClock, SystemRandom};

use super::print;
use crate::cli;
use crate::config::Config;
use crate::failure::{Failure, chain};
use crate::population::{self, Names};
use crate::store::Store;

pub(super) async fn run(config: Config, asked: &cli::Innsyn) -> Result<(), Failure> {
    let journal = Store::of(&config).open_read_only().await?;
    let register = population::open(&config, journal.clone(), Arc::new(SystemClock), Arc::new(SystemRandom))?;
    let number = Personidentifikator::parse(&asked.person)
        .map_err(|_| Failure::usage("--person is not a person's number", "give its eleven digits"))?;
    let found = register
        .innsyn(number.verdi(), asked.alle, &Names(journal))
        .await
        .map_err(|error| Failure::failed(chain(&error), "check the store with `grunndata verify`"))?;
    let list = found
        .ok_or_else(|| Failure::failed("nobody has this number", "give a number that the register holds"))?;
    print(&if asked.json { format!("{:#}\n", json!(list.oppslag)) } else { text(&list.oppslag) })
}

fn text(looked: &[Innsyn]) -> String {
    let line = |entry: &Innsyn| {
        let supplier = entry.leverandoer.as_ref().map(|by| format!(", by {}", who(by))).unwrap_or_default();
        let (when, whom) = (entry.tidspunkt, who(&entry.konsument));
        format!("{when} {} ({}) for {whom}{supplier}\n", entry.tjeneste, entry.pakke)
    };
    looked.iter().map(line).collect()
}

/// Number, name and address, as far as they are known.
fn who(unit: &Virksomhet) -> String {
    let place =
        [&unit.postnummer, &unit.poststed].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let known = unit.navn.iter().chain(&unit.adresse).cloned().chain((!place.is_empty()).then_some(place));
    [unit.organisasjonsnummer.clone()].into_iter().chain(known).collect::<Vec<_>>().join(", ")
}
