//! Results of lookups that strangers can cause, so that they aren't repeated for each request.

use std::sync::Arc;
use std::time::Duration;

use crate::kit::cache::Cache;

/// How many tokens of nonexistent sessions are remembered. No one else will ever get one of these tokens.
const UNKNOWN: usize = 20_000;
const UNKNOWN_LIFE: Duration = Duration::from_secs(60 * 60);
/// How many tools that have users are remembered.
const TOOLS: usize = 1_000;
const USERS_LIFE: Duration = Duration::from_secs(60);

/// Cloning it is cheap.
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
    /// Whether it is known that no session has this token hash.
    pub(super) fn is_unknown(&self, token_hash: &[u8]) -> bool {
        self.0.unknown.get(token_hash).is_some()
    }

    /// Records that there is none.
    pub(super) fn note_unknown(&self, token_hash: Vec<u8>) {
        self.0.unknown.insert(token_hash, ());
    }

    /// Whether it is known that the tool has users.
    pub(super) fn has_users(&self, tool_id: &str) -> bool {
        self.0.inhabited.get(tool_id).is_some()
    }

    /// Records that it has users.
    pub(super) fn note_users(&self, tool_id: &str) {
        self.0.inhabited.insert(tool_id.to_owned(), ());
    }
}
