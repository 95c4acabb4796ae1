//! Why a dynamic registration fails: one variant a rule, with a sentence for the LMS's administrator.

use axum::http::StatusCode;
use lti::registration::{AnswerError, ConfigurationError, RegistrationRefusal, RequestError};
use serde_json::Value;

use crate::error::Problem;
use crate::outbound::{Blocked, OutboundError};
use crate::pages::CLOSABLE;
use crate::signing_keys::KeyError;
use crate::store::StoreError;

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

    fn sentence(&self) -> String {
        match self {
            Self::Disabled => "This tool doesn't take registrations. Please ask the tool's owner.".into(),
            Self::NotOpen => "This tool takes registrations by invitation only. Please ask the tool's owner for an invitation link.".into(),
            Self::InviteUsed => "This invitation link was used already or has expired. Please ask the tool's owner for a new one.".into(),
            Self::NotWaiting => "This registration is over: it was completed, or waited too long. Please start again in your learning platform.".into(),
            Self::Forged => "This confirmation can't be accepted. Please start the registration again in your learning platform.".into(),
            Self::NoApprovalPage => "This tool isn't set up to approve registrations yet. Please ask the tool's owner.".into(),
            Self::NotReady => "This tool isn't set up yet: its owner has to set the address where launches go. Please try again after that.".into(),
            Self::Parameter(_) => format!(
                "This address registers the tool with a learning platform, and {self}. Please start the registration from your learning platform's administration."
            ),
            Self::Prefetch => "Please open this page by clicking the link; nothing has been registered yet.".into(),
            Self::Fetch(OutboundError::Blocked(_)) | Self::Endpoint(..) => {
                "Your learning platform names an address that can't be reached from the internet, so nothing was registered. \
                 If the platform runs in a private network, the operator of this service has to allow its address (outbound_allow)."
                    .into()
            }
            Self::Fetch(OutboundError::TooLarge(_)) => {
                "Your learning platform's configuration is larger than any real one, so nothing was registered.".into()
            }
            Self::Fetch(_) | Self::FetchStatus(_) => {
                "Your learning platform's configuration couldn't be read, so nothing was registered. \
                 Please start again; if it fails again, check that this service can reach your platform."
                    .into()
            }
            Self::NotJson(_) => "Your learning platform's configuration address answered with something else than a configuration, so nothing was registered.".into(),
            Self::Configuration(error) => format!("Your learning platform's configuration can't be used, so nothing was registered: {error}."),
            Self::Request(error) => format!("Your learning platform and this tool have nothing in common to register: {error}."),
            Self::Send(OutboundError::Blocked(_)) => "Your learning platform's registration address may not be used, so nothing was registered.".into(),
            Self::Send(_) => {
                "Your learning platform did not answer the registration in time. It may have stored the tool nevertheless: \
                 please look for it there and delete it before you start again."
                    .into()
            }
            Self::Redirected => "Your learning platform's registration address pointed elsewhere, so nothing was registered.".into(),
            Self::Refused { refusal, .. } => format!("Your learning platform refused the registration. It says: {}", refusal.message),
            Self::Answer(_) => {
                "Your learning platform's answer can't be used. It may have stored the tool nevertheless: \
                 please look for it there and delete it before you start again."
                    .into()
            }
            Self::Taken { .. } => {
                "This platform is registered already, and a registration is never overwritten. \
                 Ask the tool's owner to remove the old registration first."
                    .into()
            }
            Self::Key(_) | Self::Store(_) => "We can't do this at the moment. Please try again in a minute.".into(),
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
        // The administrator may always close the LMS's window.
        Self::new(error.status(), error.code(), error.sentence())
            .because(error.code(), error.to_string())
            .with(CLOSABLE, Value::Bool(true))
    }
}
