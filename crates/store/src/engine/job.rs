//! A write that waits for SQLite's writer, whatever it does and returns.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use super::claim::Claim;
use super::error::StoreError;
use super::tx::Tx;
use super::waiter::Waiter;

/// A waiting write.
pub(super) trait Job: Send {
    /// Runs the statements. True means that they take effect unless the commit fails.
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, bool>;
    /// Whether it consists of several statements, which must all take effect or none.
    fn is_several(&self) -> bool;
    /// Whether to carry it out; see [`Waiter::begin`].
    fn begin(&self) -> bool;
    /// Answers the waiting request. `None` means that the commit succeeded.
    fn answer(self: Box<Self>, failed: Option<StoreError>);
}

struct Work<T, E, F> {
    work: Option<F>,
    several: bool,
    done: Option<Result<T, E>>,
    waiter: Waiter<Result<T, E>>,
}

impl<T, E, F> Job for Work<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>> + Send,
{
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return false;
            };
            // A panic ends this job, never the writer.
            let done = AssertUnwindSafe(work(Tx::Sqlite(connection)))
                .catch_unwind()
                .await;
            self.done = done.ok();
            matches!(self.done, Some(Ok(_)))
        })
    }

    fn is_several(&self) -> bool {
        self.several
    }

    fn begin(&self) -> bool {
        self.waiter.begin()
    }

    fn answer(self: Box<Self>, failed: Option<StoreError>) {
        let answer = match (self.done, failed) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(failed)) => Err(failed.into()),
            (Some(done), None) => done,
            (None, None) => Err(StoreError::Stopped.into()),
        };
        self.waiter.answer(answer);
    }
}

/// Creates a write and the receiver for its answer. `several`: whether it has more than one
/// statement.
pub(super) fn of<T, E, F>(
    work: F,
    several: bool,
    claim: Claim,
) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
{
    let (waiter, answer) = Waiter::new(claim);
    let job = Work {
        work: Some(work),
        several,
        done: None,
        waiter,
    };
    (Box::new(job), answer)
}
