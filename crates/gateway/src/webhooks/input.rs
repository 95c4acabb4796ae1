//! Checks the input for webhooks.

use axum::http::StatusCode;
use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use crate::events::EventType;
use crate::kit::outbound::Outbound;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

const INVALID_WEBHOOK: ApiRule = ApiRule::new(
    "INVALID_WEBHOOK",
    StatusCode::BAD_REQUEST,
    "Messages can't be sent to this address.",
);

/// Longest address, in bytes.
const LONGEST_URL: usize = 2048;

/// A webhook to create.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// Where to send messages: https, at a public address.
    pub(super) url: String,
    /// Types of the events to send; all of them if left out or empty.
    #[serde(default)]
    pub(super) events: Option<Vec<EventType>>,
    /// Whether to start at once; `true` if left out.
    pub(super) active: Option<bool>,
}

/// What to change; members that are left out stay.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WebhookChange {
    pub(super) url: Option<String>,
    pub(super) events: Option<Vec<EventType>>,
    /// `true` also restarts a webhook that we disabled.
    pub(super) active: Option<bool>,
}

/// Checks an address for messages.
///
/// # Errors
/// 400: messages can't be sent there.
pub(crate) fn address(outbound: &Outbound, text: &str) -> Result<String, Problem> {
    let bad = |what: String| {
        let wrong = WrongMember::new("url", what.clone());
        let problem = INVALID_WEBHOOK.saying(format!("url: {what}"));
        problem.naming(vec![wrong])
    };
    if text.len() > LONGEST_URL {
        return Err(bad(format!("must have at most {LONGEST_URL} characters")));
    }
    let url = Url::parse(text.trim());
    let url =
        url.map_err(|_| bad("must be an address such as https://app.example.com/hooks".into()))?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(bad("must have no user name, password or fragment".into()));
    }
    outbound.permits(&url).map_err(|blocked| {
        bad(format!(
            "{blocked}. The setting outbound_allow can open it."
        ))
    })?;
    Ok(url.into())
}

/// Types in their stored form.
pub(crate) fn types(events: Vec<EventType>) -> String {
    let mut names: Vec<&str> = events.into_iter().map(EventType::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}
