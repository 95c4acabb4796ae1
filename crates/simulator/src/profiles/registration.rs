//! How tools get in.

use axum::http::StatusCode;
use serde_json::Value;

use super::endpoints::Endpoints;
use crate::tool::{Tool, ToolFacts};

/// How a tool gets in.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationStyle {
    /// Makes the openid-configuration document.
    pub configuration: fn(&Endpoints) -> Value,
    /// Where the one-time secret travels.
    pub token_place: TokenPlace,
    /// Parameters without which the configuration is refused: `key`, `clientId`, `issuerURL`, `deploymentId`.
    pub configuration_parameters: &'static [&'static str],
    /// Whether the configuration can be fetched only once for each registration.
    pub configuration_once: bool,
    /// How long the secret lives.
    pub token_seconds: i64,
    /// Checks a registration request as this vendor does, beside the tools that are there already.
    pub check: fn(&Value, &[Tool]) -> Result<(), Refusal>,
    /// The refusal for a secret that is not there or not good.
    pub refuse_token: fn(TokenProblem) -> Refusal,
    /// Reads the request into a tool; ids are filled in by the platform.
    pub read: fn(&Value) -> ToolFacts,
    /// The answer to the tool.
    pub answer: fn(&Tool, &Value) -> Value,
    /// The status of a good answer.
    pub status: StatusCode,
    /// Makes a client id.
    pub client_id: fn() -> String,
    /// Makes the deployment id of the tool of this number.
    pub deployment_id: fn(usize) -> String,
    /// Whether a tool can be launched before an administrator switches it on.
    pub active_at_once: bool,
}

/// Where the registration's one-time secret travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// As `registration_token`.
    Parameter,
    /// As `registration_token`, and in the query of the configuration URL, which is refused without.
    ParameterAndConfiguration,
    /// Only in the query of the configuration URL, under this name; the registration endpoint in the document carries
    /// it on.
    Configuration(&'static str),
}

/// What can be wrong with a registration's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// None was sent, or not as `Bearer`.
    Missing,
    /// It was not made here.
    Unknown,
    /// Too old.
    Expired,
    /// A registration was made with it already.
    Used,
}

/// A refusal in the vendor's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the vendor's server answers with, fitting or not.
    pub status: StatusCode,
    /// JSON, HTML or plain text, as the vendor has it.
    pub content_type: &'static str,
    /// Word for word, as far as it is known.
    pub body: String,
}
