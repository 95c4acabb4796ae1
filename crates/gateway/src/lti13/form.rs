//! The form that a platform posts back. It could come from anyone.

use axum::body::Bytes;
use axum::http::HeaderMap;
use lti::login::{LaunchForm, PlatformError};
use utoipa::ToSchema;

use super::refusal::LaunchRefusal;
use crate::kit::media_type;
use crate::web::form;

/// A launch as posted. Nothing in it is verified.
#[derive(ToSchema)]
#[schema(as = LaunchForm)]
pub(super) struct Form {
    /// The launch, as a JWT signed by the platform.
    pub(super) id_token: String,
    /// Our own state, sealed at the login.
    pub(super) state: String,
    /// The frame for platform storage, if the platform repeats it.
    #[schema(rename = "lti_storage_target")]
    pub(super) storage_target: Option<String>,
}

/// What platforms post to the launch address.
pub(super) enum Posted {
    /// A token to verify, with the state of its login.
    Launch(Form),
    /// The platform's error, with the state of the login that it ends.
    Error(PlatformError, String),
}

impl Posted {
    /// Reads a request to the launch address.
    ///
    /// # Errors
    /// It is not a form, or not one that a platform would send here.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Result<Self, LaunchRefusal> {
        if !media_type::is(headers, media_type::FORM) {
            return Err(LaunchRefusal::NotAForm);
        }
        let text = form::text_of(body);
        LaunchForm::from_pairs(form::pairs(&text))
            .map(Self::from)
            .map_err(LaunchRefusal::from)
    }
}

impl From<LaunchForm> for Posted {
    fn from(form: LaunchForm) -> Self {
        match form {
            LaunchForm::Token {
                id_token,
                state,
                storage_target,
            } => Self::Launch(Form {
                id_token,
                state,
                storage_target,
            }),
            LaunchForm::Error { error, state } => Self::Error(error, state),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::CONTENT_TYPE;

    use super::*;

    fn read(media_type: &'static str, body: &'static str) -> Result<Posted, LaunchRefusal> {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]);
        Posted::read(&headers, &Bytes::from_static(body.as_bytes()))
    }

    const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

    #[test]
    fn a_launch_is_a_token_and_a_state() {
        let posted = read(
            FORM,
            "id_token=a.b.c&state=s%2B&lti_storage_target=_parent&x=1",
        );
        let Ok(Posted::Launch(form)) = posted else {
            panic!("no launch");
        };
        assert_eq!((&*form.id_token, &*form.state), ("a.b.c", "s+"));
        assert_eq!(form.storage_target.as_deref(), Some("_parent"));
    }

    #[test]
    fn a_platform_can_say_no() {
        let posted = read(FORM, "error=login_required&state=s");
        assert!(matches!(posted, Ok(Posted::Error(_, state)) if state == "s"));
    }

    #[test]
    fn anything_else_is_refused() {
        let refused = read("application/json", "id_token=a.b.c&state=s");
        assert!(matches!(refused, Err(LaunchRefusal::NotAForm)));
        for body in [
            "",
            "id_token=a.b.c",
            "state=s",
            "id_token=a&id_token=b&state=s",
        ] {
            let refused = read(FORM, body);
            assert!(matches!(refused, Err(LaunchRefusal::Form(_))), "{body}");
        }
    }
}
