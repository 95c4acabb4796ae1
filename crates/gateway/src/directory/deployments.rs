//! `…/platforms/:id/deployments`: where the tool is placed in a platform, and whether it may launch
//! from there.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::deployments::{self, Deployment, DeploymentStatus};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::directory::switching::{add_deployment, forget_deployment, settled, switch_deployment};
use crate::kit::clock::iso;
use crate::kit::text::is_printable_id;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::problem::Problem;

const NO_DEPLOYMENT: ApiRule = ApiRule::new(
    "DEPLOYMENT_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "The platform has no such deployment.",
);
/// A deployment can only be added once.
pub(crate) const KNOWN: ApiRule = ApiRule::new(
    "DEPLOYMENT_ALREADY_EXISTS",
    StatusCode::CONFLICT,
    "The platform has this deployment already; PATCH changes its status.",
);
const INVALID_DEPLOYMENT: ApiRule = ApiRule::new(
    "INVALID_DEPLOYMENT",
    StatusCode::BAD_REQUEST,
    "deploymentId must be a text of 1 to 255 printable ASCII characters.",
);

/// A deployment to add.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewDeployment {
    /// 1 to 255 printable ASCII characters.
    deployment_id: String,
    /// `active` if left out.
    #[schema(schema_with = statuses)]
    status: Option<DeploymentStatus>,
}

/// The change of a deployment.
#[derive(Deserialize, ToSchema)]
#[schema(as = DeploymentChange)]
struct StatusChange {
    #[schema(schema_with = statuses)]
    status: DeploymentStatus,
}

/// A deployment as operators read it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Deployment)]
pub(crate) struct DeploymentAnswer {
    pub(crate) deployment_id: String,
    #[schema(schema_with = statuses)]
    pub(crate) status: DeploymentStatus,
    #[schema(format = DateTime)]
    pub(crate) first_seen: String,
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
#[derive(Serialize, ToSchema)]
pub(crate) struct DeploymentList {
    pub(crate) deployments: Vec<DeploymentAnswer>,
}

/// The schema of the statuses.
pub(crate) fn statuses() -> Object {
    let statuses = [
        DeploymentStatus::Active,
        DeploymentStatus::Pending,
        DeploymentStatus::Disabled,
    ];
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(statuses.map(|status| json!(status))))
        .build()
}

/// Lists the deployments of a platform.
#[utoipa::path(
    get, path = "/admin/platforms/{id}/deployments",
    tag = "Operator: platforms", operation_id = "listDeployments", security(("apiKey" = ["manage", "read"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    responses(
        (status = 200, description = "Those seen in launches and those entered by hand.", body = DeploymentList),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn list(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<DeploymentList>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let found = deployments::of_platform(&mut room.db.read().await?.tx(), platform.row.id).await?;
    Ok(Json(DeploymentList {
        deployments: found.into_iter().map(DeploymentAnswer::from).collect(),
    }))
}

/// Adds a deployment.
#[utoipa::path(
    post, path = "/admin/platforms/{id}/deployments",
    tag = "Operator: platforms", operation_id = "createDeployment", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    request_body = NewDeployment,
    responses(
        (status = 201, description = "The deployment; active unless the request said otherwise.", body = DeploymentAnswer),
        (status = 400, description = "`INVALID_DEPLOYMENT`: `deploymentId` must be a text of 1 to 255 printable ASCII characters."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
        (status = 409, description = "`DEPLOYMENT_ALREADY_EXISTS`: the platform has it already."),
    ),
)]
pub(crate) async fn create(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<DeploymentAnswer>), Problem> {
    let mut input: NewDeployment = json_body(&body)?;
    // Copying from a page often adds blanks; no id starts or ends with one.
    input.deployment_id = input.deployment_id.trim().to_owned();
    if !is_printable_id(&input.deployment_id) {
        return Err(INVALID_DEPLOYMENT.problem());
    }
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let deployment = Deployment {
        deployment_id: input.deployment_id,
        status: input.status.unwrap_or(DeploymentStatus::Active),
        first_seen: room.clock.now_ms(),
    };
    let (platform_id, row) = (platform.id.clone(), deployment.clone());
    let saved = room.db.write_or_repeat(move |mut tx| {
        let (platform_id, row) = (platform_id.clone(), row.clone());
        Box::pin(async move { add_deployment(&mut tx, platform_id, row).await })
    });
    if !saved.await? {
        return Err(KNOWN.problem());
    }
    room.platforms.changed();
    settled(&room.db, &platform.id).await;
    Ok((StatusCode::CREATED, Json(deployment.into())))
}

/// Changes the status of a deployment.
#[utoipa::path(
    patch, path = "/admin/platforms/{id}/deployments/{deployment}",
    tag = "Operator: platforms", operation_id = "changeDeployment", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."), ("deployment" = String, Path, description = "Deployment id, percent-encoded."),),
    request_body = StatusChange,
    responses(
        (status = 200, description = "The deployment as it is now.", body = DeploymentAnswer),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id.\n`DEPLOYMENT_NOT_FOUND`: the platform has no such deployment."),
    ),
)]
pub(crate) async fn change(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path((id, deployment_id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<DeploymentAnswer>, Problem> {
    let StatusChange { status } = json_body(&body)?;
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let (platform_id, deployment) = (platform.id.clone(), deployment_id.clone());
    let now = room.clock.now_ms();
    let changed = room.db.write_or_repeat(move |mut tx| {
        let (platform_id, deployment) = (platform_id.clone(), deployment.clone());
        Box::pin(
            async move { switch_deployment(&mut tx, platform_id, deployment, status, now).await },
        )
    });
    if !changed.await? {
        return Err(NO_DEPLOYMENT.problem());
    }
    room.platforms.changed();
    settled(&room.db, &platform.id).await;
    tracing::info!(platform_id = platform.id, ?status, "deployment switched");
    let found = deployments::one(
        &mut room.db.read().await?.tx(),
        platform.row.id,
        deployment_id,
    )
    .await?;
    found
        .map(|deployment| Json(deployment.into()))
        .ok_or_else(|| NO_DEPLOYMENT.problem())
}

/// Forgets a deployment.
///
/// A later launch from it counts as the first. Scores that are waiting are held until it is known
/// again.
#[utoipa::path(
    delete, path = "/admin/platforms/{id}/deployments/{deployment}",
    tag = "Operator: platforms", operation_id = "deleteDeployment", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."), ("deployment" = String, Path, description = "Deployment id, percent-encoded."),),
    responses(
        (status = 204, description = "It is forgotten."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id.\n`DEPLOYMENT_NOT_FOUND`: the platform has no such deployment."),
    ),
)]
pub(crate) async fn delete(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path((id, deployment_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let (platform_id, now) = (platform.id.clone(), room.clock.now_ms());
    let deleted = room.db.write_or_repeat(move |mut tx| {
        let (platform_id, deployment) = (platform_id.clone(), deployment_id.clone());
        Box::pin(async move { forget_deployment(&mut tx, platform_id, deployment, now).await })
    });
    if !deleted.await? {
        return Err(NO_DEPLOYMENT.problem());
    }
    room.platforms.changed();
    settled(&room.db, &platform.id).await;
    tracing::info!(platform_id = platform.id, "deployment deleted");
    Ok(StatusCode::NO_CONTENT)
}
