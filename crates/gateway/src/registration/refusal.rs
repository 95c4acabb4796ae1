//! Why a dynamic registration fails: one variant a rule, with a sentence for the LMS's administrator.

use axum::http::StatusCode;
use lti::registration::{AnswerError, ConfigurationError, RegistrationRefusal, RequestError};

use crate::keys::pair::KeyError;
use crate::kit::outbound::{Blocked, OutboundError};
use crate::web::problem::Problem;
use crate::web::texts::{Text, page, registration as texts};
use store::StoreError;

/// A failed registration.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// The tool takes none.
    #[error("dynamic registration is switched off")]
    Disabled,
    /// Only invitations work.
    #[error("open registration is switched off")]
    NotOpen,
    /// The tool has no Launch URL, so nothing could be launched.
    #[error("the tool has no launchUrl yet")]
    NotReady,
    /// The invitation link is unknown, used up or too old.
    #[error("the invitation link is unknown, used up or expired")]
    InviteUsed,
    /// The registration id is unknown, too old or used.
    #[error("no registration waits under this id")]
    NotWaiting,
    /// The confirmation didn't come from our page.
    #[error("the confirmation came from another page than ours")]
    Forged,
    /// The tool's own page is wanted and not set.
    #[error("pre-approval is wanted, but registration.preApproval.url is not set")]
    NoApprovalPage,
    /// A parameter is missing, doubled or no URL.
    #[error("the parameter {0}")]
    Parameter(&'static str),
    /// A browser loads the page ahead of the click.
    #[error("a prefetch registers nothing")]
    Prefetch,
    /// The configuration can't be fetched.
    #[error("the platform's configuration can't be fetched: {0}")]
    Fetch(#[source] OutboundError),
    /// It answered with an error status.
    #[error("the platform's configuration address answered with status {0}")]
    FetchStatus(u16),
    /// It is a web page or something else.
    #[error("the platform's configuration address answered {0} instead of JSON")]
    NotJson(String),
    /// It isn't a configuration we can work with.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// An endpoint in it may not be connected to.
    #[error("the configuration's {0}: {1}")]
    Endpoint(&'static str, #[source] Blocked),
    /// What we want and what the platform can do have nothing in common.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The registration could not be sent, or no answer came.
    #[error("the registration got no answer: {0}")]
    Send(#[source] OutboundError),
    /// The platform sent us elsewhere.
    #[error("the registration endpoint answered with a redirect, which is not followed")]
    Redirected,
    /// The platform said no.
    #[error("the platform refused the registration ({}): {}", .refusal.status, .refusal.message)]
    Refused {
        /// What it said.
        refusal: RegistrationRefusal,
        /// Where.
        endpoint: String,
    },
    /// The platform said yes, unreadably.
    #[error("the platform's answer can't be used: {0}")]
    Answer(#[from] AnswerError),
    /// Issuer and client id are registered already.
    #[error("issuer {issuer} with client id {client_id} is registered already")]
    Taken {
        /// Issuer.
        issuer: String,
        /// Client id.
        client_id: String,
    },
    /// No key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RegistrationError {
    /// Whether the platform surely saw nothing of it, so that it may be tried again.
    pub fn was_not_sent(&self) -> bool {
        matches!(
            self,
            Self::Key(_) | Self::Send(OutboundError::Blocked(_) | OutboundError::Busy)
        )
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Disabled | Self::NotOpen => "DYNAMIC_REGISTRATION_DISABLED",
            Self::InviteUsed => "INVITE_NOT_VALID",
            Self::NotWaiting => "REGISTRATION_NOT_FOUND",
            Self::Forged => "CONFIRMATION_REFUSED",
            Self::NoApprovalPage => "PRE_APPROVAL_URL_NOT_SET",
            Self::NotReady => "LAUNCH_URL_NOT_SET",
            Self::Parameter(_) => "INVALID_REGISTRATION_PARAMETER",
            Self::Prefetch => "PREFETCH_REFUSED",
            Self::Fetch(OutboundError::Blocked(_)) | Self::Endpoint(..) => "ADDRESS_NOT_ALLOWED",
            Self::Fetch(OutboundError::TooLarge(_)) => "CONFIGURATION_TOO_LARGE",
            Self::Fetch(_) | Self::FetchStatus(_) => "CONFIGURATION_UNREACHABLE",
            Self::NotJson(_) => "CONFIGURATION_NOT_JSON",
            Self::Configuration(ConfigurationError::IssuerMismatch { .. }) => "ISSUER_MISMATCH",
            Self::Configuration(_) => "CONFIGURATION_INVALID",
            Self::Request(_) => "NOTHING_IN_COMMON",
            Self::Send(_) | Self::Redirected => "REGISTRATION_NOT_ANSWERED",
            Self::Refused { .. } => "REGISTRATION_REFUSED",
            Self::Answer(_) => "REGISTRATION_ANSWER_INVALID",
            Self::Taken { .. } => "PLATFORM_ALREADY_REGISTERED",
            Self::Key(_) => "KEY_NOT_MADE",
            Self::Store(_) => "STORE_FAILED",
        }
    }

    /// What the administrator reads: a heading, and what happened and what to do.
    fn says(&self) -> (Text, Text) {
        let (here, failed) = (texts::TITLE_NOT_HERE, texts::TITLE_FAILED);
        match self {
            Self::Disabled => (here, texts::DISABLED),
            Self::NotOpen => (here, texts::NOT_OPEN),
            Self::InviteUsed => (here, texts::INVITE_USED),
            Self::NotWaiting => (failed, texts::NOT_WAITING),
            Self::Forged => (failed, texts::FORGED),
            Self::NoApprovalPage => (here, texts::NO_APPROVAL_PAGE),
            Self::NotReady => (here, texts::NOT_READY),
            Self::Parameter(_) => (failed, texts::PARAMETER),
            Self::Prefetch => (failed, texts::PREFETCH),
            Self::Fetch(OutboundError::Blocked(_)) | Self::Endpoint(..) => {
                (failed, texts::ADDRESS_NOT_ALLOWED)
            }
            Self::Fetch(OutboundError::TooLarge(_)) => (failed, texts::TOO_LARGE),
            Self::Fetch(_) | Self::FetchStatus(_) => (failed, texts::UNREADABLE),
            Self::NotJson(_) => (failed, texts::NOT_JSON),
            Self::Configuration(_) => (failed, texts::CONFIGURATION),
            Self::Request(_) => (failed, texts::NOTHING_IN_COMMON),
            Self::Send(OutboundError::Blocked(_)) => (failed, texts::SEND_BLOCKED),
            Self::Send(_) => (texts::TITLE_LOOK_THERE, texts::NO_ANSWER),
            Self::Redirected => (failed, texts::REDIRECTED),
            Self::Refused { .. } => (failed, texts::REFUSED),
            Self::Answer(_) => (texts::TITLE_LOOK_THERE, texts::ANSWER),
            Self::Taken { .. } => (here, texts::TAKEN),
            Self::Key(_) | Self::Store(_) => (page::TITLE_LATER, page::UNAVAILABLE),
        }
    }

    /// What helps whoever runs the platform to mend it. Of the remote's own words only what the registration endpoint
    /// said (lti.md I-09).
    fn detail(&self) -> Option<String> {
        match self {
            Self::Parameter(_) => Some(self.to_string()),
            Self::Configuration(error) => Some(error.to_string()),
            Self::Request(error) => Some(error.to_string()),
            Self::Refused { refusal, .. } => Some(refusal.message.clone()),
            _ => None,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Disabled | Self::NotOpen | Self::InviteUsed | Self::Forged => {
                StatusCode::FORBIDDEN
            }
            Self::NotWaiting => StatusCode::NOT_FOUND,
            Self::NotReady | Self::NoApprovalPage => StatusCode::SERVICE_UNAVAILABLE,
            Self::Taken { .. } => StatusCode::CONFLICT,
            Self::Fetch(OutboundError::Busy) | Self::Send(OutboundError::Busy) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Fetch(OutboundError::TimedOut | OutboundError::Unreachable(_))
            | Self::FetchStatus(_)
            | Self::Send(_)
            | Self::Redirected
            | Self::Refused { .. }
            | Self::Answer(_) => StatusCode::BAD_GATEWAY,
            Self::Key(_) | Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<RegistrationError> for Problem {
    fn from(error: RegistrationError) -> Self {
        let (title, says) = error.says();
        let problem = Self::page(error.status(), error.code(), title, says)
            .because(error.code(), error.to_string())
            // The administrator may always close the LMS's window.
            .noticed(|notice| notice.closes = true);
        match error.detail() {
            Some(detail) => problem.detailed(detail),
            None => problem,
        }
    }
}
