//! From a failed request to a row: a bounded queue that never holds a request up, and one task that writes what waits,
//! many at a time.

use std::sync::Arc;
use std::time::Duration;

use store::traces::{self, ACCEPTED, FAILED, NewTrace, WAITING};
use store::{Db, StoreError};
use tokio::sync::{oneshot, watch};

use super::Recorder;
use super::claims::cut;
use super::facts::{Facts, Failure};
use super::room::{Ending, Traces};
use super::sample::{Missed, Sort};
use crate::kit::clock::Random;
use crate::kit::id;

/// Traces that one transaction takes.
const TOGETHER: usize = 64;
/// How often windows that are over are looked for.
const LOOK: Duration = Duration::from_secs(5);
/// Longest text, in bytes.
const LONGEST_TEXT: usize = 500;
/// Longest issuer, client id or key id, in bytes.
const LONGEST_NAME: usize = 255;

/// What waits for the task.
pub(super) enum Message {
    Write(Box<Attempt>),
    Settled(oneshot::Sender<()>),
}

/// An attempt that is to be written down.
pub(super) struct Attempt {
    pub(super) correlation_id: String,
    pub(super) ending: Ending,
    pub(super) sort: Sort,
    pub(super) recorder: Arc<Recorder>,
    pub(super) delete_at: i64,
}

impl Traces {
    /// Writes what comes until `stop` changes, and what is left then.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let Some(mut waiting) = self.waiting() else {
            return;
        };
        let mut look = tokio::time::interval(LOOK);
        let mut messages = Vec::with_capacity(TOGETHER);
        let mut stopping = false;
        while !stopping {
            tokio::select! {
                // Whoever waits goes before whatever tells to stop.
                biased;
                _ = waiting.recv_many(&mut messages, TOGETHER) => self.write(&mut messages).await,
                _ = look.tick() => {
                    let over = self.sampler().take_over(self.0.clock.now_ms());
                    self.tell_missed(over).await;
                }
                _ = stop.changed() => stopping = true,
            }
        }
        waiting.close();
        while waiting.recv_many(&mut messages, TOGETHER).await > 0 {
            self.write(&mut messages).await;
        }
        let all = self.sampler().take_all();
        self.tell_missed(all).await;
    }

    async fn write(&self, messages: &mut Vec<Message>) {
        let mut rows = Vec::with_capacity(messages.len());
        let mut waiting = Vec::new();
        for message in messages.drain(..) {
            match message {
                Message::Write(attempt) => rows.push(attempt.row(&self.0.random)),
                Message::Settled(reply) => waiting.push(reply),
            }
        }
        insert(&self.0.db, rows).await;
        for reply in waiting {
            let _ = reply.send(());
        }
    }

    /// One trace for all that were only counted, of each sort.
    async fn tell_missed(&self, missed: Vec<Missed>) {
        let rows = missed.into_iter().filter_map(|missed| {
            let Missed { sort, number, last } = missed;
            let tool = self.0.tools.by_id(&sort.tool_id)?;
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
                id: id::new_id(last, &self.0.random),
                correlation_id: id::correlation_id(&self.0.random),
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
            insert(&self.0.db, std::mem::replace(&mut rows, rest)).await;
        }
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
    fn row(self, random: &Random) -> NewTrace {
        let recorder = &*self.recorder;
        let mut facts = recorder.facts.clone();
        let name = |text: Option<String>| text.map(|text| plain(&text, LONGEST_NAME));
        facts.issuer = name(facts.issuer);
        facts.client_id = name(facts.client_id);
        let Ending {
            outcome,
            reason,
            failure,
        } = self.ending;
        if let Some(failure) = failure {
            let noted = facts.failure.take().unwrap_or_default();
            facts.failure = Some(Box::new(Failure {
                text: plain(&failure.text, LONGEST_TEXT),
                cause: failure.cause.map(|cause| plain(&cause, LONGEST_TEXT)),
                kid: name(noted.kid),
                ..failure
            }));
        }
        NewTrace {
            id: id::new_id(recorder.at, random),
            correlation_id: self.correlation_id,
            tool_id: self.sort.tool_id,
            kind: self.sort.kind.name(),
            outcome,
            reason: (outcome == FAILED).then_some(reason),
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
