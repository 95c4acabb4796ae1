//! Students who have stopped coming are forgotten, if the tool says after how long (studyreel.md §7, item 9).

use store::{StoreError, students};

use super::room::StudyReel;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Removes them, a thousand at a time so that launches get their turn in between.
///
/// # Errors
/// The store failed.
pub async fn forget(room: &StudyReel) -> Result<(), StoreError> {
    for tool in room.tools.all().iter() {
        let days = tool.settings.retention.student_days;
        if days == 0 {
            continue;
        }
        let since = room.clock.now_ms() - i64::from(days) * DAY_MS;
        loop {
            let tool_id = tool.id.clone();
            let forget = room.db.write_long::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { students::forget(&mut tx, tool_id, since).await })
            });
            let forgotten = forget.await?;
            if forgotten > 0 {
                tracing::info!(tool_id = tool.id, forgotten, days, "students forgotten");
            }
            if forgotten < 1000 {
                break;
            }
        }
    }
    Ok(())
}
