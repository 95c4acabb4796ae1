//! The platform's answer if it does not log a person in (A.4).

use super::clean;

/// An error response from the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlatformError {
    /// The error code.
    pub code: PlatformErrorCode,
    /// The platform's own description, without control characters, truncated to 500 characters. It
    /// is for the log; escape it before showing it on a page.
    pub description: Option<String>,
}

impl PlatformError {
    /// Reads the `error` and `error_description` parameters.
    #[must_use]
    pub fn new(error: &str, description: Option<&str>) -> Self {
        Self {
            code: PlatformErrorCode::from_name(error),
            description: description.map(|text| clean(text, 500)),
        }
    }
}

/// The error codes that platforms send; [`Self::Other`] keeps unknown ones for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant is the OAuth or OpenID code of its name"
)]
#[non_exhaustive]
pub enum PlatformErrorCode {
    LoginRequired,
    InteractionRequired,
    ConsentRequired,
    AccountSelectionRequired,
    InvalidRequest,
    InvalidScope,
    UnauthorizedClient,
    UnsupportedResponseType,
    AccessDenied,
    ServerError,
    TemporarilyUnavailable,
    InvalidRequestObject,
    /// Canvas: the launch was already used; the person has to start again in the course.
    LaunchNoLongerValid,
    Other(String),
}

impl PlatformErrorCode {
    pub(super) const KNOWN: [(&'static str, Self); 13] = [
        ("login_required", Self::LoginRequired),
        ("interaction_required", Self::InteractionRequired),
        ("consent_required", Self::ConsentRequired),
        ("account_selection_required", Self::AccountSelectionRequired),
        ("invalid_request", Self::InvalidRequest),
        ("invalid_scope", Self::InvalidScope),
        ("unauthorized_client", Self::UnauthorizedClient),
        ("unsupported_response_type", Self::UnsupportedResponseType),
        ("access_denied", Self::AccessDenied),
        ("server_error", Self::ServerError),
        ("temporarily_unavailable", Self::TemporarilyUnavailable),
        ("invalid_request_object", Self::InvalidRequestObject),
        ("launch_no_longer_valid", Self::LaunchNoLongerValid),
    ];

    /// The code with this name. An unknown one is kept, cleaned and truncated to 100 characters.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Self::Other(clean(name, 100)), |(_, code)| code)
    }

    /// The code as the platform spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => Self::KNOWN
                .iter()
                .find(|(_, code)| code == known)
                .map_or("", |(name, _)| name),
        }
    }

    /// Whether the error is about the request, and so about the tool's settings, rather than about
    /// the person. Only then may its description be logged (I-60).
    #[must_use]
    pub const fn is_about_the_request(&self) -> bool {
        matches!(
            self,
            Self::InvalidRequest
                | Self::InvalidScope
                | Self::UnauthorizedClient
                | Self::UnsupportedResponseType
                | Self::InvalidRequestObject
        )
    }

    /// Whether opening the link in a new window may help: the platform did not get its own cookies
    /// in the frame, or needs to interact with the person.
    #[must_use]
    pub const fn suggests_new_window(&self) -> bool {
        matches!(
            self,
            Self::LoginRequired
                | Self::InteractionRequired
                | Self::ConsentRequired
                | Self::AccountSelectionRequired
        )
    }
}
