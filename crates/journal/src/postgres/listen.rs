//! Hearing of what other nodes write: notifications on a connection of its own, and asking now and then, because
//! notifications are lost with the connection.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{sleep, timeout};
use tokio_postgres::{AsyncMessage, Client, Config};

use super::error::Trouble;
use super::head::Head;
use super::reader::{HEAD, unsigned};
use super::tls::Tls;
use crate::Seq;

/// How often the head is asked for, whatever is heard.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(500);
/// An answer later than this: the connection is dead.
const ANSWER: Duration = Duration::from_secs(5);

/// Raises the head whenever a change is heard of. Runs until it is aborted.
pub(super) async fn listen(config: Config, tls: Tls, head: Arc<Head>) {
    let mut heard_last = true;
    loop {
        let trouble = match connect(&config, &tls).await {
            Ok((client, heard)) => {
                heard_last = true;
                follow(&client, heard, &head).await
            }
            Err(trouble) => trouble,
        };
        if heard_last {
            tracing::warn!(error = %trouble.error, "the database is lost; trying to reach it");
        }
        heard_last = false;
        sleep(PAUSE).await;
    }
}

async fn connect(config: &Config, tls: &Tls) -> Result<(Client, UnboundedReceiver<Seq>), Trouble> {
    let (client, mut connection) = config.connect(tls.clone()).await?;
    let (tell, heard) = unbounded_channel();
    // Ends when the client is dropped or the connection is lost.
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(said) = message
                && let Ok(seq) = said.payload().parse()
                && tell.send(Seq(seq)).is_err()
            {
                return;
            }
        }
    });
    timeout(ANSWER, client.batch_execute("LISTEN grunndata")).await.map_err(|_| Trouble::silence())??;
    Ok((client, heard))
}

/// Until the connection is lost; says how.
async fn follow(client: &Client, mut heard: UnboundedReceiver<Seq>, head: &Head) -> Trouble {
    loop {
        // Before it is asked: what is heard meanwhile may be newer than the answer.
        let known = head.now();
        let asked = timeout(ANSWER, client.query_one(HEAD, &[])).await;
        let seq = match asked {
            Ok(Ok(row)) => unsigned(&row, 0).map(Seq).map_err(Trouble::from),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Trouble::silence()),
        };
        match seq {
            Ok(seq) => tell(head, known, seq),
            Err(trouble) => return trouble,
        }
        let until = sleep(ASK_EVERY);
        tokio::pin!(until);
        loop {
            tokio::select! {
                () = &mut until => break,
                said = heard.recv() => match said {
                    Some(seq) => head.raise(seq),
                    None => return Trouble::silence(),
                },
            }
        }
    }
}

fn tell(head: &Head, known: Seq, seq: Seq) {
    if seq < known {
        tracing::error!(%known, now = %seq, "the store has gone back: a standby was promoted that lacked changes");
    }
    head.heard(seq);
}
