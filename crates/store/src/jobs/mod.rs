//! Work that survives a crash: rows that are written in the transaction that promises the work.
//!
//! A job is `queued` until a worker claims it, then `running`, and finally `done`, `refused` or
//! `expired`. Of the jobs with the same order key, only the first can be claimed: it is the head,
//! and the others wait `behind` it, in order.

mod claim;
mod list;
mod settle;

pub use claim::{ClaimedJob, bring_back, claim, is_alone, last_due, next_due, running, shares};
pub use list::{JobRow, clean_up, excess, of_share, queued, unfinished};
pub use settle::{
    End, EndedUnclaimed, JobClaim, again, end, end_unclaimed, hasten, lock, lock_head,
    lock_unclaimed, owned, postpone,
};

use crate::engine::{StoreError, Tx, execute, fetch, statements};

/// The statements of this folder's other files.
pub(super) const OTHERS: [&[crate::Statement]; 3] =
    [claim::STATEMENTS, list::STATEMENTS, settle::STATEMENTS];

macro_rules! insert {
    ($state:literal, $head:literal) => {
        concat!(
            "INSERT INTO jobs (id, tool_id, kind, share, subject, order_key, head, place, tail, state, due_at, attempts, \
             payload_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, ", $head, ", $7, $7, '", $state, "', $8, 0, $9, $10)"
        )
    };
}

statements! {
    INSERT = concat!(insert!("queued", "$6"), " ON CONFLICT (head) WHERE head IS NOT NULL DO NOTHING");
    INSERT_BEHIND = insert!("behind", "NULL");
    // Locks the head until this transaction ends, so that it can't end without noticing the job
    // that lines up behind it.
    LINE_UP = "UPDATE jobs SET tail = tail + 1 WHERE head = $1 RETURNING tail";
    RENEW = "UPDATE jobs SET state = 'queued', reason = NULL, due_at = $2, attempts = 0, created_at = $2, ended_at = NULL, \
             delete_at = NULL WHERE id = $1 AND order_key IS NULL AND delete_at IS NOT NULL";
    IS_KNOWN = "SELECT id FROM jobs WHERE id = $1";
}

/// A job to store.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Chosen by the room that stores it; a job with the same id is stored only once.
    pub id: String,
    /// The tool it belongs to.
    pub tool_id: String,
    /// The room that does it.
    pub kind: &'static str,
    /// The share of the workers' time that it uses, such as a platform or an address.
    pub share: String,
    /// The id of the thing it is about.
    pub subject: String,
    /// Jobs with the same key are done one at a time, in the order in which they were stored.
    pub order_key: Option<String>,
    /// Its input, sealed.
    pub payload_sealed: Option<Vec<u8>>,
    /// When it may start, in milliseconds since 1970.
    pub due_at: i64,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// How often to look for the job's place in the order before giving up: each time, the head ended
/// in between.
const TRIES: usize = 100;

/// Stores a job. A transaction that stores several jobs with order keys must do so in the order of
/// the keys; otherwise it can deadlock.
///
/// # Errors
/// The store failed, or the id already exists.
pub async fn insert(tx: &mut Tx<'_>, job: NewJob) -> Result<(), StoreError> {
    let Some(key) = job.order_key.clone() else {
        return match put(tx, INSERT, job, 0).await? {
            1 => Ok(()),
            other => Err(StoreError::RowCount(other)),
        };
    };
    for _ in 0..TRIES {
        if let Some((tail,)) = fetch!(optional, tx, (i64,), LINE_UP, &key)? {
            put(tx, INSERT_BEHIND, job, tail).await?;
            return Ok(());
        }
        if put(tx, INSERT, job.clone(), 0).await? == 1 {
            return Ok(());
        }
    }
    Err(StoreError::RowCount(0))
}

async fn put(
    tx: &mut Tx<'_>,
    sql: &'static str,
    job: NewJob,
    place: i64,
) -> Result<u64, StoreError> {
    execute!(
        any,
        tx,
        sql,
        job.id,
        job.tool_id,
        job.kind,
        job.share,
        job.subject,
        job.order_key,
        place,
        job.due_at,
        job.payload_sealed,
        job.created_at
    )
}

/// Stores a job without an order key, or requeues it if it has ended. Returns false if it is still
/// waiting or running.
///
/// # Errors
/// The store failed.
pub async fn insert_again(tx: &mut Tx<'_>, job: NewJob) -> Result<bool, StoreError> {
    let known = fetch!(optional, tx, (String,), IS_KNOWN, &job.id)?;
    if known.is_none() {
        insert(tx, job).await?;
        return Ok(true);
    }
    execute!(optional, tx, RENEW, job.id, job.due_at)
}
