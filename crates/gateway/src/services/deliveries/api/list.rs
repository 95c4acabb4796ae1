//! `GET /api/deliveries` and `GET /api/deliveries/{id}`: whether scores have arrived, and if not,
//! why.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde::Serialize;
use store::deliveries;
use utoipa::ToSchema;

use super::DeliveryDesk;
use super::asked::DeliveryQuery;
use super::viewer::Viewer;
use crate::kit::id::is_id;
use crate::services::deliveries::{Delivery, NO_DELIVERY};
use crate::web::paging::{PageParameters, cut};
use crate::web::problem::Problem;

/// A page of deliveries, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryList {
    pub(crate) deliveries: Vec<Delivery>,
    /// How many there are in each state, regardless of the requested state, reason, time and page.
    /// Up to 25,000 per state are counted; for a course or a person, up to 100,000 in total.
    pub(crate) counts: BTreeMap<String, i64>,
    /// How long the oldest unfinished one has been waiting; absent if none is waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oldest_seconds: Option<i64>,
    /// `cursor` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}

/// Lists deliveries of scores, newest first.
///
/// With an `ltik`, it lists those of the launch's person, so that the application can show learners
/// where their grade is. With a service key, it lists those of its place; with only the API key,
/// those of the tool. Finished deliveries are listed for `grades.keepDays`.
#[utoipa::path(
    get, path = "/api/deliveries", tag = "Application: deliveries", operation_id = "listDeliveries",
    security(("apiKey" = ["services", "manage", "read"]), ("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(
        ("state" = Option<String>, Query, description = "Only those that are `queued`, `sending`, `held`, `unknown`, `delivered`, `refused`, `superseded`, `cancelled` or `expired`."),
        ("reason" = Option<String>, Query, description = "Only those with this `reason`."),
        ("platform" = Option<String>, Query, description = "Id of a platform."),
        ("context" = Option<String>, Query, description = "Id of a course, as the platform names it."),
        ("user" = Option<String>, Query, description = "Only those for this person: the `user.id` of their launches. With the API key alone, `platform` must say where."),
        ("lineItem" = Option<String>, Query, description = "Only those to this line item. With the API key alone, `platform` must say where."),
        ("since" = Option<String>, Query, description = "Only those that were accepted at this time or later."),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of deliveries.", body = DeliveryList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown, has a wrong value, or asks for what isn't the key's; the description names it."),
        (status = 403, description = "`SERVICE_NOT_AVAILABLE_FOR_CONTEXT`: the launch came from no LMS, or names no person."),
    ),
)]
pub(crate) async fn list(
    State(desk): State<DeliveryDesk>,
    viewer: Viewer,
    RawQuery(query): RawQuery,
) -> Result<Json<DeliveryList>, Problem> {
    let asked = DeliveryQuery::parse(&query.unwrap_or_default())?;
    let limit = asked.limit;
    let filter = asked.filter(&viewer, &desk.deliveries.keys)?;
    let mut reader = desk.db.read().await?;
    let mut rows = deliveries::page(&mut reader.tx(), &filter).await?;
    let counts = deliveries::counts(&mut reader.tx(), &filter).await?;
    let oldest = deliveries::oldest(&mut reader.tx(), &filter).await?;
    drop(reader);
    let next_cursor = cut(&mut rows, limit, |last| last.id.clone());
    let now = desk.clock.now_ms();
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        shown.push(desk.deliveries.told(row).await?);
    }
    Ok(Json(DeliveryList {
        deliveries: shown,
        counts: counts.into_iter().collect(),
        oldest_seconds: oldest.map(|at| (now - at).max(0) / 1000),
        next_cursor,
    }))
}

/// Reads a delivery.
#[utoipa::path(
    get, path = "/api/deliveries/{id}", tag = "Application: deliveries", operation_id = "readDelivery",
    security(("apiKey" = ["services", "manage", "read"]), ("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(("id" = String, Path, description = "Id of a delivery.")),
    responses(
        (status = 200, description = "The delivery.", body = Delivery),
        (status = 403, description = "`SERVICE_NOT_AVAILABLE_FOR_CONTEXT`: the launch came from no LMS, or names no person."),
        (status = 404, description = "`DELIVERY_NOT_FOUND`: there is no such delivery, it is not the key's, or it is no longer kept."),
    ),
)]
pub(crate) async fn one(
    State(desk): State<DeliveryDesk>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<Delivery>, Problem> {
    let found = match is_id(&id) {
        true => deliveries::by_id(&mut desk.db.read().await?.tx(), id).await?,
        false => None,
    };
    let tool_id = &viewer.tool().id;
    let found = found.filter(|row| row.tool_id == *tool_id);
    let found = found.filter(|row| viewer.sees(row, &desk.deliveries.keys));
    let row = found.ok_or_else(|| NO_DELIVERY.problem())?;
    Ok(Json(desk.deliveries.told(row).await?))
}
