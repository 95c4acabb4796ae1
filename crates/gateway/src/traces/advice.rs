//! What to do about each reason, for anyone who runs the tool or the platform. Each room says it of its own rules; a stored
//! trace has their codes only.

use super::sample::MANY;
use crate::web::meaning::{Meaning, Remedy};
use crate::web::rule::{Explained, LOOK_INTO_THE_LOG};
use crate::web::texts::meanings;

/// Finds what is said of a code in the rooms' rows.
pub(crate) type Advice = fn(code: &str) -> Option<Explained>;

/// Of failures that were too different to be counted apart.
const OF_MANY: Explained = Explained {
    advice: "Too many different failures in one minute to tell them apart: look who sends them.",
    meaning: Meaning::new(meanings::MANY_REASONS, Remedy::Nothing),
};
/// Of a code that a newer version wrote.
const OF_UNKNOWN: Explained = Explained {
    advice: LOOK_INTO_THE_LOG,
    meaning: Meaning::UNKNOWN,
};

/// What is said of a reason.
pub(super) fn on(code: &str, advice: Advice) -> Explained {
    if code == MANY {
        return OF_MANY;
    }
    advice(code).unwrap_or(OF_UNKNOWN)
}
