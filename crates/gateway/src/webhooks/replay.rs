//! `POST /admin/webhooks/{id}/replay`: sends events again, or to a webhook that is newer than they
//! are.

use std::borrow::Cow;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::events::{self, EventRow};
use store::webhooks::WebhookRow;
use store::{jobs, tools};
use utoipa::ToSchema;

use super::pass_on::wants;
use super::{KIND, MOST_WAITING, Webhooks};
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::kit::id::is_id;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::paging::{cut, time};
use crate::web::problem::Problem;

/// The tool has no such event.
pub(super) const NO_EVENT: ApiRule = ApiRule::new(
    "EVENT_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no event with this id, or it is older than is kept.",
);
const INVALID_REPLAY: ApiRule = ApiRule::new(
    "INVALID_REPLAY",
    StatusCode::BAD_REQUEST,
    "It can't be read what to send.",
);
const INACTIVE: ApiRule = ApiRule::new(
    "WEBHOOK_INACTIVE",
    StatusCode::CONFLICT,
    "Nothing is sent to this webhook. Activate it first: PATCH with {\"active\": true}.",
);
const TOO_MANY_WAITING: ApiRule = ApiRule::new(
    "TOO_MANY_WAITING",
    StatusCode::CONFLICT,
    "10000 messages wait for this webhook. Try again when they are sent.",
);

/// How many events one request looks at.
const PAGE_SIZE: i64 = 250;

/// What to send: one event, or all since a time.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = WebhookReplay)]
pub(crate) struct ReplayOrder {
    /// Id of an event.
    event: Option<String>,
    /// All events since this time that the webhook wants.
    #[schema(format = DateTime)]
    since: Option<String>,
    /// `next` of the previous answer, instead of `since`.
    after: Option<String>,
}

/// What will be sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookReplayed)]
pub(crate) struct Replayed {
    /// Messages that will be sent again, without those that are still waiting.
    pub(crate) replayed: usize,
    /// There are more events: repeat the request with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// Sends events again.
///
/// Each message keeps its `webhook-id`, so that the application can recognise one it already has. A
/// request looks at up to 250 events; `next` says where to continue.
#[utoipa::path(
    post, path = "/admin/webhooks/{id}/replay", tag = "Operator: events", operation_id = "replayWebhook",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a webhook.")),
    request_body = ReplayOrder,
    responses(
        (status = 200, description = "They are on their way.", body = Replayed),
        (status = 400, description = "`INVALID_REPLAY`: exactly one of `event`, `since` and `after` must be given, and be readable."),
        (status = 404, description = "`WEBHOOK_NOT_FOUND`: the tool has no webhook with this id.\n`EVENT_NOT_FOUND`: the tool has no event with this id, or it is no longer kept."),
        (status = 409, description = "`WEBHOOK_INACTIVE`: nothing is sent to it; activate it first.\n`TOO_MANY_WAITING`: 10,000 messages wait for it already."),
    ),
)]
pub(crate) async fn replay(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Replayed>, Problem> {
    let asked: ReplayOrder = json_body(&body)?;
    let webhook = room.of_tool(&tool.id, &id).await?;
    if !webhook.active {
        return Err(INACTIVE.problem());
    }
    let (events, next) = room.events_to_replay(&webhook, asked).await?;
    let replayed = room.requeue(webhook, events).await?;
    room.jobs.wake();
    Ok(Json(Replayed { replayed, next }))
}

impl Webhooks {
    async fn events_to_replay(
        &self,
        webhook: &WebhookRow,
        asked: ReplayOrder,
    ) -> Result<(Vec<EventRow>, Option<String>), Problem> {
        let mut reader = self.db.read().await?;
        let from = match (asked.event, asked.since, asked.after) {
            (Some(id), None, None) => {
                let event = match is_id(&id) {
                    true => events::by_id(&mut reader.tx(), id).await?,
                    false => None,
                };
                let event = event.filter(|event| event.tool_id == webhook.tool_id);
                return Ok((vec![event.ok_or_else(|| NO_EVENT.problem())?], None));
            }
            (None, Some(since), None) => {
                let since = time("since", &since);
                (
                    since.map_err(|problem| bad(problem.description))?,
                    String::new(),
                )
            }
            (None, None, Some(after)) => place(&after)?,
            _ => return Err(bad("Give exactly one of event, since and after.".into())),
        };
        let tool_id = webhook.tool_id.clone();
        let mut found = events::since(&mut reader.tx(), tool_id, from, PAGE_SIZE + 1).await?;
        let next = cut(&mut found, PAGE_SIZE, |last| {
            format!("{}.{}", last.created_at, last.id)
        });
        found.retain(|event| wants(webhook, &event.kind));
        Ok((found, next))
    }

    /// Queues a delivery of each event, unless one is already waiting.
    async fn requeue(&self, webhook: WebhookRow, events: Vec<EventRow>) -> Result<usize, Problem> {
        let now = self.clock.now_ms();
        // An event without a number is about to be passed on anyway.
        let events: Vec<_> = events
            .into_iter()
            .filter(|event| event.place.is_some())
            .collect();
        let requeue = self.db.write::<_, Problem, _>(move |mut tx| {
            Box::pin(async move {
                // Serialises concurrent requests: the second one finds the first one's deliveries.
                tools::lock(&mut tx, webhook.tool_id.clone()).await?;
                let waiting = jobs::queued(&mut tx, KIND, &webhook.id, MOST_WAITING).await?;
                let most = i64::try_from(events.len()).unwrap_or(i64::MAX);
                if waiting.saturating_add(most) > MOST_WAITING {
                    return Err(TOO_MANY_WAITING.problem());
                }
                let mut replayed = 0;
                for event in events {
                    let delivery = Self::delivery(&webhook.id, &event.tool_id, &event.id, now);
                    replayed += usize::from(jobs::insert_again(&mut tx, delivery).await?);
                }
                Ok(replayed)
            })
        });
        requeue.await
    }
}

/// Parses the position where a replay continues.
fn place(after: &str) -> Result<(i64, String), Problem> {
    let place = after.split_once('.');
    let place = place.and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    place
        .filter(|(_, id)| is_id(id))
        .ok_or_else(|| bad("after must be the next of an answer.".into()))
}

fn bad(what: Cow<'static, str>) -> Problem {
    INVALID_REPLAY.saying(what)
}
