//! `…/platforms/:id/keys`: a platform's keys, and changing them by hand (lti.md G-06, G-07).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use store::platforms::PlatformRow;
use store::signing_keys;

use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::directory::tools::Tools;
use crate::keys::ours::OurKeys;
use crate::keys::rotation::{self, How, KeyEntry, RotationError};
use crate::web::json::json_body;
use crate::web::problem::Problem;

/// A platform's keys, in the order in which they sign.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyList {
    key_delivery: String,
    keys: Vec<KeyEntry>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(default)]
    now: bool,
}

/// `GET …/platforms/:id/keys`.
pub async fn list(
    State(room): State<Directory>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Json<KeyList>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    answer(&room, &platform).await
}

/// `POST …/platforms/:id/keys/rotate`, with `{"now": true}` if the old key must be gone at once.
pub async fn order(
    State(room): State<Directory>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<KeyList>, Problem> {
    let order: Order = if body.is_empty() {
        Order::default()
    } else {
        json_body(&body)?
    };
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let how = if order.now {
        How::Now
    } else {
        How::Overlap(tool.settings.keys)
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

/// Changes the keys that are due by the rules of their tools.
///
/// # Errors
/// No key could be made, or the store failed.
pub async fn rotate_due(tools: &Tools, our_keys: &OurKeys) -> Result<(), RotationError> {
    for tool in tools.all().iter() {
        our_keys.rotate_due(&tool.id, tool.settings.keys).await?;
    }
    Ok(())
}
