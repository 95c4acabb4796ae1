//! Chains are checked one at a time, because anyone who may read the log can ask for that again and
//! again. A tool has one place in that queue, however often its chain is asked for, so that tools
//! take turns (decision 0521).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::{StoreError, behind_another};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The checks under way. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct ChainTurns(Arc<ChainTurnsInner>);

struct ChainTurnsInner {
    any: Arc<Semaphore>,
    of_tools: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The turn of one check, until dropped. The semaphores are never closed.
pub(super) struct ChainTurn {
    _both: [Option<OwnedSemaphorePermit>; 2],
}

impl Default for ChainTurns {
    fn default() -> Self {
        Self(Arc::new(ChainTurnsInner {
            any: Arc::new(Semaphore::new(1)),
            of_tools: Mutex::default(),
        }))
    }
}

impl ChainTurns {
    /// Waits for a turn of this tool: as long as the budget allows, or up to `most` without one.
    ///
    /// # Errors
    /// It doesn't come in time.
    pub(super) async fn take(
        &self,
        tool_id: &str,
        most: Duration,
    ) -> Result<ChainTurn, StoreError> {
        let own = self.of_tool(tool_id).acquire_owned();
        let own = behind_another(most, own).await?.ok();
        let any = self.0.any.clone().acquire_owned();
        let any = behind_another(most, any).await?.ok();
        Ok(ChainTurn { _both: [own, any] })
    }

    fn of_tool(&self, tool_id: &str) -> Arc<Semaphore> {
        let of_tools = self.0.of_tools.lock();
        let mut of_tools = of_tools.unwrap_or_else(PoisonError::into_inner);
        // Never removed: an installation has few tools.
        let own = of_tools.entry(tool_id.to_owned());
        own.or_insert_with(|| Arc::new(Semaphore::new(1))).clone()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_tool_that_asks_often_waits_behind_the_others() {
        let turns = ChainTurns::default();
        let first = turns.take("a", LONG).await.unwrap();
        let mut second = Box::pin(turns.take("a", LONG));
        let mut third = Box::pin(turns.take("a", LONG));
        let mut other = Box::pin(turns.take("b", LONG));
        for waiting in [&mut second, &mut third] {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        assert!(other.as_mut().now_or_never().is_none());
        drop(first);
        assert!(
            second.as_mut().now_or_never().is_none(),
            "it comes after the other tool"
        );
        let others = other.as_mut().now_or_never().unwrap().unwrap();
        assert!(third.as_mut().now_or_never().is_none());
        drop(others);
        assert!(second.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_turn_is_not_waited_for_for_ever() {
        let turns = ChainTurns::default();
        let _taken = turns.take("a", LONG).await.unwrap();
        for tool in ["a", "b"] {
            let late = turns.take(tool, Duration::from_millis(10)).await;
            assert!(late.is_err(), "{tool}");
        }
    }
}
