//! Explains why a roster was not accepted (services.md SV-10).

use super::TAKEN_MEANWHILE;
use super::kept::{EMPTY, TEACHERS_ONLY};
use super::read::{CUT_OFF, TOO_LARGE};
use super::room::NOT_FINISHED;
use crate::launch::NOT_AVAILABLE;
use crate::services::platform_problem::{
    BUSY, FAILED, NOT_REACHED, REFUSED, TOKEN_REFUSED, UNREADABLE,
};
use crate::services::roster::TOO_SLOW;
use crate::web::problem::OUTBOUND_BUSY;

const NO_TOKEN: &str = "The platform gave no access token for rosters: its administrator should look at the tool's registration.";

/// Codes and their explanations for later readers.
const WORDS: &[(&str, &str)] = &[
    (
        EMPTY,
        "The platform's list was empty, after one with members. If that is right, send confirm.",
    ),
    (
        TEACHERS_ONLY,
        "The platform's list had no learner, after one with learners. If that is right, send confirm.",
    ),
    (
        NOT_FINISHED,
        "An attempt is under way, or was broken off before its end. Try again.",
    ),
    (TAKEN_MEANWHILE.code, TAKEN_MEANWHILE.says),
    (
        TOO_LARGE.code,
        "The platform's list has no end, or more than 200,000 members.",
    ),
    (
        TOO_SLOW.code,
        "The platform took too long for all pages. Try again when it is less busy.",
    ),
    (
        CUT_OFF.code,
        "The platform names a next page that can't be asked for.",
    ),
    (
        REFUSED.code,
        "The platform refused the request: its administrator should look whether the tool may still read rosters.",
    ),
    (TOKEN_REFUSED.code, NO_TOKEN),
    (NOT_AVAILABLE.code, NO_TOKEN),
    (BUSY.code, BUSY.says),
    (
        FAILED.code,
        "The platform answered with an error of its own. Try again later.",
    ),
    (
        NOT_REACHED.code,
        "The platform gave no answer, or broke off in the middle of it. Try again later.",
    ),
    (
        UNREADABLE.code,
        "The platform's answer was no list of members, or one of its pages could not be read.",
    ),
    (
        OUTBOUND_BUSY.code,
        "Too many requests to platforms were under way, so it was not asked. Try again in a moment.",
    ),
];

/// The meaning of a code in [`super::RosterState`], and what to do.
pub(super) fn in_words(code: &str) -> &'static str {
    let known = WORDS.iter().find(|(known, _)| *known == code);
    known.map_or(
        "Something failed on our side. Try again later; the log has the cause.",
        |(_, words)| *words,
    )
}
