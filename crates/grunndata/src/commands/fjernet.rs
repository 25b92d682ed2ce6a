//! `grunndata fjernet`: what has been removed from disclosure, and that nothing of it is left.

use std::path::Path;

use enhetsregisteret::fjernet::{Indekser, Rapport, rapport};
use serde_json::json;

use super::print;
use crate::cli::Fjernet;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::doctor::hold;
use crate::failure::{Exit, Failure, chain};
use crate::store::Store;

pub(super) async fn run(config: Config, how: &Fjernet) -> Result<(), Failure> {
    let dir = DataDir::of(&config);
    let journal = Store::of(&config).open_read_only().await?;
    let place = dir.register("enhetsregisteret");
    // Opening an index clears away what a cut-off build left, so it is only done while nobody else has the store.
    let held = hold(&dir.store_lock());
    let search = match &held {
        Some(_) => Some(open(&place)?),
        None => None,
    };
    let found =
        rapport(&journal, &dir.downloads("enhetsregisteret"), search.as_ref()).await.map_err(|error| {
            Failure::failed(
                format!("not everything could be looked at: {}", chain(&error)),
                "run it again; `grunndata verify` checks the store",
            )
        })?;
    print(&if how.json { format!("{:#}\n", json!(found)) } else { text(&found) })?;
    if !found.sok {
        eprintln!("search was not asked: another process has the store open");
    }
    let left = found.fjernet.iter().filter(|unit| !unit.spor.is_empty()).count();
    if left == 0 {
        return Ok(());
    }
    Err(Failure {
        exit: Exit::Corrupt,
        message: format!("something is left of {left} removed units"),
        hint: "delete the files under enhetsregisteret/ in the data directory, which are made again; if it is the \
               store that tells, report it"
            .to_owned(),
    })
}

fn open(place: &Path) -> Result<Indekser, Failure> {
    Indekser::open(&place.join("indeks")).map_err(|error| {
        Failure::failed(
            format!("the search index cannot be opened: {}", chain(&error)),
            "delete the index directory; it is made again",
        )
    })
}

fn text(found: &Rapport) -> String {
    let mut text = String::new();
    for unit in &found.fjernet {
        let left = if unit.spor.is_empty() { "nothing left".to_owned() } else { unit.spor.join("; ") };
        text += &[unit.hva, &unit.organisasjonsnummer, &unit.slettedato, &left].join("\t");
        text.push('\n');
    }
    let left = found.fjernet.iter().filter(|unit| !unit.spor.is_empty()).count();
    let (all, files, named) = (found.fjernet.len(), found.filer, found.nevnt_i_andres_roller);
    text + &format!(
        "removed {all}\nwith traces {left}\nfiles read {files}\nnamed in other units' roles {named}\n"
    )
}
