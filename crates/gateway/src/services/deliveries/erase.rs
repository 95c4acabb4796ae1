//! `DELETE /api/deliveries`: erases a person's deliveries, and the records of their last
//! deliveries.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::Deliveries;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::web::paging::wrong;
use crate::web::problem::Problem;

/// What was erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasedDeliveries {
    /// How many deliveries, including waiting ones.
    erased: u64,
}

/// Erases a person's deliveries.
///
/// Grades that were delivered stay at the platform; waiting scores are no longer sent.
#[utoipa::path(
    delete, path = "/api/deliveries", tag = "Operator: platforms", operation_id = "eraseDeliveries",
    security(("apiKey" = ["manage"])),
    params(
        ("platform" = String, Query, description = "Id of a platform."),
        ("user" = String, Query, description = "The person's `user.id` there."),
    ),
    responses(
        (status = 200, description = "They are gone.", body = ErasedDeliveries),
        (status = 400, description = "`INVALID_PARAMETER`: `platform` or `user` is missing, or a parameter is unknown."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn erase(
    State(room): State<Deliveries>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    RawQuery(query): RawQuery,
) -> Result<Json<ErasedDeliveries>, Problem> {
    let (mut platform, mut user) = (None, None);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "platform" => platform = Some(value.into_owned()),
            "user" => user = Some(value.into_owned()),
            name => return Err(wrong(name, "is not one of platform, user")),
        }
    }
    let platform = platform.ok_or_else(|| wrong("platform", "is missing"))?;
    let user = user.ok_or_else(|| wrong("user", "is missing"))?;
    let platform = room.platforms.of_tool(&tool.id, &platform).await?;
    let erased = room.erase_person(&platform.id, &user).await?;
    tracing::info!(
        platform_id = platform.id,
        erased,
        "a person's deliveries erased"
    );
    Ok(Json(ErasedDeliveries { erased }))
}
