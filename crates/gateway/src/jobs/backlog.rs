//! How many jobs are waiting, without counting them for each new one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::{Db, StoreError, jobs};

/// How long a count is valid. Until then, this server's additions are counted on top.
const GOOD: Duration = Duration::from_secs(5);

/// A kind of job and one of its shares, or all shares if it is `None`.
type BacklogOf = (&'static str, Option<String>);

/// The last counts.
#[derive(Default)]
pub(super) struct Backlog(Mutex<HashMap<BacklogOf, BacklogCount>>);

#[derive(Clone, Copy)]
struct BacklogCount {
    number: i64,
    at: Duration,
}

impl BacklogCount {
    fn is_good(&self, now: Duration) -> bool {
        now.saturating_sub(self.at) < GOOD
    }
}

impl Backlog {
    /// Whether there is room for another job of a kind or share. If so, counts it.
    pub(super) async fn admit(
        &self,
        db: &Db,
        (kind, share): (&'static str, Option<&str>),
        most: i64,
        now: Duration,
    ) -> Result<bool, StoreError> {
        let counted = (kind, share.map(str::to_owned));
        let known = self.counts().get(&counted).copied();
        if known.filter(|count| count.is_good(now)).is_none() {
            let number = jobs::unfinished(&mut db.read().await?.tx(), kind, share, most).await?;
            let mut counts = self.counts();
            // Shares that get no more jobs leave no counts behind.
            counts.retain(|_, count| count.is_good(now));
            counts.insert(counted.clone(), BacklogCount { number, at: now });
        }
        let mut counts = self.counts();
        let count = counts
            .entry(counted)
            .or_insert(BacklogCount { number: 0, at: now });
        let has_room = count.number < most;
        count.number += i64::from(has_room);
        Ok(has_room)
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<BacklogOf, BacklogCount>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
