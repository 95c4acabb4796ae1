//! The provisioning hook: tells the application about a student before the platform gets its
//! answer. The application may give its own id for the student and a place to land
//! (docs/studyreel.md).
//!
//! The hook runs after the account is committed and before we answer the platform, so no lock is
//! held during the call. Only one launch at a time asks about a student; concurrent launches of the
//! same student share its answer.

mod breaker;
mod call;
mod event;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use store::Db;
use store::StoreError;
use store::students::{self, StudentRow};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub(super) use breaker::BreakerReport;
pub(super) use event::HookAnswer;

use self::breaker::Breaker;
use self::call::{CallError, Caller};
use super::keys::StudyReelKeys;
use super::paths::Paths;
use super::student_for_platform::is_unasked;
use super::student_sealer::StudentSealer;
use crate::directory::tools::Tool;
use crate::kit::clock::Clock;
use crate::kit::outbound::{Outbound, OutboundError};
use crate::kit::text::for_log;

/// How long a launch waits for the application in total: the student is looking at a spinner.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How many students the application is asked about at once; the rest queue, within the limit.
const AT_ONCE: usize = 32;

/// The application's answer, or why there is no usable one, for the log.
pub(super) type HookOutcome = Result<HookAnswer, String>;

/// The hook, with the state of each application's breaker. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct Hook(Arc<HookInner>);

struct HookInner {
    db: Db,
    clock: Clock,
    caller: Caller,
    breakers: Mutex<HashMap<String, (Url, Breaker)>>,
    asking: Mutex<HashMap<String, Shared<BoxFuture<'static, HookOutcome>>>>,
    places: Semaphore,
}

impl Hook {
    pub(super) fn new(
        db: Db,
        clock: Clock,
        outbound: Outbound,
        keys: StudyReelKeys,
        sealer: StudentSealer,
        paths: Paths,
    ) -> Self {
        Self(Arc::new(HookInner {
            db,
            caller: Caller {
                clock: clock.clone(),
                outbound,
                keys,
                sealer,
                paths,
            },
            clock,
            breakers: Mutex::default(),
            asking: Mutex::default(),
            places: Semaphore::new(AT_ONCE),
        }))
    }

    /// What an operator sees of a tool's breaker.
    pub(super) fn report(&self, tool_id: &str, url: &Url) -> BreakerReport {
        self.breaker(tool_id, url, |breaker| breaker.report(&self.0.clock))
    }

    /// Records for the operator why an answer could not be used.
    pub(super) fn note(&self, tool_id: &str, url: &Url, why: &str) {
        let now = self.0.clock.uptime();
        self.breaker(tool_id, url, |breaker| breaker.note(now, why.to_owned()));
    }

    /// A tool's breaker. A new address means another application, so it starts with a fresh
    /// breaker.
    fn breaker<T>(&self, tool_id: &str, url: &Url, look: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut breakers = lock(&self.0.breakers);
        let fresh = || (url.clone(), Breaker::default());
        let entry = breakers.entry(tool_id.to_owned()).or_insert_with(fresh);
        if entry.0 != *url {
            *entry = fresh();
        }
        look(&mut entry.1)
    }

    /// Asks the application about a student, or joins a call already under way. The call continues
    /// if this launch's client disconnects, and ends within the limit.
    pub(super) async fn ask(&self, tool: &Tool, url: &Url, student_id: &str) -> HookOutcome {
        let asking = {
            let mut asking = lock(&self.0.asking);
            if let Some(asking) = asking.get(student_id) {
                asking.clone()
            } else {
                let question = Question {
                    hook: self.clone(),
                    tool: tool.clone(),
                    url: url.clone(),
                    student_id: student_id.to_owned(),
                };
                let task = tokio::spawn(question.put());
                let ended = |done: Result<_, _>| done.unwrap_or_else(|_| failed("it broke off"));
                let started = task.map(ended).boxed().shared();
                asking.insert(student_id.to_owned(), started.clone());
                started
            }
        };
        asking.await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(why: impl Into<String>) -> HookOutcome {
    Err(why.into())
}

/// A question about one student that is under way.
struct Question {
    hook: Hook,
    tool: Tool,
    url: Url,
    student_id: String,
}

/// Once a question is over, however it ended, it can't be joined.
impl Drop for Question {
    fn drop(&mut self) {
        lock(&self.hook.0.asking).remove(&self.student_id);
    }
}

impl Question {
    async fn put(self) -> HookOutcome {
        let deadline = Instant::now() + LONGEST_WAIT;
        // Waiting for a turn or for the store says nothing about the application's health.
        let turn = async { (self.hook.0.places.acquire().await, self.student().await) };
        let Ok((_place, student)) = timeout_at(deadline, turn).await else {
            return failed("there was no turn in time");
        };
        let student = match student {
            Ok(Some(student)) => student,
            Ok(None) => return failed("the student is gone"),
            Err(error) => return failed(error.to_string()),
        };
        if !is_unasked(&student) {
            // An earlier question has been answered, and its answer is stored.
            return Ok(HookAnswer::default());
        }
        let now = self.hook.0.clock.uptime();
        if !self.breaker(|breaker| breaker.admit(now)) {
            return failed("it failed too often and isn't asked at the moment");
        }
        let call = self.hook.0.caller.call(&self.tool, &self.url, &student);
        let called = timeout_at(deadline, call).await;
        let called =
            called.unwrap_or_else(|_| Err(CallError::Silent(OutboundError::TimedOut.to_string())));
        self.weigh(called)
    }

    async fn student(&self) -> Result<Option<StudentRow>, StoreError> {
        let mut reader = self.hook.0.db.read().await?;
        let (tool_id, id) = (self.tool.id.clone(), self.student_id.clone());
        students::by_id(&mut reader.tx(), tool_id, id).await
    }

    fn breaker<T>(&self, look: impl FnOnce(&mut Breaker) -> T) -> T {
        self.hook.breaker(&self.tool.id, &self.url, look)
    }

    /// Tells the breaker how a call went.
    fn weigh(&self, called: Result<HookAnswer, CallError>) -> HookOutcome {
        let now = self.hook.0.clock.uptime();
        self.breaker(|breaker| match called {
            Ok(answer) => {
                breaker.answered(now);
                Ok(answer)
            }
            Err(CallError::Ours(why)) => {
                breaker.unasked();
                failed(why)
            }
            Err(CallError::Unusable(why)) => {
                breaker.answered(now);
                breaker.note(now, why.clone());
                failed(why)
            }
            Err(CallError::Silent(why)) => {
                if breaker.failed(now, why.clone()) {
                    let tool_id = &self.tool.id;
                    tracing::warn!(
                        tool_id,
                        why = for_log(&why),
                        "the provisioning hook isn't asked for a while"
                    );
                }
                failed(why)
            }
        })
    }
}
