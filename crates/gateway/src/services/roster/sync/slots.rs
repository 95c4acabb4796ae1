//! Limits how many rosters a tool synchronises at once, because each may take a hundred megabytes
//! of memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::web::api_rule::ApiRule;
use crate::web::problem::{A_MOMENT, Problem};

const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_SYNCS",
    StatusCode::SERVICE_UNAVAILABLE,
    "4 rosters are being taken already. Try again in a moment.",
)
.retry_after(A_MOMENT);

/// The limit per tool.
const AT_ONCE: usize = 4;
/// How long a sync waits for its turn.
const WAIT: Duration = Duration::from_secs(5);

/// Syncs in progress, by tool. Cloning it is cheap.
#[derive(Clone, Default)]
pub(crate) struct SyncSlots(Arc<Mutex<HashMap<String, Arc<Semaphore>>>>);

impl SyncSlots {
    /// A slot for one sync, until it is dropped.
    ///
    /// # Errors
    /// 503 if none becomes free in time.
    pub(super) async fn take(&self, tool_id: &str) -> Result<OwnedSemaphorePermit, Problem> {
        self.take_within(tool_id, WAIT).await
    }

    async fn take_within(
        &self,
        tool_id: &str,
        wait: Duration,
    ) -> Result<OwnedSemaphorePermit, Problem> {
        let free = self.of_tool(tool_id).acquire_owned();
        match timeout(wait, free).await {
            Ok(slot) => slot.map_err(Problem::internal),
            Err(_) => Err(TOO_MANY.problem()),
        }
    }

    fn of_tool(&self, tool_id: &str) -> Arc<Semaphore> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slots = all.entry(tool_id.to_owned());
        // An installation has few tools, so entries are never removed.
        slots
            .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)))
            .clone()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tool_takes_so_many_rosters_at_once_and_no_more() {
        let slots = SyncSlots::default();
        let mut taken = Vec::new();
        for _ in 0..AT_ONCE {
            taken.push(slots.take("tool").await.unwrap());
        }
        let refused = slots.take_within("tool", Duration::from_millis(10)).await;
        let refused = refused.map(drop).unwrap_err();
        assert_eq!(
            (refused.status, refused.code, refused.retry_after),
            (StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_SYNCS", Some(5))
        );
        // Other tools are not affected, and a waiting sync gets the first slot that becomes free.
        drop(slots.take("other").await.unwrap());
        let (slot, ()) = tokio::join!(slots.take("tool"), async { drop(taken.pop()) });
        drop(slot.unwrap());
    }
}
