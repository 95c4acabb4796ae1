//! Launches and their spent nonces.

mod new;

pub use new::{LaunchTrace, NewLaunch, insert};

use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

/// When the next thing expires: first the document, then the row. Spelled exactly as in the index
/// `launches_by_end`.
macro_rules! end {
    () => {
        "CASE WHEN document_sealed IS NULL THEN delete_at ELSE expires_at END"
    };
}

/// The statements of this folder's other file.
pub(super) const NEW: &[crate::Statement] = new::STATEMENTS;

statements! {
    BY_ID = "SELECT id, tool_id, dialect, platform_id, deployment_id, document_sealed, created_at, expires_at \
             FROM launches WHERE id = $1 AND document_sealed IS NOT NULL AND NOT parked";
    IS_SPENT = "SELECT COUNT(*) FROM launches WHERE nonce_hash = $1";
    RELEASE = "UPDATE launches SET parked = FALSE WHERE id = $1 AND parked";
    // The end of the last row of a batch that begins at $1.
    LAST_DUE = concat!("SELECT ", end!(), " FROM launches WHERE ", end!(), " >= $1 AND ", end!(), " < $2 ORDER BY ", end!(),
                       " LIMIT 1 OFFSET $3");
    // These two process every row they select and leave none unchanged: a due row is removed, or
    // gets another end. PostgreSQL keeps what was there in the index until a vacuum, so a batch
    // begins where the one before ended.
    DELETE = concat!("DELETE FROM launches WHERE id IN (SELECT id FROM (SELECT id, delete_at FROM launches \
                      WHERE ", end!(), " >= $2 AND ", end!(), " <= $3 ORDER BY ", end!(), " LIMIT $4) AS due \
                      WHERE delete_at < $1)");
    FORGET = concat!("UPDATE launches SET document_sealed = NULL WHERE document_sealed IS NOT NULL AND delete_at >= $1 \
                      AND id IN (SELECT id FROM launches WHERE ", end!(), " >= $2 AND ", end!(), " <= $3 \
                      ORDER BY ", end!(), " LIMIT $4)");
    ERASE = "UPDATE launches SET document_sealed = NULL, trace = NULL WHERE id = $1";
}

/// A stored launch.
#[derive(sqlx::FromRow)]
pub struct LaunchRow {
    /// Our id; `ltik` contains it.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// The adapter that verified it.
    pub dialect: String,
    /// The platform it came from, if that has a row.
    pub platform_id: Option<String>,
    /// The deployment it came from.
    pub deployment_id: Option<String>,
    /// The verified content, sealed.
    pub document_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
}

/// A launch by its id.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<LaunchRow>, StoreError> {
    fetch!(optional, tx, LaunchRow, BY_ID, id)
}

/// Whether a nonce was spent.
///
/// # Errors
/// The store failed.
pub async fn is_spent(tx: &mut Tx<'_>, nonce_hash: Vec<u8>) -> Result<bool, StoreError> {
    let (count,) = fetch!(one, tx, (i64,), IS_SPENT, nonce_hash)?;
    Ok(count > 0)
}

/// Erases a launch's document. Its row stays, so that the launch can't be replayed.
///
/// # Errors
/// The store failed.
pub async fn erase(tx: &mut Tx<'_>, id: String) -> Result<(), StoreError> {
    execute!(optional, tx, ERASE, id).map(drop)
}

/// Cleans up rows that are due, from those that ended at `from` on: removes up to `most` expired
/// rows, and erases up to `most` expired documents. It changes fewer than `most` if nothing is
/// left.
///
/// # Errors
/// The store failed.
pub async fn clean_up(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let last = fetch!(optional, tx, (i64,), LAST_DUE, from, now_ms, most - 1)?;
    let until = last.map_or(now_ms - 1, |(end,)| end);
    let gone = execute!(any, tx, DELETE, now_ms, from, until, most)?;
    let forgotten = execute!(any, tx, FORGET, now_ms, from, until, most)?;
    Ok(BatchProgress {
        rows: gone + forgotten,
        until,
    })
}

/// Makes a waiting launch readable. Returns false if it isn't waiting (any more).
///
/// # Errors
/// The store failed.
pub async fn release(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, RELEASE, id)
}
