//! Uses a real router, without a server.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::get;
use serde_json::Value;
use tower::ServiceExt;

use ::studyreel::STUDYREEL;

use super::*;
use crate::settings::public_url::PublicUrl;
use crate::traces::testing::{TraceRoom, room};
use crate::web::texts::page as texts;

#[expect(clippy::panic, reason = "what a handler may do")]
async fn panics() -> &'static str {
    panic!("no {}", "way");
}

async fn sleeps() {
    std::future::pending::<()>().await;
}

async fn around(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let handle = |request| next.run(request);
    let mut response = renderer.render(request, handle).await;
    let public_url = PublicUrl::parse("https://lti.example").unwrap();
    Headers::at(&public_url).complete(&path, response.headers_mut());
    response
}

async fn in_dialect(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    let handle = |request| next.run(request);
    renderer.render_in(&STUDYREEL, request, handle).await
}

/// A router like the service's, with handlers that fail.
fn router(room: &TraceRoom) -> Router {
    let renderer = Renderer {
        tools: room.tools.clone(),
        traces: room.traces.clone(),
        random: Random::default(),
        clock: Clock::default(),
        log: FailureLog::default(),
        patience: Duration::from_millis(200),
        store_patience: Duration::from_millis(200),
    };
    let refused = || async { Problem::too_many(7) };
    let launches = Router::new()
        .route("/studyreel/launch", get(panics))
        .layer(from_fn_with_state(renderer.clone(), in_dialect));
    let others = Router::new()
        .route("/lti/launch", get(panics))
        .route("/api/idtoken", get(panics))
        .route("/slow", get(sleeps))
        .route("/refused", get(refused))
        .layer(from_fn_with_state(renderer, around));
    launches.merge(others)
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
async fn a_panic_answers_with_a_page_a_reference_and_a_trace() {
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
    // A request for an unknown address is not an attempt.
    assert!(room.trace(reference).await.is_none());
}

#[tokio::test]
async fn a_launch_that_panics_is_answered_in_its_dialect() {
    let room = room().await;
    let (answer, body) = ask(&router(&room), "/studyreel/launch", "text/html").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["code"], "internal");
    let reference = body["requestId"].as_str().unwrap();
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
