//! Attempts in lists: a login, a launch or a registration, from traces.

use crate::portal::query::ms_of;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::texts::portal_pages as pages;

/// An attempt in a list.
pub(crate) struct TraceLine {
    /// Finds its page.
    pub(crate) reference: String,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// The kind of its `status` element.
    pub(crate) kind: &'static str,
    /// Its outcome in words.
    pub(crate) word: String,
    /// The code of the failure.
    pub(crate) code: Option<String>,
    /// The platform's name, or else its id or issuer.
    pub(crate) platform: String,
}

impl TraceLine {
    /// Texts are in this language.
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

/// The outcome of an attempt: the kind of `status` element, and words.
pub(crate) fn outcome_of(trace: &Trace, language: Language) -> (&'static str, String) {
    let (kind, word) = match (trace.outcome.as_str(), &trace.reason) {
        (_, Some(reason)) => ("bad", reason.meaning.name),
        ("accepted", None) if trace.kind == "registration" => ("ok", pages::REGISTERED),
        ("accepted", None) => ("ok", pages::LAUNCHED),
        ("failed", None) => ("bad", pages::REFUSED),
        _ => ("wait", pages::UNFINISHED),
    };
    (kind, word.to(language).to_owned())
}
