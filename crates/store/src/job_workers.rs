//! Servers that have jobs under way. A worker moves its number every few seconds; one whose number stands still is
//! dead, and its jobs are taken over. Clocks are never compared.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    JOIN = "INSERT INTO job_workers (id, beat) VALUES ($1, 0)";
    BEAT = "UPDATE job_workers SET beat = beat + 1 WHERE id = $1";
    KEEP = "SELECT id FROM job_workers WHERE id = $1";
    ALL = "SELECT id, beat FROM job_workers";
    BURY = "DELETE FROM job_workers WHERE id = $1 AND beat = $2";
    LEAVE = "DELETE FROM job_workers WHERE id = $1";
    // Only running jobs have an owner.
    RELEASE = "UPDATE jobs SET state = 'queued', owner = NULL, due_at = $2 WHERE owner = $1";
}

/// On a server, so that no one can take the worker for dead before the transaction ends; others of its jobs do the same
/// meanwhile. SQLite has one writer, and no such words.
const KEEP_ON_SERVER: &str = "SELECT id FROM job_workers WHERE id = $1 FOR KEY SHARE";

/// A worker, and how often it has moved its number.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct WorkerRow {
    /// Its id, another one each time it joins.
    pub id: String,
    /// Its number.
    pub beat: i64,
}

/// Adds a worker, which may take jobs then.
///
/// # Errors
/// The store failed.
pub async fn join(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    execute!(one, tx, JOIN, id)
}

/// Shows that a worker lives; false if others took it for dead, and its jobs with it.
///
/// # Errors
/// The store failed.
pub async fn beat(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, BEAT, id)
}

/// Whether a worker is still taken for alive; then it is, until the transaction ends.
///
/// # Errors
/// The store failed.
pub async fn keep(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    let sql = match tx {
        Tx::Sqlite(_) => KEEP,
        Tx::Postgres(_) => KEEP_ON_SERVER,
    };
    let found = fetch!(optional, tx, (String,), sql, id)?;
    Ok(found.is_some())
}

/// Every worker that has jobs.
///
/// # Errors
/// The store failed.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<WorkerRow>, StoreError> {
    fetch!(all, tx, WorkerRow, ALL)
}

/// Gives back the jobs of a worker that has stood still at this number; `None` if it moved after all, or is gone.
///
/// # Errors
/// The store failed.
pub async fn bury(
    tx: &mut Tx<'_>,
    worker: WorkerRow,
    now_ms: i64,
) -> Result<Option<u64>, StoreError> {
    if !execute!(optional, tx, BURY, &worker.id, worker.beat)? {
        return Ok(None);
    }
    execute!(any, tx, RELEASE, worker.id, now_ms).map(Some)
}

/// Removes a worker that ends, and gives back the jobs it still has.
///
/// # Errors
/// The store failed.
pub async fn leave(tx: &mut Tx<'_>, id: &str, now_ms: i64) -> Result<(), StoreError> {
    execute!(any, tx, RELEASE, id, now_ms)?;
    execute!(any, tx, LEAVE, id)?;
    Ok(())
}
