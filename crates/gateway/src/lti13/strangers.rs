//! Turns for look-ups of what strangers can make up: the issuer or the platform of a login. Known
//! ones take no turn, so a flood of made-up logins leaves the store to launches (decision 0419).

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::web::client::Source;
use crate::web::name_lookups::NameLookups;
use crate::web::problem::Problem;

/// How many such look-ups run at the same time on this replica.
const AT_ONCE: usize = 2;

/// Who needs a turn, and whose turn it is.
pub struct StrangersTurns {
    /// Issuers and platform ids, by tool.
    names: NameLookups<(String, String)>,
    /// Searches for the registration that was probably meant: several look-ups each.
    searches: Semaphore,
}

impl Default for StrangersTurns {
    fn default() -> Self {
        Self {
            names: NameLookups::new(AT_ONCE),
            searches: Semaphore::new(1),
        }
    }
}

impl StrangersTurns {
    /// Waits for a turn to look something up.
    ///
    /// # Errors
    /// 503 if too many wait already, or if it takes too long.
    pub async fn lookup(&self, source: impl Into<Source>) -> Result<SemaphorePermit<'_>, Problem> {
        self.names.turn(source).await
    }

    /// A turn to search for what was meant, unless a search is under way.
    pub fn search(&self) -> Option<SemaphorePermit<'_>> {
        self.searches.try_acquire().ok()
    }

    /// Whether this issuer or platform was found within the last day. If so, another day begins:
    /// the caller looks it up next, and [`Self::remember`]s if it is gone.
    pub(super) fn knows(&self, tool_id: &str, name: &str) -> bool {
        self.names.knows_pair((tool_id, name))
    }

    /// Remembers whether this issuer or platform was found. Needed only if that is news.
    pub(super) fn remember(&self, tool_id: &str, name: &str, is_found: bool) {
        let name = (tool_id.to_owned(), name.to_owned());
        self.names.remember(name, is_found);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::net::IpAddr;

    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn what_is_unknown_takes_turns() {
        let turns = StrangersTurns::default();
        let lookup = || turns.lookup(IpAddr::from([192, 0, 2, 1]));
        let taken = [lookup().await.unwrap(), lookup().await.unwrap()];
        assert!(lookup().now_or_never().is_none(), "a third one waits");
        drop(taken);
        drop(lookup().await.unwrap());
        let search = turns.search().unwrap();
        assert!(turns.search().is_none());
        drop(search);
        assert!(turns.search().is_some());
    }

    #[test]
    fn a_name_is_known_in_its_own_tool() {
        let turns = StrangersTurns::default();
        turns.remember("tool", "https://lms.example", true);
        assert!(turns.knows("tool", "https://lms.example"));
        assert!(!turns.knows("tool", "https://lms"));
        assert!(!turns.knows("another", "https://lms.example"));
        turns.remember("tool", "https://lms.example", false);
        assert!(!turns.knows("tool", "https://lms.example"));
    }
}
