//! Remembers what was looked up for strangers, so that their requests don't repeat the look-up.

use std::sync::Arc;
use std::time::Duration;

use crate::kit::cache::Cache;

/// How many unknown session tokens are remembered. None of them will ever become valid.
const UNKNOWN: usize = 20_000;
const UNKNOWN_LIFE: Duration = Duration::from_secs(60 * 60);
/// How many tools with users are remembered.
const TOOLS: usize = 1_000;
const USERS_LIFE: Duration = Duration::from_secs(60);

/// The portal's memory. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct PortalMemory(Arc<PortalMemoryInner>);

struct PortalMemoryInner {
    unknown: Cache<Vec<u8>, ()>,
    inhabited: Cache<String, ()>,
}

impl Default for PortalMemory {
    fn default() -> Self {
        Self(Arc::new(PortalMemoryInner {
            unknown: Cache::new(UNKNOWN).living(|_| UNKNOWN_LIFE),
            inhabited: Cache::new(TOOLS).living(|_| USERS_LIFE),
        }))
    }
}

impl PortalMemory {
    /// Whether there was no session with this token hash.
    pub(super) fn is_unknown(&self, token_hash: &[u8]) -> bool {
        self.0.unknown.get(token_hash).is_some()
    }

    /// Remembers that there is no such session.
    pub(super) fn note_unknown(&self, token_hash: Vec<u8>) {
        self.0.unknown.insert(token_hash, ());
    }

    /// Whether the tool had users a moment ago.
    pub(super) fn has_users(&self, tool_id: &str) -> bool {
        self.0.inhabited.get(tool_id).is_some()
    }

    /// Remembers that it has users.
    pub(super) fn note_users(&self, tool_id: &str) {
        self.0.inhabited.insert(tool_id.to_owned(), ());
    }
}
