//! `POST /<dialect>/launch`: the checks that need no store, cheapest first, then the transaction
//! (studyreel.md §5).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use axum::{Extension, Json};
use jiff::tz::TimeZone;
use serde_json::Value;
use studyreel::{
    CheckedLaunch, Dialect, DocumentedAnswer, LaunchAnswer, OurRefusal, Payload, PayloadRefusal,
    PayloadRules, UserType, check, subject_key,
};
use utoipa::IntoResponses;

use super::arrival::Arrival;
use super::refusal::StudyReelRefusal;
use super::room::StudyReel;
use super::{access, body, gate, login_link, provision, signature};
use crate::directory::tools::Tool;
use crate::kit::text::for_log;
use crate::launch::handoff::{self, Destination};
use crate::traces::{Kind, Recorder, Step};
use crate::web::problem::Problem;
use lti::json::without_mark;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The answers to a launch, for the OpenAPI document.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document needs the descriptions alone")]
enum LaunchAnswers {
    /// Send the student's browser to `loginLink`, which works once.
    #[response(status = 200)]
    Accepted(DocumentedAnswer<'static>),
    /// The launch is malformed or breaks a rule; `code` says which.
    #[response(status = 400)]
    Wrong(OurRefusal<'static>),
    /// It doesn't prove that it comes from the platform, or it came too late.
    #[response(status = 401)]
    Unproven(OurRefusal<'static>),
    /// The issuer, the deployment or the student may not launch.
    #[response(status = 403)]
    Forbidden(OurRefusal<'static>),
    /// There is nothing at this address.
    #[response(status = 404)]
    Nowhere(OurRefusal<'static>),
    /// The body took too long to arrive.
    #[response(status = 408)]
    TooSlow(OurRefusal<'static>),
    /// The launch was seen before.
    #[response(status = 409)]
    Seen(OurRefusal<'static>),
    /// The body is larger than 64 KiB.
    #[response(status = 413)]
    TooLarge(OurRefusal<'static>),
    /// The body is not declared as JSON.
    #[response(status = 415)]
    NotJson(OurRefusal<'static>),
    /// Too many launches. Try again after `Retry-After` seconds.
    #[response(status = 429)]
    TooMany(OurRefusal<'static>),
    /// An error on our side.
    #[response(status = 500)]
    Internal(OurRefusal<'static>),
    /// Try again after `Retry-After` seconds.
    #[response(status = 503)]
    Unavailable(OurRefusal<'static>),
}

/// Takes a launch from StudyReel at the plain address, if the tool allows it.
///
/// The body is a launch as documented by StudyReel. `/launch` is the same; other dialects have
/// their own address, such as `/lti-magic-link/launch`, which answers with `MagicLinkAnswer` and
/// `MagicLinkRefusal`. There is nothing at this address unless the setting
/// `studyreel.requireCapability` is `false` or the installation is on a loopback address.
#[utoipa::path(
    post, path = "/studyreel/launch", tag = "Platform: StudyReel", operation_id = "launchFromStudyReel",
    request_body = Map<String, Value>,
    responses(LaunchAnswers),
)]
pub(crate) async fn plain(
    State(room): State<StudyReel>,
    Extension(dialect): Extension<&'static Dialect>,
    request: Request,
) -> Result<Response, Problem> {
    let at = LaunchAddress {
        dialect,
        capability: None,
    };
    let tool = at.tool(&room, &request)?;
    Ok(receive(&room, &at, tool, request).await)
}

/// Takes a launch at the unguessable address.
///
/// The same as at the plain address; with a wrong capability there seems to be nothing at the
/// address.
#[utoipa::path(
    post, path = "/studyreel/launch/{capability}", tag = "Platform: StudyReel", operation_id = "launchFromStudyReelWithCapability",
    params(("capability" = String, Path, description = "From `capabilityLaunchUrl` of `GET /admin/studyreel`.")),
    request_body = Map<String, Value>,
    responses(LaunchAnswers),
)]
pub(crate) async fn capable(
    State(room): State<StudyReel>,
    Extension(dialect): Extension<&'static Dialect>,
    Path(capability): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let at = LaunchAddress {
        dialect,
        capability: Some(capability),
    };
    let tool = at.tool(&room, &request)?;
    Ok(receive(&room, &at, tool, request).await)
}

/// Where a launch was posted.
struct LaunchAddress {
    dialect: &'static Dialect,
    /// None at the plain address.
    capability: Option<String>,
}

impl LaunchAddress {
    /// The tool a request is for, if it takes launches here.
    fn tool(&self, room: &StudyReel, request: &Request) -> Result<Arc<Tool>, StudyReelRefusal> {
        let tool = room.tool_at(request.uri(), request.headers());
        let tool = tool.ok_or(StudyReelRefusal::Nowhere)?;
        self.check(room, &tool)?;
        Ok(tool)
    }

    /// Whether a tool takes launches here.
    fn check(&self, room: &StudyReel, tool: &Tool) -> Result<(), StudyReelRefusal> {
        let settings = &tool.settings.studyreel;
        if !access::takes(settings, self.dialect) {
            return Err(StudyReelRefusal::Nowhere);
        }
        let Some(capability) = &self.capability else {
            return match room.needs_capability(tool) {
                true => Err(StudyReelRefusal::CapabilityMissing),
                false => Ok(()),
            };
        };
        // Compares every secret, so that the time taken doesn't tell which one matched.
        let is_right = settings.secrets.iter().fold(false, |right, number| {
            let keys = &room.keys;
            right | keys.is_capability(self.dialect, &tool.id, *number, capability)
        });
        match is_right {
            true => Ok(()),
            false => Err(StudyReelRefusal::Nowhere),
        }
    }

    /// The tool as it is once the body has arrived, which may have taken seconds: it may take fewer
    /// launches by then.
    fn tool_now(
        &self,
        room: &StudyReel,
        before: &Arc<Tool>,
        head: &Parts,
    ) -> Result<Arc<Tool>, StudyReelRefusal> {
        let tool = room.tools.by_id(&before.id);
        let tool = tool.ok_or(StudyReelRefusal::Nowhere)?;
        if !Arc::ptr_eq(before, &tool) {
            self.check(room, &tool)?;
            gate::check(room, self.dialect, &tool, head)?;
        }
        Ok(tool)
    }
}

async fn receive(
    room: &StudyReel,
    at: &LaunchAddress,
    tool: Arc<Tool>,
    request: Request,
) -> Response {
    let mut trace = Recorder::new(Kind::StudyReel, &room.clock, request.headers());
    trace.tool_id = Some(tool.id.clone());
    trace.facts.dialect = Some(at.dialect.name.into());
    let taken = read_and_take(room, at, tool, request, &mut trace).await;
    trace.close(taken)
}

async fn read_and_take(
    room: &StudyReel,
    at: &LaunchAddress,
    tool: Arc<Tool>,
    request: Request,
    trace: &mut Recorder,
) -> Result<Json<Value>, Problem> {
    let dialect = at.dialect;
    let (head, body) = request.into_parts();
    let per_source = tool.settings.studyreel.limits.per_source;
    let source = room.clients.source_of(&head).to_string();
    // StudyReel sends every tool's launches from the same address.
    admit(room, &["source", &tool.id, &source], per_source)?;
    gate::check(room, dialect, &tool, &head)?;
    if !body::is_json(&head.headers) {
        return Err(StudyReelRefusal::UnsupportedMediaType.into());
    }
    let body = tokio::time::timeout(BODY_TIME, body::read(body))
        .await
        .map_err(|_| StudyReelRefusal::TooSlow)??;
    trace.done(Step::BodyRead);
    let tool = at.tool_now(room, &tool, &head)?;
    let keys = &room.keys;
    let secrets = &tool.settings.studyreel.secrets;
    let secrets = secrets.iter();
    let secrets = secrets.map(|number| keys.signing_secret(dialect, &tool.id, *number));
    signature::check(
        tool.settings.studyreel.signature,
        secrets,
        &head.headers,
        &body,
        room.clock.now_seconds(),
    )?;
    trace.done(Step::ProofChecked);
    // The signature covers the body as received.
    let body = body.slice_ref(without_mark(&body));
    let payload = dialect.parse(&body).map_err(StudyReelRefusal::from)?;
    trace.done(Step::FormRead);
    let issuer = payload.claimed_issuer();
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    let subject = subject_key(payload.claimed_subject());
    let subject_hash = keys.subject_hash(&tool.id, issuer, &subject);
    // Boxed, so that a launch whose body is still arriving doesn't have room for all of this.
    Box::pin(take(room, dialect, tool, &payload, &body, trace))
        .await
        .map(|answer| Json(dialect.accept(&answer)))
        .map_err(|refusal| Problem::from(refusal).about(short(&subject_hash)))
}

/// Checks what a launch claims, then stores what it creates.
async fn take(
    room: &StudyReel,
    dialect: &'static Dialect,
    tool: Arc<Tool>,
    payload: &Payload,
    body: &[u8],
    trace: &mut Recorder,
) -> Result<LaunchAnswer, StudyReelRefusal> {
    let launch = accept(room, dialect, &tool, payload)?;
    trace.done(Step::ClaimsChecked);
    handoff::address(&tool, Destination::Launch).map_err(|_| StudyReelRefusal::NotSetUp)?;
    trace.facts.skew_seconds = Some(launch.issued_at - room.clock.now_seconds());
    trace.deployment_id = Some(launch.deployment_id.clone());
    let (id, issuer, limits) = (&*tool.id, &*launch.issuer, &tool.settings.studyreel.limits);
    admit(
        room,
        &["student", id, issuer, &launch.subject_key],
        limits.per_student,
    )?;
    let deployment = ["deployment", id, issuer, &launch.deployment_id];
    admit(room, &deployment, limits.per_deployment)?;
    let (issuer, deployment) = (launch.issuer.clone(), launch.deployment_id.clone());
    let link = login_link::FreshLink::new(room, &tool);
    let login_link = link.url.clone();
    let arrival = Arrival::new(room, dialect, tool, launch, body, trace.clone()).await?;
    let subject = short(arrival.subject_hash());
    let (launch, told) = provision::run(room, arrival, link).await?;
    let (launch_id, new) = (&launch.id, told.user_type == UserType::New);
    let (issuer, deployment) = (for_log(&issuer), for_log(&deployment));
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

fn admit(room: &StudyReel, key: &[&str], per_minute: u32) -> Result<(), StudyReelRefusal> {
    room.admit(key, per_minute).map_err(|seconds| {
        let of_what = key.first().copied().unwrap_or_default();
        StudyReelRefusal::RateLimited(of_what.to_owned(), seconds)
    })
}

/// A sender's text, shortened and escaped for the log.
fn quoted(text: &str) -> String {
    format!("{:?}", for_log(text))
}

fn accept(
    room: &StudyReel,
    dialect: &Dialect,
    tool: &Tool,
    payload: &Payload,
) -> Result<CheckedLaunch, StudyReelRefusal> {
    let settings = &tool.settings.studyreel;
    // The zone's name was checked when it was set.
    let zone = TimeZone::get(&settings.time_zone).map_err(StudyReelRefusal::internal)?;
    let (issuers, deployments) = (
        access::issuers(settings, dialect),
        access::deployments(settings, dialect),
    );
    let mut expected = PayloadRules::new(&issuers, deployments, &zone);
    expected.sandbox = settings.sandbox;
    expected.skew_seconds = i64::from(settings.skew_seconds);
    expected.max_age_seconds = settings.max_age_seconds.map(i64::from);
    check(payload, &expected, room.clock.now_seconds()).map_err(|refusal| {
        // What an operator needs to know to allow the launch.
        let claimed = match refusal {
            PayloadRefusal::UnknownIssuer => Some(payload.claimed_issuer()),
            PayloadRefusal::UnknownDeployment => Some(payload.claimed_deployment()),
            _ => None,
        };
        StudyReelRefusal::Payload(refusal.code(), refusal, claimed.map(quoted))
    })
}

/// Enough of a hash to find a student's attempts in the log.
fn short(hash: &[u8]) -> String {
    let bytes = hash.iter().take(6);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}
