//! Attempts at a job on pages: to send a message to a webhook, or a score.

use crate::jobs::JobAttempt;
use crate::kit::readable::readable_line;
use crate::portal::query::ms_of;
use crate::web::language::Language;
use crate::web::texts::portal_attempts as texts;

/// How much of what the other side said is shown, in characters.
const MOST_SHOWN: usize = 200;

/// A row in the list of a job's attempts.
pub(crate) struct JobAttemptLine {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// The status, the outcome in words, how long it took, and the host that failed.
    pub(crate) says: String,
    /// What the other side said, in its language, on one line.
    pub(crate) said: Option<String>,
    /// The class of its mark; empty if there was no answer.
    pub(crate) class: &'static str,
}

impl JobAttemptLine {
    /// Texts are in this language.
    pub(crate) fn new(attempt: &JobAttempt, language: Language) -> Self {
        let status = attempt.status.map(|status| status.to_string());
        let outcome = outcome_of(&attempt.outcome, language).to_owned();
        let took = format!("{} ms", attempt.millis);
        let parts = [status, Some(outcome), Some(took), attempt.host.clone()];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let said = attempt.said.as_deref().map(short);
        let class = match attempt.status {
            Some(200..300) => "ok",
            Some(_) => "bad",
            None => "",
        };
        Self {
            class,
            at: ms_of(&attempt.at),
            said: said.filter(|said| !said.is_empty()),
            says: parts.join(" · "),
        }
    }
}

/// The outcome of an attempt in words, or as a newer version wrote it.
pub(crate) fn outcome_of(outcome: &str, language: Language) -> &str {
    let text = match outcome {
        "delivered" => texts::DELIVERED,
        "refused" => texts::REFUSED,
        "gone" => texts::GONE,
        "aborted" | "broke off" => texts::BROKE_OFF,
        "no answer" => texts::NO_ANSWER,
        "not sent" | "ended" => texts::NOT_SENT,
        "throttled" => texts::THROTTLED,
        "no token" => texts::NO_TOKEN,
        "not taken" => texts::NOT_TAKEN,
        "failed" => texts::FAILED,
        "unreadable" | "not readable" => texts::NOT_READABLE,
        "nothing to do" => texts::NOTHING_TO_DO,
        "held" => texts::HELD,
        "unknown" => texts::UNKNOWN,
        other => return other,
    };
    text.to(language)
}

/// What the other side said, as a line.
pub(crate) fn short(text: &str) -> String {
    readable_line(text, MOST_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_told_with_its_host_and_without_markup() {
        let attempt = JobAttempt {
            at: "2026-11-30T09:00:00Z".to_owned(),
            millis: 7,
            status: Some(404),
            outcome: "no token".to_owned(),
            host: Some("lms.example".to_owned()),
            said: Some("<html><h1>Not\nFound</h1>".to_owned()),
        };
        let line = JobAttemptLine::new(&attempt, Language::English);
        assert_eq!(line.says, "404 · no access token · 7 ms · lms.example");
        assert_eq!(line.said.as_deref(), Some("Not Found"));
        let said = Some("<html><style>".to_owned());
        let empty = JobAttemptLine::new(&JobAttempt { said, ..attempt }, Language::English);
        assert_eq!(empty.said, None);
    }

    #[test]
    fn outcomes_are_told_in_the_readers_language() {
        assert_eq!(outcome_of("refused", Language::English), "refused");
        assert_eq!(outcome_of("refused", Language::German), "abgewiesen");
        assert_eq!(outcome_of("novel", Language::German), "novel");
    }
}
