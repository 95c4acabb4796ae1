//! Decides whether a waiting write is carried out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared by the request that waits for a write and the writer. Whichever takes it first decides:
/// the writer begins the write, or the request calls it off. So a request never reports a failure
/// for something that is stored a moment later.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim(Arc<AtomicBool>);

impl Claim {
    /// Takes the claim. Returns whether it was still free.
    pub(super) fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}
