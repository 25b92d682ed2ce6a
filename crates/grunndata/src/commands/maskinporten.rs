//! `grunndata maskinporten`: the operator's orders, on the store or through the server that has it open.

use std::path::Path;
use std::sync::Arc;

use maskinporten::kommando::Kommando;
use serde_json::{Value, json};
use tid::{SystemClock, SystemRandom};
use vakt::jws::{RsaSigner, Signer};

use super::print;
use crate::cli::maskinporten::{Klient, Maskinporten, Nokler, What};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::drift::{self, Answer, Order, Servants};
use crate::failure::Failure;
use crate::store::Store;
use crate::{secrets, tokens};

pub(super) async fn run(config: Config, asked: &Maskinporten) -> Result<(), Failure> {
    let (order, key) = match (&asked.what, asked.what.order()) {
        (_, Some(order)) => (order, None),
        (What::Klient(Klient::Nokler(keys)), None) => key_order(keys)?,
        _ => return Ok(()),
    };
    // The key is on disk before its public half is registered: nothing that is cut off here loses it.
    if let Some((file, pem)) = &key {
        secrets::write_new(file, pem.as_bytes())?;
    }
    let value = carried_out(config, order).await?;
    print(&format!("{value:#}\n"))
}

/// The order to register keys, and the new key with the file it goes to.
#[expect(clippy::type_complexity, reason = "an order, and beside it a key and its place")]
fn key_order(keys: &Nokler) -> Result<(Kommando, Option<(&Path, zeroize::Zeroizing<String>)>), Failure> {
    let client_id = keys.client_id.clone();
    if let Some(file) = &keys.fra.jwks {
        let text = std::fs::read(file).map_err(|error| {
            Failure::usage(
                format!("{} cannot be read: {error}", file.display()),
                "give a file with {\"keys\":[…]}",
            )
        })?;
        let jwks = vakt::json::object(&text).map_err(|_| {
            Failure::usage(
                format!("{} is not a JSON object", file.display()),
                "give a file with {\"keys\":[…]}",
            )
        })?;
        return Ok((Kommando::SettNokler { client_id, jwks }, None));
    }
    let made = |error: vakt::jws::UnusableKey| Failure::failed(error.to_string(), "try again");
    let mut key = RsaSigner::generate().map_err(made)?;
    if let Some(kid) = &keys.kid {
        key = key.named(kid);
    }
    let public = vakt::jwk::to_json(key.kid(), key.algorithm(), key.public_key());
    let Value::Object(jwks) = json!({ "keys": [public] }) else { return Err(made(vakt::jws::UnusableKey)) };
    let pem = key.to_pkcs8_pem().map_err(made)?;
    let file = keys.fra.ny.as_deref().unwrap_or(Path::new("nokkel.pem"));
    Ok((Kommando::SettNokler { client_id, jwks }, Some((file, pem))))
}

/// Does an order where the store can be written: in the server that has it open, or here.
pub(super) async fn carried_out(config: Config, order: Kommando) -> Result<Value, Failure> {
    let dir = DataDir::of(&config);
    let cut_off = |error: std::io::Error| {
        Failure::failed(
            format!("the server was cut off: {error}"),
            "look with `grunndata maskinporten spor` whether it was done",
        )
    };
    let order = Order::Maskinporten(order);
    let answer = match drift::send(&dir.operator_socket(), &order).await.map_err(cut_off)? {
        Some(answer) => answer,
        None => here(&config, order).await?,
    };
    match answer {
        Answer::Ok(value) => Ok(value),
        Answer::Refused(why) => Err(Failure::failed(why, "`grunndata help maskinporten` has examples")),
    }
}

async fn here(config: &Config, order: Order) -> Result<Answer, Failure> {
    let store = Store::of(config).open().await?;
    let server = tokens::open(config, store.clone(), Arc::new(SystemClock), Arc::new(SystemRandom))?;
    let servants = Servants { maskinporten: Some(server), producers: None };
    let answer = drift::done(&servants, order).await;
    drop(servants);
    store.close().await;
    Ok(answer)
}
