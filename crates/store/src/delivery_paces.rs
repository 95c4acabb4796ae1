//! How fast we may write to each platform, and how it has answered recently. A platform without a
//! row has no restrictions.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    BY_PLATFORM = "SELECT paused_until, throttled_at, parallel, failures, stalled_at FROM delivery_paces WHERE platform_id = $1";
    // Of several pauses, the longest counts.
    THROTTLED = "INSERT INTO delivery_paces (platform_id, paused_until, throttled_at, parallel, failures) \
                 VALUES ($1, $2, $3, $4, 0) ON CONFLICT (platform_id) DO UPDATE SET paused_until = CASE \
                 WHEN excluded.paused_until > delivery_paces.paused_until THEN excluded.paused_until \
                 ELSE delivery_paces.paused_until END, throttled_at = excluded.throttled_at, parallel = excluded.parallel";
    SET_RIGHT = "UPDATE delivery_paces SET paused_until = CASE WHEN paused_until > $3 THEN 0 ELSE paused_until END, \
                 throttled_at = CASE WHEN throttled_at > $3 THEN $2 ELSE throttled_at END WHERE platform_id = $1";
    FAILED = "INSERT INTO delivery_paces (platform_id, paused_until, throttled_at, parallel, failures) \
              VALUES ($1, 0, 0, 0, 1) ON CONFLICT (platform_id) DO UPDATE SET failures = delivery_paces.failures + 1 \
              RETURNING failures";
    ANSWERED = "UPDATE delivery_paces SET failures = 0 WHERE platform_id = $1 AND failures > 0";
    STALLED = "INSERT INTO delivery_paces (platform_id, paused_until, throttled_at, parallel, failures, stalled_at) \
               VALUES ($1, 0, 0, 0, 0, $2) ON CONFLICT (platform_id) DO UPDATE SET stalled_at = excluded.stalled_at \
               WHERE delivery_paces.stalled_at IS NULL";
    MOVES = "UPDATE delivery_paces SET stalled_at = NULL WHERE platform_id = $1 AND stalled_at IS NOT NULL";
}

/// A platform's pace as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct PaceRow {
    /// Send nothing before this time, in milliseconds since 1970.
    pub paused_until: i64,
    /// When the platform was last overloaded, in milliseconds since 1970; 0 if never.
    pub throttled_at: i64,
    /// The number of parallel requests it was reduced to then.
    pub parallel: i64,
    /// Consecutive attempts without a useful answer.
    pub failures: i64,
    /// Since when its deliveries have been stalled, in milliseconds since 1970.
    pub stalled_at: Option<i64>,
}

/// A platform's pace.
///
/// # Errors
/// The store failed.
pub async fn by_platform(
    tx: &mut Tx<'_>,
    platform_id: &str,
) -> Result<Option<PaceRow>, StoreError> {
    fetch!(optional, tx, PaceRow, BY_PLATFORM, platform_id)
}

/// Records that a platform was overloaded.
///
/// # Errors
/// The store failed.
pub async fn throttled(
    tx: &mut Tx<'_>,
    platform_id: &str,
    paused_until: i64,
    now_ms: i64,
    parallel: i64,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        THROTTLED,
        platform_id,
        paused_until,
        now_ms,
        parallel
    )
}

/// Ends a pause that would last beyond `far_ms`, and moves a throttle later than that to now: both
/// come from a clock that was ahead.
///
/// # Errors
/// The store failed.
pub async fn set_right(
    tx: &mut Tx<'_>,
    platform_id: &str,
    now_ms: i64,
    far_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SET_RIGHT, platform_id, now_ms, far_ms)
}

/// Records that a platform gave no useful answer. Returns how often in a row.
///
/// # Errors
/// The store failed.
pub async fn failed(tx: &mut Tx<'_>, platform_id: &str) -> Result<i64, StoreError> {
    let (failures,) = fetch!(one, tx, (i64,), FAILED, platform_id)?;
    Ok(failures)
}

/// Records that a platform answers. Returns false if that was already recorded.
///
/// # Errors
/// The store failed.
pub async fn answered(tx: &mut Tx<'_>, platform_id: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, ANSWERED, platform_id)
}

/// Records that a platform's deliveries are stalled. Returns false if that was already recorded.
///
/// # Errors
/// The store failed.
pub async fn stalled(tx: &mut Tx<'_>, platform_id: &str, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, STALLED, platform_id, now_ms)
}

/// Records that they are moving. Returns false if that was already recorded.
///
/// # Errors
/// The store failed.
pub async fn moves(tx: &mut Tx<'_>, platform_id: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, MOVES, platform_id)
}
