//! SQLite's one writer: takes the writes that wait, runs them in one transaction, commits once, then answers each.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use super::checkpoints::Checkpoints;
use super::db::{StoreError, Tx};
use super::launches::{self, NewLaunch};

/// How many writes one commit takes at most; keeps a burst's last answer from waiting long.
const GROUP: usize = 256;

/// A handle to the writer task.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Message>,
}

#[expect(
    clippy::large_enum_variant,
    reason = "nearly every message is a launch"
)]
enum Message {
    Write(Box<dyn Job>),
    /// The write that comes by the thousand: all that wait are stored with few statements.
    Launch(WaitingLaunch),
    Stop(oneshot::Sender<()>),
}

/// A launch to be stored, and who waits for it.
pub(super) struct WaitingLaunch {
    /// The launch.
    pub(super) row: NewLaunch,
    /// Gets what [`launches::insert`] would have answered.
    pub(super) reply: oneshot::Sender<Result<bool, StoreError>>,
}

impl WaitingLaunch {
    /// Whether somebody still waits. Who was refused meanwhile, or went away, may launch with the same form again.
    pub(super) fn is_waited_for(&self) -> bool {
        !self.reply.is_closed()
    }
}

/// One waiting write.
trait Job: Send {
    /// Runs the statements; true means they hold unless the commit fails.
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, bool>;
    /// Whether it has several statements, which must hold together.
    fn is_several(&self) -> bool;
    /// Answers the one who waits. `None` means the commit succeeded.
    fn answer(self: Box<Self>, failed: Option<StoreError>);
}

struct Work<T, E, F> {
    work: Option<F>,
    several: bool,
    done: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
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

    fn answer(self: Box<Self>, failed: Option<StoreError>) {
        let answer = match (self.done, failed) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(failed)) => Err(failed.into()),
            (Some(done), None) => done,
            (None, None) => Err(StoreError::Stopped.into()),
        };
        // Whoever asked may have gone; the write holds all the same.
        let _ = self.reply.send(answer);
    }
}

impl Writer {
    /// Starts the task that owns the connection.
    pub(super) fn start(connection: SqliteConnection, checkpoints: Checkpoints) -> Self {
        let (queue, waiting) = mpsc::channel(GROUP * 4);
        tokio::spawn(serve(connection, waiting, checkpoints));
        Self { queue }
    }

    /// Queues `work` and waits until it is committed.
    pub(super) async fn run<T, E, F>(&self, work: F, several: bool) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Work {
            work: Some(work),
            several,
            done: None,
            reply,
        };
        let stopped = || E::from(StoreError::Stopped);
        self.queue
            .send(Message::Write(Box::new(job)))
            .await
            .map_err(|_| stopped())?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Queues a launch and waits until it is committed; false where its nonce was spent before.
    pub(super) async fn launch(&self, row: NewLaunch) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue
            .send(Message::Launch(WaitingLaunch { row, reply }))
            .await
            .map_err(|_| StoreError::Stopped)?;
        answer.await.unwrap_or(Err(StoreError::Stopped))
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
#[derive(Default)]
struct Group {
    jobs: Vec<Box<dyn Job>>,
    rows: Vec<NewLaunch>,
    replies: Vec<oneshot::Sender<Result<bool, StoreError>>>,
}

async fn serve(
    mut connection: SqliteConnection,
    mut waiting: mpsc::Receiver<Message>,
    mut checkpoints: Checkpoints,
) {
    let mut messages = Vec::with_capacity(GROUP);
    let mut stop = None;
    while stop.is_none() && waiting.recv_many(&mut messages, GROUP).await > 0 {
        let mut group = Group::default();
        for message in messages.drain(..) {
            match message {
                Message::Write(job) => group.jobs.push(job),
                Message::Launch(launch) if launch.is_waited_for() => {
                    group.rows.push(launch.row);
                    group.replies.push(launch.reply);
                }
                Message::Launch(_) => {}
                Message::Stop(reply) => stop = Some(reply),
            }
        }
        let writes = group.jobs.len() + group.rows.len();
        let committed = commit(&mut connection, &mut group).await;
        if let Err(error) = &committed {
            tracing::error!(%error, writes, "a group of writes was not committed");
            // The transaction may still be open; where it isn't, this fails harmlessly.
            let _ = sqlx::query("ROLLBACK").execute(&mut connection).await;
        }
        // Whoever asked may have gone; the write holds all the same.
        let said = committed
            .as_ref()
            .err()
            .map(|error| error.to_string().into());
        for job in group.jobs {
            job.answer(said.clone().map(StoreError::Group));
        }
        let answers = match committed {
            Ok(answers) => {
                checkpoints.committed(writes);
                answers
            }
            Err(error) => error.for_each(group.replies.len()),
        };
        for (reply, answer) in group.replies.into_iter().zip(answers) {
            let _ = reply.send(answer);
        }
        // Those just answered, and whoever else is ready, go first: the next group is larger, and syncs cost by the group.
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

/// Runs a group in one transaction and gives its launches' answers. A failing job is undone by itself; the others
/// still commit.
async fn commit(
    connection: &mut SqliteConnection,
    group: &mut Group,
) -> Result<Vec<Result<bool, StoreError>>, StoreError> {
    // One statement by itself is a transaction already.
    match (group.jobs.as_mut_slice(), group.rows.as_slice()) {
        ([job], []) if !job.is_several() => {
            job.run(connection).await;
            return Ok(Vec::new());
        }
        ([], rows) if rows.len() <= launches::ROWS => {
            return launches::insert_all(&mut Tx::Sqlite(connection), &group.rows).await;
        }
        _ => {}
    }
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut *connection)
        .await?;
    let answers = launches::insert_all(&mut Tx::Sqlite(connection), &group.rows).await?;
    for job in &mut group.jobs {
        // A failing statement undoes itself; only several of them need a savepoint to go back to.
        if !job.is_several() {
            job.run(connection).await;
            continue;
        }
        sqlx::query("SAVEPOINT job")
            .execute(&mut *connection)
            .await?;
        if !job.run(connection).await {
            sqlx::query("ROLLBACK TO job")
                .execute(&mut *connection)
                .await?;
        }
        sqlx::query("RELEASE job").execute(&mut *connection).await?;
    }
    sqlx::query("COMMIT").execute(&mut *connection).await?;
    Ok(answers)
}
