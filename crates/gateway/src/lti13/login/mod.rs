//! The login initiation: find the platform, remember the login in `state` and cookies, send the browser on.
//! Reads caches only, unless several platforms would fit, and writes nothing (lti.md A.1 to A.3).

mod find;
mod nearest;
mod send;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use lti::login::LoginRequest;
use url::form_urlencoded;
use utoipa::IntoResponses;

use super::refusal::LoginRefusal;
use super::room::Lti13;
use super::state::OFFERED;
use crate::directory::tools::{AtTool, Tool};
use crate::kit::media_type;
use crate::traces::{Kind, LoginMark, Recorder, Step};
use crate::web::form;
use crate::web::problem::Problem;
use find::Search;
use send::OutgoingLogin;

/// The parameters of a login, for the document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "`LoginRequest` reads them; the document needs their names alone"
)]
struct LoginParameters {
    /// The platform's issuer.
    iss: String,
    /// For the platform: who it is.
    login_hint: String,
    /// Where the link leads, on our host.
    target_link_uri: String,
    /// Which registration of the tool it is.
    client_id: Option<String>,
    /// For the platform: what was opened.
    lti_message_hint: Option<String>,
    /// Which installation of the tool it is, if the platform says so.
    lti_deployment_id: Option<String>,
    /// The platform's frame that keeps values for us if there are no cookies.
    lti_storage_target: Option<String>,
}

/// What a login is answered, for the document.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document needs the descriptions alone")]
enum LoginAnswer {
    /// A page that leads on if the browser won't be redirected in its frame.
    #[response(status = 200, content_type = "text/html")]
    Page(String),
    /// On to the platform, which sends the browser back to `/lti/launch`.
    #[response(status = 302)]
    Onward,
    /// The login is refused: a page for people, or an error for programs.
    #[response(status = "4XX")]
    Refused,
}

/// Begins a login.
///
/// A POST with the same members as a form works too, and so does `/login`.
#[utoipa::path(
    get,
    path = "/lti/login",
    tag = "Platform: LTI",
    operation_id = "login",
    params(LoginParameters),
    responses(LoginAnswer)
)]
pub(crate) async fn start(
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

/// Begins a login at one platform's address.
///
/// A POST with the same members as a form works too.
#[utoipa::path(
    get, path = "/lti/login/{platform}", tag = "Platform: LTI", operation_id = "loginAtPlatform",
    params(
        ("platform" = String, Path, description = "Our id of the platform, which need not name its client id then."),
        LoginParameters,
    ),
    responses(LoginAnswer),
)]
pub(crate) async fn start_at_platform(
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
type RawLogin<'a> = (&'a Method, Option<&'a str>, &'a HeaderMap, &'a Bytes);

/// A login that goes no further leaves a trace; one that goes on takes its own along.
async fn traced(
    room: &Lti13,
    tool: &Tool,
    platform_id: Option<&str>,
    asked: RawLogin<'_>,
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
    (method, query, headers, body): RawLogin<'_>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    // On POST the body speaks, on GET the query; never both.
    let by_post = *method == Method::POST;
    let pairs = if by_post {
        if !media_type::is(headers, media_type::FORM) {
            return Err(LoginRefusal::NotAForm.problem(None, &room.public_url));
        }
        form_urlencoded::parse(body)
    } else {
        form_urlencoded::parse(query.unwrap_or("").as_bytes())
    };
    let request = LoginRequest::from_pairs(pairs)
        .map_err(|error| LoginRefusal::from(error).problem(None, &room.public_url))?;
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
    let offered = !by_post && form::field(query.unwrap_or("").as_bytes(), OFFERED).is_some();
    let mark = LoginMark::new(
        trace.at,
        trace.micros(),
        by_post,
        platform_id.is_some(),
        offered,
    );
    let sending = OutgoingLogin {
        room,
        tool,
        platform: &platform,
        headers,
        offered,
    };
    sending.answer(request, mark)
}
