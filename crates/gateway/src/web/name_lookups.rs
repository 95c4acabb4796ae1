//! Look-ups of names that strangers can make up, such as an issuer or a platform's id. Names that
//! were found take no turn, so a flood of made-up ones leaves the store to launches
//! (decision 0419).

use std::borrow::Borrow;
use std::hash::Hash;
use std::time::Duration;

use tokio::sync::SemaphorePermit;

use super::client::Source;
use super::problem::Problem;
use super::turns::Turns;
use crate::kit::cache::Cache;

/// How many names are remembered as known, and for how long.
const MOST_KNOWN: usize = 40_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Which names are known, and whose turn it is to look up another.
pub(crate) struct NameLookups<K> {
    /// Unlike the caches of what was found, a change clears none of them: that a name is known says
    /// nothing about what it stands for.
    known: Cache<K, ()>,
    turns: Turns,
}

impl<K: Eq + Hash> NameLookups<K> {
    /// Look-ups of which this many run at the same time on this replica.
    pub(crate) fn new(at_once: usize) -> Self {
        Self {
            known: Cache::new(MOST_KNOWN).living(|_| DAY),
            turns: Turns::new(at_once),
        }
    }

    /// Waits for a turn to look up a name that isn't known.
    ///
    /// # Errors
    /// 503 if too many wait already, or if it takes too long.
    pub(crate) async fn turn(
        &self,
        source: impl Into<Source>,
    ) -> Result<SemaphorePermit<'_>, Problem> {
        self.turns.take(source).await
    }

    /// Whether this name was found within the last day. If so, another day begins: the caller looks
    /// it up next, and [`Self::remember`]s if it is gone.
    pub(crate) fn knows<Q: Eq + Hash + ?Sized>(&self, name: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.known.renew(name)
    }

    /// Remembers whether this name was found. Needed only if that is news.
    pub(crate) fn remember(&self, name: K, is_found: bool) {
        if is_found {
            self.known.insert(name, ());
        } else {
            self.known.forget(&name);
        }
    }

    /// Removes names that are no longer known.
    pub(crate) fn tidy(&self) {
        self.known.tidy();
    }
}

impl NameLookups<(String, String)> {
    /// [`Self::knows`], by two texts.
    pub(crate) fn knows_pair(&self, name: (&str, &str)) -> bool {
        self.known.renew_pair(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_known_until_it_is_gone() {
        let names = NameLookups::<String>::new(1);
        names.remember("a".to_owned(), true);
        for _ in 0..2 {
            assert!(names.knows("a"));
            // Asking alone makes nothing known.
            assert!(!names.knows("b"));
        }
        names.tidy();
        assert!(names.knows("a"));
        names.remember("a".to_owned(), false);
        assert!(!names.knows("a"));
    }
}
