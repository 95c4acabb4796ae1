//! The login initiation: find the platform, remember the login in `state` and cookies, send the browser on.
//! Reads caches only, unless several platforms would fit, and writes nothing (lti.md A.1 to A.3).

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State as AxumState};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use lti::login::{AuthenticationRequest, LoginError, LoginRequest};
use serde_json::json;
use std::sync::Arc;
use url::{Url, form_urlencoded};

use super::storage_page;
use crate::app::App;
use crate::directory::platforms::Platform;
use crate::directory::tools::AtTool;
use crate::directory::tools::Tool;
use crate::kit::media_type;
use crate::launch::handoff;
use crate::lti13::cookies::{self, LOGIN_SECONDS};
use crate::lti13::onward::{self, Place};
use crate::lti13::rules::Rules;
use crate::lti13::state::{Hints, State};
use crate::traces::LoginMark;
use crate::traces::{Kind, Recorder, Step};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::redirect;
use crate::web::texts::launch as texts;
use store::deployments;

/// Longest target link, in bytes: it travels inside `state`.
const MAX_TARGET: usize = 2048;
/// Longest authentication request that carries the hints twice, in bytes: common servers take a request line of 8 KiB.
const MAX_REQUEST: usize = 6 * 1024;

/// Why a login goes no further.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefusal {
    /// Parameters are missing, doubled or too long.
    #[error(transparent)]
    Parameters(#[from] LoginError),
    /// A POST that isn't a form.
    #[error("a login by POST must be a form (application/x-www-form-urlencoded)")]
    NotAForm,
    /// Nobody registered this issuer and client id here.
    #[error("no platform is registered with issuer {issuer} and client id {client_id}")]
    Unregistered {
        /// As sent.
        issuer: String,
        /// As sent, or "(none)".
        client_id: String,
    },
    /// Registered, but not activated.
    #[error("platform {0} is registered but not active")]
    Inactive(String),
    /// Several clients of one issuer and none named.
    #[error("several platforms share the issuer {0}, and the login names no client_id")]
    Ambiguous(String),
    /// The platform's own login address was opened with another issuer or client id.
    #[error("the login address belongs to platform {0}, but the parameters name another")]
    OtherPlatform(String),
    /// The target leads elsewhere.
    #[error("target_link_uri is refused: {0}")]
    Target(String),
}

impl LoginRefusal {
    fn problem(self, request: Option<&LoginRequest>) -> Problem {
        let text = self.to_string();
        let (code, reason, title, says) = match self {
            Self::Parameters(error) => {
                let status =
                    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
                let title = texts::TITLE_FROM_COURSE;
                return Problem::page(status, error.code(), title, texts::INCOMPLETE_LOGIN)
                    .detailed(&text)
                    .because(error.code(), text);
            }
            Self::NotAForm => {
                return Problem::page(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "UNSUPPORTED_MEDIA_TYPE",
                    texts::TITLE_FROM_COURSE,
                    texts::INCOMPLETE_LOGIN,
                )
                .detailed(text);
            }
            Self::Unregistered { .. } => (
                UNREGISTERED,
                "PLATFORM_UNREGISTERED",
                texts::TITLE_NOT_ACTIVE,
                texts::PLATFORM_NOT_READY,
            ),
            Self::Inactive(_) => (
                UNREGISTERED,
                "PLATFORM_INACTIVE",
                texts::TITLE_NOT_ACTIVE,
                texts::PLATFORM_NOT_READY,
            ),
            Self::Ambiguous(_) => (
                "AMBIGUOUS_PLATFORM",
                "PLATFORM_AMBIGUOUS",
                texts::TITLE_REFUSED,
                texts::AMBIGUOUS,
            ),
            Self::OtherPlatform(_) => (
                UNREGISTERED,
                "PLATFORM_OTHER",
                texts::TITLE_REFUSED,
                texts::OTHER_PLATFORM,
            ),
            Self::Target(_) => (
                "INVALID_TARGET_LINK_URI",
                "TARGET_NOT_ALLOWED",
                texts::TITLE_REFUSED,
                texts::TARGET,
            ),
        };
        let problem =
            Problem::page(StatusCode::BAD_REQUEST, code, title, says).because(reason, text);
        match request {
            Some(request) => problem.with(
                "bodyReceived",
                json!({"iss": request.issuer, "login_hint": request.login_hint}),
            ),
            None => problem,
        }
    }
}

const UNREGISTERED: &str = "UNREGISTERED_OR_INACTIVE_PLATFORM";

/// `GET` and `POST /lti/login`, `/login`.
pub async fn start(
    AxumState(app): AxumState<App>,
    AtTool(tool): AtTool,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = (&method, query.as_deref(), &headers, &body);
    traced(&app, &tool, None, asked).await
}

/// `GET` and `POST /lti/login/<platform>`: the same for one platform, so that client_id may be missing.
pub async fn start_at_platform(
    AxumState(app): AxumState<App>,
    AtTool(tool): AtTool,
    Path(platform_id): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = (&method, query.as_deref(), &headers, &body);
    traced(&app, &tool, Some(&platform_id), asked).await
}

/// Method, query, headers and body of a login.
type Asked<'a> = (&'a Method, Option<&'a str>, &'a HeaderMap, &'a Bytes);

/// A login that goes no further leaves a trace; one that goes on takes its own along.
async fn traced(app: &App, tool: &Tool, platform_id: Option<&str>, asked: Asked<'_>) -> Response {
    let (_, _, headers, _) = asked;
    let mut trace = Recorder::new(Kind::Login, &app.clock, headers);
    let begun = begin(app, tool, platform_id, asked, &mut trace).await;
    trace.close(begun)
}

async fn begin(
    app: &App,
    tool: &Tool,
    platform_id: Option<&str>,
    (method, query, headers, body): Asked<'_>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    // On POST the body speaks, on GET the query; never both.
    let pairs = if *method == Method::POST {
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
    let chosen = choose(app, tool, platform_id, &request, trace).await;
    let platform = chosen.inspect_err(|_| {
        trace.facts.issuer = Some(request.issuer.clone());
        trace.facts.client_id.clone_from(&request.client_id);
    })?;
    let by_post = *method == Method::POST;
    let mark = LoginMark::new(trace, by_post, platform_id.is_some(), headers);
    send_on(app, tool, &platform, &request, headers, mark)
}

/// The platform of an acceptable request.
async fn choose(
    app: &App,
    tool: &Tool,
    platform_id: Option<&str>,
    request: &LoginRequest,
    trace: &mut Recorder,
) -> Result<Arc<Platform>, Problem> {
    app.admission.admit_issuer(tool, &request.issuer)?;
    let platform = find(app, tool, platform_id, request, trace)
        .await?
        .map_err(|refusal| refusal.problem(Some(request)))?;
    trace.done(Step::PlatformFound);
    handoff::has_address(tool)?;
    check_target(app, tool, &platform, request)
        .map_err(|refusal| refusal.problem(Some(request)))?;
    trace.done(Step::TargetAllowed);
    Ok(platform)
}

fn check_target(
    app: &App,
    tool: &Tool,
    platform: &Platform,
    request: &LoginRequest,
) -> Result<(), LoginRefusal> {
    if request.target_link_uri.len() > MAX_TARGET {
        return Err(LoginRefusal::Target(format!(
            "it is longer than {MAX_TARGET} bytes"
        )));
    }
    let rules = Rules::new(&tool.settings.launch, platform);
    let origins = rules.target_origins(&app.config.public_url);
    lti::target::check_target(&request.target_link_uri, &origins)
        .map(drop)
        .map_err(|refusal| {
            LoginRefusal::Target(match origin_of(&request.target_link_uri) {
                Some(origin) => format!("{refusal}: {origin}"),
                None => refusal.to_string(),
            })
        })
}

/// Where an address leads, without the rest of it, which may name a person.
fn origin_of(address: &str) -> Option<String> {
    let origin = Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// Chooses the registration.
async fn find(
    app: &App,
    tool: &Tool,
    platform_id: Option<&str>,
    request: &LoginRequest,
    trace: &mut Recorder,
) -> Result<Result<Arc<Platform>, LoginRefusal>, Problem> {
    let unregistered = || LoginRefusal::Unregistered {
        issuer: request.issuer.clone(),
        client_id: request.client_id.clone().unwrap_or_else(|| "(none)".into()),
    };
    let platform = if let Some(id) = platform_id {
        let Some(platform) = app
            .platforms
            .by_id(id)
            .await?
            .filter(|platform| platform.tool_id == tool.id)
        else {
            return Ok(Err(unregistered()));
        };
        let same = platform.issuer == request.issuer
            && request
                .client_id
                .as_ref()
                .is_none_or(|id| *id == platform.client_id);
        trace.platform = Some(platform.clone());
        if !same {
            return Ok(Err(LoginRefusal::OtherPlatform(platform.id.clone())));
        }
        platform
    } else {
        let platforms = app.platforms.of_issuer(&tool.id, &request.issuer).await?;
        let mut fitting = platforms
            .iter()
            .filter(|platform| match &request.client_id {
                Some(client_id) => *client_id == platform.client_id,
                None => platform.active,
            });
        match (fitting.next(), fitting.next()) {
            (Some(platform), None) => platform.clone(),
            (Some(_), Some(_)) => match by_deployment(app, &platforms, request).await? {
                Some(platform) => platform,
                None => return Ok(Err(LoginRefusal::Ambiguous(request.issuer.clone()))),
            },
            // A single inactive one is worth naming.
            (None, _) => match platforms.first() {
                Some(platform) if request.client_id.is_none() => platform.clone(),
                _ => return Ok(Err(unregistered())),
            },
        }
    };
    trace.platform = Some(platform.clone());
    Ok(if platform.active {
        Ok(platform)
    } else {
        Err(LoginRefusal::Inactive(platform.id.clone()))
    })
}

/// The one active platform among several that knows the login's deployment, where it names one. It only ends the
/// tie: what the launch may do is for its token to prove. The one login that asks the store.
async fn by_deployment(
    app: &App,
    platforms: &[Arc<Platform>],
    request: &LoginRequest,
) -> Result<Option<Arc<Platform>>, Problem> {
    let (Some(deployment_id), Some(any)) = (&request.deployment_id, platforms.first()) else {
        return Ok(None);
    };
    let found = app.db.look_up(|mut tx| {
        let (tool_id, issuer) = (any.tool_id.clone(), any.issuer.clone());
        let id = deployment_id.clone();
        Box::pin(async move { deployments::active_platforms(&mut tx, tool_id, issuer, id).await })
    });
    let found = found.await?;
    let [one] = found.as_slice() else {
        return Ok(None);
    };
    Ok(platforms
        .iter()
        .find(|platform| platform.id == *one)
        .cloned())
}

fn send_on(
    app: &App,
    tool: &Tool,
    platform: &Platform,
    request: &LoginRequest,
    headers: &HeaderMap,
    mark: LoginMark,
) -> Result<Response, Problem> {
    let now_ms = app.clock.now_ms();
    let place = Place::of(headers);
    let [nonce, binding] = app.random.two_tokens();
    let mut state = State {
        platform_id: platform.id.clone(),
        nonce,
        target_link_uri: request.target_link_uri.clone(),
        deployment_id: request.deployment_id.clone(),
        storage_target: storage_page::usable(request.storage_target.as_deref()),
        around: place.around(platform, headers),
        hints: None,
        login_id: cookies::new_login_id(now_ms, &app.random),
        binding,
        expires: now_ms / 1000 + LOGIN_SECONDS,
        mark,
    };
    let hints = Hints {
        login: request.login_hint.clone(),
        message: request.lti_message_hint.clone(),
    };
    let (sealed, to_platform) = sealed_with_hints(app, platform, &mut state, &hints)?;
    let checked = match place {
        Place::Frame => Some(onward::address(app, &sealed, &hints)?),
        Place::Window | Place::Unknown => None,
    };
    state.hints = Some(hints);
    let mut answer = match (state.storage(), &checked) {
        (Some(_), checked) => {
            let page = storage_page::Passing {
                app,
                tool,
                platform,
                state: &state,
                language: Language::accepted(headers),
            };
            page.put(&to_platform, checked.as_ref())
        }
        (None, Some(checked)) => redirect::found(checked)?,
        (None, None) => redirect::found(&to_platform)?,
    };
    cookies::set(
        answer.headers_mut(),
        headers,
        &state.login_id,
        &state.binding,
        app.config.public_url.is_developer_mode(),
    );
    Ok(answer)
}

/// The sealed state and the authentication request that carries it. The state keeps the hints, which a login in a new
/// window needs, unless they would make the address longer than the platform's server may take.
fn sealed_with_hints(
    app: &App,
    platform: &Platform,
    state: &mut State,
    hints: &Hints,
) -> Result<(String, Url), Problem> {
    state.hints = Some(hints.clone());
    let sealed = state.seal(app).map_err(Problem::internal)?;
    let request = authentication_request(app, platform, state, &sealed, hints)?;
    if request.as_str().len() <= MAX_REQUEST {
        return Ok((sealed, request));
    }
    state.hints = None;
    let sealed = state.seal(app).map_err(Problem::internal)?;
    let request = authentication_request(app, platform, state, &sealed, hints)?;
    Ok((sealed, request))
}

/// The address of the authentication request at the platform (A.3).
pub(super) fn authentication_request(
    app: &App,
    platform: &Platform,
    state: &State,
    sealed: &str,
    hints: &Hints,
) -> Result<Url, Problem> {
    let endpoint = Url::parse(&platform.authorization_endpoint).map_err(Problem::internal)?;
    let request = AuthenticationRequest {
        client_id: &platform.client_id,
        redirect_uri: &app.config.public_url.join("/lti/launch"),
        login_hint: &hints.login,
        lti_message_hint: hints.message.as_deref(),
        state: sealed,
        nonce: &state.nonce,
    };
    Ok(request.url(&endpoint))
}
