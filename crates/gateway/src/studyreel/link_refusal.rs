//! Why a login link doesn't open. The page is the same in every case (studyreel.md §8, line 10);
//! only the log and the trace tell them apart.

use axum::http::StatusCode;

use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::rule::{Rule, rules};
use crate::web::texts::student as texts;
use crate::web::texts::{for_lms, meanings};

/// Why a login link doesn't open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkRefusal {
    /// The address has no token of the right form.
    #[error("the address holds no token of a login link")]
    NoToken,
    /// Not a link of this installation, or already removed.
    #[error("no login link has this token")]
    Unknown,
    /// Used up.
    #[error("the login link was used before")]
    Used,
    /// Too old.
    #[error("the login link was too old")]
    Expired,
    /// The student is disabled.
    #[error("the student's account is not active")]
    StudentNotActive,
    /// Its launch has been removed.
    #[error("the launch of the login link is no longer stored")]
    LaunchOver,
    /// Its launch's session has ended.
    #[error("the session of the login link's launch has ended")]
    SessionOver,
}

const AGAIN: &str = "The student launches again from StudyReel; each launch makes a new link.";

const fn rule(code: &'static str, advice: &'static str) -> Rule {
    Rule::new(
        code,
        StatusCode::GONE,
        texts::TITLE_LINK_OVER,
        texts::LINK_OVER,
        advice,
    )
    .telling("LINK_NOT_VALID")
}

rules!(
    LinkRefusal,
    match self {
        Self::NoToken => rule(
            "LINK_WITHOUT_TOKEN",
            "The link was cut off on its way to the browser, or someone typed the address. StudyReel has to open loginLink \
             exactly as it was answered.",
        )
        .meaning(meanings::LINK_CUT, Remedy::Nothing),
        Self::Unknown => rule(
            "LINK_UNKNOWN",
            "The link was altered on its way, is another installation's, or was forgotten long ago. Launching again makes a new \
             one.",
        )
        .meaning(meanings::LINK_OVER, Remedy::Nothing),
        Self::Used => rule(
            "LINK_USED",
            "A link opens once. If students meet this at their first click, a program opens links before them: set \
             studyreel.redeem to click (PATCH /admin/tool).",
        )
        .meaning(meanings::LINK_OVER, Remedy::Nothing),
        Self::Expired => rule(
            "LINK_EXPIRED",
            "The link was opened too late. Launching again makes a new one; studyreel.loginLinkSeconds says how long a link \
             lives (PATCH /admin/tool).",
        )
        .meaning(meanings::LINK_OVER, Remedy::Nothing),
        Self::StudentNotActive => rule(
            "LINK_OF_DISABLED_STUDENT",
            "The student was disabled: PATCH /api/students/<id> with the status active lets them in again.",
        )
        .meaning(meanings::STUDENT_DISABLED, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR),
        Self::LaunchOver => rule("LINK_LAUNCH_FORGOTTEN", AGAIN)
            .meaning(meanings::LINK_OVER, Remedy::Nothing),
        Self::SessionOver => rule("LINK_SESSION_OVER", AGAIN)
            .meaning(meanings::LINK_OVER, Remedy::Nothing),
    }
);

impl LinkRefusal {
    /// The page for the browser; `platforms` names where the student may have come from.
    pub(super) fn problem(self, platforms: String) -> Problem {
        let problem = self.rule().broken(self.to_string());
        problem.noticed(|notice| {
            notice.says = texts::LINK_OVER.with("platform", platforms);
            // A reference would tell two of the cases apart.
            notice.referenced = false;
        })
    }
}
