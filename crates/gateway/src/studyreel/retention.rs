//! Forgets students who have stopped coming, if the tool sets a time limit (studyreel.md §7, item
//! 9).

use std::sync::Arc;

use store::{StoreError, students};

use super::room::StudyReel;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Removes the students whose time is over at `now`, in milliseconds since 1970. The batches are
/// small enough that launches hardly notice.
///
/// # Errors
/// The store failed for at least one tool.
pub async fn forget(room: &StudyReel, now: i64) -> Result<(), StoreError> {
    let mut all = Ok(());
    for tool in room.tools.all().iter() {
        let days = tool.settings.retention.student_days;
        if days == 0 {
            continue;
        }
        let since = now - i64::from(days) * DAY_MS;
        let tool_id: Arc<str> = tool.id.as_str().into();
        let forget = room.db.sweep(move |mut tx, most| {
            let tool_id = tool_id.clone();
            Box::pin(async move { students::forget(&mut tx, &tool_id, since, most).await })
        });
        let forgotten = forget.await;
        if let Ok(forgotten @ 1..) = forgotten {
            tracing::info!(tool_id = tool.id, forgotten, days, "students forgotten");
        }
        all = all.and(forgotten.map(drop));
    }
    all
}
