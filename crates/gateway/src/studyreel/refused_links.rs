//! Links that don't open: per address, a fixed number a minute is looked up at once, and the rest
//! one after another. Anyone can ask for any link, while a class behind the same address has to get
//! in (decision 0370).

use std::time::Duration;

use tokio::sync::SemaphorePermit;

use crate::kit::cache::Cache;
use crate::web::client::Source;
use crate::web::turns::Turns;

/// Refused links of one address per minute.
pub(super) const PER_MINUTE: u32 = 600;
/// Number of addresses remembered.
const SOURCES: usize = 20_000;

/// The addresses whose links have to queue, by tool.
pub(super) struct RefusedLinks {
    waiting: Cache<(String, Source), u32>,
    /// Looks up one link at a time, in order, for all addresses that have to queue.
    lane: Turns,
}

impl Default for RefusedLinks {
    fn default() -> Self {
        let waiting = Cache::new(SOURCES);
        Self {
            waiting: waiting.living(|seconds: &u32| Duration::from_secs((*seconds).into())),
            lane: Turns::new(1),
        }
    }
}

impl RefusedLinks {
    /// Waits until a link from this address may be looked up, which is at once unless it has used
    /// up its refusals. Keep the returned permit during the look-up.
    ///
    /// # Errors
    /// The queue is too long; the seconds to wait.
    pub(super) async fn turn(
        &self,
        tool_id: &str,
        source: Source,
    ) -> Result<Option<SemaphorePermit<'_>>, u32> {
        let Some(seconds) = self.waiting.get(&(tool_id.to_owned(), source)) else {
            return Ok(None);
        };
        let turn = self.lane.take(source).await;
        turn.map(Some).map_err(|_| seconds)
    }

    /// Makes this address queue, because it used up its refusals.
    pub(super) fn wait(&self, tool_id: &str, source: Source, seconds: u32) {
        self.waiting.insert((tool_id.to_owned(), source), seconds);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use store::within_budget;

    use super::*;

    #[tokio::test]
    async fn who_had_their_share_take_turns_and_nobody_else() {
        let refused = RefusedLinks::default();
        let [one, other] = [1, 2].map(|last| Source::of_address([192, 0, 2, last].into()));
        assert!(refused.turn("tool", one).await.unwrap().is_none());
        refused.wait("tool", one, 60);
        let turn = refused.turn("tool", one).await.unwrap();
        assert!(turn.is_some());
        // Without any time left for the store.
        let late = within_budget(Duration::ZERO, refused.turn("tool", one));
        assert_eq!(late.await.err(), Some(60));
        assert!(refused.turn("tool", other).await.unwrap().is_none());
        assert!(refused.turn("another", one).await.unwrap().is_none());
        drop(turn);
        assert!(refused.turn("tool", one).await.unwrap().is_some());
    }
}
