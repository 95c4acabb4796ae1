//! Things that happen here and that others want to know about: platforms that register, launches that are refused.
//! Rooms record them in the transaction that makes them happen; `webhooks/` passes them on.

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

/// How far the time of an event may run ahead if many are recorded at once, in milliseconds.
const BURST_MS: i64 = 1000;
/// How long an event is kept, in milliseconds: seven days (grades.md WH-6), and one in reserve.
const KEPT_MS: i64 = 8 * 24 * 60 * 60 * 1000;

/// Where rooms record events. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Events {
    clock: Clock,
    random: Random,
    told: Arc<Notify>,
    /// The time of the last event.
    last: Arc<AtomicI64>,
}

impl Events {
    /// With no events recorded yet.
    pub(crate) fn new(clock: Clock, random: Random) -> Self {
        Self {
            clock,
            random,
            told: Arc::default(),
            last: Arc::default(),
        }
    }

    /// Records an event in the transaction that makes it happen. Call [`Self::committed`] afterwards; otherwise it is
    /// passed on up to a second later.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn tell(
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

    /// The current time, but never the same twice, so that events recorded together keep their order.
    fn time(&self) -> i64 {
        let now = self.clock.now_ms();
        // If the date was set back, the new date is used.
        let next = |last: i64| match last - now {
            0..BURST_MS => last + 1,
            _ => now,
        };
        let set = Ordering::Relaxed;
        let last = self.last.fetch_update(set, set, |last| Some(next(last)));
        next(last.unwrap_or_default())
    }

    /// Records the event for a platform that is stored in this transaction.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn tell_of_new_platform(
        &self,
        tx: &mut Tx<'_>,
        platform: &PlatformRow,
    ) -> Result<(), StoreError> {
        let whole = || Box::new(platform.clone());
        let registered = Event::PlatformRegistered(whole());
        self.tell(tx, &platform.tool_id, &registered).await?;
        if !platform.active {
            let pending = Event::PlatformPending(whole());
            self.tell(tx, &platform.tool_id, &pending).await?;
        }
        Ok(())
    }

    /// The recorded events are committed and can be passed on.
    pub(crate) fn committed(&self) {
        self.told.notify_one();
    }

    /// Waits until something is committed.
    pub(crate) async fn woken(&self) {
        self.told.notified().await;
    }
}
