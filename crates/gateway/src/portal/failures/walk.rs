//! How far an attempt got: the completed steps, the one that failed, and those that were never
//! reached.

use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::texts::portal_failures as texts;

/// A step on the way from the LMS to the application.
pub(super) struct WalkStep {
    /// `ok`, `bad`, `now` or `todo`.
    pub(super) kind: &'static str,
    pub(super) title: String,
    /// Details; may be empty.
    pub(super) detail: String,
}

/// The steps of an attempt.
pub(super) fn walk(trace: &Trace, language: Language) -> Vec<WalkStep> {
    let mut steps = Vec::new();
    let step = |kind, title: &str, detail: String| WalkStep {
        kind,
        title: title.to_owned(),
        detail,
    };
    if let Some(login) = &trace.login {
        let detail = texts::STEP_ANSWERED
            .with("millis", login.micros.div_ceil(1000).to_string())
            .with("method", login.method);
        let detail = detail.to(language).into_owned();
        steps.push(step("ok", texts::STEP_LOGIN.to(language), detail));
        let seconds = login.millis_before as f64 / 1000.0;
        let later = texts::STEP_LATER.with("seconds", language.decimal(format!("{seconds:.1}")));
        let later = later.to(language).into_owned();
        // Before the LMS is asked, our own page looks whether the browser keeps cookies.
        let arrived = match trace.kind.as_str() {
            "login" => texts::STEP_RETURNED,
            _ => texts::STEP_ARRIVED,
        };
        steps.push(step("ok", arrived.to(language), later));
    }
    let done = trace.steps.iter();
    let done: Vec<&str> = done.map(|done| done.name.to(language)).collect();
    if !done.is_empty() {
        let title = texts::STEP_CHECKS.to(language);
        steps.push(step("ok", title, done.join(" · ")));
    }
    if let Some(reason) = &trace.reason {
        let title = reason.meaning.name.to(language);
        steps.push(step("bad", title, String::new()));
    }
    // A login or a registration never reaches the application.
    if matches!(trace.kind.as_str(), "launch" | "studyreel") {
        let none = String::new();
        let (kind, title, detail) = match (trace.outcome.as_str(), trace.kind.as_str()) {
            ("accepted", "studyreel") => ("ok", texts::STEP_LINKED, none),
            // Whether the application answered the browser can't be known here.
            ("accepted", _) => {
                let says = texts::STEP_HANDED_ON_SAYS.to(language);
                ("ok", texts::STEP_HANDED_ON, says.to_owned())
            }
            _ => ("todo", texts::STEP_NOTHING_SENT, none),
        };
        steps.push(step(kind, title.to(language), detail));
    }
    steps
}
