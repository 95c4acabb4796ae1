//! Line items that applications name by a handle of their own: which one it is, once that was found, and who is looking for
//! it until then (grades.md GR-22).

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    BY_ID = "SELECT line_item, score_maximum, owner, owned_until FROM line_item_handles WHERE id = $1";
    // One statement decides who looks, so that no two servers create the line item. A server that died while looking is
    // replaced.
    LOOK = "INSERT INTO line_item_handles (id, tool_id, platform_id, owner, owned_until, forget_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, \
            owned_until = excluded.owned_until, forget_at = excluded.forget_at \
            WHERE line_item_handles.line_item IS NULL \
            AND (line_item_handles.owned_until = 0 OR line_item_handles.owner = $7)";
    FOUND = "UPDATE line_item_handles SET line_item = $3, score_maximum = $4, owned_until = 0, forget_at = $5 \
             WHERE id = $1 AND owner = $2 AND line_item IS NULL";
    GIVE_UP = "UPDATE line_item_handles SET owned_until = 0 WHERE id = $1 AND owner = $2 AND line_item IS NULL";
    PIN = "INSERT INTO line_item_handles \
           (id, tool_id, platform_id, line_item, score_maximum, owner, owned_until, forget_at) \
           VALUES ($1, $2, $3, $4, $5, '', 0, $6) ON CONFLICT (id) DO UPDATE SET line_item = excluded.line_item, \
           score_maximum = excluded.score_maximum, owner = '', owned_until = 0, forget_at = excluded.forget_at";
    LOSE = "UPDATE line_item_handles SET line_item = NULL, score_maximum = NULL, forget_at = $3 \
            WHERE id = $1 AND line_item = $2";
    LOSE_LINE_ITEM = "UPDATE line_item_handles SET line_item = NULL, score_maximum = NULL, forget_at = $3 \
                      WHERE platform_id = $1 AND line_item = $2";
    CLEAN_UP = "DELETE FROM line_item_handles WHERE id IN \
                (SELECT id FROM line_item_handles WHERE forget_at < $1 ORDER BY forget_at LIMIT $2)";
}

/// The `forget_at` of what is found: it stays as long as its platform.
const NEVER: i64 = i64::MAX;

/// Which line item a handle names.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HandleRow {
    /// Its address, once it was found.
    pub line_item: Option<String>,
    /// What it is out of, a JSON number, if that is known.
    pub score_maximum: Option<String>,
    /// The search that is under way, or was the last one.
    pub owner: String,
    /// 0 if none is under way.
    pub owned_until: i64,
}

/// A handle in a course.
#[derive(Clone, Debug)]
pub struct HandleOwner {
    /// Hash of course and handle.
    pub id: String,
    /// The tool.
    pub tool_id: String,
    /// The platform.
    pub platform_id: String,
}

/// Who looks for a line item.
#[derive(Clone, Debug)]
pub struct HandleLook {
    /// Names this one search.
    pub owner: String,
    /// When it has ended at the latest, in milliseconds since 1970: for servers of older versions. Never 0.
    pub until: i64,
    /// When the row is removed if nothing is ever found, in milliseconds since 1970.
    pub forget_at: i64,
}

/// A line item as it is kept.
#[derive(Clone, Debug)]
pub struct HandleTarget {
    /// Its address.
    pub line_item: String,
    /// What it is out of, a JSON number, if that is known.
    pub score_maximum: Option<String>,
}

/// What is known of a handle.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<HandleRow>, StoreError> {
    fetch!(optional, tx, HandleRow, BY_ID, id)
}

/// Begins to look for a handle's line item; false if another looks, or it is found. The search of `dead` has died.
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

/// Keeps what a search found; false if another took over.
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

/// Ends a search that found nothing; false if another took over.
///
/// # Errors
/// The store failed.
pub async fn give_up(tx: &mut Tx<'_>, id: String, owner: String) -> Result<bool, StoreError> {
    execute!(optional, tx, GIVE_UP, id, owner)
}

/// Says which line item a handle names, whatever was known of it.
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

/// Forgets a handle's line item; false if it names another now, or none.
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

/// Forgets a line item that is gone, under whatever handles; says how many.
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

/// Removes some handles whose line item was never found; says how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
