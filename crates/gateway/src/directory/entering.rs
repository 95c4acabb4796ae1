//! Adds and replaces platforms, in the transactions of the API, of commands and of files.

use store::deliveries::{self, HeldPart};
use store::platforms::{self, Management, PlatformRow};
use store::{StoreError, Tx};

use crate::events::{Event, Events};

/// Stores a platform that was added by hand, and records the event.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if the tool has its issuer and client id.
pub(crate) async fn enter(
    tx: &mut Tx<'_>,
    events: &Events,
    row: PlatformRow,
) -> Result<(), StoreError> {
    events.record_new_platform(tx, &row).await?;
    platforms::insert(tx, row, Management::default()).await
}

/// Replaces what an administrator may set. If that activates or deactivates the platform, its
/// scores are released or held, and an event is recorded. False if the platform is gone or has
/// changed since it was read: nothing that the new version doesn't know of may be undone.
///
/// # Errors
/// As [`enter`].
pub(crate) async fn replace_seen(
    tx: &mut Tx<'_>,
    events: &Events,
    seen: &PlatformRow,
    row: PlatformRow,
    now_ms: i64,
) -> Result<bool, StoreError> {
    platforms::lock(tx, seen.id.clone()).await?;
    let found = platforms::by_id(tx, seen.id.clone()).await?;
    if found.as_ref() != Some(seen) {
        return Ok(false);
    }
    let (tool_id, platform_id, active) = (row.tool_id.clone(), row.id.clone(), row.active);
    let stopped_at = match active {
        true => deliveries::stopped_at(tx, &platform_id, now_ms).await?,
        false => None,
    };
    let is_known = platforms::replace(tx, row).await?;
    if is_known && seen.active != active {
        let what = HeldPart::Platform(platform_id.clone());
        deliveries::switch(tx, &what, active, stopped_at, now_ms).await?;
        let event = Event::PlatformSwitched {
            platform_id,
            active,
        };
        events.record(tx, &tool_id, &event).await?;
    }
    Ok(is_known)
}
