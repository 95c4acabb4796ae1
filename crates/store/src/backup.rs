//! Copies of an embedded store, made while a server is running, and their contents.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::engine::{self, StoreError};

/// Opens a copy that nothing else writes to.
fn unshared(file: &Path) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new().filename(file);
    options.read_only(true).immutable(true)
}

/// The contents of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The schema version: the number of the newest migration.
    pub schema: i64,
    /// Row counts by table.
    pub rows: BTreeMap<String, i64>,
}

/// The newest schema that this version reads and writes.
pub fn newest_schema() -> i64 {
    engine::newest()
}

/// Copies a consistent snapshot of the store into an empty file. Servers can keep running.
///
/// # Errors
/// The store doesn't exist, or the file can't be written.
pub async fn copy(store: &Path, to: &str) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(store);
    let mut connection = options.create_if_missing(false).connect().await?;
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(to.to_owned())
        .execute(&mut connection)
        .await;
    connection.close().await?;
    Ok(copied.map(drop)?)
}

/// Checks every page, index and reference of a copy, and counts its rows.
///
/// # Errors
/// The copy is damaged, or not a store of ours.
pub async fn inspect(copy: &Path) -> Result<Inventory, StoreError> {
    let mut connection = unshared(copy).connect().await?;
    let contents = contents(&mut connection).await;
    connection.close().await?;
    contents
}

/// Prepares a store that was restored from a backup. Its pending scores may have been delivered
/// since the backup, so each is marked to be looked up before it is sent (grades.md GR-12). Returns
/// how many.
///
/// # Errors
/// The file can't be opened or written.
pub async fn doubt_deliveries(store: &Path) -> Result<u64, StoreError> {
    let options = SqliteConnectOptions::new().filename(store);
    let mut connection = options.create_if_missing(false).connect().await?;
    let doubted = doubted(&mut connection).await;
    connection.close().await?;
    doubted
}

/// Begins a new epoch of events in a store that was restored from a backup. Places assigned after
/// the backup belong to events that the store no longer has, so a client that asks for events after
/// such a place starts again from the oldest.
///
/// # Errors
/// The file can't be opened or written.
pub async fn begin_epoch(store: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(store);
    let mut connection = options.create_if_missing(false).connect().await?;
    let begun = epoch_begun(&mut connection).await;
    connection.close().await?;
    begun
}

/// Ends all sessions and sign-in links for the portal in a store that was restored from a backup.
/// Otherwise sessions that have ended since, and links that have been used or withdrawn since,
/// would be valid again. People with a password sign in again.
///
/// # Errors
/// The file can't be opened or written.
pub async fn end_sign_ins(store: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(store);
    let mut connection = options.create_if_missing(false).connect().await?;
    let ended = sign_ins_ended(&mut connection).await;
    connection.close().await?;
    ended
}

/// Records in a store when a backup of it was made, in milliseconds since 1970. A store of an older
/// version has no place for this.
///
/// # Errors
/// The file can't be opened or written.
pub async fn note_made(store: &Path, at: i64) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(store);
    let mut connection = options.create_if_missing(false).connect().await?;
    let noted = noted(&mut connection, at).await;
    connection.close().await?;
    noted
}

async fn noted(connection: &mut SqliteConnection, at: i64) -> Result<(), StoreError> {
    let column =
        "SELECT COUNT(*) FROM pragma_table_info('installation') WHERE name = 'backed_up_at'";
    let (columns,): (i64,) = sqlx::query_as(column).fetch_one(&mut *connection).await?;
    if columns > 0 {
        let note = sqlx::query("UPDATE installation SET backed_up_at = $1").bind(at);
        note.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn epoch_begun(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // An older version lacks the column; it is added when its tables are brought up to date.
    let column = "SELECT COUNT(*) FROM pragma_table_info('event_log') WHERE name = 'epoch'";
    let (columns,): (i64,) = sqlx::query_as(column).fetch_one(&mut *connection).await?;
    if columns > 0 {
        let begin = "UPDATE event_log SET epoch = lower(hex(randomblob(8)))";
        sqlx::query(begin).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn sign_ins_ended(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // An older version has neither.
    let tables = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('portal_sessions', 'portal_links')";
    let (tables,): (i64,) = sqlx::query_as(tables).fetch_one(&mut *connection).await?;
    if tables == 2 {
        for end in ["DELETE FROM portal_sessions", "DELETE FROM portal_links"] {
            sqlx::query(end).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

async fn doubted(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    // An older version lacks the table.
    let table =
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'score_deliveries'";
    let (tables,): (i64,) = sqlx::query_as(table).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(0);
    }
    let doubt = "UPDATE score_deliveries SET unsure = TRUE, \
                 state = CASE WHEN state = 'held' THEN state ELSE 'unknown' END WHERE ended_at IS NULL";
    let done = sqlx::query(doubt).execute(&mut *connection).await?;
    Ok(done.rows_affected())
}

async fn contents(connection: &mut SqliteConnection) -> Result<Inventory, StoreError> {
    let problems: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check(1)")
        .fetch_all(&mut *connection)
        .await?;
    if let Some((problem,)) = problems.into_iter().find(|(problem,)| problem != "ok") {
        return Err(StoreError::Corrupt(problem));
    }
    let orphans = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
    let orphan: Option<(String,)> = sqlx::query_as(orphans)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some((table,)) = orphan {
        let problem = format!("a row of {table} belongs to a row that is missing");
        return Err(StoreError::Corrupt(problem));
    }
    let newest = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
    let (schema,): (i64,) = sqlx::query_as(newest).fetch_one(&mut *connection).await?;
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' \
                  AND name NOT LIKE '@_sqlx%' ESCAPE '@'";
    let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&mut *connection).await?;
    let mut rows = BTreeMap::new();
    for (table,) in tables {
        let quoted = table.replace('"', "\"\"");
        let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{quoted}\""));
        let (count,): (i64,) = sqlx::query_as(count).fetch_one(&mut *connection).await?;
        rows.insert(table, count);
    }
    Ok(Inventory { schema, rows })
}
