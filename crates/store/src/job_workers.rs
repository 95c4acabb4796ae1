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
    // From one owner to the next, without a look at the jobs between them.
    LOST = "WITH RECURSIVE found (owner) AS (SELECT MIN(owner) FROM jobs WHERE owner > '' UNION ALL \
            SELECT (SELECT MIN(owner) FROM jobs WHERE jobs.owner > found.owner) FROM found WHERE found.owner IS NOT NULL) \
            SELECT found.owner FROM found WHERE found.owner IS NOT NULL \
            AND (SELECT job_workers.id FROM job_workers WHERE job_workers.id = found.owner) IS NULL";
}

/// On a server, so that no one can take the worker for dead before the transaction ends; others of its jobs do the same
/// meanwhile. SQLite has one writer, and no such words.
const KEEP_ON_SERVER: &str = "SELECT id FROM job_workers WHERE id = $1 FOR KEY SHARE";
/// The same, and alone.
const HOLD_ON_SERVER: &str = "SELECT id FROM job_workers WHERE id = $1 FOR UPDATE";

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

/// Whether a worker is still taken for alive; then it is, until the transaction ends. The transaction must go on to settle one of
/// the worker's jobs: on SQLite that alone says it, since its jobs are given back in the transaction that removes it.
///
/// # Errors
/// The store failed.
pub async fn keep(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    match tx {
        Tx::Sqlite(_) => Ok(true),
        Tx::Postgres(_) => {
            let found = fetch!(optional, tx, (String,), KEEP_ON_SERVER, id)?;
            Ok(found.is_some())
        }
    }
}

/// Whether a worker is still taken for alive. Then no other transaction takes jobs for it until this one ends, and what earlier
/// ones took is known: it waits for those that have not ended.
///
/// # Errors
/// The store failed.
pub async fn hold(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    let sql = match tx {
        Tx::Sqlite(_) => KEEP,
        Tx::Postgres(_) => HOLD_ON_SERVER,
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
    // In this order, as in `bury`: it waits for transactions that still take jobs for the worker, and those are given back, too.
    execute!(any, tx, LEAVE, id)?;
    execute!(any, tx, RELEASE, id, now_ms)?;
    Ok(())
}

/// Owners of jobs that are no workers any more. A worker and its jobs come and go in one transaction, so there are none unless
/// the rows were changed by other means, or by an older version.
///
/// # Errors
/// The store failed.
pub async fn lost(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let found = fetch!(all, tx, (String,), LOST)?;
    Ok(found.into_iter().map(|(owner,)| owner).collect())
}

/// Gives back the jobs of an owner that is no worker any more ([`lost`]), and never will be: each has another id. Gives how
/// many.
///
/// # Errors
/// The store failed.
pub async fn release(tx: &mut Tx<'_>, owner: &str, now_ms: i64) -> Result<u64, StoreError> {
    execute!(any, tx, RELEASE, owner, now_ms)
}
