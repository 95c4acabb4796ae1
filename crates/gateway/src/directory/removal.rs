//! Removing a platform with everything that belongs to it, however much that is.

use store::{Db, StoreError, Tx, platform_children, platforms, signing_keys};

/// Removes, in batches that launches hardly notice, what a platform may have any number of. The platform itself must have been
/// stopped, so that nothing comes after it; what a replica that has not heard of that still stores goes with the platform.
///
/// # Errors
/// The store failed. What is removed is gone; asking once more goes on with the rest.
pub(crate) async fn remove_children(db: &Db, platform_id: &str) -> Result<(), StoreError> {
    let id = platform_id.to_owned();
    let sweep = db.sweep(move |mut tx, most| {
        let id = id.clone();
        Box::pin(async move { platform_children::remove(&mut tx, id, most).await })
    });
    sweep.await.map(drop)
}

/// Removes a platform, what little it has left, and our keys for it; false if the tool has no such platform.
///
/// # Errors
/// The store failed.
pub(crate) async fn remove(
    tx: &mut Tx<'_>,
    tool_id: String,
    platform_id: String,
) -> Result<bool, StoreError> {
    let removed = platforms::delete(tx, tool_id, platform_id.clone()).await?;
    if removed {
        signing_keys::delete_of_platform(tx, platform_id).await?;
    }
    Ok(removed)
}
