//! Key sets that answer slowly. They are fetched in slots of their own, so that strangers'
//! platforms don't keep the slots from everyone else's (decision 0515).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long an address counts as slow if it isn't fetched again.
const REMEMBERED: Duration = Duration::from_secs(5 * 60);

/// The addresses that were slow when they were last fetched, and when that was, by the clock's
/// uptime. Cloning it is cheap.
///
/// Each was put there by a fetch that occupied a slot for seconds, so within the time that they are
/// remembered there can be only thousands.
#[derive(Clone, Default)]
pub(super) struct SlowKeySets(Arc<Mutex<HashMap<String, Duration>>>);

impl SlowKeySets {
    pub(super) fn contains(&self, address: &str, now: Duration) -> bool {
        let last = self.addresses().get(address).copied();
        last.is_some_and(|last| is_recent(last, now))
    }

    pub(super) fn insert(&self, address: &str, now: Duration) {
        let mut addresses = self.addresses();
        addresses.retain(|_, last| is_recent(*last, now));
        addresses.insert(address.to_owned(), now);
    }

    pub(super) fn remove(&self, address: &str) {
        self.addresses().remove(address);
    }

    fn addresses(&self) -> MutexGuard<'_, HashMap<String, Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_recent(last: Duration, now: Duration) -> bool {
    now.saturating_sub(last) < REMEMBERED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_key_set_is_remembered_for_five_minutes() {
        let slow = SlowKeySets::default();
        let at = |seconds: u64| Duration::from_secs(1_000 + seconds);
        slow.insert("one", at(0));
        slow.insert("other", at(200));
        assert!(slow.contains("one", at(299)) && !slow.contains("third", at(0)));
        assert!(!slow.contains("one", at(300)) && slow.contains("other", at(300)));
        slow.insert("third", at(400));
        assert_eq!(slow.addresses().len(), 2, "the first is forgotten");
        slow.remove("other");
        assert!(!slow.contains("other", at(400)) && slow.contains("third", at(400)));
    }
}
