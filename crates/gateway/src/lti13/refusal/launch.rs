//! Why a launch is refused: one variant per rule, with a sentence for the operator. The rest of the
//! explanation is in the rule's row (`launch_rows`).

use axum::http::StatusCode;
use lti::id_token::Refusal;
use lti::login::{LoginError, PlatformError, PlatformErrorCode};

use crate::keys::theirs::KeyFailure;
use crate::lti13::state::{LoginState, StateRefusal};
use crate::web::problem::{A_MOMENT, Problem};

/// A refused launch.
#[derive(Debug, thiserror::Error)]
pub enum LaunchRefusal {
    /// The POST isn't a form.
    #[error("a launch must be a form (application/x-www-form-urlencoded)")]
    NotAForm,
    /// A token arrived in an address.
    #[error("the launch was sent by GET, in the address, and not posted as a form")]
    ByGet,
    /// The form itself is wrong.
    #[error(transparent)]
    Form(#[from] LoginError),
    /// The sealed state is wrong.
    #[error(transparent)]
    State(#[from] StateRefusal),
    /// Another browser, or one that stores no cookies.
    #[error("the browser sent none of this login's cookies")]
    OtherBrowser,
    /// No cookies, and no value from the platform's window.
    #[error("the browser sent none of this login's cookies, and {0}")]
    Storage(Unanswered),
    /// A top-level window, in which cookies are first-party; and what the platform's window said,
    /// if it was asked.
    #[error(
        "the browser keeps no cookies of this site, not even in a window of its own{}",
        and(.0.as_ref())
    )]
    NoCookiesInWindow(Option<Unanswered>),
    /// The browser stores no cookies in frames, as found out before the platform was asked.
    #[error("the browser keeps no cookies in this frame, and the platform {}", helped(.storage_offered))]
    NoCookiesInFrame {
        /// Whether the platform offered storage.
        storage_offered: bool,
    },
    /// No cookies, and the storage was not tried because our page could not have been shown.
    #[error(
        "the browser sent none of this login's cookies, and the platform's storage was not tried, since a page of {0} may not show ours in a frame"
    )]
    FrameOrigin(String),
    /// The platform's window answered too late.
    #[error("the platform's window answered more than two minutes after the launch")]
    StorageLate,
    /// The answer of platform storage came from a page that isn't ours.
    #[error("the platform storage's answer did not come from our own page")]
    OtherPage,
    /// The platform was removed after the login.
    #[error("the platform of this login no longer exists")]
    PlatformGone,
    /// The platform sent an error instead of a token.
    #[error("the platform answered {}", known(.0))]
    Platform(PlatformError),
    /// The platform wants the person to sign in, and already has a window to ask them in.
    #[error("the platform answered {}, in a top-level window", known(.0))]
    NotSignedIn(PlatformError),
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyFailure),
    /// The token breaks a rule of the specification.
    #[error(transparent)]
    Token(#[from] Refusal),
    /// The platform is not active.
    #[error("platform {0} is not active")]
    Inactive(String),
    /// The platform requests content, but the tool's settings have deep linking disabled.
    #[error("the tool offers no deep linking (services.deepLinking)")]
    DeepLinkingOff,
    /// Content is requested by someone who doesn't teach, which the tool's rules don't allow.
    #[error("only staff may choose content (launch.deepLinkingBy)")]
    StaffOnly,
    /// A submission review by a person who doesn't teach, of someone else's submission.
    #[error("only staff may review another person's submission")]
    OthersSubmission,
    /// An unknown deployment, and the tool doesn't accept unknown ones.
    #[error("the deployment is not known, and unknown ones are rejected")]
    DeploymentUnknown,
    /// A deployment that is waiting for an operator.
    #[error("the deployment waits for an operator to activate it")]
    DeploymentPending,
    /// A deployment that an operator disabled.
    #[error("the deployment is disabled")]
    DeploymentDisabled,
    /// A person whom an operator blocked.
    #[error("an operator blocked this person")]
    PersonBlocked,
    /// The nonce has been spent.
    #[error("this token was used before")]
    Replayed,
}

/// Why the platform's window gave no usable value: as observed by our page (lti.md C-26), or by our
/// comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// It didn't respond for two seconds.
    #[error("the platform's window did not answer")]
    Silent,
    /// There is no frame with the name that the platform gave at login.
    #[error("the platform's window has no frame of the name it gave at login")]
    NoFrame,
    /// It answered with an error.
    #[error("the platform's window answered with an error")]
    Error,
    /// It has no value under this login's key.
    #[error("the platform's window keeps no value of this login")]
    Empty,
    /// It returned a different value.
    #[error("the platform's window gave another value than this login's")]
    OtherValue,
}

impl Unanswered {
    /// The reason with our page's word for it.
    pub(in crate::lti13) fn from_name(name: &str) -> Option<Self> {
        match name {
            "silent" => Some(Self::Silent),
            "no-frame" => Some(Self::NoFrame),
            "error" => Some(Self::Error),
            "empty" => Some(Self::Empty),
            _ => None,
        }
    }
}

impl LaunchRefusal {
    /// The reason if platform storage was offered, but the surrounding page may not show ours.
    pub(in crate::lti13) fn frame_origin(state: &LoginState) -> Option<Self> {
        let origin = state.around.unlisted();
        let origin = origin.filter(|_| state.storage_target.is_some());
        origin.cloned().map(Self::FrameOrigin)
    }
}

fn helped(storage_offered: &bool) -> &'static str {
    if *storage_offered {
        "keeps no value for us either, though it offered to"
    } else {
        "offers no storage"
    }
}

fn and(unanswered: Option<&Unanswered>) -> String {
    unanswered.map_or_else(String::new, |why| format!(", and {why}"))
}

/// The platform's error code, if it is a standard one: others could be anything.
fn known(error: &PlatformError) -> &str {
    match &error.code {
        PlatformErrorCode::Other(_) => "with an error that is none of the standard's",
        code => code.name(),
    }
}

impl From<LaunchRefusal> for Problem {
    fn from(refusal: LaunchRefusal) -> Self {
        let mut problem = refusal.rule().broken(refusal.to_string());
        if let LaunchRefusal::Platform(error) = &refusal {
            // What the platform says about our request helps those who set it up, and is only for
            // the log. Its other messages may name a person, and a non-standard error could be
            // anyone's text (I-60).
            let said = error.description.as_deref();
            if let Some(words) = said.filter(|_| error.code.is_about_the_request()) {
                problem = problem.caused_by(format!("{}: {words}", error.code.name()));
            }
        }
        if problem.status == StatusCode::SERVICE_UNAVAILABLE {
            problem.retry_after = match &refusal {
                LaunchRefusal::Key(failure) => failure.retry_after(),
                _ => Some(A_MOMENT),
            };
        }
        problem
    }
}
