//! What the lists of the API take alike in their query.

use jiff::Timestamp;

use crate::web::problem::Problem;

/// Items on a page, unless asked otherwise.
pub(crate) const PAGE: i64 = 50;
/// Items on a page at most.
const LARGEST_PAGE: i64 = 200;

/// 400 for a parameter that can't be read: its name, and what it must be.
pub(crate) fn wrong(name: &str, what: &str) -> Problem {
    Problem::bad_request(
        "INVALID_PARAMETER",
        format!("The parameter '{name}' {what}."),
    )
}

/// The parameter `limit`: items on a page.
///
/// # Errors
/// It isn't 1 to 200.
pub(crate) fn limit(value: &str) -> Result<i64, Problem> {
    let limit = value.parse().ok();
    let limit = limit.filter(|limit| (1..=LARGEST_PAGE).contains(limit));
    limit.ok_or_else(|| wrong("limit", "must be 1 to 200"))
}

/// A point in time, in milliseconds since 1970.
///
/// # Errors
/// It isn't one.
pub(crate) fn time(name: &str, value: &str) -> Result<i64, Problem> {
    let time: Option<Timestamp> = value.parse().ok();
    let time = time.ok_or_else(|| wrong(name, "must be a time such as 2026-09-01T00:00:00Z"))?;
    Ok(time.as_millisecond())
}
