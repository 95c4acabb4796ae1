//! SQLite's one writer: takes the writes that wait, runs them in one transaction, commits once, then answers each.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use super::budget::spent;
use super::checkpoints::Checkpoints;
use super::error::StoreError;
use super::grouped::{Answers, Grouped, Waiting};
use super::job::{self, Job};
use super::tx::Tx;

/// Writes that one commit takes at most, so that the last answer of a burst doesn't wait long.
const GROUP: usize = 256;

/// A handle to the writer task.
#[derive(Clone)]
pub struct Writer<R> {
    queue: mpsc::Sender<Message<R>>,
    patience: Duration,
}

enum Message<R> {
    Write(Box<dyn Job>),
    /// The write that comes by the thousand: all that wait are stored with few statements.
    Row(Waiting<R>),
    Stop(oneshot::Sender<()>),
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
        let (job, answer) = job::of(work, several);
        let stopped = || E::from(StoreError::Stopped);
        let writing = async {
            let queued = self.queue.send(Message::Write(job)).await;
            queued.map_err(|_| stopped())?;
            answer.await.unwrap_or_else(|_| Err(stopped()))
        };
        spent(self.patience, writing).await?
    }

    /// Queues a row and waits until it is committed; false if the same was stored before.
    pub(super) async fn insert(&self, row: R) -> Result<bool, StoreError> {
        let (waiting, answer) = Waiting::new(row);
        let inserting = async {
            let queued = self.queue.send(Message::Row(waiting)).await;
            queued.map_err(|_| StoreError::Stopped)?;
            answer.await.unwrap_or(Err(StoreError::Stopped))
        };
        spent(self.patience, inserting).await?
    }

    /// Waits until all queued writes are committed and the connection is closed.
    pub(super) async fn stop(&self) {
        let (reply, stopped) = oneshot::channel();
        if self.queue.send(Message::Stop(reply)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

/// What is committed together.
struct Group<R> {
    jobs: Vec<Box<dyn Job>>,
    rows: Vec<R>,
    replies: Vec<oneshot::Sender<Result<bool, StoreError>>>,
}

impl<R: Grouped> Group<R> {
    /// Sorts messages: what is committed, and the request to stop if it is among them.
    fn of(messages: impl Iterator<Item = Message<R>>) -> (Self, Option<oneshot::Sender<()>>) {
        let mut stop = None;
        let mut group = Self {
            jobs: Vec::new(),
            rows: Vec::new(),
            replies: Vec::new(),
        };
        for message in messages {
            match message {
                Message::Write(job) if job.is_waited_for() => group.jobs.push(job),
                Message::Write(_) => {}
                Message::Row(waiting) if waiting.is_waited_for() => {
                    group.rows.push(waiting.row);
                    group.replies.push(waiting.reply);
                }
                Message::Row(_) => {}
                Message::Stop(reply) => stop = Some(reply),
            }
        }
        (group, stop)
    }

    /// Answers every request of the group.
    fn answer(self, committed: Result<Answers, StoreError>) {
        let error = committed.as_ref().err();
        let error: Option<Arc<str>> = error.map(|error| error.to_string().into());
        for job in self.jobs {
            job.answer(error.clone().map(StoreError::Group));
        }
        let answers = committed.unwrap_or_else(|error| error.for_each(self.replies.len()));
        for (reply, answer) in self.replies.into_iter().zip(answers) {
            // The request may have gone; its write stays all the same.
            let _ = reply.send(answer);
        }
    }
}

async fn serve<R: Grouped>(
    mut connection: SqliteConnection,
    mut waiting: mpsc::Receiver<Message<R>>,
    mut checkpoints: Checkpoints,
) {
    let mut messages = Vec::with_capacity(GROUP);
    let mut stop = None;
    while stop.is_none() && waiting.recv_many(&mut messages, GROUP).await > 0 {
        let mut group;
        (group, stop) = Group::of(messages.drain(..));
        let writes = group.jobs.len() + group.rows.len();
        let committed = commit(&mut connection, &mut group).await;
        match &committed {
            Ok(_) => checkpoints.committed(writes),
            Err(error) => {
                tracing::error!(%error, writes, "a group of writes was not committed");
                // The transaction may still be open; if it isn't, this fails harmlessly.
                let _ = sqlx::query("ROLLBACK").execute(&mut connection).await;
            }
        }
        group.answer(committed);
        // Let ready tasks run first: the next group gets larger, and every group costs a sync.
        tokio::task::yield_now().await;
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

/// Runs a group in one transaction and gives its rows' answers. A failing job is undone alone; the others still commit.
async fn commit<R: Grouped>(
    connection: &mut SqliteConnection,
    group: &mut Group<R>,
) -> Result<Answers, StoreError> {
    // A single statement is a transaction already.
    match (group.jobs.as_mut_slice(), group.rows.as_slice()) {
        ([job], []) if !job.is_several() => {
            job.run(connection).await;
            return Ok(Vec::new());
        }
        ([], rows) if rows.len() <= R::ROWS => {
            return R::insert_all(&mut Tx::Sqlite(connection), &group.rows).await;
        }
        _ => {}
    }
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut *connection)
        .await?;
    let answers = R::insert_all(&mut Tx::Sqlite(connection), &group.rows).await?;
    for job in &mut group.jobs {
        // Who was refused while others of the group were at work may send the same again.
        if !job.is_waited_for() {
            continue;
        }
        // A failing statement undoes itself; only several of them need a savepoint to go back to.
        if !job.is_several() {
            job.run(connection).await;
            continue;
        }
        sqlx::query("SAVEPOINT job")
            .execute(&mut *connection)
            .await?;
        if !job.run(connection).await || !job.is_waited_for() {
            sqlx::query("ROLLBACK TO job")
                .execute(&mut *connection)
                .await?;
        }
        sqlx::query("RELEASE job").execute(&mut *connection).await?;
    }
    sqlx::query("COMMIT").execute(&mut *connection).await?;
    Ok(answers)
}
