//! Fetches key sets: one fetch per address at a time, however many platforms use it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, Method};
use lti::key::{KeySet, MAX_KEY_SET_BYTES};
use tokio::sync::watch;
use url::Url;

use crate::keys::theirs::failure::KeyFailure;
use crate::keys::theirs::life::life;
use crate::keys::theirs::slow::SlowKeySets;
use crate::kit::clock::{Clock, Stopwatch};
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Answer, Outbound, OutboundError, Purpose, Request};

/// How long the result of a fetch is shared with others who ask for the same address, because
/// simultaneous requests seldom arrive in the same millisecond.
pub(super) const MOMENT: Duration = Duration::from_secs(3);

/// A key set is slow if it takes more than one part in this many of the time that it may take in
/// everyone's slots.
const QUICK_PART: u32 = 3;

/// Fetches in progress or just finished, by address. Finished ones are removed when the next one
/// starts; their key sets are the ones that platforms cache anyway.
pub(super) struct Fetches {
    pub(super) clock: Clock,
    outbound: Outbound,
    slow: SlowKeySets,
    /// About how many bytes key sets take: each one that arrives adds to them, and they are counted
    /// again before any has to give way.
    bytes: Arc<AtomicUsize>,
    by_address: Mutex<HashMap<String, Fetch>>,
}

/// A fetch. It continues if the request that started it is dropped.
#[derive(Clone)]
pub(super) struct Fetch {
    /// When it began, by the clock's uptime.
    pub(super) begun: Duration,
    outcome: watch::Receiver<Option<Outcome>>,
}

/// The result of a fetch.
#[derive(Clone)]
pub(super) struct Outcome {
    /// When it ended, by the clock's uptime.
    pub(super) at: Duration,
    pub(super) found: Result<FetchedKeySet, KeyFailure>,
}

/// A key set, and how long it is fresh, by the clock's uptime.
#[derive(Clone)]
pub(super) struct FetchedKeySet {
    pub(super) keys: Arc<KeySet>,
    pub(super) fresh_until: Duration,
}

impl Fetches {
    pub(super) fn new(clock: Clock, outbound: Outbound) -> Self {
        Self {
            clock,
            outbound,
            slow: SlowKeySets::default(),
            bytes: Arc::default(),
            by_address: Mutex::default(),
        }
    }

    /// About how many bytes key sets take, or more.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Begins to count again. Returns false if someone else does.
    pub(super) fn begin_counting(&self) -> bool {
        self.bytes.swap(0, Ordering::Relaxed) > 0
    }

    /// Key sets take this many bytes beside those that arrived meanwhile.
    pub(super) fn counted(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A fetch of this address that is running or ended a moment ago; otherwise a new one.
    pub(super) fn of(&self, address: &str) -> Fetch {
        let fetches = self.by_address.lock();
        let mut fetches = fetches.unwrap_or_else(PoisonError::into_inner);
        fetches.retain(|_, fetch| {
            let outcome = fetch.outcome.borrow();
            outcome
                .as_ref()
                .is_none_or(|outcome| outcome.is_within(MOMENT, self.clock.uptime()))
        });
        let begin = || self.begin(address);
        fetches
            .entry(address.to_owned())
            .or_insert_with(begin)
            .clone()
    }

    fn begin(&self, address: &str) -> Fetch {
        let begun = self.clock.uptime();
        let (done, outcome) = watch::channel(None);
        let (clock, outbound) = (self.clock.clone(), self.outbound.clone());
        let (slow, bytes) = (self.slow.clone(), self.bytes.clone());
        let address = address.to_owned();
        tokio::spawn(async move {
            // In a separate task, so that there is a result even if it panics.
            let asking = clock.clone();
            let asked = tokio::spawn(async move { ask(&outbound, &slow, &address, &asking).await });
            let found = asked.await.unwrap_or(Err(KeyFailure::BrokenOff));
            if let Ok(found) = &found {
                bytes.fetch_add(found.keys.memory(), Ordering::Relaxed);
            }
            let at = clock.uptime();
            done.send_replace(Some(Outcome { at, found }));
        });
        Fetch { begun, outcome }
    }
}

impl Fetch {
    /// Its result, if it has ended.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.outcome.borrow().clone()
    }

    /// Waits for its result.
    pub(super) async fn ended(mut self) -> Result<FetchedKeySet, KeyFailure> {
        match self.outcome.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(outcome)) => outcome.found.clone(),
            _ => Err(KeyFailure::BrokenOff),
        }
    }
}

impl FetchedKeySet {
    /// Whether it was fetched, unlike a pasted one.
    pub(super) fn is_fetched(&self) -> bool {
        self.fresh_until < Duration::MAX
    }
}

impl Outcome {
    /// Whether this result is recent enough to describe the platform. Our own limit says nothing
    /// about the platform.
    pub(super) fn is_within(&self, time: Duration, now: Duration) -> bool {
        let asked = !matches!(self.found, Err(KeyFailure::NoSlot));
        asked && now.saturating_sub(self.at) < time
    }
}

/// Asks for a key set. One that is slow is asked again, and the next times at once, in the slots
/// that slow ones share.
async fn ask(
    outbound: &Outbound,
    slow: &SlowKeySets,
    address: &str,
    clock: &Clock,
) -> Result<FetchedKeySet, KeyFailure> {
    let url = Url::parse(address).map_err(|error| KeyFailure::BadStored(error.to_string()))?;
    // Whatever it answers then: it has held a slot that others wait for.
    let most = outbound.whole(Purpose::Keys) / QUICK_PART;
    if !slow.contains(address, clock.uptime()) {
        let (found, took) = ask_as(outbound, Purpose::Keys, &url, clock).await;
        if took < most {
            return found;
        }
        slow.insert(address, clock.uptime());
        if !is_late(&found) {
            return found;
        }
        // It counts as slow even if it answers this quickly. Otherwise one that delays only the
        // first answer would occupy a slot of everyone's at each fetch.
        return ask_as(outbound, Purpose::SlowKeys, &url, clock).await.0;
    }
    let (found, took) = ask_as(outbound, Purpose::SlowKeys, &url, clock).await;
    if took >= most {
        slow.insert(address, clock.uptime());
    } else if found.is_ok() {
        slow.remove(address);
    }
    found
}

fn is_late(found: &Result<FetchedKeySet, KeyFailure>) -> bool {
    matches!(found, Err(KeyFailure::Unreachable(OutboundError::TimedOut)))
}

/// Asks once in a slot for this purpose. Also returns how long the platform took, without the wait
/// for the slot.
async fn ask_as(
    outbound: &Outbound,
    purpose: Purpose,
    url: &Url,
    clock: &Clock,
) -> (Result<FetchedKeySet, KeyFailure>, Duration) {
    let request = || Request {
        purpose,
        source: None,
        url,
        accept: JSON,
        bearer: None,
        limit: MAX_KEY_SET_BYTES,
    };
    let slot = match outbound.slot(&Method::GET, &request()).await {
        Ok(slot) => slot,
        Err(error) => return (Err(error.into()), Duration::ZERO),
    };
    let (asked, begun, date) = (Stopwatch::start(), clock.uptime(), clock.now_ms());
    let answer = outbound.get_in(slot, request()).await;
    let took = asked.elapsed();
    let found = answer.map_err(KeyFailure::from).and_then(key_set);
    let found = found.map(|(keys, headers)| FetchedKeySet {
        keys: Arc::new(keys),
        fresh_until: begun + life(&headers, date),
    });
    (found, took)
}

/// The key set in an answer, and the headers that say how long it stays fresh.
fn key_set(answer: Answer) -> Result<(KeySet, HeaderMap), KeyFailure> {
    if answer.status != 200 {
        return Err(KeyFailure::Status(answer.status));
    }
    let keys =
        KeySet::parse(&answer.body).map_err(|error| KeyFailure::Unreadable(error.to_string()))?;
    Ok((keys, answer.headers))
}
