//! An operator's orders: retry one delivery, retry many, or cancel.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DeliveryDesk;
use crate::directory::api_keys::scope::ForDeliveries;
use crate::directory::auth::WithApiKey;
use crate::services::deliveries::{Delivery, RetryWhich};
use crate::web::json::json_body_or_default;
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

/// Retries a delivery now.
///
/// One that is waiting or held is tried at once; one that was refused, cancelled or expired starts
/// again. Nothing else changes: the score keeps its time. If its platform or deployment is inactive
/// or its service key is revoked, it is held until that changes.
#[utoipa::path(
    post, path = "/api/deliveries/{id}/retry", tag = "Application: deliveries", operation_id = "retryDelivery",
    security(("apiKey" = ["services", "manage"])),
    params(("id" = String, Path, description = "Id of a delivery.")),
    responses(
        (status = 200, description = "The delivery, on its way.", body = Delivery),
        (status = 404, description = "`DELIVERY_NOT_FOUND`: the tool has no such delivery, or it is no longer kept."),
        (status = 409, description = "`DELIVERY_NOT_RETRIED`: it was delivered, is just being sent, or a newer score for this student and line item takes its place.\n`LAST_SCORE_NOT_READABLE`: the record of what was last delivered can't be read."),
    ),
)]
pub(crate) async fn retry(
    State(desk): State<DeliveryDesk>,
    WithApiKey { tool, .. }: WithApiKey<ForDeliveries>,
    Path(id): Path<String>,
) -> Result<Json<Delivery>, Problem> {
    let row = desk.deliveries.retry(&tool, &id).await?;
    tracing::info!(delivery_id = id, "a delivery is tried on demand");
    Ok(Json(desk.deliveries.shown(row)))
}

/// Cancels a delivery: it is not tried again.
#[utoipa::path(
    post, path = "/api/deliveries/{id}/cancel", tag = "Application: deliveries", operation_id = "cancelDelivery",
    security(("apiKey" = ["services", "manage"])),
    params(("id" = String, Path, description = "Id of a delivery.")),
    responses(
        (status = 200, description = "The delivery, cancelled.", body = Delivery),
        (status = 404, description = "`DELIVERY_NOT_FOUND`: the tool has no such delivery, or it is no longer kept."),
        (status = 409, description = "`DELIVERY_NOT_CANCELLED`: it has ended already, or is being sent at this moment."),
    ),
)]
pub(crate) async fn cancel(
    State(desk): State<DeliveryDesk>,
    WithApiKey { tool, .. }: WithApiKey<ForDeliveries>,
    Path(id): Path<String>,
) -> Result<Json<Delivery>, Problem> {
    let row = desk.deliveries.cancel(&tool, &id).await?;
    tracing::info!(delivery_id = id, "a delivery is cancelled");
    Ok(Json(desk.deliveries.shown(row)))
}

/// Which deliveries to retry.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetryAll {
    /// Only those with this `reason`.
    reason: Option<String>,
    /// Only those to this platform, by its id.
    platform: Option<String>,
    /// Only those after this one: the `next` of the answer before.
    after: Option<String>,
    /// The most to look at in this request; at least 1.
    limit: Option<u64>,
}

/// How many deliveries are retried.
#[derive(Serialize, ToSchema)]
pub(crate) struct RetriedAll {
    pub(crate) retried: u64,
    /// Present if there may be more: send the same request with this as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// Retries all deliveries that have not arrived.
///
/// This includes those that are waiting, held, refused or expired. Use it after a course was
/// reopened, a scope granted or a setting changed. They are sent as fast as the platform accepts
/// them. Those whose place a newer score has taken end as `superseded`, and cancelled ones stay as
/// they are. If a platform or deployment is inactive or a service key revoked, its deliveries are
/// held until that changes. A request answers after some seconds; if there are more, it says where
/// to continue.
#[utoipa::path(
    post, path = "/api/deliveries/retry", tag = "Application: deliveries", operation_id = "retryDeliveries",
    security(("apiKey" = ["services", "manage"])),
    request_body(content = RetryAll, content_type = "application/json"),
    responses((status = 200, description = "How many.", body = RetriedAll)),
)]
pub(crate) async fn retry_all(
    State(desk): State<DeliveryDesk>,
    WithApiKey { tool, .. }: WithApiKey<ForDeliveries>,
    body: Bytes,
) -> Result<Json<RetriedAll>, Problem> {
    let asked: RetryAll = json_body_or_default(&body)?;
    if asked.limit == Some(0) {
        let member = WrongMember::new("limit", "must be at least 1");
        let problem = Problem::wrong_body("The request body is wrong: limit must be at least 1.");
        return Err(problem.naming(vec![member]));
    }
    let which = RetryWhich {
        most: asked.limit.unwrap_or(u64::MAX),
        ..RetryWhich::all(asked.reason, asked.platform).after(asked.after.unwrap_or_default())
    };
    let some = desk.deliveries.retry_some(&tool, &which).await?;
    tracing::info!(retried = some.retried, "deliveries are tried on demand");
    Ok(Json(RetriedAll {
        retried: some.retried,
        next: some.next,
    }))
}
