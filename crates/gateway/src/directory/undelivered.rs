//! Undelivered scores are only deleted with their platform or tool if the request says how many
//! there are (grades.md GR-11).

use axum::http::StatusCode;
use url::form_urlencoded;

use crate::web::api_rule::ApiRule;
use crate::web::paging::wrong;
use crate::web::problem::Problem;

/// Scores would be lost, and the request doesn't say how many.
pub(crate) const UNDELIVERED: ApiRule = ApiRule::new(
    "UNDELIVERED_SCORES",
    StatusCode::CONFLICT,
    "Scores are not delivered yet, and would be lost.",
);

/// How many undelivered scores may be lost, according to the request's query; `None` if it doesn't
/// say.
///
/// # Errors
/// 400 `INVALID_PARAMETER`: it is not a number.
pub(super) fn confirmed(query: Option<&str>) -> Result<Option<i64>, Problem> {
    let mut confirmed = None;
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if name == "undelivered" {
            let number: Option<i64> = value.parse().ok();
            confirmed = Some(number.ok_or_else(|| wrong("undelivered", "must be a number"))?);
        }
    }
    Ok(confirmed)
}

/// Checks that no more scores are lost with `what` than was confirmed.
///
/// # Errors
/// 409 `UNDELIVERED_SCORES`, with their number.
pub(super) fn nothing_else_is_lost(
    what: &str,
    undelivered: i64,
    confirmed: Option<i64>,
) -> Result<(), Problem> {
    if undelivered == 0 || confirmed == Some(undelivered) {
        return Ok(());
    }
    let description = format!(
        "{undelivered} scores for this {what} are not delivered yet, and would be lost. To delete it nevertheless, add \
         ?undelivered={undelivered}.",
    );
    Err(UNDELIVERED
        .saying(description)
        .with("undelivered", undelivered))
}
