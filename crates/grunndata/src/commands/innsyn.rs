//! `grunndata innsyn`: who has looked a person up in Folkeregisteret.

use std::sync::Arc;

use folkeregisteret::logg::Loggfoert;
use identifikator::Personidentifikator;
use serde_json::json;
use tid::{SystemClock, SystemRandom};

use super::print;
use crate::cli::Innsyn;
use crate::config::Config;
use crate::failure::{Failure, chain};
use crate::population;
use crate::store::Store;

pub(super) async fn run(config: Config, asked: &Innsyn) -> Result<(), Failure> {
    let journal = Store::of(&config).open_read_only().await?;
    let register = population::open(&config, journal, Arc::new(SystemClock), Arc::new(SystemRandom));
    let number = Personidentifikator::parse(&asked.person)
        .map_err(|_| Failure::usage("--person is not a person's number", "give its eleven digits"))?;
    let failed = |error: folkeregisteret::Feil| {
        Failure::failed(chain(&error), "check the store with `grunndata verify`")
    };
    let found = register.finn(&[number.verdi()]).await.map_err(failed)?.pop().flatten();
    let Some(found) = found else {
        return Err(Failure::failed("nobody has this number", "give a number that the register holds"));
    };
    let mut looked = register.logg().om(found.person).await.map_err(failed)?;
    looked.retain(|entry| asked.alle || entry.kan_vises());
    print(&if asked.json { format!("{:#}\n", json!(looked)) } else { text(&looked) })
}

fn text(looked: &[Loggfoert]) -> String {
    let line = |entry: &Loggfoert| {
        let supplier = entry.leverandoer.as_deref().map(|orgnr| format!(" by {orgnr}")).unwrap_or_default();
        format!("{} {}{supplier} {} ({})\n", entry.tidspunkt, entry.konsument, entry.tjeneste, entry.pakke)
    };
    looked.iter().map(line).collect()
}
