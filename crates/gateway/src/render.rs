//! Writes problems out: as JSON for the API and for programs, as a page for people, with the reference under which the
//! log and the trace are found. Nobody else does.
//!
//! It also gives every answer of the router itself (404, 405, 413, …) one of the two shapes, and a handler that panics
//! or takes too long an answer at all.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use ::studyreel::Dialect;
use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use lti::Fault;

use crate::directory::tools::{Tool, Tools, host_of};
use crate::kit::clock::{Clock, Random};
use crate::kit::id::correlation_id;
use crate::kit::media_type;
use crate::studyreel::answer::{self, Refused};
use crate::traces::{Kind, Recorder, Traces};
use crate::web::error_answer::ErrorAnswer;
use crate::web::language::{Language, wants_page};
use crate::web::message::{Closes, Message, Shown};
use crate::web::notice::Action;
use crate::web::page::{FormAction, Framing, Page};
use crate::web::problem::Problem;
use crate::web::rule::{LOOK_INTO_THE_LOG, NO_BROWSER, Rule};
use crate::web::texts::{Text, page as texts};

/// What writing a problem out takes.
#[derive(Clone)]
pub(crate) struct Renderer {
    /// For the name on a page, and whether it may name reasons.
    pub tools: Tools,
    /// Where failed requests leave their traces.
    pub traces: Traces,
    /// For references and nonces.
    pub random: Random,
    /// For traces of requests that never reached their handler.
    pub clock: Clock,
    /// How long a request may take.
    pub patience: Duration,
}

/// Who asked, and for what.
struct Asker {
    /// The path itself may hold a secret, such as an invitation's code.
    route: Option<MatchedPath>,
    /// What a request at this address attempts, where it leaves a trace, and the host.
    attempt: Option<(Kind, String)>,
    reader: Reader,
}

enum Reader {
    /// A program at an address for programs.
    Api,
    /// A program elsewhere.
    Program,
    /// A person, with the language of their browser and the tool of the host.
    Person(Language, Option<Arc<Tool>>),
    /// A platform that posts launches of this dialect.
    Platform(&'static Dialect),
}

/// Why nobody answered a request.
enum Broken {
    /// The handler panicked, with these words.
    Panicked(String),
    /// It took too long.
    Late,
}

const LATE: &str = "the request took too long and was given up";

impl Renderer {
    /// Runs a request and writes out what went wrong with it.
    pub(crate) async fn render(&self, request: Request, next: Next) -> Response {
        let (path, headers) = (request.uri().path(), request.headers());
        let reader = if path.starts_with("/api/") || path.starts_with("/admin/") {
            Reader::Api
        } else if wants_page(headers) {
            let host = host_of(request.uri(), headers);
            Reader::Person(Language::accepted(headers), self.tools.at(host))
        } else {
            Reader::Program
        };
        self.render_for(reader, request, next).await
    }

    /// The same for a launch, in its dialect.
    pub(crate) async fn render_in(
        &self,
        dialect: &'static Dialect,
        request: Request,
        next: Next,
    ) -> Response {
        let reader = Reader::Platform(dialect);
        self.render_for(reader, request, next).await
    }

    async fn render_for(&self, reader: Reader, request: Request, next: Next) -> Response {
        let asker = Asker::new(reader, &request);
        let answer = self.run(request, next).await;
        let (problem, mut response) = match asker.reader.problem_of(answer) {
            Ok(response) => return response,
            Err(failed) => failed,
        };
        let reference = correlation_id(&self.random);
        let route = asker.route.as_ref().map_or("(none)", MatchedPath::as_str);
        log(&problem, &reference, route);
        let recorder = response.extensions_mut().remove::<Arc<Recorder>>();
        let mut written = self.write(&asker.reader, &problem, &reference, recorder.as_deref());
        self.trace(&asker, &problem, &reference, recorder);
        *written.status_mut() = problem.status;
        let headers = written.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(asker.reader, Reader::Program | Reader::Person(..)) {
            headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Language"));
            // Addresses that people open may hold a token, even where it is good for nothing any more.
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        if let Some(seconds) = problem.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(allow) = response.headers_mut().remove(ALLOW) {
            headers.insert(ALLOW, allow);
        }
        written
    }

    /// The answer of whoever is there for a request.
    async fn run(&self, request: Request, next: Next) -> Result<Response, Broken> {
        // Whatever a request holds while it panics is gone with it.
        let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
        let answer = tokio::time::timeout(self.patience, answer).await;
        let answer = answer.map_err(|_| Broken::Late)?;
        answer.map_err(|panic| Broken::Panicked(format!("a panic: {}", words_of(&*panic))))
    }

    fn write(
        &self,
        reader: &Reader,
        problem: &Problem,
        reference: &str,
        recorder: Option<&Recorder>,
    ) -> Response {
        match reader {
            Reader::Api | Reader::Program => {
                Json(ErrorAnswer::new(problem, reference)).into_response()
            }
            Reader::Platform(dialect) => answer::write(problem, dialect, reference.to_owned()),
            Reader::Person(accepted, tool) => {
                let language = problem.language.unwrap_or(*accepted);
                let origins = recorder.and_then(Recorder::known_frame_origins);
                let framing = origins.as_deref().map_or(Framing::Anyone, Framing::Origin);
                self.page_of(problem, reference, language, tool.as_deref(), framing)
            }
        }
    }

    fn trace(
        &self,
        asker: &Asker,
        problem: &Problem,
        reference: &str,
        recorder: Option<Arc<Recorder>>,
    ) {
        let attempt = asker.attempt.as_ref();
        let bare = || {
            // Nobody attempted anything there.
            let is_nothing = matches!(problem.status.as_u16(), 404 | 405);
            let (kind, _) = attempt.filter(|_| !is_nothing)?;
            let nothing = HeaderMap::new();
            Some(Arc::new(Recorder::new(*kind, &self.clock, &nothing)))
        };
        if let Some(recorder) = recorder.or_else(bare) {
            let host = attempt.map_or("", |(_, host)| host);
            self.traces.failed(reference, problem, recorder, host);
        }
    }

    fn page_of(
        &self,
        problem: &Problem,
        reference: &str,
        language: Language,
        tool: Option<&Tool>,
        framing: Framing<'_>,
    ) -> Response {
        let notice = problem.notice.as_deref();
        let reason = problem
            .reason
            .as_ref()
            .filter(|_| self.tools.show_reasons());
        let technical = notice.and_then(|notice| notice.technical.as_deref());
        // What only programs were expected to see is said in English, under a heading that fits.
        let title = notice.map_or(title_of(problem.status), |notice| notice.title);
        let title = title.to(language);
        let (says, is_foreign) = match notice {
            Some(notice) => (notice.says.to(language), false),
            None => (problem.description.clone(), language != Language::English),
        };
        let actions = notice.map_or(&[][..], |notice| &notice.actions);
        // A new window goes on to the platform.
        let leads_on =
            |action: &Action| matches!(action, Action::Button(button) if button.new_window);
        let page = Page {
            language,
            name: tool.map_or("", |tool| tool.name_in(language)),
            framing,
            form_action: if actions.iter().any(leads_on) {
                FormAction::Anywhere
            } else {
                FormAction::Ourselves
            },
        };
        let shown = actions.iter().map(|action| match action {
            Action::Button(button) => Shown::Button(button),
            Action::Link(link) => {
                Shown::Link(link.on_page(title, reference), link.label.to(language))
            }
        });
        let message = Message {
            title,
            paragraphs: says.lines().collect(),
            foreign: is_foreign.then_some("en"),
            // Said once.
            technical: technical.filter(|text| reason.is_none_or(|reason| reason.text != *text)),
            reason: reason.map(|reason| format!("{}: {}", reason.code, reason.text)),
            reference: notice
                .is_none_or(|notice| notice.referenced)
                .then_some(reference),
            actions: shown.collect(),
            closes: match notice {
                Some(notice) if notice.closes => Closes::OnClick,
                _ => Closes::Never,
            },
        };
        message.send(&self.random, page)
    }
}

/// What a request at this address attempts: its failures leave a trace even where its handler was never reached.
fn kind_of(route: &str) -> Option<Kind> {
    Some(match route {
        "/lti/login" | "/login" | "/lti/login/{platform}" | "/lti/login/go" => Kind::Login,
        "/lti/launch" | "/" | "/lti/launch/verify" => Kind::Launch,
        "/lti/register" | "/register" | "/lti/register/{invite}" | "/lti/register/confirm" => {
            Kind::Registration
        }
        _ => return None,
    })
}

impl Asker {
    fn new(reader: Reader, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let kind = match reader {
            Reader::Platform(_) => Some(Kind::StudyReel),
            _ => route.as_ref().and_then(|route| kind_of(route.as_str())),
        };
        let host = || host_of(request.uri(), request.headers()).to_owned();
        Self {
            attempt: kind.map(|kind| (kind, host())),
            route,
            reader,
        }
    }
}

impl Reader {
    /// The problem that an answer stands for, with the response it came in; else the answer.
    fn problem_of(
        &self,
        answer: Result<Response, Broken>,
    ) -> Result<Response, (Arc<Problem>, Response)> {
        let mut response = match answer {
            Ok(response) => response,
            Err(broken) => return Err((self.broken(broken).into(), Response::default())),
        };
        if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
            return Err((problem, response));
        }
        let (status, headers) = (response.status(), response.headers());
        // axum's own refusals of a body are plain text, its other answers have no body.
        let is_bare =
            !headers.contains_key(CONTENT_TYPE) || media_type::is(headers, media_type::PLAIN);
        if is_bare && (status.is_client_error() || status.is_server_error()) {
            let problem = match self {
                Self::Platform(_) => Refused::of_router(status).into(),
                _ => of_router(status),
            };
            return Err((problem.into(), response));
        }
        Ok(response)
    }

    fn broken(&self, broken: Broken) -> Problem {
        match (self, broken) {
            (Self::Platform(_), Broken::Panicked(words)) => Refused::internal(words).into(),
            (Self::Platform(_), Broken::Late) => Refused::unavailable(LATE).into(),
            (_, Broken::Panicked(words)) => Problem::internal(words),
            (_, Broken::Late) => Problem::unavailable().caused_by(LATE),
        }
    }
}

/// The router's own refusals; it says nothing but the status.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        "NOT_FOUND",
        StatusCode::NOT_FOUND,
        texts::TITLE_NOT_FOUND,
        texts::NOT_FOUND,
        LOOK_INTO_THE_LOG,
    ),
    Rule::new(
        "METHOD_NOT_ALLOWED",
        StatusCode::METHOD_NOT_ALLOWED,
        texts::TITLE_FAILED,
        texts::METHOD_NOT_ALLOWED,
        LOOK_INTO_THE_LOG,
    ),
    Rule::new(
        "PAYLOAD_TOO_LARGE",
        StatusCode::PAYLOAD_TOO_LARGE,
        texts::TITLE_FAILED,
        texts::TOO_LARGE,
        Fault::TooLarge.advice(),
    ),
    Rule::new(
        "UNSUPPORTED_MEDIA_TYPE",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        texts::TITLE_FAILED,
        texts::WRONG_MEDIA_TYPE,
        NO_BROWSER,
    ),
    NOT_UNDERSTOOD,
];
/// Any other status.
const NOT_UNDERSTOOD: Rule = Rule::new(
    "BAD_REQUEST",
    StatusCode::BAD_REQUEST,
    texts::TITLE_FAILED,
    texts::NOT_UNDERSTOOD,
    NO_BROWSER,
);

fn of_router(status: StatusCode) -> Problem {
    let rule = RULES.iter().find(|rule| rule.status == status);
    let rule = rule.copied().unwrap_or(NOT_UNDERSTOOD);
    Rule { status, ..rule }.problem()
}

fn title_of(status: StatusCode) -> Text {
    match status {
        StatusCode::NOT_FOUND => texts::TITLE_NOT_FOUND,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => texts::TITLE_LATER,
        status if status.is_server_error() => texts::TITLE_OUR_FAULT,
        _ => texts::TITLE_FAILED,
    }
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(owned).unwrap_or("(without words)")
}

fn log(problem: &Problem, correlation_id: &str, route: &str) {
    let reason = problem.reason.as_ref();
    let (code, text) = reason.map_or((problem.code, ""), |reason| {
        (reason.code, reason.text.as_str())
    });
    let status = problem.status.as_u16();
    let cause = problem.cause.as_deref().unwrap_or("");
    let subject = problem.subject.as_deref();
    if problem.status.is_server_error() {
        tracing::error!(
            correlation_id,
            route,
            status,
            code,
            text,
            cause,
            subject,
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
            subject,
            "request refused"
        );
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::State;
    use axum::http::header::ACCEPT;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use serde_json::Value;
    use tower::ServiceExt;

    use ::studyreel::STUDYREEL;

    use super::*;
    use crate::traces::testing::{Room, room};

    #[expect(clippy::panic, reason = "what a handler may do")]
    async fn panics() -> &'static str {
        panic!("no {}", "way");
    }

    async fn sleeps() {
        std::future::pending().await
    }

    async fn around(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
        renderer.render(request, next).await
    }

    async fn in_dialect(
        State(renderer): State<Renderer>,
        request: Request,
        next: Next,
    ) -> Response {
        renderer.render_in(&STUDYREEL, request, next).await
    }

    /// A router as the service's, with handlers that fail.
    fn router(room: &Room) -> Router {
        let renderer = Renderer {
            tools: room.tools.clone(),
            traces: room.traces.clone(),
            random: Random::default(),
            clock: Clock::default(),
            patience: Duration::from_millis(200),
        };
        let refused = || async { Problem::too_many(7) };
        Router::new()
            .route("/lti/launch", get(panics))
            .route("/api/idtoken", get(panics))
            .route("/slow", get(sleeps))
            .route("/refused", get(refused))
            .layer(from_fn_with_state(renderer.clone(), around))
            .merge(
                Router::new()
                    .route("/studyreel/launch", get(panics))
                    .layer(from_fn_with_state(renderer, in_dialect)),
            )
    }

    async fn ask(router: &Router, path: &str, accept: &str) -> (Response<()>, String) {
        let request = Request::get(path).header(ACCEPT, accept);
        let request = request.body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        (Response::from_parts(head, ()), text)
    }

    #[tokio::test]
    async fn a_handler_that_panics_answers_with_a_page_a_reference_and_a_trace() {
        let room = room().await;
        let (answer, page) = ask(&router(&room), "/lti/launch", "text/html").await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
        let says = texts::INTERNAL.to(Language::English);
        assert!(page.contains(says.lines().next().unwrap()), "{page}");
        assert!(!page.contains("no way"), "{page}");
        let reference = page.split("<code>").nth(1).unwrap();
        let reference = reference.split('<').next().unwrap();
        let trace = room.trace(reference).await.unwrap();
        assert_eq!(trace.reason.as_deref(), Some("INTERNAL_SERVER_ERROR"));
        assert!(trace.trace.contains("a panic: no way"), "{}", trace.trace);
    }

    #[tokio::test]
    async fn a_handler_that_panics_answers_programs_in_json() {
        let room = room().await;
        let (answer, body) = ask(&router(&room), "/api/idtoken", "text/html").await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["details"]["message"], "INTERNAL_SERVER_ERROR");
        let reference = body["details"]["correlationId"].as_str().unwrap();
        assert_eq!(reference.len(), 10);
        // Nothing was attempted that leaves a trace.
        assert!(room.trace(reference).await.is_none());
    }

    #[tokio::test]
    async fn a_launch_that_panics_is_answered_in_its_dialect() {
        let room = room().await;
        let (answer, body) = ask(&router(&room), "/studyreel/launch", "text/html").await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["code"], "internal");
        let reference = body["request_id"].as_str().unwrap();
        let trace = room.trace(reference).await.unwrap();
        assert_eq!(trace.kind, "studyreel");
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_given_up() {
        let (answer, body) = ask(&router(&room().await), "/slow", "*/*").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()[RETRY_AFTER], "5");
        assert!(body.contains("SERVICE_UNAVAILABLE"), "{body}");
    }

    #[tokio::test]
    async fn the_router_s_own_refusals_have_the_same_shapes() {
        let router = router(&room().await);
        let (answer, body) = ask(&router, "/nothing", "*/*").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(body.contains("NOT_FOUND"), "{body}");
        let (answer, page) = ask(&router, "/refused", "text/html").await;
        assert_eq!(answer.headers()[RETRY_AFTER], "7");
        assert_eq!(answer.headers()[VARY], "Accept, Accept-Language");
        assert!(page.contains("<h1>"), "{page}");
    }
}
