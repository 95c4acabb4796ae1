//! Events, for applications that want to hear what happened. An event is stored in the transaction
//! that caused it, and gets its place in the global order of events afterwards, so a client that
//! has read up to a place has missed nothing before it.

use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO events (id, tool_id, type, data, created_at, delete_at) VALUES ($1, $2, $3, $4, $5, $6)";
    // The condition on the time is always true. It makes the database look up events without a
    // place in the index instead of scanning it.
    WAITING = "SELECT id, tool_id, type FROM events WHERE place IS NULL AND created_at >= 0 ORDER BY created_at, id LIMIT $1";
    // A no-op update. Its lock keeps other transactions from assigning places until this one ends.
    LOCK = "UPDATE event_log SET last_place = last_place WHERE id = 1 RETURNING last_place";
    PLACE = "UPDATE events SET place = $2 WHERE id = $1 AND place IS NULL";
    NOTE_LAST = "UPDATE event_log SET last_place = $1 WHERE id = 1";
    BY_ID = "SELECT id, tool_id, type, data, place, created_at FROM events WHERE id = $1";
    PAGE = "SELECT id, tool_id, type, data, place, created_at FROM events WHERE tool_id = $1 AND place > $2 \
            AND place <= $3 ORDER BY place LIMIT $4";
    PAGE_OF_TYPE = "SELECT id, tool_id, type, data, place, created_at FROM events WHERE tool_id = $1 AND type = $2 \
                    AND place > $3 AND place <= $4 ORDER BY place LIMIT $5";
    SINCE = "SELECT id, tool_id, type, data, place, created_at FROM events WHERE tool_id = $1 \
             AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4";
    LOG = "SELECT epoch, last_place FROM event_log WHERE id = 1";
    // The '' rules out the index by type, which has another order.
    EXCESS_REFUSED = "SELECT delete_at FROM events WHERE type || '' = 'launch.refused' AND tool_id = $1 AND delete_at > 0 \
                      ORDER BY delete_at DESC LIMIT 1 OFFSET $2";
    DELETE_REFUSED = "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE type || '' = 'launch.refused' \
                      AND tool_id = $1 AND delete_at <= $2 ORDER BY delete_at LIMIT $3)";
    DELETE = "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE delete_at >= $1 AND delete_at < $2 \
              ORDER BY delete_at LIMIT $3) RETURNING delete_at";
}

/// An event to store.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Our id, sortable by time. Applications see it, and every message about the event contains
    /// it.
    pub id: String,
    /// The tool whose application may read it.
    pub tool_id: String,
    /// Its type, such as `platform.registered`.
    pub kind: &'static str,
    /// Its data, as JSON without personal data.
    pub data: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When to remove its row, in milliseconds since 1970.
    pub delete_at: i64,
}

/// An event without a place.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WaitingEvent {
    /// See [`NewEvent::id`].
    pub id: String,
    /// The tool whose application may read it.
    pub tool_id: String,
    /// Its type, such as `platform.registered`.
    #[sqlx(rename = "type")]
    pub kind: String,
}

/// An event as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EventRow {
    /// See [`NewEvent::id`].
    pub id: String,
    /// The tool whose application may read it.
    pub tool_id: String,
    /// Its type, such as `platform.registered`.
    #[sqlx(rename = "type")]
    pub kind: String,
    /// Its data, as JSON.
    pub data: String,
    /// Its place in the global order, once assigned.
    pub place: Option<i64>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// The state of the global order of events.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EventLog {
    /// Places from another epoch are meaningless here: the store has been restored from a backup
    /// since they were assigned.
    pub epoch: String,
    /// The last place assigned.
    pub last_place: i64,
}

/// Stores an event.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, event: NewEvent) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        event.id,
        event.tool_id,
        event.kind,
        event.data,
        event.created_at,
        event.delete_at
    )
}

/// The oldest events without a place.
///
/// # Errors
/// The store failed.
pub async fn waiting(tx: &mut Tx<'_>, most: i64) -> Result<Vec<WaitingEvent>, StoreError> {
    fetch!(all, tx, WaitingEvent, WAITING, most)
}

/// The last place assigned. No other transaction assigns places until this one ends.
///
/// # Errors
/// The store failed.
pub async fn lock_places(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let (last,) = fetch!(one, tx, (i64,), LOCK)?;
    Ok(last)
}

/// Assigns a place to an event, after [`lock_places`].
///
/// # Errors
/// The store failed, or the event already has a place.
pub async fn place(tx: &mut Tx<'_>, id: String, place: i64) -> Result<(), StoreError> {
    execute!(one, tx, PLACE, id, place)
}

/// Records the last place assigned.
///
/// # Errors
/// The store failed.
pub async fn note_last(tx: &mut Tx<'_>, place: i64) -> Result<(), StoreError> {
    execute!(one, tx, NOTE_LAST, place)
}

/// The current epoch and last place.
///
/// # Errors
/// The store failed.
pub async fn log(tx: &mut Tx<'_>) -> Result<EventLog, StoreError> {
    fetch!(one, tx, EventLog, LOG)
}

/// One event.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<EventRow>, StoreError> {
    fetch!(optional, tx, EventRow, BY_ID, id)
}

/// A tool's events after one place and up to another, in order, optionally of one kind. Pages of
/// several kinds fit together if they all end at the same place: the last one assigned before the
/// first page was read.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    tool_id: &str,
    kind: Option<&str>,
    (after, up_to): (i64, i64),
    most: i64,
) -> Result<Vec<EventRow>, StoreError> {
    match kind {
        None => fetch!(all, tx, EventRow, PAGE, tool_id, after, up_to, most),
        Some(kind) => fetch!(
            all,
            tx,
            EventRow,
            PAGE_OF_TYPE,
            tool_id,
            kind,
            after,
            up_to,
            most
        ),
    }
}

/// A tool's events by age, starting after this one.
///
/// # Errors
/// The store failed.
pub async fn since(
    tx: &mut Tx<'_>,
    tool_id: String,
    (created_at, id): (i64, String),
    most: i64,
) -> Result<Vec<EventRow>, StoreError> {
    fetch!(all, tx, EventRow, SINCE, tool_id, created_at, id, most)
}

/// If more than `most` events about a tool's refused launches are stored, the time to pass to
/// [`delete_refused`] to get down to that number. They need a limit because anyone can cause them.
///
/// # Errors
/// The store failed.
pub async fn excess_refused(
    tx: &mut Tx<'_>,
    tool_id: &str,
    most: i64,
) -> Result<Option<i64>, StoreError> {
    let found = fetch!(optional, tx, (i64,), EXCESS_REFUSED, tool_id, most)?;
    Ok(found.map(|(delete_at,)| delete_at))
}

/// Removes up to `most` events about a tool's refused launches whose retention ends by that time,
/// in milliseconds since 1970. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn delete_refused(
    tx: &mut Tx<'_>,
    tool_id: &str,
    until: i64,
    most: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, DELETE_REFUSED, tool_id, until, most)
}

/// Removes up to `most` events whose retention has expired, from those that expired at `from` on.
///
/// # Errors
/// The store failed.
pub async fn clean_up(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), DELETE, from, now_ms, most)?;
    Ok(BatchProgress::of(&ends, from))
}
