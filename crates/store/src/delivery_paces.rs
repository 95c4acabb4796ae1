//! How fast each platform may be written to, and how it has answered recently. A platform without a row is unhindered.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    BY_PLATFORM = "SELECT paused_until, throttled_at, parallel, failures, stalled_at FROM delivery_paces WHERE platform_id = $1";
    // Of several pauses the longest counts.
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

/// A platform's pace as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct PaceRow {
    /// Nothing is sent before this, in milliseconds since 1970.
    pub paused_until: i64,
    /// When it was last too much for the platform, in milliseconds since 1970; 0 if never.
    pub throttled_at: i64,
    /// How many requests at once it was written down to then.
    pub parallel: i64,
    /// Attempts in a row that it gave no useful answer to.
    pub failures: i64,
    /// Since when its deliveries count as stalled, in milliseconds since 1970.
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

/// Notes that it was too much for a platform.
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

/// Ends a pause that would last until after `far_ms`, and has a throttle after it be one of now: both are of a date that was
/// ahead.
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

/// Notes that a platform gave no useful answer; gives how often in a row.
///
/// # Errors
/// The store failed.
pub async fn failed(tx: &mut Tx<'_>, platform_id: &str) -> Result<i64, StoreError> {
    let (failures,) = fetch!(one, tx, (i64,), FAILED, platform_id)?;
    Ok(failures)
}

/// Notes that a platform answers; false if that was known.
///
/// # Errors
/// The store failed.
pub async fn answered(tx: &mut Tx<'_>, platform_id: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, ANSWERED, platform_id)
}

/// Notes that a platform's deliveries don't move; false if that was known.
///
/// # Errors
/// The store failed.
pub async fn stalled(tx: &mut Tx<'_>, platform_id: &str, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, STALLED, platform_id, now_ms)
}

/// Notes that they move; false if that was known.
///
/// # Errors
/// The store failed.
pub async fn moves(tx: &mut Tx<'_>, platform_id: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, MOVES, platform_id)
}
