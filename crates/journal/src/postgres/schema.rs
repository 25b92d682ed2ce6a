//! The tables, and how they change from one version of the program to the next.
//!
//! As in the SQLite engine, migrations follow *expand and contract*, so that nodes of the release before go on working
//! beside the first node of the new one. A migration, once released, is never edited.

use deadpool_postgres::ClientWrapper;
use tokio_postgres::Row;

use super::error::{self, Trouble};
use crate::JournalError;
use crate::error::Result;

/// `MIGRATIONS[n]` brings a store from version n to n + 1.
const MIGRATIONS: &[&str] = &[include_str!("v1.sql")];
/// The schema version this program writes.
pub(super) const KNOWN: u32 = MIGRATIONS.len() as u32;
/// The oldest server that has what we use, as the server numbers itself.
const SERVER: i32 = 15_0000;

/// One node at a time; the others wait and find the work done. The number is ours alone ("grnd").
const LOCK: &str = "SELECT pg_advisory_xact_lock(1735552612)";
const PREPARE: &str = "CREATE SCHEMA IF NOT EXISTS grunndata;
    CREATE TABLE IF NOT EXISTS grunndata.schema_version (
        one boolean PRIMARY KEY CHECK (one), version integer NOT NULL, moving bigint)";
const SERVER_VERSION: &str = "SELECT current_setting('server_version_num')::integer";
const FOUND: &str = "SELECT version, moving FROM grunndata.schema_version WHERE one";
const SET: &str = "INSERT INTO grunndata.schema_version (one, version) VALUES (true, $1)
    ON CONFLICT (one) DO UPDATE SET version = excluded.version";
const FOREIGN: &str = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'grunndata')
    AND to_regclass('grunndata.schema_version') IS NULL";

/// What stands in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The schema version; 0: an empty database.
    pub(super) version: u32,
    /// A store is being moved here: the number that it will have at its head.
    pub(super) moving: Option<i64>,
}

/// Brings the store up to this program's version. An empty database becomes an empty journal.
pub(super) async fn migrate(client: &ClientWrapper) -> Result<Found> {
    let work = async {
        client.batch_execute("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0").await?;
        server(client).await?;
        client.batch_execute(LOCK).await?;
        let found = look(client).await?;
        if found.version < KNOWN {
            client.batch_execute(PREPARE).await?;
        }
        for (done, migration) in (0u32..).zip(MIGRATIONS).skip(found.version as usize) {
            client.batch_execute(migration).await?;
            client.execute(SET, &[&i32::try_from(done + 1).unwrap_or(i32::MAX)]).await?;
            tracing::info!(version = done + 1, "the store's schema is migrated");
        }
        client.batch_execute("COMMIT").await?;
        Ok::<_, Trouble>(found)
    };
    let outcome = work.await;
    if outcome.is_err() {
        // The connection goes back to its pool.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    outcome.map_err(|trouble| trouble.error)
}

/// The store as it is; refuses databases of newer programs and of others, and old servers.
pub(super) async fn check(client: &ClientWrapper) -> Result<Found> {
    server(client).await.map_err(|trouble| trouble.error)?;
    let found = look(client).await.map_err(|trouble| trouble.error)?;
    if found.version == 0 {
        return Err(JournalError::Unavailable("there is no store in the database".to_owned()));
    }
    Ok(found)
}

/// A store that is being moved in is not one yet.
pub(super) fn whole(found: Found) -> Result<()> {
    match found.moving {
        None => Ok(()),
        Some(_) => Err(JournalError::Unavailable(
            "a store is being moved into the database; run `grunndata flytt` again to end it".to_owned(),
        )),
    }
}

async fn server(client: &ClientWrapper) -> std::result::Result<(), Trouble> {
    let version: i32 = client.query_one(SERVER_VERSION, &[]).await?.try_get(0)?;
    if version >= SERVER {
        return Ok(());
    }
    let text = format!("the server is PostgreSQL {}; 15 or newer is needed", version / 1_0000);
    Err(JournalError::Engine(text.into()).into())
}

async fn look(client: &ClientWrapper) -> std::result::Result<Found, Trouble> {
    let foreign: bool = client.query_one(FOREIGN, &[]).await?.try_get(0)?;
    if foreign {
        let text = "the schema grunndata belongs to another program".to_owned();
        return Err(JournalError::Corrupt(text).into());
    }
    let there =
        client.query_opt("SELECT 1 WHERE to_regclass('grunndata.schema_version') IS NOT NULL", &[]).await?;
    let row = match there {
        Some(_) => client.query_opt(FOUND, &[]).await?,
        None => None,
    };
    let Some(row) = row else { return Ok(Found { version: 0, moving: None }) };
    let found = read(&row).map_err(error::from)?;
    if found.version > KNOWN {
        return Err(JournalError::TooNew { found: found.version, known: KNOWN }.into());
    }
    Ok(found)
}

fn read(row: &Row) -> std::result::Result<Found, tokio_postgres::Error> {
    let version: i32 = row.try_get(0)?;
    Ok(Found { version: version.unsigned_abs(), moving: row.try_get(1)? })
}
