//! From a failed request to a row: a bounded queue that never holds a request up, and one task that writes what waits,
//! many at a time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::Recorder;
use super::claims::cut;
use super::record::{Facts, Failure};
use super::sample::{Missed, Sampler, Sort};
use crate::app::App;
use crate::kit::id;
use crate::web::problem::Problem;
use store::traces::{self, ACCEPTED, FAILED, NewTrace, WAITING};
use store::{Db, StoreError};

/// Traces that wait at most.
const WAITING_AT_MOST: usize = 512;
/// Traces that one transaction takes.
const TOGETHER: usize = 64;
/// How often windows that are over are looked for.
const LOOK: Duration = Duration::from_secs(5);
/// How long a reader waits for what is in the queue.
const PATIENCE: Duration = Duration::from_secs(2);
/// Longest text, in bytes.
const LONGEST_TEXT: usize = 500;
/// Longest issuer, client id or key id, in bytes.
const LONGEST_NAME: usize = 255;
/// What waits for the task.
enum Message {
    Write(Box<Attempt>),
    Settled(oneshot::Sender<()>),
}

/// An attempt that is to be written down.
struct Attempt {
    correlation_id: String,
    outcome: &'static str,
    sort: Sort,
    failure: Option<Failure>,
    recorder: Arc<Recorder>,
    delete_at: i64,
}

/// What becomes a trace of its own: everything but accepted launches.
pub struct Traces {
    queue: mpsc::Sender<Message>,
    waiting: Mutex<Option<mpsc::Receiver<Message>>>,
    sampler: Mutex<Sampler>,
}

impl Default for Traces {
    fn default() -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_AT_MOST);
        Self {
            queue,
            waiting: Mutex::new(Some(waiting)),
            sampler: Mutex::default(),
        }
    }
}

impl Traces {
    /// Takes the trace of a problem, under the reference that is shown with it. `host` says which tool it was for,
    /// where nothing else does.
    pub fn failed(
        &self,
        app: &App,
        correlation_id: &str,
        problem: &Problem,
        recorder: Arc<Recorder>,
        host: &str,
    ) {
        let reason = problem.reason.as_ref();
        let (code, text) = reason.map_or((problem.code, &*problem.description), |reason| {
            (reason.code, reason.text.as_str())
        });
        let failure = Failure {
            status: problem.status.as_u16(),
            text: text.to_owned(),
            // What strangers can cause tells them nothing here, and may name a person.
            cause: problem.cause().filter(|_| problem.status.is_server_error()),
            ..Failure::default()
        };
        self.refused(app, correlation_id, code, failure, recorder, host);
    }

    /// The same for a refusal in another shape.
    pub fn refused(
        &self,
        app: &App,
        correlation_id: &str,
        code: &'static str,
        failure: Failure,
        recorder: Arc<Recorder>,
        host: &str,
    ) {
        self.take(
            app,
            correlation_id.to_owned(),
            FAILED,
            code,
            Some(failure),
            recorder,
            host,
        );
    }

    /// Takes the trace of a registration: with its problem, or done, or waiting for somebody.
    ///
    /// # Errors
    /// The problem, which has the trace with it now.
    pub fn of_registration<T>(
        &self,
        app: &App,
        result: Result<T, Problem>,
        recorder: Recorder,
    ) -> Result<T, Problem> {
        match result {
            Ok(answer) => {
                self.registered(app, recorder);
                Ok(answer)
            }
            Err(problem) => Err(problem.traced(recorder)),
        }
    }

    fn registered(&self, app: &App, recorder: Recorder) {
        let outcome = match recorder.platform {
            Some(_) => ACCEPTED,
            None => WAITING,
        };
        let correlation_id = id::correlation_id(&app.random);
        self.take(
            app,
            correlation_id,
            outcome,
            outcome,
            None,
            Arc::new(recorder),
            "",
        );
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the one way in, from three sides"
    )]
    fn take(
        &self,
        app: &App,
        correlation_id: String,
        outcome: &'static str,
        reason: &'static str,
        failure: Option<Failure>,
        recorder: Arc<Recorder>,
        host: &str,
    ) {
        let platform = recorder.platform.as_ref();
        let tool_id = platform
            .map(|platform| &platform.tool_id)
            .or(recorder.tool_id.as_ref());
        let tool = match tool_id {
            Some(id) => app.tools.by_id(id),
            None => app.tools.at(host),
        };
        let Some(tool) = tool.filter(|tool| tool.settings.retention.trace_minutes > 0) else {
            return;
        };
        let sort = Sort {
            tool_id: tool.id.clone(),
            kind: recorder.kind,
            reason,
            platform_id: platform.map(|platform| platform.id.clone()),
            signed: recorder.is_signed,
        };
        let now = app.clock.now_ms();
        if !self.sampler().admit(&sort, now) {
            return;
        }
        let attempt = Attempt {
            correlation_id,
            outcome,
            sort: sort.clone(),
            failure,
            recorder,
            delete_at: now + i64::from(tool.settings.retention.trace_minutes) * 60_000,
        };
        if self
            .queue
            .try_send(Message::Write(Box::new(attempt)))
            .is_err()
        {
            self.sampler().missed(&sort, now);
        }
    }

    fn sampler(&self) -> std::sync::MutexGuard<'_, Sampler> {
        self.sampler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until what was taken here before is written, so that a reference is found as soon as it is shown.
    pub async fn settled(&self) {
        let (reply, settled) = oneshot::channel();
        let _ = tokio::time::timeout(PATIENCE, async {
            if self.queue.send(Message::Settled(reply)).await.is_ok() {
                let _ = settled.await;
            }
        })
        .await;
    }
}

/// Writes what comes until `stop` changes, and what is left then.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let waiting = app.traces.waiting.lock();
    let Some(mut waiting) = waiting.unwrap_or_else(PoisonError::into_inner).take() else {
        return;
    };
    let mut look = tokio::time::interval(LOOK);
    let mut messages = Vec::with_capacity(TOGETHER);
    let mut stopping = false;
    while !stopping {
        tokio::select! {
            // Whoever waits goes before whatever tells to stop.
            biased;
            _ = waiting.recv_many(&mut messages, TOGETHER) => write(&app, &mut messages).await,
            _ = look.tick() => {
                let over = app.traces.sampler().take_over(app.clock.now_ms());
                tell_missed(&app, over).await;
            }
            _ = stop.changed() => stopping = true,
        }
    }
    waiting.close();
    while waiting.recv_many(&mut messages, TOGETHER).await > 0 {
        write(&app, &mut messages).await;
    }
    let all = app.traces.sampler().take_all();
    tell_missed(&app, all).await;
}

async fn write(app: &App, messages: &mut Vec<Message>) {
    let mut rows = Vec::with_capacity(messages.len());
    let mut waiting = Vec::new();
    for message in messages.drain(..) {
        match message {
            Message::Write(attempt) => rows.push(attempt.row(app)),
            Message::Settled(reply) => waiting.push(reply),
        }
    }
    insert(&app.db, rows).await;
    for reply in waiting {
        let _ = reply.send(());
    }
}

/// One trace for all that were only counted, of each sort.
async fn tell_missed(app: &App, missed: Vec<Missed>) {
    let rows = missed.into_iter().filter_map(|missed| {
        let Missed { sort, number, last } = missed;
        let tool = app.tools.by_id(&sort.tool_id)?;
        let mut facts = Facts {
            failure: Some(Box::new(Failure {
                text: format!("{number} more in that minute, which were only counted"),
                more: Some(number),
                ..Failure::default()
            })),
            ..Facts::default()
        };
        let minutes = i64::from(tool.settings.retention.trace_minutes);
        // Of registrations that did not fail, the outcome is what they are counted by.
        let good = [ACCEPTED, WAITING]
            .into_iter()
            .find(|good| *good == sort.reason);
        Some(NewTrace {
            id: id::new_id(last, &app.random),
            correlation_id: id::correlation_id(&app.random),
            tool_id: sort.tool_id,
            kind: sort.kind.name(),
            outcome: good.unwrap_or(FAILED),
            reason: good.is_none().then_some(sort.reason),
            platform_id: sort.platform_id,
            deployment_id: None,
            signed: sort.signed,
            trace: facts.written(),
            created_at: last,
            delete_at: last + minutes * 60_000,
        })
    });
    let mut rows: Vec<NewTrace> = rows.collect();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(TOGETHER));
        insert(&app.db, std::mem::replace(&mut rows, rest)).await;
    }
}

async fn insert(db: &Db, rows: Vec<NewTrace>) {
    if rows.is_empty() {
        return;
    }
    let number = rows.len();
    let insert = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            for row in rows {
                traces::insert(&mut tx, row).await?;
            }
            Ok(())
        })
    });
    if let Err(error) = insert.await {
        tracing::warn!(%error, number, "traces could not be written, and are lost");
    }
}

impl Attempt {
    fn row(self, app: &App) -> NewTrace {
        let recorder = &*self.recorder;
        let mut facts = recorder.facts.clone();
        let name = |text: Option<String>| text.map(|text| plain(&text, LONGEST_NAME));
        facts.issuer = name(facts.issuer);
        facts.client_id = name(facts.client_id);
        if let Some(failure) = self.failure {
            let noted = facts.failure.take().unwrap_or_default();
            facts.failure = Some(Box::new(Failure {
                text: plain(&failure.text, LONGEST_TEXT),
                cause: failure.cause.map(|cause| plain(&cause, LONGEST_TEXT)),
                kid: name(noted.kid),
                ..failure
            }));
        }
        NewTrace {
            id: id::new_id(recorder.at, &app.random),
            correlation_id: self.correlation_id,
            tool_id: self.sort.tool_id,
            kind: self.sort.kind.name(),
            outcome: self.outcome,
            reason: (self.outcome == FAILED).then_some(self.sort.reason),
            platform_id: self.sort.platform_id,
            deployment_id: recorder.deployment_id.clone(),
            signed: self.sort.signed,
            trace: facts.written(),
            created_at: recorder.at,
            delete_at: self.delete_at,
        }
    }
}

/// A text as it may stand in a terminal, cut.
fn plain(text: &str, bytes: usize) -> String {
    cut(text, bytes).replace(char::is_control, " ")
}
