//! SQLite's single writer: takes waiting writes, runs them in one transaction, commits once, then
//! answers each.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use super::budget::spent_on;
use super::checkpoints::Checkpoints;
use super::claim::Claim;
use super::error::StoreError;
use super::group::{Group, WriterMessage};
use super::grouped::{Grouped, Waiting};
use super::job;
use super::tx::Tx;
use super::waiter::Waiter;

/// The most writes per commit, so that the last answer of a burst doesn't take long.
const GROUP: usize = 256;

/// A handle to the writer task.
#[derive(Clone)]
pub struct Writer<R> {
    queue: mpsc::Sender<WriterMessage<R>>,
    patience: Duration,
}

impl<R: Grouped> Writer<R> {
    /// Starts the task that owns the connection.
    pub(super) fn start(
        connection: SqliteConnection,
        checkpoints: Checkpoints,
        patience: Duration,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(GROUP * 4);
        tokio::spawn(serve(connection, waiting, checkpoints));
        Self { queue, patience }
    }

    /// Queues `work` and waits until it is committed.
    pub(super) async fn run<T, E, F>(&self, work: F, several: bool) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        let claim = Claim::default();
        let (job, answer) = job::of(work, several, claim.clone());
        let stopped = || E::from(StoreError::Stopped);
        let writing = async {
            let queued = self.queue.send(WriterMessage::Write(job)).await;
            queued.map_err(|_| stopped())?;
            answer.await.unwrap_or_else(|_| Err(stopped()))
        };
        spent_on(self.patience, &claim, writing).await?
    }

    /// Queues a row and waits until it is committed. Returns false if the same row was already
    /// stored.
    pub(super) async fn insert(&self, row: R) -> Result<bool, StoreError> {
        let claim = Claim::default();
        let (waiter, answer) = Waiter::new(claim.clone());
        let waiting = Waiting { row, waiter };
        let inserting = async {
            let queued = self.queue.send(WriterMessage::Row(waiting)).await;
            queued.map_err(|_| StoreError::Stopped)?;
            answer.await.unwrap_or(Err(StoreError::Stopped))
        };
        spent_on(self.patience, &claim, inserting).await?
    }

    /// Waits until all queued writes are committed and the connection is closed.
    pub(super) async fn stop(&self) {
        let (reply, stopped) = oneshot::channel();
        if self.queue.send(WriterMessage::Stop(reply)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

async fn serve<R: Grouped>(
    mut connection: SqliteConnection,
    mut waiting: mpsc::Receiver<WriterMessage<R>>,
    mut checkpoints: Checkpoints,
) {
    let mut messages = Vec::with_capacity(GROUP);
    let mut stop = None;
    while stop.is_none() && waiting.recv_many(&mut messages, GROUP).await > 0 {
        let mut group;
        (group, stop) = Group::of(messages.drain(..));
        while !group.is_empty() {
            let writes = group.len();
            let committed = group.commit(&mut connection).await;
            match &committed {
                Ok(_) => checkpoints.committed(writes),
                Err(error) => {
                    tracing::error!(%error, writes, "a group of writes was not committed");
                    // The transaction may still be open; if not, this fails harmlessly.
                    let _ = sqlx::query("ROLLBACK").execute(&mut connection).await;
                }
            }
            group = group.answer(committed);
            // Let ready tasks run first: that makes the next group larger, and every group costs a
            // sync.
            tokio::task::yield_now().await;
        }
    }
    waiting.close();
    checkpoints.stop().await;
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the database was not closed cleanly");
    }
    if let Some(stopped) = stop {
        let _ = stopped.send(());
    }
}
