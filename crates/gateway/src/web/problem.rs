//! Errors as data: what programs and people read, and what only the operator may know.
//!
//! Each room has an enum of its refusals; all of them become a [`Problem`], which handlers return.
//! Whichever code knows the caller renders it (`render`), as JSON or as a page. Causes go to the
//! log with the correlation id, never to the caller.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use store::StoreError;

use super::api_rule::ApiRule;
use super::language::Language;
use super::meaning::Remedy;
use super::notice::Notice;
use super::rule::{OUR_SIDE, Rule, rows};
use super::texts::{Phrase, Text, for_lms, meanings, page as texts};
use super::wrong_member::{WrongMember, WrongMembers};

/// A keyed hash of a person. It is boxed because few problems have one, and all are as large as
/// their largest.
#[derive(Debug)]
pub struct WhomHash(pub Box<str>);

/// A failed request.
#[derive(Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code for programs: `details.message`.
    pub code: &'static str,
    /// One sentence in English for the caller: what is wrong and what to do.
    pub description: Cow<'static, str>,
    /// What a page says about it, if people may see it.
    pub notice: Option<Box<Notice>>,
    /// The language of the launch, if known; otherwise the browser's is used.
    pub language: Option<Language>,
    /// What the operator should know but the caller must not: a reason code and a sentence, for the
    /// log.
    pub reason: Option<Box<Reason>>,
    /// The invalid members of the body, if it is about those: `details.errors`.
    pub errors: Option<Box<WrongMembers>>,
    /// More members of `details`.
    pub details: Box<Map<String, Value>>,
    /// After how many seconds to retry.
    pub retry_after: Option<u32>,
    /// `Set-Cookie` headers for the answer: those that end a login.
    pub cookies: Option<Box<HeaderMap>>,
    /// The person it is about, as a keyed hash, for the log.
    pub subject: Option<Box<WhomHash>>,
    /// The technical cause, for the log.
    pub cause: Option<Box<str>>,
    /// Whether anyone attempted something. Otherwise it leaves no trace, and its page has no
    /// reference.
    pub is_attempt: bool,
    /// Whether it is certain that nothing was changed, although its status leaves that open.
    pub is_nothing_done: bool,
}

rows! {
    /// The rules of problems that any room may have.
    pub(crate) const RULES: [Rule];

    const INTERNAL = Rule::new(
        "INTERNAL_SERVER_ERROR",
        StatusCode::INTERNAL_SERVER_ERROR,
        texts::TITLE_OUR_FAULT,
        texts::INTERNAL,
        OUR_SIDE,
    )
    .meaning(meanings::OUR_SIDE, Remedy::Nothing)
    .for_lms(for_lms::OPERATOR);
    const UNAVAILABLE = Rule::new(
        "SERVICE_UNAVAILABLE",
        StatusCode::SERVICE_UNAVAILABLE,
        texts::TITLE_LATER,
        texts::UNAVAILABLE,
        OUR_SIDE,
    )
    .meaning(meanings::OUR_SIDE, Remedy::Nothing)
    .for_lms(for_lms::OPERATOR);
    /// A sender has reached its limit. A room may tell the operator which limit, with its own code.
    pub(crate) const TOO_MANY = Rule::new(
        "RATE_LIMITED",
        StatusCode::TOO_MANY_REQUESTS,
        texts::TITLE_LATER,
        texts::TOO_MANY,
        "Look whether so many requests are right, and raise limits if they are. Behind a proxy check trusted_proxies: \
         without it all requests seem to come from the proxy.",
    )
    .meaning(meanings::TOO_MANY, Remedy::Nothing);
}

/// The body of a request is not JSON, or not of the expected form.
const INVALID_BODY: ApiRule = ApiRule::new(
    "INVALID_BODY",
    StatusCode::BAD_REQUEST,
    "The request body is wrong.",
);
/// The address is correct, but not the method.
pub(crate) const METHOD_NOT_ALLOWED: ApiRule = ApiRule::new(
    "METHOD_NOT_ALLOWED",
    StatusCode::METHOD_NOT_ALLOWED,
    "This address doesn't take this method.",
);
/// The credentials are missing, malformed or wrong: a single code for all of these, as in LTIAAS.
const UNAUTHORIZED: ApiRule = ApiRule::new(
    "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER",
    StatusCode::UNAUTHORIZED,
    "The Authorization header is missing or wrong.",
);
/// Our own limit of requests to other servers was reached, and nothing was changed.
pub(crate) const OUTBOUND_BUSY: ApiRule = ApiRule::new(
    "OUTBOUND_BUSY",
    StatusCode::SERVICE_UNAVAILABLE,
    "Too many requests to platforms are under way, so this one was given up before it changed anything. Try again in a moment.",
)
.retry_after(A_MOMENT);

/// The reason of a server that is stopping. Nothing is wrong, and nothing has to be done.
pub(crate) const STOPPING: &str = "STOPPING";

/// After how many seconds to retry something temporary.
pub(crate) const A_MOMENT: u32 = 5;

/// Why something was refused, for the operator only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable code, one per rule.
    pub code: &'static str,
    /// The rule in one sentence.
    pub text: String,
}

impl Problem {
    /// A problem with a code for programs and a sentence for everyone. Only rows create one, so
    /// that each code is defined in one place.
    fn new(
        status: StatusCode,
        code: &'static str,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code,
            description: description.into(),
            notice: None,
            language: None,
            reason: None,
            errors: None,
            details: Box::default(),
            retry_after: None,
            cookies: None,
            subject: None,
            cause: None,
            is_attempt: true,
            is_nothing_done: false,
        }
    }

    /// A problem that people see: a page with this heading and text, in their language.
    fn page(status: StatusCode, code: &'static str, title: Text, says: impl Into<Phrase>) -> Self {
        let says = says.into();
        let mut problem = Self::new(status, code, says.to(Language::English));
        problem.notice = Some(Box::new(Notice::new(title, says)));
        problem
    }

    /// 400: the body is invalid, and why.
    pub fn wrong_body(says: impl Into<Cow<'static, str>>) -> Self {
        INVALID_BODY.saying(says)
    }

    /// Whether it is this refusal.
    pub(crate) fn is(&self, rule: &ApiRule) -> bool {
        self.code == rule.code
    }

    /// Whether the request may have changed something.
    pub(crate) fn leaves_open(&self) -> bool {
        self.status.is_server_error() && !self.is_nothing_done
    }

    /// Whether the store failed, which may be temporary.
    pub(crate) fn is_of_the_store(&self) -> bool {
        self.code == UNAVAILABLE.code
    }

    /// 401, in the form in which LTIAAS answers every failed authentication.
    pub fn unauthorized(description: &'static str) -> Self {
        UNAUTHORIZED.saying(description)
    }

    /// 500, with the cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        INTERNAL.problem().caused_by(cause)
    }

    /// 503: it may work in a moment.
    pub fn unavailable() -> Self {
        UNAVAILABLE.problem().retry_after(A_MOMENT)
    }

    /// 429: a sender has reached its limit; with the seconds to wait.
    pub fn too_many(seconds: u32) -> Self {
        TOO_MANY.problem().retry_after(seconds)
    }

    /// Sets after how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Adds what only the operator may see.
    #[must_use]
    pub fn because(mut self, code: &'static str, text: impl Into<String>) -> Self {
        self.reason = Some(Box::new(Reason {
            code,
            text: text.into(),
        }));
        self
    }

    /// Adds more for the operator: to the sentence of the rule, or as the cause if the fault is
    /// ours.
    #[must_use]
    pub fn noting(mut self, note: &str) -> Self {
        if self.status.is_server_error() {
            return self.caused_by(note);
        }
        if let Some(reason) = &mut self.reason {
            reason.text = format!("{} ({note})", reason.text);
        }
        self
    }

    /// Adds the person it is about, as a keyed hash.
    #[must_use]
    pub fn about(mut self, subject: String) -> Self {
        self.subject = Some(Box::new(WhomHash(subject.into())));
        self
    }

    /// Adds technical detail that the caller may know, in the English of the specifications.
    #[must_use]
    pub fn detailed(mut self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        self.description = format!(
            "{} {} {detail}",
            self.description,
            texts::TECHNICAL.to(Language::English)
        )
        .into();
        if let Some(notice) = &mut self.notice {
            notice.technical = Some(detail);
        }
        self
    }

    /// Switches to the launch's language, if it is known and we have it.
    #[must_use]
    pub fn spoken_in(mut self, language: Option<Language>) -> Self {
        self.language = language.or(self.language);
        self
    }

    /// Replaces the text, on the page and for programs.
    #[must_use]
    pub(crate) fn saying(mut self, says: Phrase) -> Self {
        self.description = says.to(Language::English);
        self.noticed(|notice| notice.says = says)
    }

    /// Changes the page's notice, if there is one.
    #[must_use]
    pub fn noticed(mut self, change: impl FnOnce(&mut Notice)) -> Self {
        if let Some(notice) = &mut self.notice {
            change(notice);
        }
        self
    }

    /// Adds the invalid members of the body.
    #[must_use]
    pub(crate) fn naming(mut self, errors: Vec<WrongMember>) -> Self {
        self.errors = Some(Box::new(WrongMembers(errors)));
        self
    }

    /// The invalid members of the body.
    pub(crate) fn wrong_members(&self) -> &[WrongMember] {
        self.errors
            .as_ref()
            .map_or(&[], |errors| errors.0.as_slice())
    }

    /// Adds a member of `details`.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or_default();
        self.details.insert(key.to_owned(), value);
        self
    }

    /// Adds the technical cause, for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string().into());
        self
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) | StoreError::RowCount(_) => Self::internal(error),
            _ => Self::unavailable().caused_by(error),
        }
    }
}

/// Converts a store error, for the case that another row already has something unique.
pub(crate) fn unless_taken(taken: ApiRule) -> impl Fn(StoreError) -> Problem {
    move |error| {
        if error.is_taken() {
            taken.problem()
        } else {
            error.into()
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl Rule {
    /// The answer to a request that broke this rule.
    pub(crate) fn problem(&self) -> Problem {
        let reason = || self.status.canonical_reason().unwrap_or_default();
        match self.page {
            Some((title, says)) => Problem::page(self.status, self.told, title, says),
            None => Problem::new(self.status, self.told, reason()),
        }
    }

    /// The same, with the broken rule in one sentence: for the operator, and for the caller if
    /// there is no page.
    pub(crate) fn broken(&self, why: impl Into<String>) -> Problem {
        let (mut problem, why) = (self.problem(), why.into());
        if self.page.is_none() {
            problem.description = why.clone().into();
        }
        problem.because(self.code, why)
    }
}

impl ApiRule {
    /// The answer to a request that broke this rule.
    pub(crate) fn problem(&self) -> Problem {
        self.saying(self.says)
    }

    /// The same, with a more specific sentence.
    pub(crate) fn saying(&self, says: impl Into<Cow<'static, str>>) -> Problem {
        let mut problem = Problem::new(self.status, self.code, says);
        problem.retry_after = self.retry_after;
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_rule_tells_the_operator_more_than_the_asker() {
        let problem = TOO_MANY.telling("ENOUGH").broken("more than five");
        assert_eq!((problem.code, problem.status.as_u16()), ("ENOUGH", 429));
        assert_eq!(problem.description, texts::TOO_MANY.to(Language::English));
        let reason = problem.reason.map(|reason| (reason.code, reason.text));
        assert_eq!(reason, Some(("RATE_LIMITED", "more than five".into())));
    }

    #[test]
    fn a_rule_of_programs_is_told_in_its_own_sentence() {
        let rule = Rule::for_programs("late", StatusCode::GONE, "Be earlier.");
        let problem = rule.broken("Too late.").noting("by 2 s");
        assert_eq!((problem.code, &*problem.description), ("late", "Too late."));
        assert!(problem.notice.is_none());
        let why = problem.reason.map(|reason| reason.text);
        assert_eq!(why.as_deref(), Some("Too late. (by 2 s)"));
        let ours = INTERNAL.broken("no").noting("disk");
        assert_eq!(ours.cause.as_deref(), Some("disk"));
        assert_eq!(ours.reason.map(|reason| reason.text).as_deref(), Some("no"));
    }

    #[test]
    fn details_are_for_whoever_asked_and_causes_are_not() {
        let problem = UNAVAILABLE.problem().detailed("port 1").caused_by("disk");
        assert!(problem.description.ends_with("port 1"), "{problem:?}");
        let notice = problem.notice.as_deref();
        assert_eq!(notice.and_then(|n| n.technical.as_deref()), Some("port 1"));
        assert!(!problem.description.contains("disk"));
        assert_eq!(problem.cause.as_deref(), Some("disk"));
    }
}
