//! Platforms' keys: fetched, parsed and cached, with a pause after each fetch (lti.md G.2).
//!
//! Keys are cached per platform, never by kid alone, because two platforms may use the same kid
//! (G-27). Platforms with the same address share its fetches, and nothing else.

mod budget;
mod failure;
mod fetch;
mod key;
mod life;
mod slow;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use lti::key::{KeyMissing, KeySet};
use store::platforms::{KeyMethod, PlatformRow};

pub(crate) use failure::COMPARE_KEY_SETS;
pub(crate) use failure::KeyFailure;
pub(crate) use key::{Key, KeySource};

use budget::{BYTES_LEFT, HeldKeySet, MOST_BYTES, too_heavy};
use fetch::{Fetch, FetchedKeySet, Fetches, MOMENT, Outcome};

use crate::kit::clock::Clock;
use crate::kit::outbound::Outbound;

/// The pause between two fetches for one platform (G-23).
const PAUSE: Duration = Duration::from_secs(60);
/// The same if the key is another one, so that an invented kid doesn't keep out a new key for the
/// whole pause (decision 0444).
const PAUSE_FOR_OTHERS: Duration = Duration::from_secs(15);
/// How long a key remains acceptable after its set has become stale, if no newer set can be fetched
/// (G-22).
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a launch with such a key waits for a newer set: long enough for a healthy platform, so
/// that revoking a key works (G-25), and short enough not to be noticed when a platform hangs.
const PATIENCE: Duration = Duration::from_secs(1);

/// The keys of every platform. Cloning it is cheap.
#[derive(Clone)]
pub struct PlatformKeys(Arc<PlatformKeysInner>);

struct PlatformKeysInner {
    slots: RwLock<HashMap<String, Arc<PlatformSlot>>>,
    fetches: Fetches,
}

/// A platform's entry in the cache.
#[derive(Default)]
struct PlatformSlot(Mutex<SlotState>);

/// What is cached for one platform.
#[derive(Default)]
struct SlotState {
    /// Where everything came from. If the address changes, the new one is asked at once.
    address: String,
    kept: Option<FetchedKeySet>,
    under_way: Option<Fetch>,
    /// The result of the last fetch.
    last: Option<Outcome>,
    /// How many fetches have failed since one last worked, while no set was kept.
    failures: u32,
    /// When the set was fetched that then had to give way to others (decision 0529).
    gave_way: Option<Duration>,
    /// When a key was last sought here, by the clock's uptime.
    used: Duration,
    /// The kids that fetches were started for, and when, by the clock's uptime.
    sought: Vec<(String, Duration)>,
}

/// Where to find a key.
enum Next {
    /// The result is already known.
    Known(Result<Key, KeyFailure>),
    /// The result of a fetch; if that fails, a recent key is still acceptable.
    Fetch(Fetch, Option<Key>),
}

impl PlatformSlot {
    /// The entry for this address, updated with a fetch that has ended meanwhile.
    fn of(&self, address: &str) -> MutexGuard<'_, SlotState> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.address != address {
            *state = SlotState {
                address: address.to_owned(),
                ..SlotState::default()
            };
        }
        state.take_in();
        state
    }

    /// Whether the last fetch failed, and nothing fresh is kept.
    fn is_unreadable(&self, now: Duration) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.take_in();
        let has_failed = state.last.as_ref().is_some_and(|last| last.found.is_err());
        let kept = state.kept.as_ref();
        has_failed && kept.is_none_or(|kept| now >= kept.fresh_until)
    }

    /// The fetched set that is kept here.
    fn held(self: &Arc<Self>) -> Option<HeldKeySet<Arc<Self>>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.take_in();
        let kept = state.kept.as_ref().filter(|kept| kept.is_fetched())?;
        Some(HeldKeySet {
            whose: self.clone(),
            set: Arc::as_ptr(&kept.keys).addr(),
            bytes: kept.keys.memory(),
            used: state.used,
        })
    }

    /// Forgets its set, but not when it was fetched.
    fn give_way(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.kept = None;
        state.gave_way = state.last.take().map(|last| last.at);
    }
}

impl SlotState {
    fn take_in(&mut self) {
        let Some(outcome) = self.under_way.as_ref().and_then(Fetch::outcome) else {
            return;
        };
        self.under_way = None;
        match &outcome.found {
            Ok(found) => {
                self.kept = Some(found.clone());
                (self.failures, self.gave_way) = (0, None);
            }
            // Our own limit says nothing about it.
            Err(KeyFailure::NoSlot) => {}
            Err(_) if self.kept.is_none() => self.failures = self.failures.saturating_add(1),
            Err(_) => {}
        }
        self.last = Some(outcome);
    }

    fn next(&mut self, fetches: &Fetches, kid: &str) -> Next {
        let now = fetches.clock.uptime();
        self.used = now;
        let kept = |source, until: &dyn Fn(&FetchedKeySet) -> Duration| {
            let kept = self.kept.as_ref().filter(|kept| now < until(kept))?;
            Key::of(&kept.keys, kid, source).ok()
        };
        if let Some(key) = kept(KeySource::Kept, &|kept| kept.fresh_until) {
            return Next::Known(Ok(key));
        }
        let stale = kept(KeySource::Stale, &|kept| {
            kept.fresh_until.saturating_add(STALE)
        });
        if let Some(left) = self.without_room(now) {
            return Next::Known(Err(KeyFailure::NoRoom(left)));
        }
        let Some((last, left)) = self.resting(now, kid) else {
            self.seek(kid, now);
            return Next::Fetch(self.fetch(fetches), stale);
        };
        Next::Known(match (stale, &last.found) {
            (Some(stale), _) => Ok(stale),
            (None, Ok(found)) => Key::of(&found.keys, kid, KeySource::Kept),
            (None, Err(failure)) => Err(KeyFailure::Resting(Box::new(failure.clone()), left)),
        })
    }

    /// If the platform's set gave way to others a moment after it was fetched, how long it stays
    /// away: it is not fetched more often for that.
    fn without_room(&self, now: Duration) -> Option<Duration> {
        let fetched = self.gave_way.filter(|_| self.under_way.is_none())?;
        let left = (fetched + PAUSE_FOR_OTHERS).saturating_sub(now);
        (!left.is_zero()).then_some(left)
    }

    /// The pause while nothing is cached. It is short at first, because the platform was
    /// unavailable a moment ago, and grows with each failure (decision 0528).
    fn pause_after_failures(&self) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(5);
        (MOMENT * 2_u32.pow(doublings)).min(PAUSE)
    }

    /// The result of the last fetch, if the pause after it has not passed, and what is left of the
    /// pause. It is short at first while nothing is cached, and for a kid that is new to us.
    fn resting(&self, now: Duration, kid: &str) -> Option<(&Outcome, Duration)> {
        let last = self.last.as_ref()?;
        // While the fetch for a kid is running, the result before it says nothing about that kid;
        // nor does a fetch that failed (decision 0458).
        let is_answered = self.under_way.is_none() && last.found.is_ok();
        let was_sought = is_answered && self.was_sought(kid, now);
        let pause = match &self.kept {
            None => self.pause_after_failures(),
            Some(kept) if was_sought || is_in(&kept.keys, kid) => PAUSE,
            Some(_) => PAUSE_FOR_OTHERS,
        };
        let left = (last.at + pause).saturating_sub(now);
        last.is_within(pause, now).then_some((last, left))
    }

    /// Remembers that a fetch is started for this kid, unless one is running.
    fn seek(&mut self, kid: &str, now: Duration) {
        if self.under_way.is_none() {
            self.sought
                .retain(|(_, at)| now.saturating_sub(*at) < PAUSE);
            self.sought.push((kid.to_owned(), now));
        }
    }

    fn was_sought(&self, kid: &str, now: Duration) -> bool {
        let is_it =
            |(sought, at): &(String, Duration)| sought == kid && now.saturating_sub(*at) < PAUSE;
        self.sought.iter().any(is_it)
    }

    /// The running fetch, or a new one.
    fn fetch(&mut self, fetches: &Fetches) -> Fetch {
        let under_way = &mut self.under_way;
        under_way
            .get_or_insert_with(|| fetches.of(&self.address))
            .clone()
    }
}

impl PlatformKeys {
    /// An empty cache; `outbound` fetches key sets.
    pub fn new(clock: Clock, outbound: Outbound) -> Self {
        Self(Arc::new(PlatformKeysInner {
            fetches: Fetches::new(clock, outbound),
            slots: RwLock::default(),
        }))
    }

    fn slot(&self, platform_id: &str) -> Arc<PlatformSlot> {
        if self.0.fetches.bytes() > MOST_BYTES {
            self.make_room();
        }
        let slots = self.0.slots.read();
        if let Some(slot) = slots
            .unwrap_or_else(PoisonError::into_inner)
            .get(platform_id)
        {
            return slot.clone();
        }
        let mut slots = self.0.slots.write().unwrap_or_else(PoisonError::into_inner);
        slots.entry(platform_id.to_owned()).or_default().clone()
    }

    /// Forgets key sets until the rest fit into their budget.
    fn make_room(&self) {
        if !self.0.fetches.begin_counting() {
            return;
        }
        let slots = self.0.slots.read().unwrap_or_else(PoisonError::into_inner);
        let held: Vec<_> = slots.values().filter_map(PlatformSlot::held).collect();
        drop(slots);
        let (gone, left) = too_heavy(held, BYTES_LEFT);
        for slot in gone {
            slot.give_way();
        }
        self.0.fetches.counted(left);
    }

    /// Removes a platform that was deleted or switched off.
    pub fn forget(&self, platform_id: &str) {
        let mut slots = self.0.slots.write().unwrap_or_else(PoisonError::into_inner);
        slots.remove(platform_id);
    }

    /// Fetches a platform's keys now, however recently that was done, and returns how many there
    /// are. The new ones replace the old; if the fetch fails, the cached ones remain in force.
    ///
    /// # Errors
    /// The fetch failed. A pasted key is not fetched, which is not an error.
    pub(crate) async fn renew(&self, platform: &PlatformRow) -> Result<usize, KeyFailure> {
        let slot = self.slot(&platform.id);
        if platform.key_method != KeyMethod::JwkSet {
            return pasted_set(&mut slot.of(&platform.key_value)).map(|keys| keys.len());
        }
        let fetch = {
            let mut state = slot.of(&platform.key_value);
            // Someone looks after it: what failed before may be mended.
            state.failures = 0;
            state.fetch(&self.0.fetches)
        };
        fetch.ended().await.map(|found| found.keys.len())
    }

    /// The platforms whose keys this server could not read when it last tried, and has none of that
    /// are fresh.
    pub(crate) fn unreadable(&self) -> HashSet<String> {
        let slots = self.0.slots.read().unwrap_or_else(PoisonError::into_inner);
        let now = self.0.fetches.clock.uptime();
        let unreadable = slots.iter().filter(|(_, slot)| slot.is_unreadable(now));
        unreadable.map(|(id, _)| id.clone()).collect()
    }

    /// Whether a platform is one of those.
    pub(crate) fn is_unreadable(&self, platform_id: &str) -> bool {
        let slots = self.0.slots.read().unwrap_or_else(PoisonError::into_inner);
        let now = self.0.fetches.clock.uptime();
        slots
            .get(platform_id)
            .is_some_and(|slot| slot.is_unreadable(now))
    }

    /// Whether the platform's keys that this server has contain a usable one with this id; `None`
    /// if it has none from the platform's present address. Fetches nothing.
    pub(crate) fn has(&self, platform: &PlatformRow, kid: &str) -> Option<bool> {
        let slot = self.slot(&platform.id);
        let mut state = slot.of(&platform.key_value);
        if platform.key_method != KeyMethod::JwkSet {
            return Some(pasted_set(&mut state).ok()?.find(kid).is_ok());
        }
        let kept = state.kept.as_ref()?;
        Some(kept.keys.find(kid).is_ok())
    }

    /// Whether a platform's keys are available. Returns false while they are being fetched; if that
    /// was never tried, it starts here.
    ///
    /// # Errors
    /// Why the last fetch failed.
    pub(crate) fn at_hand(&self, platform: &PlatformRow) -> Result<bool, KeyFailure> {
        let slot = self.slot(&platform.id);
        let mut state = slot.of(&platform.key_value);
        if platform.key_method != KeyMethod::JwkSet {
            return pasted_set(&mut state).map(|_| true);
        }
        if state.kept.is_some() {
            return Ok(true);
        }
        let last = state.last.as_ref();
        let failure = last.and_then(|last| last.found.as_ref().err()).cloned();
        match failure {
            Some(failure) if state.under_way.is_none() => Err(failure),
            _ => {
                if state.without_room(self.0.fetches.clock.uptime()).is_none() {
                    let _ = state.fetch(&self.0.fetches);
                }
                Ok(false)
            }
        }
    }

    /// The key that a token refers to.
    ///
    /// # Errors
    /// There is none, after at most one fetch.
    pub async fn find(&self, platform: &PlatformRow, kid: &str) -> Result<Key, KeyFailure> {
        if platform.key_method != KeyMethod::JwkSet {
            let slot = self.slot(&platform.id);
            return pasted(&mut slot.of(&platform.key_value), kid);
        }
        self.find_at(&platform.id, &platform.key_value, kid).await
    }

    /// The key with this id in the key set at an address. The set is cached under `whose`: a
    /// platform's id, or the name of another kind of party.
    ///
    /// # Errors
    /// There is none, after at most one fetch.
    pub(crate) async fn find_at(
        &self,
        whose: &str,
        address: &str,
        kid: &str,
    ) -> Result<Key, KeyFailure> {
        let slot = self.slot(whose);
        let next = slot.of(address).next(&self.0.fetches, kid);
        let found = match next {
            Next::Known(known) => return known,
            Next::Fetch(fetch, None) => fetch.ended().await?,
            Next::Fetch(fetch, Some(stale)) => {
                let left = (fetch.begun + PATIENCE).saturating_sub(self.0.fetches.clock.uptime());
                match tokio::time::timeout(left, fetch.ended()).await {
                    Ok(Ok(found)) => found,
                    // It arrives later, or never.
                    _ => return Ok(stale),
                }
            }
        };
        Key::of(&found.keys, kid, KeySource::Fetched)
    }

    /// Looks the key up again after a signature did not match, because the platform may have reused
    /// the kid (G-24). `None` if the pause since the last fetch has not passed, or nothing changed.
    pub async fn find_newer(&self, platform: &PlatformRow, tried: &Key) -> Option<Key> {
        if platform.key_method != KeyMethod::JwkSet {
            return None;
        }
        let (before, kid) = (&tried.set, &tried.kid);
        let slot = self.slot(&platform.id);
        let fetch = {
            let mut state = slot.of(&platform.key_value);
            // Another launch may have fetched new keys.
            if let Some(kept) = &state.kept
                && !Arc::ptr_eq(&kept.keys, before)
            {
                return Key::of(&kept.keys, kid, KeySource::Kept).ok();
            }
            let now = self.0.fetches.clock.uptime();
            if state.without_room(now).is_some() || state.resting(now, kid).is_some() {
                return None;
            }
            state.fetch(&self.0.fetches)
        };
        let found = fetch.ended().await.ok()?;
        Key::of(&found.keys, kid, KeySource::Fetched).ok()
    }
}

/// Whether a key set has a key with this id, usable or not.
fn is_in(keys: &KeySet, kid: &str) -> bool {
    let missing = keys.find(kid).err();
    !matches!(missing, Some(KeyMissing::Unknown | KeyMissing::WithoutKid))
}

/// A key pasted by an administrator: it is parsed once, and stays until another one is pasted
/// (G-28).
fn pasted(state: &mut SlotState, kid: &str) -> Result<Key, KeyFailure> {
    let keys = pasted_set(state)?;
    Key::of(&keys, kid, KeySource::Kept)
}

fn pasted_set(state: &mut SlotState) -> Result<Arc<KeySet>, KeyFailure> {
    let keys = match &state.kept {
        Some(kept) => kept.keys.clone(),
        None => KeySet::from_pasted(&state.address)
            .map(Arc::new)
            .map_err(|error| KeyFailure::BadStored(error.to_string()))?,
    };
    let fresh_until = Duration::MAX;
    let kept = FetchedKeySet { keys, fresh_until };
    Ok(state.kept.insert(kept).keys.clone())
}
