//! The explanation of each rule that a registration can break: one row per rule.

use axum::http::StatusCode;
use lti::registration::ConfigurationError;

use super::refusal::RegistrationError;
use crate::kit::outbound::OutboundError;
use crate::launch::handoff;
use crate::web::meaning::Remedy;
use crate::web::rule::{OUR_SIDE, Rule, rules};
use crate::web::texts::{for_lms, meanings};
use crate::web::texts::{page, registration as texts};

const SWITCHED_OFF: &str = "While registration.enabled is off, no one can register, even with an invitation. If only registration.open is off, \
     give the administrator an invitation link (POST /admin/invites). PATCH /admin/tool changes either.";
const START_AGAIN: &str = "Start the registration again in the platform: this one is over, or its page was opened from elsewhere.";
const DOCTOR: &str =
    "Run hallpass doctor with the platform's configuration address: it says what is wrong there.";
const LOOK_THERE: &str = "Look for the tool in the platform and delete it there, since it may have been stored; then register again.";
const ADDRESS_NOT_ALLOWED: Rule = Rule::new(
    "ADDRESS_NOT_ALLOWED",
    StatusCode::BAD_REQUEST,
    texts::TITLE_FAILED,
    texts::ADDRESS_NOT_ALLOWED,
    "The platform names a private or plain-http address. If it runs in your network, allow it: \
     outbound_allow.",
)
.meaning(meanings::ADDRESS_BLOCKED, Remedy::Nothing)
.for_lms(for_lms::OPERATOR);
const UNREACHABLE: Rule = Rule::new(
    "CONFIGURATION_UNREACHABLE",
    StatusCode::BAD_GATEWAY,
    texts::TITLE_FAILED,
    texts::UNREADABLE,
    DOCTOR,
)
.meaning(meanings::CONFIGURATION_UNREAD, Remedy::Nothing)
.for_lms(for_lms::REACHABLE);
const NOT_ANSWERED: Rule = Rule::new(
    "REGISTRATION_NOT_ANSWERED",
    StatusCode::BAD_GATEWAY,
    texts::TITLE_LOOK_THERE,
    texts::NO_ANSWER,
    LOOK_THERE,
)
.meaning(meanings::LMS_SILENT, Remedy::Nothing)
.for_lms(for_lms::LOOK_THERE);

rules!(
    RegistrationError,
    match self {
        Self::Disabled => Rule::new(
            "DYNAMIC_REGISTRATION_DISABLED",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_HERE,
            texts::DISABLED,
            SWITCHED_OFF,
        )
        .meaning(meanings::REGISTRATION_OFF, Remedy::ToolSettings),
        Self::NotOpen => Rule::new(
            "DYNAMIC_REGISTRATION_DISABLED",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_HERE,
            texts::NOT_OPEN,
            SWITCHED_OFF,
        )
        .meaning(meanings::REGISTRATION_OFF, Remedy::ToolSettings),
        Self::NotReady => Rule::new(
            "LAUNCH_URL_NOT_SET",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_NOT_HERE,
            texts::NOT_READY,
            handoff::NO_LAUNCH_URL.advice,
        )
        .meaning(meanings::NO_LAUNCH_URL, Remedy::ToolSettings),
        Self::InviteUsed => Rule::new(
            "INVITE_NOT_VALID",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_HERE,
            texts::INVITE_USED,
            "Make a new invitation link (POST /admin/invites).",
        )
        .meaning(meanings::INVITATION_OVER, Remedy::Nothing)
        .for_lms(for_lms::REGISTER_AGAIN),
        Self::InviteUnknown(_) => Rule::new(
            "INVITE_UNKNOWN",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_HERE,
            texts::INVITE_UNKNOWN,
            "Give the administrator the whole link of an invitation (POST /admin/invites), or, where registration is open, the \
             address without a code.",
        )
        .meaning(meanings::INVITATION_UNKNOWN, Remedy::Nothing)
        .for_lms(for_lms::START_AGAIN)
        .telling("INVITE_NOT_VALID"),
        Self::NotWaiting => Rule::new(
            "REGISTRATION_NOT_FOUND",
            StatusCode::NOT_FOUND,
            texts::TITLE_FAILED,
            texts::NOT_WAITING,
            START_AGAIN,
        )
        .meaning(meanings::REGISTRATION_OVER, Remedy::Nothing)
        .for_lms(for_lms::START_AGAIN),
        Self::Forged => Rule::new(
            "CONFIRMATION_REFUSED",
            StatusCode::FORBIDDEN,
            texts::TITLE_FAILED,
            texts::FORGED,
            START_AGAIN,
        )
        .meaning(meanings::REGISTRATION_OVER, Remedy::Nothing)
        .for_lms(for_lms::START_AGAIN),
        Self::NoApprovalPage => Rule::new(
            "PRE_APPROVAL_URL_NOT_SET",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_NOT_HERE,
            texts::NO_APPROVAL_PAGE,
            "Set registration.preApproval.url, the tool's own page (PATCH /admin/tool).",
        )
        .meaning(meanings::NO_APPROVAL_PAGE, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR),
        Self::ByHand(_) => Rule::new(
            "REGISTRATION_OPENED_BY_HAND",
            StatusCode::BAD_REQUEST,
            texts::TITLE_BY_HAND,
            texts::BY_HAND,
            "Nothing to do: someone opened the address in a browser. It belongs in the platform's administration.",
        )
        .meaning(meanings::REGISTRATION_CUT, Remedy::Nothing)
        .for_lms(for_lms::START_AGAIN)
        .telling("INVALID_REGISTRATION_PARAMETER"),
        Self::Parameter(_) => Rule::new(
            "INVALID_REGISTRATION_PARAMETER",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::PARAMETER,
            "Start the registration from the platform's administration, with the whole address it makes.",
        )
        .meaning(meanings::REGISTRATION_CUT, Remedy::Nothing)
        .for_lms(for_lms::START_AGAIN),
        Self::Prefetch => Rule::new(
            "PREFETCH_REFUSED",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::PREFETCH,
            "Nothing to do: a browser or scanner looked at the link ahead of the click.",
        )
        .meaning(meanings::PREFETCHED, Remedy::Nothing)
        .for_lms(for_lms::START_AGAIN),
        Self::Fetch(OutboundError::Blocked(_)) | Self::Endpoint(..) => ADDRESS_NOT_ALLOWED,
        // What strangers see is that of `UNREACHABLE`.
        Self::LeadsInside(_) => Rule {
            status: UNREACHABLE.status,
            told: UNREACHABLE.code,
            page: UNREACHABLE.page,
            ..ADDRESS_NOT_ALLOWED
        },
        Self::Fetch(OutboundError::TooLarge(_)) => Rule::new(
            "CONFIGURATION_TOO_LARGE",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::TOO_LARGE,
            DOCTOR,
        )
        .meaning(meanings::CONFIGURATION_WRONG, Remedy::Nothing)
        .for_lms(for_lms::VENDOR),
        Self::Busy | Self::Fetch(OutboundError::Busy) => Rule::new(
            "REGISTRATIONS_BUSY",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            texts::BUSY,
            "This is on our side: the platform was not asked. So many registrations were asking slow platforms that this \
             one had no turn within 5 seconds, or that too many were waiting already; one network address has two turns at \
             a time. Trying again is enough. Invitation links (POST /admin/invites) have turns of their own.",
        )
        .meaning(meanings::OUR_SIDE, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR),
        Self::Fetch(
            OutboundError::TimedOut
            | OutboundError::NotConnected(_)
            | OutboundError::Unreachable(_),
        )
        | Self::FetchStatus(_) => UNREACHABLE,
        Self::NotJson(_) => Rule::new(
            "CONFIGURATION_NOT_JSON",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::NOT_JSON,
            DOCTOR,
        )
        .meaning(meanings::CONFIGURATION_WRONG, Remedy::Nothing)
        .for_lms(for_lms::VENDOR),
        Self::Configuration(ConfigurationError::IssuerMismatch { .. }) => Rule::new(
            "ISSUER_MISMATCH",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::CONFIGURATION,
            DOCTOR,
        )
        .meaning(meanings::CONFIGURATION_WRONG, Remedy::Nothing)
        .for_lms(for_lms::VENDOR),
        Self::Configuration(_) | Self::ForeignTokens(_) => Rule::new(
            "CONFIGURATION_INVALID",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::CONFIGURATION,
            DOCTOR,
        )
        .meaning(meanings::CONFIGURATION_WRONG, Remedy::Nothing)
        .for_lms(for_lms::VENDOR),
        Self::Request(_) => Rule::new(
            "NOTHING_IN_COMMON",
            StatusCode::BAD_REQUEST,
            texts::TITLE_FAILED,
            texts::NOTHING_IN_COMMON,
            "Compare the tool's messages and services (GET /admin/tool) with what the platform supports (hallpass \
             doctor).",
        )
        .meaning(meanings::NOTHING_IN_COMMON, Remedy::ToolSettings),
        // Nothing was sent, for whichever reason: see `LeadsInside`.
        Self::Send(OutboundError::Blocked(_) | OutboundError::NotConnected(_)) => Rule::new(
            "REGISTRATION_NOT_SENT",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_FAILED,
            texts::NOT_SENT,
            "Nothing was sent, so nothing has to be deleted in the platform. Look whether its registration address can be \
             reached from this server (hallpass doctor), and whether outbound_allow must name it; then the registration has \
             to be started again there.",
        )
        .meaning(meanings::LMS_NOT_REACHED, Remedy::Nothing)
        .for_lms(for_lms::REACHABLE)
        .telling(NOT_ANSWERED.code),
        Self::Redirected => Rule::new(
            "REGISTRATION_REDIRECTED",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_FAILED,
            texts::REDIRECTED,
            "The platform's registration address answers with another address, which is not followed. Often the platform \
             gives its address without www or with http: whoever runs it has to set the address that it is really served at, \
             and start the registration again.",
        )
        .meaning(meanings::LMS_ANSWER_ODD, Remedy::Nothing)
        .for_lms(for_lms::REACHABLE)
        .telling(NOT_ANSWERED.code),
        Self::Refused { .. } => Rule::new(
            "REGISTRATION_REFUSED",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_FAILED,
            texts::REFUSED,
            "Read what the platform answered, if it did. Most platforms take each registration once: its administrator has to \
             start it again there, on the page where the tool's address is entered.",
        )
        .meaning(meanings::LMS_REFUSED, Remedy::Nothing)
        .for_lms(for_lms::FAILED_THERE),
        Self::Answer(_) | Self::Send(OutboundError::TooLarge(_)) => Rule::new(
            "REGISTRATION_ANSWER_INVALID",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_LOOK_THERE,
            texts::ANSWER,
            LOOK_THERE,
        )
        .meaning(meanings::LMS_ANSWER_ODD, Remedy::Nothing)
        .for_lms(for_lms::VENDOR),
        Self::Send(_) => NOT_ANSWERED,
        Self::Taken { .. } | Self::Alike { .. } => Rule::new(
            "PLATFORM_ALREADY_REGISTERED",
            StatusCode::CONFLICT,
            texts::TITLE_NOT_HERE,
            texts::TAKEN,
            "If it is another installation with the same issuer and client id, as self-hosted Canvas installations are, give it \
             a further developer key, which has another client id, or an issuer of its own (lti_iss in its \
             config/security.yml). Only if the registered one is no longer needed, delete it (DELETE /admin/platforms/<id>).",
        )
        .meaning(meanings::ALREADY_REGISTERED, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR),
        Self::Key(_) => Rule::new(
            "KEY_NOT_MADE",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            page::UNAVAILABLE,
            OUR_SIDE,
        )
        .meaning(meanings::OUR_SIDE, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR),
        Self::Store(_) => Rule::new(
            "STORE_FAILED",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            page::UNAVAILABLE,
            OUR_SIDE,
        )
        .meaning(meanings::OUR_SIDE, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR),
    }
);
