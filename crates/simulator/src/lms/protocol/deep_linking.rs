//! Deep linking: handles a tool's response.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{response_check::complaints, tool_keys::verified};
use crate::{
    jose,
    lms::{
        answer::ErrorPage,
        pages::chosen::ChosenPage,
        state::{DeepLinkingResponse, Ending, Memory, Message, Platform},
    },
    people::ResourceLink,
    tool::Tool,
};

/// Handles the POST of a tool's response from the browser.
pub(crate) async fn receive(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let (Some(course), Some(client_id)) = (query.get("course"), query.get("id")) else {
        return ErrorPage::response(
            StatusCode::BAD_REQUEST,
            "The return address has lost its parameters",
        );
    };
    let Ok(tool) = platform.memory().tool(client_id).cloned() else {
        return ErrorPage::response(StatusCode::NOT_FOUND, "No such tool");
    };
    let Some(token) = form.get("JWT") else {
        return ErrorPage::response(StatusCode::BAD_REQUEST, "The response has no field JWT");
    };
    let (claims, problems) = match verified(&platform, &tool.facts, token).await {
        Ok(claims) => (claims, Vec::new()),
        Err(problem) => (
            jose::decode(token).map_or(Value::Null, |decoded| decoded.claims),
            vec![problem],
        ),
    };
    let mut response = DeepLinkingResponse {
        at: platform.clock.now(),
        tool: tool.client_id.clone(),
        course: course.clone(),
        claims,
        problems,
        // Browsers report where an answer will be shown; the page that asked has this one in a
        // frame.
        lost: platform.profile.deep_linking.dialog
            && headers
                .get("sec-fetch-dest")
                .is_some_and(|to| to == "document"),
    };
    let complaints = complaints(&platform, &tool, &response);
    response.problems.extend(complaints);
    remember(&platform, &tool, &response);
    let status = if response.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    (status, ChosenPage::new(&platform.profile, &response)).into_response()
}

/// Adds the chosen content to the course if the response is valid, and records the response in any
/// case.
fn remember(platform: &Platform, tool: &Tool, response: &DeepLinkingResponse) {
    let mut memory = platform.memory();
    let is_good = response.problems.is_empty() && !response.lost;
    let ending = if is_good {
        Ending::Chosen(response.items().len())
    } else {
        Ending::NotChosen
    };
    memory.history.end(ending, |begun| {
        begun.message == Message::DeepLinking
            && begun.tool == tool.client_id
            && begun.course == response.course
    });
    if is_good && !response.is_error() {
        for item in response.items() {
            if item["type"] == "ltiResourceLink" {
                add_link(platform, &mut memory, tool, &response.course, &item);
            } else if let Some(course) = course_of(&mut memory, &response.course) {
                course.contents.push(item);
            }
        }
    }
    memory.deep_linking.push(response.clone());
}

fn course_of<'a>(memory: &'a mut Memory, id: &str) -> Option<&'a mut crate::people::Course> {
    memory.courses.iter_mut().find(|course| course.id == id)
}

/// Adds a chosen resource link to the course, with its line item.
fn add_link(platform: &Platform, memory: &mut Memory, tool: &Tool, course: &str, item: &Value) {
    let links = memory.courses.iter().map(|course| course.links.len());
    let id = (links.sum::<usize>() + 1).to_string();
    let url = item["url"].as_str().map(str::to_owned);
    let broken = platform.profile.deep_linking.without_url;
    let title = match broken.filter(|_| url.is_none()) {
        Some(broken) => broken,
        None => item["title"].as_str().unwrap_or(&tool.facts.name),
    };
    let Some(course) = course_of(memory, course) else {
        return;
    };
    course.links.push(ResourceLink {
        id: id.clone(),
        title: title.to_owned(),
        description: item["text"].as_str().unwrap_or_default().to_owned(),
        tool: Some(tool.client_id.clone()),
        url,
        custom: item["custom"].as_object().cloned().unwrap_or_default(),
    });
    let wanted = &item["lineItem"];
    let Some(maximum) = wanted["scoreMaximum"].as_f64() else {
        return;
    };
    let text = |value: &Value| json!(value.as_str().unwrap_or_default());
    let members: Map<String, Value> = [
        ("label", json!(title)),
        ("resourceId", text(&wanted["resourceId"])),
        ("tag", text(&wanted["tag"])),
        ("ltiLinkId", json!(id)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    let course = course.id.clone();
    memory
        .gradebook
        .add(&tool.client_id, &course, Some(id), maximum, members);
}
