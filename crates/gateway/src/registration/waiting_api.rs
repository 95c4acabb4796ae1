//! `/admin/waiting`: lists what is waiting for a decision, and approves registrations (portal.md
//! PO-5 and PO-9).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use store::waiting::{self, WaitingDeployment, WaitingPlatform};
use utoipa::ToSchema;

use super::approval::{self, CompleteRequest, CompletedAnswer};
use super::room::Registrations;
use super::undecided::UndecidedOffer;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::kit::clock::iso;
use crate::web::api_rule::ApiRule;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::Text;

const NOT_WAITING: ApiRule = ApiRule::new(
    "REGISTRATION_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "No registration with this id waits. GET /admin/waiting lists those that do.",
);

/// The most platforms, and the most deployments, in the list.
const MOST_LISTED: i64 = 100;

/// What is waiting for a decision; each kind is sorted oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = WaitingList)]
pub(crate) struct WhatWaits {
    /// Registrations waiting for the tool's decision: `approve` sends them. They expire after an
    /// hour.
    registrations: Vec<WaitingOffer>,
    /// Platforms that are registered but have never been active: `activate` lets them launch,
    /// `deactivate` removes them from the list.
    platforms: Vec<InactivePlatform>,
    /// Deployments that appeared in a launch and have not been decided on: set their `status` to
    /// allow or refuse launches.
    deployments: Vec<PendingDeployment>,
}

/// A registration waiting for the tool's decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingRegistration)]
struct WaitingOffer {
    /// The id for approving it. It is not the `registrationId` of the tool's own approval page,
    /// which is secret.
    id: String,
    /// The name it will have.
    name: String,
    issuer: String,
    /// Such as `moodle`; may be empty.
    family_code: String,
    /// May be empty.
    version: String,
    /// The hosts of its endpoints.
    hosts: Vec<String>,
    /// What will be requested besides launches, in English.
    services: Vec<String>,
    /// The personal data that will be requested, in English.
    personal_data: Vec<String>,
    /// How many platforms with the same issuer are already registered.
    same_issuer: usize,
    /// Whether it used an invitation.
    invited: bool,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<UndecidedOffer> for WaitingOffer {
    fn from(offer: UndecidedOffer) -> Self {
        let english = |texts: Vec<Text>| -> Vec<String> {
            let texts = texts.iter().map(|text| text.to(Language::English));
            texts.map(str::to_owned).collect()
        };
        Self {
            id: offer.key,
            name: offer.name,
            issuer: offer.issuer,
            family_code: offer.family,
            version: offer.version,
            hosts: offer.hosts,
            services: english(offer.services),
            personal_data: english(offer.personal),
            same_issuer: offer.known,
            invited: offer.invited,
            created_at: iso(offer.created_at),
        }
    }
}

/// A platform that is registered but has never been active.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingPlatform)]
struct InactivePlatform {
    id: String,
    name: String,
    /// The issuer.
    url: String,
    /// Such as `moodle`; absent if the platform never said.
    #[serde(skip_serializing_if = "Option::is_none")]
    family_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<WaitingPlatform> for InactivePlatform {
    fn from(row: WaitingPlatform) -> Self {
        Self {
            id: row.id,
            name: row.name,
            url: row.issuer,
            family_code: row.family,
            version: row.version,
            created_at: iso(row.created_at),
        }
    }
}

/// A deployment that appeared in a launch and has not been decided on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingDeployment)]
struct PendingDeployment {
    /// Id of its platform.
    platform_id: String,
    platform_name: String,
    deployment_id: String,
    #[schema(format = DateTime)]
    first_seen: String,
}

impl From<WaitingDeployment> for PendingDeployment {
    fn from(row: WaitingDeployment) -> Self {
        Self {
            platform_id: row.platform_id,
            platform_name: row.name,
            deployment_id: row.deployment_id,
            first_seen: iso(row.first_seen),
        }
    }
}

/// Lists what is waiting for a decision.
///
/// Up to 50 registrations, and up to 100 platforms and deployments each.
#[utoipa::path(
    get, path = "/admin/waiting", tag = "Operator: platforms", operation_id = "listWaiting",
    security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "What waits.", body = WhatWaits)),
)]
pub(crate) async fn list(
    State(room): State<Registrations>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
) -> Result<Json<WhatWaits>, Problem> {
    let offers = room.undecided(&tool).await?;
    let mut reader = room.db.read().await?;
    let platforms = waiting::platforms(&mut reader.tx(), tool.id.clone(), MOST_LISTED).await?;
    let deployments = waiting::deployments(&mut reader.tx(), tool.id.clone(), MOST_LISTED).await?;
    drop(reader);
    Ok(Json(WhatWaits {
        registrations: offers.into_iter().map(WaitingOffer::from).collect(),
        platforms: platforms.into_iter().map(InactivePlatform::from).collect(),
        deployments: deployments
            .into_iter()
            .map(PendingDeployment::from)
            .collect(),
    }))
}

/// Approves a waiting registration.
///
/// Does the same as `POST /api/registrations/{id}/complete`, but takes an id from the list of what
/// is waiting.
#[utoipa::path(
    post, path = "/admin/waiting/{id}/approve", tag = "Operator: platforms", operation_id = "approveWaitingRegistration",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a registration in the list of what waits.")),
    request_body = CompleteRequest,
    responses(
        (status = 200, description = "The platform is registered.", body = CompletedAnswer),
        (status = 404, description = "`REGISTRATION_NOT_FOUND`: no such registration waits; it is done, given up or too old."),
        (status = "4XX", description = "`REGISTRATION_REFUSED`: the platform refused with this status; its 401 comes as 403."),
        (status = 400, description = "`NOTHING_IN_COMMON`: the platform takes no message that the tool has.\n`ADDRESS_NOT_ALLOWED`: the platform's address may not be called; the setting `outbound_allow` can open it."),
        (status = 409, description = "`PLATFORM_ALREADY_REGISTERED`: its issuer and client id are known already."),
        (status = 502, description = "`REGISTRATION_NOT_ANSWERED`: the platform did not answer, or sent us elsewhere.\n`REGISTRATION_REFUSED`: it refused with an error of its own.\n`REGISTRATION_ANSWER_INVALID`: its answer can't be used."),
        (status = 503, description = "`REGISTRATIONS_BUSY`: too many requests are on their way; try again.\n`KEY_NOT_MADE`, `STORE_FAILED`: try again.\n`LAUNCH_URL_NOT_SET`: the tool's settings name no launch URL."),
    ),
)]
pub(crate) async fn approve(
    State(room): State<Registrations>,
    key: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let secret = room.undecided_id(&key.tool, &id).await?;
    let secret = secret.ok_or_else(|| NOT_WAITING.problem())?;
    Ok(approval::complete(State(room), key, Path(secret), headers, body).await)
}
