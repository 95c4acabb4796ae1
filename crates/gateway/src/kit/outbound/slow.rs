//! Whose exchanges with services took long a while ago (decision 0527).

use std::time::Duration;

use crate::kit::cache::Cache;

/// How long a source counts as slow after its last slow exchange.
const REMEMBERED: Duration = Duration::from_secs(5 * 60);
/// How many slow sources are remembered.
const MOST: usize = 20_000;

/// The sources that were slow.
pub(super) struct SlowSources(Cache<String, ()>);

impl Default for SlowSources {
    fn default() -> Self {
        Self(Cache::new(MOST).living(|_| REMEMBERED))
    }
}

impl SlowSources {
    pub(super) fn contains(&self, source: &str) -> bool {
        self.0.get(source).is_some()
    }

    /// Remembers a source. Returns whether it was not remembered before.
    pub(super) fn insert(&self, source: &str) -> bool {
        let is_new = !self.0.renew(source);
        if is_new {
            self.0.insert(source.to_owned(), ());
        }
        is_new
    }
}
