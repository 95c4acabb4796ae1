//! Writes that SQLite's writer commits together.

use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::error::StoreError;
use super::grouped::{Answers, Grouped, Waiting};
use super::job::Job;
use super::tx::Tx;
use super::waiter::Waiter;

/// After this time, no further write joins the group before the commit: every write that has begun
/// waits for all the others.
const LONGEST_GROUP: Duration = Duration::from_millis(200);

/// A request to the writer.
pub(super) enum WriterMessage<R> {
    Write(Box<dyn Job>),
    /// A frequent write: all waiting ones are stored with few statements.
    Row(Waiting<R>),
    Stop(oneshot::Sender<()>),
}

/// Writes that are committed together.
pub(super) struct Group<R> {
    waiting: Vec<Waiting<R>>,
    jobs: Vec<Box<dyn Job>>,
    /// The rows to store.
    rows: Vec<R>,
    /// The requests waiting for them.
    waiters: Vec<Waiter<Result<bool, StoreError>>>,
    /// Jobs that ran out of time; the next commit begins with them.
    later: Vec<Box<dyn Job>>,
}

impl<R: Grouped> Group<R> {
    /// Sorts messages into the writes to commit, and whether a request to stop was among them.
    pub(super) fn of(
        messages: impl Iterator<Item = WriterMessage<R>>,
    ) -> (Self, Option<oneshot::Sender<()>>) {
        let mut stop = None;
        let mut group = Self::from(Vec::new());
        for message in messages {
            match message {
                WriterMessage::Write(job) => group.jobs.push(job),
                WriterMessage::Row(waiting) => group.waiting.push(waiting),
                WriterMessage::Stop(reply) => stop = Some(reply),
            }
        }
        (group, stop)
    }

    fn from(jobs: Vec<Box<dyn Job>>) -> Self {
        Self {
            waiting: Vec::new(),
            jobs,
            rows: Vec::new(),
            waiters: Vec::new(),
            later: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of writes.
    pub(super) fn len(&self) -> usize {
        self.jobs.len() + self.waiting.len()
    }

    /// Runs the group in one transaction and returns the answers for its rows. A failing job is
    /// rolled back on its own; the others still commit.
    pub(super) async fn commit(
        &mut self,
        connection: &mut SqliteConnection,
    ) -> Result<Answers, StoreError> {
        // A single statement is already a transaction.
        match (self.jobs.as_mut_slice(), self.waiting.as_slice()) {
            ([job], []) if !job.is_several() => {
                if job.begin() {
                    job.run(connection).await;
                }
                return Ok(Vec::new());
            }
            ([job], []) => {
                alone(connection, job.as_mut()).await?;
                return Ok(Vec::new());
            }
            ([], rows) if rows.len() <= R::ROWS => return self.insert(connection).await,
            _ => {}
        }
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut *connection)
            .await?;
        let begun = Instant::now();
        let answers = self.insert(connection).await?;
        if answers.iter().any(Result::is_err) {
            still_open(connection).await?;
        }
        for at in 0..self.jobs.len() {
            if at > 0 && begun.elapsed() > LONGEST_GROUP {
                self.later = self.jobs.split_off(at);
                break;
            }
            run(connection, self.jobs[at].as_mut()).await?;
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        Ok(answers)
    }

    /// Stores the rows whose requests are still waiting.
    async fn insert(&mut self, connection: &mut SqliteConnection) -> Result<Answers, StoreError> {
        for waiting in self
            .waiting
            .drain(..)
            .filter(|waiting| waiting.waiter.begin())
        {
            self.rows.push(waiting.row);
            self.waiters.push(waiting.waiter);
        }
        R::insert_all(&mut Tx::Sqlite(connection), &self.rows).await
    }

    /// Answers every request of the group. Returns what is left for the next commit.
    pub(super) fn answer(self, committed: Result<Answers, StoreError>) -> Self {
        let failed = || committed.as_ref().err().map(StoreError::of_the_group);
        for job in self.jobs {
            job.answer(failed());
        }
        // Rows that were never stored.
        for (waiting, error) in self.waiting.into_iter().zip(std::iter::repeat_with(failed)) {
            let error = error.unwrap_or(StoreError::Stopped);
            waiting.waiter.answer(Err(error));
        }
        let answers = committed.unwrap_or_else(|error| error.for_each(self.waiters.len()));
        for (waiter, answer) in self.waiters.into_iter().zip(answers) {
            waiter.answer(answer);
        }
        Self::from(self.later)
    }
}

/// Runs a write of several statements in a separate transaction, which takes the place of a
/// savepoint.
async fn alone(connection: &mut SqliteConnection, job: &mut dyn Job) -> Result<(), StoreError> {
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut *connection)
        .await?;
    let holds = job.begin() && job.run(connection).await;
    let end = if holds { "COMMIT" } else { "ROLLBACK" };
    sqlx::query(end).execute(&mut *connection).await?;
    Ok(())
}

/// Runs a write inside of the transaction, if it is still waited for.
async fn run(connection: &mut SqliteConnection, job: &mut dyn Job) -> Result<(), StoreError> {
    if !job.begin() {
        return Ok(());
    }
    // A failing statement undoes itself; only several statements need a savepoint.
    if !job.is_several() {
        return match job.run(connection).await {
            true => Ok(()),
            false => still_open(connection).await,
        };
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
    Ok(())
}

/// Checks that the transaction survived a failed statement. If the disk is full or not writable,
/// SQLite rolls back the whole transaction. Whatever ran next would be committed on its own,
/// although its group is told that it failed.
async fn still_open(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    match sqlx::query("BEGIN").execute(&mut *connection).await {
        // This has started a new transaction, which ends when the group fails.
        Ok(_) => Err(StoreError::Group(
            "SQLite rolled the transaction back".into(),
        )),
        // SQLITE_ERROR: a transaction is already open.
        Err(error)
            if error
                .as_database_error()
                .and_then(|error| error.code())
                .as_deref()
                == Some("1") =>
        {
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
