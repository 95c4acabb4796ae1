//! Shared by all protocol endpoints: every request is counted and recorded with its answer, and
//! spoiled if there is a fault.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{OriginalUri, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use crate::{
    endpoint::Endpoint,
    faults::Fault,
    html,
    lms::state::{Exchange, Parameter, Platform, shown},
};

const BODY_LIMIT: usize = 1024 * 1024;

/// Marks a request to be carried out only halfway, and answered with this status.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HalfDone(pub(crate) StatusCode);

/// A request to a service, until it is answered or aborted.
struct UnderWay(Arc<Platform>);

impl UnderWay {
    fn begin(platform: &Arc<Platform>) -> Self {
        platform.memory().gradebook.throttle.begin();
        Self(Arc::clone(platform))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.memory().gradebook.throttle.end();
    }
}

/// Counts, records and spoils the requests to a protocol endpoint.
pub(crate) fn observed(
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
    let _under_way = endpoint.is_service().then(|| UnderWay::begin(&platform));
    let fault = next_fault(&platform, endpoint);
    let mut exchange = Exchange {
        parameters: parameters(parts.uri.query().unwrap_or_default(), &parts.headers, &body),
        fault: fault.clone(),
        ..Exchange::begun(
            platform.clock.now(),
            endpoint.title(),
            parts.method.as_str(),
            parts.uri.to_string(),
        )
    };
    if !is_form(&parts.headers) {
        exchange.body = shown(&body);
    }
    platform.memory().count(endpoint);

    let response = match fault.as_ref().and_then(Fault::instead) {
        Some(response) => response,
        None => {
            let request = Request::from_parts(parts, Body::from(body));
            answered(request, fault.as_ref(), next).await
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
    platform.memory().wire.record(exchange);
    match fault {
        Some(fault) => fault.spoil(Response::from_parts(parts, Body::empty()), body),
        None => Response::from_parts(parts, Body::from(body)),
    }
}

/// The endpoint's answer; late, or to a changed request, if the fault says so.
async fn answered(mut request: Request, fault: Option<&Fault>, next: Next) -> Response {
    match fault {
        Some(Fault::Late(pause)) => tokio::time::sleep(*pause).await,
        Some(Fault::Gated(gate)) => gate.passed().await,
        Some(Fault::Halfway(status)) => {
            let status = StatusCode::from_u16(*status);
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            request.extensions_mut().insert(HalfDone(status));
        }
        Some(Fault::IgnoreFilters) => forget_filters(&mut request, None),
        Some(Fault::Paged(items)) => forget_filters(&mut request, Some(*items)),
        _ => {}
    }
    next.run(request).await
}

/// The fault for this request: too many requests, or one that was set.
fn next_fault(platform: &Platform, endpoint: Endpoint) -> Option<Fault> {
    let now = platform.clock.seconds();
    if endpoint.is_service() && !platform.memory().gradebook.throttle.admits(now) {
        return Some((platform.profile.services.grades.too_many)());
    }
    match platform.faults.take(endpoint)? {
        // Only scores have two halves.
        Fault::Halfway(status) if endpoint != Endpoint::Scores => Some(Fault::Status(status)),
        fault => Some(fault),
    }
}

/// Removes every parameter that filters a list. Paging parameters stay, and may be reduced to this
/// many items.
fn forget_filters(request: &mut Request, items: Option<u32>) {
    let uri = request.uri().clone();
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let kept = query.filter(|(name, _)| match &**name {
        "limit" => items.is_none(),
        name => ["from", "type_id"].contains(&name),
    });
    let limit = items.map(|items| ("limit", items.to_string()));
    let kept = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .extend_pairs(limit)
        .finish();
    if let Ok(uri) = format!("{}?{kept}", uri.path()).parse::<Uri>() {
        request.extensions_mut().insert(OriginalUri(uri.clone()));
        *request.uri_mut() = uri;
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

/// The fields of a page's self-submitting form.
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
