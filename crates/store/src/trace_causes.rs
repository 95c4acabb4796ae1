//! Failures, grouped by cause: the most frequent ones, and since when.

use crate::engine::{StoreError, Tx, fetch, statements};

macro_rules! causes {
    ($of:literal) => {
        concat!(
            "SELECT found.reason, found.platform_id, found.number, found.last_id, \
             (SELECT t.correlation_id FROM traces t WHERE t.id = found.last_id) AS reference FROM \
             (SELECT reason, platform_id, COUNT(*) AS number, MAX(id) AS last_id FROM traces WHERE ",
            $of,
            " AND outcome = 'failed' AND (CAST($3 AS TEXT) IS NULL OR kind = $3) GROUP BY reason, platform_id \
             ORDER BY COUNT(*) DESC, MAX(id) DESC LIMIT $4) AS found"
        )
    };
}

statements! {
    // By the index that is ordered by cause; the '' rules out the one that is ordered by time.
    // Sorting what that one finds takes three times as long.
    CAUSES = causes!("tool_id = $1 AND id || '' >= $2");
    CAUSES_OF_PLATFORM = causes!("platform_id = $5 AND id >= $2 AND tool_id || '' = $1");
    FIRST = "SELECT id FROM traces WHERE tool_id = $1 AND outcome = 'failed' AND reason = $3 AND platform_id = $5 \
             AND id >= $2 AND (CAST($4 AS TEXT) IS NULL OR kind = $4) ORDER BY id LIMIT 1";
    // The order rules out the index of the ids.
    FIRST_OF_NONE = "SELECT id FROM traces WHERE tool_id = $1 AND outcome = 'failed' AND reason = $3 \
                     AND platform_id IS NULL AND id >= $2 AND (CAST($4 AS TEXT) IS NULL OR kind = $4) \
                     ORDER BY platform_id, id LIMIT 1";
    // The '' rules out an index that is ordered by platform.
    BY_PLATFORM = "SELECT platform_id || '' AS platform, COUNT(*) AS number FROM traces WHERE tool_id = $1 \
                   AND outcome = 'failed' AND id >= $2 AND platform_id IS NOT NULL GROUP BY platform_id || '' \
                   ORDER BY COUNT(*) DESC LIMIT $3";
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
    let (from, kind, most) = (&filter.from_id, filter.kind.as_deref(), filter.limit);
    let mut found = match filter.platform_id.as_deref() {
        Some(id) => fetch!(
            all,
            tx,
            Cause,
            CAUSES_OF_PLATFORM,
            tool_id,
            from,
            kind,
            most,
            id
        )?,
        None => fetch!(all, tx, Cause, CAUSES, tool_id, from, kind, most)?,
    };
    found.sort_by(|a, b| (b.number, &b.last_id).cmp(&(a.number, &a.last_id)));
    Ok(found)
}

/// Id of the first failure of one of these causes, found with the same filter.
///
/// # Errors
/// The store failed.
pub async fn first(
    tx: &mut Tx<'_>,
    tool_id: &str,
    filter: &CauseFilter,
    cause: &Cause,
) -> Result<Option<String>, StoreError> {
    let (from, kind) = (&filter.from_id, filter.kind.as_deref());
    let reason = cause.reason.as_deref();
    let first = match cause.platform_id.as_deref() {
        Some(id) => fetch!(
            optional,
            tx,
            (String,),
            FIRST,
            tool_id,
            from,
            reason,
            kind,
            id
        )?,
        None => fetch!(
            optional,
            tx,
            (String,),
            FIRST_OF_NONE,
            tool_id,
            from,
            reason,
            kind
        )?,
    };
    Ok(first.map(|(id,)| id))
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
