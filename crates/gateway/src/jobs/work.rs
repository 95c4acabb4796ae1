//! What a room brings: how its jobs are done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use store::{StoreError, Tx};

use super::history::AttemptNote;
use super::schedule::Schedule;

/// A kind of job, and how much of it is done at once.
#[derive(Clone)]
pub struct JobKind {
    /// As it is stored. It never changes its meaning.
    pub name: &'static str,
    /// Jobs at once on this server.
    pub at_once: usize,
    /// Jobs of one share at once, on all servers together, unless [`Work::room_for`] knows better.
    pub of_one_share: i64,
    /// Jobs of one share at once on this server, whatever [`Work::room_for`] says: shares whose jobs all hang leave places to
    /// others.
    pub of_one_share_here: usize,
    /// How long a job is kept after its end, in milliseconds.
    pub kept_ms: i64,
    /// Who does them.
    pub work: Arc<dyn Work>,
}

impl JobKind {
    /// Jobs of a share that may be under way at once just now, on all servers together.
    pub(super) fn room_for(&self, share: &str) -> i64 {
        // The worker itself asks this, too, and must not end.
        let room = catch_unwind(AssertUnwindSafe(|| self.work.room_for(share)));
        let room = room.unwrap_or_else(|_| {
            tracing::error!(kind = self.name, share, "a share's room can't be told");
            None
        });
        room.unwrap_or(self.of_one_share)
    }
}

/// Does the jobs of a kind. A server that dies leaves a job as it was before, so it may come twice.
pub trait Work: Send + Sync + 'static {
    /// When a job of this tool is tried again.
    fn schedule(&self, tool_id: &str) -> Schedule;

    /// How many jobs of a share may be under way at once just now, on all servers together; `None` leaves it at the kind's
    /// number. With 0 the share has to wait. It is asked often, and must answer from memory.
    fn room_for(&self, _share: &str) -> Option<i64> {
        None
    }

    /// Does one. If the server stops, it has 15 seconds left, and is dropped where it stands then.
    fn run(&self, task: Task) -> BoxFuture<'static, JobOutcome>;
}

/// A job to be done.
#[derive(Clone, Debug)]
pub struct Task {
    /// The job's id.
    pub id: String,
    /// The tool it belongs to.
    pub tool_id: String,
    /// Whose share of the time it takes.
    pub share: String,
    /// The id of what it is about.
    pub subject: String,
    /// What it needs to know, if it was given anything.
    pub payload: Option<Vec<u8>>,
    /// The worker that has it: another one may take it over from a server that is away.
    pub owner: String,
    /// The number of the claim by which the worker has it: it may have lost the job, and claimed it again.
    pub claim: i64,
    /// Which attempt this is, from 1 on. One that broke off with its server counts, and has no line in the history.
    pub attempt: i64,
}

/// More to write in the transaction that settles a job; nothing is written if the job was taken over meanwhile.
pub type Also =
    Arc<dyn for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<(), StoreError>> + Send + Sync>;

/// A question that is asked in the transaction that settles a job, which holds the job's row by then.
pub type Unless = Arc<
    dyn for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<bool, StoreError>> + Send + Sync,
>;

/// What came of an attempt.
pub struct JobOutcome {
    /// What becomes of the job.
    pub ending: JobEnding,
    /// A line for the history.
    pub note: AttemptNote,
    /// What else to write.
    pub also: Option<Also>,
    /// What comes of it instead if the answer is yes.
    pub unless: Option<(Unless, Box<Self>)>,
}

/// What becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobEnding {
    /// It is done.
    Done,
    /// It can't be done, for a reason with a stable code.
    Refused(&'static str),
    /// It is tried again by the schedule, but not before this has passed.
    Again(Duration),
    /// It was tried, and comes again after this, whatever the schedule says: the room counts by itself.
    Later(Duration),
    /// Nothing was tried. It comes again after this, unless the schedule's patience is over, and the attempt doesn't count.
    Postponed(Duration),
}

impl JobOutcome {
    /// Without anything else to write.
    pub fn new(ending: JobEnding, note: AttemptNote) -> Self {
        Self {
            ending,
            note,
            also: None,
            unless: None,
        }
    }

    /// With more to write in the transaction that settles the job.
    #[must_use]
    pub fn writing<F>(self, also: F) -> Self
    where
        F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<(), StoreError>>
            + Send
            + Sync
            + 'static,
    {
        Self {
            also: Some(Arc::new(also)),
            ..self
        }
    }

    /// With another outcome in its place if something turns out to have happened while the job was under way.
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
