//! How many jobs wait, without counting them for each.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::{Db, StoreError, jobs};

/// How long a count is good for. Meanwhile, what this server adds is counted with it.
const GOOD: Duration = Duration::from_secs(5);

/// What was last counted, by kind.
#[derive(Default)]
pub(super) struct Backlog(Mutex<HashMap<&'static str, BacklogCount>>);

#[derive(Clone, Copy)]
struct BacklogCount {
    number: i64,
    at: Duration,
}

impl Backlog {
    /// Whether another job of a kind finds room; it counts if so.
    pub(super) async fn admit(
        &self,
        db: &Db,
        kind: &'static str,
        most: i64,
        now: Duration,
    ) -> Result<bool, StoreError> {
        let known = self.counts().get(kind).copied();
        let is_good = |counted: &BacklogCount| now.saturating_sub(counted.at) < GOOD;
        if known.filter(is_good).is_none() {
            let number = jobs::unfinished(&mut db.read().await?.tx(), kind, most).await?;
            self.counts().insert(kind, BacklogCount { number, at: now });
        }
        let mut counts = self.counts();
        let counted = counts
            .entry(kind)
            .or_insert(BacklogCount { number: 0, at: now });
        let has_room = counted.number < most;
        counted.number += i64::from(has_room);
        Ok(has_room)
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<&'static str, BacklogCount>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
