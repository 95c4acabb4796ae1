//! Removes a platform with everything that belongs to it, however much that is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use store::{Db, StoreError, Tx, deliveries, platform_children, platforms, signing_keys};

/// Removes what a platform may have any number of, in batches that launches hardly notice. Stop the
/// platform first, so that nothing more arrives. A replica that hasn't noticed the stop yet may
/// still store something; that goes with the platform.
///
/// # Errors
/// The store failed. What is removed is gone; another call continues with the rest.
pub(crate) async fn remove_children(db: &Db, platform_id: &str) -> Result<(), StoreError> {
    let id = platform_id.to_owned();
    let sweep = db.sweep(move |mut tx, most| {
        let id = id.clone();
        Box::pin(async move { platform_children::remove(&mut tx, id, most).await })
    });
    sweep.await.map(drop)
}

/// Removes a platform's undelivered scores, in such batches as well: as many as may be lost, after
/// [`remove_children`].
///
/// # Errors
/// As there.
pub(crate) async fn remove_scores(db: &Db, platform_id: &str, lost: i64) -> Result<(), StoreError> {
    let id = platform_id.to_owned();
    let left = Arc::new(AtomicI64::new(lost));
    let sweep = db.sweep(move |mut tx, most| {
        let (id, left) = (id.clone(), Arc::clone(&left));
        Box::pin(async move {
            let most = most.min(left.load(Ordering::Relaxed));
            let removed = platform_children::remove_scores(&mut tx, id, most).await?;
            left.fetch_sub(i64::try_from(removed).unwrap_or(most), Ordering::Relaxed);
            Ok(removed)
        })
    });
    sweep.await.map(drop)
}

/// Removes a platform, what little is left of it, and our keys for it; false if the tool has no
/// such platform. Remove what it may have any number of first: see [`remove_children`] and
/// [`remove_scores`].
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

/// Empties and removes a platform that was stopped while no score for it was waiting. False if one
/// has arrived since: then the platform stays, stopped and empty except for that score.
///
/// # Errors
/// As [`remove_children`].
pub(crate) async fn remove_stopped(
    db: &Db,
    tool_id: &str,
    platform_id: &str,
) -> Result<bool, StoreError> {
    remove_children(db, platform_id).await?;
    let (tool_id, id) = (tool_id.to_owned(), platform_id.to_owned());
    let removing = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            if deliveries::undelivered(&mut tx, &id).await? > 0 {
                return Ok(false);
            }
            // If another call was faster, it is gone as well.
            remove(&mut tx, tool_id, id).await.map(|_| true)
        })
    });
    removing.await
}
