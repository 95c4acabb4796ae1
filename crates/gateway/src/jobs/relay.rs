//! Handing over: a job that is done takes the next one of its share in the transaction that settles it, so that a long queue
//! costs one commit less for each job, and no look at the whole of it
//! (docs/decisions/0359-a-job-that-is-done-takes-the-next.md).

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use store::jobs::{self, ClaimedJob};
use store::{StoreError, Tx, job_workers};

/// Jobs of one share that a slot does one after the other. Then it is the other shares' turn.
const IN_A_ROW: usize = 8;

/// Whether running jobs may take next ones, which the worker then hears of.
#[derive(Debug)]
pub(super) struct Relay {
    is_open: AtomicBool,
    /// Jobs that may have taken a next one, and which the worker has not heard of.
    handing_over: AtomicUsize,
}

impl Relay {
    pub(super) fn new() -> Self {
        Self {
            is_open: AtomicBool::new(true),
            handing_over: AtomicUsize::new(0),
        }
    }

    /// Whether a job may take the next one, after so many in its slot. The worker must hear of its end.
    pub(super) fn begin(&self, in_a_row: usize) -> bool {
        if in_a_row >= IN_A_ROW {
            return false;
        }
        // In this order: who closes looks at the number afterwards.
        self.handing_over.fetch_add(1, Ordering::SeqCst);
        let is_open = self.is_open.load(Ordering::SeqCst);
        if !is_open {
            self.heard();
        }
        is_open
    }

    /// The worker has heard of the end of a job that might have taken a next one.
    pub(super) fn heard(&self) {
        self.handing_over.fetch_sub(1, Ordering::SeqCst);
    }

    pub(super) fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
    }

    /// From here on no job takes a next one; true once the worker knows of all that were taken.
    pub(super) fn close(&self) -> bool {
        self.is_open.store(false, Ordering::SeqCst);
        self.handing_over.load(Ordering::SeqCst) == 0
    }
}

/// What the next job must be like.
#[derive(Clone)]
pub(super) struct NextOrder {
    pub(super) worker: String,
    pub(super) kind: &'static str,
    pub(super) share: String,
    /// Jobs of the share at once, at all workers together.
    pub(super) room: i64,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

impl NextOrder {
    /// Whether the worker is one still. Asked before anything is written: whoever takes its jobs over locks it first, too.
    pub(super) async fn is_alive(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        job_workers::keep(tx, &self.worker).await
    }

    /// Takes the next job of the share that is due, if there is one and the share has room.
    pub(super) async fn take(self, tx: &mut Tx<'_>) -> Result<Option<ClaimedJob>, StoreError> {
        if jobs::running(tx, self.kind, &self.share).await? >= self.room {
            return Ok(None);
        }
        let next = jobs::claim(tx, &self.worker, self.kind, &self.share, self.now, 1).await?;
        Ok(next.into_iter().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_goes_on_for_a_while_and_only_while_the_relay_is_open() {
        let relay = Relay::new();
        assert!(relay.begin(0));
        assert!(!relay.begin(IN_A_ROW), "the others' turn");
        assert!(!relay.close(), "one is handing over");
        assert!(!relay.begin(1), "closed");
        relay.heard();
        assert!(relay.close());
        relay.open();
        assert!(relay.begin(IN_A_ROW - 1));
    }
}
