//! Claims jobs that are due.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET state = 'running', owner = $1, claim = claim + 1, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM jobs WHERE state = 'queued' AND kind = $2 AND share = $3 AND due_at <= $4 \
             ORDER BY due_at, id LIMIT $5", $lock, ") \
             RETURNING id, claim, tool_id, share, subject, attempts, payload_sealed, history_sealed, created_at"
        )
    };
}

macro_rules! bring_back {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET due_at = $2 WHERE id IN (SELECT id FROM jobs WHERE state = 'queued' AND kind = $1 \
             AND due_at > 0 AND due_at > $3 ORDER BY due_at DESC LIMIT $4", $lock, ")"
        )
    };
}

statements! {
    NEXT_DUE = "SELECT MIN(due_at) FROM jobs WHERE state = 'queued' AND kind = $1 AND due_at > 0";
    LAST_DUE = "SELECT MAX(due_at) FROM jobs WHERE state = 'queued' AND kind = $1 AND due_at > 0";
    // Jumps from one share to the next, skipping the jobs in between.
    SHARES = "WITH RECURSIVE due (share) AS (\
              SELECT MIN(share) FROM jobs WHERE state = 'queued' AND kind = $1 AND share > $2 UNION ALL \
              SELECT (SELECT MIN(share) FROM jobs WHERE state = 'queued' AND kind = $1 AND jobs.share > due.share) FROM due \
              WHERE due.share IS NOT NULL) \
              SELECT due.share FROM due WHERE due.share IS NOT NULL AND (SELECT MIN(due_at) FROM jobs \
              WHERE state = 'queued' AND kind = $1 AND jobs.share = due.share) <= $3 LIMIT $4";
    RUNNING = "SELECT COUNT(*) FROM jobs WHERE state = 'running' AND kind = $1 AND share = $2";
    CLAIM = claim!("");
    BRING_BACK = bring_back!("");
}

/// On PostgreSQL, workers skip jobs that another worker is claiming right now. SQLite has a single
/// writer and no such clause.
const CLAIM_ON_SERVER: &str = claim!(" FOR UPDATE SKIP LOCKED");
const BRING_BACK_ON_SERVER: &str = bring_back!(" FOR UPDATE SKIP LOCKED");
/// Released when the transaction ends, so it works behind poolers, too.
const ALONE_ON_SERVER: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended(CAST($1 AS TEXT) || ' ' || CAST($2 AS TEXT), 0))";

/// A job claimed by a worker.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClaimedJob {
    /// Its id. Ending or postponing the job requires it.
    pub id: String,
    /// The number of this claim, unique among the job's claims.
    pub claim: i64,
    /// The tool it belongs to.
    pub tool_id: String,
    /// The share of the workers' time that it uses.
    pub share: String,
    /// The id of the thing it is about.
    pub subject: String,
    /// How often it was claimed, including this time.
    pub attempts: i64,
    /// Its input, sealed.
    pub payload_sealed: Option<Vec<u8>>,
    /// The log of earlier attempts, sealed.
    pub history_sealed: Option<Vec<u8>>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// When the next job of a kind is due, in milliseconds since 1970; `None` if none is waiting.
///
/// # Errors
/// The store failed.
pub async fn next_due(tx: &mut Tx<'_>, kind: &'static str) -> Result<Option<i64>, StoreError> {
    let (due_at,) = fetch!(one, tx, (Option<i64>,), NEXT_DUE, kind)?;
    Ok(due_at)
}

/// When the last job of a kind is due, in milliseconds since 1970; `None` if none is waiting.
///
/// # Errors
/// The store failed.
pub async fn last_due(tx: &mut Tx<'_>, kind: &'static str) -> Result<Option<i64>, StoreError> {
    let (due_at,) = fetch!(one, tx, (Option<i64>,), LAST_DUE, kind)?;
    Ok(due_at)
}

/// Makes up to `most` jobs that are due after `far_ms` due now. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn bring_back(
    tx: &mut Tx<'_>,
    kind: &'static str,
    now_ms: i64,
    far_ms: i64,
    most: i64,
) -> Result<u64, StoreError> {
    let sql = match tx {
        Tx::Sqlite(_) => BRING_BACK,
        Tx::Postgres(_) => BRING_BACK_ON_SERVER,
    };
    execute!(any, tx, sql, kind, now_ms, far_ms, most)
}

/// Shares with due jobs, in order of their names, starting after `after`.
///
/// # Errors
/// The store failed.
pub async fn shares(
    tx: &mut Tx<'_>,
    kind: &'static str,
    after: &str,
    now_ms: i64,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    let found = fetch!(all, tx, (String,), SHARES, kind, after, now_ms, most)?;
    Ok(found.into_iter().map(|(share,)| share).collect())
}

/// Makes this transaction the only one to claim jobs of a share until it ends. Returns false if
/// another one is claiming some. Otherwise two transactions could count the running jobs at the
/// same time and both fill the free slots.
///
/// # Errors
/// The store failed.
pub async fn is_alone(
    tx: &mut Tx<'_>,
    kind: &'static str,
    share: &str,
) -> Result<bool, StoreError> {
    match tx {
        // SQLite has a single writer.
        Tx::Sqlite(_) => Ok(true),
        Tx::Postgres(_) => {
            let (is_alone,) = fetch!(one, tx, (bool,), ALONE_ON_SERVER, kind, share)?;
            Ok(is_alone)
        }
    }
}

/// How many jobs of a share are running, across all workers. A transaction that claims more based
/// on this number must have the share to itself ([`is_alone`]).
///
/// # Errors
/// The store failed.
pub async fn running(tx: &mut Tx<'_>, kind: &'static str, share: &str) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), RUNNING, kind, share)?;
    Ok(number)
}

/// Claims up to `most` due jobs of a share, longest overdue first. The same transaction must have
/// made sure that the worker isn't declared dead before the transaction ends, by adding it
/// ([`crate::job_workers::join`]), incrementing its number ([`crate::job_workers::beat`]) or
/// locking it ([`crate::job_workers::keep`]).
///
/// # Errors
/// The store failed.
pub async fn claim(
    tx: &mut Tx<'_>,
    owner: &str,
    kind: &'static str,
    share: &str,
    now_ms: i64,
    most: i64,
) -> Result<Vec<ClaimedJob>, StoreError> {
    let sql = match tx {
        Tx::Sqlite(_) => CLAIM,
        Tx::Postgres(_) => CLAIM_ON_SERVER,
    };
    fetch!(all, tx, ClaimedJob, sql, owner, kind, share, now_ms, most)
}
