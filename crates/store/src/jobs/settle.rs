//! Records what becomes of a claimed job. Does nothing if the worker no longer owns it or has
//! claimed it again since. Also ends jobs that need no claim.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    END = "UPDATE jobs SET state = $3, reason = $4, owner = NULL, head = NULL, history_sealed = $5, ended_at = $6, \
           delete_at = $7 WHERE id = $1 AND owner = $2 AND claim = $8 AND state = 'running' RETURNING order_key, place, tail";
    FOLLOW = "UPDATE jobs SET state = 'queued', head = order_key, tail = $2 WHERE id = \
              (SELECT id FROM jobs WHERE order_key = $1 AND state = 'behind' ORDER BY place LIMIT 1)";
    AGAIN = "UPDATE jobs SET state = 'queued', owner = NULL, history_sealed = $3, due_at = $4 \
             WHERE id = $1 AND owner = $2 AND claim = $5 AND state = 'running'";
    POSTPONE = "UPDATE jobs SET state = 'queued', owner = NULL, attempts = attempts - 1, due_at = $3 \
                WHERE id = $1 AND owner = $2 AND claim = $4 AND state = 'running'";
    HASTEN = "UPDATE jobs SET due_at = $2 WHERE id = $1 AND state || '' = 'queued' AND due_at + 0 > $2";
    IS_UNCLAIMED = "SELECT id FROM jobs WHERE id = $1 AND state || '' = 'queued'";
    END_UNCLAIMED = "UPDATE jobs SET state = 'expired', reason = $2, head = NULL, ended_at = $3, delete_at = $4 \
                     WHERE id = $1 AND state || '' = 'queued' RETURNING order_key, place, tail";
    OWNED = "SELECT id, owner, claim FROM jobs WHERE owner = $1";
}

/// SQLite has a single writer and no such clause.
const LOCK_ON_SERVER: &str = "SELECT id FROM jobs WHERE id = $1 FOR UPDATE";
const LOCK_HEAD_ON_SERVER: &str = "SELECT id FROM jobs WHERE head = $1 FOR UPDATE";
const LOCK_UNCLAIMED_ON_SERVER: &str =
    "SELECT id FROM jobs WHERE id = $1 AND state || '' = 'queued' FOR UPDATE SKIP LOCKED";

/// A job, and the claim under which its worker reports the outcome.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobClaim {
    /// The job's id.
    pub id: String,
    /// The worker's id.
    pub owner: String,
    /// The number of the claim, from [`super::ClaimedJob`].
    pub claim: i64,
}

/// How a job ended.
#[derive(Clone, Debug)]
pub struct End {
    /// `done`, `refused` or `expired`.
    pub state: &'static str,
    /// Why it was not done.
    pub reason: Option<&'static str>,
    /// The log of its attempts, sealed.
    pub history_sealed: Option<Vec<u8>>,
    /// Now, in milliseconds since 1970.
    pub ended_at: i64,
    /// When to remove its row, in milliseconds since 1970.
    pub delete_at: i64,
}

/// How a job ended that no worker had claimed.
#[derive(Clone, Copy, Debug)]
pub struct EndedUnclaimed {
    /// Why it was not done.
    pub reason: &'static str,
    /// Now, in milliseconds since 1970.
    pub ended_at: i64,
    /// When to remove its row, in milliseconds since 1970.
    pub delete_at: i64,
}

#[derive(sqlx::FromRow)]
struct EndedJob {
    order_key: Option<String>,
    place: i64,
    /// The last place that was given to a job with this key.
    tail: i64,
}

/// Ends a job. The next one with its order key, if any, can then be claimed. Returns false if the
/// worker has lost the job.
///
/// # Errors
/// The store failed.
pub async fn end(tx: &mut Tx<'_>, job: &JobClaim, end: End) -> Result<bool, StoreError> {
    let ended = fetch!(
        optional,
        tx,
        EndedJob,
        END,
        &job.id,
        &job.owner,
        end.state,
        end.reason,
        end.history_sealed,
        end.ended_at,
        end.delete_at,
        job.claim
    )?;
    follow(tx, ended.as_ref()).await?;
    Ok(ended.is_some())
}

/// Lets the next job with the order key of an ended one, if any, be claimed. Joining the line locks
/// the ended job's row, so no job can join until this transaction ends.
async fn follow(tx: &mut Tx<'_>, ended: Option<&EndedJob>) -> Result<(), StoreError> {
    if let Some(EndedJob {
        order_key: Some(key),
        place,
        tail,
    }) = ended
        && tail > place
    {
        execute!(optional, tx, FOLLOW, key, tail)?;
    }
    Ok(())
}

/// Schedules a job to run again at that time. Returns false if the worker has lost it.
///
/// # Errors
/// The store failed.
pub async fn again(
    tx: &mut Tx<'_>,
    job: &JobClaim,
    history_sealed: Option<Vec<u8>>,
    due_at: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        AGAIN,
        &job.id,
        &job.owner,
        history_sealed,
        due_at,
        job.claim
    )
}

/// Postpones a job that was not attempted after all. Returns false if the worker has lost it.
///
/// # Errors
/// The store failed.
pub async fn postpone(tx: &mut Tx<'_>, job: &JobClaim, due_at: i64) -> Result<bool, StoreError> {
    execute!(
        optional, tx, POSTPONE, &job.id, &job.owner, due_at, job.claim
    )
}

/// Locks a job's row until the transaction ends. Waits for a worker that is recording the job's
/// outcome.
///
/// # Errors
/// The store failed.
pub async fn lock(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => fetch!(optional, tx, (String,), LOCK_ON_SERVER, id).map(drop),
    }
}

/// Locks the head of an order key until the transaction ends. Call it before [`lock`] on another
/// job with that key: when a head ends, the next job becomes the head, and they are locked in this
/// order.
///
/// # Errors
/// The store failed.
pub async fn lock_head(tx: &mut Tx<'_>, order_key: &str) -> Result<(), StoreError> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => {
            fetch!(optional, tx, (String,), LOCK_HEAD_ON_SERVER, order_key).map(drop)
        }
    }
}

/// Locks a job that can be claimed until the transaction ends. Returns false if it can't be, or if
/// another transaction has locked it.
///
/// # Errors
/// The store failed.
pub async fn lock_unclaimed(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    let found = match tx {
        Tx::Sqlite(_) => fetch!(optional, tx, (String,), IS_UNCLAIMED, id),
        Tx::Postgres(_) => fetch!(optional, tx, (String,), LOCK_UNCLAIMED_ON_SERVER, id),
    }?;
    Ok(found.is_some())
}

/// Ends a job that no worker has claimed, after [`lock_unclaimed`]. The next one with its order
/// key, if any, can then be claimed.
///
/// # Errors
/// The store failed.
pub async fn end_unclaimed(
    tx: &mut Tx<'_>,
    id: &str,
    end: EndedUnclaimed,
) -> Result<(), StoreError> {
    let EndedUnclaimed {
        reason,
        ended_at,
        delete_at,
    } = end;
    let ended = fetch!(
        optional,
        tx,
        EndedJob,
        END_UNCLAIMED,
        id,
        reason,
        ended_at,
        delete_at
    )?;
    follow(tx, ended.as_ref()).await
}

/// Makes a job due now that is scheduled for later. Returns false if it isn't.
///
/// # Errors
/// The store failed.
pub async fn hasten(tx: &mut Tx<'_>, id: &str, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, HASTEN, id, now_ms)
}

/// The jobs that a worker has claimed.
///
/// # Errors
/// The store failed.
pub async fn owned(tx: &mut Tx<'_>, owner: &str) -> Result<Vec<JobClaim>, StoreError> {
    fetch!(all, tx, JobClaim, OWNED, owner)
}
