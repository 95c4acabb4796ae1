//! The page of one tool.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Redirect, Response},
};

use url::form_urlencoded;

use crate::{
    Error,
    lms::state::{LineItem, Platform, StorageFault},
    people::{Course, Person, Position},
    profiles::Endpoints,
    tool::Tool,
    web::page,
};

#[derive(Template)]
#[template(path = "lms/tool.html")]
struct ToolPage {
    tool: Tool,
    endpoints: Endpoints,
    people: Vec<Person>,
    staff: Vec<Person>,
    courses: Vec<Course>,
    grades: Vec<GradeRow>,
    has_storage: bool,
    faults: &'static [StorageFault],
}

struct GradeRow {
    item: String,
    course: String,
    person: String,
    score: String,
    comment: String,
    /// The link to the submission's review, if the line item offers one.
    review: Option<ReviewLink>,
}

struct ReviewLink {
    label: String,
    address: String,
}

impl ReviewLink {
    /// The link for the teacher Maria (3).
    fn of(item: &LineItem, student: &str) -> Option<Self> {
        let (review, link) = (item.review()?, item.link.as_deref()?);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("tool", &item.tool)
            .append_pair("user", "3")
            .append_pair("place", &format!("{}/{link}", item.course))
            .append_pair("review", student)
            .finish();
        Some(Self {
            label: review.label.unwrap_or_else(|| "Review".to_owned()),
            address: format!("/frame?{query}"),
        })
    }
}

pub(crate) async fn tool(
    State(platform): State<Arc<Platform>>,
    Path(client_id): Path<String>,
) -> Result<Response, Error> {
    let opened = platform.memory().tool(&client_id)?.clone();
    let endpoints = platform.endpoints_of(&opened);
    let memory = platform.memory();
    let mut grades = Vec::new();
    for item in memory.gradebook.of_tool(&client_id) {
        for (user, record) in &item.scores {
            grades.push(GradeRow {
                item: item
                    .members
                    .get("label")
                    .and_then(|label| label.as_str())
                    .unwrap_or_default()
                    .to_owned(),
                course: memory.course(&item.course)?.title.clone(),
                person: memory.person(user)?.name(),
                score: record.score.map_or_else(
                    || "none".to_owned(),
                    |score| format!("{score} of {}", item.score_maximum),
                ),
                comment: record.comment.clone().unwrap_or_default(),
                review: ReviewLink::of(&item, user),
            });
        }
    }
    let shown = ToolPage {
        tool: opened,
        endpoints,
        people: memory.people.clone(),
        staff: memory
            .people
            .iter()
            .filter(|person| person.position != Position::Student)
            .cloned()
            .collect(),
        courses: memory.courses.clone(),
        grades,
        has_storage: platform.profile.launch.storage.is_some(),
        faults: &StorageFault::ALL,
    };
    Ok(page(StatusCode::OK, &shown))
}

pub(crate) async fn activate(
    State(platform): State<Arc<Platform>>,
    Path(client_id): Path<String>,
) -> Result<Redirect, Error> {
    platform.memory().tool_mut(&client_id)?.active = true;
    Ok(Redirect::to(&format!("/tools/{client_id}")))
}
