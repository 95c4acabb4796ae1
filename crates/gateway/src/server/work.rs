//! The work that a connection's input causes counts towards its task's turn.
//!
//! The runtime counts reads of sockets, however much there is to do for what they bring: thousands
//! of frames or a head of 64 KiB. So a connection used to keep others waiting for milliseconds
//! (decision 0485).

use std::task::{Context, Poll, ready};

use tokio::task::coop::poll_proceed;

/// So many bytes count like another read; a turn has 128 of them.
const BYTES_EACH: usize = 1_024;
/// What a frame counts for besides its bytes.
const FRAME: usize = 128;

/// The work of one connection.
#[derive(Default)]
pub(super) struct ConnectionWork {
    /// Bytes that have not been counted yet.
    rest: usize,
}

impl ConnectionWork {
    /// Waits for the task's next turn if this one is over.
    pub(super) fn poll_turn(context: &mut Context<'_>) -> Poll<()> {
        ready!(poll_proceed(context)).made_progress();
        Poll::Ready(())
    }

    /// Counts what came: bytes, and how many frames ended in them.
    pub(super) fn came(&mut self, context: &mut Context<'_>, bytes: usize, frames: usize) {
        self.rest += bytes + frames * FRAME;
        let units = self.rest / BYTES_EACH;
        self.rest %= BYTES_EACH;
        for _ in 0..units {
            if Self::poll_turn(context).is_pending() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::task::coop::has_budget_remaining;
    use tokio::task::yield_now;

    use super::*;

    /// Whether the task may go on after this.
    async fn may_go_on(work: &mut ConnectionWork, bytes: usize, frames: usize) -> bool {
        yield_now().await;
        poll_fn(|context| {
            work.came(context, bytes, frames);
            Poll::Ready(has_budget_remaining())
        })
        .await
    }

    #[tokio::test]
    async fn much_input_ends_the_turn() {
        let mut work = ConnectionWork::default();
        assert!(may_go_on(&mut work, 64 * 1024, 0).await);
        assert!(!may_go_on(&mut work, 256 * 1024, 0).await);
        assert!(may_go_on(&mut work, 9 * 100, 100).await, "a new turn");
        assert!(!may_go_on(&mut work, 9 * 2_000, 2_000).await);
    }
}
