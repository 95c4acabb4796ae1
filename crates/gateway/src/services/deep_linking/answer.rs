//! The answer to the application: a message and its target, or a form.

use lti::deep_linking::Warning;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::form;
use super::signed::SignedAnswer;

/// A signed message, and where the person's browser must post it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeepLinkingMessage)]
pub(crate) struct MessageAnswer {
    /// The message, for the form field `JWT`.
    message: String,
    /// The address to post the form to.
    target: String,
    /// What was changed, or will not have an effect on this platform.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningAnswer>,
}

/// A form that submits itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeepLinkingForm)]
pub(crate) struct FormAnswer {
    /// HTML to append to the page.
    form: String,
    /// What was changed, or will not have an effect on this platform.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningAnswer>,
}

/// Something the application's developer should know.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeepLinkingWarning)]
pub(super) struct WarningAnswer {
    /// The member, such as `contentItems[0].lineItem`.
    field: String,
    /// What the developer should know about it.
    message: String,
}

impl From<SignedAnswer> for MessageAnswer {
    fn from(signed: SignedAnswer) -> Self {
        Self {
            message: signed.token,
            target: signed.target,
            warnings: warnings(signed.warnings),
        }
    }
}

impl From<SignedAnswer> for FormAnswer {
    fn from(signed: SignedAnswer) -> Self {
        Self {
            form: form(&signed.target, &signed.token),
            warnings: warnings(signed.warnings),
        }
    }
}

fn warnings(warnings: Vec<Warning>) -> Vec<WarningAnswer> {
    let warnings = warnings.into_iter().map(|warning| WarningAnswer {
        message: warning.note.to_string(),
        field: warning.at,
    });
    warnings.collect()
}
