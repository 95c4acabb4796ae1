//! What is remembered about keys: which requests have stopped showing signs of life, and how many
//! keys each tool has.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::first_answers::{self, DeadRequest};
use store::{Db, StoreError};

use crate::kit::standstill::Standstills;

/// A request without a sign of life for this long counts as dead, because its server was killed.
/// The next request with its key then becomes the first.
const DEAD: Duration = Duration::from_secs(20);
/// How long a count is trusted. Until then, this server adds its own new keys to it.
const GOOD: Duration = Duration::from_secs(60);

/// The memory of keys. Cloning it is cheap.
#[derive(Clone, Default)]
pub(crate) struct KeyMemory(Arc<KeyMemoryInner>);

#[derive(Default)]
struct KeyMemoryInner {
    requests: Standstills<DeadRequest>,
    counts: Mutex<HashMap<String, KeyCount>>,
}

/// The number of a tool's keys at some moment.
#[derive(Clone, Copy)]
struct KeyCount {
    number: i64,
    at: Duration,
}

impl KeyMemory {
    /// Whether the request that holds a key is dead. `now` is the clock's uptime.
    pub(super) fn is_dead(&self, key_id: &str, request: &DeadRequest, now: Duration) -> bool {
        self.0.requests.has_stood(key_id, request, now, DEAD)
    }

    /// Whether a tool may have one more key.
    pub(super) async fn has_room(
        &self,
        db: &Db,
        tool_id: &str,
        most: i64,
        now: Duration,
    ) -> Result<bool, StoreError> {
        let known = self.counts().get(tool_id).copied();
        if let Some(known) = known.filter(|known| now.saturating_sub(known.at) < GOOD) {
            return Ok(known.number < most);
        }
        let mut reader = db.read().await?;
        let number = first_answers::count(&mut reader.tx(), tool_id.to_owned(), most).await?;
        drop(reader);
        let counted = KeyCount { number, at: now };
        self.counts().insert(tool_id.to_owned(), counted);
        Ok(number < most)
    }

    /// Counts a key that was taken.
    pub(super) fn took(&self, tool_id: &str) {
        if let Some(known) = self.counts().get_mut(tool_id) {
            known.number += 1;
        }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, KeyCount>> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
