//! Refusals of the router: addresses, methods and bodies that no handler sees.

use axum::http::StatusCode;
use lti::Fault;

use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::rule::{LOOK_INTO_THE_LOG, NO_BROWSER, Rule, rows};
use crate::web::texts::meanings;
use crate::web::texts::page as texts;

rows! {
    /// One row per status.
    pub(crate) const RULES: [Rule];

    const NOT_FOUND = Rule::new(
        "NOT_FOUND",
        StatusCode::NOT_FOUND,
        texts::TITLE_NOT_FOUND,
        texts::NOT_FOUND,
        LOOK_INTO_THE_LOG,
    )
    .meaning(meanings::NO_SUCH_ADDRESS, Remedy::Nothing);
    const METHOD_NOT_ALLOWED = Rule::new(
        "METHOD_NOT_ALLOWED",
        StatusCode::METHOD_NOT_ALLOWED,
        texts::TITLE_FAILED,
        texts::METHOD_NOT_ALLOWED,
        LOOK_INTO_THE_LOG,
    )
    .meaning(meanings::ODD_REQUEST, Remedy::Nothing);
    const TOO_LARGE = Rule::new(
        "PAYLOAD_TOO_LARGE",
        StatusCode::PAYLOAD_TOO_LARGE,
        texts::TITLE_FAILED,
        texts::TOO_LARGE,
        Fault::TooLarge.advice(),
    )
    .meaning(meanings::TOO_LARGE, Remedy::Nothing);
    const WRONG_MEDIA_TYPE = Rule::new(
        "UNSUPPORTED_MEDIA_TYPE",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        texts::TITLE_FAILED,
        texts::WRONG_MEDIA_TYPE,
        NO_BROWSER,
    )
    .meaning(meanings::ODD_REQUEST, Remedy::Nothing);
    /// Any other status.
    const NOT_UNDERSTOOD = Rule::new(
        "BAD_REQUEST",
        StatusCode::BAD_REQUEST,
        texts::TITLE_FAILED,
        texts::NOT_UNDERSTOOD,
        NO_BROWSER,
    )
    .meaning(meanings::ODD_REQUEST, Remedy::Nothing);
}

/// The problem that a status stands for.
pub(super) fn of_router(status: StatusCode) -> Problem {
    let rule = RULES.iter().find(|rule| rule.status == status);
    let rule = rule.copied().unwrap_or(NOT_UNDERSTOOD);
    Rule { status, ..rule }.problem()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn every_page_says_what_happened_and_what_to_do() {
        for rule in RULES {
            for language in Language::ALL {
                let says = rule.page.map(|(_, says)| says.to(language));
                let says = says.unwrap_or_default();
                let steps = says.split(". ").count();
                assert!(steps >= 2, "{}: {says}", rule.code);
            }
        }
    }
}
