//! Writes problems out: as JSON for the API and for programs, as a page for people, with the
//! reference that finds the log line and the trace. Nothing else does.
//!
//! It also gives every response of the router itself (404, 405, 413, …) one of the two shapes, and
//! responds for a handler that panics or takes too long.

mod headers;
mod log;
mod page;
mod requester;
mod router;

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use ::studyreel::{Dialect, RefusalAnswer};
use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{ALLOW, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::directory::tools::{Tools, host_of};
use crate::kit::clock::{Clock, Random};
use crate::kit::id::correlation_id;
use crate::traces::{Recorder, Traces};
use crate::web::error_answer::ErrorAnswer;
use crate::web::language::{Language, wants_page};
use crate::web::page::Framing;
use crate::web::problem::Problem;
pub(crate) use headers::Headers;
pub(crate) use log::FailureLog;
use requester::{BrokenRequest, Recipient, Requester};
pub(crate) use router::RULES;

/// What it takes to write a problem out.
#[derive(Clone)]
pub(crate) struct Renderer {
    /// For the name on a page, and whether the page may name reasons.
    pub tools: Tools,
    /// Where failed requests leave their traces.
    pub traces: Traces,
    /// For references and nonces.
    pub random: Random,
    /// For traces of requests that never reached their handler.
    pub clock: Clock,
    pub log: FailureLog,
    /// How long a request may take.
    pub patience: Duration,
    /// How long all its waiting for the store may take.
    pub store_patience: Duration,
}

impl Renderer {
    /// Has a request handled, and writes out its problem if it has one.
    pub(crate) async fn render<F: Future<Output = Response>>(
        &self,
        request: Request,
        handle: impl FnOnce(Request) -> F,
    ) -> Response {
        let (path, headers) = (request.uri().path(), request.headers());
        let recipient = if path.starts_with("/api/") || path.starts_with("/admin/") {
            Recipient::Api
        } else if wants_page(headers) {
            let host = host_of(request.uri(), headers);
            Recipient::Person(Language::accepted(headers), self.tools.at(host))
        } else {
            Recipient::Program
        };
        let requester = Requester::new(recipient, &request);
        self.render_for(requester, handle(request)).await
    }

    /// The same for a launch, in its dialect.
    pub(crate) async fn render_in<F: Future<Output = Response>>(
        &self,
        dialect: &'static Dialect,
        request: Request,
        handle: impl FnOnce(Request) -> F,
    ) -> Response {
        let requester = Requester::new(Recipient::Platform(dialect), &request);
        self.render_for(requester, handle(request)).await
    }

    async fn render_for(
        &self,
        requester: Requester,
        handling: impl Future<Output = Response>,
    ) -> Response {
        let answer = self.run(handling).await;
        let (problem, mut response) = match requester.recipient.problem_of(answer) {
            Ok(response) => return response,
            Err(failed) => *failed,
        };
        let reference = correlation_id(&self.random);
        let route = requester
            .route
            .as_ref()
            .map_or("(none)", MatchedPath::as_str);
        let recorder = response.extensions_mut().remove::<Arc<Recorder>>();
        // The trace already gives the advice.
        let is_traced = recorder.is_some() || requester.attempt.is_some();
        let advice = |code: &str| self.traces.advice(code).filter(|_| !is_traced);
        self.log.write(&problem, &reference, route, advice);
        let mut written = self.write(
            &requester.recipient,
            &problem,
            &reference,
            recorder.as_deref(),
        );
        self.trace(&requester, &problem, &reference, recorder);
        *written.status_mut() = problem.status;
        let headers = written.headers_mut();
        if matches!(
            requester.recipient,
            Recipient::Program | Recipient::Person(..)
        ) {
            headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Language"));
            // The address of a page may contain a token, even if it is no longer good for anything.
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        if let Some(seconds) = problem.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(cookies) = &problem.cookies {
            for cookie in cookies.get_all(SET_COOKIE) {
                headers.append(SET_COOKIE, cookie.clone());
            }
        }
        if let Some(allow) = response.headers_mut().remove(ALLOW) {
            headers.insert(ALLOW, allow);
        }
        written
    }

    /// The response of the request's handler.
    async fn run(
        &self,
        handling: impl Future<Output = Response>,
    ) -> Result<Response, BrokenRequest> {
        // Unwind-safe: a panic drops everything the request was using.
        let answer = store::within_budget(self.store_patience, handling);
        let answer = AssertUnwindSafe(answer).catch_unwind();
        let answer = tokio::time::timeout(self.patience, answer).await;
        let answer = answer.map_err(|_| BrokenRequest::Late)?;
        answer.map_err(|panic| BrokenRequest::Panicked(format!("a panic: {}", words_of(&*panic))))
    }

    fn write(
        &self,
        recipient: &Recipient,
        problem: &Problem,
        reference: &str,
        recorder: Option<&Recorder>,
    ) -> Response {
        match recipient {
            Recipient::Api | Recipient::Program => {
                Json(ErrorAnswer::new(problem, reference)).into_response()
            }
            Recipient::Platform(dialect) => {
                let answer = RefusalAnswer {
                    message: problem.description.to_string(),
                    code: problem.code.to_owned(),
                    request_id: reference.to_owned(),
                };
                Json(dialect.refuse(&answer)).into_response()
            }
            Recipient::Person(accepted, tool) => {
                let language = problem.language.unwrap_or(*accepted);
                let origins = recorder.and_then(Recorder::known_frame_origins);
                let framing = origins.as_deref().map_or(Framing::Anyone, Framing::Origin);
                // Showing a reference that leads nowhere would only mislead people.
                let reference = (recorder.is_some() || !is_nothing(problem)).then_some(reference);
                self.page_of(problem, reference, language, tool.as_deref(), framing)
            }
        }
    }

    fn trace(
        &self,
        requester: &Requester,
        problem: &Problem,
        reference: &str,
        recorder: Option<Arc<Recorder>>,
    ) {
        let attempt = requester.attempt.as_ref();
        let bare = || {
            let (kind, _) = attempt.filter(|_| !is_nothing(problem))?;
            let nothing = HeaderMap::new();
            Some(Arc::new(Recorder::new(*kind, &self.clock, &nothing)))
        };
        if let Some(recorder) = recorder.or_else(bare) {
            let host = attempt.map_or("", |(_, host)| host);
            self.traces.failed(reference, problem, recorder, host);
        }
    }
}

/// Whether nothing was attempted, so that there is no trace. With 404 or 405, there is nothing at
/// the address.
fn is_nothing(problem: &Problem) -> bool {
    !problem.is_attempt || matches!(problem.status.as_u16(), 404 | 405)
}

/// The message of a panic.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(owned).unwrap_or("(without words)")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests;
