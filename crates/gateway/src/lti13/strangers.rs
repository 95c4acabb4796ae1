//! Turns for look-ups of what strangers can make up: the issuer or the platform of a login. Known ones take no turn, so
//! a flood of made-up logins leaves the store to launches (decision 0419).

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::kit::cache::Cache;

/// How many such look-ups run at the same time on this replica.
const AT_ONCE: usize = 2;
/// How long a login waits for its turn.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many issuers and platforms are remembered as known, and for how long.
const MOST_KNOWN: usize = 40_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Who needs a turn, and whose turn it is.
pub struct StrangersTurns {
    /// Issuers and platform ids that were found, by tool. Unlike the caches of platforms, a change clears none of them:
    /// that one is known says nothing about what it is.
    known: Cache<(String, String), ()>,
    lookups: Semaphore,
    /// Searches for the registration that was probably meant: several look-ups each.
    searches: Semaphore,
    patience: Duration,
}

impl Default for StrangersTurns {
    fn default() -> Self {
        Self::patient(PATIENCE)
    }
}

impl StrangersTurns {
    fn patient(patience: Duration) -> Self {
        Self {
            known: Cache::new(MOST_KNOWN).living(|_| DAY),
            lookups: Semaphore::new(AT_ONCE),
            searches: Semaphore::new(1),
            patience,
        }
    }

    /// Waits for a turn to look something up; `None` if that takes too long.
    pub async fn lookup(&self) -> Option<SemaphorePermit<'_>> {
        let turn = tokio::time::timeout(self.patience, self.lookups.acquire());
        turn.await.ok()?.ok()
    }

    /// A turn to search for what was meant, if nobody else searches.
    pub fn search(&self) -> Option<SemaphorePermit<'_>> {
        self.searches.try_acquire().ok()
    }

    /// Whether this issuer or platform was found within the last day. If so, another day begins: whoever asks looks it
    /// up next, and [`Self::remember`]s if it is gone.
    pub(super) fn knows(&self, tool_id: &str, name: &str) -> bool {
        self.known.renew_pair((tool_id, name))
    }

    /// Remembers whether this issuer or platform was found. Needed only if that is news.
    pub(super) fn remember(&self, tool_id: &str, name: &str, is_found: bool) {
        let key = (tool_id.to_owned(), name.to_owned());
        if is_found {
            self.known.insert(key, ());
        } else {
            self.known.forget(&key);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_unknown_takes_turns() {
        let turns = StrangersTurns::patient(Duration::from_millis(20));
        let taken = [turns.lookup().await, turns.lookup().await];
        assert!(taken.iter().all(Option::is_some));
        assert!(turns.lookup().await.is_none());
        drop(taken);
        assert!(turns.lookup().await.is_some());
        let search = turns.search().unwrap();
        assert!(turns.search().is_none());
        drop(search);
        assert!(turns.search().is_some());
    }

    #[test]
    fn what_was_found_is_known_until_it_is_gone() {
        let turns = StrangersTurns::default();
        turns.remember("tool", "https://lms.example", true);
        for _ in 0..2 {
            assert!(turns.knows("tool", "https://lms.example"));
        }
        // Asking alone makes nothing known.
        for _ in 0..2 {
            assert!(!turns.knows("tool", "https://lms"));
        }
        assert!(!turns.knows("another", "https://lms.example"));
        turns.remember("tool", "https://lms.example", false);
        assert!(!turns.knows("tool", "https://lms.example"));
    }
}
