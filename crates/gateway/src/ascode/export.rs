//! Writes the configuration, always in the same order.

use std::collections::HashMap;

use serde_json::Value;
use store::deployments::{self, Deployment};
use store::{StoreError, Tx, learning_paths, platforms, webhooks};

use super::document::{DeploymentCode, InstallationCode, PlatformCode, ToolCode, WebhookCode};
use super::secret;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::seal::Sealer;
use crate::studyreel::read_paths;

/// The configuration of these tools. With `secrets`, it includes the sealed secrets of webhooks.
///
/// # Errors
/// The store failed, or its rows can't be read.
pub async fn export(
    tx: &mut Tx<'_>,
    tools: &[Tool],
    secrets: Option<&Sealer>,
) -> Result<InstallationCode, StoreError> {
    let mut written = Vec::with_capacity(tools.len());
    for tool in tools {
        written.push(of_tool(tx, tool, secrets).await?);
    }
    Ok(InstallationCode::of(written))
}

async fn of_tool(
    tx: &mut Tx<'_>,
    tool: &Tool,
    secrets: Option<&Sealer>,
) -> Result<ToolCode, StoreError> {
    let paths = learning_paths::of_tool(tx, tool.id.clone()).await?;
    Ok(ToolCode {
        host: tool.host.clone(),
        settings: Some(settings(tool)?),
        platforms: Some(platforms_of(tx, &tool.id).await?),
        learning_paths: Some(read_paths(paths)?),
        webhooks: Some(webhooks_of(tx, &tool.id, secrets).await?),
    })
}

fn settings(tool: &Tool) -> Result<Value, StoreError> {
    let settings = serde_json::to_value(&tool.settings);
    settings.map_err(|error| StoreError::Corrupt(error.to_string()))
}

async fn platforms_of(tx: &mut Tx<'_>, tool_id: &str) -> Result<Vec<PlatformCode>, StoreError> {
    let mut rows = platforms::of_tool(tx, tool_id.to_owned()).await?;
    // By issuer and client id, because several platforms may have been created at the same moment.
    rows.sort_by(|a, b| (&a.issuer, &a.client_id).cmp(&(&b.issuer, &b.client_id)));
    // One query, however many platforms there are.
    let mut of_platforms: HashMap<String, Vec<Deployment>> = HashMap::new();
    for (platform_id, deployment) in deployments::of_tool(tx, tool_id.to_owned()).await? {
        of_platforms
            .entry(platform_id)
            .or_default()
            .push(deployment);
    }
    let mut written = Vec::with_capacity(rows.len());
    for row in rows {
        let mut known = of_platforms.remove(&row.id).unwrap_or_default();
        known.sort_by(|a, b| a.deployment_id.cmp(&b.deployment_id));
        written.push(PlatformCode {
            deployments: Some(known.into_iter().map(DeploymentCode::from).collect()),
            ..PlatformCode::of(&Platform::try_from(row)?)
        });
    }
    Ok(written)
}

async fn webhooks_of(
    tx: &mut Tx<'_>,
    tool_id: &str,
    secrets: Option<&Sealer>,
) -> Result<Vec<WebhookCode>, StoreError> {
    let mut rows = webhooks::of_tool(tx, tool_id.to_owned()).await?;
    rows.sort_by(|a, b| (&a.url, &a.types).cmp(&(&b.url, &b.types)));
    let written = rows.iter().map(|row| {
        let secret = secrets.map(|rows| secret::written(rows, row)).transpose()?;
        Ok(WebhookCode {
            secret,
            ..WebhookCode::of(row)
        })
    });
    written.collect()
}
