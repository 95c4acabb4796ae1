//! Why a launch is refused: one variant a rule, with a code for the operator and a sentence for the person.

use axum::http::StatusCode;
use lti::id_token::Refusal;
use lti::login::{LoginError, PlatformError, PlatformErrorCode};

use crate::keys::theirs::KeyFailure;
use crate::lti13::state::{State, StateRefusal};
use crate::web::notice::{Action, Button, Link};
use crate::web::problem::Problem;
use crate::web::texts::{Text, launch as texts, page};

/// A refused launch.
#[derive(Debug, thiserror::Error)]
pub enum LaunchRefusal {
    /// A POST that isn't a form.
    #[error("a launch must be a form (application/x-www-form-urlencoded)")]
    NotAForm,
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
    /// A frame whose browser keeps no cookies in frames, found out before the platform was asked.
    #[error("the browser keeps no cookies in this frame, and the platform's storage did not help")]
    NoCookiesInFrame,
    /// No cookie either, and the storage was not tried, for our page could not have been shown.
    #[error(
        "the browser sent none of this login's cookies, and the platform's storage was not tried, since a page of {0} may not show ours in a frame"
    )]
    FrameOrigin(String),
    /// The platform's window gave its answer when nobody waited for it any more.
    #[error("the platform's window answered more than two minutes after the launch")]
    StorageLate,
    /// The platform storage's answer, sent by a page that is none of ours.
    #[error("the platform storage's answer did not come from our own page")]
    OtherPage,
    /// The platform was removed since the login.
    #[error("the platform of this login no longer exists")]
    PlatformGone,
    /// The platform's own error.
    #[error("the platform answered {}", known(.0))]
    Platform(PlatformError),
    /// No key.
    #[error(transparent)]
    Key(#[from] KeyFailure),
    /// The token.
    #[error(transparent)]
    Token(#[from] Refusal),
    /// Not active.
    #[error("platform {0} is not active")]
    Inactive(String),
    /// The platform wants content chosen, and the tool's settings say that it offers none.
    #[error("the tool offers no deep linking (services.deepLinking)")]
    DeepLinkingOff,
    /// A deployment nobody knows, where the tool takes none on trust.
    #[error("the deployment is not known, and unknown ones are rejected")]
    DeploymentUnknown,
    /// A deployment that waits for an operator.
    #[error("the deployment waits for an operator to activate it")]
    DeploymentPending,
    /// A deployment that an operator stopped.
    #[error("the deployment is disabled")]
    DeploymentDisabled,
    /// Somebody whose launches an operator stopped.
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
    pub(super) fn from_name(name: &str) -> Option<Self> {
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
    /// The reason where the platform's storage was offered, and the page around the login may not show ours.
    pub(super) fn frame_origin(state: &State) -> Option<Self> {
        let origin = state.around.unlisted();
        let origin = origin.filter(|_| state.storage_target.is_some());
        origin.cloned().map(Self::FrameOrigin)
    }

    /// Stable code of the rule, for logs and traces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAForm => "LAUNCH_NOT_A_FORM",
            Self::Form(error) => error.code(),
            Self::State(StateRefusal::Unknown) => "STATE_UNKNOWN",
            Self::State(StateRefusal::Expired) => "STATE_EXPIRED",
            Self::OtherBrowser => "STATE_COOKIE_MISSING",
            Self::Storage(Unanswered::Silent) => "STORAGE_NOT_ANSWERED",
            Self::Storage(Unanswered::NoFrame) => "STORAGE_FRAME_MISSING",
            Self::Storage(Unanswered::Error) => "STORAGE_REFUSED",
            Self::Storage(Unanswered::Empty) => "STORAGE_EMPTY",
            Self::Storage(Unanswered::OtherValue) => "STORAGE_OTHER_VALUE",
            Self::StorageLate => "STORAGE_ANSWER_LATE",
            Self::NoCookiesInFrame => "FRAME_WITHOUT_COOKIES",
            Self::FrameOrigin(_) => "FRAME_ORIGIN_NOT_LISTED",
            Self::OtherPage => "STORAGE_ANSWER_FOREIGN",
            Self::PlatformGone => "PLATFORM_GONE",
            Self::Platform(_) => "PLATFORM_ERROR",
            Self::Key(failure) => failure.code(),
            Self::Token(refusal) => refusal.code(),
            Self::Inactive(_) => "PLATFORM_INACTIVE",
            Self::DeepLinkingOff => "DEEP_LINKING_OFF",
            Self::DeploymentUnknown => "DEPLOYMENT_UNKNOWN",
            Self::DeploymentPending => "DEPLOYMENT_PENDING",
            Self::DeploymentDisabled => "DEPLOYMENT_DISABLED",
            Self::PersonBlocked => "PERSON_BLOCKED",
            Self::Replayed => "NONCE_ALREADY_RECEIVED",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Form(error) => {
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST)
            }
            Self::Token(refusal) => {
                StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED)
            }
            Self::Platform(_) | Self::Inactive(_) | Self::PlatformGone | Self::DeepLinkingOff => {
                StatusCode::BAD_REQUEST
            }
            Self::Key(KeyFailure::NotInSet(_)) => StatusCode::UNAUTHORIZED,
            Self::Key(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::State(_)
            | Self::OtherBrowser
            | Self::Storage(_)
            | Self::StorageLate
            | Self::NoCookiesInFrame
            | Self::FrameOrigin(_)
            | Self::OtherPage
            | Self::Replayed => StatusCode::UNAUTHORIZED,
            Self::DeploymentUnknown
            | Self::DeploymentPending
            | Self::DeploymentDisabled
            | Self::PersonBlocked => StatusCode::FORBIDDEN,
        }
    }

    /// What a program is told: the rule only where the asker may know it anyway.
    fn public_code(&self) -> &'static str {
        match self {
            Self::NotAForm => "UNSUPPORTED_MEDIA_TYPE",
            Self::Form(error) => error.code(),
            Self::State(_)
            | Self::OtherBrowser
            | Self::Storage(_)
            | Self::StorageLate
            | Self::NoCookiesInFrame
            | Self::FrameOrigin(_)
            | Self::OtherPage => "INVALID_STATE",
            Self::Platform(_) => "PLATFORM_ERROR",
            Self::PlatformGone | Self::Inactive(_) => "UNREGISTERED_OR_INACTIVE_PLATFORM",
            Self::DeepLinkingOff => "DEEP_LINKING_NOT_OFFERED",
            Self::Key(KeyFailure::NotInSet(_)) | Self::Token(_) => "INVALID_ID_TOKEN",
            Self::Key(_) => "PLATFORM_KEYS_UNAVAILABLE",
            Self::DeploymentUnknown | Self::DeploymentPending | Self::DeploymentDisabled => {
                "DEPLOYMENT_NOT_ACTIVE"
            }
            Self::PersonBlocked => "USER_BLOCKED",
            Self::Replayed => "NONCE_ALREADY_RECEIVED",
        }
    }

    /// What the person reads: a heading, and what happened and what to do.
    fn says(&self) -> (Text, Text) {
        match self {
            Self::NotAForm | Self::Form(_) => (texts::TITLE_FROM_COURSE, texts::NOT_A_LAUNCH),
            Self::State(StateRefusal::Expired) | Self::StorageLate => {
                (texts::TITLE_AGAIN, texts::EXPIRED)
            }
            Self::State(StateRefusal::Unknown) | Self::OtherPage => {
                (texts::TITLE_AGAIN, texts::UNKNOWN_STATE)
            }
            Self::NoCookiesInFrame => (texts::TITLE_REFUSED, texts::NO_COOKIES_IN_FRAME),
            Self::OtherBrowser | Self::Storage(_) | Self::FrameOrigin(_) => {
                (texts::TITLE_REFUSED, texts::OTHER_BROWSER)
            }
            Self::Platform(error) if error.code.suggests_new_window() => {
                (texts::TITLE_REFUSED, texts::PLATFORM_SIGN_IN)
            }
            Self::Platform(PlatformError {
                code: PlatformErrorCode::LaunchNoLongerValid,
                ..
            }) => (texts::TITLE_AGAIN, texts::PLATFORM_USED_BEFORE),
            Self::Platform(_) => (texts::TITLE_REFUSED, texts::PLATFORM_REFUSED),
            Self::PlatformGone | Self::Inactive(_) => {
                (texts::TITLE_NOT_ACTIVE, texts::PLATFORM_NOT_ACTIVE)
            }
            Self::Token(Refusal::MessageTypeUnsupported(_) | Refusal::MessageTypeUnknown)
            | Self::DeepLinkingOff => (texts::TITLE_REFUSED, texts::NOT_SUPPORTED),
            Self::Key(KeyFailure::NotInSet(_)) | Self::Token(_) => {
                (texts::TITLE_REFUSED, texts::NOT_ACCEPTED)
            }
            Self::Key(KeyFailure::NoPlace) => (page::TITLE_LATER, page::UNAVAILABLE),
            Self::Key(_) => (page::TITLE_LATER, texts::KEYS_UNREACHABLE),
            Self::DeploymentUnknown | Self::DeploymentPending | Self::DeploymentDisabled => {
                (texts::TITLE_NOT_ACTIVE, texts::DEPLOYMENT_NOT_ACTIVE)
            }
            Self::PersonBlocked => (texts::TITLE_REFUSED, texts::PERSON_BLOCKED),
            Self::Replayed => (texts::TITLE_AGAIN, texts::REPLAYED),
        }
    }
}

/// A refusal with the offer to begin the login anew in a new window, where it can.
pub(super) fn offering(refusal: LaunchRefusal, again: Option<Button>) -> Problem {
    let problem = Problem::from(refusal);
    let Some(again) = again else { return problem };
    problem.noticed(|notice| {
        notice.title = texts::TITLE_NEW_WINDOW;
        notice.actions.push(Action::Button(again));
    })
}

/// A browser that isn't known for that of the login; where the login can begin anew, a button does that in a new window.
pub(super) fn unknown_browser(refusal: LaunchRefusal, again: Option<Button>) -> Problem {
    let has_button = again.is_some();
    offering(refusal, again).noticed(|notice| {
        if has_button {
            notice.says = texts::OPEN_NEW_WINDOW.into();
        }
    })
}

/// Adds the way back to the platform, where it gave one.
pub(super) fn leading_back(problem: Problem, back: Option<Link>) -> Problem {
    problem.noticed(|notice| notice.actions.extend(back.map(Action::Link)))
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
        let (title, says) = refusal.says();
        let mut problem = Self::page(refusal.status(), refusal.public_code(), title, says)
            .because(refusal.code(), refusal.to_string());
        if let LaunchRefusal::Platform(error) = &refusal {
            // What the platform says of our request helps whoever set it up, and is for the log alone. Its other words
            // may name a person, and an error that is none of the standard's may be anybody's text (I-60).
            let said = error.description.as_deref();
            if let Some(words) = said.filter(|_| error.code.is_about_the_request()) {
                problem = problem.caused_by(format!("{}: {words}", error.code.name()));
            }
        }
        if problem.status == StatusCode::SERVICE_UNAVAILABLE {
            problem.retry_after = Some(5);
        }
        problem
    }
}
