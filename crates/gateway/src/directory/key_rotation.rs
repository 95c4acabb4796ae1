//! `…/platforms/:id/keys`: a platform's keys, and rotating them by hand (lti.md G-06, G-07).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use store::platforms::PlatformRow;
use store::signing_keys;
use utoipa::ToSchema;

use crate::audit::Audit;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::directory::tools::Tools;
use crate::keys::ours::OurKeys;
use crate::keys::rotation::{self, KeyEntry, Rotation, RotationError};
use crate::web::json::json_body_or_default;
use crate::web::problem::Problem;

/// A platform's keys, in the order in which they sign.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlatformKeyList)]
pub struct KeyList {
    /// `url` if the platform reads our key set itself, `pasted` if an administrator has to enter
    /// new keys.
    pub(crate) key_delivery: String,
    pub(crate) keys: Vec<KeyEntry>,
}

/// When the new key starts to sign.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeyRotationOrder)]
struct Order {
    /// Whether to drop the old key at once.
    #[serde(default)]
    now: bool,
}

/// Lists our keys for a platform.
#[utoipa::path(
    get, path = "/admin/platforms/{id}/keys",
    tag = "Operator: platforms", operation_id = "listPlatformKeys", security(("apiKey" = ["manage", "read"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    responses(
        (status = 200, description = "The keys, in the order in which they sign.", body = KeyList),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub async fn list(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<KeyList>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    answer(&room, &platform).await
}

/// Rotates the key for a platform.
///
/// The new key is published first and signs later, according to the tool's key rules; with `now` it
/// signs at once and the old key is gone. The body may be left out.
#[utoipa::path(
    post, path = "/admin/platforms/{id}/keys/rotate",
    tag = "Operator: platforms", operation_id = "rotatePlatformKeys", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    request_body = Order,
    responses(
        (status = 200, description = "The keys as they are now.", body = KeyList),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
        (status = 409, description = "`KEY_IS_PASTED`: our key was pasted at this platform, so it can only change at once.\n`ROTATION_UNDER_WAY`: a new key is published already."),
        (status = 503, description = "`SERVICE_UNAVAILABLE`: no key pair is ready; more are being made."),
    ),
)]
pub async fn order(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<KeyList>, Problem> {
    let order: Order = json_body_or_default(&body)?;
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let how = if order.now {
        Rotation::Now
    } else {
        Rotation::Overlap(tool.settings.keys)
    };
    room.our_keys.rotate(&platform, how).await?;
    answer(&room, &platform).await
}

async fn answer(room: &Directory, platform: &PlatformRow) -> Result<Json<KeyList>, Problem> {
    let times = signing_keys::times(&mut room.db.read().await?.tx(), platform.id.clone()).await?;
    Ok(Json(KeyList {
        key_delivery: platform.key_delivery.clone(),
        keys: rotation::keys(times, room.clock.now_ms()),
    }))
}

/// Rotates the keys that are due at `now`, in milliseconds since 1970, according to their tools'
/// rules.
///
/// # Errors
/// No key could be made, or the store failed.
pub(crate) async fn rotate_due(
    tools: &Tools,
    our_keys: &OurKeys,
    audit: &Audit,
    now: i64,
) -> Result<(), RotationError> {
    for tool in tools.all().iter() {
        let rules = tool.settings.keys;
        our_keys.rotate_due(&tool.id, rules, now, audit).await?;
    }
    Ok(())
}
