//! What waits for a decision (portal.md PO-5).

use store::StoreError;
use store::waiting::{self, WaitingDeployment, WaitingPlatform};

use super::room::Portal;

/// Of each sort, at most so many are looked at.
const MOST: i64 = 100;

/// What waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    pub(super) platforms: Vec<WaitingPlatform>,
    pub(super) deployments: Vec<WaitingDeployment>,
}

impl Waiting {
    pub(super) fn number(&self) -> usize {
        self.platforms.len() + self.deployments.len()
    }
}

impl Portal {
    /// What waits in a tool, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn waiting(&self, tool_id: &str) -> Result<Waiting, StoreError> {
        let mut reader = self.db.read().await?;
        let platforms = waiting::platforms(&mut reader.tx(), tool_id.to_owned(), MOST).await?;
        let deployments = waiting::deployments(&mut reader.tx(), tool_id.to_owned(), MOST).await?;
        Ok(Waiting {
            platforms,
            deployments,
        })
    }
}
