//! The platform's answer to a registration (D.4).

use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::claims::name::TOOL_CONFIGURATION;
use crate::claims::strict::is_id;
use crate::json::{self, JsonError};

/// Why an answer is not a registration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Not an acceptable JSON object.
    #[error("the platform's answer cannot be read: {0}")]
    Json(#[from] JsonError),
    /// No client id (D-31).
    #[error("the platform's answer has no usable client_id")]
    NoClientId,
    /// A deployment id that is neither text nor a whole number, or too long.
    #[error("the platform's answer has a deployment_id that cannot be used")]
    BadDeploymentId,
}

/// Text that must not be shown: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the secret text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// What the platform granted. Getting less than was requested is normal (D-33).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistrationAnswer {
    /// The client id; a number becomes its decimal text.
    pub client_id: String,
    /// The deployment, from the tool configuration or the top level. It is often absent (D-32).
    pub deployment_id: Option<String>,
    /// The granted scopes, or `None` if the answer does not say. Moodle lists more than it grants.
    pub scopes: Option<Vec<String>>,
    /// The granted claims; `None` if the answer does not say.
    pub claims: Option<Vec<String>>,
    /// The names of the registered message types; `None` if the answer does not say.
    pub messages: Option<Vec<String>>,
    /// Where to read and change the registration.
    pub registration_client_uri: Option<String>,
    /// The token for `registration_client_uri`. Canvas sends none and expects an ordinary access
    /// token instead (D-61).
    pub registration_access_token: Option<Secret>,
}

/// Members whose exact text matters, because a long decimal number must not pass through a double.
#[derive(Deserialize)]
struct Exact<'a> {
    #[serde(borrow, default)]
    client_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deployment_id: Option<&'a RawValue>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti-tool-configuration"
    )]
    tool: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ExactTool<'a> {
    #[serde(borrow, default)]
    deployment_id: Option<&'a RawValue>,
}

impl RegistrationAnswer {
    /// Reads the body of a successful answer, with status 200 or 201 (D-30 to D-33).
    ///
    /// # Errors
    ///
    /// [`AnswerError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        let document: Map<String, Value> = json::object(bytes)?;
        let text = json::check(bytes)?;
        let exact: Exact<'_> =
            serde_json::from_str(&text).map_err(|error| JsonError::Shape(error.to_string()))?;
        let exact_tool = exact
            .tool
            .filter(|tool| tool.get().starts_with('{'))
            .and_then(|tool| serde_json::from_str::<ExactTool<'_>>(tool.get()).ok());

        let client_id = exact
            .client_id
            .and_then(identifier)
            .ok_or(AnswerError::NoClientId)?;
        let deployment_id = exact_tool
            .and_then(|tool| tool.deployment_id)
            .filter(|id| id.get() != "\"\"")
            .or(exact.deployment_id)
            .filter(|id| id.get() != "\"\"")
            .map(|id| identifier(id).ok_or(AnswerError::BadDeploymentId))
            .transpose()?;

        let tool = document.get(TOOL_CONFIGURATION);
        let member = |name: &str| tool.and_then(|tool| tool.get(name));
        let text = |name: &str| {
            let text = document.get(name)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        Ok(Self {
            client_id,
            deployment_id,
            scopes: document.get("scope").and_then(|scope| match scope {
                Value::String(text) => {
                    Some(text.split_ascii_whitespace().map(str::to_owned).collect())
                }
                other => texts(other),
            }),
            claims: member("claims").and_then(texts),
            messages: member("messages").and_then(Value::as_array).map(|list| {
                list.iter()
                    .filter_map(|message| message.get("type").unwrap_or(message).as_str())
                    .map(str::to_owned)
                    .collect()
            }),
            registration_client_uri: text("registration_client_uri"),
            registration_access_token: text("registration_access_token").map(Secret),
        })
    }
}

/// A JSON string, or the digits of a whole number.
fn identifier(raw: &RawValue) -> Option<String> {
    let raw = raw.get();
    let text = if raw.bytes().all(|byte| byte.is_ascii_digit()) {
        raw.to_owned()
    } else {
        serde_json::from_str::<String>(raw).ok()?
    };
    is_id(&text).then_some(text)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    Some(
        value
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    )
}
