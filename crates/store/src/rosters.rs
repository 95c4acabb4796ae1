//! The last roster that an application took of a course, and how taking it went.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    BY_ID = "SELECT id, roster_sealed, version, attempted_at, succeeded_at, attempts, failures, error \
             FROM rosters WHERE id = $1";
    FIRST = "INSERT INTO rosters (id, tool_id, platform_id, roster_sealed, version, attempted_at, attempts, failures) \
             VALUES ($1, $2, $3, $4, 0, $5, 0, 0) ON CONFLICT (id) DO NOTHING";
    APPLY = "UPDATE rosters SET roster_sealed = $3, version = version + 1, attempted_at = $4, succeeded_at = $4, \
             attempts = attempts + 1, failures = 0, error = NULL WHERE id = $1 AND version = $2";
    FAIL = "UPDATE rosters SET attempted_at = $2, attempts = attempts + 1, failures = failures + 1, error = $3 WHERE id = $1";
}

/// A roster as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RosterRow {
    /// Its id, which stands for the course.
    pub id: String,
    /// Whom it holds, sealed.
    pub roster_sealed: Vec<u8>,
    /// Counts how often it was replaced.
    pub version: i64,
    /// When it was last asked for, in milliseconds since 1970.
    pub attempted_at: i64,
    /// When it was last replaced, in milliseconds since 1970.
    pub succeeded_at: Option<i64>,
    /// How often it was asked for.
    pub attempts: i64,
    /// How often that failed since it last succeeded.
    pub failures: i64,
    /// Why, the last time.
    pub error: Option<String>,
}

/// A course's roster.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<RosterRow>, StoreError> {
    fetch!(optional, tx, RosterRow, BY_ID, id)
}

/// Stores an empty roster, unless there is one.
///
/// # Errors
/// The store failed.
pub async fn first(
    tx: &mut Tx<'_>,
    id: String,
    tool_id: String,
    platform_id: String,
    roster_sealed: Vec<u8>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        FIRST,
        id,
        tool_id,
        platform_id,
        roster_sealed,
        now_ms
    )
}

/// Replaces a roster of this version; false if another request replaced it meanwhile.
///
/// # Errors
/// The store failed.
pub async fn apply(
    tx: &mut Tx<'_>,
    id: String,
    version: i64,
    roster_sealed: Vec<u8>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, APPLY, id, version, roster_sealed, now_ms)
}

/// Notes that a roster could not be taken.
///
/// # Errors
/// The store failed.
pub async fn fail(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    error: String,
) -> Result<bool, StoreError> {
    execute!(optional, tx, FAIL, id, now_ms, error)
}
