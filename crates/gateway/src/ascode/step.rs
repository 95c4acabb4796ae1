//! The steps of applying a configuration. Each does what one request to the API would do.

use store::deployments::{self, Deployment, DeploymentStatus};
use store::learning_paths::{self, PathRow};
use store::platforms::{self, PlatformRow};
use store::signing_keys::{self, Owner};
use store::tools::{self, ToolRow};
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx, deliveries};

use super::error::CodeError;
use super::plan::UnnamedThing;
use crate::directory::switching::{add_deployment, forget_deployment, switch_deployment};
use crate::directory::{entering, tools_api};
use crate::events::Events;
use crate::webhooks::FORMER_MS;

/// A platform to be removed. The transaction only stops it, because it may have any number of rows.
pub(super) struct StoppedPlatform {
    pub(super) tool_id: String,
    pub(super) id: String,
    /// How the plan names it.
    pub(super) thing: UnnamedThing,
}

/// A deployment as in the file.
pub(super) struct PlannedDeployment {
    pub(super) platform_id: String,
    pub(super) deployment_id: String,
    pub(super) status: DeploymentStatus,
}

pub(super) enum CodeStep {
    AddTool(ToolRow),
    ChangeSettings(ToolRow),
    AddPlatform(Box<PlatformRow>),
    /// The row when the plan was made, and the new one.
    ReplacePlatform(Box<PlatformRow>, Box<PlatformRow>),
    StopPlatform(StoppedPlatform),
    AddDeployment(PlannedDeployment),
    /// Its status when the plan was made, and the deployment with its new status.
    SwitchDeployment(DeploymentStatus, PlannedDeployment),
    RemoveDeployment {
        platform_id: String,
        deployment_id: String,
    },
    AddPath {
        tool_id: String,
        row: PathRow,
    },
    ReplacePath {
        tool_id: String,
        row: PathRow,
    },
    RemovePath {
        tool_id: String,
        id: String,
    },
    AddWebhook(Box<WebhookRow>),
    /// The row with its new address, types and active state.
    ChangeWebhook(Box<WebhookRow>),
    /// The webhook as stored, its new secret, and the secrets this replaces.
    ReplaceSecret {
        webhook: Box<WebhookRow>,
        sealed: Vec<u8>,
        former: Vec<u8>,
    },
    RemoveWebhook {
        tool_id: String,
        id: String,
    },
}

impl CodeStep {
    /// Whether the step takes a key pair from the pool.
    pub(super) fn needs_key(&self) -> bool {
        matches!(self, Self::AddPlatform(_))
    }

    /// Carries the step out at `now`, in milliseconds since 1970. A platform that is only stopped
    /// so far is added to `stopped`.
    ///
    /// # Errors
    /// What the step was planned for has changed, or the store failed.
    pub(super) async fn run(
        self,
        tx: &mut Tx<'_>,
        events: &Events,
        now: i64,
        stopped: &mut Vec<StoppedPlatform>,
    ) -> Result<(), CodeError> {
        let was_there = match self {
            Self::AddTool(row) => return Ok(tools_api::add(tx, row, now).await?),
            Self::ChangeSettings(row) => return Ok(tools::update(tx, row, now).await?),
            Self::AddPlatform(row) => return add_platform(tx, events, *row, now).await,
            Self::ReplacePlatform(seen, row) => {
                entering::replace_seen(tx, events, &seen, *row, now).await
            }
            Self::StopPlatform(platform) => {
                let was_there = stop(tx, &platform, now).await;
                stopped.push(platform);
                was_there
            }
            Self::AddDeployment(deployment) => add(tx, deployment, now).await,
            Self::SwitchDeployment(before, deployment) => switch(tx, before, deployment, now).await,
            Self::RemoveDeployment {
                platform_id,
                deployment_id,
            } => forget_deployment(tx, platform_id, deployment_id, now).await,
            Self::AddPath { tool_id, row } => {
                let added = learning_paths::insert(tx, tool_id, row, now).await;
                added.map(|()| true)
            }
            Self::ReplacePath { tool_id, row } => {
                learning_paths::replace(tx, tool_id, row, now).await
            }
            Self::RemovePath { tool_id, id } => learning_paths::delete(tx, tool_id, id).await,
            Self::AddWebhook(row) => webhooks::insert(tx, *row).await.map(|()| true),
            Self::ChangeWebhook(row) => {
                let (url, types, active) = (Some(row.url), Some(row.types), Some(row.active));
                let changed = webhooks::change(tx, row.id, url, types, active).await;
                changed.map(|row| row.is_some())
            }
            Self::ReplaceSecret {
                webhook,
                sealed,
                former,
            } => {
                let (id, held, until) = (webhook.id, webhook.secret_sealed, now + FORMER_MS);
                webhooks::rotate(tx, id, held, sealed, former, until).await
            }
            Self::RemoveWebhook { tool_id, id } => webhooks::delete(tx, id, tool_id).await,
        };
        match was_there {
            Ok(true) => Ok(()),
            Ok(false) => Err(CodeError::Meanwhile),
            Err(error) => Err(meanwhile(error)),
        }
    }
}

/// Takes the platform's key from the pool in the same transaction.
async fn add_platform(
    tx: &mut Tx<'_>,
    events: &Events,
    row: PlatformRow,
    now: i64,
) -> Result<(), CodeError> {
    let owner = Owner {
        tool_id: row.tool_id.clone(),
        platform_id: row.id.clone(),
        signs_from: now,
    };
    if !signing_keys::take(tx, owner, now).await? {
        return Err(CodeError::Meanwhile);
    }
    entering::enter(tx, events, row).await.map_err(meanwhile)
}

/// Stops a platform, so that nothing arrives after it has been emptied. False if the platform is
/// gone, or if a score arrived for it, which a file must not discard (grades.md GR-11): the next
/// plan names it.
async fn stop(tx: &mut Tx<'_>, platform: &StoppedPlatform, now: i64) -> Result<bool, StoreError> {
    let (tool_id, id) = (platform.tool_id.clone(), platform.id.clone());
    platforms::lock(tx, id.clone()).await?;
    if deliveries::undelivered(tx, &id).await? > 0 {
        return Ok(false);
    }
    platforms::set_active(tx, tool_id, id, false, now).await
}

/// False if its platform is gone, or already has it.
async fn add(tx: &mut Tx<'_>, deployment: PlannedDeployment, now: i64) -> Result<bool, StoreError> {
    let PlannedDeployment {
        platform_id,
        deployment_id,
        status,
    } = deployment;
    if !platforms::lock(tx, platform_id.clone()).await? {
        return Ok(false);
    }
    let new = Deployment {
        deployment_id,
        status,
        first_seen: now,
    };
    add_deployment(tx, platform_id, new).await
}

/// False if its status has changed since the plan was made.
async fn switch(
    tx: &mut Tx<'_>,
    before: DeploymentStatus,
    deployment: PlannedDeployment,
    now: i64,
) -> Result<bool, StoreError> {
    let PlannedDeployment {
        platform_id,
        deployment_id,
        status,
    } = deployment;
    let found = deployments::one(tx, platform_id.clone(), deployment_id.clone()).await?;
    if found.is_none_or(|found| found.status != before) {
        return Ok(false);
    }
    switch_deployment(tx, platform_id, deployment_id, status, now).await
}

/// The error if another row was stored first.
fn meanwhile(error: StoreError) -> CodeError {
    if error.is_taken() {
        CodeError::Meanwhile
    } else {
        error.into()
    }
}
