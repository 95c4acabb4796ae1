//! What was said between the LMS and the tools: every request to a protocol endpoint with its parameters and its
//! answer. Faults and counters sit here too, since all of them look at whole requests.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use jiff::Timestamp;

use super::{
    launch::LoginRequest,
    platform::{Platform, State as PlatformState},
};
use crate::{
    faults::Fault,
    html,
    jose::{self, Decoded},
};

const BODY_LIMIT: usize = 1024 * 1024;
const KEEP: usize = 300;
const ANSWER_LIMIT: usize = 20_000;

/// A protocol endpoint of the LMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// The openid-configuration document.
    Configuration,
    /// The registration endpoint.
    Registration,
    /// The OIDC authorization endpoint.
    Authorization,
    /// The key set.
    Jwks,
    /// The token endpoint.
    Token,
    /// The roster.
    Memberships,
    /// The list of line items.
    LineItems,
    /// One line item.
    LineItem,
    /// Scores of a line item.
    Scores,
    /// Results of a line item.
    Results,
    /// Where a deep linking response is posted.
    DeepLinkingReturn,
}

impl Endpoint {
    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Configuration => "openid-configuration",
            Self::Registration => "registration",
            Self::Authorization => "authentication request",
            Self::Jwks => "key set",
            Self::Token => "access token",
            Self::Memberships => "memberships",
            Self::LineItems => "line items",
            Self::LineItem => "line item",
            Self::Scores => "score",
            Self::Results => "results",
            Self::DeepLinkingReturn => "deep linking response",
        }
    }
}

/// A name and a value, with the token taken apart if the value is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The value as it came.
    pub value: String,
    /// The value's header and claims, **not verified**, if it is a JSON web token.
    pub decoded: Option<Decoded>,
}

impl Parameter {
    fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        Self {
            name: name.into(),
            decoded: jose::decode(value.strip_prefix("Bearer ").unwrap_or(&value)),
            value,
        }
    }

    /// Header and claims on several lines.
    pub fn pretty(&self) -> Option<String> {
        let decoded = self.decoded.as_ref()?;
        Some(format!("{:#}\n{:#}", decoded.header, decoded.claims))
    }
}

/// One exchange between the LMS and a tool or a browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Counted from 1.
    pub number: u64,
    /// When it began.
    pub at: Timestamp,
    /// What it was, for people.
    pub title: &'static str,
    /// The method.
    pub method: String,
    /// The address: a path here, or an absolute URL elsewhere.
    pub url: String,
    /// The status of the answer; none where the browser got it.
    pub status: Option<u16>,
    /// Query, form fields, and the `Authorization` header.
    pub parameters: Vec<Parameter>,
    /// The body, if it was not a form.
    pub body: String,
    /// The fields of the form that the answer makes the browser post.
    pub posted: Vec<Parameter>,
    /// The answer's body, if it is not such a form.
    pub answer: String,
    /// The fault that the answer was given.
    pub fault: Option<Fault>,
}

/// Counts, records and spoils what a protocol endpoint does.
pub(super) fn observed(
    platform: &Arc<Platform>,
    endpoint: Endpoint,
    routes: MethodRouter<Arc<Platform>>,
) -> MethodRouter<Arc<Platform>> {
    routes.layer(middleware::from_fn_with_state(
        (Arc::clone(platform), endpoint),
        observe,
    ))
}

async fn observe(
    State((platform, endpoint)): State<(Arc<Platform>, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let fault = platform.faults.take(endpoint);
    let mut exchange = Exchange {
        number: 0,
        at: platform.clock.now(),
        title: endpoint.title(),
        method: parts.method.to_string(),
        url: parts.uri.to_string(),
        status: None,
        parameters: parameters(parts.uri.query().unwrap_or_default(), &parts.headers, &body),
        body: if is_form(&parts.headers) {
            String::new()
        } else {
            shown(&body)
        },
        posted: Vec::new(),
        answer: String::new(),
        fault: fault.clone(),
    };
    platform.state().count(endpoint);

    let response = match fault.as_ref().and_then(Fault::instead) {
        Some(response) => response,
        None => {
            if let Some(Fault::Late(pause)) = &fault {
                tokio::time::sleep(*pause).await;
            }
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
    };
    exchange.status = Some(response.status().as_u16());
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default()
        .to_vec();
    exchange.posted = posted(&String::from_utf8_lossy(&body));
    if exchange.posted.is_empty() {
        exchange.answer = shown(&body);
    }
    platform.state().record(exchange);
    match fault {
        Some(fault) => fault.spoil(Response::from_parts(parts, Body::empty()), body),
        None => Response::from_parts(parts, Body::from(body)),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

fn parameters(query: &str, headers: &HeaderMap, body: &[u8]) -> Vec<Parameter> {
    let form = if is_form(headers) { body } else { &[] };
    let authorization = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    url::form_urlencoded::parse(query.as_bytes())
        .chain(url::form_urlencoded::parse(form))
        .map(|(name, value)| Parameter::new(name, value))
        .chain(authorization.map(|value| Parameter::new("Authorization", value)))
        .collect()
}

/// The fields of a page that submits a form of hidden fields.
fn posted(body: &str) -> Vec<Parameter> {
    if !html::scripts(body).contains("submit(") {
        return Vec::new();
    }
    html::tags(body)
        .filter(|tag| tag.attribute("type") == Some("hidden"))
        .filter_map(|tag| {
            Some(Parameter::new(
                tag.attribute("name")?,
                tag.attribute("value")?,
            ))
        })
        .collect()
}

/// JSON on several lines, anything else as it is, shortened.
fn shown(body: &[u8]) -> String {
    let mut text = match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(json) => format!("{json:#}"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    if text.len() > ANSWER_LIMIT {
        let end = text.floor_char_boundary(ANSWER_LIMIT);
        text.truncate(end);
        text.push('…');
    }
    text
}

impl PlatformState {
    pub(super) fn record(&mut self, mut exchange: Exchange) {
        self.recorded += 1;
        exchange.number = self.recorded;
        if self.wire.len() == KEEP {
            self.wire.pop_front();
        }
        self.wire.push_back(exchange);
    }

    pub(super) fn record_login(&mut self, at: Timestamp, request: &LoginRequest) {
        self.record(Exchange {
            number: 0,
            at,
            title: "login initiation",
            method: "POST".to_owned(),
            url: request.url.clone(),
            status: None,
            parameters: request
                .fields
                .iter()
                .map(|(name, value)| Parameter::new(name, value))
                .collect(),
            body: String::new(),
            posted: Vec::new(),
            answer: String::new(),
            fault: None,
        });
    }

    pub(super) fn record_fetch(
        &mut self,
        at: Timestamp,
        url: &str,
        status: Option<u16>,
        answer: &[u8],
    ) {
        self.record(Exchange {
            number: 0,
            at,
            title: "tool’s key set",
            method: "GET".to_owned(),
            url: url.to_owned(),
            status,
            parameters: Vec::new(),
            body: String::new(),
            posted: Vec::new(),
            answer: shown(answer),
            fault: None,
        });
    }
}
