//! Why a launch is refused: one variant a rule, with a sentence for the operator. All else that is said of it stands in
//! its row (`launch_rows`).

use axum::http::StatusCode;
use lti::id_token::Refusal;
use lti::login::{LoginError, PlatformError, PlatformErrorCode};

use crate::keys::theirs::KeyFailure;
use crate::lti13::state::{LoginState, StateRefusal};
use crate::web::problem::{A_MOMENT, Problem};

/// A refused launch.
#[derive(Debug, thiserror::Error)]
pub enum LaunchRefusal {
    /// A POST that isn't a form.
    #[error("a launch must be a form (application/x-www-form-urlencoded)")]
    NotAForm,
    /// A token that came in an address.
    #[error("the launch was sent by GET, in the address, and not posted as a form")]
    ByGet,
    /// The form itself.
    #[error(transparent)]
    Form(#[from] LoginError),
    /// The sealed state.
    #[error(transparent)]
    State(#[from] StateRefusal),
    /// Another browser, or one that keeps no cookies.
    #[error("the browser sent none of this login's cookies")]
    OtherBrowser,
    /// No cookie either, and nothing from the platform's window.
    #[error("the browser sent none of this login's cookies, and {0}")]
    Storage(Unanswered),
    /// A window of its own, in which cookies are first-party; and what the platform's window said, if it was asked.
    #[error(
        "the browser keeps no cookies of this site, not even in a window of its own{}",
        and(.0.as_ref())
    )]
    NoCookiesInWindow(Option<Unanswered>),
    /// A frame whose browser keeps no cookies in frames, found out before the platform was asked.
    #[error("the browser keeps no cookies in this frame, and the platform {}", helped(.storage_offered))]
    NoCookiesInFrame {
        /// Whether the platform said that it keeps values for us.
        storage_offered: bool,
    },
    /// No cookie either, and the storage was not tried, for our page could not have been shown.
    #[error(
        "the browser sent none of this login's cookies, and the platform's storage was not tried, since a page of {0} may not show ours in a frame"
    )]
    FrameOrigin(String),
    /// The platform's window gave its answer too late.
    #[error("the platform's window answered more than two minutes after the launch")]
    StorageLate,
    /// The platform storage's answer, sent by a page that is none of ours.
    #[error("the platform storage's answer did not come from our own page")]
    OtherPage,
    /// The platform was removed since the login.
    #[error("the platform of this login no longer exists")]
    PlatformGone,
    /// The platform sent an error in place of a token.
    #[error("the platform answered {}", known(.0))]
    Platform(PlatformError),
    /// No key.
    #[error(transparent)]
    Key(#[from] KeyFailure),
    /// The token breaks a rule of the specification.
    #[error(transparent)]
    Token(#[from] Refusal),
    /// Not active.
    #[error("platform {0} is not active")]
    Inactive(String),
    /// The platform wants content chosen, and the tool's settings say that it offers none.
    #[error("the tool offers no deep linking (services.deepLinking)")]
    DeepLinkingOff,
    /// The platform wants content chosen by someone who doesn't teach, and the tool's rules say no to that.
    #[error("only staff may choose content (launch.deepLinkingBy)")]
    StaffOnly,
    /// A submission review by a person whose submission it isn't, and who doesn't teach.
    #[error("only staff may review another person's submission")]
    OthersSubmission,
    /// An unknown deployment, and the tool accepts none on trust.
    #[error("the deployment is not known, and unknown ones are rejected")]
    DeploymentUnknown,
    /// A deployment that waits for an operator.
    #[error("the deployment waits for an operator to activate it")]
    DeploymentPending,
    /// A deployment that an operator stopped.
    #[error("the deployment is disabled")]
    DeploymentDisabled,
    /// A person whose launches an operator stopped.
    #[error("an operator blocked this person")]
    PersonBlocked,
    /// The nonce was spent.
    #[error("this token was used before")]
    Replayed,
}

/// Why the platform's window gave no value that helps: as our page saw it (lti.md C-26), or as we compared it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// It said nothing for two seconds.
    #[error("the platform's window did not answer")]
    Silent,
    /// There is no frame of the name that the platform gave at login.
    #[error("the platform's window has no frame of the name it gave at login")]
    NoFrame,
    /// It answered with an error.
    #[error("the platform's window answered with an error")]
    Error,
    /// It keeps no value under this login's key.
    #[error("the platform's window keeps no value of this login")]
    Empty,
    /// It gave something else.
    #[error("the platform's window gave another value than this login's")]
    OtherValue,
}

impl Unanswered {
    /// By the word that our page has for it.
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
    /// The reason if the platform's storage was offered, and the page around the login may not show ours.
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

/// The platform's word for it, if it is one of the standard: others come from anywhere.
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
            // What the platform says of our request helps those who set it up, and is for the log alone. Its other words
            // may name a person, and an error that is none of the standard's may be anyone's text (I-60).
            let said = error.description.as_deref();
            if let Some(words) = said.filter(|_| error.code.is_about_the_request()) {
                problem = problem.caused_by(format!("{}: {words}", error.code.name()));
            }
        }
        let passes = !matches!(&refusal, LaunchRefusal::Key(failure) if !failure.may_pass());
        if problem.status == StatusCode::SERVICE_UNAVAILABLE && passes {
            problem.retry_after = Some(A_MOMENT);
        }
        problem
    }
}
