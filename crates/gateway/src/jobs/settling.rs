//! The transaction that settles a job and takes the next one.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use store::jobs::{self, ClaimedJob, JobClaim};
use store::{StoreError, Tx};

use super::fate::{Fate, JobWrites};
use super::relay::NextOrder;
use super::work::Afterwards;

/// The result of storing a job's end.
pub(super) enum SettleResult {
    /// Stored, together with the job that was taken next; and what follows the commit.
    Ours(Option<ClaimedJob>, Option<Afterwards>),
    /// It was already settled, or another worker has it by now.
    NotOurs,
}

/// Why a job's end was not stored.
pub(super) enum SettleFailure {
    Store(StoreError),
    /// The room's additional writes panicked.
    BrokeOff,
}

impl From<StoreError> for SettleFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Settles a job. The next one is taken only if the job has ended, because a postponed job may be
/// due again.
///
/// # Errors
/// The store failed, or the additional writes panicked.
pub(super) async fn settle(
    tx: &mut Tx<'_>,
    settled: &JobClaim,
    mut writes: JobWrites,
    next: Option<NextOrder>,
) -> Result<SettleResult, SettleFailure> {
    let next = match next {
        Some(order) if order.is_alive(tx).await? => Some(order),
        _ => None,
    };
    while let Some((unless, other)) = writes.unless.take() {
        // Requests that change the outcome lock the job, too.
        jobs::lock(tx, &settled.id).await?;
        if whole(async { unless(tx).await }).await? {
            writes = *other;
        }
    }
    let JobWrites { fate, also, .. } = writes;
    let next = next.filter(|_| matches!(fate, Fate::End(_)));
    let is_ours = match fate {
        Fate::End(end) => jobs::end(tx, settled, end).await?,
        Fate::Again(history, due_at) => jobs::again(tx, settled, history, due_at).await?,
        Fate::Postponed(due_at) => jobs::postpone(tx, settled, due_at).await?,
    };
    if !is_ours {
        return Ok(SettleResult::NotOurs);
    }
    let afterwards = match also {
        Some(also) => whole(async { also(tx).await }).await?,
        None => None,
    };
    let next = match next {
        Some(order) => order.take(tx).await?,
        None => None,
    };
    Ok(SettleResult::Ours(next, afterwards))
}

/// A room's additional writes. If they panic, the transaction is rolled back and the worker is
/// told.
async fn whole<T>(
    writing: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, SettleFailure> {
    match AssertUnwindSafe(writing).catch_unwind().await {
        Ok(written) => written.map_err(SettleFailure::Store),
        Err(_) => Err(SettleFailure::BrokeOff),
    }
}
