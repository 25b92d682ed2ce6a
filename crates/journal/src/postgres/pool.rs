//! Connections, shared and bounded in number and in time.

use std::time::Duration;

use deadpool_postgres::{
    Client, ClientWrapper, Manager, ManagerConfig, Object, Pool, PoolConfig, RecyclingMethod, Runtime,
    Timeouts,
};
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, Row};

use super::error::Trouble;
use super::tls::Tls;
use crate::JournalError;
use crate::error::Result;

/// How long a caller waits for a connection when all are in use.
const WAIT: Duration = Duration::from_secs(5);
/// How long several hosts together may take to let us in.
const CREATE: Duration = Duration::from_secs(10);
/// How long one statement may take, as seen from here: a little longer than the server's own limit.
pub(super) const ANSWER: Duration = Duration::from_secs(35);

/// Values bound to a statement.
pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// At most `size` connections.
pub(super) fn pool(config: Config, tls: Tls, size: usize) -> Result<Pool> {
    let manager =
        Manager::from_config(config, tls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let timeouts = Timeouts { wait: Some(WAIT), create: Some(CREATE), recycle: Some(WAIT) };
    Pool::builder(manager)
        .config(PoolConfig { max_size: size, timeouts, ..PoolConfig::default() })
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| JournalError::Engine(Box::new(error)))
}

/// Gives a connection back after work on it. One that has failed, or has not answered in time, is not used again: it
/// may be in the middle of something.
pub(super) fn settle<T>(
    client: Client,
    outcome: std::result::Result<T, Trouble>,
) -> std::result::Result<T, Trouble> {
    if outcome.is_err() {
        drop(Object::take(client));
    }
    outcome
}

/// Waits for an answer, but not for ever.
pub(super) async fn bounded<T>(
    work: impl Future<Output = std::result::Result<T, Trouble>>,
) -> std::result::Result<T, Trouble> {
    timeout(ANSWER, work).await.unwrap_or_else(|_| Err(Trouble::silence()))
}

/// The rows of one statement, which is prepared on first use.
pub(super) async fn rows(
    client: &ClientWrapper,
    sql: &str,
    values: Values<'_>,
) -> std::result::Result<Vec<Row>, Trouble> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, values).await?)
}
