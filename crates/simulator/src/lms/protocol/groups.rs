//! Course Groups: two lab groups in one set, to which the students are assigned in turn.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::{Value, json};

use super::services::{Asked, Cut, Paged, ServiceError, caller};
use crate::{lms::state::Platform, people::Position, tool::GROUPS_SCOPE};

const GROUPS: &str = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json";
const SETS: &str = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json";

/// Handles GET of a course's groups, filtered by `user_id`, `limit` and `from`.
pub(crate) async fn groups(
    State(platform): State<Arc<Platform>>,
    Path(course): Path<String>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    caller(&platform, &headers, &[GROUPS_SCOPE])?;
    let asked = Asked::at(&platform, &uri)?;
    let memory = platform.memory();
    memory
        .course(&course)
        .map_err(|_| ServiceError::missing("Course", &course))?;
    let wanted = asked.value("user_id");
    let students = memory.people.iter();
    let mut students = students.filter(|person| person.position == Position::Student);
    let turn = wanted.map(|user| {
        students
            .position(|person| person.id == user)
            .map(|at| at % 2)
    });
    let all = [("lab-a", "Lab A"), ("lab-b", "Lab B")]
        .into_iter()
        .enumerate();
    let all = all.filter(|(number, _)| turn.is_none_or(|turn| turn == Some(*number)));
    let group = |(_, (id, name))| json!({ "id": id, "name": name, "set_id": "labs", "tag": null });
    let page = Paged::cut(all.map(group).collect(), &asked, Cut::PLAIN);
    Ok(page.respond(GROUPS, |groups: Vec<Value>| json!({ "groups": groups })))
}

/// Handles GET of the sets they are in.
pub(crate) async fn sets(
    State(platform): State<Arc<Platform>>,
    Path(_course): Path<String>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    caller(&platform, &headers, &[GROUPS_SCOPE])?;
    let asked = Asked::at(&platform, &uri)?;
    let sets = vec![json!({ "id": "labs", "name": "Labs", "groups": ["lab-a", "lab-b"] })];
    let page = Paged::cut(sets, &asked, Cut::PLAIN);
    Ok(page.respond(SETS, |sets: Vec<Value>| json!({ "sets": sets })))
}
