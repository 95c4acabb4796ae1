//! Attempts at a job on pages: to send a message to a webhook, or a score.

use crate::jobs::JobAttempt;
use crate::portal::query::ms_of;

/// An attempt.
pub(crate) struct JobAttemptLine {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// The outcome: codes, and the beginning of what the other side said.
    pub(crate) says: String,
    /// The class of its mark; empty if there was no answer.
    pub(crate) class: &'static str,
}

impl JobAttemptLine {
    pub(crate) fn new(attempt: &JobAttempt) -> Self {
        let status = attempt.status.map(|status| status.to_string());
        let said = attempt.said.as_deref().map(short);
        let parts = [status, Some(attempt.outcome.clone()), said];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let class = match attempt.status {
            Some(200..300) => "ok",
            Some(_) => "bad",
            None => "",
        };
        Self {
            class,
            at: ms_of(&attempt.at),
            says: format!("{} · {} ms", parts.join(" · "), attempt.millis),
        }
    }
}

/// The beginning of what the other side said.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(200).collect()
}
