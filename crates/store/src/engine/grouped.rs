//! Rows that many requests store at once.

use std::cmp::Ordering;

use super::error::StoreError;
use super::tx::Tx;
use super::waiter::Waiter;

/// What each of several rows came to: false if the same was stored before.
pub(crate) type Answers = Vec<Result<bool, StoreError>>;

/// A row that comes by the thousand: those that wait are stored with few statements, and each gets its own answer.
pub trait Grouped: Send + Sync + Sized + 'static {
    /// Rows that one statement takes at most.
    const ROWS: usize;

    /// The order in which a batch is stored, so that two batches with the same rows can't deadlock.
    fn order(&self, other: &Self) -> Ordering;

    /// Stores several rows with few statements.
    ///
    /// # Errors
    /// The store failed for all of them.
    fn insert_all(
        tx: &mut Tx<'_>,
        rows: &[Self],
    ) -> impl Future<Output = Result<Vec<Result<bool, StoreError>>, StoreError>> + Send;

    /// The same one by one; also after an attempt that may have been committed before its answer was lost.
    fn insert_each(
        tx: &mut Tx<'_>,
        rows: &[Self],
    ) -> impl Future<Output = Vec<Result<bool, StoreError>>> + Send;
}

/// A row to be stored, and the request that waits for it. Called off, the same row may come again.
pub(super) struct Waiting<R> {
    pub(super) row: R,
    pub(super) waiter: Waiter<Result<bool, StoreError>>,
}
