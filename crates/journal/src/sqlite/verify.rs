//! Reads the whole store and checks it, in one transaction, so that a store in use can be verified; its write-ahead
//! log grows meanwhile.

use rusqlite::Connection;

use super::shared::Session;
use super::{Told, raw, reader};
use crate::VerifyReport;
use crate::error::Result;
use crate::raw::Reached;
use crate::verify::Check;

/// See [`crate::Journal::verify`].
pub(super) fn verify(session: &Session<'_>, told: &Told) -> Result<VerifyReport> {
    let connection = session.connection;
    let snapshot = connection.unchecked_transaction()?;
    let mut check = Check::new(reader::head(connection)?);
    let outcome = file(connection, &mut check);
    check.part(outcome)?;
    let mut total = 0;
    let counted = raw::count(connection).map(|counted| total = counted);
    check.part(counted)?;
    for part in [directory, raw::versions, raw::events, raw::records] {
        let outcome = part(connection, &Reached::default(), &mut |page| {
            check.page(page);
            told.tell(check.done(), total.max(check.done()));
            Ok(())
        });
        check.part(outcome)?;
    }
    told.tell(check.done(), total.max(check.done()));
    snapshot.commit()?;
    Ok(check.report)
}

fn directory(connection: &Connection, _: &Reached, visit: raw::Visit<'_>) -> Result<()> {
    raw::directory(connection, visit)
}

/// SQLite's own check: pages, trees, indexes against tables, constraints.
fn file(connection: &Connection, check: &mut Check) -> Result<()> {
    let mut statement = connection.prepare("PRAGMA integrity_check(100)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            check.fault(format!("the file: {line}"));
        }
    }
    Ok(())
}
