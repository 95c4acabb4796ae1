//! `POST /admin/webhooks/{id}/test`: sends an empty message, to see whether it gets through.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Webhooks;
use super::message::{SentMessage, WebhookMessage};
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::kit::clock::Stopwatch;
use crate::kit::id::new_id;
use crate::web::problem::Problem;

/// The message's type. It is not an event, and no other webhook gets it.
const TYPE: &str = "webhook.test";

/// How the test message was received.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookTrial {
    /// Whether the answer's status was 2xx.
    pub(crate) delivered: bool,
    /// The status; absent if no answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// How long it took.
    pub(crate) millis: u64,
    pub(crate) outcome: &'static str,
    /// Details, such as why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) said: Option<String>,
}

/// Sends a test message.
///
/// It is sent at once and only once, signed like any other, with the type `webhook.test`. The
/// answer says how it was received. Inactive webhooks can be tested, too.
#[utoipa::path(
    post, path = "/admin/webhooks/{id}/test", tag = "Operator: events", operation_id = "testWebhook",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a webhook.")),
    responses(
        (status = 200, description = "How it went.", body = WebhookTrial),
        (status = 404, description = "`WEBHOOK_NOT_FOUND`: the tool has no webhook with this id."),
    ),
)]
pub(crate) async fn test(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<WebhookTrial>, Problem> {
    let webhook = room.of_tool(&tool.id, &id).await?;
    let now = room.clock.now_ms();
    let message = WebhookMessage {
        id: &new_id(now, &room.random),
        kind: TYPE,
        at_ms: now,
        data: Map::from_iter([("webhookId".to_owned(), Value::from(webhook.id.as_str()))]),
    };
    let begun = Stopwatch::start();
    let sent = room.send(&webhook, &message).await?;
    Ok(Json(WebhookTrial {
        delivered: matches!(sent, SentMessage::Delivered(_)),
        status: sent.status(),
        millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        outcome: sent.outcome(),
        said: sent.said(),
    }))
}
