//! Shared query parameters of the API's lists.

use std::borrow::Cow;

use axum::http::StatusCode;
use jiff::Timestamp;
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

const INVALID_PARAMETER: ApiRule = ApiRule::new(
    "INVALID_PARAMETER",
    StatusCode::BAD_REQUEST,
    "A parameter can't be read.",
);

/// The parameters of a list that comes in pages, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "handlers read them one by one; the document needs their names alone"
)]
pub(crate) struct PageParameters {
    /// Items on a page; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// The parameters of a list that a span of time narrows, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "handlers read them one by one; the document needs their names alone"
)]
pub(crate) struct SpanParameters {
    /// Only what happened at this time or later.
    #[param(format = DateTime)]
    since: Option<String>,
    /// Only what happened before this time.
    #[param(format = DateTime)]
    until: Option<String>,
}

/// The parameters that say where a list begins and ends. A script's first request often has an
/// empty one.
const POSITIONS: [&str; 7] = ["after", "cursor", "from", "limit", "since", "to", "until"];

/// A query's parameters. An empty position counts as absent; an empty filter does not, or it would
/// find everything.
pub(crate) fn parameters(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(name, value)| !value.is_empty() || !POSITIONS.contains(&&**name))
}

/// Items per page by default.
pub(crate) const PAGE_SIZE: i64 = 50;
/// The most items per page.
const LARGEST_PAGE: i64 = 200;

/// 400 for an unreadable parameter: its name, and what it must be.
pub(crate) fn wrong(name: &str, what: &str) -> Problem {
    INVALID_PARAMETER.saying(format!("The parameter '{name}' {what}."))
}

/// The parameter `limit`: items per page.
///
/// # Errors
/// It isn't 1 to 200.
pub(crate) fn limit(value: &str) -> Result<i64, Problem> {
    let limit = value.parse().ok();
    let limit = limit.filter(|limit| (1..=LARGEST_PAGE).contains(limit));
    limit.ok_or_else(|| wrong("limit", "must be 1 to 200"))
}

/// Cuts the results to a page: one item more than `limit` was requested, to find out whether
/// another page follows. The cursor of that page is derived from the last item of this one.
pub(crate) fn cut<T>(
    found: &mut Vec<T>,
    limit: i64,
    cursor: impl FnOnce(&T) -> String,
) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or_default();
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().map(cursor)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_place_is_absent_and_an_empty_filter_is_not() {
        let names = |query| {
            let names = parameters(query).map(|(name, _)| name.into_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names("after=&platform=&limit=&since"), ["platform"]);
        assert_eq!(names("after=1.2&limit=x"), ["after", "limit"]);
    }

    #[test]
    fn a_page_has_a_cursor_only_if_another_follows() {
        let mut found = vec![1, 2, 3];
        assert_eq!(cut(&mut found, 3, i32::to_string), None);
        assert_eq!(cut(&mut found, 2, i32::to_string).as_deref(), Some("2"));
        assert_eq!(found, [1, 2]);
    }
}
