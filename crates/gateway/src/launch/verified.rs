//! A verified launch, the same for every adapter.

use std::fmt;
use std::sync::Arc;

/// A launch that an adapter has verified.
#[derive(Clone)]
pub struct Launch {
    /// Our id for it, and the `tid` of its `ltik`.
    pub id: String,
    pub tool_id: String,
    /// The platform it came from, if it is a registered one.
    pub platform_id: Option<String>,
    /// Name of the adapter that verified it.
    pub adapter: &'static str,
    /// The deployment it came from, by the platform's id.
    pub deployment_id: String,
    /// The person, as the adapter knows them; `None` for an anonymous launch.
    pub subject: Option<String>,
    /// Whether the answer is returned through the frame that offered this window, because the
    /// platform expects it there.
    pub answers_by_frame: bool,
    /// The adapter's data about the launch. Only the adapter reads it.
    pub document: Arc<str>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When it expires, in milliseconds since 1970.
    pub expires_at: i64,
}

/// Omits personal data, so that `{:?}` can't put it into a log.
impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Launch")
            .field("id", &self.id)
            .field("adapter", &self.adapter)
            .finish_non_exhaustive()
    }
}

impl Launch {
    /// Its approximate size in memory, in bytes.
    pub fn weight(&self) -> usize {
        self.document.len() + 512
    }
}

/// What makes a second use of a launch fail.
#[derive(Clone, Debug)]
pub struct Nonce {
    pub hash: Vec<u8>,
    /// Until when it could be replayed, in milliseconds since 1970.
    pub until: i64,
}

/// Whether a launch may be read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// Its browser is recognised.
    Now,
    /// It waits until the browser is recognised.
    Later,
}
