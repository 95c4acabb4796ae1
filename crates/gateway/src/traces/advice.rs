//! What to do about each reason, for anyone who runs the tool or the platform. Each room says it of its own rules; a stored
//! trace has their codes only.

use super::sample::MANY;
use crate::web::rule::LOOK_INTO_THE_LOG;

/// Finds the advice on a code in the rooms' rows.
pub(crate) type Advice = fn(code: &str) -> Option<&'static str>;

/// The advice for a reason. An unknown code was written by a newer version.
pub(super) fn on(code: &str, advice: Advice) -> &'static str {
    if code == MANY {
        return "Too many different failures in one minute to tell them apart: look who sends them.";
    }
    advice(code).unwrap_or(LOOK_INTO_THE_LOG)
}
