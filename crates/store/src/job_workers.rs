//! Servers that are running jobs. A worker increments its number every few seconds. If the number
//! stands still, the worker is dead and its jobs are taken over. Clocks are never compared.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    JOIN = "INSERT INTO job_workers (id, beat) VALUES ($1, 0)";
    BEAT = "UPDATE job_workers SET beat = beat + 1 WHERE id = $1";
    KEEP = "SELECT id FROM job_workers WHERE id = $1";
    // A count for an earlier number says nothing.
    ALL = "SELECT id, beat, CASE WHEN looked_beat = beat THEN looks ELSE 0 END AS looks \
           FROM job_workers";
    LOOKED = "UPDATE job_workers SET looks = $3, looked_beat = $2 WHERE id = $1 AND beat = $2 \
              AND (looked_beat <> $2 OR looks < $3)";
    BURY = "DELETE FROM job_workers WHERE id = $1 AND beat = $2";
    LEAVE = "DELETE FROM job_workers WHERE id = $1";
    // Only running jobs have an owner.
    RELEASE = "UPDATE jobs SET state = 'queued', owner = NULL, due_at = $2 WHERE owner = $1";
    // Jumps from one owner to the next, skipping the jobs in between.
    LOST = "WITH RECURSIVE found (owner) AS (SELECT MIN(owner) FROM jobs WHERE owner > '' UNION ALL \
            SELECT (SELECT MIN(owner) FROM jobs WHERE jobs.owner > found.owner) FROM found WHERE found.owner IS NOT NULL) \
            SELECT found.owner FROM found WHERE found.owner IS NOT NULL \
            AND (SELECT job_workers.id FROM job_workers WHERE job_workers.id = found.owner) IS NULL";
}

/// For PostgreSQL: keeps the worker from being declared dead before the transaction ends;
/// transactions for its other jobs may do the same concurrently. SQLite has a single writer and no
/// such clause.
const KEEP_ON_SERVER: &str = "SELECT id FROM job_workers WHERE id = $1 FOR KEY SHARE";
/// Like [`KEEP_ON_SERVER`], but exclusive.
const HOLD_ON_SERVER: &str = "SELECT id FROM job_workers WHERE id = $1 FOR UPDATE";

/// A worker and its number.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct WorkerRow {
    /// Its id, a new one each time it joins.
    pub id: String,
    /// How often it has incremented its number.
    pub beat: i64,
    /// How often others have found this number again, a beat after they had last seen it.
    pub looks: i64,
}

/// Adds a worker, which may then take jobs.
///
/// # Errors
/// The store failed.
pub async fn join(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    execute!(one, tx, JOIN, id)
}

/// Records a worker's sign of life. Returns false if others have declared it dead and taken its
/// jobs.
///
/// # Errors
/// The store failed.
pub async fn beat(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, BEAT, id)
}

/// Whether a worker is still taken for alive; then it is, until the transaction ends. The
/// transaction must go on to settle one of the worker's jobs: on SQLite that alone says it, since
/// its jobs are given back in the transaction that removes it.
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

/// Whether a worker still counts as alive. If so, no other transaction takes jobs for it until this
/// one ends. Waits for transactions that are already taking jobs, so that all its jobs are known.
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

/// All workers.
///
/// # Errors
/// The store failed.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<WorkerRow>, StoreError> {
    fetch!(all, tx, WorkerRow, ALL)
}

/// Records how often a worker's number was found unchanged. Does nothing if it has moved, or others
/// counted as far.
///
/// # Errors
/// The store failed.
pub async fn looked(tx: &mut Tx<'_>, worker: WorkerRow) -> Result<(), StoreError> {
    execute!(any, tx, LOOKED, worker.id, worker.beat, worker.looks).map(drop)
}

/// Releases the jobs of a worker whose number has stood still at this value, due at that time.
/// Returns `None` if the number moved after all, or the worker is gone.
///
/// # Errors
/// The store failed.
pub async fn bury(
    tx: &mut Tx<'_>,
    worker: WorkerRow,
    due_at: i64,
) -> Result<Option<u64>, StoreError> {
    if !execute!(optional, tx, BURY, &worker.id, worker.beat)? {
        return Ok(None);
    }
    execute!(any, tx, RELEASE, worker.id, due_at).map(Some)
}

/// Removes a worker that is shutting down, and releases the jobs it still has.
///
/// # Errors
/// The store failed.
pub async fn leave(tx: &mut Tx<'_>, id: &str, now_ms: i64) -> Result<(), StoreError> {
    // This order, as in `bury`: the first statement waits for transactions that are still taking
    // jobs for the worker, so that those jobs are released, too.
    execute!(any, tx, LEAVE, id)?;
    execute!(any, tx, RELEASE, id, now_ms)?;
    Ok(())
}

/// Job owners that are no longer workers. A worker and its jobs come and go in one transaction, so
/// there are none unless the rows were changed manually or by an older version.
///
/// # Errors
/// The store failed.
pub async fn lost(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let found = fetch!(all, tx, (String,), LOST)?;
    Ok(found.into_iter().map(|(owner,)| owner).collect())
}

/// Releases the jobs of an owner that is no longer a worker ([`lost`]). It can't come back, because
/// ids are never reused. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn release(tx: &mut Tx<'_>, owner: &str, now_ms: i64) -> Result<u64, StoreError> {
    execute!(any, tx, RELEASE, owner, now_ms)
}
