//! The steps of applying a configuration: each is what one request to the API would do.

use store::deployments::DeploymentStatus;
use store::learning_paths::{self, PathRow};
use store::platforms::PlatformRow;
use store::signing_keys::{self, Owner};
use store::tools::{self, ToolRow};
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx};

use super::error::CodeError;
use crate::directory::switching::{enter_deployment, forget_deployment, switch_deployment};
use crate::directory::{entering, removal, tools_api};
use crate::events::Events;
use crate::webhooks::FORMER_MS;

/// One step.
pub(super) enum CodeStep {
    AddTool(ToolRow),
    ChangeSettings(ToolRow),
    AddPlatform(Box<PlatformRow>),
    ReplacePlatform(Box<PlatformRow>),
    RemovePlatform {
        tool_id: String,
        id: String,
    },
    AddDeployment {
        platform_id: String,
        deployment_id: String,
        status: DeploymentStatus,
    },
    SwitchDeployment {
        platform_id: String,
        deployment_id: String,
        status: DeploymentStatus,
    },
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
    /// Address, types and whether it is active, as in the row.
    ChangeWebhook(Box<WebhookRow>),
    /// The webhook as it is, and its other secret.
    ReplaceSecret(Box<WebhookRow>, Vec<u8>),
    RemoveWebhook {
        tool_id: String,
        id: String,
    },
}

impl CodeStep {
    /// Whether it takes a key pair out of the pool.
    pub(super) fn needs_key(&self) -> bool {
        matches!(self, Self::AddPlatform(_))
    }

    /// Does it, at `now`, in milliseconds since 1970.
    ///
    /// # Errors
    /// What it was planned for has changed since, or the store failed.
    pub(super) async fn run(
        self,
        tx: &mut Tx<'_>,
        events: &Events,
        now: i64,
    ) -> Result<(), CodeError> {
        let was_there = match self {
            Self::AddTool(row) => return Ok(tools_api::add(tx, row, now).await?),
            Self::ChangeSettings(row) => return Ok(tools::update(tx, row, now).await?),
            Self::AddPlatform(row) => return add_platform(tx, events, *row, now).await,
            Self::ReplacePlatform(row) => entering::replace(tx, events, *row, now).await,
            Self::RemovePlatform { tool_id, id } => removal::remove(tx, tool_id, id).await,
            Self::AddDeployment {
                platform_id,
                deployment_id,
                status,
            } => enter_deployment(tx, platform_id, deployment_id, status, now).await,
            Self::SwitchDeployment {
                platform_id,
                deployment_id,
                status,
            } => switch_deployment(tx, platform_id, deployment_id, status, now).await,
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
                let changed = webhooks::change(tx, row.id, row.url, row.types, row.active).await;
                changed.map(|row| row.is_some())
            }
            Self::ReplaceSecret(row, sealed) => {
                let (held, until) = (row.secret_sealed.clone(), now + FORMER_MS);
                webhooks::rotate(tx, row.id, held, sealed, row.secret_sealed, until).await
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

/// The platform's key comes out of the pool in the same transaction.
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

/// Another row was stored first.
fn meanwhile(error: StoreError) -> CodeError {
    if error.is_taken() {
        CodeError::Meanwhile
    } else {
        error.into()
    }
}
