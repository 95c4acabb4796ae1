//! Assignment and Grade Services: line items. Each tool sees its own.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

use super::services::{Asked, Cut, Paged, ServiceError, caller, require_type, typed};
use crate::{
    lms::state::{LineItem, Memory, Platform},
    tool::{AGS_SCOPES, Tool},
};

const CONTAINER: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
const ITEM: &str = "application/vnd.ims.lis.v2.lineitem+json";
const MANAGE: &str = AGS_SCOPES[0];
const READ: &str = AGS_SCOPES[1];

/// The tool's own line item with this number.
pub(crate) fn find<'a>(
    memory: &'a mut Memory,
    tool: &Tool,
    course: &str,
    id: u64,
) -> Result<&'a mut LineItem, ServiceError> {
    memory
        .gradebook
        .items
        .get_mut(&id)
        .filter(|item| item.tool == tool.client_id && item.course == course)
        .ok_or_else(|| ServiceError::missing("Grade item", id))
}

/// A line item as a tool sends it.
struct SentItem {
    maximum: f64,
    link: Option<String>,
    members: Map<String, Value>,
}

fn sent_item(body: &[u8]) -> Result<SentItem, ServiceError> {
    let mut members: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| ServiceError::bad("No JSON object"))?;
    let maximum = members
        .shift_remove("scoreMaximum")
        .as_ref()
        .and_then(Value::as_f64);
    let label = members
        .get("label")
        .and_then(Value::as_str)
        .is_some_and(|label| !label.trim().is_empty());
    let (true, Some(maximum)) = (label, maximum) else {
        return Err(ServiceError::bad("No label or Score Maximum"));
    };
    let link = members
        .shift_remove("resourceLinkId")
        .and_then(|link| link.as_str().map(str::to_owned));
    for own in ["id", "ltiLinkId"] {
        members.shift_remove(own);
    }
    Ok(SentItem {
        maximum,
        link,
        members,
    })
}

/// A line item as tools read it; some vendors change the spelling of names. Answers to a write
/// repeat what the tool wrote instead.
fn shown(platform: &Platform, tool: &Tool, course: &str, item: &LineItem) -> Value {
    let mut json = item.json(&platform.line_item_url(tool, course, item.id));
    if let (true, Some(members)) = (
        platform.profile.services.lists.encodes_names,
        json.as_object_mut(),
    ) {
        for name in ["resourceId", "tag"] {
            let kept = members.get(name).and_then(Value::as_str).map(encoded);
            match kept.filter(|kept| kept.len() > 1) {
                Some(kept) => members.insert(name.to_owned(), kept.into()),
                None => members.shift_remove(name),
            };
        }
    }
    json
}

/// A name as stored by Sakai, which joins several of them with bars.
fn encoded(name: &str) -> String {
    let kept = name.replace('|', "");
    let kept = kept.trim_matches(|c: char| c <= ' ');
    url::form_urlencoded::byte_serialize(kept.as_bytes()).collect()
}

/// Handles GET of a course's line items, filtered by `resource_link_id`, `resource_id`, `tag` and
/// `limit`.
pub(crate) async fn list(
    State(platform): State<Arc<Platform>>,
    Path(course): Path<String>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE, READ])?;
    let asked = Asked::at(&platform, &uri)?;
    let lists = platform.profile.services.lists;
    let link = asked.value("resource_link_id").filter(|_| !lists.whole);
    let (resource, tag) = (asked.value("resource_id"), asked.value("tag"));
    let fits = |wanted: &Option<String>, own: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| own == Some(wanted))
    };
    let items = platform.memory().gradebook.of_tool(&tool.client_id);
    let items = items
        .iter()
        .filter(|item| item.course == course && fits(&link, item.link.as_deref()))
        .map(|item| shown(&platform, &tool, &course, item))
        .filter(|item| {
            fits(&resource, item["resourceId"].as_str()) && fits(&tag, item["tag"].as_str())
        })
        .collect();
    let cut = Cut {
        curly: lists.curly_links,
        whole: lists.whole,
        ..Cut::PLAIN
    };
    Ok(Paged::cut(items, &asked, cut).respond(CONTAINER, |items| items))
}

/// Handles POST of a new line item.
pub(crate) async fn create(
    State(platform): State<Arc<Platform>>,
    Path(course): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE])?;
    require_type(&headers, ITEM)?;
    let SentItem {
        maximum,
        link,
        members,
    } = sent_item(&body)?;
    let mut memory = platform.memory();
    let known = memory
        .course(&course)
        .map_err(|_| ServiceError::missing("Course", &course))?;
    if let Some(link) = &link
        && !known.links.iter().any(|own| own.id == *link)
    {
        return Err(ServiceError::missing("Resource link", link));
    }
    let is_taken_over = platform.profile.services.lists.one_column_per_label;
    let column = memory.gradebook.labelled(&course, members.get("label"));
    let id = match column.filter(|_| is_taken_over) {
        Some(column) => {
            column.tool.clone_from(&tool.client_id);
            (column.link, column.score_maximum, column.members) = (link, maximum, members);
            column.id
        }
        None => memory
            .gradebook
            .add(&tool.client_id, &course, link, maximum, members),
    };
    let item =
        find(&mut memory, &tool, &course, id)?.json(&platform.line_item_url(&tool, &course, id));
    Ok(typed(StatusCode::CREATED, ITEM, &item))
}

/// Handles GET of one line item.
pub(crate) async fn read(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE, READ])?;
    let item = find(&mut platform.memory(), &tool, &course, id)?.clone();
    let item = shown(&platform, &tool, &course, &item);
    Ok(typed(StatusCode::OK, ITEM, &item))
}

/// Handles PUT of one line item: omitted members are removed.
pub(crate) async fn replace(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE])?;
    require_type(&headers, ITEM)?;
    let SentItem {
        maximum,
        link,
        mut members,
    } = sent_item(&body)?;
    let mut memory = platform.memory();
    let item = find(&mut memory, &tool, &course, id)?;
    if let Some(own) = item.members.get("ltiLinkId") {
        members.insert("ltiLinkId".to_owned(), own.clone());
    } else {
        item.link = link;
    }
    item.members = members;
    item.score_maximum = maximum;
    Ok(typed(
        StatusCode::OK,
        ITEM,
        &item.json(&platform.line_item_url(&tool, &course, id)),
    ))
}

/// Handles DELETE of one line item.
pub(crate) async fn delete(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE])?;
    let mut memory = platform.memory();
    find(&mut memory, &tool, &course, id)?;
    memory.gradebook.items.remove(&id);
    Ok(StatusCode::NO_CONTENT.into_response())
}
