//! The operator's door to a running server: a socket in the data directory that only its owner can open.
//!
//! The store has one writer. A command that finds it taken hands its order to the server that has it; who may open
//! the socket may open the store. One order a connection: a line of JSON there, a line of JSON back.

use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use maskinporten::Maskinporten;
use maskinporten::admin::Aktor;
use maskinporten::kommando::Kommando;
use produsent::Produsent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::serving::Stopping;

/// Longest order.
const ORDER_BYTES_MAX: u64 = 1 << 20;
/// Longest answer.
const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// How long an order may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// An order, and whose it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Maskinporten's.
    Maskinporten(Kommando),
    /// Folkeregisteret's, of its side for producers.
    Produsent(produsent::kommando::Kommando),
}

/// Who carries orders out.
#[derive(Clone)]
pub struct Servants {
    /// Maskinporten, where it is served.
    pub maskinporten: Option<Arc<Maskinporten>>,
    /// Folkeregisteret's side for producers, where it is served.
    pub producers: Option<Arc<Produsent>>,
}

/// What comes back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is done, and this came of it.
    Ok(Value),
    /// It was refused, and why.
    Refused(String),
}

/// Takes orders until it is time to stop. Without the socket (a file system that has none, a path too long) the
/// server runs all the same, and says so.
pub async fn serve(server: Servants, place: std::path::PathBuf, stopping: Stopping) {
    let listener = match listen(&place) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, "administration on the command line must wait until this server has stopped");
            return;
        }
    };
    let owner = std::fs::metadata(&place).map(|file| file.uid()).ok();
    let stop = stopping.wait();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        // The owner's own processes, whatever the file's rights were in the moment it was made.
        let uid = stream.peer_cred().map(|peer| peer.uid()).ok();
        if uid == owner || uid == Some(0) {
            let server = server.clone();
            tokio::spawn(async move {
                let answered = tokio::time::timeout(PATIENCE, answer(&server, stream)).await;
                if let Ok(Err(error)) = answered {
                    tracing::debug!(%error, "an order on the socket was cut off");
                }
            });
        }
    }
    let _ = std::fs::remove_file(&place);
}

/// What a killed server left is taken away: this process has the store's lock, so nobody else listens.
fn listen(place: &Path) -> io::Result<UnixListener> {
    if let Some(dir) = place.parent() {
        std::fs::create_dir_all(dir)?;
    }
    match std::fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(place)?;
    std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn answer(server: &Servants, stream: UnixStream) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read.take(ORDER_BYTES_MAX)).read_line(&mut line).await?;
    let answer = match serde_json::from_str::<Order>(&line) {
        Ok(order) => done(server, order).await,
        Err(_) => {
            Answer::Refused("the order is not understood; is the server of another version?".to_owned())
        }
    };
    write.write_all(&serde_json::to_vec(&answer)?).await?;
    write.write_all(b"\n").await?;
    write.shutdown().await
}

/// Who orders by the command line, as it is kept with what is done.
const OPERATOR: &str = "kommando";

/// Does an order of the operator's.
pub async fn done(servants: &Servants, order: Order) -> Answer {
    let done = match (order, servants) {
        (Order::Maskinporten(order), Servants { maskinporten: Some(server), .. }) => {
            server.utfor(&Aktor::drift(OPERATOR), order).await.map_err(|refused| refused.to_string())
        }
        (Order::Produsent(order), Servants { producers: Some(server), .. }) => {
            server.utfor(OPERATOR, order).await.map_err(|refused| refused.to_string())
        }
        _ => Err("what the order is for is switched off".to_owned()),
    };
    match done {
        Ok(value) => Answer::Ok(value),
        Err(refused) => Answer::Refused(refused),
    }
}

/// Hands an order to the server that listens; `None` if none does.
///
/// # Errors
/// When the server is cut off in the middle: the order may have been done.
pub async fn send(place: &Path, order: &Order) -> io::Result<Option<Answer>> {
    let Ok(stream) = UnixStream::connect(place).await else { return Ok(None) };
    let (read, mut write) = stream.into_split();
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    write.write_all(&line).await?;
    let mut answer = Vec::new();
    BufReader::new(read.take(ANSWER_BYTES_MAX)).read_until(b'\n', &mut answer).await?;
    Ok(Some(serde_json::from_slice(&answer)?))
}
