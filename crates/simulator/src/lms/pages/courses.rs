//! The school's pages: its courses, and the page to which a tool sends a person back.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use crate::{
    lms::state::{Ending, Platform},
    people::{Course, Person},
    tool::Tool,
    web::page,
};

#[derive(Template)]
#[template(path = "lms/home.html")]
struct HomePage {
    title: &'static str,
    courses: Vec<Course>,
    people: Vec<Person>,
    tools: Vec<Tool>,
}

pub(crate) async fn home(State(platform): State<Arc<Platform>>) -> Response {
    let memory = platform.memory();
    let home = HomePage {
        title: platform.profile.title,
        courses: memory.courses.clone(),
        people: memory.people.clone(),
        tools: memory.tools.clone(),
    };
    page(StatusCode::OK, &home)
}

/// The messages of a tool that sends a person back.
#[derive(Deserialize, Template)]
#[template(path = "lms/return.html")]
#[serde(default)]
#[derive(Default)]
pub(crate) struct ReturnPage {
    course: String,
    link: String,
    lti_msg: String,
    lti_errormsg: String,
    lti_log: String,
    lti_errorlog: String,
}

pub(crate) async fn returned(
    State(platform): State<Arc<Platform>>,
    Query(said): Query<ReturnPage>,
) -> Response {
    let words = [&said.lti_errormsg, &said.lti_msg];
    let words = words.into_iter().find(|words| !words.is_empty());
    let ending = Ending::Returned(words.cloned().unwrap_or_default());
    let history = &mut platform.memory().history;
    let begun = history.end(ending, |begun| {
        matches!(begun.ending, Ending::Sent(_))
            && begun.course == said.course
            && begun.link == said.link
    });
    if let Some(begun) = begun {
        let logs = [&said.lti_errorlog, &said.lti_log];
        let log = logs.into_iter().find(|log| !log.is_empty());
        begun.log = log.cloned().unwrap_or_default();
    }
    page(StatusCode::OK, &said)
}
