//! An operator's requests: another attempt, or none.

use super::DeliveryRow;
use crate::engine::{StoreError, Tx, execute, fetch, statements};
use crate::jobs::{self, NewJob};

statements! {
    SUPERSEDE = "UPDATE score_deliveries SET state = 'superseded', superseded_by = $2, ended_at = $3, delete_at = $4, \
                 waiting_for = NULL, next_attempt_at = NULL, reason = NULL WHERE id = $1 AND ended_at IS NULL AND NOT unsure";
    CANCEL = "UPDATE score_deliveries SET state = 'cancelled', ended_at = $3, delete_at = $4, waiting_for = NULL, \
              next_attempt_at = NULL, reason = NULL WHERE id = $1 AND tool_id || '' = $2 AND ended_at IS NULL \
              AND state <> 'sending'";
    SOONER = "UPDATE score_deliveries SET state = CASE WHEN unsure THEN 'unknown' ELSE 'queued' END, reason = NULL, \
              held_since = NULL, next_attempt_at = $2, give_up_at = $3 WHERE id = $1 AND ended_at IS NULL \
              AND state <> 'sending'";
    ONCE_MORE = "UPDATE score_deliveries SET state = CASE WHEN unsure THEN 'unknown' ELSE 'queued' END, reason = NULL, \
                 failures = 0, job_id = $2, next_attempt_at = $3, give_up_at = $4, held_since = NULL, ended_at = NULL, \
                 delete_at = NULL, body_sealed = CASE WHEN unsure THEN body_sealed END, waiting_for = platform_id \
                 WHERE id = $1 AND ended_at IS NOT NULL \
                 AND state IN ('refused', 'expired', 'cancelled')";
    STOP = "UPDATE score_deliveries SET state = 'held', reason = $2, held_since = $3, next_attempt_at = NULL \
            WHERE id = $1 AND state IN ('queued', 'unknown')";
    NEWER = "SELECT COUNT(*) FROM (SELECT 1 FROM score_deliveries WHERE lane = $1 AND seq > $2 \
             AND state NOT IN ('refused', 'expired', 'cancelled') LIMIT 1) AS found";
    NEWEST = concat!("SELECT ", columns!(), " FROM score_deliveries WHERE lane = $1 AND seq > $2 \
             AND state NOT IN ('refused', 'expired', 'cancelled', 'superseded') ORDER BY seq DESC LIMIT $3");
    OUTDATE = "UPDATE score_deliveries SET state = 'superseded', superseded_by = $2, reason = $3 \
               WHERE id = $1 AND ended_at IS NOT NULL AND state IN ('refused', 'expired')";
    BY_REASON = "SELECT id FROM score_deliveries WHERE reason = $2 AND id > $4 AND tool_id || '' = $1 \
                 AND (CAST($3 AS TEXT) IS NULL OR platform_id || '' = $3) \
                 AND state || '' IN ('queued', 'unknown', 'held', 'refused', 'expired') ORDER BY id LIMIT $5";
    OF_PLATFORM = "SELECT id FROM score_deliveries WHERE platform_id = $2 AND id > $3 AND tool_id || '' = $1 \
                   AND state || '' IN ('queued', 'unknown', 'held', 'refused', 'expired') ORDER BY id LIMIT $4";
    OF_TOOL = "SELECT id FROM score_deliveries WHERE tool_id = $1 AND id > $2 \
               AND state || '' IN ('queued', 'unknown', 'held', 'refused', 'expired') ORDER BY id LIMIT $3";
}

/// A request for another attempt.
#[derive(Clone, Debug)]
pub struct Retry {
    /// The delivery as it was read.
    pub row: DeliveryRow,
    /// Now, in milliseconds since 1970.
    pub now_ms: i64,
    /// When to stop retrying, in milliseconds since 1970.
    pub give_up_at: i64,
    /// The job to create if the delivery has already ended.
    pub job: NewJob,
    /// Why nothing may be sent at the moment, if an operator has stopped deliveries. Then the
    /// delivery is held, and its time starts when it is released.
    pub stop: Option<&'static str>,
}

/// Schedules another attempt at a delivery that is waiting or has failed: now, or once the operator
/// lifts the stop. One that has ended and certainly didn't arrive gets a new body: an older score
/// may have brought its piece of work and its comment meanwhile. Returns false if it was delivered
/// or superseded, is being sent right now, or if a newer delivery in its lane was not refused. The
/// same transaction must have entered its lane.
///
/// # Errors
/// The store failed.
pub async fn retry(tx: &mut Tx<'_>, retry: Retry) -> Result<bool, StoreError> {
    let (id, now_ms, stop) = (retry.row.id.clone(), retry.now_ms, retry.stop);
    let is_again = try_now(tx, retry).await?;
    if let Some(reason) = stop.filter(|_| is_again) {
        execute!(optional, tx, STOP, id, reason, now_ms)?;
    }
    Ok(is_again)
}

async fn try_now(tx: &mut Tx<'_>, retry: Retry) -> Result<bool, StoreError> {
    let Retry {
        row,
        now_ms,
        give_up_at,
        job,
        ..
    } = retry;
    // A new job queues up behind the head of its lane. Locking the head first keeps the lock order:
    // when a head ends, it is locked before the next job, too.
    jobs::lock_head(tx, &row.lane).await?;
    jobs::lock(tx, &row.job_id).await?;
    jobs::hasten(tx, &row.job_id, now_ms).await?;
    if execute!(optional, tx, SOONER, &row.id, now_ms, give_up_at)? {
        return Ok(true);
    }
    let (newer,) = fetch!(one, tx, (i64,), NEWER, &row.lane, row.seq)?;
    if newer > 0 {
        return Ok(false);
    }
    let job_id = job.id.clone();
    let is_again = execute!(optional, tx, ONCE_MORE, &row.id, job_id, now_ms, give_up_at)?;
    if is_again {
        jobs::insert(tx, job).await?;
    }
    Ok(is_again)
}

/// Up to `most` newer deliveries in the lane of this one that were delivered or still may be, the
/// newest first.
///
/// # Errors
/// The store failed.
pub async fn newest(
    tx: &mut Tx<'_>,
    row: &DeliveryRow,
    most: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    fetch!(all, tx, DeliveryRow, NEWEST, &row.lane, row.seq, most)
}

/// Records that a newer score has the place of a delivery that was refused or has expired, and why
/// it can't be retried. Returns false if it is in another state. The same transaction must have
/// entered its lane.
///
/// # Errors
/// The store failed.
pub async fn outdate(
    tx: &mut Tx<'_>,
    id: &str,
    by: Option<&str>,
    reason: &'static str,
) -> Result<bool, StoreError> {
    execute!(optional, tx, OUTDATE, id, by, reason)
}

/// Ends a delivery that has not begun, because a newer one replaces it. Returns false if a request
/// has been sent, or the delivery has ended. Its job still runs in its turn, but finds nothing to
/// do.
///
/// # Errors
/// The store failed.
pub async fn supersede(
    tx: &mut Tx<'_>,
    row: &DeliveryRow,
    by: Option<&str>,
    now_ms: i64,
    delete_at: i64,
) -> Result<bool, StoreError> {
    jobs::hasten(tx, &row.job_id, now_ms).await?;
    execute!(optional, tx, SUPERSEDE, &row.id, by, now_ms, delete_at)
}

/// Ends a delivery for good. Returns false if it has ended, or is being sent right now. Its job
/// ends as in [`supersede`].
///
/// # Errors
/// The store failed.
pub async fn cancel(
    tx: &mut Tx<'_>,
    row: &DeliveryRow,
    now_ms: i64,
    delete_at: i64,
) -> Result<bool, StoreError> {
    jobs::lock(tx, &row.job_id).await?;
    jobs::hasten(tx, &row.job_id, now_ms).await?;
    let (id, tool_id) = (row.id.as_str(), row.tool_id.as_str());
    execute!(optional, tx, CANCEL, id, tool_id, now_ms, delete_at)
}

/// Ids of deliveries that can be retried now, oldest first: those with a given reason, those to a
/// platform, or all of a tool.
///
/// # Errors
/// The store failed.
pub async fn retryable(
    tx: &mut Tx<'_>,
    tool_id: &str,
    reason: Option<&str>,
    platform_id: Option<&str>,
    after: &str,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    let found = match (reason, platform_id) {
        (Some(reason), platform) => fetch!(
            all,
            tx,
            (String,),
            BY_REASON,
            tool_id,
            reason,
            platform,
            after,
            most
        ),
        (None, Some(platform)) => {
            fetch!(
                all,
                tx,
                (String,),
                OF_PLATFORM,
                tool_id,
                platform,
                after,
                most
            )
        }
        (None, None) => fetch!(all, tx, (String,), OF_TOOL, tool_id, after, most),
    }?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
