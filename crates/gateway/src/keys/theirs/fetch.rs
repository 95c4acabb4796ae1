//! Fetches key sets: one fetch per address at a time, however many platforms use it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lti::key::{KeySet, MAX_KEY_SET_BYTES};
use tokio::sync::watch;
use url::Url;

use crate::keys::theirs::failure::KeyFailure;
use crate::keys::theirs::life::life;
use crate::kit::clock::Clock;
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Outbound, Purpose, Request};

/// How long the result of a fetch is shared with others who ask for the same address, because
/// simultaneous requests seldom arrive in the same millisecond.
pub(super) const MOMENT: Duration = Duration::from_secs(3);

/// Fetches in progress or just finished, by address. Finished ones are removed when the next one
/// starts; their key sets are the ones that platforms cache anyway.
pub(super) struct Fetches {
    pub(super) clock: Clock,
    outbound: Outbound,
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
            by_address: Mutex::default(),
        }
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
        let address = address.to_owned();
        tokio::spawn(async move {
            // In a separate task, so that there is a result even if it panics.
            let asking = clock.clone();
            let asked = tokio::spawn(async move { ask(&outbound, &address, &asking).await });
            let found = asked.await.unwrap_or(Err(KeyFailure::BrokenOff));
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

impl Outcome {
    /// Whether this result is recent enough to describe the platform. Our own limit says nothing
    /// about the platform.
    pub(super) fn is_within(&self, time: Duration, now: Duration) -> bool {
        let asked = !matches!(self.found, Err(KeyFailure::NoSlot));
        asked && now.saturating_sub(self.at) < time
    }
}

async fn ask(
    outbound: &Outbound,
    address: &str,
    clock: &Clock,
) -> Result<FetchedKeySet, KeyFailure> {
    let (begun, date) = (clock.uptime(), clock.now_ms());
    let url = Url::parse(address).map_err(|error| KeyFailure::BadStored(error.to_string()))?;
    let answer = outbound
        .get(Request {
            purpose: Purpose::Keys,
            source: None,
            url: &url,
            accept: JSON,
            bearer: None,
            limit: MAX_KEY_SET_BYTES,
        })
        .await?;
    if answer.status != 200 {
        return Err(KeyFailure::Status(answer.status));
    }
    let keys =
        KeySet::parse(&answer.body).map_err(|error| KeyFailure::Unreadable(error.to_string()))?;
    Ok(FetchedKeySet {
        keys: Arc::new(keys),
        fresh_until: begun + life(&answer.headers, date),
    })
}
