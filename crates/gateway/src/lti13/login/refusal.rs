//! Why a login goes no further.

use axum::http::StatusCode;
use lti::login::{LoginError, LoginRequest};
use serde_json::json;

use crate::web::problem::Problem;
use crate::web::texts::launch as texts;

/// Why a login goes no further.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoginRefusal {
    /// Parameters are missing, doubled or too long.
    #[error(transparent)]
    Parameters(#[from] LoginError),
    /// A POST that isn't a form.
    #[error("a login by POST must be a form (application/x-www-form-urlencoded)")]
    NotAForm,
    /// Nobody registered this issuer and client id here.
    #[error("no platform is registered with issuer {issuer} and client id {client_id}")]
    Unregistered {
        /// As sent.
        issuer: String,
        /// As sent, or "(none)".
        client_id: String,
    },
    /// Registered, but not activated.
    #[error("platform {0} is registered but not active")]
    Inactive(String),
    /// Several clients of one issuer and none named.
    #[error("several platforms share the issuer {0}, and the login names no client_id")]
    Ambiguous(String),
    /// The platform's own login address was opened with another issuer or client id.
    #[error("the login address belongs to platform {0}, but the parameters name another")]
    OtherPlatform(String),
    /// The target leads elsewhere.
    #[error("target_link_uri is refused: {0}")]
    Target(String),
}

impl LoginRefusal {
    pub(super) fn problem(self, request: Option<&LoginRequest>) -> Problem {
        let text = self.to_string();
        let (code, reason, title, says) = match self {
            Self::Parameters(error) => {
                let status =
                    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
                let title = texts::TITLE_FROM_COURSE;
                return Problem::page(status, error.code(), title, texts::INCOMPLETE_LOGIN)
                    .detailed(&text)
                    .because(error.code(), text);
            }
            Self::NotAForm => {
                return Problem::page(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "UNSUPPORTED_MEDIA_TYPE",
                    texts::TITLE_FROM_COURSE,
                    texts::INCOMPLETE_LOGIN,
                )
                .detailed(text);
            }
            Self::Unregistered { .. } => (
                UNREGISTERED,
                "PLATFORM_UNREGISTERED",
                texts::TITLE_NOT_ACTIVE,
                texts::PLATFORM_NOT_READY,
            ),
            Self::Inactive(_) => (
                UNREGISTERED,
                "PLATFORM_INACTIVE",
                texts::TITLE_NOT_ACTIVE,
                texts::PLATFORM_NOT_READY,
            ),
            Self::Ambiguous(_) => (
                "AMBIGUOUS_PLATFORM",
                "PLATFORM_AMBIGUOUS",
                texts::TITLE_REFUSED,
                texts::AMBIGUOUS,
            ),
            Self::OtherPlatform(_) => (
                UNREGISTERED,
                "PLATFORM_OTHER",
                texts::TITLE_REFUSED,
                texts::OTHER_PLATFORM,
            ),
            Self::Target(_) => (
                "INVALID_TARGET_LINK_URI",
                "TARGET_NOT_ALLOWED",
                texts::TITLE_REFUSED,
                texts::TARGET,
            ),
        };
        let problem =
            Problem::page(StatusCode::BAD_REQUEST, code, title, says).because(reason, text);
        match request {
            Some(request) => problem.with(
                "bodyReceived",
                json!({"iss": request.issuer, "login_hint": request.login_hint}),
            ),
            None => problem,
        }
    }
}

const UNREGISTERED: &str = "UNREGISTERED_OR_INACTIVE_PLATFORM";
