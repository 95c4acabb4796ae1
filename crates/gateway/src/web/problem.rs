//! What goes wrong, told twice: to programs in LTIAAS's error shape (ltiaas-api.md §3), to people as a page.
//!
//! Each room has an enum of its own refusals; they all become a [`Problem`]. Handlers answer it, and [`render`]
//! writes it out, since only there is known who asked. Causes go to the log with the correlation id, never out.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::directory::tools::host_of;
use crate::lti13::state::LoginAgain;
use crate::lti13::surroundings::WayBack;
use crate::traces::{self, Recorder};
use crate::web::language::{Language, wants_page};
use crate::web::page::{self, Notice};
use crate::web::texts::{Phrase, Text, launch, page as texts};
use store::StoreError;

/// A failed request.
#[derive(Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code for programs: `details.message`.
    pub code: &'static str,
    /// One sentence in English for whoever asked: what is wrong and what to do.
    pub description: Cow<'static, str>,
    /// What a page says of it, where people may come to see it.
    pub notice: Option<Box<Notice>>,
    /// The language of the launch, where it is known; else the browser's counts.
    pub language: Option<Language>,
    /// What the operator should know and the asker must not: a reason code and a sentence, for the log.
    pub reason: Option<Box<Reason>>,
    /// More members of `details`.
    pub details: Box<Map<String, Value>>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
    /// A login anew in a window of its own, for people.
    pub again: Option<Box<LoginAgain>>,
    /// The platform's page to go back to, for people.
    pub back: Option<Box<WayBack>>,
    /// What led to it, for the trace that is found by the reference.
    pub trace: Option<Arc<Recorder>>,
    cause: Option<Box<str>>,
}

/// Why something was refused, for the operator's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable code, one a rule.
    pub code: &'static str,
    /// The rule in one sentence.
    pub text: String,
}

impl Problem {
    /// A problem with a code for programs and a sentence for everybody.
    pub fn new(
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
            details: Box::default(),
            retry_after: None,
            again: None,
            back: None,
            trace: None,
            cause: None,
        }
    }

    /// A problem that people come to see: a page with this heading and text, in their language.
    pub fn page(
        status: StatusCode,
        code: &'static str,
        title: Text,
        says: impl Into<Phrase>,
    ) -> Self {
        let says = says.into();
        let mut problem = Self::new(status, code, says.to(Language::English));
        problem.notice = Some(Box::new(Notice::new(title, says)));
        problem
    }

    /// 400.
    pub fn bad_request(code: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, description)
    }

    /// 404.
    pub fn not_found(code: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, description)
    }

    /// 401, as LTIAAS answers every failed authentication.
    pub fn unauthorized(description: &'static str) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER",
            description,
        )
    }

    /// 500, with the cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let mut problem = Self::page(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_SERVER_ERROR",
            texts::TITLE_OUR_FAULT,
            texts::INTERNAL,
        );
        problem.cause = Some(cause.to_string().into());
        problem
    }

    /// 503: it may work in a moment.
    pub fn unavailable() -> Self {
        let mut problem = Self::page(
            StatusCode::SERVICE_UNAVAILABLE,
            "SERVICE_UNAVAILABLE",
            texts::TITLE_LATER,
            texts::UNAVAILABLE,
        );
        problem.retry_after = Some(5);
        problem
    }

    /// 503 where a request was not done in time.
    fn late() -> Self {
        Self::unavailable().caused_by("the request took too long and was given up")
    }

    /// 429: one sender had its share; with the seconds to wait.
    pub fn too_many(seconds: u32) -> Self {
        let mut problem = Self::page(
            StatusCode::TOO_MANY_REQUESTS,
            "RATE_LIMITED",
            texts::TITLE_LATER,
            texts::TOO_MANY,
        );
        problem.retry_after = Some(seconds);
        problem
    }

    /// Adds what only the operator may read.
    #[must_use]
    pub fn because(mut self, code: &'static str, text: impl Into<String>) -> Self {
        self.reason = Some(Box::new(Reason {
            code,
            text: text.into(),
        }));
        self
    }

    /// Adds technical detail that whoever asked may know, in the English of the specifications.
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

    /// Speaks the launch's language, where that is known and one of ours.
    #[must_use]
    pub fn spoken_in(mut self, language: Option<Language>) -> Self {
        self.language = language.or(self.language);
        self
    }

    /// Changes what the page says, where there is one.
    #[must_use]
    pub fn noticed(mut self, change: impl FnOnce(&mut Notice)) -> Self {
        if let Some(notice) = &mut self.notice {
            change(notice);
        }
        self
    }

    /// Adds a member of `details`.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.details.insert(key.to_owned(), value);
        self
    }

    /// Offers a login anew in a window of its own.
    #[must_use]
    pub fn offering(mut self, again: Option<LoginAgain>) -> Self {
        let Some(again) = again else { return self };
        self.again = Some(Box::new(again));
        self.noticed(|notice| notice.title = launch::TITLE_NEW_WINDOW)
    }

    /// Adds the way back to the platform, where it gave one.
    #[must_use]
    pub fn leading_back(mut self, back: Option<WayBack>) -> Self {
        self.back = back.map(Box::new);
        self
    }

    /// Adds what led to it.
    #[must_use]
    pub fn traced(mut self, trace: Recorder) -> Self {
        self.trace = Some(Arc::new(trace));
        self
    }

    /// Adds the technical cause, for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string().into());
        self
    }

    /// The technical cause, where there is one.
    pub fn cause(&self) -> Option<String> {
        self.cause.as_deref().map(str::to_owned)
    }

    fn log(&self, correlation_id: &str, route: &str) {
        let reason = self.reason.as_ref();
        let (code, text) = reason.map_or((self.code, ""), |reason| {
            (reason.code, reason.text.as_str())
        });
        let (status, cause) = (self.status.as_u16(), self.cause.as_deref().unwrap_or(""));
        if self.status.is_server_error() {
            tracing::error!(
                correlation_id,
                route,
                status,
                code,
                text,
                cause,
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
                "request refused"
            );
        }
    }

    fn to_json(&self, correlation_id: &str) -> Value {
        let mut details = Map::new();
        details.insert("message".into(), json!(self.code));
        details.insert("description".into(), json!(self.description));
        details.insert("correlationId".into(), json!(correlation_id));
        details.extend((*self.details).clone());
        json!({
            "status": self.status.as_u16(),
            "error": self.status.canonical_reason().unwrap_or("Error"),
            "details": details,
        })
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

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Writes out problems: as JSON for the API and for programs, as a page for people. Also gives every answer of the
/// router itself (404, 405, 413, …) one of the two shapes.
pub async fn render(app: &App, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let for_programs = path.starts_with("/api/") || path.starts_with("/admin/");
    // The path itself may hold a secret, such as an invitation's code.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let kind = route
        .as_ref()
        .and_then(|route| traces::kind_of(route.as_str()));
    let host = kind.map(|_| host_of(request.uri(), request.headers()).to_owned());
    let person = (!for_programs && wants_page(request.headers())).then(|| {
        let host = host_of(request.uri(), request.headers());
        (Language::accepted(request.headers()), app.tools.at(host))
    });
    let answer = tokio::time::timeout(app.config.fixed.request, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| Problem::late().into_response());
    let problem = match response.extensions_mut().remove::<Arc<Problem>>() {
        Some(problem) => problem,
        None if response.status().as_u16() >= 400
            && !response.headers().contains_key(CONTENT_TYPE) =>
        {
            of_router(response.status()).into()
        }
        // axum's own refusals of a body are plain text.
        None if response.status().as_u16() >= 400 && is_plain(&response) => {
            of_router(response.status()).into()
        }
        None => return response,
    };
    let correlation_id = crate::kit::id::correlation_id(&app.random);
    problem.log(
        &correlation_id,
        route.as_ref().map_or("(none)", MatchedPath::as_str),
    );
    let bare = || {
        // Nobody attempted anything there.
        let is_nothing = matches!(problem.status.as_u16(), 404 | 405);
        let kind = kind.filter(|_| !is_nothing)?;
        Some(Arc::new(Recorder::new(kind, &app.clock, &HeaderMap::new())))
    };
    if let Some(trace) = problem.trace.clone().or_else(bare) {
        let host = host.as_deref().unwrap_or("");
        app.traces
            .failed(app, &correlation_id, &problem, trace, host);
    }
    let allow = response.headers().get(axum::http::header::ALLOW).cloned();
    let mut rendered = if let Some((accepted, tool)) = person {
        let language = problem.language.unwrap_or(accepted);
        page::problem(app, &problem, &correlation_id, language, tool.as_deref())
    } else {
        let mut rendered = Response::new(Body::from(problem.to_json(&correlation_id).to_string()));
        rendered
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        rendered
    };
    if !for_programs {
        let headers = rendered.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Language"));
        // Addresses that people open may hold a token, even where it is good for nothing any more.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    *rendered.status_mut() = problem.status;
    rendered
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after {
        rendered.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if let Some(allow) = allow {
        rendered
            .headers_mut()
            .insert(axum::http::header::ALLOW, allow);
    }
    rendered
}

fn is_plain(response: &Response) -> bool {
    response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/plain"))
}

fn of_router(status: StatusCode) -> Problem {
    let (code, title, says) = match status {
        StatusCode::NOT_FOUND => ("NOT_FOUND", texts::TITLE_NOT_FOUND, texts::NOT_FOUND),
        StatusCode::METHOD_NOT_ALLOWED => (
            "METHOD_NOT_ALLOWED",
            texts::TITLE_FAILED,
            texts::METHOD_NOT_ALLOWED,
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("PAYLOAD_TOO_LARGE", texts::TITLE_FAILED, texts::TOO_LARGE)
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "UNSUPPORTED_MEDIA_TYPE",
            texts::TITLE_FAILED,
            texts::WRONG_MEDIA_TYPE,
        ),
        _ => ("BAD_REQUEST", texts::TITLE_FAILED, texts::NOT_UNDERSTOOD),
    };
    Problem::page(status, code, title, says)
}
