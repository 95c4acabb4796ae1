//! Attempts in lists. An attempt is a login, a launch or a registration, as in traces.

use crate::portal::query::ms_of;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::texts::portal_pages as pages;

/// A row of a list of attempts.
pub(crate) struct AttemptLine {
    /// The reference that leads to its page.
    pub(crate) reference: String,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// The kind of `status`.
    pub(crate) kind: &'static str,
    /// The outcome.
    pub(crate) word: String,
    /// The failure's code.
    pub(crate) code: Option<String>,
    /// The platform's name; its id or issuer if it has none.
    pub(crate) platform: String,
}

impl AttemptLine {
    /// The attempt in this language.
    pub(crate) fn new(trace: Trace, language: Language) -> Self {
        let (kind, word) = outcome_of(&trace, language);
        let platform = trace.platform.map(|platform| {
            let name = platform.name.or(platform.issuer);
            name.unwrap_or(platform.id)
        });
        Self {
            reference: trace.id,
            at: trace.at.as_deref().map_or(0, ms_of),
            kind,
            word,
            code: trace.reason.map(|reason| reason.code),
            platform: platform.or(trace.issuer).unwrap_or_default(),
        }
    }
}

/// An attempt's outcome: a kind of `status`, and a text.
pub(crate) fn outcome_of(trace: &Trace, language: Language) -> (&'static str, String) {
    let (kind, word) = match (trace.outcome.as_str(), &trace.reason) {
        (_, Some(reason)) => ("bad", reason.meaning.name),
        ("accepted", None) if trace.kind == "registration" => ("ok", pages::DONE),
        ("accepted", None) => ("ok", pages::LAUNCHED),
        ("failed", None) => ("bad", pages::REFUSED),
        _ => ("wait", pages::UNFINISHED),
    };
    (kind, word.to(language).to_owned())
}
