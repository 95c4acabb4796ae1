//! `POST /<dialect>/launch`: the checks that need no store, cheapest first, then the transaction (studyreel.md §5).

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::{Extension, Json};
use futures_util::StreamExt;
use jiff::tz::TimeZone;
use serde_json::Value;
use studyreel::{
    CheckedLaunch, Dialect, LaunchAnswer, LaunchRules, Payload, Refusal, UserType, check,
    subject_key,
};

use super::answer::{Refused, short};
use super::provision::{self, Arrival};
use super::{gate, login_link, signature};
use crate::app::App;
use crate::directory::tools::Tool;
use crate::kit::media_type;
use crate::traces::{Kind, Recorder, Step};

/// Most bytes of a launch (§5, item 1).
const LAUNCH_BYTES: usize = 64 * 1024;
/// Most bytes of a larger body that are read and dropped, so that its sender gets to read the refusal.
const DROPPED_BYTES: usize = 8 * 1024 * 1024;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(10);

/// `POST /<dialect>/launch`, `/launch`.
pub(super) async fn plain(
    State(app): State<App>,
    Extension(dialect): Extension<&'static Dialect>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let tool = tool_of(&app, dialect, request.headers())?;
    if tool.settings.studyreel.require_capability {
        return Err(Refused::nowhere());
    }
    receive(&app, dialect, tool, request).await
}

/// `POST /<dialect>/launch/<capability>` (§5, item 2).
pub(super) async fn capable(
    State(app): State<App>,
    Extension(dialect): Extension<&'static Dialect>,
    Path(capability): Path<String>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let tool = tool_of(&app, dialect, request.headers())?;
    let keys = &app.studyreel.keys;
    // Every secret is compared, whichever is right.
    let secrets = tool.settings.studyreel.secrets.iter();
    let is_right = secrets.fold(false, |right, number| {
        right | keys.is_capability(dialect, &tool.id, *number, &capability)
    });
    if !is_right {
        return Err(Refused::nowhere());
    }
    receive(&app, dialect, tool, request).await
}

/// The tool a request is for, if it takes this dialect.
fn tool_of(app: &App, dialect: &Dialect, headers: &HeaderMap) -> Result<Arc<Tool>, Refused> {
    tool_at(app, headers)
        .filter(|tool| tool.settings.studyreel.takes(dialect))
        .ok_or_else(Refused::nowhere)
}

/// The tool a request is for, if it takes launches from StudyReel.
pub(super) fn tool_at(app: &App, headers: &HeaderMap) -> Option<Arc<Tool>> {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    app.tools
        .at(host.unwrap_or(""))
        .filter(|tool| tool.settings.studyreel.enabled)
}

async fn receive(
    app: &App,
    dialect: &'static Dialect,
    tool: Arc<Tool>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let mut trace = Recorder::new(Kind::StudyReel, &app.clock, request.headers());
    trace.tool_id = Some(tool.id.clone());
    trace.facts.dialect = Some(dialect.name.into());
    let taken = read_and_take(app, dialect, tool, request, &mut trace).await;
    taken.map_err(|refused| refused.traced(trace))
}

async fn read_and_take(
    app: &App,
    dialect: &'static Dialect,
    tool: Arc<Tool>,
    request: Request,
    trace: &mut Recorder,
) -> Result<Json<Value>, Refused> {
    let (head, body) = request.into_parts();
    let per_source = tool.settings.studyreel.limits.per_source;
    let source = app.clients.source_of(&head).to_string();
    admit(app, &["source", &source], per_source)?;
    gate::check(app, dialect, &tool, &head)?;
    if !is_json(&head.headers) {
        return Err(Refusal::UnsupportedMediaType.into());
    }
    let body = tokio::time::timeout(BODY_TIME, read(body))
        .await
        .map_err(|_| Refused::too_slow())??;
    trace.done(Step::BodyRead);
    let keys = &app.studyreel.keys;
    let secrets = &tool.settings.studyreel.secrets;
    let secrets = secrets.iter();
    let secrets = secrets.map(|number| keys.signing_secret(dialect, &tool.id, *number));
    signature::check(
        tool.settings.studyreel.signature,
        secrets,
        &head.headers,
        &body,
        app.clock.now_seconds(),
    )?;
    trace.done(Step::ProofChecked);
    let payload = dialect.parse(&body)?;
    trace.done(Step::FormRead);
    let issuer = payload.claimed_issuer();
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    let subject = subject_key(payload.claimed_subject());
    let subject_hash = keys.subject_hash(&tool.id, issuer, &subject);
    take(app, dialect, tool, &payload, &body, trace)
        .await
        .map(|answer| Json(dialect.accept(&answer)))
        .map_err(|refused| refused.of_subject(&subject_hash))
}

/// Checks what a launch claims, then lets it create what it may.
async fn take(
    app: &App,
    dialect: &'static Dialect,
    tool: Arc<Tool>,
    payload: &Payload,
    body: &[u8],
    trace: &mut Recorder,
) -> Result<LaunchAnswer, Refused> {
    let launch = accept(app, dialect, &tool, payload).map_err(|refusal| match refusal {
        // What an operator has to know in order to allow it.
        Refusal::UnknownIssuer => Refused::from(refusal).noting(quoted(payload.claimed_issuer())),
        Refusal::UnknownDeployment => {
            Refused::from(refusal).noting(quoted(payload.claimed_deployment()))
        }
        _ => refusal.into(),
    })?;
    trace.done(Step::ClaimsChecked);
    trace.facts.skew_seconds = Some(launch.issued_at - app.clock.now_seconds());
    trace.deployment_id = Some(launch.deployment_id.clone());
    let (id, issuer, limits) = (&*tool.id, &*launch.issuer, &tool.settings.studyreel.limits);
    admit(
        app,
        &["student", id, issuer, &launch.subject_key],
        limits.per_student,
    )?;
    let deployment = ["deployment", id, issuer, &launch.deployment_id];
    admit(app, &deployment, limits.per_deployment)?;
    let (issuer, deployment) = (launch.issuer.clone(), launch.deployment_id.clone());
    let link = login_link::Fresh::new(app, &tool);
    let login_link = link.url.clone();
    let arrival = Arrival::new(app, dialect, tool, launch, body, trace.clone()).await?;
    let subject = short(arrival.subject_hash());
    let (launch, told) = provision::run(app, arrival, link).await?;
    let (launch_id, new) = (&launch.id, told.user_type == UserType::New);
    tracing::info!(
        dialect = dialect.name,
        launch_id,
        issuer,
        deployment,
        subject,
        new,
        "StudyReel launch"
    );
    Ok(LaunchAnswer::new(told.user_id, told.user_type, login_link))
}

fn admit(app: &App, key: &[&str], per_minute: u32) -> Result<(), Refused> {
    let admitted = app.limiter.admit(key, per_minute, app.clock.now_ms());
    admitted.map_err(|seconds| {
        let of_what = key.first().copied().unwrap_or_default();
        Refused::too_many(seconds).noting(format!("the limit per {of_what}"))
    })
}

/// A sender's text as it may stand in the log: short, and with everything odd about it escaped.
fn quoted(text: &str) -> String {
    format!("{:?}", text.chars().take(255).collect::<String>())
}

fn accept(
    app: &App,
    dialect: &Dialect,
    tool: &Tool,
    payload: &Payload,
) -> Result<CheckedLaunch, Refusal> {
    let settings = &tool.settings.studyreel;
    // The name was checked when it was set.
    let zone = TimeZone::get(&settings.time_zone).map_err(|_| Refusal::Internal)?;
    let (issuers, deployments) = (
        settings.issuers_of(dialect),
        settings.deployments_of(dialect),
    );
    let mut expected = LaunchRules::new(&issuers, deployments, &zone);
    expected.sandbox = settings.sandbox;
    expected.skew_seconds = i64::from(settings.skew_seconds);
    expected.max_age_seconds = settings.max_age_seconds.map(i64::from);
    check(payload, &expected, app.clock.now_seconds())
}

fn is_json(headers: &HeaderMap) -> bool {
    // Two declarations declare nothing.
    let declarations = headers.get_all(CONTENT_TYPE).iter().count();
    declarations == 1 && media_type::is(headers, media_type::JSON)
}

/// The whole body. One that is too large is read on for a while, since a sender that is cut off while it still sends
/// may never see the answer.
async fn read(body: Body) -> Result<Bytes, Refused> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| {
            Refused::from(Refusal::NotJson).noting(format!("the body broke off: {error}"))
        })?;
        length = length.saturating_add(part.len());
        if length <= LAUNCH_BYTES {
            kept.extend_from_slice(&part);
        } else if length > DROPPED_BYTES {
            break;
        }
    }
    if length > LAUNCH_BYTES {
        Err(Refusal::TooLarge.into())
    } else {
        Ok(kept.into())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn json_may_carry_parameters_and_nothing_else_passes() {
        let with = |value: &str| HeaderMap::from_iter([(CONTENT_TYPE, value.parse().unwrap())]);
        for json in [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON ;x=y",
        ] {
            assert!(is_json(&with(json)), "{json}");
        }
        for other in [
            "text/plain",
            "application/jsonx",
            "application/x-www-form-urlencoded",
            "",
        ] {
            assert!(!is_json(&with(other)), "{other}");
        }
        assert!(!is_json(&HeaderMap::new()));
        let mut twice = with("application/json");
        twice.append(CONTENT_TYPE, "text/plain".parse().unwrap());
        assert!(!is_json(&twice));
    }

    #[tokio::test]
    async fn a_body_is_read_to_64_kib_and_no_further() {
        let body = |length: usize| Body::from(vec![b' '; length]);
        assert_eq!(read(body(LAUNCH_BYTES)).await.unwrap().len(), LAUNCH_BYTES);
        assert!(read(body(LAUNCH_BYTES + 1)).await.is_err());
    }
}
