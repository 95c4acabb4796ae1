//! `GET /api/memberships`: who is in a course (ltiaas-api.md §2.4, lti.md F.3).

mod answer;
mod page;
pub(crate) mod sync;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use lti::claims::scope::MEMBERSHIP_READONLY;
use lti::nrps::{CONTAINER, Filter};
use tokio::time::timeout;
use url::Url;

use super::INACTIVE;
use super::call::Call;
use super::pages::{ListQuery, PageLinks, PagedList, once_decoded};
use super::platform_client::{PlatformClient, links};
use crate::kit::media_type::JSON;
use crate::launch::{NOT_AVAILABLE, ServicePlace, WithServices};
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;
use answer::{Head, Members};
use page::RosterPage;

const TOO_SLOW: ApiRule = ApiRule::new(
    "ROSTER_TOO_SLOW",
    StatusCode::BAD_GATEWAY,
    "The platform took too long for all pages of members. Nothing was changed. Try again when it is less busy.",
);

/// Lists the members of the course.
///
/// Returns one page of the platform's list, which may be the whole list. A large page is passed on
/// while it arrives: if it breaks off, so does the answer. `role` is also applied here, because
/// some platforms ignore it or lose it on the next page.
#[utoipa::path(
    get, path = "/api/memberships", tag = "Application: services", operation_id = "listMemberships",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(
        ("role" = Option<String>, Query, description = "Only members with this role: a short name such as `Learner`, or a URI."),
        ("limit" = Option<u32>, Query, minimum = 1, description = "Members on a page. A wish: platforms may send fewer, or ignore it."),
        ("resourceLinkId" = Option<String>, Query, description = "Only members who can open this link; `true` means the link of the launch."),
        ("url" = Option<String>, Query, description = "A page, as `next` of the page before has it. No other parameter counts beside it."),
    ),
    responses(
        (status = 200, description = "A page of members.", body = Members),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter has a wrong value; the description names it.\n`ADDRESS_NOT_OF_THE_PLATFORM`: `url` is no page of this list."),
        (status = 502, description = "`LIST_CUT_OFF`: `url` stands for a next page that can't be asked for, so the list can't be read to its end.\n`ROSTER_TOO_SLOW`: the platform sends the page too slowly."),
    ),
)]
pub(crate) async fn list(
    State(client): State<PlatformClient>,
    services: WithServices,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (place, memberships) = (&services.place, memberships(&services)?);
    let pages = PagedList::new(&client, place, Some(memberships));
    let asked = ListQuery::parse(query.as_deref(), &pages)?;
    let role = asked.value(&["role"]).map(role);
    let url = match asked.page() {
        Some(page) => page.clone(),
        None => address(memberships, place, &asked, role.as_deref())?,
    };
    let call = Call::get(&url, MEMBERSHIP_READONLY, CONTAINER);
    let reading = async {
        let answer = client.open(&services.platform, &call).await?;
        let links = links(&url, &answer.headers);
        let links = PageLinks::new(&pages, &url, links, &[("role", role.as_deref())]);
        let head = Head {
            url: url.as_str().to_owned(),
            context_id: place.context_id.clone(),
            next: links.next,
            differences: links.differences,
        };
        let page = RosterPage::new(answer, role.as_deref(), head);
        page.body(&call).await
    };
    let body = timeout(client.patience, reading).await;
    let body = body.map_err(|_| TOO_SLOW.problem())??;
    Ok(([(CONTENT_TYPE, JSON)], body).into_response())
}

/// The address of the place's member list.
///
/// # Errors
/// 403: the tool has disabled the service, or the platform doesn't offer it here.
fn memberships(services: &WithServices) -> Result<&str, Problem> {
    if !services.tool.settings.services.names_and_roles {
        return Err(INACTIVE.problem());
    }
    let offered = services.place.memberships.as_deref();
    offered.ok_or_else(|| {
        NOT_AVAILABLE.saying("The platform offers no names and roles for this course.")
    })
}

fn address(
    memberships: &str,
    place: &ServicePlace,
    asked: &ListQuery,
    role: Option<&str>,
) -> Result<Url, Problem> {
    let filter = Filter {
        role,
        limit: asked.limit()?,
        resource_link: asked.resource_link(place),
    };
    let memberships = Url::parse(memberships).map_err(Problem::internal)?;
    Ok(filter.apply(&memberships))
}

/// Clients encode roles once or twice (ltiaas-api.md §2.4).
fn role(value: &str) -> String {
    let upper = value.to_ascii_uppercase();
    if upper.contains("%3A") || upper.contains("%23") {
        return once_decoded(value);
    }
    value.to_owned()
}
