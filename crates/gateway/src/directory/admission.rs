//! Limits on the addresses that anyone may call: each source has a share (lti.md A-09).

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use futures_util::future::{Either, Ready, ready};
use store::{Db, registrations};
use tower::{Layer, Service};

use crate::directory::tools::{Tool, Tools, host_of};
use crate::kit::clock::Clock;
use crate::settings::limits::RateLimits;
use crate::web::client::{Clients, Source};
use crate::web::limiter::Limiter;
use crate::web::meaning::Remedy;
use crate::web::problem::{Problem, TOO_MANY};
use crate::web::rule::{Rule, rows};
use crate::web::texts::registration;
use crate::web::texts::{for_lms, meanings};

rows! {
    /// The refusals of these limits.
    pub(crate) const RULES: [Rule];

    const PER_ADDRESS = Rule {
        code: "LIMIT_PER_ADDRESS",
        ..TOO_MANY
    };
    const TOO_MANY_WAIT = Rule::new(
        "LIMIT_OF_REGISTRATIONS",
        StatusCode::TOO_MANY_REQUESTS,
        registration::TITLE_FAILED,
        registration::TOO_MANY_WAIT,
        "Activate or delete platforms that wait (hallpass platforms list), or raise limits.waitingRegistrations; \
         invitations are taken all the same.",
    )
    .meaning(meanings::TOO_MANY_WAIT, Remedy::Nothing)
    .for_lms(for_lms::OPERATOR)
    .telling("TOO_MANY_REGISTRATIONS");
}

/// How many uninvited registrations from one address may start to wait for someone within [`HOUR`].
/// A school registers a few LMSs at most; one address must not fill `limits.waitingRegistrations`
/// (decision 0418).
const NEWCOMERS: u32 = 20;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Addresses that anyone may call, by the limit they count towards.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entrance {
    /// Login initiations.
    Login,
    /// What platforms send back, and the requests that follow.
    Launch,
    Registration,
    KeySet,
    /// The logo on the pages of launches.
    Picture,
    /// The portal's pages, signed in or not.
    Portal,
}

impl Entrance {
    const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Launch => "launch",
            Self::Registration => "registration",
            Self::KeySet => "key set",
            Self::Picture => "picture",
            Self::Portal => "portal",
        }
    }

    const fn per_address(self, limits: &RateLimits) -> u32 {
        match self {
            Self::Login => limits.logins_per_address,
            // A launch page shows one.
            Self::Launch | Self::Picture => limits.launches_per_address,
            Self::Registration => limits.registrations_per_address,
            Self::KeySet => limits.key_sets_per_address,
            Self::Portal => limits.portal_per_address,
        }
    }
}

/// Enforces the limits. Cloning it is cheap.
#[derive(Clone)]
pub struct Admission {
    db: Db,
    clock: Clock,
    tools: Tools,
    clients: Clients,
    limiter: Limiter,
    /// Uninvited registrations, and recorded ones of known platforms, per hour.
    newcomers: Limiter,
}

impl Admission {
    /// Counts requests in `limiter`, by the source that `clients` determines, and registrations in
    /// `newcomers`, which must be another one.
    pub fn new(
        db: Db,
        clock: Clock,
        tools: Tools,
        clients: Clients,
        limiter: Limiter,
        newcomers: Limiter,
    ) -> Self {
        Self {
            db,
            clock,
            tools,
            clients,
            limiter,
            newcomers,
        }
    }

    /// Whether the tool accepts one more registration without an invitation. The limit keeps
    /// strangers from filling the store.
    ///
    /// # Errors
    /// 429 if too many are pending already, or the store failed.
    pub async fn admit_registration(&self, tool: &Tool) -> Result<(), Problem> {
        let most = tool.settings.limits.waiting_registrations;
        if most == 0 {
            return Ok(());
        }
        let mut reader = self.db.read().await?;
        let waiting = registrations::unanswered(&mut reader.tx(), tool.id.clone()).await?;
        if waiting < i64::from(most) {
            return Ok(());
        }
        let problem = TOO_MANY_WAIT.broken(format!(
            "{waiting} registrations and inactive platforms wait; activate or delete some of them"
        ));
        // The administrator can always close the LMS's window.
        let problem = problem.noticed(|notice| notice.closes = true);
        Err(problem.retry_after(3600))
    }

    /// Counts an uninvited registration that will wait for a click, for the tool or for its owner.
    ///
    /// # Errors
    /// 429 if its source has used up its share.
    pub(crate) fn admit_newcomer(&self, tool: &Tool, source: Source) -> Result<(), Problem> {
        if tool.settings.limits.waiting_registrations == 0 {
            return Ok(());
        }
        let key = [&*tool.id, &source.to_string()];
        let now = self.clock.uptime();
        let admitted = self.newcomers.admit_in(HOUR, &key, NEWCOMERS, now);
        admitted.map_err(|seconds| {
            let problem = too_many(NEWCOMERS, "uninvited registrations an hour", seconds);
            problem.noticed(|notice| notice.closes = true)
        })
    }

    /// Whether the audit records that a platform registered again: so many times an hour, because
    /// whoever has an LMS could fill the log otherwise.
    pub(crate) fn notes_again(&self, platform_id: &str) -> bool {
        let key = ["registered again", platform_id];
        let now = self.clock.uptime();
        let admitted = self.newcomers.admit_in(HOUR, &key, NEWCOMERS, now);
        admitted.is_ok()
    }

    fn admit(&self, key: &[&str], per_minute: u32) -> Result<(), Problem> {
        let now = self.clock.uptime();
        let admitted = self.limiter.admit(key, per_minute, now);
        admitted.map_err(|seconds| {
            let of_what = key.first().copied().unwrap_or_default();
            let what = format!("a minute, counted as: {of_what}");
            too_many(per_minute, &what, seconds)
        })
    }
}

/// 429: a source has used up its share, `most` of `what`.
fn too_many(most: u32, what: &str, seconds: u32) -> Problem {
    let problem = PER_ADDRESS.broken(format!("more than {most} {what}"));
    problem.retry_after(seconds)
}

/// A layer in front of an entrance that counts requests by source before it reads anything of them,
/// and refuses them with 429 if the source has used up its share. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Guard(Arc<(Admission, Entrance)>);

impl Guard {
    pub(crate) fn new(admission: Admission, entrance: Entrance) -> Self {
        Self(Arc::new((admission, entrance)))
    }

    fn admit(&self, head: &Parts) -> Result<(), Problem> {
        let (admission, entrance) = &*self.0;
        // If there is no tool, the handler explains what is wrong.
        let Some(tool) = admission.tools.at(host_of(&head.uri, &head.headers)) else {
            return Ok(());
        };
        let per_address = entrance.per_address(&tool.settings.limits);
        if per_address == 0 {
            return Ok(());
        }
        let source = admission.clients.source_of(head).to_string();
        admission.admit(&[entrance.name(), &tool.id, &source], per_address)
    }
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inside: S) -> Self::Service {
        let guard = self.clone();
        Guarded { guard, inside }
    }
}

/// What a [`Guard`] makes of a service.
#[derive(Clone)]
pub(crate) struct Guarded<S> {
    guard: Guard,
    inside: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inside.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (head, body) = request.into_parts();
        match self.guard.admit(&head) {
            Ok(()) => Either::Left(self.inside.call(Request::from_parts(head, body))),
            Err(refused) => Either::Right(ready(Ok(refused.into_response()))),
        }
    }
}
