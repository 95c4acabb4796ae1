//! `…/platforms/:id/blocked`: people whose launches an operator stopped (lti.md I-24). A block
//! takes effect at once: new launches are refused, and earlier ones can no longer be read.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use store::StoreError;
use store::blocked_people::{self, BlockedPerson};
use utoipa::ToSchema;

use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms::blocked_identity;
use crate::directory::room::Directory;
use crate::kit::clock::iso;
use crate::kit::id::new_id;
use crate::kit::text::is_printable_id;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

const INVALID_USER_ID: ApiRule = ApiRule::new(
    "INVALID_USER_ID",
    StatusCode::BAD_REQUEST,
    "The user id must be 1 to 255 printable ASCII characters: the sub of the person's launches.",
);
const NOT_BLOCKED: ApiRule = ApiRule::new(
    "USER_NOT_BLOCKED",
    StatusCode::NOT_FOUND,
    "No one with this user id is blocked at this platform.",
);

/// The people blocked at a platform.
#[derive(Serialize, ToSchema)]
pub(crate) struct BlockedList {
    pub(crate) blocked: Vec<BlockedUser>,
}

/// A person who may not launch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BlockedPerson)]
pub(crate) struct BlockedUser {
    /// The `sub` of the person's launches.
    pub(crate) user_id: String,
    #[schema(format = DateTime)]
    pub(crate) blocked_at: String,
}

/// Lists the people who are blocked at a platform.
#[utoipa::path(
    get, path = "/admin/platforms/{id}/blocked",
    tag = "Operator: platforms", operation_id = "listBlockedPeople", security(("apiKey" = ["manage", "read"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    responses(
        (status = 200, description = "Who is blocked.", body = BlockedList),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn list(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<BlockedList>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let people = room.platforms.blocked_people(&platform.id).await?;
    let user = |(person, user_id): (BlockedPerson, String)| BlockedUser {
        user_id,
        blocked_at: iso(person.created_at),
    };
    Ok(Json(BlockedList {
        blocked: people.into_iter().map(user).collect(),
    }))
}

/// Blocks a person, who need not have launched yet.
///
/// The block applies at once: launches are refused, and earlier ones can no longer be read.
#[utoipa::path(
    put, path = "/admin/platforms/{id}/blocked/{user}",
    tag = "Operator: platforms", operation_id = "blockPerson", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."), ("user" = String, Path, description = "The `sub` of the person's launches, percent-encoded."),),
    responses(
        (status = 204, description = "They are blocked, now or already."),
        (status = 400, description = "`INVALID_USER_ID`: the id must be 1 to 255 printable ASCII characters."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn block(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path((id, user)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    // The rule for a `sub` (lti.md B-29).
    if !is_printable_id(&user) {
        return Err(INVALID_USER_ID.problem());
    }
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let known = room.platforms.blocked_people(&platform.id).await?;
    if known.iter().any(|(_, subject)| *subject == user) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let now = room.clock.now_ms();
    let id = new_id(now, &room.random);
    let person = BlockedPerson {
        subject_sealed: room.rows.seal(&blocked_identity(&id), user.as_bytes()),
        id,
        created_at: now,
    };
    let platform_id = platform.id.clone();
    let stored = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { blocked_people::insert(&mut tx, platform_id, person).await })
    });
    stored.await?;
    room.platforms.changed();
    tracing::info!(platform_id = platform.id, "person blocked");
    Ok(StatusCode::NO_CONTENT)
}

/// Unblocks a person.
#[utoipa::path(
    delete, path = "/admin/platforms/{id}/blocked/{user}",
    tag = "Operator: platforms", operation_id = "unblockPerson", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."), ("user" = String, Path, description = "The `sub` of the person's launches, percent-encoded."),),
    responses(
        (status = 204, description = "They are no longer blocked."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id.\n`USER_NOT_BLOCKED`: no one with this id is blocked there."),
    ),
)]
pub(crate) async fn unblock(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path((id, user)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let blocked = room.platforms.blocked_people(&platform.id).await?;
    // Two operators at the same time may have left two rows.
    let rows: Vec<String> = blocked
        .into_iter()
        .filter(|(_, subject)| *subject == user)
        .map(|(person, _)| person.id)
        .collect();
    if rows.is_empty() {
        return Err(NOT_BLOCKED.problem());
    }
    let removed = room.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            for row in rows {
                blocked_people::delete(&mut tx, row).await?;
            }
            Ok(())
        })
    });
    removed.await?;
    room.platforms.changed();
    tracing::info!(platform_id = platform.id, "person let in again");
    Ok(StatusCode::NO_CONTENT)
}
