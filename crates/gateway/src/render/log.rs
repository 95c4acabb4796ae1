//! Logs failed requests: the first of each sort in a minute in full, and the rest as a number.
//! Anyone can send bad requests, and doing so in a loop must not fill the disk.

use std::sync::Arc;

use crate::kit::sampler::{CountedEvents, Sampler};
use crate::kit::text::for_log;
use crate::web::problem::{Problem, STOPPING};

/// How many failures of one sort are logged per minute.
const PER_SORT: u32 = 20;
/// How many failures of any sort are logged per minute.
const IN_ALL: u32 = 300;
/// How many members of a body are named, and how long a name may be.
const MOST_NAMES: usize = 8;
const LONGEST_NAME: usize = 80;

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

/// A text to log, if there is any.
fn logged(text: &str) -> Option<&str> {
    Some(for_log(text)).filter(|text| !text.is_empty())
}

/// The members that a body was refused for: their names, as ours are written, and never their
/// values.
fn members(problem: &Problem) -> Option<String> {
    let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || b"._-[]".contains(&byte);
    let is_name =
        |name: &&str| (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_ours);
    let wrong = problem.wrong_members().iter();
    let names = wrong.map(|wrong| &*wrong.field).filter(is_name);
    let names: Vec<&str> = names.take(MOST_NAMES).collect();
    (!names.is_empty()).then(|| names.join(", "))
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
        let code = reason.map_or(problem.code, |reason| reason.code);
        if !self.0.admit((route.to_owned(), code)) {
            return;
        }
        let status = problem.status.as_u16();
        // A field without a value is left out.
        let text = reason.and_then(|reason| logged(&reason.text));
        let cause = problem.cause.as_deref().and_then(logged);
        let members = members(problem);
        let members = members.as_deref();
        let advice = advice(code);
        let subject = problem.subject.as_deref().map(|whom| &*whom.0);
        if problem.status.is_server_error() && code != STOPPING {
            tracing::error!(
                correlation_id,
                route,
                status,
                code,
                text,
                cause,
                members,
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
                members,
                advice,
                subject,
                "request refused"
            );
        }
    }

    /// Logs how many lines were suppressed since the last call. Called once a minute.
    pub(crate) fn report(&self) {
        for CountedEvents { what, count } in self.0.turn() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::wrong_member::WrongMember;

    #[test]
    fn members_are_named_and_their_values_are_not() {
        let named = |fields: &[&'static str]| {
            let wrong = fields
                .iter()
                .map(|field| WrongMember::new(*field, "is Anna"));
            let problem = Problem::wrong_body("The request body is wrong.");
            members(&problem.naming(wrong.collect()))
        };
        let told = named(&[
            "launch.leewaySeconds",
            "contentItems[0].url",
            "anna@school.example",
            "",
        ]);
        assert_eq!(
            told.as_deref(),
            Some("launch.leewaySeconds, contentItems[0].url")
        );
        assert_eq!(named(&["Anna Schmidt"]), None);
        assert_eq!(
            members(&Problem::wrong_body("The request body is wrong.")),
            None
        );
    }
}
