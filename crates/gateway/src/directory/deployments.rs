//! `…/platforms/:id/deployments`: where in a platform the tool is placed, and whether it may launch from there.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::deployments::{self, Deployment, DeploymentStatus};

use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::kit::clock::iso;
use crate::web::json::json_body;
use crate::web::problem::Problem;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewDeployment {
    deployment_id: String,
    status: Option<DeploymentStatus>,
}

#[derive(Deserialize)]
struct StatusChange {
    status: DeploymentStatus,
}

/// A deployment as operators read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentAnswer {
    deployment_id: String,
    status: DeploymentStatus,
    first_seen: String,
}

impl From<Deployment> for DeploymentAnswer {
    fn from(row: Deployment) -> Self {
        Self {
            deployment_id: row.deployment_id,
            status: row.status,
            first_seen: iso(row.first_seen),
        }
    }
}

/// The deployments of a platform.
#[derive(Serialize)]
pub struct DeploymentList {
    deployments: Vec<DeploymentAnswer>,
}

fn no_deployment() -> Problem {
    Problem::not_found(
        "DEPLOYMENT_NOT_FOUND",
        "The platform has no such deployment.",
    )
}

/// `GET …/deployments`.
pub async fn list(
    State(room): State<Directory>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Json<DeploymentList>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let found = deployments::of_platform(&mut room.db.read().await?.tx(), platform.row.id).await?;
    Ok(Json(DeploymentList {
        deployments: found.into_iter().map(DeploymentAnswer::from).collect(),
    }))
}

/// `POST …/deployments`: `{deploymentId, status}`; active unless it says otherwise.
pub async fn create(
    State(room): State<Directory>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<DeploymentAnswer>), Problem> {
    let input: NewDeployment = json_body(&body)?;
    if input.deployment_id.is_empty()
        || input.deployment_id.len() > 255
        || !input
            .deployment_id
            .bytes()
            .all(|byte| (0x20..0x7f).contains(&byte))
    {
        return Err(Problem::bad_request(
            "INVALID_DEPLOYMENT",
            "deploymentId must be a text of 1 to 255 printable ASCII characters.",
        ));
    }
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let deployment = Deployment {
        deployment_id: input.deployment_id,
        status: input.status.unwrap_or(DeploymentStatus::Active),
        first_seen: room.clock.now_ms(),
    };
    let row = deployment.clone();
    let saved = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            deployments::save(
                &mut tx,
                platform.row.id,
                row.deployment_id,
                row.status,
                row.first_seen,
            )
            .await
        })
    });
    if !saved.await? {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "DEPLOYMENT_ALREADY_EXISTS",
            "The platform has this deployment already; PATCH changes its status.",
        ));
    }
    room.platforms.changed();
    Ok((StatusCode::CREATED, Json(deployment.into())))
}

/// `PATCH …/deployments/:deploymentId`: `{status}`.
pub async fn change(
    State(room): State<Directory>,
    WithApiKey(tool): WithApiKey,
    Path((id, deployment_id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<DeploymentAnswer>, Problem> {
    let StatusChange { status } = json_body(&body)?;
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let (platform_id, deployment) = (platform.id.clone(), deployment_id.clone());
    let changed = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(
            async move { deployments::set_status(&mut tx, platform_id, deployment, status).await },
        )
    });
    if !changed.await? {
        return Err(no_deployment());
    }
    room.platforms.changed();
    tracing::info!(platform_id = platform.id, ?status, "deployment switched");
    let found = deployments::one(
        &mut room.db.read().await?.tx(),
        platform.row.id,
        deployment_id,
    )
    .await?;
    found
        .map(|deployment| Json(deployment.into()))
        .ok_or_else(no_deployment)
}

/// `DELETE …/deployments/:deploymentId`.
pub async fn delete(
    State(room): State<Directory>,
    WithApiKey(tool): WithApiKey,
    Path((id, deployment_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let platform_id = platform.id.clone();
    let deleted = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { deployments::delete(&mut tx, platform_id, deployment_id).await })
    });
    if !deleted.await? {
        return Err(no_deployment());
    }
    room.platforms.changed();
    tracing::info!(platform_id = platform.id, "deployment deleted");
    Ok(StatusCode::NO_CONTENT)
}
