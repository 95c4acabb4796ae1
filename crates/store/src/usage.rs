//! Launches and people per day and month: for each platform, and for the whole tool, whose platform
//! is empty; and the tool's launches per hour.
//!
//! A period is a number: 2026112414 is an hour, 20261124 a day, 202611 a month. Current days and
//! months have a sketch for counting distinct people; past ones keep only the numbers.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    ADD = "INSERT INTO usage_counts (tool_id, platform_id, period, launches, people, sketch) VALUES ($1, $2, $3, $4, $5, $6) \
           ON CONFLICT (tool_id, platform_id, period) DO UPDATE SET launches = usage_counts.launches + excluded.launches \
           RETURNING launches, people, sketch";
    SET_PEOPLE = "UPDATE usage_counts SET people = $4, sketch = $5 WHERE tool_id = $1 AND platform_id = $2 AND period = $3";
    ADD_TOTAL = "INSERT INTO usage_counts (tool_id, platform_id, period, launches, people) VALUES ($1, '', $2, $3, $4) \
                 ON CONFLICT (tool_id, platform_id, period) DO UPDATE SET launches = usage_counts.launches + excluded.launches, \
                 people = usage_counts.people + excluded.people";
    BETWEEN = "SELECT period, launches, people FROM usage_counts \
               WHERE tool_id = $1 AND platform_id = $2 AND period >= $3 AND period <= $4 ORDER BY period";
    OF_PLATFORMS = "SELECT found.platform_id, (SELECT p.name FROM platforms p WHERE p.id = found.platform_id) AS name, \
                    found.launches, found.people FROM (SELECT platform_id, launches, people FROM usage_counts \
                    WHERE tool_id = $1 AND platform_id <> '' AND period = $2 ORDER BY launches DESC, platform_id LIMIT $3) AS found";
    SKETCH = "SELECT sketch FROM usage_counts WHERE tool_id = $1 AND platform_id = $2 AND period = $3";
    // The row before which a batch ends.
    OPEN_END = "SELECT period, tool_id, platform_id FROM usage_counts WHERE sketch IS NOT NULL AND period >= $1 AND period < $2 \
                ORDER BY period, tool_id, platform_id LIMIT 1 OFFSET $3";
    CLOSE = "UPDATE usage_counts SET sketch = NULL WHERE sketch IS NOT NULL AND period >= $1 \
             AND (period, tool_id, platform_id) < ($2, $3, $4)";
    OLD_END = "SELECT period, platform_id FROM usage_counts WHERE tool_id = $1 AND platform_id <> '' AND period >= $2 AND period < $3 \
               ORDER BY period, platform_id LIMIT 1 OFFSET $4";
    DELETE_OLD = "DELETE FROM usage_counts WHERE tool_id = $1 AND platform_id <> '' AND period >= $2 \
                  AND (period, platform_id) < ($3, $4)";
    DELETE_TOTALS = "DELETE FROM usage_counts WHERE tool_id = $1 AND platform_id = '' AND period >= $2 AND period < $3";
}

/// New launches from one platform in one period.
#[derive(Clone, Debug)]
pub struct UsageNews {
    /// The tool they came to.
    pub tool_id: String,
    /// The platform's id, or a placeholder for launches without a platform.
    pub platform_id: String,
    /// The day or month.
    pub period: i64,
    /// The number of launches.
    pub launches: i64,
    /// The number of people.
    pub people: i64,
    /// The sketch that tells them apart.
    pub sketch: Vec<u8>,
}

/// The totals of a platform in a period, after launches were added.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UsageSoFar {
    /// Including those just added.
    pub launches: i64,
    /// Without those just added, unless the row is new.
    pub people: i64,
    /// Like `people`; `None` if the period is over.
    pub sketch: Option<Vec<u8>>,
}

/// A period in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UsageOfPeriod {
    /// The hour, day or month.
    pub period: i64,
    /// The number of launches.
    pub launches: i64,
    /// The number of people; hours don't have one.
    pub people: i64,
}

/// A platform in one period.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UsageOfPlatform {
    /// The platform's id, or a placeholder for launches without a platform.
    pub platform_id: String,
    /// Its name, if it still exists.
    pub name: Option<String>,
    /// The number of launches.
    pub launches: i64,
    /// The number of people.
    pub people: i64,
}

/// Adds launches to a platform's period. The row stays locked until the transaction ends. If the
/// row existed before (it then has more launches than were added), the caller must set its people.
///
/// # Errors
/// The store failed.
pub async fn add(tx: &mut Tx<'_>, news: &UsageNews) -> Result<UsageSoFar, StoreError> {
    fetch!(
        one,
        tx,
        UsageSoFar,
        ADD,
        news.tool_id.as_str(),
        news.platform_id.as_str(),
        news.period,
        news.launches,
        news.people,
        news.sketch.clone()
    )
}

/// Sets people and sketch of a period of a platform to those of `news`.
///
/// # Errors
/// The store failed.
pub async fn set_people(tx: &mut Tx<'_>, news: &UsageNews) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        SET_PEOPLE,
        news.tool_id.as_str(),
        news.platform_id.as_str(),
        news.period,
        news.people,
        news.sketch.clone()
    )
}

/// Adds to a period of the whole tool.
///
/// # Errors
/// The store failed.
pub async fn add_total(
    tx: &mut Tx<'_>,
    tool_id: &str,
    more: UsageOfPeriod,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        ADD_TOTAL,
        tool_id,
        more.period,
        more.launches,
        more.people
    )
}

/// A platform's periods within a range, in order; those of the whole tool if `platform_id` is
/// empty.
///
/// # Errors
/// The store failed.
pub async fn between(
    tx: &mut Tx<'_>,
    tool_id: &str,
    platform_id: &str,
    from: i64,
    to: i64,
) -> Result<Vec<UsageOfPeriod>, StoreError> {
    fetch!(
        all,
        tx,
        UsageOfPeriod,
        BETWEEN,
        tool_id,
        platform_id,
        from,
        to
    )
}

/// The sketch of a platform's people in a period; `None` if there is none, or none any more.
///
/// # Errors
/// The store failed.
pub async fn sketch(
    tx: &mut Tx<'_>,
    tool_id: &str,
    platform_id: &str,
    period: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let found = fetch!(
        optional,
        tx,
        (Option<Vec<u8>>,),
        SKETCH,
        tool_id,
        platform_id,
        period
    )?;
    Ok(found.and_then(|(sketch,)| sketch))
}

/// Up to `most` platforms of a tool in a period, those with the most launches first.
///
/// # Errors
/// The store failed.
pub async fn of_platforms(
    tx: &mut Tx<'_>,
    tool_id: &str,
    period: i64,
    most: i64,
) -> Result<Vec<UsageOfPlatform>, StoreError> {
    let mut found = fetch!(
        all,
        tx,
        UsageOfPlatform,
        OF_PLATFORMS,
        tool_id,
        period,
        most
    )?;
    found.sort_by(|a, b| (b.launches, &a.platform_id).cmp(&(a.launches, &b.platform_id)));
    Ok(found)
}

/// Removes the sketches of up to `most` rows with periods from `from` up to, but not including,
/// `until`. Returns how many had one; fewer than `most` means that none is left.
///
/// # Errors
/// The store failed.
pub async fn close(tx: &mut Tx<'_>, from: i64, until: i64, most: i64) -> Result<u64, StoreError> {
    let end = fetch!(
        optional,
        tx,
        (i64, String, String),
        OPEN_END,
        from,
        until,
        most
    )?;
    let (period, tool_id, platform_id) = end.unwrap_or((until, String::new(), String::new()));
    execute!(any, tx, CLOSE, from, period, tool_id, platform_id)
}

/// Removes up to `most` rows of a tool's platforms with periods from `from` up to, but not
/// including, `until`. Returns how many; fewer than `most` means that none is left.
///
/// # Errors
/// The store failed.
pub async fn delete_old(
    tx: &mut Tx<'_>,
    tool_id: String,
    (from, until): (i64, i64),
    most: i64,
) -> Result<u64, StoreError> {
    let end = fetch!(
        optional,
        tx,
        (i64, String),
        OLD_END,
        tool_id.as_str(),
        from,
        until,
        most
    )?;
    let (period, platform_id) = end.unwrap_or((until, String::new()));
    execute!(any, tx, DELETE_OLD, tool_id, from, period, platform_id)
}

/// Removes a tool's totals for periods from `from` up to, but not including, `until`: one per hour,
/// one per day and one per month.
///
/// # Errors
/// The store failed.
pub async fn delete_totals(
    tx: &mut Tx<'_>,
    tool_id: String,
    from: i64,
    until: i64,
) -> Result<(), StoreError> {
    execute!(any, tx, DELETE_TOTALS, tool_id, from, until).map(drop)
}
