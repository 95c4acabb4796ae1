//! Rows that belong to a platform and may be numerous. They are removed in batches before the
//! platform itself: a single cascading statement would block SQLite's writer for seconds, and
//! PostgreSQL would cancel it.

use crate::engine::{StoreError, Tx, execute, statements};

macro_rules! remove {
    ($table:literal, $key:literal, $which:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE ",
            $key,
            " IN (SELECT ",
            $key,
            " FROM (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE platform_id = $1",
            $which,
            // No batch is larger than this. Without the limit, PostgreSQL would expect a tenth of
            // the table and scan it all.
            " LIMIT 1000) AS found LIMIT $2)"
        )
    };
    ($table:literal, $key:literal) => {
        remove!($table, $key, "")
    };
}

statements! {
    // Unfinished deliveries are removed separately, after their number was confirmed (grades.md
    // GR-11).
    SCORE_DELIVERIES = remove!("score_deliveries", "id", " AND ended_at IS NOT NULL");
    ALL_SCORES = remove!("score_deliveries", "id");
    SCORE_LANES = remove!("score_lanes", "id");
    SCORE_LASTS = remove!("score_lasts", "lane");
    SERVICE_PLACES = remove!("service_places", "id");
    ROSTERS = remove!("rosters", "id");
    KNOWN_LINE_ITEMS = remove!("known_line_items", "id");
    RESERVATIONS = remove!("reservations", "id");
    LINE_ITEM_HANDLES = remove!("line_item_handles", "id");
    FIRST_ANSWERS = remove!("first_answers", "id");
}

/// Tables in which a platform may have any number of rows.
const EACH: [(&str, &str); 9] = [
    ("score_deliveries", SCORE_DELIVERIES),
    ("score_lanes", SCORE_LANES),
    ("score_lasts", SCORE_LASTS),
    ("service_places", SERVICE_PLACES),
    ("rosters", ROSTERS),
    ("known_line_items", KNOWN_LINE_ITEMS),
    ("reservations", RESERVATIONS),
    ("line_item_handles", LINE_ITEM_HANDLES),
    ("first_answers", FIRST_ANSWERS),
];

/// The tables whose rows [`remove`] removes. A platform has few rows in the others, and those are
/// removed with it.
pub fn tables() -> impl Iterator<Item = &'static str> {
    EACH.iter().map(|(table, _)| *table)
}

/// Removes up to `most` scores for a platform, including undelivered ones. Fewer means that none
/// are left.
///
/// # Errors
/// The store failed.
pub async fn remove_scores(
    tx: &mut Tx<'_>,
    platform_id: String,
    most: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, ALL_SCORES, platform_id, most)
}

/// Removes up to `most` rows of a platform, except undelivered scores. Fewer means that none are
/// left.
///
/// # Errors
/// The store failed.
pub async fn remove(tx: &mut Tx<'_>, platform_id: String, most: i64) -> Result<u64, StoreError> {
    let most = most.unsigned_abs();
    let mut removed = 0;
    for (_, sql) in EACH {
        let left = i64::try_from(most - removed).unwrap_or(i64::MAX);
        removed += execute!(any, tx, sql, platform_id.as_str(), left)?;
        if removed >= most {
            break;
        }
    }
    Ok(removed.min(most))
}
