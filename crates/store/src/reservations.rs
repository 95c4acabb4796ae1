//! Handles of content chosen in a course: reserved when the platform's answer is signed, and placed
//! when the platform shows that the content exists.

use std::collections::BTreeSet;

use crate::engine::{KEYS, StoreError, Tx, execute, fetch, fetch_all_of, keys, padded, statements};

statements! {
    // A single statement decides, so that of many simultaneous answers exactly one gets a handle. A
    // placed handle is taken; one that was given back or has expired is free.
    RESERVE = "INSERT INTO reservations \
               (id, course_id, tool_id, platform_id, handle, answer_id, reserved_at, reserved_until, forget_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET \
               answer_id = excluded.answer_id, reserved_at = excluded.reserved_at, \
               reserved_until = excluded.reserved_until, forget_at = excluded.forget_at, \
               placed_at = NULL, released_at = NULL, resource_link_id = NULL, line_item = NULL \
               WHERE reservations.placed_at IS NULL \
               AND (reservations.released_at IS NOT NULL OR reservations.reserved_until <= excluded.reserved_at)";
    GIVE_BACK = "UPDATE reservations SET released_at = $3 WHERE id = $1 AND answer_id = $2 AND placed_at IS NULL";
    RELEASE = "UPDATE reservations SET released_at = $2, forget_at = $3, \
               placed_at = NULL, resource_link_id = NULL, line_item = NULL WHERE id = $1";
    RELEASE_LINE_ITEM = "UPDATE reservations SET released_at = $3, forget_at = $4, \
                         placed_at = NULL, resource_link_id = NULL, line_item = NULL \
                         WHERE course_id = $1 AND line_item = $2";
    ARRIVE = "UPDATE reservations SET placed_at = $2, released_at = NULL, forget_at = $3, \
              resource_link_id = COALESCE($4, resource_link_id), line_item = COALESCE($5, line_item) \
              WHERE id = $1 AND placed_at IS NULL";
    PLACE = "UPDATE reservations SET placed_at = COALESCE(placed_at, $2), released_at = NULL, forget_at = $3, \
             resource_link_id = COALESCE($4, resource_link_id), line_item = COALESCE($5, line_item) WHERE id = $1";
    BY_ID = "SELECT id, handle, reserved_at, reserved_until, placed_at, released_at, resource_link_id, line_item \
             FROM reservations WHERE id = $1";
    OF_COURSE = "SELECT id, handle, reserved_at, reserved_until, placed_at, released_at, resource_link_id, line_item \
                 FROM reservations WHERE course_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    WITHOUT_LINE_ITEM = concat!("SELECT column1 FROM ", keys!(), " WHERE (SELECT id FROM reservations \
                                 WHERE id = column1 AND line_item IS NULL) IS NOT NULL");
    DUE = "SELECT id FROM reservations WHERE forget_at < $1 ORDER BY forget_at LIMIT $2";
    FORGET = "DELETE FROM reservations WHERE id = $1 AND forget_at < $2";
}

/// The `forget_at` of a placed handle: it is kept as long as its platform.
const NEVER: i64 = i64::MAX;

/// A handle to reserve.
#[derive(Clone, Debug)]
pub struct NewReservation {
    /// Hash of course and handle.
    pub id: String,
    /// Hash of the course.
    pub course_id: String,
    /// The tool whose application chose the handle.
    pub tool_id: String,
    /// The platform of the course: the row is removed with it.
    pub platform_id: String,
    /// The application's own name for the content.
    pub handle: String,
    /// The answer that reserves it.
    pub answer_id: String,
    /// Milliseconds since 1970.
    pub reserved_at: i64,
    /// Milliseconds since 1970.
    pub reserved_until: i64,
    /// When to remove it unless it is placed, in milliseconds since 1970.
    pub forget_at: i64,
}

/// A reservation as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reservation {
    /// Hash of course and handle.
    pub id: String,
    /// The application's own name for the content.
    pub handle: String,
    /// Milliseconds since 1970.
    pub reserved_at: i64,
    /// Milliseconds since 1970.
    pub reserved_until: i64,
    /// When the platform first showed that the content exists, in milliseconds since 1970.
    pub placed_at: Option<i64>,
    /// When the handle was given back, in milliseconds since 1970.
    pub released_at: Option<i64>,
    /// The link that launched with the handle.
    pub resource_link_id: Option<String>,
    /// The address of the line item with the handle.
    pub line_item: Option<String>,
}

/// Reserves a handle. Returns false if another answer has it.
///
/// # Errors
/// The store failed.
pub async fn reserve(tx: &mut Tx<'_>, new: NewReservation) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        RESERVE,
        new.id,
        new.course_id,
        new.tool_id,
        new.platform_id,
        new.handle,
        new.answer_id,
        new.reserved_at,
        new.reserved_until,
        new.forget_at
    )
}

/// Gives a handle back if this answer still has it and nothing was placed.
///
/// # Errors
/// The store failed.
pub async fn give_back(
    tx: &mut Tx<'_>,
    id: String,
    answer_id: String,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, GIVE_BACK, id, answer_id, now_ms)
}

/// Frees a handle, placed or not. Returns false if there is no such reservation.
///
/// # Errors
/// The store failed.
pub async fn release(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    forget_at: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, RELEASE, id, now_ms, forget_at)
}

/// Frees the handles of a line item that is gone. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn release_line_item(
    tx: &mut Tx<'_>,
    course_id: String,
    line_item: String,
    now_ms: i64,
    forget_at: i64,
) -> Result<u64, StoreError> {
    execute!(
        any,
        tx,
        RELEASE_LINE_ITEM,
        course_id,
        line_item,
        now_ms,
        forget_at
    )
}

/// Places a handle that was not placed before. Of many simultaneous sightings, exactly one gets
/// true.
///
/// # Errors
/// The store failed.
pub async fn arrive(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    resource_link_id: Option<String>,
    line_item: Option<String>,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        ARRIVE,
        id,
        now_ms,
        NEVER,
        resource_link_id,
        line_item
    )
}

/// Records where content with a handle was seen. Absent values are left unchanged. Returns false if
/// there is no such reservation.
///
/// # Errors
/// The store failed.
pub async fn place(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    resource_link_id: Option<String>,
    line_item: Option<String>,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        PLACE,
        id,
        now_ms,
        NEVER,
        resource_link_id,
        line_item
    )
}

/// A reservation by its id.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<Reservation>, StoreError> {
    fetch!(optional, tx, Reservation, BY_ID, id)
}

/// The next reservations of a course after an id, in order of their ids.
///
/// # Errors
/// The store failed.
pub async fn of_course(
    tx: &mut Tx<'_>,
    course_id: String,
    after: String,
    most: i64,
) -> Result<Vec<Reservation>, StoreError> {
    fetch!(all, tx, Reservation, OF_COURSE, course_id, after, most)
}

/// The ids among these of reservations whose line item is not known yet.
///
/// # Errors
/// The store failed.
pub async fn without_line_item(
    tx: &mut Tx<'_>,
    ids: &[String],
) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for part in ids.chunks(KEYS) {
        let Some(keys) = padded(part) else {
            continue;
        };
        let rows = fetch_all_of!(tx, (String,), WITHOUT_LINE_ITEM, keys)?;
        found.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(found)
}

/// Removes some reservations that ended before a time and were never placed. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, until_ms: i64, most: i64) -> Result<u64, StoreError> {
    let due = fetch!(all, tx, (String,), DUE, until_ms, most)?;
    let mut removed = 0;
    for (id,) in due {
        // Keeps one that was chosen again meanwhile.
        removed += execute!(any, tx, FORGET, id, until_ms)?;
    }
    Ok(removed)
}
