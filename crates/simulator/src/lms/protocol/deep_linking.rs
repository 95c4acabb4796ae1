//! Deep linking: the response of a tool.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::tool_keys::verified;
use crate::{
    jose,
    lms::{
        answer::ErrorPage,
        state::{DeepLinkingResponse, Ending, ITEMS, Memory, Message, Platform},
    },
    people::ResourceLink,
    tool::Tool,
    web::page,
};

const LTI: &str = "https://purl.imsglobal.org/spec/lti/claim/";

/// POST of a tool's response, by the browser.
pub(crate) async fn receive(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<HashMap<String, String>>,
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
    let (claims, mut problems) = match verified(&platform, &tool.facts, token).await {
        Ok(claims) => (claims, Vec::new()),
        Err(problem) => (
            jose::decode(token).map_or(Value::Null, |decoded| decoded.claims),
            vec![problem],
        ),
    };
    let now = platform.clock.now();
    let mut memory = platform.memory();
    problems.extend(complaints(&claims, &tool, &memory.issuer, now.as_second()));
    let response = DeepLinkingResponse {
        at: now,
        tool: tool.client_id.clone(),
        course: course.clone(),
        claims,
        problems,
    };
    let ending = if response.problems.is_empty() {
        Ending::Chosen(response.items().len())
    } else {
        Ending::NotChosen
    };
    memory.history.end(ending, |begun| {
        begun.message == Message::DeepLinking
            && begun.tool == tool.client_id
            && begun.course == *course
    });
    if response.problems.is_empty() {
        add_links(&mut memory, &tool, course, &response.items());
    }
    memory.deep_linking.push(response.clone());
    drop(memory);
    let status = if response.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    (status, ChosenPage::new(&tool.client_id, &response)).into_response()
}

fn complaints(claims: &Value, tool: &Tool, issuer: &str, now: i64) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |good: bool, problem: &str| {
        if !good {
            problems.push(problem.to_owned());
        }
    };
    let lti = |name: &str| &claims[format!("{LTI}{name}")];
    expect(
        claims["iss"] == tool.client_id.as_str(),
        "iss is not the client id",
    );
    let audience = &claims["aud"];
    let listed = audience
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one == issuer));
    expect(*audience == issuer || listed, "aud is not the issuer");
    expect(
        claims["exp"].as_i64().is_some_and(|exp| exp > now),
        "exp is missing or past",
    );
    expect(
        claims["iat"]
            .as_i64()
            .is_some_and(|iat| (now - 300..=now + 30).contains(&iat)),
        "iat is missing or not now",
    );
    expect(
        claims["nonce"]
            .as_str()
            .is_some_and(|nonce| !nonce.is_empty()),
        "nonce is missing",
    );
    expect(
        *lti("deployment_id") == tool.deployment_id.as_str(),
        "deployment_id is not that of the request",
    );
    expect(
        *lti("message_type") == "LtiDeepLinkingResponse",
        "message_type is not LtiDeepLinkingResponse",
    );
    expect(*lti("version") == "1.3.0", "version is not 1.3.0");
    expect(claims[ITEMS].is_array(), "content_items is not a list");
    for item in claims[ITEMS].as_array().into_iter().flatten() {
        expect(
            item["type"] == "ltiResourceLink",
            "an item's type is not one that was asked for",
        );
    }
    problems
}

/// Puts the chosen resource links into the course.
fn add_links(memory: &mut Memory, tool: &Tool, course: &str, items: &[Value]) {
    for item in items {
        let id = (memory
            .courses
            .iter()
            .map(|course| course.links.len())
            .sum::<usize>()
            + 1)
        .to_string();
        let title = item["title"]
            .as_str()
            .unwrap_or(&tool.facts.name)
            .to_owned();
        let Some(course) = memory.courses.iter_mut().find(|known| known.id == course) else {
            return;
        };
        course.links.push(ResourceLink {
            id: id.clone(),
            title: title.clone(),
            description: item["text"].as_str().unwrap_or_default().to_owned(),
            tool: Some(tool.client_id.clone()),
            url: item["url"].as_str().map(str::to_owned),
            custom: item["custom"].as_object().cloned().unwrap_or_default(),
        });
        let wanted = &item["lineItem"];
        if let Some(maximum) = wanted["scoreMaximum"].as_f64() {
            let mut members = Map::new();
            for (name, value) in [
                ("label", json!(title)),
                ("resourceId", wanted["resourceId"].clone()),
                ("tag", wanted["tag"].clone()),
            ] {
                members.insert(
                    name.to_owned(),
                    if value.is_null() { json!("") } else { value },
                );
            }
            members.insert("ltiLinkId".to_owned(), json!(id));
            let course = course.id.clone();
            memory
                .gradebook
                .add(&tool.client_id, &course, Some(id), maximum, members);
        }
    }
}

/// What came of selecting content.
#[derive(Template)]
#[template(path = "lms/chosen.html")]
struct ChosenPage {
    tool: String,
    problems: Vec<String>,
    items: Vec<String>,
    claims: String,
}

impl ChosenPage {
    fn new(tool: &str, response: &DeepLinkingResponse) -> Self {
        Self {
            tool: tool.to_owned(),
            problems: response.problems.clone(),
            items: response
                .items()
                .iter()
                .map(|item| format!("{item:#}"))
                .collect(),
            claims: format!("{:#}", response.claims),
        }
    }
}

impl IntoResponse for ChosenPage {
    fn into_response(self) -> Response {
        page(StatusCode::OK, &self)
    }
}
