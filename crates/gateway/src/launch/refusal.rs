//! Why a launch is refused: one variant a rule, with a code for the operator and a sentence for the person.

use axum::http::StatusCode;
use lti::login::{LoginError, PlatformError, PlatformErrorCode};

use super::state::StateRefusal;
use crate::error::Problem;
use crate::platform_keys::KeyFailure;

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
    /// A frame whose browser keeps no cookies in frames, found out before the platform was asked.
    #[error("the browser keeps no cookies in this frame, and the platform's storage did not help")]
    NoCookiesInFrame,
    /// The platform was removed since the login.
    #[error("the platform of this login no longer exists")]
    PlatformGone,
    /// The platform's own error.
    #[error("the platform answered {}: {}", .0.code.name(), .0.description.as_deref().unwrap_or("(nothing more)"))]
    Platform(PlatformError),
    /// No key.
    #[error(transparent)]
    Key(#[from] KeyFailure),
    /// The token.
    #[error(transparent)]
    Token(#[from] lti::id_token::Refusal),
    /// Not active.
    #[error("platform {0} is not active")]
    Inactive(String),
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

impl LaunchRefusal {
    /// Stable code of the rule, for logs and traces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAForm => "LAUNCH_NOT_A_FORM",
            Self::Form(error) => error.code(),
            Self::State(StateRefusal::Unknown) => "STATE_UNKNOWN",
            Self::State(StateRefusal::Expired) => "STATE_EXPIRED",
            Self::OtherBrowser => "STATE_COOKIE_MISSING",
            Self::NoCookiesInFrame => "FRAME_WITHOUT_COOKIES",
            Self::PlatformGone => "PLATFORM_GONE",
            Self::Platform(_) => "PLATFORM_ERROR",
            Self::Key(KeyFailure::UnknownKid) => "KID_UNKNOWN",
            Self::Key(KeyFailure::Unreachable(_) | KeyFailure::Resting) => "KEY_SET_UNREACHABLE",
            Self::Key(KeyFailure::Unreadable(_)) => "KEY_SET_UNREADABLE",
            Self::Key(KeyFailure::BadStored(_)) => "PLATFORM_KEY_UNUSABLE",
            Self::Token(refusal) => refusal.code(),
            Self::Inactive(_) => "PLATFORM_INACTIVE",
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
            Self::Platform(_) | Self::Inactive(_) | Self::PlatformGone => StatusCode::BAD_REQUEST,
            Self::Key(KeyFailure::UnknownKid) => StatusCode::UNAUTHORIZED,
            Self::Key(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::State(_) | Self::OtherBrowser | Self::NoCookiesInFrame | Self::Replayed => {
                StatusCode::UNAUTHORIZED
            }
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
            Self::State(_) | Self::OtherBrowser | Self::NoCookiesInFrame => "INVALID_STATE",
            Self::Platform(_) => "PLATFORM_ERROR",
            Self::PlatformGone | Self::Inactive(_) => "UNREGISTERED_OR_INACTIVE_PLATFORM",
            Self::Key(KeyFailure::UnknownKid) | Self::Token(_) => "INVALID_ID_TOKEN",
            Self::Key(_) => "PLATFORM_KEYS_UNAVAILABLE",
            Self::DeploymentUnknown | Self::DeploymentPending | Self::DeploymentDisabled => {
                "DEPLOYMENT_NOT_ACTIVE"
            }
            Self::PersonBlocked => "USER_BLOCKED",
            Self::Replayed => "NONCE_ALREADY_RECEIVED",
        }
    }

    /// What the person reads: what happened and what to do.
    pub(super) fn sentence(&self) -> &'static str {
        match self {
            Self::NotAForm | Self::Form(_) => {
                "This address is where learning platforms send launches. Please open the tool from your course."
            }
            Self::State(StateRefusal::Expired) => {
                "Signing in took too long. Please go back to your course and open the tool again."
            }
            Self::State(StateRefusal::Unknown) => {
                "This launch can't be continued. Please go back to your course and open the tool again."
            }
            Self::OtherBrowser => {
                "Your browser did not keep the cookie that protects this launch. Please allow cookies for this site, \
                 or ask your teacher to let the tool open in a new window, and open it again from your course."
            }
            Self::NoCookiesInFrame => {
                "Your browser keeps no cookies for a tool inside the page of your learning platform. Please open the tool \
                 in a new window."
            }
            Self::Platform(error) if error.code.suggests_new_window() => {
                "Your learning platform could not see that you are signed in. Please open the tool in a new window from your course."
            }
            Self::Platform(PlatformError {
                code: PlatformErrorCode::LaunchNoLongerValid,
                ..
            }) => {
                "This launch was used before. Please go back to your course and start again from there."
            }
            Self::Platform(_) => {
                "Your learning platform refused this launch. Please go back to your course and try again."
            }
            Self::PlatformGone | Self::Inactive(_) => {
                "This learning platform is not activated here. Please ask its administrator, or the tool's owner, to activate it."
            }
            Self::Key(KeyFailure::UnknownKid) | Self::Token(_) => {
                "Your learning platform sent a launch that can't be accepted. Please open the tool again from your course; \
                 if that doesn't help, give your administrator the reference below."
            }
            Self::Key(_) => {
                "Your learning platform can't be reached at the moment to check this launch. Please try again in a minute."
            }
            Self::DeploymentUnknown | Self::DeploymentPending | Self::DeploymentDisabled => {
                "The tool is not yet activated for your school. Please ask your administrator to have it activated."
            }
            Self::PersonBlocked => {
                "Your access to this tool was stopped. Please ask your teacher, or the tool's owner."
            }
            Self::Replayed => {
                "This launch was used already. Please go back to your course and open the tool again."
            }
        }
    }
}

impl From<LaunchRefusal> for Problem {
    fn from(refusal: LaunchRefusal) -> Self {
        let mut problem = Self::new(refusal.status(), refusal.public_code(), refusal.sentence())
            .because(refusal.code(), refusal.to_string());
        if problem.status == StatusCode::SERVICE_UNAVAILABLE {
            problem.retry_after = Some(5);
        }
        problem
    }
}
