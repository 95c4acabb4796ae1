//! How tools register.

use axum::http::StatusCode;
use serde_json::Value;

use super::endpoints::Endpoints;
use crate::tool::{Tool, ToolFacts};

/// How a tool registers.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationStyle {
    /// Builds the openid-configuration document.
    pub configuration: fn(&Endpoints) -> Value,
    /// Where the one-time secret is sent.
    pub token_place: TokenPlace,
    /// Parameters that the configuration requires: `key`, `clientId`, `issuerURL`, `deploymentId`.
    pub configuration_parameters: &'static [&'static str],
    /// Whether the configuration can be fetched only once per registration.
    pub configuration_once: bool,
    /// The lifetime of the secret, in seconds.
    pub token_seconds: i64,
    /// Checks a registration request as this vendor does, given the existing tools.
    pub check: fn(&Value, &[Tool]) -> Result<(), Refusal>,
    /// The refusal of a missing or invalid secret.
    pub refuse_token: fn(TokenProblem) -> Refusal,
    /// Reads the request into a tool; the platform fills in the ids.
    pub read: fn(&Value) -> ToolFacts,
    /// The answer to the tool.
    pub answer: fn(&Tool, &Value) -> Value,
    /// The status of a successful answer.
    pub status: StatusCode,
    /// Creates a client id.
    pub client_id: fn() -> String,
    /// Creates the deployment id for the tool with this number.
    pub deployment_id: fn(usize) -> String,
    /// Whether a tool can be launched before an administrator activates it.
    pub active_at_once: bool,
}

/// Where the registration's one-time secret is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// As `registration_token`.
    Parameter,
    /// As `registration_token`, and in the query of the configuration URL, which requires it.
    ParameterAndConfiguration,
    /// Only in the query of the configuration URL, under this name; the document's registration
    /// endpoint passes it on.
    Configuration(&'static str),
}

/// What can be wrong with a registration's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// None was sent, or not as `Bearer`.
    Missing,
    /// It was not issued here.
    Unknown,
    /// Too old.
    Expired,
    /// It was already used for a registration.
    Used,
}

/// A refusal in the vendor's wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status that the vendor's server sends, suitable or not.
    pub status: StatusCode,
    /// JSON, HTML or plain text, as with the vendor.
    pub content_type: &'static str,
    /// Word for word, as far as known.
    pub body: String,
}
