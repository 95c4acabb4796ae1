//! Taking jobs of one share, of which only so many run at once.

use store::jobs::{self, ClaimedJob};
use store::{StoreError, Tx};

/// A share, and who takes jobs of it.
pub(super) struct ShareClaim<'a> {
    pub(super) worker: &'a str,
    pub(super) kind: &'static str,
    pub(super) share: &'a str,
    /// Jobs of the share at once, at all workers together.
    pub(super) everywhere: i64,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

impl ShareClaim<'_> {
    /// Claims up to `most` jobs that are due, as far as the share has room. What [`jobs::running`] and [`jobs::claim`] ask of
    /// the transaction is for the caller to see to.
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
