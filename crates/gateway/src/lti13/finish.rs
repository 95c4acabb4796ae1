//! The launch: what the platform posts back, checked in the order of lti.md §B.2, stored with one INSERT, handed on.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State as AxumState};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use lti::id_token::{Checked, Expected, SignedToken, UnverifiedToken};
use lti::login::{LaunchForm, PlatformError};
use lti::message::MessageType;
use url::form_urlencoded;

use super::adapter::ADAPTER;
use super::cookies;
use super::storage_page;
use crate::app::App;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::{id, media_type, seal};
use crate::launch::handoff::{self, Destination};
use crate::launch::{Launch, Nonce, Release};
use crate::lti13::onward::Place;
use crate::lti13::refusal::{LaunchRefusal, leading_back, offering, unknown_browser};
use crate::lti13::rules::Rules;
use crate::lti13::state::{Around, State};
use crate::lti13::surroundings::Surroundings;
use crate::settings::launch::UnknownDeployments;
use crate::traces::Binding;
use crate::traces::{Kind, Recorder, Step};
use crate::web::form;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::launch as texts;
use store::StoreError;
use store::deployments::{self, Status};
use store::launches;

/// `GET /lti/launch`: somebody typed the address, a platform looks whether it is alive, or it sends its error this way
///
pub async fn visit(
    AxumState(app): AxumState<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let pairs = form_urlencoded::parse(query.as_deref().unwrap_or("").as_bytes());
    if let Ok(LaunchForm::Error { error, state }) = LaunchForm::from_pairs(pairs) {
        let mut trace = Recorder::new(Kind::Launch, &app.clock, &headers);
        trace.done(Step::FormRead);
        let no = platform_said_no(&app, &headers, error, &state, &mut trace).await;
        return trace.close(no);
    }
    Problem::page(
        StatusCode::BAD_REQUEST,
        "NOT_A_LAUNCH",
        texts::TITLE_FROM_COURSE,
        texts::NOT_A_LAUNCH,
    )
    .into_response()
}

/// `POST /lti/launch`, `/`.
pub async fn receive(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let mut trace = Recorder::new(Kind::Launch, &app.clock, &headers);
    let taken = take(&app, &headers, &body, &mut trace).await;
    trace.close(taken)
}

async fn take(
    app: &App,
    headers: &HeaderMap,
    body: &Bytes,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    if !media_type::is(headers, media_type::FORM) {
        return Err(LaunchRefusal::NotAForm.into());
    }
    let form =
        LaunchForm::from_pairs(form::pairs(&form::text_of(body))).map_err(LaunchRefusal::from)?;
    trace.done(Step::FormRead);
    let (id_token, state, storage_target) = match form {
        LaunchForm::Token {
            id_token,
            state,
            storage_target,
        } => (id_token, state, storage_target),
        LaunchForm::Error { error, state } => {
            return platform_said_no(app, headers, error, &state, trace).await;
        }
    };
    let (state, platform) = begun(app, &state, trace).await?;
    let cookie = cookies::found(
        headers,
        &state.login_id,
        &state.binding,
        app.config.public_url.is_developer_mode(),
    );
    let release = if cookie.is_some() {
        trace.facts.binding = cookie;
        trace.done(Step::BrowserKnown);
        Release::Now
    } else if storage_may_help(&state, storage_target.as_deref()) {
        trace.facts.binding = Some(Binding::Storage);
        Release::Later
    } else {
        trace.facts.binding = Some(Binding::None);
        // A form that is sent again comes without them as well: they went with its first use.
        if is_spent(app, &platform, &state).await? {
            return Err(LaunchRefusal::Replayed.into());
        }
        // Where cookies fail in a window of its own, another window is no better.
        let again = (Place::of(headers) != Place::Window).then(|| state.login_again(&platform));
        let refusal = LaunchRefusal::frame_origin(&state).unwrap_or(LaunchRefusal::OtherBrowser);
        return Err(unknown_browser(refusal, again.flatten()));
    };
    let tool = app
        .tools
        .by_id(&platform.tool_id)
        .ok_or_else(|| Problem::internal("the platform's tool is gone"))?;
    let rules = Rules::new(&tool.settings.launch, &platform);
    let unverified =
        UnverifiedToken::parse_within(&id_token, &rules.algorithms(), rules.max_token_bytes())
            .map_err(LaunchRefusal::from)?;
    let signed = verify(app, &platform, &unverified, trace).await?;
    let mut attempt = Attempt {
        app,
        tool: &tool,
        platform: &platform,
        rules,
        state: &state,
        release,
        trace,
    };
    let (launch, checked) = match attempt.check(&signed).await {
        Ok(accepted) => accepted,
        Err(refused) => {
            trace.payload(signed.claim_names(), signed.payload(), &tool);
            // The signature was good: this nonce has had its one use (B-10). Where it was our fault, the form is good
            // once we are well again.
            if !refused.status.is_server_error() {
                spend_nonce(app, &platform, &state).await?;
            }
            let around = Surroundings::of(signed.payload());
            let refused = refused.spoken_in(around.language());
            return Err(leading_back(refused, around.way_back(&platform)));
        }
    };
    let to = destination(&checked);
    if release == Release::Later {
        let language = Surroundings::of(signed.payload()).language();
        let page = storage_page::Passing {
            app,
            tool: &tool,
            platform: &platform,
            state: &state,
            language: language.unwrap_or_else(|| Language::accepted(headers)),
        };
        return page.get(&launch.id, to, checked.target);
    }
    let mut answer = handoff::redirect(&app.ltiks, &tool, &launch.id, to, Some(&checked.target))?;
    cookies::clear(answer.headers_mut(), headers, &state.login_id);
    Ok(answer)
}

fn destination(checked: &Checked) -> Destination<'static> {
    match checked.message_type {
        MessageType::DeepLinking => Destination::DeepLinking,
        _ => Destination::Launch,
    }
}

/// Whether the platform offered storage at login, and doesn't name another frame now (C-22).
fn storage_may_help(state: &State, named_now: Option<&str>) -> bool {
    let offered = state.storage();
    offered.is_some() && named_now.is_none_or(|name| Some(name) == offered)
}

/// The login that this belongs to, which isn't over yet, and its platform.
pub(super) async fn begun(
    app: &App,
    state: &str,
    trace: &mut Recorder,
) -> Result<(State, Arc<Platform>), Problem> {
    let state = State::unseal(app, state).map_err(LaunchRefusal::from)?;
    trace.facts.login = Some(state.login());
    trace.facts.unlisted_origin = state.around.unlisted().cloned();
    trace.is_framed_by_platform = state.around == Around::Listed;
    trace.done(Step::StateOpened);
    let platform = app.platforms.by_id(&state.platform_id).await?;
    trace.platform.clone_from(&platform);
    state.check_time(app).map_err(LaunchRefusal::from)?;
    let platform = platform.ok_or(LaunchRefusal::PlatformGone)?;
    trace.done(Step::PlatformFound);
    Ok((state, platform))
}

/// The platform's own error: the login is over, and signing in there may work in a window of its own.
async fn platform_said_no(
    app: &App,
    headers: &HeaderMap,
    error: PlatformError,
    state: &str,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let (state, platform) = begun(app, state, trace).await?;
    let cookie = cookies::found(
        headers,
        &state.login_id,
        &state.binding,
        app.config.public_url.is_developer_mode(),
    );
    trace.facts.binding = cookie.or(Some(Binding::None));
    // Only the browser that began the login may end it.
    if cookie.is_some() {
        spend_nonce(app, &platform, &state).await?;
    }
    let again = error
        .code
        .suggests_new_window()
        .then(|| state.login_again(&platform))
        .flatten();
    Err(offering(LaunchRefusal::Platform(error), again))
}

/// Steps 3 to 6: a token that the platform's key signed.
async fn verify<'t>(
    app: &App,
    platform: &Platform,
    unverified: &'t UnverifiedToken<'_>,
    trace: &mut Recorder,
) -> Result<SignedToken<'t>, Problem> {
    let signed = verified(app, platform, unverified, trace).await;
    match signed {
        Ok(_) => {
            trace.is_signed = true;
            trace.done(Step::SignatureVerified);
        }
        Err(_) => trace.failure().kid = Some(unverified.kid().to_owned()),
    }
    signed.map_err(Problem::from)
}

async fn verified<'t>(
    app: &App,
    platform: &Platform,
    unverified: &'t UnverifiedToken<'_>,
    trace: &mut Recorder,
) -> Result<SignedToken<'t>, LaunchRefusal> {
    let found = app.platform_keys.find(platform, unverified.kid()).await?;
    trace.facts.keys = Some(found.source());
    trace.done(Step::KeyFound);
    let refused = match unverified.verify(found.get()?) {
        Ok(signed) => return Ok(signed),
        Err(refused) => refused,
    };
    // The platform may have put a new key under an old kid (G-24).
    let newer = app.platform_keys.find_newer(platform, &found).await;
    let Some((key, source)) = newer
        .as_ref()
        .and_then(|key| Some((key.get().ok()?, key.source())))
    else {
        return Err(refused.into());
    };
    trace.facts.keys = Some(source);
    Ok(unverified.verify(key)?)
}

struct Attempt<'a> {
    app: &'a App,
    tool: &'a Tool,
    platform: &'a Arc<Platform>,
    rules: Rules<'a>,
    state: &'a State,
    release: Release,
    trace: &'a mut Recorder,
}

impl Attempt<'_> {
    /// Steps 7 to 11, and the INSERT that is step 9's other half.
    async fn check(&mut self, signed: &SignedToken<'_>) -> Result<(Arc<Launch>, Checked), Problem> {
        let (app, rules) = (self.app, &self.rules);
        let now = app.clock.now_seconds();
        self.trace.facts.skew_seconds = signed.issued_at().map(|issued| issued - now);
        let origins = rules.target_origins(&app.config.public_url);
        let expected = Expected {
            leeway_seconds: rules.leeway_seconds(),
            max_age_seconds: Some(rules.max_age_seconds()),
            anonymous_allowed: rules.allows_anonymous(),
            deployment_id: self.state.deployment_id.as_deref(),
            target_link_uri: Some(&self.state.target_link_uri),
            target_may_differ: rules.target_may_differ(),
            issuer: &self.platform.issuer,
            client_id: &self.platform.client_id,
            nonce: &self.state.nonce,
            target_origins: &origins,
            trusted_audiences: rules.trusted_audiences(),
            plain_http_allowed: false,
        };
        let checked = signed.check(&expected, now).map_err(LaunchRefusal::from)?;
        self.trace.done(Step::ClaimsChecked);
        self.trace.facts.message = Some(checked.message_type.name().into());
        let to = destination(&checked);
        if to == Destination::DeepLinking && !self.tool.settings.services.deep_linking {
            return Err(LaunchRefusal::DeepLinkingOff.into());
        }
        handoff::address(self.tool, to)?;
        if !self.platform.active {
            return Err(LaunchRefusal::Inactive(self.platform.id.clone()).into());
        }
        if let Some(subject) = &checked.subject
            && app.platforms.is_blocked(&self.platform.id, subject).await?
        {
            return Err(LaunchRefusal::PersonBlocked.into());
        }
        let deployment_is_new = match self.admit(&checked.deployment_id).await {
            Ok(is_new) => is_new,
            Err(refused) => {
                self.trace.deployment_id = Some(checked.deployment_id);
                return Err(refused);
            }
        };
        self.trace.done(Step::DeploymentAdmitted);
        let launch = self.store(signed, &checked, deployment_is_new).await?;
        Ok((launch, checked))
    }

    /// Whether the deployment may launch; true where it is seen for the first time.
    async fn admit(&self, deployment_id: &str) -> Result<bool, Problem> {
        let known = self
            .app
            .platforms
            .deployment(&self.platform.id, deployment_id)
            .await?;
        let refusal = match (known, self.rules.unknown_deployments()) {
            (Some(Status::Active), _) => return Ok(false),
            (None, UnknownDeployments::Auto) => return Ok(true),
            (Some(status), _) => stopped(status),
            (None, UnknownDeployments::Reject) => LaunchRefusal::DeploymentUnknown,
            (None, UnknownDeployments::Pending) => {
                let (platform_id, deployment_id) =
                    (self.platform.id.clone(), deployment_id.to_owned());
                let now = self.app.clock.now_ms();
                let save = self.app.db.write_one::<_, StoreError, _>(move |mut tx| {
                    Box::pin(async move {
                        deployments::save(&mut tx, platform_id, deployment_id, Status::Pending, now)
                            .await
                    })
                });
                save.await?;
                LaunchRefusal::DeploymentPending
            }
        };
        Err(refusal.into())
    }

    async fn store(
        &mut self,
        signed: &SignedToken<'_>,
        checked: &Checked,
        deployment_is_new: bool,
    ) -> Result<Arc<Launch>, Problem> {
        let (app, now) = (self.app, self.app.clock.now_ms());
        let deployment_id = checked.deployment_id.clone();
        let (names, payload) = (signed.claim_names(), signed.payload());
        let trace = self.trace.of_launch(names, payload, self.tool);
        let launch = Arc::new(Launch {
            id: id::new_id(now, &app.random),
            tool_id: self.tool.id.clone(),
            platform_id: Some(self.platform.id.clone()),
            adapter: ADAPTER.name,
            deployment_id: deployment_id.clone(),
            subject: checked.subject.clone(),
            document: payload.into(),
            created_at: now,
            expires_at: now + i64::from(self.tool.settings.retention.launch_minutes) * 60_000,
        });
        let nonce = nonce(self.platform, self.state);
        let row = app.launches.row(&launch, nonce, self.release, trace);
        let stored = if deployment_is_new {
            let (platform_id, status) = (self.platform.id.clone(), Status::Active);
            let first = app.db.write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move {
                    let (platform, id) = (platform_id.clone(), deployment_id.clone());
                    if !deployments::save(&mut tx, platform, id, status, now).await? {
                        // Somebody was faster: another launch, or an operator with another mind.
                        let known = deployments::one(&mut tx, platform_id, deployment_id).await?;
                        let known = known.map_or(status, |known| known.status);
                        if known != Status::Active {
                            return Ok(Err(stopped(known)));
                        }
                    }
                    launches::insert(&mut tx, row).await.map(Ok)
                })
            });
            first.await??
        } else {
            app.launches.store(row).await?
        };
        if !stored {
            return Err(LaunchRefusal::Replayed.into());
        }
        if self.release == Release::Now {
            app.launches.keep(&launch);
        }
        Ok(launch)
    }
}

/// Why a deployment that is known and not active may not launch.
fn stopped(status: Status) -> LaunchRefusal {
    match status {
        Status::Pending => LaunchRefusal::DeploymentPending,
        Status::Active | Status::Disabled => LaunchRefusal::DeploymentDisabled,
    }
}

/// Whether this login had its one use already.
async fn is_spent(app: &App, platform: &Platform, state: &State) -> Result<bool, StoreError> {
    app.launches.is_spent(&nonce(platform, state)).await
}

/// Leaves a row for the nonce of a login that came to nothing.
async fn spend_nonce(app: &App, platform: &Platform, state: &State) -> Result<(), Problem> {
    let id = id::new_id(app.clock.now_ms(), &app.random);
    let spend = app
        .launches
        .spend(&ADAPTER, platform, id, nonce(platform, state));
    Ok(spend.await?)
}

fn nonce(platform: &Platform, state: &State) -> Nonce {
    // The time in front lets what is spent at one time lie together in the index; it is the same for the same nonce.
    let mut hash = state.expires.to_be_bytes().to_vec();
    hash.extend(seal::hash(&["nonce", &platform.id, &state.nonce]));
    Nonce {
        hash,
        // Past the state's life no token with this nonce is taken.
        until: state.expires * 1000 + 60_000,
    }
}
