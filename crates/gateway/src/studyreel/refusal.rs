//! What a StudyReel launch is refused for before it is one: rows beside those of the `studyreel` crate.

use axum::http::StatusCode;
use studyreel::Refusal;

/// One row.
pub(super) struct Row {
    /// HTTP status.
    pub(super) status: StatusCode,
    /// The stable machine code.
    pub(super) code: &'static str,
    /// What is wrong and what to do, for the platform.
    pub(super) says: &'static str,
    /// What the operator can do about it.
    advice: &'static str,
}

/// An address without the right capability looks the same as none.
pub(super) const NOWHERE: Row = Row {
    status: StatusCode::NOT_FOUND,
    code: "not_found",
    says: "There is nothing at this address; check the launch URL.",
    advice: "Compare the launch URL at StudyReel with GET /admin/studyreel.",
};
/// The body didn't arrive.
pub(super) const TOO_SLOW: Row = Row {
    status: StatusCode::REQUEST_TIMEOUT,
    code: "timeout",
    says: "The body did not arrive in time; launch again.",
    advice: "The body did not arrive in time: look at the network between StudyReel and this service.",
};
/// There is nowhere to send the student, so no link is made that would be used up for nothing.
pub(super) const NOT_SET_UP: Row = Row {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "not_set_up",
    says: "The app has no address for students yet; ask its operator to set it.",
    advice: "Set launchUrl, the address where launches go (PATCH /admin/tool).",
};
/// A launch by anything but POST.
pub(super) const NOT_POSTED: Row = Row {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "method_not_allowed",
    says: "Send the launch by POST.",
    advice: "This was no launch of StudyReel's server: something else sent it, or something in between changed it.",
};

/// The advice on a code of StudyReel's or of this room.
pub(crate) fn advice(code: &str) -> Option<&'static str> {
    let rules = Refusal::RULES.iter().map(|rule| (rule.code, rule.advice));
    let here = [NOWHERE, TOO_SLOW, NOT_SET_UP, NOT_POSTED].map(|row| (row.code, row.advice));
    let found = rules.chain(here).find(|(known, _)| *known == code);
    found.map(|(_, advice)| advice)
}
