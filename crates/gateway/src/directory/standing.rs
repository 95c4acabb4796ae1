//! Whether a deployment of a platform may still be used. Launches' sessions, service keys,
//! deliveries and comparisons of gradebooks all check here, so that none of them overlooks what an
//! operator stopped (lti.md I-24).

use std::sync::Arc;

use store::StoreError;
use store::deployments::DeploymentStatus;

use super::platforms::{Platform, Platforms};

/// What an operator has stopped or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    Platform,
    Deployment,
}

impl Platforms {
    /// The platform of a deployment, if both are active.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn standing(
        &self,
        platform_id: &str,
        deployment_id: &str,
    ) -> Result<Result<Arc<Platform>, Stopped>, StoreError> {
        let platform = self.by_id(platform_id).await?;
        let Some(platform) = platform.filter(|platform| platform.active) else {
            return Ok(Err(Stopped::Platform));
        };
        let deployment = self.deployment(platform_id, deployment_id).await?;
        Ok(match deployment {
            Some(DeploymentStatus::Active) => Ok(platform),
            _ => Err(Stopped::Deployment),
        })
    }
}
