//! `grunndata produsent`: the operator's and the case worker's orders, on the store or through the server that has it open.

use std::sync::Arc;

use tid::{SystemClock, SystemRandom};

use super::print;
use crate::cli::produsent::Produsent;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::drift::{self, Answer, Order, Servants};
use crate::failure::Failure;
use crate::store::Store;
use crate::{population, producers};

pub(super) async fn run(config: Config, asked: &Produsent) -> Result<(), Failure> {
    let unread = |error: std::io::Error| {
        Failure::usage(format!("the text cannot be read: {error}"), "give it as UTF-8 on standard input")
    };
    let order = Order::Produsent(asked.what.order().map_err(unread)?);
    let cut_off = |error: std::io::Error| {
        Failure::failed(
            format!("the server was cut off: {error}"),
            "look with `grunndata produsent` whether it was done",
        )
    };
    let socket = DataDir::of(&config).operator_socket();
    let answer = match drift::send(&socket, &order).await.map_err(cut_off)? {
        Some(answer) => answer,
        None => here(&config, order).await?,
    };
    match answer {
        Answer::Ok(value) => print(&format!("{value:#}\n")),
        Answer::Refused(why) => Err(Failure::failed(why, "`grunndata help produsent` has examples")),
    }
}

async fn here(config: &Config, order: Order) -> Result<Answer, Failure> {
    let store = Store::of(config).open().await?;
    let people = population::open(config, store.clone(), Arc::new(SystemClock), Arc::new(SystemRandom))?;
    let producers = producers::open(&people, Arc::new(SystemRandom), None)?;
    let answer = drift::done(&Servants { maskinporten: None, producers: Some(producers) }, order).await;
    drop(people);
    store.close().await;
    Ok(answer)
}
