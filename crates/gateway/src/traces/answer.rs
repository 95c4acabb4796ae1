//! A trace as the API and the command line show it. Members that don't apply to an attempt are
//! omitted.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::web::meaning::Meaning;
use crate::web::texts::Text;

/// What happened to one login, launch or registration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Trace {
    /// The reference on the error page, or the launch's id.
    pub(crate) id: String,
    /// The launch this is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) launch_id: Option<String>,
    /// `login`, `launch`, `registration` or `studyreel`.
    pub(crate) kind: String,
    /// `accepted`, `waiting` (for the platform's window to answer) or `failed`.
    pub(crate) outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) at: Option<String>,
    /// The tool's id.
    pub(crate) tool: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<TracedPlatform>,
    /// Where we looked for the platform's keys, if the reason has to do with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_set_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deployment_id: Option<String>,
    /// HTTP status of the answer to a failed attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// How many more failed for this reason in the same minute and were only counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) more: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<TracedReason>,
    /// The issuer sent with the request, if it matched no platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    /// The client id sent with the request, if it matched no platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    /// The key id that the token named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kid: Option<String>,
    /// Which dialect of StudyReel's launch it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dialect: Option<String>,
    /// Such as `LtiResourceLinkRequest`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message_type: Option<String>,
    /// How far the platform's clock was ahead of ours (positive) or behind it, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) skew_seconds: Option<i64>,
    /// The browser's family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) browser: Option<&'static str>,
    /// How the browser was recognised: `cookie`, `partitioned cookie`, `developer cookie`,
    /// `platform storage` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) binding: Option<&'static str>,
    /// Origin of the page that framed the login, if the platform's settings don't allow it to frame
    /// our pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) frame_origin_not_listed: Option<String>,
    /// Where the platform's key came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keys: Option<&'static str>,
    /// Names of the token's claims.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) claims: Vec<String>,
    /// Values of claims that don't identify a person, if the tool's settings keep them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) values: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) registration: Option<TracedRegistration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) login: Option<TracedLogin>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) steps: Vec<TracedStep>,
}

/// The platform as it is now; only its id if it was removed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TracedPlatform {
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
}

/// Why an attempt failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TracedReason {
    /// Stable code, one per rule.
    pub(crate) code: String,
    /// The rule in one sentence.
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) advice: String,
    /// What it means, for the portal.
    #[serde(skip)]
    pub(crate) meaning: Meaning,
    /// The technical cause, if we or the platform caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<String>,
}

/// What a registration asked for, and its result.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TracedRegistration {
    /// `new`, or `update` if the platform was registered before; absent while the registration
    /// waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<&'static str>,
    /// Whether the platform could launch at once; otherwise it had to be activated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) active: Option<bool>,
    /// The scopes that the tool asked for.
    pub(crate) asked: Vec<String>,
    /// The scopes that the platform granted, if it told us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) granted: Option<Vec<String>>,
}

/// The login before a launch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TracedLogin {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) at: Option<String>,
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    /// Whether it started from our page that offers a new window.
    pub(crate) new_window: bool,
    /// How long we took, in microseconds.
    pub(crate) micros: u32,
    /// How long before the launch it started, in milliseconds.
    pub(crate) millis_before: i64,
    /// `true` if it came to the platform's own login address; otherwise absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) platform_url: bool,
}

/// A completed step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TracedStep {
    pub(crate) step: &'static str,
    /// The step in every language, for the portal.
    #[serde(skip)]
    pub(crate) name: Text,
    /// Microseconds after the request arrived.
    pub(crate) micros: u32,
}

/// A page of traces, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TraceList {
    pub(crate) traces: Vec<Trace>,
    /// Send it as `cursor` to get the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}
