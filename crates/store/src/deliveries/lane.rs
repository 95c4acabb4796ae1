//! Lanes: one per student and line item. A transaction that accepts a score first enters its lane,
//! which numbers the score and keeps other transactions out until this one ends. Lock a lane first,
//! then its jobs, then its deliveries.

use super::DeliveryRow;
use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

statements! {
    // A time that is always later than the previous one.
    ENTER = "INSERT INTO score_lanes (id, platform_id, user_key, seq, last_time, forget_at) VALUES ($1, $2, $3, 1, $4, $5) \
             ON CONFLICT (id) DO UPDATE SET seq = score_lanes.seq + 1, last_time = CASE \
             WHEN excluded.last_time > score_lanes.last_time THEN excluded.last_time ELSE score_lanes.last_time + 1 END, \
             forget_at = excluded.forget_at RETURNING seq, last_time";
    UNFINISHED = concat!("SELECT ", columns!(), " FROM score_deliveries WHERE lane = $1 AND ended_at IS NULL ORDER BY seq");
    // One whose server died, or that is paused, stays in this state until its next turn.
    ON_ITS_WAY = "SELECT id FROM score_deliveries WHERE lane = $1 AND ended_at IS NULL AND state || '' = 'sending' \
                  AND (SELECT jobs.id FROM jobs WHERE jobs.id = score_deliveries.job_id AND jobs.state || '' = 'running') \
                  IS NOT NULL LIMIT 1";
    LAST = "SELECT last_sealed FROM score_lasts WHERE lane = $1";
    // Locks the row until this transaction ends, so that its contents can be merged with new data.
    HOLD_LAST = "INSERT INTO score_lasts (lane, platform_id, user_key, last_sealed, forget_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (lane) DO UPDATE SET forget_at = excluded.forget_at RETURNING last_sealed";
    KNOWS_LAST = "UPDATE score_lasts SET lane = lane WHERE lane = $1";
    SET_LAST = "UPDATE score_lasts SET last_sealed = $2 WHERE lane = $1";
    DUE_LANES = "SELECT forget_at FROM score_lanes WHERE forget_at >= $1 AND forget_at < $2 ORDER BY forget_at LIMIT $3";
    // If a lane's numbering restarted at 1, its earlier deliveries would look newer than all later
    // ones.
    PUT_OFF_LANES = "UPDATE score_lanes SET forget_at = $1 WHERE forget_at + 0 < $3 AND id IN \
                     (SELECT id FROM score_lanes WHERE forget_at >= $2 AND forget_at < $3 ORDER BY forget_at LIMIT $4) \
                     AND ((SELECT score_lasts.lane FROM score_lasts WHERE score_lasts.lane = score_lanes.id) IS NOT NULL \
                     OR (SELECT score_deliveries.id FROM score_deliveries WHERE score_deliveries.lane = score_lanes.id \
                     AND score_deliveries.ended_at IS NULL LIMIT 1) IS NOT NULL)";
    // The first condition keeps one that was used again meanwhile.
    FORGET_LANES = "DELETE FROM score_lanes WHERE forget_at + 0 < $2 AND id IN \
                    (SELECT id FROM score_lanes WHERE forget_at >= $1 AND forget_at < $2 ORDER BY forget_at LIMIT $3) \
                    AND (SELECT score_lasts.lane FROM score_lasts WHERE score_lasts.lane = score_lanes.id) IS NULL \
                    AND (SELECT score_deliveries.id FROM score_deliveries WHERE score_deliveries.lane = score_lanes.id \
                    AND score_deliveries.ended_at IS NULL LIMIT 1) IS NULL";
    FORGET_LASTS = "DELETE FROM score_lasts WHERE forget_at + 0 < $2 AND lane IN \
                    (SELECT lane FROM score_lasts WHERE forget_at >= $1 AND forget_at < $2 ORDER BY forget_at LIMIT $3) \
                    RETURNING forget_at";
    ERASE_DELIVERIES = "DELETE FROM score_deliveries WHERE user_key = $1";
    ERASE_LANES = "DELETE FROM score_lanes WHERE user_key = $1";
    ERASE_LASTS = "DELETE FROM score_lasts WHERE user_key = $1";
}

/// How much longer a lane is kept whose last delivery is still recorded, or that has an unfinished
/// one, in milliseconds.
const PUT_OFF_MS: i64 = 24 * 60 * 60 * 1000;
/// SQLite has a single writer and no such clause.
const LOCK_ON_SERVER: &str = "SELECT id FROM score_lanes WHERE id = $1 FOR UPDATE";

/// A lane that this transaction has entered.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct EnteredLane {
    /// The number for the new entry.
    pub seq: i64,
    /// The entry's time, in milliseconds since 1970.
    pub last_time: i64,
}

/// A lane and its owner.
#[derive(Clone, Debug)]
pub struct LaneKey {
    /// Keyed hash of platform, line item and person.
    pub lane: String,
    /// The platform of the line item: the lane is removed with it.
    pub platform_id: String,
    /// Keyed hash of the person.
    pub user_key: String,
}

/// Enters a lane. Other transactions wait until this one ends.
///
/// # Errors
/// The store failed.
pub async fn enter(
    tx: &mut Tx<'_>,
    key: &LaneKey,
    now_ms: i64,
    forget_at: i64,
) -> Result<EnteredLane, StoreError> {
    fetch!(
        one,
        tx,
        EnteredLane,
        ENTER,
        key.lane.as_str(),
        key.platform_id.as_str(),
        key.user_key.as_str(),
        now_ms,
        forget_at
    )
}

/// Locks a lane until the transaction ends, as [`enter`] does.
///
/// # Errors
/// The store failed.
pub async fn lock_lane(tx: &mut Tx<'_>, lane: &str) -> Result<(), StoreError> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => fetch!(optional, tx, (String,), LOCK_ON_SERVER, lane).map(drop),
    }
}

/// The unfinished deliveries of a lane, in order.
///
/// # Errors
/// The store failed.
pub async fn unfinished(tx: &mut Tx<'_>, lane: &str) -> Result<Vec<DeliveryRow>, StoreError> {
    fetch!(all, tx, DeliveryRow, UNFINISHED, lane)
}

/// Whether a server is just sending a delivery of a lane.
///
/// # Errors
/// The store failed.
pub async fn is_any_on_its_way(tx: &mut Tx<'_>, lane: &str) -> Result<bool, StoreError> {
    let found = fetch!(optional, tx, (String,), ON_ITS_WAY, lane)?;
    Ok(found.is_some())
}

/// What was last delivered in a lane, sealed; `None` if nothing was. To be asked after
/// [`unfinished`], so that what is delivered in between is seen at least once.
///
/// # Errors
/// The store failed.
pub async fn last(tx: &mut Tx<'_>, lane: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let found = fetch!(optional, tx, (Vec<u8>,), LAST, lane)?;
    Ok(found.map(|(sealed,)| sealed))
}

/// Records the lane's last delivery if none is recorded yet. Returns what is recorded now, locked
/// until this transaction ends: the same bytes, or others for [`set_last`] to replace. Lock
/// deliveries before this, and lock several lanes in order of their names.
///
/// # Errors
/// The store failed.
pub async fn hold_last(
    tx: &mut Tx<'_>,
    key: &LaneKey,
    last_sealed: &[u8],
    forget_at: i64,
) -> Result<Vec<u8>, StoreError> {
    let (sealed,) = fetch!(
        one,
        tx,
        (Vec<u8>,),
        HOLD_LAST,
        key.lane.as_str(),
        key.platform_id.as_str(),
        key.user_key.as_str(),
        last_sealed,
        forget_at
    )?;
    Ok(sealed)
}

/// Whether a last delivery is recorded for a lane. If so, it stays until the transaction ends.
///
/// # Errors
/// The store failed.
pub async fn knows_last(tx: &mut Tx<'_>, lane: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, KNOWS_LAST, lane)
}

/// Replaces the record of a lane's last delivery. The same transaction must have locked it
/// ([`hold_last`]).
///
/// # Errors
/// The store failed.
pub async fn set_last(tx: &mut Tx<'_>, lane: &str, last_sealed: Vec<u8>) -> Result<(), StoreError> {
    execute!(one, tx, SET_LAST, lane, last_sealed)
}

/// Removes up to `most` lanes that have been idle for long, beginning with those that end at
/// `from`. Those whose last delivery is still recorded, or that have an unfinished one, are kept
/// for another day, so that they are not looked at again each minute (decision 0491).
///
/// # Errors
/// The store failed.
pub async fn forget_lanes(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), DUE_LANES, from, now_ms, most)?;
    if !ends.is_empty() {
        let later = now_ms.saturating_add(PUT_OFF_MS);
        let put_off = execute!(any, tx, PUT_OFF_LANES, later, from, now_ms, most)?;
        // The others of this batch: those after them are counted with the next one.
        let others = most.saturating_sub(i64::try_from(put_off).unwrap_or(most));
        execute!(any, tx, FORGET_LANES, from, now_ms, others)?;
    }
    Ok(BatchProgress::of(&ends, from))
}

/// Removes up to `most` outdated records of last deliveries, beginning with those that end at
/// `from`.
///
/// # Errors
/// The store failed.
pub async fn forget_lasts(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), FORGET_LASTS, from, now_ms, most)?;
    Ok(BatchProgress::of(&ends, from))
}

/// Removes all deliveries and lanes of a person. Returns the number of deliveries.
///
/// # Errors
/// The store failed.
pub async fn erase_person(tx: &mut Tx<'_>, user_key: &str) -> Result<u64, StoreError> {
    // Lock lanes before deliveries, as everywhere.
    execute!(any, tx, ERASE_LANES, user_key)?;
    let deliveries = execute!(any, tx, ERASE_DELIVERIES, user_key)?;
    execute!(any, tx, ERASE_LASTS, user_key)?;
    Ok(deliveries)
}
