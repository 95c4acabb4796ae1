//! What to do about each reason, for anyone who runs the tool or the platform. Each room explains its own rules; a
//! stored trace only has their codes.

use super::sample::MANY;
use crate::web::meaning::{Meaning, Remedy};
use crate::web::rule::{Explained, LOOK_INTO_THE_LOG};
use crate::web::texts::meanings;

/// Looks up a code in the rules of all rooms.
pub(crate) type Advice = fn(code: &str) -> Option<Explained>;

/// For failures that were too different to be counted separately.
const OF_MANY: Explained = Explained {
    advice: "Too many different failures in one minute to tell them apart: look who sends them.",
    meaning: Meaning::new(meanings::MANY_REASONS, Remedy::Nothing),
};
/// For a code written by a newer version.
const OF_UNKNOWN: Explained = Explained {
    advice: LOOK_INTO_THE_LOG,
    meaning: Meaning::UNKNOWN,
};

/// The explanation of a reason.
pub(super) fn on(code: &str, advice: Advice) -> Explained {
    if code == MANY {
        return OF_MANY;
    }
    advice(code).unwrap_or(OF_UNKNOWN)
}
