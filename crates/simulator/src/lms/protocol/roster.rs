//! Names and Role Provisioning Services: who is in a course.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::services::{Asked, Cut, Paged, ServiceError, caller};
use crate::{
    lms::state::{Differences, Platform},
    people::{Person, Position},
    tool::{NRPS_SCOPE, Tool},
};

const MEMBERSHIPS: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";

/// Handles GET of a course's members, filtered by `role`, `limit` and `from`. `since` omits those
/// who haven't changed.
pub(crate) async fn memberships(
    State(platform): State<Arc<Platform>>,
    Path((course, _binding)): Path<(String, String)>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[NRPS_SCOPE])?;
    let asked = Asked::at(&platform, &uri)?;
    let wanted = asked.value("role");
    let mut memory = platform.memory();
    let memory = &mut *memory;
    let course = memory
        .course(&course)
        .map_err(|_| ServiceError::missing("Course", &course))?
        .clone();
    let members: Vec<Member> = memory
        .people
        .iter()
        .filter(|person| person.position != Position::Administrator)
        .filter(|person| !memory.gradebook.outside.contains(&person.id))
        .filter(|person| {
            wanted
                .as_deref()
                .is_none_or(|wanted| wanted.rsplit('#').next() == Some(short_role(person)))
        })
        .map(|person| member(person, &tool))
        .collect();
    let id = platform.memberships_url(&tool, &course.id);
    let context = CourseContext {
        id: &course.id,
        label: &course.label,
        title: &course.title,
    };
    let style = platform.profile.services.lists;
    let cut = Cut {
        at_most: style.members_at_most,
        loses: style.loses_role.then_some("role"),
        ..Cut::PLAIN
    };
    if !memory.differences.is_offered() {
        let page = Paged::cut(members, &asked, cut);
        return Ok(page.respond(MEMBERSHIPS, |members| Container {
            id,
            context,
            members,
        }));
    }
    let all: Vec<Value> = members.iter().map(|member| json!(member)).collect();
    let now = platform.clock.seconds();
    let page = differing(&mut memory.differences, all, &asked, cut, now)?;
    Ok(page.respond(MEMBERSHIPS, |members| Container {
        id,
        context,
        members,
    }))
}

/// A page of the differences from the roster identified by `since`, or of the whole roster without
/// `since`. The last page links to the differences from this one.
fn differing(
    differences: &mut Differences,
    all: Vec<Value>,
    asked: &Asked,
    cut: Cut,
    now: i64,
) -> Result<Paged<Value>, ServiceError> {
    let since = asked.value("since");
    let listed = match &since {
        Some(since) => differences.since(since, &all, now),
        None => Some(all.clone()),
    };
    let listed =
        listed.ok_or_else(|| ServiceError::missing("Roster", since.unwrap_or_default()))?;
    let page = Paged::cut(listed, asked, cut);
    if !page.is_last {
        return Ok(page);
    }
    let since = differences.remember(all, now);
    Ok(page.linked(&asked.with("since", &since), "differences"))
}

#[derive(Serialize)]
struct Container<'a, M> {
    id: String,
    context: CourseContext<'a>,
    members: Vec<M>,
}

#[derive(Serialize)]
struct CourseContext<'a> {
    id: &'a str,
    label: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct Member<'a> {
    status: &'static str,
    roles: [&'static str; 1],
    user_id: &'a str,
    lis_person_sourcedid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext_user_username: Option<&'a str>,
}

fn short_role(person: &Person) -> &'static str {
    match person.position {
        Position::Student => "Learner",
        Position::Teacher | Position::Administrator => "Instructor",
    }
}

/// A person's data, as far as the tool may have it.
fn member<'a>(person: &'a Person, tool: &Tool) -> Member<'a> {
    let names = tool.facts.names;
    Member {
        status: "Active",
        roles: [short_role(person)],
        user_id: &person.id,
        lis_person_sourcedid: &person.sourcedid,
        name: names.then(|| person.name()),
        given_name: names.then_some(&person.given_name),
        family_name: names.then_some(&person.family_name),
        email: tool.facts.email.then_some(&person.email),
        ext_user_username: names.then_some(&person.username),
    }
}
