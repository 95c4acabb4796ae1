//! Lists and counts jobs, and removes those that have ended.

use crate::engine::{BatchProgress, StoreError, Tx, fetch, statements};

statements! {
    OF_SHARE = "SELECT id, subject, state, reason, due_at, history_sealed, created_at, ended_at FROM jobs \
                WHERE kind = $1 AND share = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    QUEUED = "SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE state = 'queued' AND kind = $1 AND share = $2 LIMIT $3) AS found";
    UNFINISHED = "SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE kind = $1 AND delete_at IS NULL LIMIT $2) AS found";
    UNFINISHED_OF_SHARE = "SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE kind = $1 AND share = $2 AND delete_at IS NULL \
                           LIMIT $3) AS found";
    EXCESS = "SELECT delete_at FROM jobs WHERE delete_at > 0 ORDER BY delete_at DESC LIMIT 1 OFFSET $1";
    DELETE = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE delete_at >= $1 AND delete_at < $2 \
              ORDER BY delete_at LIMIT $3) RETURNING delete_at";
}

/// A job as an operator sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct JobRow {
    /// Our id, sortable by creation time; the next page continues before the last one's.
    pub id: String,
    /// The id of the thing it is about.
    pub subject: String,
    /// `queued`, `behind`, `running`, `done`, `refused` or `expired`.
    pub state: String,
    /// Why it was not done.
    pub reason: Option<String>,
    /// When it may start, in milliseconds since 1970, while it is queued.
    pub due_at: i64,
    /// The log of its attempts, sealed.
    pub history_sealed: Option<Vec<u8>>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub ended_at: Option<i64>,
}

/// Jobs of a share with ids before this one, newest first.
///
/// # Errors
/// The store failed.
pub async fn of_share(
    tx: &mut Tx<'_>,
    kind: &'static str,
    share: String,
    before: String,
    most: i64,
) -> Result<Vec<JobRow>, StoreError> {
    fetch!(all, tx, JobRow, OF_SHARE, kind, share, before, most)
}

/// How many jobs of a share are queued; `most` if there are more.
///
/// # Errors
/// The store failed.
pub async fn queued(
    tx: &mut Tx<'_>,
    kind: &'static str,
    share: &str,
    most: i64,
) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), QUEUED, kind, share, most)?;
    Ok(number)
}

/// How many jobs of a kind, or of one share of it, are unfinished; `most` if there are more.
///
/// # Errors
/// The store failed.
pub async fn unfinished(
    tx: &mut Tx<'_>,
    kind: &'static str,
    share: Option<&str>,
    most: i64,
) -> Result<i64, StoreError> {
    let (number,) = match share {
        None => fetch!(one, tx, (i64,), UNFINISHED, kind, most)?,
        Some(share) => fetch!(one, tx, (i64,), UNFINISHED_OF_SHARE, kind, share, most)?,
    };
    Ok(number)
}

/// If more than `kept` ended jobs are stored, the time to pass to [`clean_up`] to get below that
/// number; otherwise `None`.
///
/// # Errors
/// The store failed.
pub async fn excess(tx: &mut Tx<'_>, kept: i64) -> Result<Option<i64>, StoreError> {
    let found = fetch!(optional, tx, (i64,), EXCESS, kept)?;
    Ok(found.map(|(delete_at,)| delete_at.saturating_add(1)))
}

/// Removes up to `most` jobs whose retention has expired, from those that expired at `from` on.
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
