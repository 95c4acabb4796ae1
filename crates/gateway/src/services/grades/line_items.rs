//! `/api/lineitems`: the columns of the gradebook.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use lti::ags::{
    LINE_ITEM as ITEM, LINE_ITEM_CONTAINER, LineItem, LineItemFilter, NewLineItem, Spelling,
};
use lti::claims::scope::LINE_ITEM;
use lti::paging::Links;
use serde_json::Value;
use url::Url;

use super::answer::{LineItemAnswer, LineItemList, NewLineItemSchema};
use super::named::NamedLineItem;
use super::{invalid, line_item, offered, put_line_item, vendor};
use crate::launch::reservations::Course;
use crate::launch::{GradeAddresses, Launches, NOT_AVAILABLE, WithServices};
use crate::services::call::Call;
use crate::services::list_pages::ListPages;
use crate::services::pages::{ListQuery, PageLinks, PagedList};
use crate::services::platform_client::{PlatformClient, links, list as list_of};
use crate::web::json::json_object;
use crate::web::problem::{METHOD_NOT_ALLOWED, Problem};

/// Lists the line items of the course.
///
/// Returns one page of the platform's list: the first that has a matching line item. Filters are
/// also applied here, because some platforms ignore them. If no match is found within 20 pages or
/// 20 seconds, the page is empty and has a `next`: follow it before you conclude that there is no
/// such line item.
#[utoipa::path(
    get, path = "/api/lineitems", tag = "Application: services", operation_id = "listLineItems",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(
        ("resourceLinkId" = Option<String>, Query, description = "Only those of this link; `true` means the link of the launch."),
        ("resourceId" = Option<String>, Query, description = "Only those with your id of what is graded."),
        ("tag" = Option<String>, Query, description = "Only those with your tag."),
        ("id" = Option<String>, Query, description = "Only the one with this id."),
        ("label" = Option<String>, Query, description = "Only those with this heading."),
        ("limit" = Option<u32>, Query, minimum = 1, description = "Line items on a page. A wish: platforms may send fewer, or ignore it."),
        ("url" = Option<String>, Query, description = "A page, as `next` of the page before has it. No other parameter counts beside it."),
    ),
    responses(
        (status = 200, description = "A page of line items.", body = LineItemList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter has a wrong value; the description names it.\n`ADDRESS_NOT_OF_THE_PLATFORM`: `url` is no page of this list."),
        (status = 502, description = "`LIST_CUT_OFF`: `url` stands for a next page that can't be asked for, so the list can't be read to its end."),
    ),
)]
pub(crate) async fn list(
    State(client): State<PlatformClient>,
    State(launches): State<Launches>,
    services: WithServices,
    RawQuery(query): RawQuery,
) -> Result<Json<LineItemList>, Problem> {
    let asked = ListQuery::parse(query.as_deref(), &paged(&client, &services)?)?;
    let (id, label) = (asked.value(&["id"]), asked.value(&["label"]));
    let limit = asked.limit()?;
    // Platforms don't know these two filters, so their page limit would count the wrong items
    // (ltiaas-api.md §2.5).
    let counts_here = id.is_some() || label.is_some();
    let wanted = WantedLineItems {
        filter: LineItemFilter {
            resource_link_id: asked.resource_link(&services.place),
            resource_id: asked.value(&["resourceId"]),
            tag: asked.value(&["tag"]),
            limit: limit.filter(|_| !counts_here),
            spelling: vendor(&services.platform).spelling(),
        },
        id,
        label,
    };
    let page = asked.page();
    let (mut items, links) = of_platform(&client, &launches, &services, page, &wanted).await?;
    items.retain(|item| wanted.admits(item));
    if let Some(limit) = limit.filter(|_| counts_here) {
        items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let items = items.into_iter().map(|item| wanted.filter.named(item));
    Ok(Json(LineItemList {
        line_items: items
            .map(|item| LineItemAnswer(item.into_members()))
            .collect(),
        pages: links.into(),
    }))
}

/// The place's list.
fn paged<'a>(
    client: &'a PlatformClient,
    services: &'a WithServices,
) -> Result<PagedList<'a>, Problem> {
    let begins = offered(services)?.line_items.as_deref();
    Ok(PagedList::new(client, &services.place, begins))
}

/// Which line items a request for the list asks for.
struct WantedLineItems<'a> {
    filter: LineItemFilter<'a>,
    id: Option<&'a str>,
    label: Option<&'a str>,
}

impl<'a> WantedLineItems<'a> {
    /// Whether a line item matches: some platforms ignore filters.
    fn admits(&self, item: &LineItem) -> bool {
        self.filter.admits(item)
            && self.id.is_none_or(|id| item.id() == id)
            && self
                .label
                .is_none_or(|label| item.text("label") == Some(label))
    }

    /// The filters, named as our own parameters.
    const fn narrowing(&self) -> [(&'static str, Option<&'a str>); 5] {
        [
            ("resourceLinkId", self.filter.resource_link_id),
            ("resourceId", self.filter.resource_id),
            ("tag", self.filter.tag),
            ("id", self.id),
            ("label", self.label),
        ]
    }

    /// Whether a page is worth returning. A page without a match looks as if there were none at
    /// all, and the application would create a second line item.
    fn are_among(&self, items: &[LineItem]) -> bool {
        let mut narrowing = self.narrowing().into_iter();
        narrowing.all(|(_, value)| value.is_none()) || items.iter().any(|item| self.admits(item))
    }
}

/// The platform's list: the first page with a match, or the single line item of a launch that
/// offers no list. The filters are passed on to the other pages.
async fn of_platform(
    client: &PlatformClient,
    launches: &Launches,
    services: &WithServices,
    page: Option<&Url>,
    wanted: &WantedLineItems<'_>,
) -> Result<(Vec<LineItem>, PageLinks), Problem> {
    let (grades, list) = (offered(services)?, paged(client, services)?);
    let scope = grades.reading()?;
    let first = match (page, &grades.line_items, &grades.line_item) {
        (None, None, Some(only)) => {
            let url = Url::parse(only).map_err(Problem::internal)?;
            let call = Call::get(&url, scope, ITEM);
            let items = vec![line_item(
                &call,
                &client.send(&services.platform, &call).await?,
            )?];
            place_handles(launches, services, &items).await;
            return Ok((items, PageLinks::new(&list, &url, Links::default(), &[])));
        }
        (Some(page), ..) => page.clone(),
        (None, ..) => wanted.filter.apply(&container(grades)?),
    };
    let mut pages = ListPages::for_one_answer(first, client.paging);
    loop {
        let url = pages.url().clone();
        let call = Call::get(&url, scope, LINE_ITEM_CONTAINER);
        let answer = client.send(&services.platform, &call).await?;
        let found = list_of(&call, &answer, &["lineItems", "lineitems"])?;
        let items: Vec<LineItem> = found.into_iter().filter_map(LineItem::read).collect();
        place_handles(launches, services, &items).await;
        let links = links(&url, &answer.headers);
        // If the next page can't be requested, its link says so.
        if wanted.are_among(&items) || pages.turn(&links) != Ok(true) {
            return Ok((
                items,
                PageLinks::new(&list, &url, links, &wanted.narrowing()),
            ));
        }
    }
}

/// A line item whose `resourceId` is a handle shows that the content has arrived (services.md
/// SV-4).
async fn place_handles(launches: &Launches, services: &WithServices, items: &[LineItem]) {
    let spelling = vendor(&services.platform).spelling();
    let items = items.iter().flat_map(|item| {
        let handles = handles_of(item, spelling).into_iter();
        handles.map(move |handle| (handle, item.id().to_owned()))
    });
    let items: Vec<(String, String)> = items.collect();
    let course = Course::at(&services.tool.id, &services.place);
    launches.reservations().listed(&course, &items).await;
}

/// The handles that a line item may have, in either spelling.
fn handles_of(item: &LineItem, spelling: Spelling) -> Vec<String> {
    let found = item.text("resourceId").filter(|found| !found.is_empty());
    let written = found.and_then(|found| spelling.maybe_written(found));
    found
        .map(str::to_owned)
        .into_iter()
        .chain(written)
        .collect()
}

/// A request to remove or replace an item's scores must not remove or replace the item, and every
/// grade with it.
fn no_scores(named: &NamedLineItem) -> Result<(), Problem> {
    if !named.is_scores && !named.is_handle {
        return Ok(());
    }
    Err(METHOD_NOT_ALLOWED.saying(
        "Scores can be read and posted, and a handle put. To remove or replace the line item itself, leave out what stands \
         behind its id.",
    ))
}

fn container(grades: &GradeAddresses) -> Result<Url, Problem> {
    let address = grades.line_items.as_deref();
    let address = address.ok_or_else(|| {
        NOT_AVAILABLE
            .saying("The platform ties this launch to one line item, and offers no list of them.")
    })?;
    Url::parse(address).map_err(Problem::internal)
}

fn answer(status: StatusCode, item: LineItem) -> Response {
    (status, Json(LineItemAnswer(item.into_members()))).into_response()
}

/// Creates a line item.
#[utoipa::path(
    post, path = "/api/lineitems", tag = "Application: services", operation_id = "createLineItem",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    request_body(content = NewLineItemSchema, content_type = "application/json"),
    responses((status = 201, description = "The line item, with the id that the platform gave it.", body = LineItemAnswer)),
)]
pub(crate) async fn create(
    State(client): State<PlatformClient>,
    State(launches): State<Launches>,
    services: WithServices,
    body: Bytes,
) -> Result<Response, Problem> {
    let grades = offered(&services)?;
    let (url, item) = (container(grades)?, new_item(&body)?);
    let call = Call {
        method: Method::POST,
        body: Some((ITEM, item.to_body())),
        ..Call::get(&url, grades.scope(&[LINE_ITEM])?, ITEM)
    };
    let created = line_item(&call, &client.send(&services.platform, &call).await?)?;
    let known = launches.line_items();
    known.used(&services.platform.id, created.id()).await;
    Ok(answer(StatusCode::CREATED, created))
}

fn new_item(body: &Bytes) -> Result<NewLineItem, Problem> {
    let members = json_object(body)?;
    NewLineItem::read(Value::Object(members)).map_err(invalid)
}

/// Reads a line item.
#[utoipa::path(
    get, path = "/api/lineitems/{id}", tag = "Application: services", operation_id = "readLineItem",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(("id" = String, Path, description = "Id of a line item, percent-encoded.")),
    responses(
        (status = 200, description = "The line item.", body = LineItemAnswer),
        (status = 400, description = "`INVALID_LINEITEM_ID`: the id is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id is no line item of this place."),
    ),
)]
pub(crate) async fn read(
    client: &PlatformClient,
    services: &WithServices,
    named: &NamedLineItem,
) -> Result<Response, Problem> {
    let url = named.url(services)?;
    let call = Call::get(&url, offered(services)?.reading()?, ITEM);
    let item = line_item(&call, &client.send(&services.platform, &call).await?)?;
    Ok(answer(StatusCode::OK, item))
}

/// Replaces a line item.
///
/// Omitted members are removed, so read it first and send back all of it.
#[utoipa::path(
    put, path = "/api/lineitems/{id}", tag = "Application: services", operation_id = "replaceLineItem",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    params(("id" = String, Path, description = "Id of a line item, percent-encoded.")),
    request_body(content = NewLineItemSchema, content_type = "application/json"),
    responses(
        (status = 201, description = "The line item.", body = LineItemAnswer),
        (status = 400, description = "`INVALID_LINEITEM_ID`: the id is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id is no line item of this place."),
    ),
)]
pub(crate) async fn replace(
    State(client): State<PlatformClient>,
    State(launches): State<Launches>,
    services: WithServices,
    named: NamedLineItem,
    body: Bytes,
) -> Result<Response, Problem> {
    offered(&services)?;
    no_scores(&named)?;
    let (url, item) = (named.url(&services)?, new_item(&body)?);
    let mut replaced = put_line_item(&client, &services, &url, &item).await?;
    let known = launches.line_items();
    known.used(&services.platform.id, url.as_str()).await;
    if replaced.body.trim_ascii().is_empty() {
        // Some platforms answer 204: then it is as sent.
        replaced.body = item.to_body();
    }
    let replaced = line_item(&Call::get(&url, LINE_ITEM, ITEM), &replaced)?;
    Ok(answer(StatusCode::CREATED, replaced))
}

/// Deletes a line item, with all its grades.
#[utoipa::path(
    delete, path = "/api/lineitems/{id}", tag = "Application: services", operation_id = "deleteLineItem",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    params(("id" = String, Path, description = "Id of a line item, percent-encoded.")),
    responses(
        (status = 204, description = "It is deleted."),
        (status = 400, description = "`INVALID_LINEITEM_ID`: the id is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id is no line item of this place."),
    ),
)]
pub(crate) async fn delete(
    State(client): State<PlatformClient>,
    State(launches): State<Launches>,
    services: WithServices,
    named: NamedLineItem,
) -> Result<StatusCode, Problem> {
    let grades = offered(&services)?;
    no_scores(&named)?;
    let url = named.url(&services)?;
    let call = Call {
        method: Method::DELETE,
        ..Call::get(&url, grades.scope(&[LINE_ITEM])?, "*/*")
    };
    client.send(&services.platform, &call).await?;
    let known = launches.line_items();
    known.deleted(&services.platform.id, url.as_str()).await;
    let course = Course::at(&services.tool.id, &services.place);
    let handles = launches.reservations();
    handles.line_item_deleted(&course, &url).await;
    Ok(StatusCode::NO_CONTENT)
}
