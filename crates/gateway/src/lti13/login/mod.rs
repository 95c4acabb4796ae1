//! The login initiation: find the platform, remember the login in `state` and cookies, send the browser on.
//! Reads caches only, unless several platforms would fit, and writes nothing (lti.md A.1 to A.3).

mod find;
mod refusal;
mod send;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use lti::login::LoginRequest;
use url::form_urlencoded;

use super::room::Lti13;
use crate::directory::tools::{AtTool, Tool};
use crate::kit::media_type;
use crate::traces::{Kind, LoginMark, Recorder, Step};
use crate::web::problem::Problem;
use find::Search;
use refusal::LoginRefusal;
use send::Sending;

/// `GET` and `POST /lti/login`, `/login`.
pub async fn start(
    State(room): State<Arc<Lti13>>,
    AtTool(tool): AtTool,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = (&method, query.as_deref(), &headers, &body);
    traced(&room, &tool, None, asked).await
}

/// `GET` and `POST /lti/login/<platform>`: the same for one platform, so that client_id may be missing.
pub async fn start_at_platform(
    State(room): State<Arc<Lti13>>,
    AtTool(tool): AtTool,
    Path(platform_id): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = (&method, query.as_deref(), &headers, &body);
    traced(&room, &tool, Some(&platform_id), asked).await
}

/// Method, query, headers and body of a login.
type Asked<'a> = (&'a Method, Option<&'a str>, &'a HeaderMap, &'a Bytes);

/// A login that goes no further leaves a trace; one that goes on takes its own along.
async fn traced(
    room: &Lti13,
    tool: &Tool,
    platform_id: Option<&str>,
    asked: Asked<'_>,
) -> Response {
    let (_, _, headers, _) = asked;
    let mut trace = Recorder::new(Kind::Login, &room.clock, headers);
    let begun = begin(room, tool, platform_id, asked, &mut trace).await;
    trace.close(begun)
}

async fn begin(
    room: &Lti13,
    tool: &Tool,
    platform_id: Option<&str>,
    (method, query, headers, body): Asked<'_>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    // On POST the body speaks, on GET the query; never both.
    let by_post = *method == Method::POST;
    let pairs = if by_post {
        if !media_type::is(headers, media_type::FORM) {
            return Err(LoginRefusal::NotAForm.problem(None));
        }
        form_urlencoded::parse(body)
    } else {
        form_urlencoded::parse(query.unwrap_or("").as_bytes())
    };
    let request =
        LoginRequest::from_pairs(pairs).map_err(|error| LoginRefusal::from(error).problem(None))?;
    trace.done(Step::FormRead);
    let search = Search {
        room,
        tool,
        platform_id,
        request: &request,
    };
    let platform = search.platform(trace).await.inspect_err(|_| {
        trace.facts.issuer = Some(request.issuer.clone());
        trace.facts.client_id.clone_from(&request.client_id);
    })?;
    let mark = LoginMark::new(trace, by_post, platform_id.is_some(), headers);
    let sending = Sending {
        room,
        tool,
        platform: &platform,
        headers,
    };
    sending.answer(request, mark)
}
