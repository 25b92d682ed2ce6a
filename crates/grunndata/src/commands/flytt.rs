//! `grunndata flytt`: a whole store from a directory to a database, or back.

use std::path::PathBuf;

use journal::JournalError;
use journal::postgres::Address;
use journal::transfer::{End, transfer};

use super::print;
use crate::cli::Flytt;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, chain};
use crate::progress::Meter;

pub(super) async fn run(config: &Config, flytt: &Flytt) -> Result<(), Failure> {
    let (from, to) = (end(config, "--fra", &flytt.fra)?, end(config, "--til", &flytt.til)?);
    if let End::File(_) = &to {
        directory(config, &flytt.til).make()?;
    }
    let meter = Meter::new("rows copied and compared");
    let moved = transfer(&from, &to, &|done, total| meter.at(done, total.map(|total| (done, total)))).await;
    let moved = moved.map_err(|error| failed(&error))?;
    meter.finish();
    if moved.resumed {
        eprintln!("went on where an earlier move was cut off");
    }
    print(&format!("sequence number {}\nrows {}\n", moved.seq, moved.rows))
}

fn end(config: &Config, flag: &str, text: &str) -> Result<End, Failure> {
    if text.contains("://") {
        let address = Address::parse(text);
        let wrong = || Failure::usage(format!("{flag} is not {}", Address::EXPECTED), "correct the address");
        return address.map(End::Database).ok_or_else(wrong);
    }
    Ok(End::File(directory(config, text).store()))
}

fn directory(config: &Config, text: &str) -> DataDir {
    DataDir::of(&Config { data: PathBuf::from(text), ..config.clone() })
}

fn failed(error: &JournalError) -> Failure {
    match error {
        JournalError::NotAllowed(why) => Failure::failed(
            why.clone(),
            "choose an empty target: another directory, or a database without the schema grunndata",
        ),
        JournalError::Corrupt(_) => Failure {
            exit: Exit::Corrupt,
            message: chain(error),
            hint: "run `grunndata verify` on both; the target is no store yet and may be emptied".to_owned(),
        },
        error => Failure::failed(
            chain(error),
            "stop the servers on both, see that the database can be reached, and run the same command again: it goes on",
        ),
    }
}
