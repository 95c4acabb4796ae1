//! `/admin/webhooks`: creates, lists, changes and deletes webhooks.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use store::webhooks::{self, WebhookRow};
use store::{StoreError, tools};
use utoipa::ToSchema;

use super::input::{NewWebhook, WebhookChange, address, types};
use super::{MOST_WEBHOOKS, NO_WEBHOOK, Webhooks, secret};
use crate::directory::api_keys::scope::{ForManagement, Scope};
use crate::directory::auth::WithApiKey;
use crate::events::EventType;
use crate::kit::clock::iso;
use crate::kit::id::new_id;
use crate::kit::masked::masked;
use crate::kit::standard_webhooks::written;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::problem::Problem;

const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_WEBHOOKS",
    StatusCode::CONFLICT,
    "The tool has 20 webhooks, and may not have more. Delete some.",
);

/// A webhook, without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook)]
pub(crate) struct WebhookAnswer {
    pub(crate) id: String,
    /// Where messages are posted to. A key of the scope `read` sees only the host, because many
    /// addresses contain a secret.
    pub(crate) url: String,
    /// Types of the events to send; empty for all.
    pub(crate) events: Vec<EventType>,
    pub(crate) active: bool,
    #[schema(format = DateTime)]
    pub(crate) created_at: String,
    /// Why we disabled it: `GONE` means that it answered 410, `FAILING` that every attempt failed
    /// for five days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disabled_reason: Option<String>,
    /// Since when every attempt has failed; absent if the last one succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) failing_since: Option<String>,
    /// When the first event was skipped because 10,000 messages were waiting; absent if none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) missed_since: Option<String>,
    /// Until when messages are also signed with the secret before the last rotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) former_secret_until: Option<String>,
    /// The secret that signs messages; only in the answer to creating or rotating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret: Option<String>,
}

impl WebhookAnswer {
    pub(super) fn new(row: WebhookRow, now_ms: i64) -> Self {
        let types = row.types.split_whitespace();
        Self {
            events: types.filter_map(EventType::named).collect(),
            id: row.id,
            url: row.url,
            active: row.active,
            created_at: iso(row.created_at),
            disabled_reason: row.disabled_reason,
            failing_since: row.failing_since.map(iso),
            missed_since: row.missed_at.map(iso),
            former_secret_until: row.former_until.filter(|until| now_ms < *until).map(iso),
            secret: None,
        }
    }

    fn for_scope(self, scope: Scope) -> Self {
        match scope {
            Scope::Read => Self {
                url: masked(&self.url),
                ..self
            },
            Scope::All | Scope::Services | Scope::Manage => self,
        }
    }

    pub(super) fn with_secret(mut self, secret: &secret::WebhookSecret) -> Self {
        self.secret = Some(written(secret));
        self
    }
}

/// The webhooks of a tool.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookList {
    pub(crate) webhooks: Vec<WebhookAnswer>,
}

/// Lists the webhooks, oldest first.
#[utoipa::path(
    get, path = "/admin/webhooks", tag = "Operator: events", operation_id = "listWebhooks",
    security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "The webhooks, without their secrets.", body = WebhookList)),
)]
pub(crate) async fn list(
    State(room): State<Webhooks>,
    WithApiKey { tool, scope, .. }: WithApiKey<ForManagement>,
) -> Result<Json<WebhookList>, Problem> {
    let rows = webhooks::of_tool(&mut room.db.read().await?.tx(), tool.id.clone()).await?;
    let now = room.clock.now_ms();
    let answer = |row| WebhookAnswer::new(row, now).for_scope(scope);
    Ok(Json(WebhookList {
        webhooks: rows.into_iter().map(answer).collect(),
    }))
}

/// Creates a webhook.
///
/// The answer contains its secret, which can't be read again. Events from now on are sent there;
/// `replay` sends earlier ones.
#[utoipa::path(
    post, path = "/admin/webhooks", tag = "Operator: events", operation_id = "createWebhook",
    security(("apiKey" = ["manage"])),
    request_body = NewWebhook,
    responses(
        (status = 201, description = "The webhook, with its secret.", body = WebhookAnswer),
        (status = 400, description = "`INVALID_WEBHOOK`: messages may not be sent to this address; the description says why."),
        (status = 409, description = "`TOO_MANY_WEBHOOKS`: the tool has 20 webhooks."),
    ),
)]
pub(crate) async fn create(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    body: Bytes,
) -> Result<(StatusCode, Json<WebhookAnswer>), Problem> {
    let asked: NewWebhook = json_body(&body)?;
    let (now, secret) = (room.clock.now_ms(), secret::fresh(&room.random));
    let id = new_id(now, &room.random);
    let row = WebhookRow {
        tool_id: tool.id.clone(),
        url: address(&room.outbound, &asked.url)?,
        types: types(asked.events.unwrap_or_default()),
        active: asked.active.unwrap_or(true),
        disabled_reason: None,
        secret_sealed: room.rows.seal(&secret::identity(&id), &secret),
        former_sealed: None,
        former_until: None,
        failing_since: None,
        failures: 0,
        missed_at: None,
        created_at: now,
        id,
    };
    let inserted = row.clone();
    let insert = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            // Serialises concurrent requests: the second one counts the first one's webhook.
            tools::lock(&mut tx, inserted.tool_id.clone()).await?;
            if webhooks::of_tool(&mut tx, inserted.tool_id.clone())
                .await?
                .len()
                >= MOST_WEBHOOKS
            {
                return Err(TOO_MANY.problem());
            }
            Ok(webhooks::insert(&mut tx, inserted).await?)
        })
    });
    insert.await?;
    tracing::info!(webhook = row.id, "webhook made");
    let answer = WebhookAnswer::new(row, now).with_secret(&secret);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Changes a webhook.
///
/// Any change resets its failures. Use `replay` for what was not delivered while it was inactive.
#[utoipa::path(
    patch, path = "/admin/webhooks/{id}", tag = "Operator: events", operation_id = "changeWebhook",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a webhook.")),
    request_body = WebhookChange,
    responses(
        (status = 200, description = "The webhook as it is now.", body = WebhookAnswer),
        (status = 400, description = "`INVALID_WEBHOOK`: messages may not be sent to this address; the description says why."),
        (status = 404, description = "`WEBHOOK_NOT_FOUND`: the tool has no webhook with this id."),
    ),
)]
pub(crate) async fn change(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<WebhookAnswer>, Problem> {
    let asked: WebhookChange = json_body(&body)?;
    let before = room.of_tool(&tool.id, &id).await?;
    let url = asked.url.map(|url| address(&room.outbound, &url));
    let (url, types, active) = (url.transpose()?, asked.events.map(types), asked.active);
    let change = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { webhooks::change(&mut tx, before.id, url, types, active).await })
    });
    let row = change.await?.ok_or_else(|| NO_WEBHOOK.problem())?;
    tracing::info!(webhook = row.id, active = row.active, "webhook changed");
    room.jobs.wake();
    Ok(Json(WebhookAnswer::new(row, room.clock.now_ms())))
}

/// Deletes a webhook.
///
/// Messages that are still waiting for it are not sent.
#[utoipa::path(
    delete, path = "/admin/webhooks/{id}", tag = "Operator: events", operation_id = "deleteWebhook",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a webhook.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "`WEBHOOK_NOT_FOUND`: the tool has no webhook with this id."),
    ),
)]
pub(crate) async fn delete(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (webhook_id, tool_id) = (id.clone(), tool.id.clone());
    let delete = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { webhooks::delete(&mut tx, webhook_id, tool_id).await })
    });
    if !delete.await? {
        return Err(NO_WEBHOOK.problem());
    }
    tracing::info!(webhook = id, "webhook deleted");
    Ok(StatusCode::NO_CONTENT)
}
