//! `/admin/service-keys`: lists the places with service keys and their last use, and revokes the
//! keys of a place.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde::Serialize;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::Launches;
use super::service_places::KnownPlace;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::kit::clock::iso;
use crate::kit::id::is_id;
use crate::web::api_rule::ApiRule;
use crate::web::paging::{self, PageParameters};
use crate::web::problem::Problem;

const NO_SERVICE_KEY: ApiRule = ApiRule::new(
    "SERVICE_KEY_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no such id. GET /admin/service-keys lists them.",
);

/// A place whose services an application may use after a launch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ServiceKey)]
pub(crate) struct ServiceKeyAnswer {
    pub(crate) id: String,
    /// Id of the platform.
    pub(crate) platform: String,
    pub(crate) deployment: String,
    /// Id of the course.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<String>,
    /// Id of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource_link: Option<String>,
    /// The services that the keys give access to: `namesAndRoles`, `assignmentAndGrades`, `groups`.
    pub(crate) services: Vec<&'static str>,
    /// When a launch first came from there.
    #[schema(format = DateTime)]
    pub(crate) created_at: String,
    /// When the addresses of its services last changed.
    #[schema(format = DateTime)]
    pub(crate) changed_at: String,
    /// When one of its keys was last used, to the minute; absent if never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) last_used_at: Option<String>,
    /// Keys from launches up to this time are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) revoked_at: Option<String>,
}

impl From<KnownPlace> for ServiceKeyAnswer {
    fn from(KnownPlace { row, place }: KnownPlace) -> Self {
        let services = [
            ("namesAndRoles", place.memberships.is_some()),
            ("assignmentAndGrades", place.grades.is_some()),
            ("groups", place.groups.is_some()),
        ];
        let offered = services.into_iter().filter(|(_, offered)| *offered);
        Self {
            id: row.id,
            platform: row.platform_id,
            deployment: place.deployment_id,
            context: place.context_id,
            resource_link: place.resource_link_id,
            services: offered.map(|(name, _)| name).collect(),
            created_at: iso(row.created_at),
            changed_at: iso(row.changed_at),
            last_used_at: row.last_used_at.map(iso),
            revoked_at: row.revoked_at.map(iso),
        }
    }
}

/// A page of places.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceKeyList {
    pub(crate) service_keys: Vec<ServiceKeyAnswer>,
    /// `cursor` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}

struct ServiceKeyQuery {
    platform: Option<String>,
    after: String,
    limit: i64,
}

impl ServiceKeyQuery {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            platform: None,
            after: String::new(),
            limit: paging::PAGE_SIZE,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "platform" => asked.platform = Some(value.into_owned()),
                "cursor" if is_id(&value) => asked.after = value.into_owned(),
                "cursor" => return Err(paging::wrong("cursor", "must be a nextCursor")),
                "limit" => asked.limit = paging::limit(&value)?,
                name => return Err(paging::wrong(name, "is not one of platform, cursor, limit")),
            }
        }
        Ok(asked)
    }
}

/// Lists the places for which service keys were issued.
///
/// A place is a link in a course, or the course itself. Every launch from there issues a key for
/// it.
#[utoipa::path(
    get, path = "/admin/service-keys", tag = "Operator: tool", operation_id = "listServiceKeys",
    security(("apiKey" = ["manage", "read"])),
    params(
        ("platform" = Option<String>, Query, description = "Id of a platform: only its places."),
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of places, without the keys themselves.", body = ServiceKeyList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn list(
    State(launches): State<Launches>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    RawQuery(query): RawQuery,
) -> Result<Json<ServiceKeyList>, Problem> {
    let asked = ServiceKeyQuery::parse(&query.unwrap_or_default())?;
    let limit = asked.limit;
    let places = launches.places();
    let page = places.page(&tool.id, asked.platform, asked.after, limit + 1);
    let mut keys: Vec<ServiceKeyAnswer> = page.await?.into_iter().map(Into::into).collect();
    let is_last = i64::try_from(keys.len()).unwrap_or(i64::MAX) <= limit;
    keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = keys.last().map(|key| key.id.clone());
    Ok(Json(ServiceKeyList {
        next_cursor: last.filter(|_| !is_last),
        service_keys: keys,
    }))
}

/// Revokes the service keys of a place.
///
/// All keys issued for it so far are refused at once, on every replica. The next launch from there
/// issues a valid key.
#[utoipa::path(
    delete, path = "/admin/service-keys/{id}", tag = "Operator: tool", operation_id = "revokeServiceKey",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a place, as the list has it.")),
    responses(
        (status = 204, description = "Its keys are refused from now on."),
        (status = 404, description = "`SERVICE_KEY_NOT_FOUND`: the tool has no such place."),
    ),
)]
pub(crate) async fn revoke(
    State(launches): State<Launches>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if launches.places().revoke(&tool.id, &id).await? {
        tracing::info!(place_id = id, "service keys revoked");
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(NO_SERVICE_KEY.problem())
}
