//! How many exchanges are under way at once: by purpose, and of each with one host or caused by one source (lti.md I-10).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a request is for. Each purpose has places of its own, so that what anybody can begin never keeps back what was
/// asked for by someone whom the tool's owner knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The configuration of a platform that nobody invited: anybody may have it fetched.
    Configuration,
    /// The registration itself at such a platform, after its administrator's click where one is asked for.
    Registration,
    /// Either of these where the tool's owner invited the platform or approved it.
    Invited,
    /// A platform's key set.
    Keys,
    /// A platform's services.
    Service,
    /// The application's provisioning hook.
    Hook,
}

/// How long an exchange may take.
pub(super) const WHOLE: Duration = Duration::from_secs(12);
/// Exchanges at once that one source may cause, where it is known.
const OF_ONE_SOURCE: usize = 2;

impl Purpose {
    /// Exchanges at once, with all servers together.
    fn at_once(self) -> usize {
        match self {
            Self::Configuration | Self::Registration | Self::Invited => 16,
            Self::Keys | Self::Service | Self::Hook => 64,
        }
    }

    /// Exchanges at once with one host, so that a slow one leaves room for the others. The application is one host, and
    /// the operator's own.
    fn at_one_host(self) -> usize {
        match self {
            Self::Hook => self.at_once(),
            _ => 8,
        }
    }

    /// How long to wait for a place. After a restart every school's launch needs a key set, and no launch can do without;
    /// people at a page wait a few seconds. Calls of the hook are fewer than its places.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Keys => WHOLE,
            Self::Hook => Duration::ZERO,
            _ => Duration::from_secs(5),
        }
    }
}

/// The places. A row of them is there for as long as somebody holds or awaits one of them.
#[derive(Default)]
pub(super) struct Places(Mutex<HashMap<Row, Weak<Semaphore>>>);

/// A purpose's places, and among which exchanges they are shared.
type Row = (Purpose, Among);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Among {
    All,
    Host(String),
    Source(String),
}

/// One exchange's place; it is given back when this is dropped.
pub struct Place {
    _permits: Vec<OwnedSemaphorePermit>,
}

impl Places {
    /// A place for one exchange; none if there is none within `patience`.
    pub(super) async fn take(
        &self,
        purpose: Purpose,
        host: &str,
        source: Option<&str>,
        patience: Duration,
    ) -> Option<Place> {
        // The narrowest first: while waiting for a slow host, or for one's own requests, no place is kept from others.
        let source = source.map(|source| Among::Source(source.to_owned()));
        let rows = [source, Some(Among::Host(host.to_owned())), Some(Among::All)];
        let taking = async {
            let mut permits = Vec::with_capacity(rows.len());
            for among in rows.into_iter().flatten() {
                permits.push(self.row((purpose, among)).acquire_owned().await.ok()?);
            }
            Some(Place { _permits: permits })
        };
        tokio::time::timeout(patience, taking).await.ok()?
    }

    fn row(&self, row: Row) -> Arc<Semaphore> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = rows.get(&row).and_then(Weak::upgrade) {
            return places;
        }
        rows.retain(|_, places| places.strong_count() > 0);
        let (purpose, among) = &row;
        let places = Arc::new(Semaphore::new(match among {
            Among::All => purpose.at_once(),
            Among::Host(_) => purpose.at_one_host(),
            Among::Source(_) => OF_ONE_SOURCE,
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

    async fn hold(places: &Places, purpose: Purpose, host: &str, number: usize) -> Vec<Place> {
        let taken = join_all((0..number).map(|_| places.take(purpose, host, None, MOMENT))).await;
        let taken: Vec<Place> = taken.into_iter().flatten().collect();
        assert_eq!(taken.len(), number, "{purpose:?} {host}");
        taken
    }

    #[tokio::test]
    async fn a_slow_host_leaves_room_for_others() {
        let places = Places::default();
        let take = |purpose, host| places.take(purpose, host, None, MOMENT);
        let all_of_slow = hold(&places, Purpose::Configuration, "slow", 8).await;
        assert!(take(Purpose::Configuration, "slow").await.is_none());
        assert!(take(Purpose::Configuration, "other").await.is_some());
        // Strangers who register leave all of the room for key sets.
        assert!(take(Purpose::Keys, "slow").await.is_some());
        drop(all_of_slow);
        assert!(take(Purpose::Configuration, "slow").await.is_some());
        assert!(places.0.lock().is_ok_and(|rows| rows.len() <= 4));
    }

    #[tokio::test]
    async fn strangers_take_no_place_of_whoever_was_let_in() {
        let places = Places::default();
        let _slow = hold(&places, Purpose::Configuration, "slow", 8).await;
        let _slower = hold(&places, Purpose::Configuration, "slower", 8).await;
        let take = |purpose| places.take(purpose, "slow", None, MOMENT);
        assert!(take(Purpose::Configuration).await.is_none());
        for purpose in [
            Purpose::Registration,
            Purpose::Invited,
            Purpose::Keys,
            Purpose::Service,
            Purpose::Hook,
        ] {
            assert!(take(purpose).await.is_some(), "{purpose:?}");
        }
    }

    #[tokio::test]
    async fn a_source_has_two_places_at_most() {
        let places = Places::default();
        let take = |source, host| places.take(Purpose::Configuration, host, source, MOMENT);
        let held = [
            take(Some("a"), "one").await,
            take(Some("a"), "two").await,
            take(Some("b"), "one").await,
            take(None, "one").await,
        ];
        assert!(held.iter().all(Option::is_some));
        assert!(take(Some("a"), "three").await.is_none());
        let [first, ..] = held;
        drop(first);
        assert!(take(Some("a"), "three").await.is_some());
    }

    #[cases("I-10")]
    #[tokio::test]
    async fn who_finds_no_place_waits_and_not_for_ever() {
        for purpose in [Purpose::Keys, Purpose::Configuration, Purpose::Invited] {
            let places = Places::default();
            let mut held = hold(&places, purpose, "slow", 8).await;
            assert!(places.take(purpose, "slow", None, MOMENT).await.is_none());
            let patience = purpose.patience();
            assert!(patience >= Duration::from_secs(5), "{purpose:?}");
            let (next, ()) = tokio::join!(places.take(purpose, "slow", None, patience), async {
                drop(held.pop());
            });
            assert!(next.is_some());
        }
    }
}
