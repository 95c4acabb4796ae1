//! The provisioning hook: the application hears of a student before the platform does, and may give its own id for them
//! and a place to land (docs/studyreel.md).
//!
//! It is asked after the account is committed and before the platform gets its answer, so nothing is held while it
//! thinks. One launch at a time asks for a student; whoever launches the same student meanwhile gets the same answer.

mod breaker;
mod event;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub(super) use event::Answer;

use self::breaker::{Breaker, Report};
use super::provision::open_profile;
use crate::app::App;
use crate::directory::tools::Tool;
use crate::kit::outbound::{OutboundError, Purpose, Request};
use store::StoreError;
use store::students::{self, Student};

/// How long a launch waits for the application, everything included: a student looks at a spinner.
const LIMIT: Duration = Duration::from_secs(2);
/// Students asked for at once; the others wait their turn, within the limit.
const AT_ONCE: usize = 32;
/// Most bytes of an answer.
const ANSWER_BYTES: usize = 16 * 1024;

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// What the application said.
    Answered(Answer),
    /// Nothing usable; why, for the log.
    Failed(String),
}

/// What the hook keeps while the service runs.
pub(super) struct Hook {
    breakers: Mutex<HashMap<String, (Url, Breaker)>>,
    asking: Mutex<HashMap<String, Shared<BoxFuture<'static, Outcome>>>>,
    places: Semaphore,
}

impl Default for Hook {
    fn default() -> Self {
        Self {
            breakers: Mutex::default(),
            asking: Mutex::default(),
            places: Semaphore::new(AT_ONCE),
        }
    }
}

impl Hook {
    /// What an operator sees of a tool's breaker.
    pub(super) fn report(&self, tool_id: &str, url: &Url) -> Report {
        self.breaker(tool_id, url, |breaker| breaker.report())
    }

    /// A tool's breaker. Another address is another application, of which nothing is known yet.
    fn breaker<T>(&self, tool_id: &str, url: &Url, look: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut breakers = lock(&self.breakers);
        let fresh = || (url.clone(), Breaker::default());
        let entry = breakers.entry(tool_id.to_owned()).or_insert_with(fresh);
        if entry.0 != *url {
            *entry = fresh();
        }
        look(&mut entry.1)
    }

    /// Keeps for the operator that an answer could not be used.
    pub(super) fn note(&self, app: &App, tool_id: &str, url: &Url, why: &str) {
        let now = app.clock.now_ms();
        self.breaker(tool_id, url, |breaker| breaker.note(now, why.to_owned()));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks the application about a student, or joins whoever is asking. It goes on when this launch's caller is gone, and
/// ends within the limit.
pub(super) async fn ask(app: &App, tool: &Tool, url: &Url, student_id: &str) -> Outcome {
    let asking = {
        let mut asking = lock(&app.studyreel.hook.asking);
        if let Some(asking) = asking.get(student_id) {
            asking.clone()
        } else {
            let call = Call {
                app: app.clone(),
                tool: tool.clone(),
                url: url.clone(),
                student_id: student_id.to_owned(),
            };
            let task = tokio::spawn(call.run());
            let ended = |done: Result<_, _>| done.unwrap_or_else(|_| failed("it broke off"));
            let started = task.map(ended).boxed().shared();
            asking.insert(student_id.to_owned(), started.clone());
            started
        }
    };
    asking.await
}

fn failed(why: impl Into<String>) -> Outcome {
    Outcome::Failed(why.into())
}

/// One call on its way.
struct Call {
    app: App,
    tool: Tool,
    url: Url,
    student_id: String,
}

/// Nobody can join a call that is over, however it ended.
impl Drop for Call {
    fn drop(&mut self) {
        lock(&self.app.studyreel.hook.asking).remove(&self.student_id);
    }
}

impl Call {
    async fn run(self) -> Outcome {
        let deadline = Instant::now() + LIMIT;
        let hook = &self.app.studyreel.hook;
        // Waiting for a turn, or for the store, says nothing about the application.
        let turn = async { (hook.places.acquire().await, self.student().await) };
        let Ok((_place, student)) = timeout_at(deadline, turn).await else {
            return failed("there was no turn in time");
        };
        let student = match student {
            Ok(Some(student)) => student,
            Ok(None) => return failed("the student is gone"),
            Err(error) => return failed(error.to_string()),
        };
        if !student.needs_provisioning() {
            // Whoever asked a moment ago has written it down.
            return Outcome::Answered(Answer::default());
        }
        let now = self.app.clock.now_ms();
        if !hook.breaker(&self.tool.id, &self.url, |breaker| breaker.admit(now)) {
            return failed("it failed too often and isn't asked at the moment");
        }
        let called = timeout_at(deadline, self.call(&student)).await;
        let called =
            called.unwrap_or_else(|_| Err(Failure::Silent(OutboundError::TimedOut.to_string())));
        self.weigh(called)
    }

    async fn student(&self) -> Result<Option<Student>, StoreError> {
        let mut reader = self.app.db.read().await?;
        let (tool_id, id) = (self.tool.id.clone(), self.student_id.clone());
        students::by_id(&mut reader.tx(), tool_id, id).await
    }

    async fn call(&self, student: &Student) -> Result<Answer, Failure> {
        let ours = |error: StoreError| Failure::Ours(error.to_string());
        let settings = &self.tool.settings.studyreel.provisioning;
        let profile = open_profile(&self.app, student).map_err(ours)?;
        let paths = self.app.studyreel.paths.of(&self.app, &self.tool.id).await;
        let paths = paths.map_err(ours)?;
        let now_ms = self.app.clock.now_ms();
        let body = event::body(student, &profile, &paths, &settings.data, now_ms);
        let keys = &self.app.studyreel.keys;
        let secrets = settings.secrets.iter();
        let secrets: Vec<_> = secrets
            .map(|number| keys.hook_secret(&self.tool.id, *number))
            .collect();
        let headers = event::headers(&event::id(student), &secrets, now_ms / 1000, &body);
        let request = Request {
            purpose: Purpose::Hook,
            url: &self.url,
            accept: "application/json",
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let sent = self.app.outbound.post_json_with(request, body, headers);
        let answer = match sent.await {
            Ok(answer) => answer,
            // Nobody was asked.
            Err(error @ OutboundError::Busy) => return Err(Failure::Ours(error.to_string())),
            Err(error) => return Err(Failure::Silent(error.to_string())),
        };
        match answer.status {
            200..300 => event::read(&answer.body).map_err(Failure::Unusable),
            status @ (408 | 429 | 300..400 | 500..) => {
                Err(Failure::Silent(format!("it answered with status {status}")))
            }
            status => Err(Failure::Unusable(format!(
                "it answered with status {status}"
            ))),
        }
    }

    /// Tells the breaker how a call went.
    fn weigh(&self, called: Result<Answer, Failure>) -> Outcome {
        let (hook, now) = (&self.app.studyreel.hook, self.app.clock.now_ms());
        hook.breaker(&self.tool.id, &self.url, |breaker| match called {
            Ok(answer) => {
                breaker.answered(now);
                Outcome::Answered(answer)
            }
            Err(Failure::Ours(why)) => {
                breaker.unasked();
                failed(why)
            }
            Err(Failure::Unusable(why)) => {
                breaker.answered(now);
                breaker.note(now, why.clone());
                failed(why)
            }
            Err(Failure::Silent(why)) => {
                if breaker.failed(now, why.clone()) {
                    let tool_id = &self.tool.id;
                    tracing::warn!(
                        tool_id,
                        why,
                        "the provisioning hook isn't asked for a while"
                    );
                }
                failed(why)
            }
        })
    }
}

/// Why a call gave nothing.
enum Failure {
    /// It was never made.
    Ours(String),
    /// The application said something, but nothing of use: only about this student, perhaps.
    Unusable(String),
    /// It said nothing, or that it is not well.
    Silent(String),
}
