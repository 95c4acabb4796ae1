//! What to do about each reason, for anyone who runs the tool or the platform. Each room explains
//! its own rules; a stored trace only has their codes.

use super::sample::MANY;
use crate::web::meaning::{Meaning, Remedy};
use crate::web::rule::{Explanation, LOOK_INTO_THE_LOG};
use crate::web::texts::meanings;

/// Looks a code up in the rooms' rules.
pub(crate) type Advice = fn(code: &str) -> Option<Explanation>;

/// For failures beyond those that are counted separately.
const OF_MANY: Explanation = Explanation {
    advice: "Too many different failures in one minute to tell them apart: look who sends them.",
    meaning: Meaning::new(meanings::MANY_REASONS, Remedy::Nothing),
};
/// For codes that a newer version wrote.
const OF_UNKNOWN: Explanation = Explanation {
    advice: LOOK_INTO_THE_LOG,
    meaning: Meaning::UNKNOWN,
};

/// Explains a reason.
pub(super) fn on(code: &str, advice: Advice) -> Explanation {
    if code == MANY {
        return OF_MANY;
    }
    advice(code).unwrap_or(OF_UNKNOWN)
}
