//! Sends requests to a platform's services on the application's behalf: with an access token,
//! through the outbound guard, and with the platform's errors reported as LTIAAS does (lti.md F.1,
//! ltiaas-api.md §3 and §8, question 8).

use std::time::Duration;

use axum::http::header::LINK;
use axum::http::{HeaderMap, StatusCode};
use lti::json::{mended_value, without_mark};
use lti::paging::Links;
use serde_json::Value;
use url::{Origin, Url};

use super::call::{Call, SendBy};
use super::failing::FailingServices;
use super::page_proofs::PageProofs;
use super::platform_failure::{CallFailure, RefusedCall};
use super::platform_problem::PlatformProblem;
use super::refused_token::{may_be_of_the_token, names_the_token};
use crate::directory::platforms::Platform;
use crate::keys::service_tokens::{GivenToken, ServiceTokens, service_source};
use crate::kit::outbound::{Answer, ArrivingAnswer, Outbound, Purpose, Request};
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

pub(super) const FOREIGN_ADDRESS: ApiRule = ApiRule::new(
    "ADDRESS_NOT_OF_THE_PLATFORM",
    StatusCode::BAD_REQUEST,
    "This address is not on the host of the launch's own service addresses, so no access token is sent there.",
);

/// The largest answer that is read as a whole, in bytes.
const ANSWER_BYTES: usize = 10 * 1024 * 1024;
/// How much of an error is passed on to the application, in bytes.
const ERROR_BYTES: usize = 64 * 1024;
/// A page of members is read while it arrives, so only its length is limited: 50,000 members are
/// about 15 MB.
const ARRIVING_BYTES: usize = 64 * 1024 * 1024;

/// Sends requests to platforms' services. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct PlatformClient {
    pub outbound: Outbound,
    pub service_tokens: ServiceTokens,
    /// How long to go on reading pages of a list for one answer.
    pub paging: Duration,
    /// How long to read a page of members before its answer begins. Less than a request may take,
    /// which would end as our own fault.
    pub patience: Duration,
    /// Proves which pages of lists were handed out.
    pub proofs: PageProofs,
    /// Notes which services fail.
    pub failing: FailingServices,
}

impl PlatformClient {
    /// Sends a request and reads its successful answer. A page for people, such as a sign-in page,
    /// is not a success, whatever its status.
    ///
    /// # Errors
    /// The refusal or failure in the form for the application.
    pub(crate) async fn send(
        &self,
        platform: &Platform,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        let sent = self.try_send(platform, call).await;
        sent.map_err(|failure| failure.problem(platform, call))
    }

    /// Like [`Self::send`], for callers that interpret failures themselves.
    ///
    /// # Errors
    /// See [`CallFailure`].
    pub(crate) async fn try_send(
        &self,
        platform: &Platform,
        call: &Call<'_>,
    ) -> Result<Answer, CallFailure> {
        let sent = self.send_once(platform, call).await;
        self.failing.note(platform, call.scope, sent.as_ref().err());
        sent
    }

    async fn send_once(&self, platform: &Platform, call: &Call<'_>) -> Result<Answer, CallFailure> {
        let answer = self.start(platform, call, ANSWER_BYTES).await?;
        let answer = answer.whole().await.map_err(CallFailure::NotReached)?;
        if is_page(&answer) {
            return Err(CallFailure::Unreadable(answer.body));
        }
        Ok(answer)
    }

    /// Sends a request whose answer is read while it arrives.
    ///
    /// # Errors
    /// See [`Self::send`].
    pub(crate) async fn open(
        &self,
        platform: &Platform,
        call: &Call<'_>,
    ) -> Result<ArrivingAnswer, Problem> {
        let opened = self.start(platform, call, ARRIVING_BYTES).await;
        self.failing
            .note(platform, call.scope, opened.as_ref().err());
        opened.map_err(|failure| failure.problem(platform, call))
    }

    /// Sends a request. A token that a service refuses is replaced once (F-05): after any 401, and
    /// after other refusals that may be about the token if it is old, or a cached one that the
    /// service mentions. With a fresh token, the same answer is about the request. Nothing is done
    /// twice: what was refused was not done, and the second request is identical to the first.
    async fn start(
        &self,
        platform: &Platform,
        call: &Call<'_>,
        limit: usize,
    ) -> Result<ArrivingAnswer, CallFailure> {
        let (mut is_retry, mut given) = (false, call.token);
        loop {
            let token = match given.take() {
                Some(token) => token.clone(),
                None => self.token(platform, call.scope).await?,
            };
            let request = Request {
                purpose: Purpose::Service,
                source: service_source(platform),
                url: call.url,
                accept: call.accept,
                bearer: Some(&token.answer.access_token),
                limit,
            };
            let slot = self.outbound.slot(&call.method, &request).await;
            let slot = slot.map_err(CallFailure::NotReached)?;
            // After all waiting: for the token, and for other requests to the platform.
            if call.by.as_ref().is_some_and(SendBy::is_over) {
                return Err(too_late(is_retry));
            }
            let (method, body) = (call.method.clone(), call.body.clone());
            let none = HeaderMap::new();
            let sent = self.outbound.open_in(slot, method, request, none, body);
            let answer = sent.await.map_err(CallFailure::NotReached)?;
            if (200..300).contains(&answer.status) {
                return Ok(answer);
            }
            let status = answer.status;
            let (headers, body) = beginning(answer).await;
            let is_kept = token.was_kept && !is_retry;
            let may_be_meant = names_the_token(status, &body)
                || (!token.is_young && may_be_of_the_token(status, &headers, &body));
            if status == 401 || (is_kept && may_be_meant) {
                let token = &token.answer.access_token;
                self.service_tokens.refused(&platform.id, token);
                if !std::mem::replace(&mut is_retry, true) {
                    continue;
                }
            }
            let refused = RefusedCall {
                status,
                headers,
                body,
            };
            return Err(CallFailure::Refused(Box::new(refused)));
        }
    }

    /// An access token that is valid for a scope. One that grants less is not tried (F-03).
    ///
    /// # Errors
    /// [`CallFailure::NoToken`] or [`CallFailure::NotGranted`].
    pub(crate) async fn token(
        &self,
        platform: &Platform,
        scope: &str,
    ) -> Result<GivenToken, CallFailure> {
        let token = self.service_tokens.get(platform, scope).await;
        let token = token.map_err(CallFailure::NoToken);
        let token = token.and_then(|token| {
            let granted = token.answer.scopes.as_deref();
            match granted.is_some_and(|granted| !granted.iter().any(|one| one == scope)) {
                true => Err(CallFailure::NotGranted),
                false => Ok(token),
            }
        });
        // Whether the service works is known only after the call.
        if let Err(failure) = &token {
            self.failing.note(platform, scope, Some(failure));
        }
        token
    }
}

/// Why a request is not sent after so long a wait. If it is the second of a call, the platform
/// refused the token of the first one.
const fn too_late(is_retry: bool) -> CallFailure {
    if is_retry {
        CallFailure::TokenTooLate
    } else {
        CallFailure::TooLate
    }
}

/// Whether an answer is an HTML page. Platforms also send JSON with that type.
fn is_page(answer: &Answer) -> bool {
    let body = without_mark(&answer.body).trim_ascii();
    body.starts_with(b"<")
        || (answer.media_type().contains("html")
            && !matches!(body.first(), None | Some(b'{' | b'[')))
}

/// As much of an error's body as arrives in time and is worth reporting.
async fn beginning(mut answer: ArrivingAnswer) -> (HeaderMap, Vec<u8>) {
    let mut body = Vec::new();
    while body.len() < ERROR_BYTES
        && let Ok(Some(piece)) = answer.piece().await
    {
        body.extend_from_slice(&piece);
    }
    (answer.headers, body)
}

/// The links to the other pages of a list for the application: only those to which its token may be
/// sent (F-09).
pub(crate) fn links(asked: &Url, headers: &HeaderMap) -> Links {
    let mut links = Links::parse(
        asked,
        headers.get_all(LINK).iter().map(|link| link.as_bytes()),
    );
    let origin = asked.origin();
    links.is_cut_off |= links
        .next
        .as_ref()
        .is_some_and(|next| next.origin() != origin);
    for link in [
        &mut links.next,
        &mut links.prev,
        &mut links.first,
        &mut links.last,
        &mut links.differences,
    ] {
        *link = link.take().filter(|link| link.origin() == origin);
    }
    links
}

/// An address from the application, which must have the origin of one of the launch's addresses
/// (F-09).
///
/// # Errors
/// 400 if it doesn't.
pub(crate) fn permitted<'a>(
    url: Url,
    of_launch: impl IntoIterator<Item = &'a str>,
) -> Result<Url, Problem> {
    let origin = url.origin();
    let origins = of_launch.into_iter().filter_map(|one| Url::parse(one).ok());
    let is_known = origins.map(|one| one.origin()).any(|one| one == origin);
    let names_nobody = url.username().is_empty() && url.password().is_none();
    if is_known && matches!(origin, Origin::Tuple(..)) && names_nobody {
        return Ok(url);
    }
    Err(FOREIGN_ADDRESS.problem())
}

/// A list of JSON objects. Some platforms wrap it in an object, under one of these names.
///
/// # Errors
/// 502 if it isn't one.
pub(crate) fn list(
    call: &Call<'_>,
    answer: &Answer,
    names: &[&str],
) -> Result<Vec<Value>, Problem> {
    let unreadable = || PlatformProblem::of(call).unreadable(&answer.body);
    let value = mended_value(&answer.body).map_err(|_| unreadable())?;
    match value {
        Value::Array(items) => Ok(items),
        Value::Object(mut members) => {
            let mut inside = names.iter().filter_map(|name| members.shift_remove(*name));
            match inside.next() {
                Some(Value::Array(items)) => Ok(items),
                _ => Err(unreadable()),
            }
        }
        _ => Err(unreadable()),
    }
}
