//! `POST /admin/webhooks/{id}/rotate`: replaces the secret; the old one keeps signing for a day.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use store::{StoreError, webhooks};

use super::Webhooks;
use super::api::WebhookAnswer;
use super::secret::{self, FORMER_MS};
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

const ROTATED_MEANWHILE: ApiRule = ApiRule::new(
    "ROTATED_MEANWHILE",
    StatusCode::CONFLICT,
    "Another request rotated this webhook's secret at the same time. Its answer has the new one.",
);

/// Gives a webhook a new secret.
///
/// The answer contains it, and it can't be read again. For 24 hours messages are also signed with
/// the old one, or with the last four if it is rotated again meanwhile.
#[utoipa::path(
    post, path = "/admin/webhooks/{id}/rotate", tag = "Operator: events", operation_id = "rotateWebhook",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a webhook.")),
    responses(
        (status = 200, description = "The webhook, with its new secret.", body = WebhookAnswer),
        (status = 404, description = "`WEBHOOK_NOT_FOUND`: the tool has no webhook with this id."),
        (status = 409, description = "`ROTATED_MEANWHILE`: another request rotated it at the same time, and its answer has the secret."),
    ),
)]
pub(crate) async fn rotate(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<WebhookAnswer>, Problem> {
    let before = room.of_tool(&tool.id, &id).await?;
    let (now, secret) = (room.clock.now_ms(), secret::fresh(&room.random));
    let sealed = room.rows.seal(&secret::identity(&before.id), &secret);
    let former = secret::replaced(&room.rows, &before, now)?;
    let (webhook_id, held) = (before.id.clone(), before.secret_sealed);
    let rotate = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let until = now + FORMER_MS;
            webhooks::rotate(&mut tx, webhook_id, held, sealed, former, until).await
        })
    });
    if !rotate.await? {
        return Err(ROTATED_MEANWHILE.problem());
    }
    tracing::info!(webhook = before.id, "webhook rotated");
    let row = room.of_tool(&tool.id, &before.id).await?;
    Ok(Json(WebhookAnswer::new(row, now).with_secret(&secret)))
}
