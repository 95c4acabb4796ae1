//! The transaction that settles a job, and takes the next one with it.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use store::jobs::{self, ClaimedJob, Settled};
use store::{StoreError, Tx};

use super::fate::{Fate, JobWrites};
use super::relay::NextOrder;

/// What came of writing a job's end.
pub(super) enum Written {
    /// With the job that was taken next.
    Ours(Option<ClaimedJob>),
    /// It was settled before, or others have it by now.
    NotOurs,
}

/// Why a job's end was not written.
pub(super) enum Unwritten {
    Store(StoreError),
    /// What a room writes with it panicked.
    BrokeOff,
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Settles a job. What is to be taken next is taken only if the job has ended: one that was put off may be due again.
///
/// # Errors
/// The store failed, or what is to be written panicked.
pub(super) async fn settle(
    tx: &mut Tx<'_>,
    settled: &Settled,
    mut writes: JobWrites,
    next: Option<NextOrder>,
) -> Result<Written, Unwritten> {
    let next = match next {
        Some(order) if order.is_alive(tx).await? => Some(order),
        _ => None,
    };
    while let Some((unless, other)) = writes.unless.take() {
        // Whoever asks for something else holds the job, too.
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
        return Ok(Written::NotOurs);
    }
    if let Some(also) = also {
        whole(async { also(tx).await }).await?;
    }
    Ok(Written::Ours(match next {
        Some(order) => order.take(tx).await?,
        None => None,
    }))
}

/// What a room writes, unless it panics: the transaction is rolled back then, and the worker hears of it.
async fn whole<T>(writing: impl Future<Output = Result<T, StoreError>>) -> Result<T, Unwritten> {
    match AssertUnwindSafe(writing).catch_unwind().await {
        Ok(written) => written.map_err(Unwritten::Store),
        Err(_) => Err(Unwritten::BrokeOff),
    }
}
