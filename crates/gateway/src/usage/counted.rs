//! Counts from memory, on their way into the store.

use std::collections::BTreeMap;

use store::usage::{self, UsageNews, UsageOfPeriod};
use store::{StoreError, Tx};

use super::people::PeopleSketch;
use super::period::month_of;

/// Which platform's launches, and on which day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct UsageKey {
    pub(super) tool_id: String,
    pub(super) platform_id: String,
    pub(super) day: i64,
}

/// Launches since the last write.
#[derive(Debug, Default)]
pub(super) struct UsageCount {
    pub(super) launches: i64,
    pub(super) people: PeopleSketch,
}

/// The rows to add counts to: a day and a month each. Sorted, so that two servers can't deadlock.
pub(super) fn rows(counted: impl IntoIterator<Item = (UsageKey, UsageCount)>) -> Vec<UsageNews> {
    let mut rows = Vec::new();
    for (key, count) in counted {
        for period in [key.day, month_of(key.day)] {
            rows.push(UsageNews {
                tool_id: key.tool_id.clone(),
                platform_id: key.platform_id.clone(),
                period,
                launches: count.launches,
                people: count.people.count(),
                sketch: count.people.to_bytes(),
            });
        }
    }
    rows.sort_by(|a, b| {
        let one = (&a.tool_id, &a.platform_id, a.period);
        one.cmp(&(&b.tool_id, &b.platform_id, b.period))
    });
    rows
}

/// Adds rows, and adds the same to the totals of their tools. People of different platforms count
/// as different people.
///
/// # Errors
/// The store failed, or a stored sketch can't be read.
pub(super) async fn save(tx: &mut Tx<'_>, rows: Vec<UsageNews>) -> Result<(), StoreError> {
    let mut totals: BTreeMap<(String, i64), UsageOfPeriod> = BTreeMap::new();
    for row in rows {
        let new_people = add(tx, &row).await?;
        let total = totals
            .entry((row.tool_id, row.period))
            .or_insert(UsageOfPeriod {
                period: row.period,
                launches: 0,
                people: 0,
            });
        total.launches += row.launches;
        total.people += new_people;
    }
    for ((tool_id, _), total) in totals {
        usage::add_total(tx, &tool_id, total).await?;
    }
    Ok(())
}

/// Adds launches of tools by hour. There are no hourly counts of platforms or people.
///
/// # Errors
/// The store failed.
pub(super) async fn save_hours(
    tx: &mut Tx<'_>,
    hours: Vec<((String, i64), i64)>,
) -> Result<(), StoreError> {
    for ((tool_id, period), launches) in hours {
        let more = UsageOfPeriod {
            period,
            launches,
            people: 0,
        };
        usage::add_total(tx, &tool_id, more).await?;
    }
    Ok(())
}

/// Adds a row. Returns how many people it gained.
async fn add(tx: &mut Tx<'_>, row: &UsageNews) -> Result<i64, StoreError> {
    let known = usage::add(tx, row).await?;
    if known.launches == row.launches {
        return Ok(row.people);
    }
    // The period is over and its sketch is gone, so people can no longer be told apart.
    let Some(sketch) = known.sketch else {
        return Ok(0);
    };
    let before = PeopleSketch::from_bytes(&sketch)?;
    let mut merged = before.clone();
    merged.merge(&PeopleSketch::from_bytes(&row.sketch)?);
    if merged == before {
        return Ok(0);
    }
    let people = merged.count();
    let changed = UsageNews {
        people,
        sketch: merged.to_bytes(),
        ..row.clone()
    };
    usage::set_people(tx, &changed).await?;
    Ok(people - known.people)
}
