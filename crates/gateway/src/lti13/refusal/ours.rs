//! Refusals about one of our addresses: page and trace state the correct ones, for the platform's
//! administrator to enter.

use axum::http::{HeaderMap, HeaderValue};
use lti::Fault;
use lti::login::LoginError;

use super::launch::LaunchRefusal;
use super::launch_rows::NOT_A_LAUNCH;
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;
use crate::web::texts::launch as texts;

/// The problem of an unreadable form. If it arrived at the wrong one of our addresses, mentions
/// both.
pub(super) fn naming(problem: Problem, error: LoginError, public_url: &PublicUrl) -> Problem {
    if error.fault() != Fault::Address {
        return problem;
    }
    let (login, launch) = (
        public_url.join("/lti/login"),
        public_url.join("/lti/launch"),
    );
    let note = format!("login URL {login}, launch and redirect URL {launch}");
    let says = texts::ADDRESSES_SWAPPED.with("login", login);
    problem.saying(says.with("launch", launch)).noting(&note)
}

/// The page for one of our addresses that was opened without a launch. A person who typed it, or a
/// program that checks whether it is there, attempted nothing. But a link on another site may be
/// what an LMS has instead of a launch, so it leaves a trace.
pub(in crate::lti13) fn no_launch(headers: &HeaderMap) -> Problem {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let mut problem = NOT_A_LAUNCH.problem();
    problem.is_attempt = matches!(site, Some(b"cross-site" | b"same-site"));
    problem
}

/// The problem of a launch, including our addresses if it is about them.
pub(in crate::lti13) fn at_our_addresses(
    refusal: LaunchRefusal,
    public_url: &PublicUrl,
) -> Problem {
    let about = match &refusal {
        LaunchRefusal::Form(error) => Some(*error),
        _ => None,
    };
    let is_of_link =
        matches!(&refusal, LaunchRefusal::Token(refused) if refused.fault() == Fault::Link);
    let problem = Problem::from(refusal);
    match about {
        Some(error) => naming(problem, error, public_url),
        None if is_of_link => problem.noting(&launch_url(public_url)),
        None => problem,
    }
}

/// The target of links, in words for the operator.
pub(super) fn launch_url(public_url: &PublicUrl) -> String {
    format!(
        "this tool's launch URL is {}",
        public_url.join("/lti/launch")
    )
}
