//! `GET /admin/webhooks/{id}/deliveries`: what was sent, and how each attempt went.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde::Serialize;
use store::StoreError;
use store::jobs::{self, JobRow};
use utoipa::ToSchema;

use super::{KIND, Webhooks};
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::jobs::{JobAttempt, history};
use crate::kit::clock::iso;
use crate::kit::id::is_id;
use crate::web::paging::{self, PageParameters, cut};
use crate::web::problem::Problem;

/// Sorts after every id.
const END: &str = "~";

/// A message to a webhook.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookDelivery {
    /// Id of the event, which is the message's `webhook-id`.
    pub(crate) event: String,
    /// `queued`, `sending`, `delivered`, `refused` (another attempt would be useless) or `expired`
    /// (attempts failed for too long).
    pub(crate) state: &'static str,
    /// Why it was refused: `GONE`, `ABORTED`, `WEBHOOK_INACTIVE`, `WEBHOOK_DELETED`, `EVENT_GONE`,
    /// `NOT_READABLE` (sealed with a key we no longer have); or `GAVE_UP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[schema(format = DateTime)]
    pub(crate) created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) ended_at: Option<String>,
    /// Only present while it is queued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) next_attempt_at: Option<String>,
    /// The latest attempts, at most 30.
    pub(crate) attempts: Vec<JobAttempt>,
}

/// A page of messages.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookDeliveryList {
    pub(crate) deliveries: Vec<WebhookDelivery>,
    /// `cursor` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}

/// Lists what was sent to a webhook, and how each attempt went.
///
/// Messages about the newest events come first. They are shown for eight days after they ended.
#[utoipa::path(
    get, path = "/admin/webhooks/{id}/deliveries", tag = "Operator: events", operation_id = "listWebhookDeliveries",
    security(("apiKey" = ["manage", "read"])),
    params(
        ("id" = String, Path, description = "Id of a webhook."),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of messages.", body = WebhookDeliveryList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
        (status = 404, description = "`WEBHOOK_NOT_FOUND`: the tool has no webhook with this id."),
    ),
)]
pub(crate) async fn list(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<WebhookDeliveryList>, Problem> {
    let (mut limit, mut before) = (paging::PAGE_SIZE, END.to_owned());
    for (name, value) in paging::parameters(&query.unwrap_or_default()) {
        match &*name {
            "limit" => limit = paging::limit(&value)?,
            "cursor" if is_id(&value) => before = value.into_owned(),
            "cursor" => return Err(paging::wrong("cursor", "must be a nextCursor")),
            name => return Err(paging::wrong(name, "is not one of limit, cursor")),
        }
    }
    let webhook = room.of_tool(&tool.id, &id).await?;
    let mut reader = room.db.read().await?;
    let (tx, most) = (&mut reader.tx(), limit + 1);
    let mut found = jobs::of_share(tx, KIND, webhook.id, before, most).await?;
    drop(reader);
    let next_cursor = cut(&mut found, limit, |last| last.subject.clone());
    let shown = found.into_iter().map(|row| room.shown(row));
    Ok(Json(WebhookDeliveryList {
        deliveries: shown.collect::<Result<_, _>>()?,
        next_cursor,
    }))
}

impl Webhooks {
    fn shown(&self, row: JobRow) -> Result<WebhookDelivery, StoreError> {
        let is_queued = row.state == "queued";
        Ok(WebhookDelivery {
            attempts: history(&self.rows, &row.id, row.history_sealed.as_deref())?,
            event: row.subject,
            state: match row.state.as_str() {
                "running" => "sending",
                "done" => "delivered",
                "refused" => "refused",
                "expired" => "expired",
                _ => "queued",
            },
            reason: row.reason,
            created_at: iso(row.created_at),
            ended_at: row.ended_at.map(iso),
            next_attempt_at: is_queued.then(|| iso(row.due_at)),
        })
    }
}
