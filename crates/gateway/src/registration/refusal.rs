//! Why a dynamic registration fails: one variant a rule, with a sentence for the operator. All else that is said
//! of it stands in its row (`refusal_rows`).

use lti::registration::{AnswerError, ConfigurationError, RegistrationRefusal, RequestError};

use crate::keys::pair::KeyError;
use crate::kit::outbound::{Blocked, OutboundError};
use crate::web::problem::Problem;
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
    /// Our own limit: the platform was not asked.
    #[error("too many registrations are asking platforms at once, so this platform was not asked")]
    Busy,
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
    /// Why a configuration was not fetched.
    pub(super) fn fetching(error: OutboundError) -> Self {
        match error {
            OutboundError::Busy => Self::Busy,
            error => Self::Fetch(error),
        }
    }

    /// Why a registration was not sent, or not answered.
    pub(super) fn sending(error: OutboundError) -> Self {
        match error {
            OutboundError::Busy => Self::Busy,
            error => Self::Send(error),
        }
    }

    /// Whether the platform surely saw nothing of it, so that it may be tried again.
    pub fn was_not_sent(&self) -> bool {
        matches!(
            self,
            Self::Busy | Self::Key(_) | Self::Send(OutboundError::Blocked(_))
        )
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
}

impl From<RegistrationError> for Problem {
    fn from(error: RegistrationError) -> Self {
        let mut problem = error
            .rule()
            .broken(error.to_string())
            // The administrator may always close the LMS's window.
            .noticed(|notice| notice.closes = true);
        if matches!(error, RegistrationError::Busy) {
            problem.retry_after = Some(10);
        }
        match error.detail() {
            Some(detail) => problem.detailed(detail),
            None => problem,
        }
    }
}
