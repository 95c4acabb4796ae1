//! Deletes a platform: stops it, empties it in batches, and then removes it.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use store::{Tx, deliveries, platforms};

use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::removal;
use crate::directory::room::Directory;
use crate::directory::undelivered::{confirmed, nothing_else_is_lost};
use crate::keys::rotation::NO_PLATFORM;
use crate::kit::on_its_own::on_its_own;
use crate::web::problem::Problem;

/// Deletes a platform.
///
/// Its deployments, blocked people and keys go with it; its launches can no longer be read. Scores
/// that are not delivered yet are lost with it: if there are any, the answer says how many, and
/// that number has to be sent back. The platform is stopped first. If deleting a large one is
/// broken off, send the request again.
#[utoipa::path(
    delete, path = "/admin/platforms/{id}",
    tag = "Operator: platforms", operation_id = "deletePlatform", security(("apiKey" = ["manage"])),
    params(
        ("id" = String, Path, description = "Id of a platform."),
        ("undelivered" = Option<u64>, Query, description = "How many undelivered scores are lost with it, as the refusal said."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 400, description = "`INVALID_PARAMETER`: `undelivered` is no number."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
        (status = 409, description = "`UNDELIVERED_SCORES`: scores for it are not delivered yet; `details.undelivered` says how many."),
    ),
)]
pub(crate) async fn delete(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Problem> {
    let confirmed = confirmed(query.as_deref())?;
    let id = room.platforms.of_tool(&tool.id, &id).await?.id.clone();
    let removal = Removal {
        tool_id: tool.id.clone(),
        platform_id: id,
        confirmed,
    };
    // In a separate task: it continues if the client leaves, and may need the store longer than a
    // request may.
    on_its_own(removal.finish(room)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The platform to delete.
#[derive(Clone)]
struct Removal {
    tool_id: String,
    platform_id: String,
    /// How many undelivered scores may be lost.
    confirmed: Option<i64>,
}

impl Removal {
    async fn finish(self, room: Directory) -> Result<(), Problem> {
        let (removal, now) = (self.clone(), room.clock.now_ms());
        let stopping = room.db.write::<_, Problem, _>(move |mut tx| {
            Box::pin(async move { removal.stop(&mut tx, now).await })
        });
        let stopped = stopping.await;
        room.platforms.changed();
        if !stopped? {
            return Err(NO_PLATFORM.problem());
        }
        removal::remove_children(&room.db, &self.platform_id).await?;
        self.remove_scores(&room).await?;
        let removal = self.clone();
        let removing = room.db.write::<_, Problem, _>(move |mut tx| {
            Box::pin(async move { removal.remove(&mut tx).await })
        });
        let removed = removing.await;
        room.platforms.changed();
        room.platform_keys.forget(&self.platform_id);
        if !removed? {
            return Err(NO_PLATFORM.problem());
        }
        tracing::info!(platform_id = self.platform_id, "platform deleted");
        Ok(())
    }

    async fn stop(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<bool, Problem> {
        platforms::lock(tx, self.platform_id.clone()).await?;
        nothing_is_lost(tx, &self.platform_id, self.confirmed).await?;
        let stopped = platforms::set_active(tx, self.tool_id, self.platform_id, false, now_ms);
        Ok(stopped.await?)
    }

    /// Removes the scores that the caller agreed to lose: up to 200,000, too many for one
    /// statement.
    async fn remove_scores(&self, room: &Directory) -> Result<(), Problem> {
        let Some(lost) = self.confirmed.filter(|lost| *lost > 0) else {
            return Ok(());
        };
        let mut reader = room.db.read().await?;
        nothing_is_lost(&mut reader.tx(), &self.platform_id, Some(lost)).await?;
        drop(reader);
        Ok(removal::remove_scores(&room.db, &self.platform_id, lost).await?)
    }

    async fn remove(self, tx: &mut Tx<'_>) -> Result<bool, Problem> {
        // Scores that have arrived since were not part of the number.
        nothing_is_lost(tx, &self.platform_id, None).await?;
        let removed = removal::remove(tx, self.tool_id, self.platform_id).await;
        removed.map_err(Problem::from)
    }
}

/// Refuses to lose undelivered scores with their platform unless the request says how many.
async fn nothing_is_lost(
    tx: &mut Tx<'_>,
    platform_id: &str,
    confirmed: Option<i64>,
) -> Result<(), Problem> {
    let undelivered = deliveries::undelivered(tx, platform_id).await?;
    nothing_else_is_lost("platform", undelivered, confirmed)
}
