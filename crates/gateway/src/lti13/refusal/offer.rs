//! What a refusal offers the person: a new window, and the way back.

use super::launch::LaunchRefusal;
use crate::web::notice::{Action, Button, Link};
use crate::web::problem::Problem;
use crate::web::texts::launch as texts;

/// A refusal with the offer to start the login again in a new window, if possible.
pub(in crate::lti13) fn offering(refusal: LaunchRefusal, again: Option<Button>) -> Problem {
    let problem = Problem::from(refusal);
    let Some(again) = again else { return problem };
    problem.noticed(|notice| {
        notice.title = texts::TITLE_NEW_WINDOW;
        notice.actions.push(Action::Button(again));
    })
}

/// The browser is not the one that started the login. If the login can start again, a button opens
/// it in a new window; otherwise the person has to go back to the course.
pub(in crate::lti13) fn unknown_browser(refusal: LaunchRefusal, again: Option<Button>) -> Problem {
    let has_button = again.is_some();
    offering(refusal, again).noticed(|notice| {
        if has_button {
            notice.says = texts::OPEN_NEW_WINDOW.into();
        }
    })
}

/// Adds a link back to the platform, if it provided one.
pub(in crate::lti13) fn leading_back(problem: Problem, back: Option<Link>) -> Problem {
    problem.noticed(|notice| notice.actions.extend(back.map(Action::Link)))
}
