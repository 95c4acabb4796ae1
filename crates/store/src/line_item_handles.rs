//! Line items that applications refer to by their own handles: which line item it is, once found,
//! and until then, which request is looking for it (grades.md GR-22).

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    BY_ID = "SELECT line_item, score_maximum, owner, owned_until FROM line_item_handles WHERE id = $1";
    // A single statement decides who looks, so that two servers never both create the line item. A
    // server that died while looking is replaced.
    LOOK = "INSERT INTO line_item_handles (id, tool_id, platform_id, owner, owned_until, forget_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, \
            owned_until = excluded.owned_until, forget_at = excluded.forget_at \
            WHERE line_item_handles.line_item IS NULL \
            AND (line_item_handles.owned_until = 0 OR line_item_handles.owner = $7)";
    RENEW = "UPDATE line_item_handles SET owner = $3, owned_until = $4 \
             WHERE id = $1 AND owner = $2 AND line_item IS NULL AND owned_until <> 0";
    FOUND = "UPDATE line_item_handles SET line_item = $3, score_maximum = $4, owned_until = 0, forget_at = $5 \
             WHERE id = $1 AND owner = $2 AND line_item IS NULL";
    GIVE_UP = "UPDATE line_item_handles SET owned_until = 0 WHERE id = $1 AND owner = $2 AND line_item IS NULL";
    PIN = "INSERT INTO line_item_handles \
           (id, tool_id, platform_id, line_item, score_maximum, owner, owned_until, forget_at) \
           VALUES ($1, $2, $3, $4, $5, '', 0, $6) ON CONFLICT (id) DO UPDATE SET line_item = excluded.line_item, \
           score_maximum = excluded.score_maximum, owner = '', owned_until = 0, forget_at = excluded.forget_at";
    REPLACE = "UPDATE line_item_handles SET line_item = $3, score_maximum = $4 WHERE id = $1 AND line_item = $2";
    LOSE = "UPDATE line_item_handles SET line_item = NULL, score_maximum = NULL, forget_at = $3 \
            WHERE id = $1 AND line_item = $2";
    LOSE_LINE_ITEM = "UPDATE line_item_handles SET line_item = NULL, score_maximum = NULL, forget_at = $3 \
                      WHERE platform_id = $1 AND line_item = $2";
    CLEAN_UP = "DELETE FROM line_item_handles WHERE id IN \
                (SELECT id FROM line_item_handles WHERE forget_at < $1 ORDER BY forget_at LIMIT $2)";
}

/// The `forget_at` of a line item that was found: it is kept as long as its platform.
const NEVER: i64 = i64::MAX;

/// The line item behind a handle.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HandleRow {
    /// Its address, once found.
    pub line_item: Option<String>,
    /// Its maximum, a JSON number, if known.
    pub score_maximum: Option<String>,
    /// The current search, or the last one.
    pub owner: String,
    /// 0 if no search is in progress.
    pub owned_until: i64,
}

/// A handle in a course.
#[derive(Clone, Debug)]
pub struct HandleOwner {
    /// Hash of course and handle.
    pub id: String,
    /// The tool whose application chose the handle.
    pub tool_id: String,
    /// The platform of the course: the row is removed with it.
    pub platform_id: String,
}

/// A search for a line item.
#[derive(Clone, Debug)]
pub struct HandleLook {
    /// Identifies this search.
    pub owner: String,
    /// When it has ended at the latest, in milliseconds since 1970; for servers of older versions.
    /// Never 0.
    pub until: i64,
    /// When to remove the row if nothing is ever found, in milliseconds since 1970.
    pub forget_at: i64,
}

/// A line item as stored.
#[derive(Clone, Debug)]
pub struct HandleTarget {
    /// Its address.
    pub line_item: String,
    /// Its maximum, a JSON number, if known.
    pub score_maximum: Option<String>,
}

/// Looks up a handle.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<HandleRow>, StoreError> {
    fetch!(optional, tx, HandleRow, BY_ID, id)
}

/// Starts a search for a handle's line item. Returns false if another search is in progress, or the
/// line item was found. The search `dead` counts as ended.
///
/// # Errors
/// The store failed.
pub async fn look(
    tx: &mut Tx<'_>,
    handle: HandleOwner,
    look: HandleLook,
    dead: String,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        LOOK,
        handle.id,
        handle.tool_id,
        handle.platform_id,
        look.owner,
        look.until,
        look.forget_at,
        dead
    )
}

/// Shows that a search goes on, by giving it another name. Returns false if another search took
/// over.
///
/// # Errors
/// The store failed.
pub async fn renew(
    tx: &mut Tx<'_>,
    id: String,
    owner: String,
    (renewed, until): (String, i64),
) -> Result<bool, StoreError> {
    execute!(optional, tx, RENEW, id, owner, renewed, until)
}

/// Stores what a search found. Returns false if another search took over.
///
/// # Errors
/// The store failed.
pub async fn found(
    tx: &mut Tx<'_>,
    id: String,
    owner: String,
    target: HandleTarget,
) -> Result<bool, StoreError> {
    let HandleTarget {
        line_item,
        score_maximum,
    } = target;
    execute!(
        optional,
        tx,
        FOUND,
        id,
        owner,
        line_item,
        score_maximum,
        NEVER
    )
}

/// Ends a search that found nothing. Returns false if another search took over.
///
/// # Errors
/// The store failed.
pub async fn give_up(tx: &mut Tx<'_>, id: String, owner: String) -> Result<bool, StoreError> {
    execute!(optional, tx, GIVE_UP, id, owner)
}

/// Sets the line item behind a handle, overriding anything known before.
///
/// # Errors
/// The store failed.
pub async fn pin(
    tx: &mut Tx<'_>,
    handle: HandleOwner,
    target: HandleTarget,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        PIN,
        handle.id,
        handle.tool_id,
        handle.platform_id,
        target.line_item,
        target.score_maximum,
        NEVER
    )
}

/// Replaces the line item behind a handle, or its maximum. Returns false if the handle refers to
/// another one than `line_item`, or to none.
///
/// # Errors
/// The store failed.
pub async fn replace(
    tx: &mut Tx<'_>,
    id: String,
    line_item: String,
    target: HandleTarget,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        REPLACE,
        id,
        line_item,
        target.line_item,
        target.score_maximum
    )
}

/// Forgets a handle's line item. Returns false if the handle now refers to another one, or none.
///
/// # Errors
/// The store failed.
pub async fn lose(
    tx: &mut Tx<'_>,
    id: String,
    line_item: String,
    forget_at: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, LOSE, id, line_item, forget_at)
}

/// Forgets a line item that is gone, under all its handles. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn lose_line_item(
    tx: &mut Tx<'_>,
    platform_id: String,
    line_item: String,
    forget_at: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, LOSE_LINE_ITEM, platform_id, line_item, forget_at)
}

/// Removes some handles whose line item was never found. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
