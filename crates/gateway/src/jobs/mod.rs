//! Work that survives a crash: a row, written in the transaction that promises the work ([`Jobs`]),
//! and a worker on every server that gets it done ([`Worker`]). The worker knows nothing about
//! rooms: each supplies its [`Work`].
//!
//! A job is done at least once, and more than once only if a server dies, or is declared dead, in
//! the middle of it (docs/decisions/0230-jobs-are-rows-with-an-owner.md).

mod backlog;
mod fate;
mod history;
mod queue;
mod relay;
mod rhythm;
mod run;
mod schedule;
mod settling;
mod share_claim;
mod shift;
mod takeover;
mod watch;
mod work;
mod worker;

pub(crate) use fate::{FAR_MS, GAVE_UP};
pub use history::AttemptNote;
pub(crate) use history::{
    JobAttempt, MOST_SAID, attempts, history, history_identity, with_attempt,
};
pub(crate) use queue::payload_identity;
pub use queue::{JobOrder, Jobs, NoRoom, QueueFull};
pub use rhythm::WorkRhythm;
pub use schedule::Schedule;
pub(crate) use takeover::after_restart;
pub use work::{Afterwards, Also, JobEnding, JobKind, JobOutcome, Task, Unless, Work};
pub use worker::Worker;
