//! The job that delivers an event to a webhook.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use store::events::{self, EventRow};
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx, jobs::NewJob};

use super::message::{SentMessage, WebhookMessage};
use super::{KIND, Webhooks};
use crate::events::EventData;
use crate::jobs::{AttemptNote, JobEnding, JobKind, JobOutcome, Schedule, Task, Work};

/// Messages in flight: of all webhooks together, and of one.
const AT_ONCE: usize = 32;
const OF_ONE_WEBHOOK: i64 = 4;
/// How long a finished delivery is shown: as long as its event.
const KEPT_MS: i64 = 8 * 24 * 60 * 60 * 1000;
/// How soon a message that could not be sent is tried again, because all slots were taken or the
/// store was unavailable.
const A_MOMENT: Duration = Duration::from_secs(5);

impl Webhooks {
    /// How delivery jobs run.
    pub(crate) fn kind(&self) -> JobKind {
        JobKind {
            name: KIND,
            at_once: AT_ONCE,
            of_one_share: OF_ONE_WEBHOOK,
            of_one_share_here: AT_ONCE,
            kept_ms: KEPT_MS,
            work: Arc::new(self.clone()),
        }
    }

    /// The delivery of an event to a webhook. Its id makes it unique, however often it is
    /// requested.
    pub(super) fn delivery(webhook_id: &str, tool_id: &str, event_id: &str, now_ms: i64) -> NewJob {
        NewJob {
            id: format!("{event_id}-{webhook_id}"),
            tool_id: tool_id.to_owned(),
            kind: KIND,
            share: webhook_id.to_owned(),
            subject: event_id.to_owned(),
            order_key: None,
            payload_sealed: None,
            due_at: now_ms,
            created_at: now_ms,
        }
    }
}

impl Work for Webhooks {
    fn schedule(&self, tool_id: &str) -> Schedule {
        let settings = self.tools.by_id(tool_id);
        let settings = settings.map(|tool| tool.settings.webhooks.clone());
        let settings = settings.unwrap_or_default();
        Schedule {
            patience: settings.patience(),
            seconds: settings.schedule,
        }
    }

    fn run(&self, task: Task) -> BoxFuture<'static, JobOutcome> {
        let room = self.clone();
        async move {
            let done = room.deliver(&task).await;
            done.unwrap_or_else(|error| room.not_sent(&task, &error))
        }
        .boxed()
    }
}

impl Webhooks {
    /// The store failed, or its data can't be read: it is damaged, or sealed with a key we no
    /// longer have. Unreadable data won't get better.
    fn not_sent(&self, task: &Task, error: &StoreError) -> JobOutcome {
        let is_corrupt = matches!(error, StoreError::Corrupt(_));
        let why = if is_corrupt {
            "not readable"
        } else {
            "not sent"
        };
        if self.memory.logs(&task.share, why) {
            tracing::warn!(job = task.id, webhook = task.share, %error, "a webhook's message can't be sent");
        }
        if is_corrupt {
            return unsent("NOT_READABLE", why);
        }
        let note = AttemptNote {
            outcome: why,
            ..AttemptNote::default()
        };
        JobOutcome::new(JobEnding::Postponed(A_MOMENT), note)
    }

    async fn deliver(&self, task: &Task) -> Result<JobOutcome, StoreError> {
        let Some(webhook) = self.by_id(&task.share).await? else {
            return Ok(unsent("WEBHOOK_DELETED", "the webhook is deleted"));
        };
        if !webhook.active {
            return Ok(unsent("WEBHOOK_INACTIVE", "the webhook is not active"));
        }
        let mut reader = self.db.read().await?;
        let event = events::by_id(&mut reader.tx(), task.subject.clone()).await?;
        drop(reader);
        let Some(event) = event else {
            return Ok(unsent("EVENT_GONE", "the event is no longer kept"));
        };
        let sent = self.send(&webhook, &message(&event)?).await?;
        Ok(self.outcome(webhook, &sent))
    }

    /// What an attempt means for the message and its webhook.
    fn outcome(&self, webhook: WebhookRow, sent: &SentMessage) -> JobOutcome {
        let note = AttemptNote {
            status: sent.status(),
            outcome: sent.outcome(),
            said: sent.said(),
            host: None,
        };
        match sent {
            SentMessage::Delivered(_) => {
                let done = JobOutcome::new(JobEnding::Done, note);
                if webhook.failing_since.is_none() {
                    return done;
                }
                done.writing(move |tx| {
                    let id = webhook.id.clone();
                    async move { webhooks::succeeded(tx, id).await.map(|()| None) }.boxed()
                })
            }
            SentMessage::Busy => JobOutcome::new(JobEnding::Postponed(A_MOMENT), note),
            SentMessage::Aborted(_) => JobOutcome::new(JobEnding::Refused("ABORTED"), note),
            SentMessage::Gone => {
                let (room, asked) = (self.clone(), webhook.clone());
                let again = JobOutcome::new(JobEnding::Later(Duration::ZERO), note.clone());
                let gone = JobOutcome::new(JobEnding::Refused("GONE"), note).writing(move |tx| {
                    let (room, webhook) = (room.clone(), webhook.clone());
                    async move { room.gone(tx, &webhook).await }.boxed()
                });
                // Then the message is for the new address, which isn't gone.
                gone.unless(
                    move |tx| {
                        let asked = asked.clone();
                        async move { has_moved(tx, &asked).await }.boxed()
                    },
                    again,
                )
            }
            SentMessage::Refused(_, after) => self.failed(webhook, after.unwrap_or_default(), note),
            SentMessage::Unanswered(_) => self.failed(webhook, Duration::ZERO, note),
        }
    }

    fn failed(&self, webhook: WebhookRow, after: Duration, note: AttemptNote) -> JobOutcome {
        let room = self.clone();
        JobOutcome::new(JobEnding::Again(after), note).writing(move |tx| {
            let (room, webhook) = (room.clone(), webhook.clone());
            async move { room.failing(tx, &webhook).await }.boxed()
        })
    }
}

/// Whether a webhook has been given another address since it was read. If not, it keeps this one
/// until the transaction ends.
async fn has_moved(tx: &mut Tx<'_>, asked: &WebhookRow) -> Result<bool, StoreError> {
    webhooks::lock(tx, &asked.id).await?;
    let stands = webhooks::by_id(tx, asked.id.clone()).await?;
    Ok(stands.is_some_and(|stands| stands.url != asked.url))
}

fn message(event: &EventRow) -> Result<WebhookMessage<'_>, StoreError> {
    Ok(WebhookMessage {
        id: &event.id,
        kind: &event.kind,
        at_ms: event.created_at,
        data: EventData::parse(&event.data)?.into_ids(),
    })
}

/// A message that is not sent and never will be.
fn unsent(reason: &'static str, outcome: &'static str) -> JobOutcome {
    let note = AttemptNote {
        outcome,
        ..AttemptNote::default()
    };
    JobOutcome::new(JobEnding::Refused(reason), note)
}
