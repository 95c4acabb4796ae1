//! The errors that the application sees if a platform refuses or fails (ltiaas-api.md §3 and
//! §8, question 8): the platform's own words, and never a 401, which applications take for their
//! own.

use axum::http::{HeaderMap, StatusCode};
use lti::json::mended_value;
use serde_json::Value;
use url::Url;

use super::call::Call;
use super::platform_words::{asked_wait, is_canvas_throttle, names_client, names_scope};
use crate::keys::service_tokens::ServiceTokenError;
use crate::kit::outbound::OutboundError;
use crate::kit::text::cut;
use crate::launch::NOT_AVAILABLE;
use crate::web::api_rule::ApiRule;
use crate::web::problem::{A_MOMENT, OUTBOUND_BUSY, Problem};

/// How much of a platform's message is passed on, in bytes.
const TOLD_BYTES: usize = 4096;
/// The longest wait that is passed on, in seconds.
const LONGEST_WAIT: u32 = 3600;

pub(super) const BUSY: ApiRule = ApiRule::new(
    "PLATFORM_BUSY",
    StatusCode::TOO_MANY_REQUESTS,
    "The platform takes no more requests for a while. Try again later.",
);
/// Reported with the platform's own status, except for its 401.
pub(super) const REFUSED: ApiRule = ApiRule::new(
    "PLATFORM_REFUSED",
    StatusCode::FORBIDDEN,
    "The platform refused the request.",
);
pub(super) const FAILED: ApiRule = ApiRule::new(
    "PLATFORM_FAILED",
    StatusCode::BAD_GATEWAY,
    "The platform answered with an error of its own.",
);
pub(super) const NOT_REACHED: ApiRule = ApiRule::new(
    "PLATFORM_NOT_REACHED",
    StatusCode::BAD_GATEWAY,
    "The platform gave no answer that could be used.",
);
pub(super) const UNREADABLE: ApiRule = ApiRule::new(
    "PLATFORM_ANSWER_UNREADABLE",
    StatusCode::BAD_GATEWAY,
    "The platform's answer is not what its service should answer.",
);
pub(super) const TOKEN_REFUSED: ApiRule = ApiRule::new(
    "PLATFORM_TOKEN_REFUSED",
    StatusCode::BAD_GATEWAY,
    "The platform gave no access token.",
);
const NOT_GRANTED: &str =
    "The platform grants no access token for this service: its administrator must allow it.";
/// The usual meaning of `invalid_client` (lti.md F-06).
const NOT_OUR_SIGNATURE: &str = " It doesn't take our signature: it may not reach our key set, not have fetched it since our key changed, \
                                 or want it for another audience (authorizationServer of the platform).";

/// Builds the problems of one call.
pub(crate) struct PlatformProblem<'a> {
    url: &'a Url,
    sent: Option<&'a [u8]>,
}

impl<'a> PlatformProblem<'a> {
    pub(crate) fn of(call: &'a Call<'_>) -> Self {
        Self {
            url: call.url,
            sent: call.body.as_ref().map(|(_, body)| body.as_slice()),
        }
    }

    /// The platform answered with an error.
    pub(crate) fn refused(&self, status: u16, headers: &HeaderMap, body: &[u8]) -> Problem {
        let is_throttle = status == 429 || (status == 403 && is_canvas_throttle(headers, body));
        let problem = match status {
            _ if is_throttle => BUSY.problem(),
            401 => REFUSED.saying(
                "The platform refused a fresh access token: its administrator must look at the tool's registration there.",
            ),
            400..500 => ApiRule {
                status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
                ..REFUSED
            }
            .problem(),
            _ => FAILED.problem(),
        };
        let mut problem = self.external(problem);
        problem.retry_after = wait(headers).or(is_throttle.then_some(A_MOMENT));
        if let Some(sent) = self.sent {
            problem = problem.with("bodySent", told_of(sent));
        }
        problem
            .with("bodyReceived", told_of(body))
            .with("externalStatus", status)
    }

    /// There was no answer, or only part of it.
    pub(crate) fn not_reached(&self, error: &OutboundError) -> Problem {
        if matches!(error, OutboundError::Busy) {
            return OUTBOUND_BUSY.problem();
        }
        let problem = self.external(NOT_REACHED.problem());
        problem.detailed(format!("{error}."))
    }

    /// An answer in an unreadable format, such as an HTML page.
    pub(crate) fn unreadable(&self, body: &[u8]) -> Problem {
        let problem = self.external(UNREADABLE.problem());
        problem.with("bodyReceived", told_of(body))
    }

    /// The platform issued no access token.
    pub(crate) fn no_token(&self, endpoint: &str, error: &ServiceTokenError) -> Problem {
        match error {
            ServiceTokenError::Send(OutboundError::Busy) => OUTBOUND_BUSY.problem(),
            ServiceTokenError::Key(_) | ServiceTokenError::GivenUp => Problem::internal(error),
            ServiceTokenError::Refused(answer) => {
                let problem = match names_scope(&answer.body) {
                    true => external(NOT_AVAILABLE.saying(NOT_GRANTED), endpoint),
                    false => token_problem(endpoint, error),
                };
                let mut problem = problem
                    .with("bodyReceived", told_of(&answer.body))
                    .with("externalStatus", answer.status);
                problem.retry_after = wait(&answer.headers);
                problem
            }
            error => token_problem(endpoint, error),
        }
    }

    fn external(&self, problem: Problem) -> Problem {
        external(problem, self.url.as_str())
    }
}

fn token_problem(endpoint: &str, error: &ServiceTokenError) -> Problem {
    let why = match error {
        ServiceTokenError::Refused(answer) if names_client(&answer.body) => NOT_OUR_SIGNATURE,
        _ => "",
    };
    let said = format!("{error}.{why}");
    let problem = TOKEN_REFUSED.problem().caused_by(&said);
    external(problem.detailed(said), endpoint)
}

/// Says that the platform is the cause, and which of its addresses was asked.
pub(super) fn external(problem: Problem, url: &str) -> Problem {
    problem.with("externalError", true).with("externalUrl", url)
}

/// How many seconds a platform asks to wait.
fn wait(headers: &HeaderMap) -> Option<u32> {
    let seconds = u32::try_from(asked_wait(headers)?).unwrap_or(LONGEST_WAIT);
    Some(seconds.clamp(1, LONGEST_WAIT))
}

/// A body as JSON if it is short JSON, otherwise the beginning of its text.
fn told_of(body: &[u8]) -> Value {
    if body.len() <= TOLD_BYTES
        && let Ok(json) = mended_value(body)
    {
        return json;
    }
    cut(&String::from_utf8_lossy(body), TOLD_BYTES).into()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::http::Method;
    use test_case::cases;

    use super::*;

    fn refused(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Problem {
        let url = Url::parse("https://lms.example/m").unwrap();
        let call = Call {
            body: Some(("application/json", b"{\"a\":1}".to_vec())),
            method: Method::POST,
            ..Call::get(&url, "scope", "*/*")
        };
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        PlatformProblem::of(&call).refused(status, &headers.collect(), body.as_bytes())
    }

    #[cases("TC-288", "F-05")]
    #[test]
    fn a_platforms_status_is_mirrored_unless_it_would_mislead() {
        for (status, told, code) in [
            (400, 400, "PLATFORM_REFUSED"),
            (401, 403, "PLATFORM_REFUSED"),
            (403, 403, "PLATFORM_REFUSED"),
            (404, 404, "PLATFORM_REFUSED"),
            (409, 409, "PLATFORM_REFUSED"),
            (422, 422, "PLATFORM_REFUSED"),
            (429, 429, "PLATFORM_BUSY"),
            (302, 502, "PLATFORM_FAILED"),
            (500, 502, "PLATFORM_FAILED"),
            (503, 502, "PLATFORM_FAILED"),
        ] {
            let problem = refused(status, &[], "");
            assert_eq!(
                (problem.status.as_u16(), problem.code),
                (told, code),
                "{status}"
            );
            assert_eq!(problem.details["externalStatus"], status);
        }
    }

    #[cases("F-06", "GR-7")]
    #[test]
    fn canvas_throttles_with_403() {
        let problem = refused(403, &[], "403 Forbidden (Rate Limit Exceeded)");
        assert_eq!(
            (problem.status.as_u16(), problem.retry_after),
            (429, Some(A_MOMENT))
        );
        let problem = refused(
            403,
            &[("x-rate-limit-remaining", "0.0"), ("retry-after", "7")],
            "",
        );
        assert_eq!(
            (problem.status.as_u16(), problem.retry_after),
            (429, Some(7))
        );
        let problem = refused(403, &[("x-rate-limit-remaining", "600.5")], "no");
        assert_eq!((problem.status.as_u16(), problem.retry_after), (403, None));
        assert_eq!(
            refused(503, &[("retry-after", "99999")], "").retry_after,
            Some(LONGEST_WAIT)
        );
    }

    #[test]
    fn bodies_are_told_as_json_or_as_the_beginning_of_a_text() {
        let problem = refused(422, &[], r#"{"errors": ["no"]}"#);
        assert_eq!(problem.details["bodyReceived"]["errors"][0], "no");
        assert_eq!(problem.details["bodySent"]["a"], 1);
        let marked = refused(422, &[], "\u{feff}{\"errors\": [\"no \\ud83d\"]}");
        assert_eq!(marked.details["bodyReceived"]["errors"][0], "no \u{fffd}");
        assert!(names_scope(
            "\u{feff}{\"error\": \"invalid_scope\"}".as_bytes()
        ));
        let long = "é".repeat(TOLD_BYTES);
        let told = refused(400, &[], &long).details["bodyReceived"]
            .as_str()
            .unwrap()
            .len();
        assert_eq!(told, TOLD_BYTES);
    }
}
