//! Logs failed requests: the first of each sort in a minute in full, and the rest as a number.
//! Anyone can send bad requests, and doing so in a loop must not fill the disk.

use std::sync::Arc;

use crate::kit::sampler::{Counted, Sampler};
use crate::kit::text::for_log;
use crate::web::problem::Problem;

/// How many failures of one sort are logged per minute.
const PER_SORT: u32 = 20;
/// How many failures of any sort are logged per minute.
const IN_ALL: u32 = 300;

/// What failures are grouped by: the address's template and the code.
type RouteAndCode = (String, &'static str);

/// Logs failed requests. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct FailureLog(Arc<Sampler<RouteAndCode>>);

impl Default for FailureLog {
    fn default() -> Self {
        Self(Arc::new(Sampler::new(PER_SORT, IN_ALL)))
    }
}

impl FailureLog {
    pub(super) fn write(
        &self,
        problem: &Problem,
        correlation_id: &str,
        route: &str,
        advice: impl Fn(&str) -> Option<&'static str>,
    ) {
        let reason = problem.reason.as_ref();
        let (code, text) = reason.map_or((problem.code, ""), |reason| {
            (reason.code, reason.text.as_str())
        });
        if !self.0.admit((route.to_owned(), code)) {
            return;
        }
        let status = problem.status.as_u16();
        let text = for_log(text);
        let cause = for_log(problem.cause.as_deref().unwrap_or(""));
        let advice = advice(code);
        let subject = problem.subject.as_deref().map(|whom| &*whom.0);
        if problem.status.is_server_error() {
            tracing::error!(
                correlation_id,
                route,
                status,
                code,
                text,
                cause,
                advice,
                subject,
                "request failed"
            );
        } else {
            tracing::info!(
                correlation_id,
                route,
                status,
                code,
                text,
                cause,
                advice,
                subject,
                "request refused"
            );
        }
    }

    /// Logs how many lines were suppressed since the last call. Called once a minute.
    pub(crate) fn report(&self) {
        for Counted { what, count } in self.0.turn() {
            let (route, code) = what.unwrap_or_else(|| ("(others)".into(), "MANY_REASONS"));
            tracing::info!(
                route,
                code,
                count,
                "more requests failed, of which the log says nothing else"
            );
        }
    }
}
