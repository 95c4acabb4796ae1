//! What is waiting for a decision (portal.md PO-5).

use store::waiting::{self, WaitingDeployment, WaitingPlatform};
use store::{StoreError, registrations};

use super::room::Portal;

/// How many of each sort are looked at.
const MOST_OF_SORT: i64 = 100;

#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    /// Number of registrations that wait for the tool's approval.
    pub(super) offers: usize,
    pub(super) platforms: Vec<WaitingPlatform>,
    pub(super) deployments: Vec<WaitingDeployment>,
}

impl Waiting {
    pub(super) fn number(&self) -> usize {
        self.offers + self.platforms.len() + self.deployments.len()
    }
}

impl Portal {
    /// What is waiting in a tool, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn waiting(&self, tool_id: &str) -> Result<Waiting, StoreError> {
        let now = self.clock.now_ms();
        let mut reader = self.db.read().await?;
        let tool = tool_id.to_owned();
        let offers = registrations::undecided_number(&mut reader.tx(), tool, now).await?;
        let platforms =
            waiting::platforms(&mut reader.tx(), tool_id.to_owned(), MOST_OF_SORT).await?;
        let deployments =
            waiting::deployments(&mut reader.tx(), tool_id.to_owned(), MOST_OF_SORT).await?;
        Ok(Waiting {
            offers: usize::try_from(offers).unwrap_or(0),
            platforms,
            deployments,
        })
    }
}
