//! Counts deliveries, and finds the age of the oldest one waiting.

use super::DeliveryFilter;
use crate::engine::{StoreError, Tx, fetch, statements};

/// The most rows to count: in total, or per state when counting a whole tool or platform.
const COUNTED: i64 = 100_000;
const COUNTED_OF_STATE: i64 = 25_000;

macro_rules! others {
    () => {
        " AND (CAST($2 AS TEXT) IS NULL OR platform_id || '' = $2) AND (CAST($3 AS TEXT) IS NULL OR context_id || '' = $3) \
         AND (CAST($4 AS TEXT) IS NULL OR user_key || '' = $4) AND (CAST($5 AS TEXT) IS NULL OR line_item_key || '' = $5) \
         AND (CAST($6 AS TEXT) IS NULL OR place_id || '' = $6)"
    };
}

macro_rules! counts {
    ($by:literal) => {
        concat!(
            "SELECT state, COUNT(*) AS number FROM (SELECT state FROM score_deliveries WHERE ",
            $by,
            others!(),
            " LIMIT $7) AS found GROUP BY state"
        )
    };
}

/// Counts each state separately, from an index: a long queue doesn't hide the held ones, and no row
/// is read.
macro_rules! counts_by_state {
    ($of:literal) => {
        concat!(
            "SELECT states.column1 AS state, (SELECT COUNT(*) FROM (SELECT 1 FROM score_deliveries \
             WHERE state = states.column1 AND ",
            $of,
            " LIMIT $2) AS found) AS number FROM (VALUES ('queued'), ('sending'), ('held'), ('unknown'), ('delivered'), \
             ('refused'), ('superseded'), ('cancelled'), ('expired')) AS states"
        )
    };
}

macro_rules! oldest {
    ($by:literal) => {
        concat!(
            "SELECT MIN(created_at) FROM score_deliveries WHERE ended_at IS NULL AND ",
            $by,
            others!()
        )
    };
}

statements! {
    COUNTS_OF_USER = counts!("user_key = $4 AND tool_id || '' = $1");
    COUNTS_OF_LINE_ITEM = counts!("line_item_key = $5 AND tool_id || '' = $1");
    COUNTS_OF_PLACE = counts!("place_id = $6 AND tool_id || '' = $1");
    COUNTS_OF_CONTEXT = counts!("context_id = $3 AND tool_id || '' = $1");
    COUNTS_OF_PLATFORM = counts_by_state!("tool_id = $1 AND platform_id = $3");
    COUNTS_OF_TOOL = counts_by_state!("tool_id = $1");
    OLDEST_OF_USER = oldest!("user_key = $4 AND tool_id || '' = $1");
    OLDEST_OF_LINE_ITEM = oldest!("line_item_key = $5 AND tool_id || '' = $1");
    OLDEST_OF_PLACE = oldest!("place_id = $6 AND tool_id || '' = $1");
    OLDEST_OF_CONTEXT = oldest!("context_id = $3 AND tool_id || '' = $1");
    // Without the other filters, which never come with it: with them PostgreSQL expects hardly any
    // row, and reads and sorts all that wait.
    OLDEST_OF_PLATFORM = "SELECT created_at FROM score_deliveries WHERE waiting_for = $2 AND tool_id || '' = $1 \
                          ORDER BY created_at LIMIT 1";
    OLDEST_OF_TOOL = "SELECT MIN(created_at) FROM score_deliveries WHERE ended_at IS NULL AND created_at > 0 \
                      AND tool_id = $1";
    // Jumps from one platform to the next, skipping the deliveries in between.
    PLATFORMS = "WITH RECURSIVE due (platform_id) AS (\
                 SELECT MIN(waiting_for) FROM score_deliveries WHERE waiting_for > '' UNION ALL \
                 SELECT (SELECT MIN(waiting_for) FROM score_deliveries WHERE waiting_for > due.platform_id) FROM due \
                 WHERE due.platform_id IS NOT NULL) SELECT due.platform_id FROM due WHERE due.platform_id IS NOT NULL";
    // Uses an index without held deliveries, because a platform may have any number of them.
    MOVING = "SELECT created_at FROM score_deliveries WHERE waiting_for = $1 AND state <> 'held' \
              ORDER BY created_at LIMIT 1";
    UNDELIVERED = "SELECT COUNT(*) FROM score_deliveries WHERE waiting_for = $1";
    UNDELIVERED_OF_TOOL = "SELECT COUNT(*) FROM score_deliveries WHERE ended_at IS NULL AND created_at > 0 AND tool_id = $1";
}

/// How many deliveries are in each state. The filter's state, reason, time and page are ignored.
/// Counts up to 25,000 per state for a whole tool or platform, otherwise up to 100,000 in total.
///
/// # Errors
/// The store failed.
pub async fn counts(
    tx: &mut Tx<'_>,
    filter: &DeliveryFilter,
) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = match filter {
        _ if filter.user_key.is_some() => COUNTS_OF_USER,
        _ if filter.line_item_key.is_some() => COUNTS_OF_LINE_ITEM,
        _ if filter.place_id.is_some() => COUNTS_OF_PLACE,
        _ if filter.context_id.is_some() => COUNTS_OF_CONTEXT,
        _ => return counts_by_state(tx, filter).await,
    };
    fetch!(
        all,
        tx,
        (String, i64),
        sql,
        filter.tool_id.as_str(),
        filter.platform_id.as_deref(),
        filter.context_id.as_deref(),
        filter.user_key.as_deref(),
        filter.line_item_key.as_deref(),
        filter.place_id.as_deref(),
        COUNTED
    )
}

/// For a whole tool, or a whole platform.
async fn counts_by_state(
    tx: &mut Tx<'_>,
    filter: &DeliveryFilter,
) -> Result<Vec<(String, i64)>, StoreError> {
    let (tool_id, most) = (filter.tool_id.as_str(), COUNTED_OF_STATE);
    let counts = match filter.platform_id.as_deref() {
        Some(id) => fetch!(
            all,
            tx,
            (String, i64),
            COUNTS_OF_PLATFORM,
            tool_id,
            most,
            id
        )?,
        None => fetch!(all, tx, (String, i64), COUNTS_OF_TOOL, tool_id, most)?,
    };
    let counts = counts.into_iter();
    Ok(counts.filter(|(_, number)| *number > 0).collect())
}

/// When the oldest unfinished delivery was accepted, in milliseconds since 1970. Uses the filter as
/// [`counts`] does.
///
/// # Errors
/// The store failed.
pub async fn oldest(tx: &mut Tx<'_>, filter: &DeliveryFilter) -> Result<Option<i64>, StoreError> {
    let sql = match filter {
        _ if filter.user_key.is_some() => OLDEST_OF_USER,
        _ if filter.line_item_key.is_some() => OLDEST_OF_LINE_ITEM,
        _ if filter.place_id.is_some() => OLDEST_OF_PLACE,
        _ if filter.context_id.is_some() => OLDEST_OF_CONTEXT,
        _ => return oldest_of_all(tx, filter).await,
    };
    let (at,) = fetch!(
        one,
        tx,
        (Option<i64>,),
        sql,
        filter.tool_id.as_str(),
        filter.platform_id.as_deref(),
        filter.context_id.as_deref(),
        filter.user_key.as_deref(),
        filter.line_item_key.as_deref(),
        filter.place_id.as_deref()
    )?;
    Ok(at)
}

/// For a whole tool, or a whole platform.
async fn oldest_of_all(
    tx: &mut Tx<'_>,
    filter: &DeliveryFilter,
) -> Result<Option<i64>, StoreError> {
    let tool = filter.tool_id.as_str();
    let Some(platform) = filter.platform_id.as_deref() else {
        let (at,) = fetch!(one, tx, (Option<i64>,), OLDEST_OF_TOOL, tool)?;
        return Ok(at);
    };
    let found = fetch!(optional, tx, (i64,), OLDEST_OF_PLATFORM, tool, platform)?;
    Ok(found.map(|(at,)| at))
}

/// Platforms with unfinished deliveries.
///
/// # Errors
/// The store failed.
pub async fn waiting_platforms(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let found = fetch!(all, tx, (String,), PLATFORMS)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// When the oldest delivery to a platform that is neither held nor ended was accepted, in
/// milliseconds since 1970.
///
/// # Errors
/// The store failed.
pub async fn oldest_moving(tx: &mut Tx<'_>, platform_id: &str) -> Result<Option<i64>, StoreError> {
    let found = fetch!(optional, tx, (i64,), MOVING, platform_id)?;
    Ok(found.map(|(at,)| at))
}

/// How many unfinished deliveries a platform has.
///
/// # Errors
/// The store failed.
pub async fn undelivered(tx: &mut Tx<'_>, platform_id: &str) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), UNDELIVERED, platform_id)?;
    Ok(number)
}

/// How many unfinished deliveries a tool has.
///
/// # Errors
/// The store failed.
pub async fn undelivered_of_tool(tx: &mut Tx<'_>, tool_id: &str) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), UNDELIVERED_OF_TOOL, tool_id)?;
    Ok(number)
}
