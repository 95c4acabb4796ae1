//! Whether a write that waits is carried out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared by the request that waits for a write and by the writer. The first to take it decides: the writer begins
/// the write, or the request calls it off. So no answer says that something failed which is stored a moment later.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim(Arc<AtomicBool>);

impl Claim {
    /// Whether it was still there to be taken.
    pub(super) fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}
