//! Explains why a roster was not accepted (services.md SV-10).

/// The meaning of a code in [`super::RosterState`], and what to do.
pub(super) fn in_words(code: &str) -> &'static str {
    match code {
        "EMPTY" => {
            "The platform's list was empty, after one with members. If that is right, send confirm."
        }
        "TEACHERS_ONLY" => {
            "The platform's list had no learner, after one with learners. If that is right, send confirm."
        }
        "ROSTER_NOT_FINISHED" => {
            "An attempt is under way, or was broken off before its end. Try again."
        }
        "ROSTER_TAKEN_MEANWHILE" => "Another request took this roster at the same time. Try again.",
        "ROSTER_TOO_LARGE" => "The platform's list has no end, or more than 200,000 members.",
        "ROSTER_TOO_SLOW" => {
            "The platform took too long for all pages. Try again when it is less busy."
        }
        "ROSTER_CUT_OFF" => "The platform names a next page that can't be asked for.",
        "PLATFORM_REFUSED" => {
            "The platform refused the request: its administrator should look whether the tool may still read rosters."
        }
        "PLATFORM_TOKEN_REFUSED" | "SERVICE_NOT_AVAILABLE_FOR_CONTEXT" => {
            "The platform gave no access token for rosters: its administrator should look at the tool's registration."
        }
        "PLATFORM_BUSY" => "The platform takes no more requests for a while. Try again later.",
        "PLATFORM_FAILED" => "The platform answered with an error of its own. Try again later.",
        "PLATFORM_NOT_REACHED" => {
            "The platform gave no answer, or broke off in the middle of it. Try again later."
        }
        "PLATFORM_ANSWER_UNREADABLE" => {
            "The platform's answer was no list of members, or one of its pages could not be read."
        }
        "OUTBOUND_BUSY" => {
            "Too many requests to platforms were under way, so it was not asked. Try again in a moment."
        }
        _ => "Something failed on our side. Try again later; the log has the cause.",
    }
}
