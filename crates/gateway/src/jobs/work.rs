//! What a room supplies: how its jobs are done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use store::{StoreError, Tx};

use super::history::AttemptNote;
use super::schedule::Schedule;

/// A kind of job, and its limits.
#[derive(Clone)]
pub struct JobKind {
    /// Its name in the store. It must never change its meaning.
    pub name: &'static str,
    /// How many run at once on this server.
    pub at_once: usize,
    /// How many jobs of one share run at once, across all servers, unless [`Work::room_for`] says
    /// otherwise.
    pub of_one_share: i64,
    /// How many jobs of one share run at once on this server, whatever [`Work::room_for`] says, so
    /// that a share whose jobs all hang leaves slots for others.
    pub of_one_share_here: usize,
    /// How long a job is kept after it has ended, in milliseconds.
    pub kept_ms: i64,
    /// Does the jobs.
    pub work: Arc<dyn Work>,
}

impl JobKind {
    /// How many jobs of a share may currently run at once, across all servers.
    pub(super) fn room_for(&self, share: &str) -> i64 {
        // The worker itself calls this, too, and must not panic.
        let room = catch_unwind(AssertUnwindSafe(|| self.work.room_for(share)));
        let room = room.unwrap_or_else(|_| {
            tracing::error!(kind = self.name, share, "a share's room can't be told");
            None
        });
        room.unwrap_or(self.of_one_share)
    }
}

/// Does the jobs of a kind. If a server dies, its job is left as it was before, so a job may be
/// done twice.
pub trait Work: Send + Sync + 'static {
    /// The retry schedule for jobs of this tool.
    fn schedule(&self, tool_id: &str) -> Schedule;

    /// How many jobs of a share may currently run at once, across all servers; `None` means the
    /// kind's number. With 0, the share has to wait. This is called often, and must answer from
    /// memory.
    fn room_for(&self, _share: &str) -> Option<i64> {
        None
    }

    /// Does a job. When the server stops, the job has 15 seconds left, and is then dropped wherever
    /// it is.
    fn run(&self, task: Task) -> BoxFuture<'static, JobOutcome>;
}

/// A job to do.
#[derive(Clone, Debug)]
pub struct Task {
    /// The job's id.
    pub id: String,
    /// The tool it belongs to.
    pub tool_id: String,
    /// The share of the workers' time it uses.
    pub share: String,
    /// The id of the thing it is about.
    pub subject: String,
    /// Its input, if any.
    pub payload: Option<Vec<u8>>,
    /// The worker that has it. Another one may take it over if the server is unresponsive.
    pub owner: String,
    /// The number of the claim: the worker may have lost the job and claimed it again.
    pub claim: i64,
    /// The number of this attempt, from 1. An attempt that died with its server counts, but isn't
    /// in the history.
    pub attempt: i64,
}

/// Additional writes in the transaction that settles a job. Nothing is written if the job was taken
/// over meanwhile.
pub type Also = Arc<
    dyn for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<Option<Afterwards>, StoreError>>
        + Send
        + Sync,
>;

/// A question asked in the transaction that settles a job, when the job's row is already locked.
pub type Unless = Arc<
    dyn for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<bool, StoreError>> + Send + Sync,
>;

/// What follows the commit of additional writes, such as a line of the log. If the server dies in
/// between, it never happens.
pub type Afterwards = Box<dyn FnOnce() + Send>;

/// The outcome of an attempt.
pub struct JobOutcome {
    /// What becomes of the job.
    pub ending: JobEnding,
    /// An entry for the history.
    pub note: AttemptNote,
    /// Additional writes.
    pub also: Option<Also>,
    /// The outcome to use instead if the answer is yes.
    pub unless: Option<(Unless, Box<Self>)>,
}

/// What becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobEnding {
    /// It is done.
    Done,
    /// It can't be done, for a reason with a stable code.
    Refused(&'static str),
    /// Retry according to the schedule, but not before this time has passed.
    Again(Duration),
    /// It was tried and runs again after this time, whatever the schedule says, because the room
    /// does its own counting.
    Later(Duration),
    /// Nothing was tried. Retry after this time, unless the schedule's patience is over; the
    /// attempt doesn't count.
    Postponed(Duration),
}

impl JobOutcome {
    /// An outcome without additional writes.
    pub fn new(ending: JobEnding, note: AttemptNote) -> Self {
        Self {
            ending,
            note,
            also: None,
            unless: None,
        }
    }

    /// Adds writes to the transaction that settles the job.
    #[must_use]
    pub fn writing<F>(self, also: F) -> Self
    where
        F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<Option<Afterwards>, StoreError>>
            + Send
            + Sync
            + 'static,
    {
        Self {
            also: Some(Arc::new(also)),
            ..self
        }
    }

    /// Adds an alternative outcome, which applies if something turns out to have happened while the
    /// job was running.
    #[must_use]
    pub fn unless<F>(self, happened: F, other: Self) -> Self
    where
        F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<bool, StoreError>>
            + Send
            + Sync
            + 'static,
    {
        Self {
            unless: Some((Arc::new(happened), Box::new(other))),
            ..self
        }
    }
}
