//! What becomes of a job, depending on the outcome of an attempt.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use store::jobs::{ClaimedJob, End};

use super::history::{self, AttemptNote};
use super::queue::Jobs;
use super::work::{Also, JobEnding, JobKind, JobOutcome, Unless};

/// The reason of a job whose time limit was reached.
pub(crate) const GAVE_UP: &str = "GAVE_UP";
/// The longest delay that the other side can ask for.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A job due later than this, in milliseconds from now, was scheduled while the clock was ahead.
/// This is an hour more than the longest pause.
pub(crate) const FAR_MS: i64 = 25 * 60 * 60 * 1000;
/// The delay before retrying a job whose room panicked when asked for its schedule.
const BROKEN: Duration = Duration::from_secs(60 * 60);

/// What is written about a job.
#[derive(Clone)]
pub(super) enum Fate {
    End(End),
    /// The sealed history, and when it is due.
    Again(Option<Vec<u8>>, i64),
    Postponed(i64),
}

/// What is written about a job, and everything else in the same transaction.
#[derive(Clone)]
pub(super) struct JobWrites {
    pub(super) fate: Fate,
    pub(super) also: Option<Also>,
    /// What to write instead, and when.
    pub(super) unless: Option<(Unless, Box<Self>)>,
}

/// A finished attempt.
pub(super) struct PastAttempt<'a> {
    pub(super) jobs: &'a Jobs,
    pub(super) kind: &'a JobKind,
    pub(super) job: &'a ClaimedJob,
    /// When it began, in milliseconds since 1970, and how many milliseconds it took.
    pub(super) took: (i64, u64),
}

impl PastAttempt<'_> {
    /// What to write. Without an outcome, the work panicked.
    pub(super) fn writes(&self, outcome: Option<JobOutcome>) -> JobWrites {
        let Some(outcome) = outcome else {
            return self.broke_off();
        };
        let judged = catch_unwind(AssertUnwindSafe(|| self.judged(outcome)));
        judged.unwrap_or_else(|_| self.broke_off())
    }

    /// Reschedules the job and writes nothing else, because whatever panicked would panic again.
    pub(super) fn broke_off(&self) -> JobWrites {
        let (job, kind) = (self.job.id.as_str(), self.kind.name);
        tracing::error!(job, kind, "a job panicked");
        let note = AttemptNote {
            outcome: "broke off",
            ..AttemptNote::default()
        };
        let again = || self.fate(JobEnding::Again(Duration::ZERO), note);
        let fate = catch_unwind(AssertUnwindSafe(again));
        JobWrites {
            fate: fate.unwrap_or_else(|_| {
                Fate::Again(self.job.history_sealed.clone(), self.due_after(BROKEN))
            }),
            also: None,
            unless: None,
        }
    }

    fn judged(&self, outcome: JobOutcome) -> JobWrites {
        let JobOutcome {
            ending,
            note,
            also,
            unless,
        } = outcome;
        JobWrites {
            fate: self.fate(ending, note),
            also,
            unless: unless.map(|(unless, other)| (unless, Box::new(self.judged(*other)))),
        }
    }

    fn fate(&self, ending: JobEnding, note: AttemptNote) -> Fate {
        let (job, now) = (self.job, self.jobs.clock().now_ms());
        if let JobEnding::Postponed(pause) = ending
            && !self.takes_too_long(self.due_after(pause))
        {
            return Fate::Postponed(self.due_after(pause));
        }
        let before = job.history_sealed.as_deref();
        let identity = history::history_identity(&job.id);
        let history = history::with_attempt(self.jobs.rows(), &identity, before, self.took, note);
        let end = |state, reason, history| {
            Fate::End(End {
                state,
                reason,
                history_sealed: Some(history),
                ended_at: now,
                delete_at: now.saturating_add(self.kind.kept_ms),
            })
        };
        match ending {
            JobEnding::Done => end("done", None, history),
            JobEnding::Refused(reason) => end("refused", Some(reason), history),
            JobEnding::Later(pause) => Fate::Again(Some(history), self.due_after(pause)),
            JobEnding::Postponed(_) => end("expired", Some(GAVE_UP), history),
            JobEnding::Again(least) => {
                let schedule = self.kind.work.schedule(&job.tool_id);
                let pause = schedule.pause(job.attempts, self.jobs.random());
                let due_at = self.due_after(pause.max(least));
                if self.takes_too_long(due_at) {
                    end("expired", Some(GAVE_UP), history)
                } else {
                    Fate::Again(Some(history), due_at)
                }
            }
        }
    }

    fn due_after(&self, pause: Duration) -> i64 {
        let ms = i64::try_from(pause.min(LONGEST_DELAY).as_millis()).unwrap_or(i64::MAX);
        self.jobs.clock().now_ms().saturating_add(ms)
    }

    /// Whether to give up the job rather than retry it at that time. Never if the date is doubtful,
    /// because that would end every job that fails meanwhile.
    fn takes_too_long(&self, due_at: i64) -> bool {
        let patience = self.kind.work.schedule(&self.job.tool_id).patience;
        let patience = i64::try_from(patience.as_millis()).unwrap_or(i64::MAX);
        let is_over = due_at > self.job.created_at.saturating_add(patience);
        is_over && self.jobs.clock().trusted_ms().is_some()
    }
}
