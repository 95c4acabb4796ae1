//! The relay: a finished job takes the next one of its share in the transaction that settles it. In
//! a long queue that saves a commit per job, and a scan of the queue
//! (docs/decisions/0359-a-job-that-is-done-takes-the-next.md).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use store::jobs::ClaimedJob;
use store::{StoreError, Tx, job_workers};

use super::share_claim::ShareClaim;

/// Jobs of one share that a slot does one after the other, if they are quick. Then it is the other
/// shares' turn.
const IN_A_ROW: usize = 32;

/// The jobs of one share that a slot does in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotRow {
    /// How many have begun.
    begun: usize,
    /// When the first one began, by the clock's uptime.
    since: Duration,
}

impl SlotRow {
    /// A row that begins now, with one job.
    pub(super) fn new(uptime: Duration) -> Self {
        Self {
            begun: 1,
            since: uptime,
        }
    }

    /// The row with one more job.
    pub(super) fn longer(self) -> Self {
        Self {
            begun: self.begun + 1,
            ..self
        }
    }
}

/// Whether running jobs may take the next ones, which the worker learns about later.
#[derive(Debug)]
pub(super) struct Relay {
    /// After this time, other shares get their turn, however few jobs were done.
    turn: Duration,
    is_open: AtomicBool,
    /// How many jobs may have taken a next one that the worker doesn't know about yet.
    handing_over: AtomicUsize,
}

/// A job that may take a next one. Dropped by the worker once it knows of the job's end, or
/// together with a task that panicked.
#[derive(Debug)]
pub(super) struct HandingOver(Arc<Relay>);

impl Drop for HandingOver {
    fn drop(&mut self) {
        self.0.handing_over.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Relay {
    pub(super) fn new(turn: Duration) -> Self {
        Self {
            turn,
            is_open: AtomicBool::new(true),
            handing_over: AtomicUsize::new(0),
        }
    }

    /// Lets a job take the next one, unless its slot's row has been long enough. The worker must be
    /// told of its end.
    pub(super) fn begin(self: &Arc<Self>, row: SlotRow, uptime: Duration) -> Option<HandingOver> {
        if row.begun >= IN_A_ROW || uptime.saturating_sub(row.since) >= self.turn {
            return None;
        }
        // In this order, because `close` reads the number afterwards.
        self.handing_over.fetch_add(1, Ordering::SeqCst);
        let handing_over = HandingOver(self.clone());
        self.is_open.load(Ordering::SeqCst).then_some(handing_over)
    }

    pub(super) fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
    }

    /// From now on, no job takes a next one. Returns true once the worker knows about all that were
    /// taken.
    pub(super) fn close(&self) -> bool {
        self.is_open.store(false, Ordering::SeqCst);
        self.handing_over.load(Ordering::SeqCst) == 0
    }
}

/// The conditions for the next job.
#[derive(Clone)]
pub(super) struct NextOrder {
    pub(super) worker: String,
    pub(super) kind: &'static str,
    pub(super) share: String,
    /// How many jobs of the share may run at once, across all workers.
    pub(super) room: i64,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

impl NextOrder {
    /// Whether the worker still counts as alive. Checked before anything is written: a worker that
    /// takes its jobs over locks it first, too.
    pub(super) async fn is_alive(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        job_workers::keep(tx, &self.worker).await
    }

    /// Takes the next due job of the share, if there is one and the share has room.
    pub(super) async fn take(self, tx: &mut Tx<'_>) -> Result<Option<ClaimedJob>, StoreError> {
        let claim = ShareClaim {
            worker: &self.worker,
            kind: self.kind,
            share: &self.share,
            everywhere: self.room,
            now: self.now,
        };
        Ok(claim.take(tx, 1).await?.pop())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);
    const TURN: Duration = Duration::from_secs(1);

    #[test]
    fn a_slot_does_some_jobs_in_a_row_or_fewer_that_take_long() {
        let relay = Arc::new(Relay::new(TURN));
        let mut row = SlotRow::new(NOW);
        for _ in 1..IN_A_ROW {
            assert!(relay.begin(row, NOW).is_some());
            row = row.longer();
        }
        assert!(relay.begin(row, NOW).is_none(), "the last takes no other");
        let row = SlotRow::new(NOW);
        let almost = NOW + TURN - Duration::from_millis(1);
        assert!(relay.begin(row, almost).is_some());
        assert!(relay.begin(row, NOW + TURN).is_none(), "the others' turn");
    }

    #[test]
    fn jobs_are_taken_only_while_the_relay_is_open() {
        let relay = Arc::new(Relay::new(TURN));
        let row = SlotRow::new(NOW);
        let handing_over = relay.begin(row, NOW);
        assert!(handing_over.is_some());
        assert!(!relay.close(), "one is handing over");
        assert!(relay.begin(row, NOW).is_none(), "closed");
        drop(handing_over);
        assert!(relay.close(), "the worker has heard of it");
        relay.open();
        assert!(relay.begin(row, NOW).is_some());
    }
}
