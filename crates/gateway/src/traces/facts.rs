//! What is stored about an attempt: plain facts, nothing personal.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::browser::{Binding, Browser};
use super::claims::ClaimName;
use super::login::Login;
use super::steps::Steps;
use crate::keys::theirs::KeySource;

/// What is stored about an attempt in addition to the columns used to find it. Member names are short, because there is
/// one for each launch.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TraceFacts {
    /// The steps and their times.
    #[serde(rename = "s", default, skip_serializing_if = "Steps::is_empty")]
    pub steps: Steps,
    /// The login before a launch.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// Origin of the page around the login, if it may not frame ours.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub unlisted_origin: Option<String>,
    /// The browser, as identified by its `User-Agent`.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// How it was recognised.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
    /// Where the platform's key came from.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeySource>,
    /// How far the platform's clock was ahead of ours (positive) or behind when the token arrived, in seconds: `iat` −
    /// now.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub skew_seconds: Option<i64>,
    /// Kind of message.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Cow<'static, str>>,
    /// The launch that this trace is about, if this isn't the launch's own trace.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub launch_id: Option<String>,
    /// The dialect of the JSON launch.
    #[serde(rename = "j", default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Cow<'static, str>>,
    /// Names of the claims.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimName>,
    /// Their values as far as they may be shown, if the tool's settings keep them.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Value>,
    /// The issuer in the request, if no platform was found with it.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The client id in the request, if no platform was found with it.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What a registration requested, and its result.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Box<RegistrationFacts>>,
    /// Facts about a failure.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Box<Failure>>,
}

/// The longest trace, in bytes. A longer one is stored without its claims.
const LONGEST: usize = 8192;

impl TraceFacts {
    /// The facts as stored.
    pub fn written(&mut self) -> String {
        // It contains only numbers, texts and lists, so it can always be serialised.
        let text = serde_json::to_string(self).unwrap_or_default();
        if text.len() <= LONGEST {
            return text;
        }
        self.claims.clear();
        self.values = None;
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What is stored about a registration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RegistrationFacts {
    /// The scopes that the tool requested.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// The result; `None` while it is waiting.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub done: Option<RegistrationDone>,
}

/// The result of a registration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RegistrationDone {
    /// Whether the platform was already known.
    #[serde(rename = "u")]
    pub is_update: bool,
    /// Whether it was active immediately.
    #[serde(rename = "a")]
    pub active: bool,
    /// The scopes that the platform granted; `None` if its answer doesn't contain them.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<Vec<String>>,
}

/// What is stored about a failure.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Failure {
    /// HTTP status of the answer.
    #[serde(rename = "s")]
    pub status: u16,
    /// The rule in one sentence.
    #[serde(rename = "t")]
    pub text: String,
    /// The technical cause, if it was our fault or the platform's.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The key id in the token.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// How many more failed for this reason in that minute and were only counted; then this trace represents all of
    /// them.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub more: Option<u64>,
}
