//! Where attempts end up: everything except accepted launches becomes a separate trace, if the
//! sampler admits it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use store::traces::{self, ACCEPTED, FAILED, WAITING};
use store::{Db, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::attempt::{Ending, FinishedAttempt, TraceOrder};
use super::facts::Failure;
use super::sample::{FailureSort, FailureWindow};
use super::{Advice, Kind, Recorder, advice};
use crate::directory::platforms::Platforms;
use crate::directory::tools::Tools;
use crate::events::Events;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::correlation_id;
use crate::web::meaning::Meaning;
use crate::web::problem::Problem;
use crate::web::rule::LOOK_INTO_THE_LOG;

/// How many traces may be queued.
const WAITING_AT_MOST: usize = 512;
/// How long a reader waits for the queue to be written.
const PATIENCE: Duration = Duration::from_secs(2);

/// The traces of this installation. Cloning it is cheap.
#[derive(Clone)]
pub struct Traces(pub(super) Arc<TracesInner>);

pub(super) struct TracesInner {
    pub(super) tools: Tools,
    pub(super) platforms: Platforms,
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) events: Events,
    pub(super) advice: Advice,
    queue: mpsc::Sender<TraceOrder>,
    /// The receiving end of the queue, until [`Traces::run`] takes it.
    waiting: Mutex<Option<mpsc::Receiver<TraceOrder>>>,
    sampler: Mutex<FailureWindow>,
}

impl Traces {
    /// Writes nothing until [`Self::run`] runs.
    pub(crate) fn new(
        tools: Tools,
        platforms: Platforms,
        db: Db,
        clock: Clock,
        random: Random,
        events: Events,
        advice: Advice,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_AT_MOST);
        Self(Arc::new(TracesInner {
            tools,
            platforms,
            db,
            clock,
            random,
            events,
            advice,
            queue,
            waiting: Mutex::new(Some(waiting)),
            sampler: Mutex::default(),
        }))
    }

    /// Records a problem's trace under the reference that is shown with it. `host` determines the
    /// tool if nothing else does.
    pub fn failed(&self, reference: &str, problem: &Problem, recorder: Arc<Recorder>, host: &str) {
        let reason = problem.reason.as_ref();
        let (code, text) = reason.map_or((problem.code, &*problem.description), |reason| {
            (reason.code, reason.text.as_str())
        });
        // Causes that strangers can trigger explain nothing here, and may name a person.
        let is_ours = problem.status.is_server_error();
        let cause = problem.cause.as_deref().filter(|_| is_ours);
        let failure = Failure {
            status: problem.status.as_u16(),
            text: text.to_owned(),
            cause: cause.map(str::to_owned),
            ..Failure::default()
        };
        let ending = Ending {
            outcome: FAILED,
            reason: code,
            failure: Some(failure),
        };
        self.take(reference.to_owned(), ending, recorder, host);
    }

    /// The response to a registration, and its trace: accepted, or waiting for approval. A problem
    /// carries the recording.
    pub fn of_registration(
        &self,
        answer: Result<impl IntoResponse, Problem>,
        recorder: Recorder,
    ) -> Response {
        let Ok(answer) = answer else {
            return recorder.close(answer);
        };
        let outcome = match recorder.platform {
            Some(_) => ACCEPTED,
            None => WAITING,
        };
        let ending = Ending {
            outcome,
            reason: outcome,
            failure: None,
        };
        let reference = correlation_id(&self.0.random);
        self.take(reference, ending, Arc::new(recorder), "");
        answer.into_response()
    }

    /// What a failure's code means.
    pub(crate) fn meaning(&self, code: &str) -> Meaning {
        advice::on(code, self.0.advice).meaning
    }

    /// What to do about a failure, if there is more to do than read the log.
    pub(crate) fn advice(&self, code: &str) -> Option<&'static str> {
        let explained = (self.0.advice)(code)?;
        Some(explained.advice).filter(|advice| *advice != LOOK_INTO_THE_LOG)
    }

    fn take(&self, correlation_id: String, ending: Ending, recorder: Arc<Recorder>, host: &str) {
        let room = &*self.0;
        let platform = recorder.platform.as_ref();
        let tool_id = platform
            .map(|platform| &platform.tool_id)
            .or(recorder.tool_id.as_ref());
        let tool = match tool_id {
            Some(id) => room.tools.by_id(id),
            None => room.tools.at(host),
        };
        let Some(tool) = tool.filter(|tool| tool.settings.retention.trace_minutes > 0) else {
            return;
        };
        let sort = FailureSort {
            tool_id: tool.id.clone(),
            kind: recorder.kind,
            reason: ending.reason,
            platform_id: platform.map(|platform| platform.id.clone()),
            signed: recorder.is_signed,
        };
        let (now, uptime) = (room.clock.now_ms(), room.clock.uptime());
        let becomes_event = {
            let mut sampler = self.sampler();
            if !sampler.admit(&sort, uptime) {
                return;
            }
            ending.outcome == FAILED && is_launch(sort.kind) && sampler.becomes_event(&sort)
        };
        let attempt = FinishedAttempt {
            correlation_id,
            ending,
            sort: sort.clone(),
            recorder,
            becomes_event,
            delete_at: now + i64::from(tool.settings.retention.trace_minutes) * 60_000,
        };
        let sent = room.queue.try_send(TraceOrder::Write(Box::new(attempt)));
        if sent.is_err() {
            self.sampler().missed(&sort, uptime);
        }
    }

    pub(super) fn sampler(&self) -> MutexGuard<'_, FailureWindow> {
        let sampler = self.0.sampler.lock();
        sampler.unwrap_or_else(PoisonError::into_inner)
    }

    /// The receiving end of the queue, for the task that writes it.
    pub(super) fn waiting(&self) -> Option<mpsc::Receiver<TraceOrder>> {
        let waiting = self.0.waiting.lock();
        waiting.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Waits until everything recorded on this server so far is written, so that a reference can be
    /// found as soon as it is shown.
    pub async fn settled(&self) {
        let (reply, settled) = oneshot::channel();
        let _ = tokio::time::timeout(PATIENCE, async {
            if self.0.queue.send(TraceOrder::Settled(reply)).await.is_ok() {
                let _ = settled.await;
            }
        })
        .await;
    }

    /// Removes what exceeds the limit.
    ///
    /// # Errors
    /// The store failed.
    pub async fn trim(&self) -> Result<(), StoreError> {
        let (db, now) = (&self.0.db, self.0.clock.now_ms());
        let excess = Arc::new(traces::excess(&mut db.read().await?.tx(), now).await?);
        let failures = Arc::clone(&excess);
        let trim = db.sweep(move |mut tx, most| {
            let excess = Arc::clone(&failures);
            Box::pin(async move { traces::delete_excess(&mut tx, &excess, most).await })
        });
        trim.await?;
        let trim = db.sweep_in_order(move |mut tx, most, from| {
            let excess = Arc::clone(&excess);
            Box::pin(
                async move { traces::delete_excess_launches(&mut tx, &excess, from, most).await },
            )
        });
        trim.await.map(drop)
    }
}

/// Whether a refusal of this kind concerns a launch, and so becomes an event. Failed logins don't:
/// many are just bookmarks.
fn is_launch(kind: Kind) -> bool {
    matches!(kind, Kind::Launch | Kind::StudyReel)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::http::{HeaderMap, StatusCode};

    use super::*;
    use crate::traces::{Step, testing};
    use crate::web::api_rule::ApiRule;

    fn recorder() -> Recorder {
        let mut recorder = Recorder::new(Kind::Launch, &Clock::default(), &HeaderMap::new());
        recorder.done(Step::FormRead);
        recorder
    }

    #[tokio::test]
    async fn a_failure_is_found_by_its_reference_as_soon_as_it_is_shown() {
        let room = testing::room().await;
        let rule = ApiRule::new("WRONG", StatusCode::BAD_REQUEST, "It is wrong.");
        let problem = rule
            .problem()
            .because("RULE_BROKEN", "the rule")
            .caused_by("somebody's name");
        let traces = &room.traces;
        traces.failed("R1", &problem, Arc::new(recorder()), "any.example.edu");
        let row = room.trace("R1").await.unwrap();
        assert_eq!(row.reason.as_deref(), Some("RULE_BROKEN"));
        assert_eq!(
            (row.tool_id.as_str(), row.outcome.as_str()),
            ("tool", FAILED)
        );
        assert!(row.trace.contains("the rule"), "{}", row.trace);
        assert!(!row.trace.contains("somebody"), "{}", row.trace);
        assert!(room.trace("R2").await.is_none());
    }

    #[tokio::test]
    async fn a_registration_leaves_a_trace_with_its_answer_or_its_problem() {
        let room = testing::room().await;
        let done = room
            .traces
            .of_registration(Ok(StatusCode::CREATED), recorder());
        assert_eq!(done.status(), StatusCode::CREATED);
        assert!(done.extensions().get::<Arc<Recorder>>().is_none());
        let problem = Err::<StatusCode, _>(Problem::internal("no"));
        let failed = room.traces.of_registration(problem, recorder());
        assert!(failed.extensions().get::<Arc<Recorder>>().is_some());
        assert!(failed.extensions().get::<Arc<Problem>>().is_some());
    }
}
