//! Events that others want to hear about, such as a new platform or a refused launch. Rooms record
//! an event in the transaction that causes it; `webhooks/` passes it on.

mod data;
mod event;
mod event_type;
mod members;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use store::events::{self, NewEvent};
use store::platforms::PlatformRow;
use store::{StoreError, Tx};
use tokio::sync::Notify;

pub(crate) use data::EventData;
pub(crate) use event::Event;
pub(crate) use event_type::{EventShape, EventType};
pub(crate) use members::{ContentPlaced, GradeEvent, LaunchRefused, RosterChange};

use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;

/// How far an event's time may run ahead of the clock when many are recorded at once, in
/// milliseconds.
const BURST_MS: i64 = 1000;
/// How long an event is kept, in milliseconds: seven days (grades.md WH-6), plus one to spare.
const KEPT_MS: i64 = 8 * 24 * 60 * 60 * 1000;

/// Records events for the other rooms. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Events {
    clock: Clock,
    random: Random,
    wake: Arc<Notify>,
    /// The time of the last event.
    last: Arc<AtomicI64>,
}

impl Events {
    pub(crate) fn new(clock: Clock, random: Random) -> Self {
        Self {
            clock,
            random,
            wake: Arc::default(),
            last: Arc::default(),
        }
    }

    /// Records an event in the transaction that causes it. Call [`Self::committed`] afterwards, or
    /// the event is passed on a second later.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx<'_>,
        tool_id: &str,
        event: &Event,
    ) -> Result<(), StoreError> {
        let now = self.time();
        let data = event.data().and_then(|data| serde_json::to_string(&data));
        let row = NewEvent {
            id: new_id(now, &self.random),
            tool_id: tool_id.to_owned(),
            kind: event.event_type().as_str(),
            data: data.map_err(|error| StoreError::Corrupt(error.to_string()))?,
            created_at: now,
            delete_at: now + KEPT_MS,
        };
        events::insert(tx, row).await
    }

    /// The current time, but never the same twice, so that events recorded together keep their
    /// order.
    fn time(&self) -> i64 {
        let now = self.clock.now_ms();
        // If the clock was set back, follow it.
        let next = |last: i64| match last - now {
            0..BURST_MS => last + 1,
            _ => now,
        };
        let set = Ordering::Relaxed;
        let last = self.last.fetch_update(set, set, |last| Some(next(last)));
        next(last.unwrap_or_default())
    }

    /// Records the events about a platform that this transaction stores.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn record_new_platform(
        &self,
        tx: &mut Tx<'_>,
        platform: &PlatformRow,
    ) -> Result<(), StoreError> {
        let whole = || Box::new(platform.clone());
        let registered = Event::PlatformRegistered(whole());
        self.record(tx, &platform.tool_id, &registered).await?;
        if !platform.active {
            let pending = Event::PlatformPending(whole());
            self.record(tx, &platform.tool_id, &pending).await?;
        }
        Ok(())
    }

    /// Wakes the task that passes on events, after they were committed.
    pub(crate) fn committed(&self) {
        self.wake.notify_one();
    }

    /// Waits until events were committed.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }
}
