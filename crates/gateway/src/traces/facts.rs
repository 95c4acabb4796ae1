//! What is stored about an attempt: plain facts, nothing personal.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::browser::{Binding, Browser};
use super::claims::ClaimName;
use super::login::Login;
use super::steps::Steps;
use crate::keys::theirs::KeySource;

/// What is stored about an attempt, besides the columns it is found by. Member names are short,
/// because every launch has one of these.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TraceFacts {
    /// What was done, and when.
    #[serde(rename = "s", default, skip_serializing_if = "Steps::is_empty")]
    pub steps: Steps,
    /// The login before a launch.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// Origin of the page that framed the login, if it may not frame our pages.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub unlisted_origin: Option<String>,
    /// The browser, as far as its `User-Agent` tells.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// How it was recognised.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
    /// Where the platform's key came from.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeySource>,
    /// How far the platform's clock was ahead of ours (positive) or behind it when the token
    /// arrived, in seconds: `iat` − now.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub skew_seconds: Option<i64>,
    /// The message's type.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Cow<'static, str>>,
    /// The launch that this is about, unless it is the launch's own trace.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub launch_id: Option<String>,
    /// Which dialect of the JSON launch it was.
    #[serde(rename = "j", default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Cow<'static, str>>,
    /// Names of the claims.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimName>,
    /// Their values, as far as they may be shown and if the tool wants them.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Value>,
    /// Issuer named in the request, if it matched no platform.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Client id named in the request, if it matched no platform.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What a registration asked for, and its result.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Box<RegistrationFacts>>,
    /// Only for failures.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Box<Failure>>,
}

/// Longest trace, in bytes. A longer one is stored without its claims.
const LONGEST_TRACE: usize = 8192;

impl TraceFacts {
    /// The stored form.
    pub fn written(&mut self) -> String {
        // Only numbers, texts and lists, so serialising can't fail.
        let text = serde_json::to_string(self).unwrap_or_default();
        if text.len() <= LONGEST_TRACE {
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
    /// The scopes that the tool asked for.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// Its result; `None` while it waits.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub done: Option<RegistrationDone>,
}

/// The result of a registration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RegistrationDone {
    /// Whether the platform was registered before.
    #[serde(rename = "u")]
    pub is_update: bool,
    /// Whether it could launch at once.
    #[serde(rename = "a")]
    pub active: bool,
    /// The scopes it granted; `None` if the platform doesn't say.
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
    /// The technical cause, if we or the platform caused it.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Key id named in the token.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Where we looked for the platform's keys, if the reason has to do with them.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub key_set: Option<String>,
    /// How many more failed for this reason in that minute and were only counted. Such a trace
    /// stands for all of them.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub more: Option<u64>,
}
