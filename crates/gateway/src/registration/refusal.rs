//! Why a dynamic registration fails: one variant a rule, with a sentence for the LMS's administrator.

use axum::http::StatusCode;
use lti::registration::{AnswerError, ConfigurationError, RegistrationRefusal, RequestError};

use crate::keys::pair::KeyError;
use crate::kit::outbound::{Blocked, OutboundError};
use crate::launch::handoff;
use crate::web::problem::Problem;
use crate::web::rule::{OUR_SIDE, Rule, rules};
use crate::web::texts::{page, registration as texts};
use store::StoreError;

const SWITCHED_OFF: &str = "Set registration.enabled and registration.open, or give the administrator an invitation link (POST \
     /admin/invites).";
const START_AGAIN: &str = "Start the registration again in the platform: this one is over, or its page was opened from elsewhere.";
const DOCTOR: &str =
    "Run hallpass doctor with the platform's configuration address: it says what is wrong there.";
const LOOK_THERE: &str = "Look for the tool in the platform and delete it there, since it may have been stored; then register again.";
const UNREACHABLE: Rule = Rule::new(
    "CONFIGURATION_UNREACHABLE",
    StatusCode::BAD_GATEWAY,
    texts::TITLE_FAILED,
    texts::UNREADABLE,
    DOCTOR,
);
const NOT_ANSWERED: Rule = Rule::new(
    "REGISTRATION_NOT_ANSWERED",
    StatusCode::BAD_GATEWAY,
    texts::TITLE_LOOK_THERE,
    texts::NO_ANSWER,
    LOOK_THERE,
);

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

rules!(
    RegistrationError,
    match self {
        Self::Disabled => Rule::new(
            "DYNAMIC_REGISTRATION_DISABLED",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_HERE,
            texts::DISABLED,
            SWITCHED_OFF,
        ),
        Self::NotOpen => Rule::new(
            "DYNAMIC_REGISTRATION_DISABLED",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_HERE,
            texts::NOT_OPEN,
            SWITCHED_OFF,
        ),
        Self::NotReady => Rule::new(
            "LAUNCH_URL_NOT_SET",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_NOT_HERE,
            texts::NOT_READY,
            handoff::NO_LAUNCH_URL.advice,
        ),
        Self::InviteUsed => Rule::new(
            "INVITE_NOT_VALID",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_HERE,
            texts::INVITE_USED,
            "Make a new invitation link (POST /admin/invites).",
        ),
        Self::NotWaiting => Rule::new(
            "REGISTRATION_NOT_FOUND",
            StatusCode::NOT_FOUND,
            texts::TITLE_FAILED,
            texts::NOT_WAITING,
            START_AGAIN,
        ),
        Self::Forged => Rule::new(
            "CONFIRMATION_REFUSED",
            StatusCode::FORBIDDEN,
            texts::TITLE_FAILED,
            texts::FORGED,
            START_AGAIN,
        ),
        Self::NoApprovalPage => Rule::new(
            "PRE_APPROVAL_URL_NOT_SET",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_NOT_HERE,
            texts::NO_APPROVAL_PAGE,
            "Set registration.preApproval.url, the tool's own page (PATCH /admin/tool).",
        ),
        Self::Parameter(_) => Rule::new(
            "INVALID_REGISTRATION_PARAMETER",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::PARAMETER,
            "Start the registration from the platform's administration, with the whole address it makes.",
        ),
        Self::Prefetch => Rule::new(
            "PREFETCH_REFUSED",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::PREFETCH,
            "Nothing to do: a browser or scanner looked at the link ahead of the click.",
        ),
        Self::Fetch(OutboundError::Blocked(_)) | Self::Endpoint(..) => Rule::new(
            "ADDRESS_NOT_ALLOWED",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::ADDRESS_NOT_ALLOWED,
            "The platform names a private or plain-http address. If it runs in your network, allow it: \
             outbound_allow.",
        ),
        Self::Fetch(OutboundError::TooLarge(_)) => Rule::new(
            "CONFIGURATION_TOO_LARGE",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::TOO_LARGE,
            DOCTOR,
        ),
        Self::Fetch(OutboundError::Busy) => Rule {
            status: StatusCode::SERVICE_UNAVAILABLE,
            ..UNREACHABLE
        },
        Self::Fetch(OutboundError::TimedOut | OutboundError::Unreachable(_))
        | Self::FetchStatus(_) => UNREACHABLE,
        Self::NotJson(_) => Rule::new(
            "CONFIGURATION_NOT_JSON",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::NOT_JSON,
            DOCTOR,
        ),
        Self::Configuration(ConfigurationError::IssuerMismatch { .. }) => Rule::new(
            "ISSUER_MISMATCH",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::CONFIGURATION,
            DOCTOR,
        ),
        Self::Configuration(_) => Rule::new(
            "CONFIGURATION_INVALID",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::CONFIGURATION,
            DOCTOR,
        ),
        Self::Request(_) => Rule::new(
            "NOTHING_IN_COMMON",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::NOTHING_IN_COMMON,
            "Compare the tool's messages and services (GET /admin/tool) with what the platform supports (hallpass \
             doctor).",
        ),
        Self::Send(OutboundError::Blocked(_)) => Rule {
            title: texts::TITLE_FAILED,
            says: texts::SEND_BLOCKED,
            ..NOT_ANSWERED
        },
        Self::Send(OutboundError::Busy) => Rule {
            status: StatusCode::SERVICE_UNAVAILABLE,
            ..NOT_ANSWERED
        },
        Self::Send(_) => NOT_ANSWERED,
        Self::Redirected => Rule {
            title: texts::TITLE_FAILED,
            says: texts::REDIRECTED,
            ..NOT_ANSWERED
        },
        Self::Refused { .. } => Rule::new(
            "REGISTRATION_REFUSED",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_FAILED,
            texts::REFUSED,
            "Read what the platform answered, above; most refuse a registration link that was used before, so make a \
             new one.",
        ),
        Self::Answer(_) => Rule::new(
            "REGISTRATION_ANSWER_INVALID",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_LOOK_THERE,
            texts::ANSWER,
            LOOK_THERE,
        ),
        Self::Taken { .. } => Rule::new(
            "PLATFORM_ALREADY_REGISTERED",
            StatusCode::CONFLICT,
            texts::TITLE_NOT_HERE,
            texts::TAKEN,
            "Delete the old registration first (DELETE /admin/platforms/<id>) if it is no longer needed.",
        ),
        Self::Key(_) => Rule::new(
            "KEY_NOT_MADE",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            page::UNAVAILABLE,
            OUR_SIDE,
        ),
        Self::Store(_) => Rule::new(
            "STORE_FAILED",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            page::UNAVAILABLE,
            OUR_SIDE,
        ),
    }
);

impl RegistrationError {
    /// Whether the platform surely saw nothing of it, so that it may be tried again.
    pub fn was_not_sent(&self) -> bool {
        matches!(
            self,
            Self::Key(_) | Self::Send(OutboundError::Blocked(_) | OutboundError::Busy)
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
        let problem = error
            .rule()
            .broken(error.to_string())
            // The administrator may always close the LMS's window.
            .noticed(|notice| notice.closes = true);
        match error.detail() {
            Some(detail) => problem.detailed(detail),
            None => problem,
        }
    }
}
