//! Deep linking: the settings a tool gets, and its response.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response as HttpResponse},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    launch::Launch,
    pages::{ChosenPage, ErrorPage},
    platform::{Platform, State as PlatformState},
    token::verified,
    tool::Tool,
};
use crate::people::ResourceLink;

/// A deep linking response as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// When it came.
    pub at: Timestamp,
    /// The tool that was asked, by client id.
    pub tool: String,
    /// The course that was asked for.
    pub course: String,
    /// The token's claims; verified only if `problems` does not say otherwise.
    pub claims: Value,
    /// Everything that is wrong with it. Moodle minds only the signature, `exp` and `iss`; this list minds everything.
    pub problems: Vec<String>,
}

impl Response {
    /// The items, whatever they are.
    pub fn items(&self) -> Vec<Value> {
        self.claims[ITEMS].as_array().cloned().unwrap_or_default()
    }
}

const ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";
const LTI: &str = "https://purl.imsglobal.org/spec/lti/claim/";

impl Platform {
    pub(super) fn deep_linking_settings(&self, tool: &Tool, launch: &Launch) -> Value {
        let path = self.profile.paths.deep_linking_return;
        json!({
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["frame", "iframe", "window"],
            "accept_copy_advice": false,
            "accept_multiple": true,
            "accept_unsigned": false,
            "auto_create": false,
            "can_confirm": false,
            "deep_link_return_url": self.url(&format!("{path}?course={}&id={}", launch.course, tool.client_id)),
            "title": tool.facts.name,
            "text": "",
        })
    }
}

/// POST of a tool's response, by the browser.
pub(super) async fn receive(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<HashMap<String, String>>,
    Form(form): Form<HashMap<String, String>>,
) -> HttpResponse {
    let (Some(course), Some(client_id)) = (query.get("course"), query.get("id")) else {
        return ErrorPage::response(
            StatusCode::BAD_REQUEST,
            "The return address has lost its parameters",
        );
    };
    let Ok(tool) = platform.state().tool(client_id).cloned() else {
        return ErrorPage::response(StatusCode::NOT_FOUND, "No such tool");
    };
    let Some(token) = form.get("JWT") else {
        return ErrorPage::response(StatusCode::BAD_REQUEST, "The response has no field JWT");
    };
    let (claims, mut problems) = match verified(&platform, &tool.facts, token).await {
        Ok(claims) => (claims, Vec::new()),
        Err(problem) => (
            crate::jose::decode(token).map_or(Value::Null, |decoded| decoded.claims),
            vec![problem],
        ),
    };
    let now = platform.clock.now();
    let mut state = platform.state();
    problems.extend(complaints(&claims, &tool, &state.issuer, now.as_second()));
    let response = Response {
        at: now,
        tool: tool.client_id.clone(),
        course: course.clone(),
        claims,
        problems,
    };
    if response.problems.is_empty() {
        add_links(&mut state, &tool, course, &response.items());
    }
    state.deep_linking.push(response.clone());
    drop(state);
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
fn add_links(state: &mut PlatformState, tool: &Tool, course: &str, items: &[Value]) {
    for item in items {
        let id = (state
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
        let Some(course) = state.courses.iter_mut().find(|known| known.id == course) else {
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
            state
                .gradebook
                .add(&tool.client_id, &course, Some(id), maximum, members);
        }
    }
}
