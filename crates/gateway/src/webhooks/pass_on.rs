//! From events to webhooks: once an event's transaction is committed, the event gets its number in
//! the order of all events, and each webhook that wants it gets a job.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use store::events::{self, WaitingEvent};
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx, jobs};

use super::{MOST_WAITING, Webhooks};

/// How many events one transaction takes, and after how many messages it stops taking more: SQLite
/// can't store a launch while it runs.
const EVENTS: i64 = 50;
const MESSAGES: i64 = 100;

/// Number of messages by webhook id.
type MessageCounts = HashMap<String, i64>;

impl Webhooks {
    /// Passes on all waiting events. Several servers may do so at the same time: they number events
    /// in turn.
    ///
    /// # Errors
    /// The store failed; the next call continues.
    pub(crate) async fn pass_on(&self) -> Result<(), StoreError> {
        loop {
            let mut reader = self.db.read().await?;
            let waiting = events::waiting(&mut reader.tx(), EVENTS).await?;
            drop(reader);
            if waiting.is_empty() {
                return Ok(());
            }
            let (before, now) = (self.count(&waiting).await?, self.clock.now_ms());
            let some = self.db.write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { pass_some_on(&mut tx, before, now).await })
            });
            self.memory.add(some.await?);
            self.jobs.wake();
        }
    }

    /// Like [`Self::pass_on`], for calling again and again: it fails only after several failures in
    /// a row. An event that can't be passed on blocks all later ones, so that is worth an error.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn keep_passing_on(&self) -> Result<(), StoreError> {
        let passed = self.pass_on().await;
        self.memory.passed(passed)
    }

    /// How many messages wait for each webhook that may want these events. Counted outside the
    /// transaction, which blocks other writers.
    async fn count(&self, events: &[WaitingEvent]) -> Result<MessageCounts, StoreError> {
        let mut counts = MessageCounts::new();
        let mut tools: Vec<&str> = events.iter().map(|event| event.tool_id.as_str()).collect();
        tools.sort_unstable();
        tools.dedup();
        let uptime = self.clock.uptime();
        for tool_id in tools {
            let mut reader = self.db.read().await?;
            let listening = webhooks::of_tool(&mut reader.tx(), tool_id.to_owned()).await?;
            drop(reader);
            for webhook in listening.into_iter().filter(|webhook| webhook.active) {
                let number = self.memory.waiting(&self.db, &webhook.id, uptime).await?;
                counts.insert(webhook.id, number);
            }
        }
        Ok(counts)
    }
}

/// Passes on the oldest events. Returns how many messages each webhook got.
async fn pass_some_on(
    tx: &mut Tx<'_>,
    before: MessageCounts,
    now_ms: i64,
) -> Result<MessageCounts, StoreError> {
    let mut place = events::lock_places(tx).await?;
    let waiting = events::waiting(tx, EVENTS).await?;
    let mut added = AddedMessages {
        before,
        counts: MessageCounts::new(),
        all: 0,
        now_ms,
    };
    let mut listeners = HashMap::new();
    for event in waiting {
        if added.all >= MESSAGES {
            break;
        }
        place += 1;
        events::place(tx, event.id.clone(), place).await?;
        let known = match listeners.entry(event.tool_id.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(active(tx, &event.tool_id).await?),
        };
        for webhook in known.iter().filter(|webhook| wants(webhook, &event.kind)) {
            added.add(tx, webhook, &event).await?;
        }
    }
    events::note_last(tx, place).await?;
    Ok(added.counts)
}

/// The active webhooks of a tool.
async fn active(tx: &mut Tx<'_>, tool_id: &str) -> Result<Vec<WebhookRow>, StoreError> {
    let mut found = webhooks::of_tool(tx, tool_id.to_owned()).await?;
    found.retain(|webhook| webhook.active);
    Ok(found)
}

/// The messages that a transaction adds.
struct AddedMessages {
    before: MessageCounts,
    counts: MessageCounts,
    all: i64,
    now_ms: i64,
}

impl AddedMessages {
    async fn add(
        &mut self,
        tx: &mut Tx<'_>,
        webhook: &WebhookRow,
        event: &WaitingEvent,
    ) -> Result<(), StoreError> {
        // A webhook created a moment ago has no messages yet.
        let before = self.before.get(&webhook.id).copied().unwrap_or_default();
        let count = self.counts.entry(webhook.id.clone()).or_default();
        if before.saturating_add(*count) >= MOST_WAITING {
            return webhooks::missed(tx, webhook.id.clone(), self.now_ms).await;
        }
        *count += 1;
        self.all += 1;
        let delivery = Webhooks::delivery(&webhook.id, &event.tool_id, &event.id, self.now_ms);
        jobs::insert(tx, delivery).await
    }
}

/// Whether a webhook wants events of this type.
pub(super) fn wants(webhook: &WebhookRow, kind: &str) -> bool {
    let mut types = webhook.types.split_whitespace().peekable();
    types.peek().is_none() || types.any(|wanted| wanted == kind)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::audit::Audit;
    use crate::directory::tools::Tools;
    use crate::events::{Event, EventType, Events};
    use crate::jobs::Jobs;
    use crate::kit::clock::Random;
    use crate::kit::outbound::{AllowList, Outbound};
    use crate::kit::seal::SecretKey;
    use crate::testing::{Scratch, TOOL};
    use crate::webhooks::{KIND, WebhookMemory};

    fn room(scratch: &Scratch) -> Webhooks {
        let (db, clock, random) = (&scratch.db, &scratch.clock, Random::default());
        let (rows, root) = (scratch.rows.clone(), SecretKey::generate(&random));
        Webhooks {
            audit: Audit::new(rows, &root, clock.clone(), random.clone()),
            db: db.clone(),
            clock: clock.clone(),
            rows: scratch.rows.clone(),
            outbound: Outbound::new(AllowList::default()).unwrap(),
            tools: Tools::new(db.clone()),
            events: Events::new(clock.clone(), random.clone()),
            jobs: Jobs::new(
                db.clone(),
                clock.clone(),
                random.clone(),
                scratch.rows.clone(),
            ),
            random,
            memory: WebhookMemory::default(),
        }
    }

    fn webhook(id: &str, types: &str, active: bool) -> WebhookRow {
        WebhookRow {
            id: id.to_owned(),
            tool_id: TOOL.to_owned(),
            url: "https://app.example/hooks".to_owned(),
            types: types.to_owned(),
            active,
            disabled_reason: None,
            secret_sealed: Vec::new(),
            former_sealed: None,
            former_until: None,
            failing_since: None,
            failures: 0,
            missed_at: None,
            created_at: 0,
        }
    }

    #[tokio::test]
    async fn an_event_is_a_job_for_each_webhook_that_takes_it() {
        let scratch = Scratch::new().await;
        let room = room(&scratch);
        let rows = [
            webhook("all", "", true),
            webhook("keys", EventType::ApiKeyCreated.as_str(), true),
            webhook("platforms", EventType::PlatformRegistered.as_str(), true),
            webhook("inactive", "", false),
        ];
        let (events, inserted) = (room.events.clone(), rows.clone());
        let told = room.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                for row in inserted {
                    webhooks::insert(&mut tx, row).await?;
                }
                let event = Event::ApiKeyCreated {
                    api_key_id: "key".to_owned(),
                    scope: "all".to_owned(),
                };
                events.record(&mut tx, TOOL, &event).await
            })
        });
        told.await.unwrap();
        // The second time, it already has its number.
        for _ in 0..2 {
            room.pass_on().await.unwrap();
            let mut numbers = Vec::new();
            for row in &rows {
                let mut reader = room.db.read().await.unwrap();
                let queued = jobs::queued(&mut reader.tx(), KIND, &row.id, MOST_WAITING).await;
                numbers.push(queued.unwrap());
            }
            assert_eq!(numbers, [1, 1, 0, 0]);
        }
    }
}
