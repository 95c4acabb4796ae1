//! The login initiation: finds the platform, stores the login in `state` and cookies, and redirects
//! the browser. It only reads caches, unless the platform is new or several match, and writes
//! nothing (lti.md A.1 to A.3).

mod find;
mod nearest;
mod send;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Path, Request, State};
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
use crate::web::client::{Clients, Source};
use crate::web::form;
use crate::web::problem::Problem;
use find::Search;
use send::OutgoingLogin;

/// The parameters of a login, for the API description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "`LoginRequest` reads them; the document needs their names alone"
)]
struct LoginParameters {
    /// The platform's issuer.
    iss: String,
    /// The person, for the platform.
    login_hint: String,
    /// Where the link leads, on our host.
    target_link_uri: String,
    /// The registration of the tool.
    client_id: Option<String>,
    /// What was opened, for the platform.
    lti_message_hint: Option<String>,
    /// The deployment of the tool, if the platform says so.
    lti_deployment_id: Option<String>,
    /// The platform's frame for storing values if there are no cookies.
    lti_storage_target: Option<String>,
}

/// The answers to a login, for the API description.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document needs the descriptions alone")]
enum LoginAnswer {
    /// A page that continues if the browser can't be redirected inside its frame.
    #[response(status = 200, content_type = "text/html")]
    Page(String),
    /// A redirect to the platform, which sends the browser back to `/lti/launch`.
    #[response(status = 302)]
    Onward,
    /// The login is refused: a page for people, or an error for programs.
    #[response(status = "4XX")]
    Refused,
}

/// Starts a login.
///
/// A POST with the same members in a form works, too, and so does `/login`.
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
    asked: RawLogin,
) -> Response {
    traced(&room, &tool, None, &asked).await
}

/// Starts a login at one platform's address.
///
/// A POST with the same members in a form works, too.
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
    asked: RawLogin,
) -> Response {
    traced(&room, &tool, Some(&platform_id), &asked).await
}

/// A login as received.
pub(crate) struct RawLogin {
    pub(crate) method: Method,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) source: Source,
}

impl<S: Send + Sync> FromRequest<S> for RawLogin
where
    Clients: FromRef<S>,
{
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, BytesRejection> {
        let (mut head, body) = request.into_parts();
        let Ok(source) = Source::from_request_parts(&mut head, state).await;
        let (method, headers) = (head.method.clone(), head.headers.clone());
        let query = head.uri.query().map(str::to_owned);
        let body = Bytes::from_request(Request::from_parts(head, body), state).await?;
        Ok(Self {
            method,
            query,
            headers,
            body,
            source,
        })
    }
}

/// A login that fails leaves a trace; one that continues carries its trace along.
async fn traced(
    room: &Lti13,
    tool: &Tool,
    platform_id: Option<&str>,
    asked: &RawLogin,
) -> Response {
    let mut trace = Recorder::new(Kind::Login, &room.clock, &asked.headers);
    let begun = begin(room, tool, platform_id, asked, &mut trace).await;
    trace.close(begun)
}

async fn begin(
    room: &Lti13,
    tool: &Tool,
    platform_id: Option<&str>,
    asked: &RawLogin,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let RawLogin {
        method,
        query,
        headers,
        body,
        source,
    } = asked;
    let query = query.as_deref();
    // A POST uses only the body, a GET only the query.
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
        source: *source,
    };
    let platform = search.platform(trace).await.inspect_err(|_| {
        trace.facts.issuer = Some(request.issuer.clone());
        trace.facts.client_id.clone_from(&request.client_id);
    })?;
    let query = query.filter(|query| !by_post && form::has(query, OFFERED));
    let offered = query.is_some_and(|query| form::field(query.as_bytes(), OFFERED).is_some());
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
