//! Links that don't open: so many a minute of one address are looked up at once, and the rest one after another. Anybody may
//! ask for any link, and a class behind the same address opens its own (decision 0370).

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::kit::cache::Cache;
use crate::web::client::Source;

/// Refused links of one address, a minute.
pub(super) const PER_MINUTE: u32 = 600;
/// Addresses that are remembered at most.
const SOURCES: usize = 20_000;
/// How long a link waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whose links have to wait for their turn, by tool.
pub(super) struct RefusedLinks {
    waiting: Cache<(String, Source), u32>,
    /// One look-up at a time, of all who have to wait, in their order.
    lane: Semaphore,
    patience: Duration,
}

impl Default for RefusedLinks {
    fn default() -> Self {
        Self::patient(PATIENCE)
    }
}

impl RefusedLinks {
    fn patient(patience: Duration) -> Self {
        let waiting = Cache::new(SOURCES);
        Self {
            waiting: waiting.living(|seconds: &u32| Duration::from_secs((*seconds).into())),
            lane: Semaphore::new(1),
            patience,
        }
    }

    /// Waits until a link from this address may be looked up: at once, unless it has had its share of refusals. Whoever looks
    /// it up keeps what this gives until then.
    ///
    /// # Errors
    /// The seconds to wait: too many are in front.
    pub(super) async fn turn(
        &self,
        tool_id: &str,
        source: Source,
    ) -> Result<Option<SemaphorePermit<'_>>, u32> {
        let Some(seconds) = self.waiting.get(&(tool_id.to_owned(), source)) else {
            return Ok(None);
        };
        match tokio::time::timeout(self.patience, self.lane.acquire()).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            _ => Err(seconds),
        }
    }

    /// The address has had its share of refusals.
    pub(super) fn wait(&self, tool_id: &str, source: Source, seconds: u32) {
        self.waiting.insert((tool_id.to_owned(), source), seconds);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_had_their_share_take_turns_and_nobody_else() {
        let refused = RefusedLinks::patient(Duration::from_millis(20));
        let [one, other] = [1, 2].map(|last| Source::of_address([192, 0, 2, last].into()));
        assert!(refused.turn("tool", one).await.unwrap().is_none());
        refused.wait("tool", one, 60);
        let turn = refused.turn("tool", one).await.unwrap();
        assert!(turn.is_some());
        assert_eq!(refused.turn("tool", one).await.err(), Some(60));
        assert!(refused.turn("tool", other).await.unwrap().is_none());
        assert!(refused.turn("another", one).await.unwrap().is_none());
        drop(turn);
        assert!(refused.turn("tool", one).await.unwrap().is_some());
    }
}
