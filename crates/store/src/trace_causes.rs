//! Failures, grouped by cause: the most frequent ones, and since when.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    CAUSES = "SELECT found.reason, found.platform_id, found.number, found.first_id, found.last_id, \
              (SELECT t.correlation_id FROM traces t WHERE t.id = found.last_id) AS reference FROM \
              (SELECT reason, platform_id, COUNT(*) AS number, MIN(id) AS first_id, MAX(id) AS last_id FROM traces \
              WHERE tool_id = $1 AND outcome = 'failed' AND id >= $2 AND (CAST($3 AS TEXT) IS NULL OR platform_id = $3) \
              AND (CAST($4 AS TEXT) IS NULL OR kind = $4) GROUP BY reason, platform_id \
              ORDER BY COUNT(*) DESC, MAX(id) DESC LIMIT $5) AS found";
    BY_PLATFORM = "SELECT platform_id, COUNT(*) AS number FROM traces WHERE tool_id = $1 AND outcome = 'failed' AND id >= $2 \
                   AND platform_id IS NOT NULL GROUP BY platform_id ORDER BY COUNT(*) DESC LIMIT $3";
}

/// Which failures to group.
#[derive(Clone, Debug, Default)]
pub struct CauseFilter {
    /// From this id on; ids begin with their time.
    pub from_id: String,
    /// Only at this platform.
    pub platform_id: Option<String>,
    /// `login`, `launch`, `registration` or `studyreel`.
    pub kind: Option<String>,
    /// The most causes to return.
    pub limit: i64,
}

/// Failures at one platform for one reason.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Cause {
    /// The code of the rule that refused them.
    pub reason: Option<String>,
    /// The platform, if it is known.
    pub platform_id: Option<String>,
    /// How many are stored.
    pub number: i64,
    /// Id of the first failure.
    pub first_id: String,
    /// Id of the last failure.
    pub last_id: String,
    /// The reference of the last failure.
    pub reference: Option<String>,
}

/// The causes of a tool's failures, most frequent first.
///
/// # Errors
/// The store failed.
pub async fn causes(
    tx: &mut Tx<'_>,
    tool_id: &str,
    filter: &CauseFilter,
) -> Result<Vec<Cause>, StoreError> {
    let (platform_id, kind) = (filter.platform_id.as_deref(), filter.kind.as_deref());
    let mut found = fetch!(
        all,
        tx,
        Cause,
        CAUSES,
        tool_id,
        &filter.from_id,
        platform_id,
        kind,
        filter.limit
    )?;
    found.sort_by(|a, b| (b.number, &b.last_id).cmp(&(a.number, &a.last_id)));
    Ok(found)
}

/// The platforms of a tool with the most failures: their ids, and how many.
///
/// # Errors
/// The store failed.
pub async fn by_platform(
    tx: &mut Tx<'_>,
    tool_id: &str,
    from_id: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    fetch!(all, tx, (String, i64), BY_PLATFORM, tool_id, from_id, limit)
}
