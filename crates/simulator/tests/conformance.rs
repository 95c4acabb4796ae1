//! The 76 cases against a receiver that checks next to nothing.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use simulator::studyreel::conformance::{Conformance, ConformanceOptions, Outcome, Report};

type Known = Arc<Mutex<HashSet<String>>>;

/// A receiver as they are found: it trusts every payload and gives out links that work for ever.
async fn careless() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.2:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let base = url.clone();
    let launch = move |State(known): State<Known>, body: String| async move {
        receive(&base, &known, &body)
    };
    let home = || async { ([("set-cookie", "session=1; Path=/")], "Welcome") };
    let router = Router::new()
        .route("/launch", post(launch))
        .route("/learn", get(home))
        .with_state(Known::default());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn receive(base: &str, known: &Known, body: &str) -> Response {
    let message: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let Some(sub) = message["sub"].as_str() else {
        let error = json!({"error": format!("no sub in {body}")});
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(error)).into_response();
    };
    let is_new = known.lock().unwrap().insert(sub.to_owned());
    Json(json!({
        "status": "success", "message": "Welcome", "userID": sub,
        "userType": if is_new { "new" } else { "existing" }, "loginLink": format!("{base}/learn?token=short"),
    }))
    .into_response()
}

fn outcome(report: &Report, id: u8) -> (Outcome, &str) {
    let case = report.cases.iter().find(|case| case.id == id).unwrap();
    (case.outcome, &case.reason)
}

#[tokio::test]
async fn unchecked_cases_fail_and_invisible_ones_do_not_pass() {
    let url = careless().await;
    let mut heard = 0;
    let options = ConformanceOptions::new(&format!("{url}/launch"));
    let report = Conformance::run(options, |_| heard += 1).await.unwrap();
    assert_eq!((heard, report.cases.len()), (76, 76));
    assert!(!report.passed());
    let failed = [
        2, 4, 5, 6, 22, 37, 38, 39, 40, 41, 42, 43, 44, 45, 47, 48, 49, 50, 52, 53, 54, 55, 59, 60,
        63, 64, 66, 67, 70, 74,
    ];
    for id in failed {
        assert_eq!(outcome(&report, id).0, Outcome::Failed, "{id}\n{report}");
    }
    for id in [8, 14, 16, 30, 36, 46, 57, 62, 65, 68, 75, 76] {
        let (ended, why) = outcome(&report, id);
        assert_eq!(ended, Outcome::NotRun, "{id}\n{report}");
        assert!(
            why.contains("needs") || why.contains("neither"),
            "{id}: {why}"
        );
    }
    for id in [1, 3, 7, 11, 12, 24, 25, 71, 72] {
        assert_eq!(outcome(&report, id).0, Outcome::Passed, "{id}\n{report}");
    }
    let why = outcome(&report, 39).1;
    assert!(
        why.contains("LtiDeepLinkingRequest") && why.contains("200"),
        "{why}"
    );
}

#[tokio::test]
async fn single_cases_can_be_run_and_silence_is_an_error() {
    let url = careless().await;
    let options = ConformanceOptions {
        only: vec![63, 1],
        ..ConformanceOptions::new(&format!("{url}/launch"))
    };
    let report = Conformance::run(options, |_| {}).await.unwrap();
    let ids: Vec<u8> = report.cases.iter().map(|case| case.id).collect();
    assert_eq!(ids, [1, 63]);
    assert_eq!(report.summary(), "2 cases: 1 passed, 1 failed, 0 not run");
    let nobody = ConformanceOptions::new("http://127.0.0.1:9/launch");
    assert!(Conformance::run(nobody, |_| {}).await.is_err());
}
