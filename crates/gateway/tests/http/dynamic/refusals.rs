//! An LMS that refuses or fails, as the API tells the tool (ltiaas-api.md §8, question 8).

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::*;
use crate::support::Store;

fn answer(status: u16, content_type: &str, body: &str) -> Fault {
    Fault::Answer { status, content_type: content_type.into(), body: body.into() }
}

/// One failure, completed through the API.
async fn failing(gateway: &Gateway, fault: Fault) -> (Lms, String, Page) {
    let lms = lms_of("moodle").await;
    let (_, id) = wait_for_approval(gateway, &lms).await;
    lms.faults().set(Endpoint::Registration, fault);
    let page = complete(gateway, &id, None).await;
    (lms, id, page)
}

#[both_stores("TC-213", "TC-214", "TC-215")]
async fn the_lms_own_error_text_reaches_the_tool(store: Store) {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    let html = r#"{"error":"invalid_client_metadata",
        "error_description":"<img src=x onerror=alert(1)> is no name"}"#;
    let cases = [
        // The LMS's 401 would read as a bad API key.
        (401, "text/html; charset=utf-8", "token_already_used", 403, "token_already_used"),
        (403, "text/plain", "Incorrect scope", 403, "Incorrect scope"),
        (400, "application/json", html, 400, "<img src=x onerror=alert(1)> is no name"),
        (
            422,
            "application/json",
            r#"{"errors":["invalid scope x","domain is not a host"]}"#,
            422,
            "invalid scope x; domain is not a host",
        ),
        (404, "application/json", r#"{"errorMessage":"JWT expired"}"#, 404, "JWT expired"),
        (429, "text/plain", "slow down", 429, "slow down"),
        (
            500,
            "text/html",
            "<html><body>stack trace</body></html>",
            502,
            "The platform refused the registration with HTTP status 500.",
        ),
        (503, "text/plain", "busy", 502, "busy"),
    ];
    for (status, content_type, body, ours, words) in cases {
        let (lms, id, page) = failing(&gateway, answer(status, content_type, body)).await;
        assert_refused(&page, ours, "REGISTRATION_REFUSED");
        let details = &page.json().unwrap()["details"];
        assert_eq!(details["externalError"], true);
        assert_eq!(details["externalUrl"], lms.endpoints().registration);
        let own = serde_json::from_str(body).unwrap_or_else(|_| json!(body));
        assert_eq!(details["bodyReceived"], own);
        // An answer is promised only if there is one.
        let (told, is_silent) =
            (details["description"].as_str().unwrap(), words.starts_with("The platform refused"));
        assert_eq!(told.contains("gave no reason"), is_silent, "{told}");
        assert_eq!(told.contains("Its answer is below"), !is_silent, "{told}");
        assert_eq!(details["bodySent"], posted(&lms));
        assert!(page.text().contains(words), "{}", page.text());
        assert!(
            details["correlationId"].is_string() && details.get("closable").is_none(),
            "{details}"
        );
        // Tokens are good for one use: the POST is not tried again by itself. Where the LMS surely
        // stored nothing, the tool may try again; otherwise the id is over.
        assert_eq!(lms.hits(Endpoint::Registration), 1);
        let waits = read_waiting(&gateway, &id, "").await.status;
        assert_eq!(waits, if status < 500 { 200 } else { 404 }, "{status}");
        lms.faults().clear_all();
        let again = complete(&gateway, &id, None).await;
        assert_eq!(again.status, if status < 500 { 200 } else { 404 }, "{}", again.text());
        for platform in gateway.platforms().await {
            let path = format!("/admin/platforms/{}", platform["id"].as_str().unwrap());
            assert_eq!(gateway.admin("DELETE", &path, None).await.status, 204);
        }
    }
    assert_eq!(gateway.platforms().await.len(), 0);
    let keys = open(&gateway.at("/lti/keys")).await.json().unwrap();
    assert_eq!(keys, json!({"keys": []}), "no key of a registration that came to nothing");
}

#[both_stores]
async fn a_refused_key_serves_the_next_who_is_invited(store: Store) {
    let (gateway, lms) = (Gateway::start(store).await, lms_of("moodle").await);
    lms.faults().next(Endpoint::Registration, 1, Fault::Status(400));
    assert_eq!(register(&gateway, &lms).await.1.status, 502);
    let kept = gateway.texts("SELECT kid FROM signing_keys WHERE platform_id IS NULL").await;
    assert_eq!(kept.len(), 1);
    // The LMS may have stored something with this one.
    lms.faults().next(Endpoint::Registration, 1, Fault::Status(500));
    assert_eq!(register(&gateway, &lms).await.1.status, 502);
    assert_eq!(gateway.texts("SELECT kid FROM signing_keys").await, kept);
    // A stranger leaves the last keys alone.
    assert_eq!(register(&gateway, &lms).await.1.status, 200);
    let invite = gateway.admin("POST", "/admin/invites", Some(json!({}))).await.json().unwrap();
    let invited = lms_of("moodle").await;
    let (_, page) = register_at(invite["url"].as_str().unwrap(), &invited).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(gateway.number("SELECT COUNT(*) FROM signing_keys").await, 2);
    let waiting = "SELECT COUNT(*) FROM signing_keys WHERE platform_id IS NULL";
    assert_eq!(gateway.number(waiting).await, 0);
}

#[both_stores]
async fn an_lms_that_does_not_answer_is_a_502(store: Store) {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    for (fault, code) in [
        (Fault::Cut, "REGISTRATION_NOT_ANSWERED"),
        (Fault::Redirect("http://127.0.0.1:9/".into()), "REGISTRATION_NOT_ANSWERED"),
        (Fault::Html, "REGISTRATION_ANSWER_INVALID"),
        (Fault::remove("/client_id"), "REGISTRATION_ANSWER_INVALID"),
        (Fault::set("/client_id", json!({"a": 1})), "REGISTRATION_ANSWER_INVALID"),
        (Fault::Larger(300_000), "REGISTRATION_ANSWER_INVALID"),
    ] {
        let (lms, _, page) = failing(&gateway, fault).await;
        assert_refused(&page, 502, code);
        let details = &page.json().unwrap()["details"];
        assert_eq!(
            (&details["externalError"], &details["externalUrl"]),
            (&json!(true), &json!(lms.endpoints().registration))
        );
    }
    assert_eq!(gateway.platforms().await.len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_profile_refuses_with_its_own_error() {
    // A secret that was used before, as each of them says it.
    for (profile, ours, words) in [
        ("moodle", 403, "token_already_used"),
        ("canvas", 403, "JWT has already been used"),
        ("brightspace", 404, "not_found"),
        ("blackboard", 403, "invalid_token"),
        ("sakai", 403, "The platform refused the registration with HTTP status 403."),
        ("ilias", 400, "invalid_token"),
    ] {
        let gateway = Gateway::start_with(Store::Sqlite, with_approval_page()).await;
        let lms = lms_of(profile).await;
        let (start, first) = wait_for_approval(&gateway, &lms).await;
        let second = if profile == "brightspace" {
            // Its address is good for one look, so the secret runs out instead.
            lms.clock().set_offset(7200);
            first.clone()
        } else {
            let page = open(&start.url).await;
            assert_eq!(complete(&gateway, &first, None).await.status, 200);
            registration_id(&page)
        };
        let page = complete(&gateway, &second, None).await;
        assert_refused(&page, ours, "REGISTRATION_REFUSED");
        let details = &page.json().unwrap()["details"];
        let received = details["bodyReceived"].to_string();
        assert!(received.contains(words) || profile == "sakai", "{profile}: {received}");
        assert!(!received.contains(start.token.as_str()), "{profile}: {received}");
    }
}
