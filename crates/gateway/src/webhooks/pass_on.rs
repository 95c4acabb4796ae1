//! From an event to those who hear of it: once its transaction is committed, an event gets its place in the order of all
//! events, and each webhook that wants it gets a job.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use store::events::{self, WaitingEvent};
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx, jobs};

use super::{KIND, MOST_WAITING, Webhooks};

/// Events that one transaction takes.
const TOGETHER: i64 = 50;

impl Webhooks {
    /// Passes on every event that waits. Servers may do so at the same time: one after the other gives out places.
    ///
    /// # Errors
    /// The store failed; the next call goes on.
    pub(crate) async fn pass_on(&self) -> Result<(), StoreError> {
        loop {
            let first = events::waiting(&mut self.db.read().await?.tx(), 1).await?;
            if first.is_empty() {
                return Ok(());
            }
            let now = self.clock.now_ms();
            let some = self.db.write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { pass_some_on(&mut tx, now).await })
            });
            some.await?;
            self.jobs.wake();
        }
    }
}

async fn pass_some_on(tx: &mut Tx<'_>, now_ms: i64) -> Result<(), StoreError> {
    let mut place = events::lock_places(tx).await?;
    let waiting = events::waiting(tx, TOGETHER).await?;
    let mut listeners = HashMap::new();
    for event in waiting {
        place += 1;
        events::place(tx, event.id.clone(), place).await?;
        let known = match listeners.entry(event.tool_id.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Listeners::of_tool(tx, &event.tool_id).await?),
        };
        known.hear(tx, &event, now_ms).await?;
    }
    events::note_last(tx, place).await
}

/// The active webhooks of a tool, and how many messages wait for each.
struct Listeners(Vec<(WebhookRow, i64)>);

impl Listeners {
    async fn of_tool(tx: &mut Tx<'_>, tool_id: &str) -> Result<Self, StoreError> {
        let mut found = Vec::new();
        for webhook in webhooks::of_tool(tx, tool_id.to_owned()).await? {
            if webhook.active {
                let waiting = jobs::queued(tx, KIND, &webhook.id, MOST_WAITING).await?;
                found.push((webhook, waiting));
            }
        }
        Ok(Self(found))
    }

    async fn hear(
        &mut self,
        tx: &mut Tx<'_>,
        event: &WaitingEvent,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        for (webhook, waiting) in &mut self.0 {
            if !wants(webhook, &event.kind) {
                continue;
            }
            if *waiting >= MOST_WAITING {
                webhooks::missed(tx, webhook.id.clone(), now_ms).await?;
                continue;
            }
            *waiting += 1;
            let delivery = Webhooks::delivery(&webhook.id, &event.tool_id, &event.id, now_ms);
            jobs::insert(tx, delivery).await?;
        }
        Ok(())
    }
}

/// Whether a webhook is told of events of this type.
pub(super) fn wants(webhook: &WebhookRow, kind: &str) -> bool {
    let mut types = webhook.types.split_whitespace().peekable();
    types.peek().is_none() || types.any(|wanted| wanted == kind)
}
