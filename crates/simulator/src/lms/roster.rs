//! Names and Role Provisioning Services: who is in a course.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::{Value, json};
use url::Url;

use super::{
    platform::Platform,
    services::{Paged, ServiceError, caller},
    tool::Tool,
};
use crate::{
    people::{Person, Position},
    profiles::NRPS_SCOPE,
};

const MEMBERSHIPS: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";

/// GET of a course's members; `role`, `limit` and `from` narrow it.
pub(super) async fn memberships(
    State(platform): State<Arc<Platform>>,
    Path((course, _binding)): Path<(String, String)>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[NRPS_SCOPE])?;
    let url = Url::parse(&platform.url(&uri.to_string()))
        .map_err(|_| ServiceError::bad("Bad address"))?;
    let wanted = url
        .query_pairs()
        .find(|(name, _)| name == "role")
        .map(|(_, role)| role.into_owned());
    let state = platform.state();
    let course = state
        .course(&course)
        .map_err(|_| ServiceError::missing("Course", &course))?;
    let members: Vec<Value> = state
        .people
        .iter()
        .filter(|person| person.position != Position::Administrator)
        .filter(|person| {
            wanted
                .as_deref()
                .is_none_or(|wanted| wanted.rsplit('#').next() == Some(short_role(person)))
        })
        .map(|person| member(person, &tool))
        .collect();
    let page = Paged::cut(members, &url);
    let body = json!({
        "id": platform.memberships_url(&tool, &course.id),
        "context": { "id": course.id, "label": course.label, "title": course.title },
        "members": page.items,
    });
    Ok(page.respond(MEMBERSHIPS, &body))
}

fn short_role(person: &Person) -> &'static str {
    match person.position {
        Position::Student => "Learner",
        Position::Teacher | Position::Administrator => "Instructor",
    }
}

fn member(person: &Person, tool: &Tool) -> Value {
    let mut member = json!({
        "status": "Active",
        "roles": [short_role(person)],
        "user_id": person.id,
        "lis_person_sourcedid": person.sourcedid,
    });
    if tool.facts.names {
        member["name"] = json!(person.name());
        member["given_name"] = json!(person.given_name);
        member["family_name"] = json!(person.family_name);
    }
    if tool.facts.email {
        member["email"] = json!(person.email);
    }
    if tool.facts.names {
        member["ext_user_username"] = json!(person.username);
    }
    member
}
