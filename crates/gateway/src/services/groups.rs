//! `/api/groups`: the groups of a course, and the sets they are in (lti.md F.4).

use axum::Json;
use axum::extract::{RawQuery, State};
use lti::claims::scope::CONTEXT_GROUP_READONLY;
use lti::groups::{self, GROUP_CONTAINER, GroupFilter, SET_CONTAINER};
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use super::INACTIVE;
use super::call::Call;
use super::pages::{ListQuery, PageLinks, PagedList};
use super::platform_client::{PlatformClient, links};
use super::platform_problem::PlatformProblem;
use crate::launch::{GroupAddresses, NOT_AVAILABLE, WithServices};
use crate::web::problem::Problem;

/// A page of groups.
#[derive(Serialize, ToSchema)]
pub(crate) struct GroupList {
    groups: Vec<GroupAnswer>,
    /// The next page; pass it as `url`. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A page of sets.
#[derive(Serialize, ToSchema)]
pub(crate) struct GroupSetList {
    sets: Vec<GroupAnswer>,
    /// The next page; pass it as `url`. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A group, or a set of groups. Vendor members pass through.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Group)]
pub(crate) struct GroupAnswer {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The set that a group belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_id: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl From<Map<String, Value>> for GroupAnswer {
    fn from(mut group: Map<String, Value>) -> Self {
        let mut text = |name: &str| match group.shift_remove(name)? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Self {
            id: text("id").unwrap_or_default(),
            name: text("name"),
            set_id: text("set_id"),
            more: group,
        }
    }
}

fn offered(services: &WithServices) -> Result<&GroupAddresses, Problem> {
    if !services.tool.settings.services.groups {
        return Err(INACTIVE.problem());
    }
    let offered = services.place.groups.as_ref();
    offered.ok_or_else(|| NOT_AVAILABLE.saying("The platform offers no groups for this course."))
}

/// Lists the groups of the course.
#[utoipa::path(
    get, path = "/api/groups", tag = "Application: services", operation_id = "listGroups",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(
        ("userId" = Option<String>, Query, description = "Only groups that this person is in. A wish: platforms may ignore it."),
        ("limit" = Option<u32>, Query, minimum = 1, description = "Groups on a page. A wish as well."),
        ("url" = Option<String>, Query, description = "A page, as `next` of the page before has it. No other parameter counts beside it."),
    ),
    responses(
        (status = 200, description = "A page of groups.", body = GroupList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter has a wrong value; the description names it.\n`ADDRESS_NOT_OF_THE_PLATFORM`: `url` is no page of this list."),
        (status = 502, description = "`LIST_CUT_OFF`: `url` stands for a next page that can't be asked for, so the list can't be read to its end."),
    ),
)]
pub(crate) async fn list(
    State(client): State<PlatformClient>,
    services: WithServices,
    RawQuery(query): RawQuery,
) -> Result<Json<GroupList>, Problem> {
    let address = &offered(&services)?.groups;
    let of = (address.as_str(), GROUP_CONTAINER, "groups");
    let (groups, next) = page(&client, &services, query.as_deref(), of).await?;
    Ok(Json(GroupList { groups, next }))
}

/// Lists the sets that the groups of the course belong to.
#[utoipa::path(
    get, path = "/api/groups/sets", tag = "Application: services", operation_id = "listGroupSets",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(
        ("limit" = Option<u32>, Query, minimum = 1, description = "Sets on a page. A wish: platforms may ignore it."),
        ("url" = Option<String>, Query, description = "A page, as `next` of the page before has it. No other parameter counts beside it."),
    ),
    responses(
        (status = 200, description = "A page of sets.", body = GroupSetList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter has a wrong value; the description names it.\n`ADDRESS_NOT_OF_THE_PLATFORM`: `url` is no page of this list."),
        (status = 502, description = "`LIST_CUT_OFF`: `url` stands for a next page that can't be asked for, so the list can't be read to its end."),
    ),
)]
pub(crate) async fn sets(
    State(client): State<PlatformClient>,
    services: WithServices,
    RawQuery(query): RawQuery,
) -> Result<Json<GroupSetList>, Problem> {
    let address = offered(&services)?.sets.as_deref();
    let address =
        address.ok_or_else(|| NOT_AVAILABLE.saying("The platform has no sets of groups."))?;
    let of = (address, SET_CONTAINER, "sets");
    let (sets, next) = page(&client, &services, query.as_deref(), of).await?;
    Ok(Json(GroupSetList { sets, next }))
}

async fn page(
    client: &PlatformClient,
    services: &WithServices,
    query: Option<&str>,
    (address, accept, member): (&str, &'static str, &str),
) -> Result<(Vec<GroupAnswer>, Option<String>), Problem> {
    let pages = PagedList::new(client, &services.place, Some(address));
    let asked = ListQuery::parse(query, &pages)?;
    let url = match asked.page() {
        Some(page) => page.clone(),
        None => {
            let filter = GroupFilter {
                user_id: asked.value(&["userId"]),
                limit: asked.limit()?,
            };
            filter.apply(&Url::parse(address).map_err(Problem::internal)?)
        }
    };
    let call = Call::get(&url, CONTEXT_GROUP_READONLY, accept);
    let answer = client.send(&services.platform, &call).await?;
    let found = groups::read(&answer.body, member);
    let found = found.map_err(|_| PlatformProblem::of(&call).unreadable(&answer.body))?;
    let next = PageLinks::new(&pages, &url, links(&url, &answer.headers), &[]).next;
    Ok((found.into_iter().map(Into::into).collect(), next))
}
