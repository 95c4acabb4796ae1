//! What the application is told if a platform refuses or fails (ltiaas-api.md §3 and
//! §8, question 8).

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use std::time::Duration;
use test_case::both_stores;

use super::{Course, assert_error, at};
use crate::support::Store;

#[both_stores]
async fn an_lmss_error_is_told_in_its_own_words(store: Store) {
    let course = Course::new(store).await;
    let faults = course.school.lms.faults();
    for (upstream, status, code) in [
        (400, 400, "PLATFORM_REFUSED"),
        (403, 403, "PLATFORM_REFUSED"),
        (404, 404, "PLATFORM_REFUSED"),
        (412, 412, "PLATFORM_REFUSED"),
        (422, 422, "PLATFORM_REFUSED"),
        (429, 429, "PLATFORM_BUSY"),
        (500, 502, "PLATFORM_FAILED"),
        (503, 502, "PLATFORM_FAILED"),
    ] {
        let said = json!({"status": upstream, "reason": "This course has concluded."});
        let fault = Fault::Answer {
            status: upstream,
            content_type: "application/json".into(),
            body: said.to_string(),
        };
        for (path, endpoint) in
            [("/api/memberships", Endpoint::Memberships), ("/api/lineitems", Endpoint::LineItems)]
        {
            // A second time as well: a token that was kept may be what is refused.
            faults.set(endpoint, fault.clone());
            let details = assert_error(path, &course.get(path).await, status, code);
            faults.clear(endpoint);
            assert_eq!(details["externalError"], true);
            assert_eq!(
                (&details["bodyReceived"], &details["externalStatus"]),
                (&said, &json!(upstream))
            );
            assert!(details["externalUrl"].as_str().unwrap().starts_with(course.school.lms.url()));
        }
    }
}

#[both_stores("F-06")]
async fn a_busy_lms_says_when_to_come_again(store: Store) {
    let course = Course::new(store).await;
    let faults = course.school.lms.faults();
    faults.next(Endpoint::Memberships, 1, Fault::Busy { status: 429, seconds: 17 });
    let page = course.get("/api/memberships").await;
    assert_error("429", &page, 429, "PLATFORM_BUSY");
    assert_eq!(page.header("retry-after"), Some("17"));
    let throttle = Fault::Answer {
        status: 403,
        content_type: "text/html".into(),
        body: "403 Forbidden (Rate Limit Exceeded)".into(),
    };
    faults.next(Endpoint::Memberships, 1, throttle);
    let page = course.get("/api/memberships").await;
    assert_error("as Canvas", &page, 429, "PLATFORM_BUSY");
    faults.next(Endpoint::Memberships, 1, Fault::Busy { status: 503, seconds: 9 });
    let page = course.get("/api/memberships").await;
    assert_error("503", &page, 502, "PLATFORM_FAILED");
    assert_eq!(page.header("retry-after"), Some("9"));
}

#[both_stores]
async fn no_answer_and_no_json_are_told_apart(store: Store) {
    let course = Course::new(store).await;
    let faults = course.school.lms.faults();
    let item = at(&course.line_item());
    for (fault, code) in [
        (Fault::Html, "PLATFORM_ANSWER_UNREADABLE"),
        (Fault::Drop, "PLATFORM_NOT_REACHED"),
        (Fault::Cut, "PLATFORM_NOT_REACHED"),
        (Fault::Redirect("http://127.0.0.1:1/".into()), "PLATFORM_FAILED"),
    ] {
        for (path, endpoint) in [
            ("/api/memberships", Endpoint::Memberships),
            ("/api/lineitems", Endpoint::LineItems),
            (&*item, Endpoint::LineItem),
        ] {
            faults.next(endpoint, 1, fault.clone());
            let details = assert_error(path, &course.get(path).await, 502, code);
            assert_eq!(details["externalError"], true, "{path} {fault:?}");
        }
    }
    faults.next(Endpoint::Memberships, 1, Fault::Late(Duration::from_millis(300)));
    course.read("/api/memberships").await;
    let drip = Fault::Drip { bytes: 40, pause: Duration::from_millis(2) };
    faults.next(Endpoint::Memberships, 1, drip);
    assert_eq!(course.read("/api/memberships").await["members"].as_array().unwrap().len(), 7);
}

#[both_stores("F-06", "TC-290")]
async fn a_refused_token_request_is_no_401_of_ours(store: Store) {
    let course = Course::new(store).await;
    let refusing = |status, error: &str| Fault::Answer {
        status,
        content_type: "text/html; charset=utf-8".into(),
        body: json!({"error": error}).to_string(),
    };
    let faults = course.school.lms.faults();
    for (fault, status, code) in [
        (refusing(400, "invalid_client"), 502, "PLATFORM_TOKEN_REFUSED"),
        (refusing(401, "invalid_client"), 502, "PLATFORM_TOKEN_REFUSED"),
        (refusing(400, "invalid_scope"), 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT"),
        (Fault::Status(500), 502, "PLATFORM_TOKEN_REFUSED"),
        (Fault::Html, 502, "PLATFORM_TOKEN_REFUSED"),
        (Fault::Drop, 502, "PLATFORM_TOKEN_REFUSED"),
    ] {
        faults.next(Endpoint::Token, 1, fault.clone());
        let details = assert_error(
            &format!("{fault:?}"),
            &course.get("/api/memberships").await,
            status,
            code,
        );
        let text = Value::to_string(&details);
        assert!(!text.contains("client_assertion") && !text.contains("eyJ"), "{text}");
        assert_eq!(details["externalError"], true, "{text}");
        if let Fault::Answer { status, body, .. } = &fault {
            let body: Value = serde_json::from_str(body).unwrap();
            assert_eq!(details["externalStatus"], *status, "{text}");
            assert_eq!(details["bodyReceived"], body, "{text}");
        }
        // What it mostly means is said with it.
        let is_client = format!("{fault:?}").contains("invalid_client");
        for said in ["reach our key set", "another audience"] {
            assert_eq!(text.contains(said), is_client, "{text}");
        }
    }
    course.read("/api/memberships").await;
}

#[both_stores]
async fn other_credentials_open_no_service(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    for header in [
        format!("Bearer {}", crate::support::API_KEY),
        format!("LTIK-AUTH-V2 {}:{}", crate::support::API_KEY, course.service_key()),
        format!("SERVICE-AUTH-V1 {}:{}", crate::support::API_KEY, course.ltik),
        format!("SERVICE-AUTH-V1 {}:a.b.c", crate::support::API_KEY),
        format!("SERVICE-AUTH-V1 wrong:{}", course.service_key()),
        format!("LTIK-AUTH-V2 wrong:{}", course.ltik),
    ] {
        for path in ["/api/memberships", "/api/lineitems", "/api/groups"] {
            let page = gateway.with_authorization("GET", path, None, &header).await;
            assert_error(&header, &page, 401, "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER");
        }
    }
    assert_eq!(course.school.lms.hits(Endpoint::Token), 0);
}
