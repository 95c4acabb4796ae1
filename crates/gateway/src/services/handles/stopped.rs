//! What a failed request to the platform means for a score whose line item is looked for.

use std::time::Duration;

use serde_json::Value;
use store::StoreError;

use crate::kit::text::cut;
use crate::services::deliveries::HandleOutcome;
use crate::web::problem::{A_MOMENT, Problem};

/// Bytes of a platform's words that are kept.
const SAID_BYTES: usize = 2048;

/// The store failed: it is tried again.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub(super) fn by_store(error: StoreError) -> HandleOutcome {
    HandleOutcome::Later(format!("Our store failed: {error}."))
}

/// The platform refused or failed.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub(super) fn by_platform(problem: Problem) -> HandleOutcome {
    let said = said(&problem);
    let external = problem.details.get("externalStatus");
    match (problem.code, external.and_then(Value::as_u64)) {
        ("PLATFORM_BUSY", _) => {
            let seconds = problem.retry_after.unwrap_or(A_MOMENT);
            HandleOutcome::Throttled(Duration::from_secs(seconds.into()))
        }
        ("SERVICE_NOT_AVAILABLE_FOR_CONTEXT", _) => HandleOutcome::Refused("SCOPE_MISSING", said),
        // These ask for another attempt.
        ("PLATFORM_REFUSED", Some(401 | 408 | 409 | 425)) => HandleOutcome::Later(said),
        ("PLATFORM_REFUSED", _) if said.contains("course has concluded") => {
            HandleOutcome::Refused("COURSE_CONCLUDED", said)
        }
        ("PLATFORM_REFUSED", _) => HandleOutcome::Refused("OTHER", said),
        _ => HandleOutcome::Later(said),
    }
}

/// The platform's words, or ours if it said nothing.
fn said(problem: &Problem) -> String {
    let words = match problem.details.get("bodyReceived") {
        Some(Value::String(words)) => words.clone(),
        Some(words) if !words.is_null() => words.to_string(),
        _ => String::new(),
    };
    if words.trim().is_empty() {
        return cut(&problem.description, SAID_BYTES).to_owned();
    }
    cut(&words, SAID_BYTES).to_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use test_case::cases;

    use super::*;

    fn refused(code: &'static str, status: u16, words: &str) -> HandleOutcome {
        let problem = Problem::new(StatusCode::BAD_GATEWAY, code, "It failed.")
            .with("externalStatus", status)
            .with("bodyReceived", words);
        by_platform(problem)
    }

    #[cases("GR-9")]
    #[test]
    fn what_may_pass_is_tried_again() {
        for (code, status) in [
            ("PLATFORM_FAILED", 500),
            ("PLATFORM_NOT_REACHED", 0),
            ("PLATFORM_REFUSED", 401),
            ("OUTBOUND_BUSY", 0),
        ] {
            let outcome = refused(code, status, "");
            assert!(
                matches!(&outcome, HandleOutcome::Later(said) if said == "It failed."),
                "{code}"
            );
        }
        let concluded =
            "This course has concluded. AGS requests will no longer be accepted for this course.";
        assert!(matches!(
            refused("PLATFORM_REFUSED", 422, concluded),
            HandleOutcome::Refused("COURSE_CONCLUDED", _)
        ));
        assert!(matches!(
            refused("PLATFORM_REFUSED", 403, "no"),
            HandleOutcome::Refused("OTHER", said) if said == "no"
        ));
        assert!(matches!(
            refused("PLATFORM_BUSY", 429, ""),
            HandleOutcome::Throttled(_)
        ));
    }
}
