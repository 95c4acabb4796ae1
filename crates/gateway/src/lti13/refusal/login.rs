//! Why a login fails: each rule's row, and the answer.

use axum::http::StatusCode;
use lti::login::{LoginError, LoginRequest};
use serde::Serialize;

use super::ours;
use super::protocol::{self, INACTIVE, LINK, UNREGISTERED};
use crate::settings::public_url::PublicUrl;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::rule::{NO_BROWSER, Rule, rules};
use crate::web::texts::launch as texts;
use crate::web::texts::{for_lms, meanings};

/// Why a login fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoginRefusal {
    /// Parameters are missing, repeated or too long.
    #[error(transparent)]
    Parameters(#[from] LoginError),
    /// The POST isn't a form.
    #[error("a login by POST must be a form (application/x-www-form-urlencoded)")]
    NotAForm,
    /// This issuer and client id are not registered here.
    #[error("no platform is registered with issuer {issuer} and client id {client_id}{}", but(nearest.as_deref()))]
    Unregistered {
        /// As sent.
        issuer: String,
        /// As sent, or "(none)".
        client_id: String,
        /// A description of the registration that was probably meant.
        nearest: Option<String>,
    },
    /// Registered, but not activated.
    #[error("platform {0} is registered but not active")]
    Inactive(String),
    /// Several clients with the same issuer, and no client id given.
    #[error("several platforms share the issuer {0}, and the login names no client_id")]
    Ambiguous(String),
    /// The platform's own login address was opened with another issuer or client id. Whose address
    /// it is, and how it differs.
    #[error("the login address belongs to another platform: {0}")]
    OtherPlatform(String),
    /// The target leads elsewhere: where to, as far as we may say.
    #[error("target_link_uri is refused: {0}")]
    Target(String),
}

fn but(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; {nearest}"))
}

rules!(
    LoginRefusal,
    match self {
        Self::NotAForm => Rule::new(
            "UNSUPPORTED_MEDIA_TYPE",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            texts::TITLE_FROM_COURSE,
            texts::INCOMPLETE_LOGIN,
            NO_BROWSER,
        )
        .meaning(meanings::ODD_REQUEST, Remedy::Nothing),
        Self::Unregistered { .. } => Rule::new(
            "PLATFORM_UNREGISTERED",
            StatusCode::BAD_REQUEST,
            texts::TITLE_UNKNOWN_HERE,
            texts::PLATFORM_UNKNOWN,
            "Register the platform with this tool, or compare issuer and client id, character for character, with those of \
             its registration (GET /admin/platforms). If one of the registrations is almost the same, the reason's text \
             names its id and the difference.",
        )
        .meaning(meanings::UNREGISTERED, Remedy::NearestPlatform)
        .telling(UNREGISTERED),
        Self::Inactive(_) => Rule::new(
            "PLATFORM_INACTIVE",
            StatusCode::BAD_REQUEST,
            texts::TITLE_OFF,
            texts::PLATFORM_NOT_ACTIVE,
            INACTIVE,
        )
        .meaning(meanings::INACTIVE, Remedy::Activate)
        .telling(UNREGISTERED),
        Self::Ambiguous(_) => Rule::new(
            "PLATFORM_AMBIGUOUS",
            StatusCode::BAD_REQUEST,
            texts::TITLE_REFUSED,
            texts::AMBIGUOUS,
            "Use the registration's own login URL (/lti/login/<id>) in the platform, or let it send client_id.",
        )
        .meaning(meanings::AMBIGUOUS, Remedy::PlatformSettings)
        .telling("AMBIGUOUS_PLATFORM"),
        Self::OtherPlatform(_) => Rule::new(
            "PLATFORM_OTHER",
            StatusCode::BAD_REQUEST,
            texts::TITLE_REFUSED,
            texts::OTHER_PLATFORM,
            "The login URL belongs to another registration. Compare the tool's login URL in the platform with the \
             one of this registration.",
        )
        .meaning(meanings::OTHER_REGISTRATION, Remedy::ComparePlatform)
        .telling(UNREGISTERED),
        Self::Target(_) => Rule::new(
            "TARGET_NOT_ALLOWED",
            StatusCode::BAD_REQUEST,
            texts::TITLE_REFUSED,
            texts::TARGET,
            LINK,
        )
        .meaning(meanings::OTHER_TARGET, Remedy::Nothing)
        .for_lms(for_lms::ADDRESSES)
        .telling("INVALID_TARGET_LINK_URI"),
    },
    match elsewhere {
        Self::Parameters(error) => protocol::form(*error, texts::INCOMPLETE_LOGIN),
    }
);

/// What the login contained, so that the platform's administrator recognises it.
#[derive(Serialize)]
struct LoginReceived<'a> {
    iss: &'a str,
    login_hint: &'a str,
}

impl LoginRefusal {
    /// The answer to the browser; for a readable request, with its parameters.
    pub(in crate::lti13) fn problem(
        &self,
        request: Option<&LoginRequest>,
        public_url: &PublicUrl,
    ) -> Problem {
        let (rule, text) = (self.rule(), self.to_string());
        let problem = match self {
            Self::NotAForm => return rule.problem().detailed(text),
            Self::Parameters(error) => {
                let problem = rule.problem().because(rule.code, text.as_str());
                ours::naming(problem, *error, public_url).detailed(text)
            }
            Self::Target(_) => {
                let says = texts::TARGET.with("address", public_url.join("/lti/launch"));
                let note = ours::launch_url(public_url);
                rule.broken(text).saying(says).noting(&note)
            }
            _ => rule.broken(text),
        };
        match request {
            Some(request) => problem.with(
                "bodyReceived",
                LoginReceived {
                    iss: &request.issuer,
                    login_hint: &request.login_hint,
                },
            ),
            None => problem,
        }
    }
}
