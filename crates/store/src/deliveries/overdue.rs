//! Deliveries whose time limit was reached while they waited for a turn
//! (docs/decisions/0465-a-score-without-a-turn-expires.md).

use super::DeliveryRow;
use crate::engine::{StoreError, Tx, execute, fetch, statements};
use crate::jobs::{self, EndedUnclaimed};

statements! {
    FIRST = "SELECT give_up_at FROM score_deliveries WHERE waiting_for = $1 AND state <> 'held' AND give_up_at < $2 \
             ORDER BY give_up_at LIMIT 1";
    PAGE = concat!("SELECT ", columns!(), " FROM score_deliveries WHERE waiting_for = $1 AND state <> 'held' \
             AND give_up_at > $2 AND give_up_at < $3 ORDER BY give_up_at LIMIT $4");
    EXPIRE = "UPDATE score_deliveries SET state = 'expired', reason = $3, ended_at = $4, delete_at = $5, \
              waiting_for = NULL, next_attempt_at = NULL WHERE id = $1 AND job_id || '' = $2 AND ended_at IS NULL \
              AND state || '' IN ('queued', 'unknown') AND give_up_at + 0 < $4";
}

/// How a delivery ends whose time limit was reached.
#[derive(Clone, Copy, Debug)]
pub struct Expiry {
    /// Why it had no turn.
    pub reason: &'static str,
    /// Now, in milliseconds since 1970.
    pub now_ms: i64,
    /// When to remove its row, in milliseconds since 1970.
    pub delete_at: i64,
    /// When to remove its job's row, in milliseconds since 1970.
    pub delete_job_at: i64,
}

/// Whether a platform has deliveries that are not held and whose time limit was reached.
///
/// # Errors
/// The store failed.
pub async fn is_any_overdue(
    tx: &mut Tx<'_>,
    platform_id: &str,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let found = fetch!(optional, tx, (i64,), FIRST, platform_id, now_ms)?;
    Ok(found.is_some())
}

/// Deliveries to a platform that are not held and whose time limit lies between two times, by that
/// limit.
///
/// # Errors
/// The store failed.
pub async fn overdue(
    tx: &mut Tx<'_>,
    platform_id: &str,
    (after, before): (i64, i64),
    most: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    fetch!(all, tx, DeliveryRow, PAGE, platform_id, after, before, most)
}

/// Ends a waiting delivery whose time limit was reached, and its job; the next one of its lane can
/// then be claimed. Returns false if it is being tried, waits behind another one of its lane, or
/// was changed since it was read. The platform's row must be locked.
///
/// # Errors
/// The store failed.
pub async fn expire(
    tx: &mut Tx<'_>,
    row: &DeliveryRow,
    expiry: Expiry,
) -> Result<bool, StoreError> {
    let (id, job_id) = (row.id.as_str(), row.job_id.as_str());
    let Expiry {
        reason,
        now_ms,
        delete_at,
        delete_job_at,
    } = expiry;
    // A worker that is settling the job waits for the platform's row, so don't wait for the worker.
    if !jobs::lock_unclaimed(tx, job_id).await? {
        return Ok(false);
    }
    if !execute!(optional, tx, EXPIRE, id, job_id, reason, now_ms, delete_at)? {
        return Ok(false);
    }
    let end = EndedUnclaimed {
        reason,
        ended_at: now_ms,
        delete_at: delete_job_at,
    };
    jobs::end_unclaimed(tx, job_id, end).await?;
    Ok(true)
}
