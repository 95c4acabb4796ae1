//! Claims jobs of one share, of which only a limited number may run at once.

use store::jobs::{self, ClaimedJob};
use store::{StoreError, Tx};

/// A share, and the worker that claims its jobs.
pub(super) struct ShareClaim<'a> {
    pub(super) worker: &'a str,
    pub(super) kind: &'static str,
    pub(super) share: &'a str,
    /// How many jobs of the share may run at once, at all workers together.
    pub(super) everywhere: i64,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

impl ShareClaim<'_> {
    /// Claims up to `most` due jobs, as far as the share has room. The caller must meet the
    /// requirements of [`jobs::running`] and [`jobs::claim`] for the transaction.
    pub(super) async fn take(
        &self,
        tx: &mut Tx<'_>,
        most: i64,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let running = jobs::running(tx, self.kind, self.share).await?;
        let most = most.min(self.everywhere - running);
        if most < 1 {
            return Ok(Vec::new());
        }
        jobs::claim(tx, self.worker, self.kind, self.share, self.now, most).await
    }
}
