//! Assignment and Grade Services with a gradebook in memory: each tool sees its own line items.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    platform::{Platform, State as PlatformState},
    services::{Paged, ServiceError, caller, require_type, typed},
    tool::Tool,
};
use crate::{people::Position, profiles::AGS_SCOPES};

const CONTAINER: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
const ITEM: &str = "application/vnd.ims.lis.v2.lineitem+json";
const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
const RESULTS: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
const MANAGE: &str = AGS_SCOPES[0];
const READ: &str = AGS_SCOPES[1];
const RESULT: &str = AGS_SCOPES[2];
const GRADE: &str = AGS_SCOPES[3];

/// A column of the gradebook.
#[derive(Clone, Debug, PartialEq)]
pub struct LineItem {
    /// Its number.
    pub id: u64,
    /// The tool it belongs to, by client id.
    pub tool: String,
    /// The course it is in.
    pub course: String,
    /// The resource link it belongs to, if any.
    pub link: Option<String>,
    /// Its maximum.
    pub score_maximum: f64,
    /// Every other member as the tool or the LMS wrote it: `label`, `resourceId`, `tag`, …
    pub members: Map<String, Value>,
    /// What was last saved for each student, by id.
    pub scores: BTreeMap<String, ScoreRecord>,
    /// Every score that was accepted, oldest first, as it came.
    pub received: Vec<Value>,
}

/// A student's grade in a line item.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRecord {
    /// The score on the line item's scale; none if the last message took it away.
    pub score: Option<f64>,
    /// The comment.
    pub comment: Option<String>,
    /// When it was saved, by this LMS's clock.
    pub saved: Timestamp,
}

#[derive(Default)]
pub(super) struct Gradebook {
    items: BTreeMap<u64, LineItem>,
    last: u64,
}

impl Gradebook {
    /// The line item of a resource link; made when first asked for.
    pub(super) fn of_link(&mut self, tool: &str, course: &str, link: &str, title: &str) -> u64 {
        let found = self.items.values().find(|item| {
            item.tool == tool
                && item.course == course
                && item.link.as_deref() == Some(link)
                && item.is_links_own()
        });
        if let Some(item) = found {
            return item.id;
        }
        let members = json!({ "label": title, "resourceId": "", "tag": "", "ltiLinkId": link });
        self.add(
            tool,
            course,
            Some(link.to_owned()),
            100.0,
            members.as_object().cloned().unwrap_or_default(),
        )
    }

    pub(super) fn add(
        &mut self,
        tool: &str,
        course: &str,
        link: Option<String>,
        score_maximum: f64,
        members: Map<String, Value>,
    ) -> u64 {
        self.last += 1;
        let item = LineItem {
            id: self.last,
            tool: tool.to_owned(),
            course: course.to_owned(),
            link,
            score_maximum,
            members,
            scores: BTreeMap::new(),
            received: Vec::new(),
        };
        self.items.insert(self.last, item);
        self.last
    }

    pub(super) fn of_tool(&self, tool: &str) -> Vec<LineItem> {
        self.items
            .values()
            .filter(|item| item.tool == tool)
            .cloned()
            .collect()
    }
}

impl LineItem {
    /// Whether it came with the link, not from the tool.
    fn is_links_own(&self) -> bool {
        self.members.contains_key("ltiLinkId")
    }

    fn json(&self, url: &str) -> Value {
        let mut json = Map::new();
        json.insert("id".to_owned(), json!(url));
        json.extend(self.members.clone());
        json.insert("scoreMaximum".to_owned(), number(self.score_maximum));
        if let Some(link) = &self.link {
            json.insert("resourceLinkId".to_owned(), json!(link));
        }
        Value::Object(json)
    }
}

/// 100, not 100.0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be whole and small"
)]
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}

fn find<'a>(
    state: &'a mut PlatformState,
    tool: &Tool,
    course: &str,
    id: u64,
) -> Result<&'a mut LineItem, ServiceError> {
    state
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

/// GET of a course's line items; `resource_link_id`, `resource_id`, `tag` and `limit` narrow it.
pub(super) async fn list(
    State(platform): State<Arc<Platform>>,
    Path(course): Path<String>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE, READ])?;
    let url = Url::parse(&platform.url(&uri.to_string()))
        .map_err(|_| ServiceError::bad("Bad address"))?;
    let filter = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let (link, resource, tag) = (
        filter("resource_link_id"),
        filter("resource_id"),
        filter("tag"),
    );
    let fits = |wanted: &Option<String>, own: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| own == Some(wanted))
    };
    let items = platform.state().gradebook.of_tool(&tool.client_id);
    let items = items
        .iter()
        .filter(|item| item.course == course && fits(&link, item.link.as_deref()))
        .filter(|item| {
            fits(
                &resource,
                item.members.get("resourceId").and_then(Value::as_str),
            )
        })
        .filter(|item| fits(&tag, item.members.get("tag").and_then(Value::as_str)))
        .map(|item| item.json(&platform.line_item_url(&tool, &course, item.id)))
        .collect();
    let page = Paged::cut(items, &url);
    let body = Value::Array(page.items.clone());
    Ok(page.respond(CONTAINER, &body))
}

/// POST of a new line item.
pub(super) async fn create(
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
    let mut state = platform.state();
    let known = state
        .course(&course)
        .map_err(|_| ServiceError::missing("Course", &course))?;
    if let Some(link) = &link
        && !known.links.iter().any(|own| own.id == *link)
    {
        return Err(ServiceError::missing("Resource link", link));
    }
    let id = state
        .gradebook
        .add(&tool.client_id, &course, link, maximum, members);
    let item =
        find(&mut state, &tool, &course, id)?.json(&platform.line_item_url(&tool, &course, id));
    Ok(typed(StatusCode::CREATED, ITEM, &item))
}

/// GET of one line item.
pub(super) async fn read(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE, READ])?;
    let item = find(&mut platform.state(), &tool, &course, id)?
        .json(&platform.line_item_url(&tool, &course, id));
    Ok(typed(StatusCode::OK, ITEM, &item))
}

/// PUT of one line item: what is not there goes.
pub(super) async fn replace(
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
    let mut state = platform.state();
    let item = find(&mut state, &tool, &course, id)?;
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

/// DELETE of one line item.
pub(super) async fn delete(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[MANAGE])?;
    let mut state = platform.state();
    find(&mut state, &tool, &course, id)?;
    state.gradebook.items.remove(&id);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// POST of a score.
pub(super) async fn score(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[GRADE])?;
    require_type(&headers, SCORE)?;
    let incorrect = || ServiceError::bad("Incorrect score received");
    let score: Value = serde_json::from_slice(&body).map_err(|_| incorrect())?;
    let text = |name: &str| {
        score[name]
            .as_str()
            .filter(|value| !value.is_empty())
            .ok_or_else(incorrect)
    };
    let (user, progress) = (text("userId")?, text("gradingProgress")?);
    text("activityProgress")?;
    let timestamp: Timestamp = text("timestamp")?.parse().map_err(|_| incorrect())?;
    let given = score["scoreGiven"].as_f64();
    let maximum = score["scoreMaximum"]
        .as_f64()
        .filter(|maximum| *maximum > 0.0);
    if given.is_some() && maximum.is_none() {
        return Err(incorrect());
    }
    let mut state = platform.state();
    if !state
        .person(user)
        .is_ok_and(|person| person.position == Position::Student)
    {
        return Err(incorrect());
    }
    let item = find(&mut state, &tool, &course, id)?;
    // Compared with the moment of the last saving, in whole seconds, not with the last score's own timestamp.
    if item
        .scores
        .get(user)
        .is_some_and(|last| timestamp.as_second() <= last.saved.as_second())
    {
        let reason =
            format!("Refusing score with an earlier timestamp for item {id} and user {user}");
        return Err(ServiceError(StatusCode::CONFLICT, reason));
    }
    let scaled = given
        .zip(maximum)
        .map(|(given, maximum)| (given / maximum).min(1.0) * item.score_maximum);
    let record = ScoreRecord {
        score: scaled.filter(|_| progress == "FullyGraded"),
        comment: score["comment"].as_str().map(str::to_owned),
        saved: platform.clock.now(),
    };
    item.scores.insert(user.to_owned(), record);
    item.received.push(score);
    Ok((StatusCode::OK, [(axum::http::header::CONTENT_TYPE, SCORE)]).into_response())
}

/// GET of a line item's results; `user_id` and `limit` narrow it.
pub(super) async fn results(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[RESULT])?;
    let url = Url::parse(&platform.url(&uri.to_string()))
        .map_err(|_| ServiceError::bad("Bad address"))?;
    let wanted = url
        .query_pairs()
        .find(|(key, _)| key == "user_id")
        .map(|(_, value)| value.into_owned());
    let of = platform.line_item_url(&tool, &course, id);
    let own = of.replace("/lineitem?", "/lineitem/results?");
    let mut state = platform.state();
    let item = find(&mut state, &tool, &course, id)?;
    let results = item
        .scores
        .iter()
        .filter(|(user, _)| wanted.as_ref().is_none_or(|wanted| wanted == *user))
        .filter_map(|(user, record)| {
            let mut result = json!({
                "id": format!("{own}&user_id={user}"),
                "userId": user,
                "resultScore": number(record.score?),
                "resultMaximum": number(item.score_maximum),
                "scoreOf": of,
                "timestamp": record.saved.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
            });
            if let Some(comment) = &record.comment {
                result["comment"] = json!(comment);
            }
            Some(result)
        })
        .collect();
    let page = Paged::cut(results, &url);
    let body = Value::Array(page.items.clone());
    Ok(page.respond(RESULTS, &body))
}
