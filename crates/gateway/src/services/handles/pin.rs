//! `PUT /api/lineitems/{id}/handle`: sets which of several line items a handle refers to (grades.md
//! GR-23).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use lti::ags::LINE_ITEM as ITEM;
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::LineItemHandles;
use super::score::{NamedHandle, check};
use crate::launch::{Launches, WithServices};
use crate::services::call::Call;
use crate::services::deliveries::{Deliveries, DeliveryReason, FoundLineItem, RetryWhich};
use crate::services::grades::named::NamedLineItem;
use crate::services::grades::{line_item, line_items, offered};
use crate::services::platform_client::PlatformClient;
use crate::web::json::json_body;
use crate::web::problem::Problem;

/// A handle and its line item.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PinnedHandle {
    handle: NamedHandle,
    /// The line item's id.
    line_item: String,
    /// Its maximum, if the platform sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    score_maximum: Option<Number>,
}

/// Handles `PUT` below `/api/lineitems/`: a handle, or a line item.
pub(crate) async fn put(
    State(client): State<PlatformClient>,
    State(launches): State<Launches>,
    State(handles): State<LineItemHandles>,
    State(deliveries): State<Deliveries>,
    services: WithServices,
    named: NamedLineItem,
    body: Bytes,
) -> Result<Response, Problem> {
    if !named.is_handle {
        return line_items::replace(State(client), State(launches), services, named, body).await;
    }
    let pinned = pin(&client, &handles, &deliveries, &services, &named, &body).await?;
    Ok(pinned.into_response())
}

/// Sets the line item that a handle refers to in the course.
///
/// For a handle that several line items have: scores waiting with the reason `AMBIGUOUS_LINE_ITEM`
/// are tried at once. It stays in force until another one is set, even if the platform has the
/// `resourceId` at another line item.
#[utoipa::path(
    put, path = "/api/lineitems/{id}/handle", tag = "Application: services", operation_id = "pinHandle",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    params(("id" = String, Path, description = "Id of a line item, percent-encoded.")),
    request_body(content = NamedHandle, content_type = "application/json"),
    responses(
        (status = 200, description = "The line item that the handle names from now on.", body = PinnedHandle),
        (status = 400, description = "`INVALID_LINEITEM_ID`: the id is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id is no line item of this place."),
    ),
)]
pub(crate) async fn pin(
    client: &PlatformClient,
    handles: &LineItemHandles,
    deliveries: &Deliveries,
    services: &WithServices,
    named: &NamedLineItem,
    body: &Bytes,
) -> Result<Json<PinnedHandle>, Problem> {
    let grades = offered(services)?;
    let handle: NamedHandle = json_body(body)?;
    check(&handle)?;
    let url = named.url(services)?;
    let call = Call::get(&url, grades.reading()?, ITEM);
    let item = line_item(&call, &client.send(&services.platform, &call).await?)?;
    let found = FoundLineItem {
        url,
        score_maximum: item.score_maximum(),
    };
    let (resource_id, tag) = (&handle.resource_id, handle.tag.as_deref());
    let owner = handles.owner(&services.tool.id, &services.place, resource_id, tag);
    handles.set(owner, &found).await?;
    let known = handles.launches.line_items();
    known.used(&services.platform.id, found.url.as_str()).await;
    let reason = DeliveryReason::AmbiguousLineItem.code().to_owned();
    let which = RetryWhich::all(Some(reason), Some(services.platform.id.clone()));
    let some = deliveries.retry_some(&services.tool, &which).await?;
    if let Some(next) = some.next {
        let rest = which.after(next);
        deliveries.retry_rest(&services.tool.id, &rest).await?;
    }
    Ok(Json(PinnedHandle {
        handle,
        line_item: found.url.into(),
        score_maximum: found.score_maximum,
    }))
}
