//! Why an answer to a deep linking request is refused (ltiaas-api.md §3 and §8, rows 6 and 7).

use axum::http::StatusCode;
use lti::content_item::ItemProblem;

use crate::launch::not_available;
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

/// A refused answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeepLinkingRefusal {
    /// Not a deep linking launch.
    #[error("This launch does not ask for content: only an LtiDeepLinkingRequest can be answered.")]
    NotAsked,
    /// The launch is too old (lti.md E-04).
    #[error("This launch is more than two hours old. Choose the content again from the course.")]
    Expired,
    /// It was already answered (lti.md E-15).
    #[error(
        "This launch was answered before, and a launch can be answered once. Choose the content again from the course."
    )]
    AlreadyAnswered,
    /// Content with this handle is already in the course, or on its way there (services.md SV-3).
    #[error(
        "Content with the handle '{0}' was chosen in this course before. If it was removed there, release it: DELETE /api/deeplinking/reservations/<handle>."
    )]
    AlreadySelected(String),
    /// No items, and no error to explain that.
    #[error("contentItems is missing. An empty list cancels the selection.")]
    NoItems,
    /// Items that don't conform to the specification.
    #[error("{}", first(.0))]
    Invalid(Vec<ItemProblem>),
    /// Items that the platform doesn't accept (lti.md E-12).
    #[error("{}", first(.0))]
    NotAccepted(Vec<ItemProblem>),
}

/// The first problem as a sentence; `errors` contains all of them.
fn first(problems: &[ItemProblem]) -> String {
    let first = problems.first().map(ToString::to_string);
    let more = problems.len().saturating_sub(1);
    let more = if more == 0 {
        String::new()
    } else {
        format!(" (and {more} more: see errors)")
    };
    format!("{}{more}.", first.unwrap_or_default())
}

impl From<DeepLinkingRefusal> for Problem {
    fn from(refusal: DeepLinkingRefusal) -> Self {
        use DeepLinkingRefusal as Why;
        let says = refusal.to_string();
        let problem = match &refusal {
            Why::NotAsked => not_available(says),
            Why::Expired => Self::new(StatusCode::GONE, "DEEP_LINKING_EXPIRED", says),
            Why::AlreadyAnswered => {
                Self::new(StatusCode::CONFLICT, "DEEP_LINKING_ALREADY_ANSWERED", says)
            }
            Why::AlreadySelected(_) => Self::new(StatusCode::CONFLICT, "ALREADY_SELECTED", says),
            Why::NoItems => Self::bad_request("MISSING_CONTENT_ITEMS", says),
            Why::Invalid(_) => Self::bad_request("INVALID_CONTENT_ITEMS", says),
            Why::NotAccepted(_) => Self::bad_request("CONTENT_ITEMS_NOT_ACCEPTED", says),
        };
        match refusal {
            Why::Invalid(problems) | Why::NotAccepted(problems) => {
                let errors = problems.into_iter();
                let errors = errors.map(|item| WrongMember::new(item.at, item.fault.to_string()));
                problem.naming(errors.collect())
            }
            Why::AlreadySelected(handle) => problem.with("handle", handle),
            _ => problem,
        }
    }
}
