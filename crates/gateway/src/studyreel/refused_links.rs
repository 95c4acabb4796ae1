//! Links that don't open: so many a minute of one address are looked up, and the rest is not. Anybody may ask for any link,
//! and a class opens its own.

use std::time::Duration;

use crate::kit::cache::Cache;
use crate::web::client::Source;

/// Refused links of one address, a minute.
pub(super) const PER_MINUTE: u32 = 600;
/// Addresses that are remembered at most.
const SOURCES: usize = 20_000;

/// Who has to wait before another link is looked up, by tool.
pub(super) struct RefusedLinks(Cache<(String, Source), u32>);

impl Default for RefusedLinks {
    fn default() -> Self {
        let waiting = Cache::new(SOURCES);
        Self(waiting.living(|seconds: &u32| Duration::from_secs((*seconds).into())))
    }
}

impl RefusedLinks {
    /// Whether a link from this address is looked up.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(super) fn check(&self, tool_id: &str, source: Source) -> Result<(), u32> {
        match self.0.get(&(tool_id.to_owned(), source)) {
            Some(seconds) => Err(seconds),
            None => Ok(()),
        }
    }

    /// The address has had its share of refusals.
    pub(super) fn wait(&self, tool_id: &str, source: Source, seconds: u32) {
        self.0.insert((tool_id.to_owned(), source), seconds);
    }
}
