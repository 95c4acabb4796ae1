//! `GET /admin/studyreel`: what the tool's owner registers with StudyReel and compatible platforms.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use store::studyreel_registrations::{
    self as registrations, StudyReelRegistrationRow as RegistrationRow,
};
use studyreel::{Dialect, STUDYREEL};
use url::Url;
use utoipa::ToSchema;

use super::access;
use super::hook::BreakerReport;
use super::room::StudyReel;
use crate::directory::api_keys::scope::ForSecrets;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::kit::clock::iso;
use crate::kit::standard_webhooks;
use crate::web::problem::Problem;

/// What to register for StudyReel and, under `dialects`, for every other dialect that the tool
/// accepts.
#[derive(Serialize, ToSchema)]
#[schema(as = StudyReelAccess)]
pub(crate) struct OwnerAnswer {
    #[serde(flatten)]
    studyreel: DialectAnswer,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, DialectAnswer>)]
    dialects: BTreeMap<&'static str, DialectAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provisioning: Option<HookSecretsAnswer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    registrations: Vec<StudyReelRegistrationAnswer>,
}

/// A dialect's launch URLs, and its secrets in force with the newest listed separately. A launch
/// URL with a capability is a secret between the owner and the platform.
// studyreel.md §5, items 2 and 3
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DialectAccess)]
struct DialectAnswer {
    /// The plain launch URL; accepts launches only if `studyreel.requireCapability` allows it.
    launch_url: String,
    /// The launch URL with the newest capability.
    #[schema(required = true)]
    capability_launch_url: Option<String>,
    /// The newest secret that signs launches.
    #[schema(required = true)]
    signing_secret: Option<String>,
    /// The newest secret for a header.
    #[schema(required = true)]
    header_secret: Option<String>,
    /// All secrets in force, the newest last.
    secrets: Vec<SecretAnswer>,
}

/// A secret in force, and what is derived from it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DialectSecret)]
struct SecretAnswer {
    number: u32,
    capability_launch_url: String,
    signing_secret: String,
    header_secret: String,
}

/// The secrets that sign the provisioning hook's calls, in the form that Standard Webhooks
/// libraries expect, and how the application has answered this replica.
#[derive(Serialize, ToSchema)]
#[schema(as = ProvisioningAccess)]
struct HookSecretsAnswer {
    url: Url,
    /// The newest secret.
    #[schema(required = true)]
    secret: Option<String>,
    secrets: Vec<HookSecretAnswer>,
    breaker: BreakerReport,
}

/// A secret in force.
#[derive(Serialize, ToSchema)]
#[schema(as = ProvisioningSecret)]
struct HookSecretAnswer {
    number: u32,
    secret: String,
}

/// The last run of `hallpass studyreel register`, and its result.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StudyReelRegistration)]
struct StudyReelRegistrationAnswer {
    /// Address of the platform.
    studyreel: String,
    name: String,
    version: String,
    #[schema(format = DateTime)]
    asked_at: String,
    /// Whether the platform has answered.
    answered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The platform's id for the tool.
    tool_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    registered_at: Option<String>,
}

impl From<RegistrationRow> for StudyReelRegistrationAnswer {
    fn from(row: RegistrationRow) -> Self {
        Self {
            answered: !row.is_open(),
            studyreel: row.base_url,
            name: row.name,
            version: row.version,
            asked_at: iso(row.asked_at),
            tool_id: row.remote_id,
            deployment_id: row.deployment_id,
            registered_at: row.registered_at.map(iso),
        }
    }
}

/// Reads what to register with StudyReel.
///
/// The tool's launch URLs and secrets for StudyReel and, under `dialects`, for every other dialect
/// that it accepts. Launch URLs with a capability are secrets between the tool's owner and the
/// platform.
#[utoipa::path(
    get, path = "/admin/studyreel", tag = "Operator: StudyReel", operation_id = "readStudyReel", security(("apiKey" = ["manage"])),
    responses((status = 200, description = "What to register.", body = OwnerAnswer)),
)]
pub(crate) async fn read(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForSecrets>,
) -> Result<Json<OwnerAnswer>, Problem> {
    let mut reader = room.db.read().await?;
    let registered = registrations::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    drop(reader);
    let settings = &tool.settings.studyreel;
    let dialects = Dialect::ALL
        .into_iter()
        .filter(|dialect| dialect.name != STUDYREEL.name && access::takes(settings, dialect))
        .map(|dialect| (dialect.name, of_dialect(&room, &tool, dialect)))
        .collect();
    Ok(Json(OwnerAnswer {
        studyreel: of_dialect(&room, &tool, &STUDYREEL),
        dialects,
        provisioning: of_hook(&room, &tool),
        registrations: registered.into_iter().map(Into::into).collect(),
    }))
}

fn of_dialect(room: &StudyReel, tool: &Tool, dialect: &Dialect) -> DialectAnswer {
    let keys = &room.keys;
    let public_url = tool.address(&room.public_url);
    let launch_url = public_url.join(&format!("/{}/launch", dialect.name));
    let secret = |number: &u32| {
        let capability = keys.capability(dialect, &tool.id, *number);
        SecretAnswer {
            number: *number,
            capability_launch_url: format!("{launch_url}/{capability}"),
            signing_secret: keys.signing_secret(dialect, &tool.id, *number),
            header_secret: keys.header_secret(dialect, &tool.id, *number),
        }
    };
    let secrets: Vec<_> = tool.settings.studyreel.secrets.iter().map(secret).collect();
    let newest = secrets.last();
    DialectAnswer {
        capability_launch_url: newest.map(|newest| newest.capability_launch_url.clone()),
        signing_secret: newest.map(|newest| newest.signing_secret.clone()),
        header_secret: newest.map(|newest| newest.header_secret.clone()),
        launch_url,
        secrets,
    }
}

fn of_hook(room: &StudyReel, tool: &Tool) -> Option<HookSecretsAnswer> {
    let settings = &tool.settings.studyreel.provisioning;
    let url = settings.url.clone()?;
    let secret = |number: &u32| HookSecretAnswer {
        number: *number,
        secret: standard_webhooks::written(&room.keys.hook_secret(&tool.id, *number)),
    };
    let secrets: Vec<_> = settings.secrets.iter().map(secret).collect();
    Some(HookSecretsAnswer {
        secret: secrets.last().map(|newest| newest.secret.clone()),
        secrets,
        breaker: room.hook.report(&tool.id, &url),
        url,
    })
}
