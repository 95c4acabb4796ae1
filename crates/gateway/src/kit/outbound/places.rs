//! How many exchanges are under way at once, by purpose and host (lti.md I-10).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a request is for. Each purpose has its own limit, so that strangers who register can't keep launches waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A platform that registers: anybody may begin one.
    Registration,
    /// A platform's key set.
    Keys,
    /// A platform's services.
    Service,
    /// The application's provisioning hook.
    Hook,
}

impl Purpose {
    /// Exchanges at once, with all servers together.
    fn at_once(self) -> usize {
        match self {
            Self::Registration => 16,
            Self::Keys | Self::Service | Self::Hook => 64,
        }
    }

    /// Exchanges at once with one host, so that a slow one leaves room for the others. The application is one host, and
    /// the operator's own.
    fn at_one_host(self) -> usize {
        match self {
            Self::Hook => self.at_once(),
            Self::Registration | Self::Keys | Self::Service => 8,
        }
    }

    /// Whether who finds no place waits for one. After a restart every school's launch needs a key set, and no launch can
    /// do without; whoever asks for something else can come again.
    fn waits(self) -> bool {
        self == Self::Keys
    }
}

/// The places. A row of them is there for as long as somebody holds or awaits one of them.
#[derive(Default)]
pub(super) struct Places(Mutex<HashMap<Row, Weak<Semaphore>>>);

/// A purpose's places at one host, or with all servers together.
type Row = (Purpose, Option<String>);

/// One exchange's place; it is given back when this is dropped.
pub(super) struct Place {
    _permits: [OwnedSemaphorePermit; 2],
}

impl Places {
    /// A place for one exchange; none where there isn't one, or none within `patience` for those that wait.
    pub(super) async fn take(
        &self,
        purpose: Purpose,
        host: &str,
        patience: Duration,
    ) -> Option<Place> {
        // The host's first: who waits for a slow host takes no place from the others.
        let at_host = self.row((purpose, Some(host.to_owned())));
        let of_all = self.row((purpose, None));
        let _permits = if purpose.waits() {
            let both = async {
                let at_host = at_host.acquire_owned().await.ok()?;
                Some([at_host, of_all.acquire_owned().await.ok()?])
            };
            tokio::time::timeout(patience, both).await.ok()??
        } else {
            [
                at_host.try_acquire_owned().ok()?,
                of_all.try_acquire_owned().ok()?,
            ]
        };
        Some(Place { _permits })
    }

    fn row(&self, row: Row) -> Arc<Semaphore> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = rows.get(&row).and_then(Weak::upgrade) {
            return places;
        }
        rows.retain(|_, places| places.strong_count() > 0);
        let places = Arc::new(Semaphore::new(match row {
            (purpose, Some(_)) => purpose.at_one_host(),
            (purpose, None) => purpose.at_once(),
        }));
        rows.insert(row, Arc::downgrade(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use test_case::cases;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_slow_host_leaves_room_for_others() {
        let places = Places::default();
        let take = |purpose, host| places.take(purpose, host, MOMENT);
        let all_of_slow = join_all((0..8).map(|_| take(Purpose::Registration, "slow"))).await;
        assert!(all_of_slow.iter().all(Option::is_some));
        assert!(take(Purpose::Registration, "slow").await.is_none());
        assert!(take(Purpose::Registration, "other").await.is_some());
        // Strangers who register leave all of the room for key sets.
        assert!(take(Purpose::Keys, "slow").await.is_some());
        drop(all_of_slow);
        assert!(take(Purpose::Registration, "slow").await.is_some());
        assert!(places.0.lock().is_ok_and(|rows| rows.len() <= 4));
    }

    #[cases("I-10")]
    #[tokio::test]
    async fn a_key_set_waits_for_a_place_and_not_for_ever() {
        let places = Places::default();
        let mut held = join_all((0..8).map(|_| places.take(Purpose::Keys, "slow", MOMENT))).await;
        assert!(held.iter().all(Option::is_some));
        assert!(places.take(Purpose::Keys, "slow", MOMENT).await.is_none());
        let long = Duration::from_secs(60);
        let (next, ()) = tokio::join!(places.take(Purpose::Keys, "slow", long), async {
            drop(held.pop());
        });
        assert!(next.is_some());
    }
}
