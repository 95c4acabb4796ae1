//! Rows that many requests store at the same time.

use std::cmp::Ordering;

use super::error::StoreError;
use super::tx::Tx;
use super::waiter::Waiter;

/// The result for each of several rows: false if the same row was already stored.
pub(crate) type Answers = Vec<Result<bool, StoreError>>;

/// A frequent kind of row: all waiting ones are stored with few statements, and each gets its own
/// answer.
pub trait Grouped: Send + Sync + Sized + 'static {
    /// The most rows per statement.
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

    /// Stores the rows one by one; also used after an attempt that may have been committed before
    /// its answer was lost.
    fn insert_each(
        tx: &mut Tx<'_>,
        rows: &[Self],
    ) -> impl Future<Output = Vec<Result<bool, StoreError>>> + Send;
}

/// A row to store, and the request that waits for it. If it is called off, the same row may come
/// again.
pub(super) struct Waiting<R> {
    pub(super) row: R,
    pub(super) waiter: Waiter<Result<bool, StoreError>>,
}
