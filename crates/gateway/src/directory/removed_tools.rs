//! Deletes what removed tools have left behind in batches, so that launches into other tools hardly
//! notice.

use store::{Db, StoreError, removed_tools, tools};
use tokio::time::sleep;

use crate::directory::removal;
use crate::kit::clock::Stopwatch;

/// How long a replica may still write for a tool that another removed: far longer than it takes to
/// notice.
const LATE_MS: i64 = 60 * 60 * 1000;
/// How many platforms are looked up at a time.
const PLATFORMS: i64 = 100;

/// Deletes what removed tools have left behind, until nothing more can arrive.
///
/// # Errors
/// The store failed for at least one of them; the next call continues.
pub(crate) async fn clear(db: &Db, now_ms: i64) -> Result<(), StoreError> {
    let removed = tools::to_clear(&mut db.read().await?.tx()).await?;
    let mut all = Ok(());
    for (id, removed_at) in removed {
        let can_come = now_ms <= removed_at + LATE_MS;
        all = all.and(clear_tool(db, id, can_come, now_ms).await);
    }
    all
}

/// Deletes what is left of one tool. If that is nothing and no more `can_come`, the tool is done.
async fn clear_tool(db: &Db, id: String, can_come: bool, now_ms: i64) -> Result<(), StoreError> {
    let gone = clear_one(db, &id).await?;
    if gone > 0 {
        tracing::info!(tool_id = id, rows = gone, "a removed tool was cleared");
    } else if !can_come {
        let cleared = db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { tools::cleared(&mut tx, id, now_ms).await })
        });
        cleared.await?;
    }
    Ok(())
}

async fn clear_one(db: &Db, id: &str) -> Result<u64, StoreError> {
    macro_rules! sweep {
        ($remove:path) => {{
            let tool_id = id.to_owned();
            let sweep = db.sweep(move |mut tx, most| {
                let tool_id = tool_id.clone();
                Box::pin(async move { $remove(&mut tx, tool_id, most).await })
            });
            sweep.await?
        }};
    }
    let tool_id = id.to_owned();
    let few = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { removed_tools::remove_few(&mut tx, &tool_id).await })
    });
    few.await?;
    let platforms = clear_platforms(db, id).await?;
    let keys = sweep!(removed_tools::remove_signing_keys);
    let students = sweep!(removed_tools::remove_students);
    let usage = sweep!(removed_tools::remove_usage);
    let entries = sweep!(removed_tools::remove_audit_entries);
    Ok(platforms + keys + students + usage + entries)
}

/// Removes the tool's platforms, each of which may have any number of rows. Returns how many there
/// were.
async fn clear_platforms(db: &Db, tool_id: &str) -> Result<u64, StoreError> {
    let mut removed = 0;
    loop {
        let mut reader = db.read().await?;
        let some = removed_tools::platforms(&mut reader.tx(), tool_id, PLATFORMS).await?;
        drop(reader);
        if some.is_empty() {
            return Ok(removed);
        }
        for id in some {
            let begun = Stopwatch::start();
            removal::remove_children(db, &id).await?;
            removal::remove_scores(db, &id, i64::MAX).await?;
            let tool_id = tool_id.to_owned();
            let remove = db.write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { removal::remove(&mut tx, tool_id, id).await })
            });
            removed += u64::from(remove.await?);
            // Pauses, so that others get a turn, however small the platforms are.
            sleep(begun.elapsed()).await;
        }
    }
}
