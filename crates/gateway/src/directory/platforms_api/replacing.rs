//! Replaces a platform, but never over a change that it doesn't know of.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use store::StoreError;

use super::answer::PlatformAnswer;
use super::input::PlatformInput;
use super::{TAKEN, refuse_alike, warning};
use crate::directory::platforms::Platform;
use crate::directory::room::Directory;
use crate::directory::switching::settled;
use crate::directory::{alike, entering};
use crate::web::api_rule::ApiRule;
use crate::web::problem::{Problem, unless_taken};

pub(crate) const CHANGED: ApiRule = ApiRule::new(
    "PLATFORM_CHANGED_MEANWHILE",
    StatusCode::CONFLICT,
    "Nothing was changed: something else is changing this platform at the same time. Read it \
     again, then try again.",
);

/// How often it is read and written, if something else is faster each time.
const TRIES: usize = 5;

/// Replaces a platform by what the body says, if the platform is as the caller expects. Members
/// that the body leaves out stay as they are at that moment.
///
/// # Errors
/// What is wrong with the body; 404 if the tool has no such platform; [`CHANGED`]; or the store
/// failed.
pub(crate) async fn replace_if<F>(
    room: &Directory,
    tool_id: &str,
    id: &str,
    body: &Bytes,
    is_expected: F,
) -> Result<Json<PlatformAnswer>, Problem>
where
    F: Fn(&Platform) -> bool + Send + Sync,
{
    let input = PlatformInput::read(body)?;
    input.check(&room.outbound)?;
    let warnings = input.warnings();
    let before = write(room, tool_id, id, &input, is_expected).await?;
    room.platforms.changed();
    room.events.committed();
    settled(&room.db, &before.id).await;
    tracing::info!(platform_id = before.id, ?warnings, "platform replaced");
    let platform = room.platforms.of_tool(tool_id, &before.id).await?;
    if platform.key_value != before.key_value {
        // A failure of the old address says nothing about the new one.
        room.platform_keys.forget(&before.id);
    }
    Ok(warning(super::answer(room, platform).await?, warnings))
}

/// Writes the platform and returns its former version.
async fn write<F>(
    room: &Directory,
    tool_id: &str,
    id: &str,
    input: &PlatformInput,
    is_expected: F,
) -> Result<Platform, Problem>
where
    F: Fn(&Platform) -> bool + Send + Sync,
{
    for _ in 0..TRIES {
        let before = room.platforms.of_tool(tool_id, id).await?;
        if !is_expected(&before) {
            break;
        }
        let now = room.clock.now_ms();
        let platform = input.clone().replacing(&before, now)?;
        if alike::is_moved(&before, &platform) {
            refuse_alike(room, &platform).await?;
        }
        let (seen, row) = (before.row.clone(), platform.into_row()?);
        let events = room.events.clone();
        let stored = room.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { entering::replace_seen(&mut tx, &events, &seen, row, now).await })
        });
        if stored.await.map_err(unless_taken(TAKEN))? {
            return Ok(before);
        }
    }
    Err(CHANGED.problem())
}
