//! Attempts at a job on pages: to send a message to a webhook, or a score.

use crate::jobs::JobAttempt;
use crate::portal::query::ms_of;
use crate::web::language::Language;
use crate::web::texts::portal_attempts as texts;

/// An attempt.
pub(crate) struct JobAttemptLine {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// The status, the outcome in words, and how long it took.
    pub(crate) says: String,
    /// The beginning of what the other side said, in its language.
    pub(crate) said: Option<String>,
    /// The class of its mark; empty if there was no answer.
    pub(crate) class: &'static str,
}

impl JobAttemptLine {
    /// Texts are in this language.
    pub(crate) fn new(attempt: &JobAttempt, language: Language) -> Self {
        let status = attempt.status.map(|status| status.to_string());
        let outcome = outcome_of(&attempt.outcome, language).to_owned();
        // The source of a page helps nobody.
        let is_page = |said: &&str| said.trim_start().starts_with('<');
        let said = attempt.said.as_deref();
        let page = said.filter(is_page).map(|_| texts::A_PAGE.to(language));
        let parts = [status, Some(outcome), page.map(str::to_owned)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let class = match attempt.status {
            Some(200..300) => "ok",
            Some(_) => "bad",
            None => "",
        };
        Self {
            class,
            at: ms_of(&attempt.at),
            said: said.filter(|said| !is_page(said)).map(short),
            says: format!("{} · {} ms", parts.join(" · "), attempt.millis),
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

/// The beginning of what the other side said.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_and_not_shown() {
        let attempt = |said: &str| JobAttempt {
            at: "2026-11-30T00:00:00.000Z".into(),
            millis: 1,
            status: Some(404),
            outcome: "no token".into(),
            said: Some(said.into()),
        };
        let line = JobAttemptLine::new(&attempt("\n<!doctype html>"), Language::English);
        let says = "404 · no access token · a web page instead of an answer · 1 ms";
        assert_eq!((&*line.says, line.said), (says, None));
        let line = JobAttemptLine::new(&attempt("no such client"), Language::English);
        assert_eq!(line.said.as_deref(), Some("no such client"));
    }

    #[test]
    fn outcomes_are_told_in_the_readers_language() {
        assert_eq!(outcome_of("refused", Language::English), "refused");
        assert_eq!(outcome_of("refused", Language::German), "abgewiesen");
        assert_eq!(outcome_of("novel", Language::German), "novel");
    }
}
