//! Lists deliveries, newest first.

use super::{DeliveryRow, DeliveryState};
use crate::engine::{StoreError, Tx, fetch, statements};

/// One statement per index; the '' rules out the other indexes.
macro_rules! page {
    ($by:literal) => {
        page!(
            $by,
            " AND (CAST($6 AS TEXT) IS NULL OR platform_id || '' = $6)"
        )
    };
    ($by:literal, $at_platform:literal) => {
        concat!(
            "SELECT ", columns!(), " FROM score_deliveries WHERE ", $by, " AND id < $2 \
             AND (CAST($4 AS TEXT) IS NULL OR state || '' = $4) AND (CAST($5 AS TEXT) IS NULL OR reason || '' = $5)",
            $at_platform,
            " AND (CAST($7 AS TEXT) IS NULL OR context_id || '' = $7) \
             AND (CAST($8 AS TEXT) IS NULL OR user_key || '' = $8) \
             AND (CAST($9 AS TEXT) IS NULL OR line_item_key || '' = $9) \
             AND (CAST($10 AS TEXT) IS NULL OR place_id || '' = $10) AND created_at + 0 >= $11 ORDER BY id DESC LIMIT $3"
        )
    };
}

statements! {
    OF_USER = page!("user_key = $8 AND tool_id || '' = $1");
    OF_LINE_ITEM = page!("line_item_key = $9 AND tool_id || '' = $1");
    OF_PLACE = page!("place_id = $10 AND tool_id || '' = $1");
    OF_CONTEXT = page!("context_id = $7 AND tool_id || '' = $1");
    BY_REASON = page!("reason = $5 AND tool_id || '' = $1");
    // PostgreSQL takes a condition that is there twice for two, expects hardly any row, and sorts
    // all of them. Only a platform has so many that this takes long.
    OF_PLATFORM = page!("platform_id = $6 AND tool_id || '' = $1", "");
    BY_STATE = page!("state = $4 AND tool_id = $1");
    OF_TOOL = page!("tool_id = $1");
}

/// Which deliveries to return. `None` matches everything.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// The tool they belong to.
    pub tool_id: String,
    /// In this state.
    pub state: Option<DeliveryState>,
    /// With this reason.
    pub reason: Option<String>,
    /// To this platform.
    pub platform_id: Option<String>,
    /// In this course, as the platform names it.
    pub context_id: Option<String>,
    /// Keyed hash of a person.
    pub user_key: Option<String>,
    /// Keyed hash of a line item.
    pub line_item_key: Option<String>,
    /// Accepted for this place.
    pub place_id: Option<String>,
    /// Accepted at this time or later, in milliseconds since 1970.
    pub since: i64,
    /// Only ids before this one.
    pub before: Option<String>,
    /// The most to return.
    pub limit: i64,
}

/// Sorts after every id.
const END: &str = "~";

/// Deliveries that match a filter, newest first.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    filter: &DeliveryFilter,
) -> Result<Vec<DeliveryRow>, StoreError> {
    // The most selective filter first.
    let sql = match filter {
        _ if filter.user_key.is_some() => OF_USER,
        _ if filter.line_item_key.is_some() => OF_LINE_ITEM,
        _ if filter.place_id.is_some() => OF_PLACE,
        _ if filter.context_id.is_some() => OF_CONTEXT,
        _ if filter.reason.is_some() => BY_REASON,
        _ if filter.platform_id.is_some() => OF_PLATFORM,
        _ if filter.state.is_some() => BY_STATE,
        _ => OF_TOOL,
    };
    fetch!(
        all,
        tx,
        DeliveryRow,
        sql,
        filter.tool_id.as_str(),
        filter.before.as_deref().unwrap_or(END),
        filter.limit,
        filter.state.map(DeliveryState::as_str),
        filter.reason.as_deref(),
        filter.platform_id.as_deref(),
        filter.context_id.as_deref(),
        filter.user_key.as_deref(),
        filter.line_item_key.as_deref(),
        filter.place_id.as_deref(),
        filter.since
    )
}
