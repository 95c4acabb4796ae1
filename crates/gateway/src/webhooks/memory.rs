//! What a server remembers about webhooks: how many messages wait for each, and what it has logged.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::{Db, StoreError, jobs};

use super::{KIND, MOST_WAITING};
use crate::kit::sampler::{CountedEvents, Sampler};

/// How long a count is trusted. Until then, this server adds its own new messages to it.
const GOOD: Duration = Duration::from_secs(5);
/// How many lines per minute are logged about messages that can't be sent: per webhook and reason,
/// and in total.
const OF_ONE: u32 = 1;
const IN_ALL: u32 = 20;

/// From this many failures in a row, passing events on counts as broken; fewer mean that the store
/// was briefly unavailable.
const TOO_MANY: u32 = 3;
/// After that, only every n-th failure is logged.
const LOGGED_EVERY: u32 = 60;

/// What one server remembers. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct WebhookMemory(Arc<WebhookMemoryInner>);

struct WebhookMemoryInner {
    waiting: Mutex<HashMap<String, WaitingCount>>,
    lines: Sampler<UnsentSort>,
    failures: AtomicU32,
}

#[derive(Clone, Copy)]
struct WaitingCount {
    number: i64,
    at: Duration,
}

/// A webhook's id, and why its messages can't be sent.
type UnsentSort = (String, &'static str);

impl Default for WebhookMemory {
    fn default() -> Self {
        Self(Arc::new(WebhookMemoryInner {
            waiting: Mutex::default(),
            lines: Sampler::new(OF_ONE, IN_ALL),
            failures: AtomicU32::new(0),
        }))
    }
}

impl WebhookMemory {
    /// How many messages wait for a webhook, at most 10,000. Counted again every few seconds.
    pub(super) async fn waiting(
        &self,
        db: &Db,
        webhook_id: &str,
        now: Duration,
    ) -> Result<i64, StoreError> {
        let known = self.counts().get(webhook_id).copied();
        if let Some(known) = known.filter(|known| known.is_good(now)) {
            return Ok(known.number);
        }
        let number = {
            let mut reader = db.read().await?;
            jobs::queued(&mut reader.tx(), KIND, webhook_id, MOST_WAITING).await?
        };
        let mut counts = self.counts();
        // Keeps no counts of idle or deleted webhooks.
        counts.retain(|_, count| count.is_good(now));
        counts.insert(webhook_id.to_owned(), WaitingCount { number, at: now });
        Ok(number)
    }

    /// Adds the messages that were just stored.
    pub(super) fn add(&self, added: HashMap<String, i64>) {
        let mut counts = self.counts();
        for (webhook_id, number) in added {
            if let Some(count) = counts.get_mut(&webhook_id) {
                count.number = count.number.saturating_add(number);
            }
        }
    }

    /// Whether to log that a webhook's message can't be sent. If not, it is counted for
    /// [`Self::report`].
    pub(super) fn logs(&self, webhook_id: &str, why: &'static str) -> bool {
        self.0.lines.admit((webhook_id.to_owned(), why))
    }

    /// Logs how many lines were suppressed since the last call. Called once a minute.
    pub(crate) fn report(&self) {
        for CountedEvents { what, count } in self.0.lines.turn() {
            let (webhook, why) = what.unwrap_or_else(|| ("(others)".to_owned(), "many reasons"));
            tracing::warn!(webhook, why, count, "more messages could not be sent");
        }
    }

    /// Keeps track of whether passing events on worked. Returns an error only if an operator should
    /// know.
    pub(super) fn passed(&self, result: Result<(), StoreError>) -> Result<(), StoreError> {
        let Err(error) = result else {
            self.0.failures.store(0, Ordering::Relaxed);
            return Ok(());
        };
        let failures = self.0.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if failures == TOO_MANY || failures.is_multiple_of(LOGGED_EVERY) {
            return Err(error);
        }
        tracing::debug!(%error, "passing events on failed");
        Ok(())
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, WaitingCount>> {
        let counts = self.0.waiting.lock();
        counts.unwrap_or_else(PoisonError::into_inner)
    }
}

impl WaitingCount {
    fn is_good(&self, now: Duration) -> bool {
        now.saturating_sub(self.at) < GOOD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_all_events_is_told_a_moment_away_is_not() {
        let memory = WebhookMemory::default();
        let fails = || memory.passed(Err(StoreError::Stopped)).is_err();
        let told = [fails(), fails(), fails(), fails()];
        assert_eq!(told, [false, false, true, false]);
        assert!(memory.passed(Ok(())).is_ok());
        let told = (0..120).filter(|_| fails()).count();
        assert_eq!(told, 3, "the third, the 60th and the 120th");
    }

    #[test]
    fn each_sort_of_each_webhook_has_a_line_a_minute() {
        let memory = WebhookMemory::default();
        let said = (0..1_000).filter(|_| memory.logs("one", "not readable"));
        assert_eq!(said.count(), 1);
        assert!(memory.logs("another", "not readable"));
        assert!(memory.logs("one", "the store was away"));
        memory.report();
        assert!(memory.logs("one", "not readable"), "a minute later");
    }
}
