//! What is left of a tool after its removal goes in batches, so that launches into the others hardly notice.

use store::{Db, StoreError, removed_tools, tools};

/// How long a replica may still write for a tool that another removed: far longer than it takes to hear of it.
const LATE_MS: i64 = 60 * 60 * 1000;

/// Removes what removed tools had, until nothing more can come.
///
/// # Errors
/// The store failed; the next time goes on.
pub(crate) async fn clear(db: &Db, now_ms: i64) -> Result<(), StoreError> {
    let removed = tools::to_clear(&mut db.read().await?.tx()).await?;
    for (id, removed_at) in removed {
        let gone = clear_one(db, &id).await?;
        if gone > 0 {
            tracing::info!(tool_id = id, rows = gone, "a removed tool was cleared");
        } else if now_ms > removed_at + LATE_MS {
            let cleared = db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { tools::cleared(&mut tx, id, now_ms).await })
            });
            cleared.await?;
        }
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
    let platforms = sweep!(removed_tools::remove_platforms);
    let keys = sweep!(removed_tools::remove_signing_keys);
    let students = sweep!(removed_tools::remove_students);
    let usage = sweep!(removed_tools::remove_usage);
    let entries = sweep!(removed_tools::remove_audit_entries);
    Ok(platforms + keys + students + usage + entries)
}
