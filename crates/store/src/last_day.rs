//! Recent activity for the portal's first page. Only the newest rows are read, so that it costs the same on a store of
//! any size.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    // Answered from an index alone.
    FAILURES = "SELECT id, reason, platform_id FROM traces WHERE id >= $1 AND tool_id = $2 AND outcome = 'failed' \
                ORDER BY id DESC LIMIT $3";
    LAUNCHES = "SELECT id FROM launches WHERE id >= $1 AND tool_id = $2 ORDER BY id DESC LIMIT $3";
    // The oldest launch to look at when searching for a tool's launches. Answered from the index alone, as below.
    FLOOR = "SELECT id FROM launches WHERE id >= $1 ORDER BY id DESC LIMIT 1 OFFSET $2";
    // Answered from the index alone, because the rows are large.
    LAUNCHES_OF_ALL = "SELECT id FROM launches WHERE id >= $1 ORDER BY id DESC LIMIT $2";
}

/// The most launches of all tools to search for those of one.
const LOOKED_THROUGH: i64 = 10_000;

/// Accepted launches.
#[derive(Clone, Debug)]
pub struct RecentLaunches {
    /// Newest first; each begins with its time.
    pub ids: Vec<String>,
    /// The oldest launch that was searched, if there may be older ones.
    pub cut_at: Option<String>,
}

/// A failed attempt.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecentFailure {
    /// Begins with its time.
    pub id: String,
    /// The code of the rule that refused it.
    pub reason: Option<String>,
    /// The platform, if it is known.
    pub platform_id: Option<String>,
}

/// Up to `most` recorded failures since this id, newest first.
///
/// # Errors
/// The store failed.
pub async fn failures(
    tx: &mut Tx<'_>,
    from_id: String,
    tool_id: String,
    most: i64,
) -> Result<Vec<RecentFailure>, StoreError> {
    fetch!(all, tx, RecentFailure, FAILURES, from_id, tool_id, most)
}

/// The ids of up to `most` launches since this id, newest first: of all tools, or of one tool, as far as they are among
/// the newest 10,000 of all.
///
/// # Errors
/// The store failed.
pub async fn launches(
    tx: &mut Tx<'_>,
    from_id: String,
    tool_id: Option<&str>,
    most: i64,
) -> Result<RecentLaunches, StoreError> {
    let mut cut_at = None;
    let rows = match tool_id {
        Some(tool_id) => {
            let floor = fetch!(optional, tx, (String,), FLOOR, &from_id, LOOKED_THROUGH)?;
            cut_at = floor.map(|(floor,)| floor);
            let from_id = cut_at.clone().unwrap_or(from_id);
            fetch!(all, tx, (String,), LAUNCHES, from_id, tool_id, most)?
        }
        None => fetch!(all, tx, (String,), LAUNCHES_OF_ALL, from_id, most)?,
    };
    let ids: Vec<String> = rows.into_iter().map(|(id,)| id).collect();
    if i64::try_from(ids.len()).is_ok_and(|found| found >= most) {
        cut_at = ids.last().cloned();
    }
    Ok(RecentLaunches { ids, cut_at })
}
