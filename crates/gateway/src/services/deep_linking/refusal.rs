//! Why an answer to a deep linking request is refused (ltiaas-api.md §3 and §8, rows 6 and 7).

use axum::http::StatusCode;
use lti::content_item::ItemProblem;

use crate::launch::NOT_AVAILABLE;
use crate::web::api_rule::ApiRule;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::rule::{Rule, rows};
use crate::web::texts::launch as texts;
use crate::web::texts::meanings;
use crate::web::wrong_member::WrongMember;

rows! {
    /// The rules of this room's pages.
    pub(crate) const RULES: [Rule];

    /// A message that can't be returned.
    pub(super) const NO_RETURN = Rule::new(
        "DEEP_LINKING_RETURN_UNKNOWN",
        StatusCode::BAD_REQUEST,
        texts::TITLE_AGAIN,
        texts::CHOOSE_AGAIN,
        "A message came without the ticket that was made for it, or more than five minutes after it. Choosing again from \
         the course is enough. If it happens to many, look whether the application posts JWT to target as it was told.",
    )
    .meaning(meanings::CHOICE_OVER, Remedy::Nothing);
}

/// The launch is too old (lti.md E-04).
pub(super) const EXPIRED: ApiRule = ApiRule::new(
    "DEEP_LINKING_EXPIRED",
    StatusCode::GONE,
    "This launch is more than two hours old. Choose the content again from the course.",
);
/// A launch can be answered only once (lti.md E-15).
pub(super) const ALREADY_ANSWERED: ApiRule = ApiRule::new(
    "DEEP_LINKING_ALREADY_ANSWERED",
    StatusCode::CONFLICT,
    "This launch was answered before, and a launch can be answered once. Choose the content again from the course.",
);
const ALREADY_SELECTED: ApiRule = ApiRule::new(
    "ALREADY_SELECTED",
    StatusCode::CONFLICT,
    "Content with this handle was chosen in this course before.",
);
/// No items, and no error to explain that.
pub(super) const NO_ITEMS: ApiRule = ApiRule::new(
    "MISSING_CONTENT_ITEMS",
    StatusCode::BAD_REQUEST,
    "contentItems is missing. An empty list cancels the selection.",
);
const INVALID_ITEMS: ApiRule = ApiRule::new(
    "INVALID_CONTENT_ITEMS",
    StatusCode::BAD_REQUEST,
    "The content items are wrong.",
);
const ITEMS_NOT_ACCEPTED: ApiRule = ApiRule::new(
    "CONTENT_ITEMS_NOT_ACCEPTED",
    StatusCode::BAD_REQUEST,
    "The platform doesn't take these content items.",
);

/// Not a deep linking launch.
pub(super) fn not_asked() -> Problem {
    NOT_AVAILABLE.saying(
        "This launch does not ask for content: only an LtiDeepLinkingRequest can be answered.",
    )
}

/// Content with this handle is already in the course, or on its way there (services.md SV-3).
pub(super) fn already_selected(handle: &str) -> Problem {
    let says = format!(
        "Content with the handle '{handle}' was chosen in this course before. If it was removed there, release it: DELETE \
         /api/deeplinking/reservations/<handle>."
    );
    ALREADY_SELECTED.saying(says).with("handle", handle)
}

/// Items that don't conform to the specification.
pub(super) fn invalid(problems: Vec<ItemProblem>) -> Problem {
    naming(INVALID_ITEMS, problems)
}

/// Items that the platform doesn't accept (lti.md E-12).
pub(super) fn not_accepted(problems: Vec<ItemProblem>) -> Problem {
    naming(ITEMS_NOT_ACCEPTED, problems)
}

/// The first problem as a sentence; `errors` contains all of them.
fn naming(rule: ApiRule, problems: Vec<ItemProblem>) -> Problem {
    let first = problems.first().map(ToString::to_string);
    let more = match problems.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(" (and {more} more: see errors)"),
    };
    let problem = rule.saying(format!("{}{more}.", first.unwrap_or_default()));
    let errors = problems.into_iter();
    let errors = errors.map(|item| WrongMember::new(item.at, item.fault.to_string()));
    problem.naming(errors.collect())
}
