//! How failures look, to programs and to people, and errors of the platform (ltiaas-api.md §3,
//! lti.md A.4, B-03, B-04).

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;

use crate::registered::{Registered, assert_refused, form, ltik_of};
use crate::support::{API_KEY, Gateway, Store, send};

async fn ask(gateway: &Gateway, method: &str, path: &str, accept: &str) -> Page {
    let request = Request::new(method.parse().unwrap(), &gateway.at(path)).unwrap();
    send(request.no_redirects().header("accept", accept)).await
}

/// LTIAAS's shape: status in header and body, reason phrase, code and sentence, and our reference.
#[track_caller]
fn assert_json(page: &Page, status: u16, error: &str, code: &str) -> Value {
    let body = page.json().unwrap();
    assert_eq!(page.status, status, "{body}");
    assert_eq!(page.header("content-type"), Some("application/json"), "{body}");
    assert_eq!((&body["status"], &body["error"]), (&json!(status), &json!(error)), "{body}");
    assert_eq!(body["details"]["message"], code, "{body}");
    assert!(body["details"]["description"].as_str().unwrap().len() > 10, "{body}");
    assert!(body["details"]["correlationId"].as_str().unwrap().len() >= 8, "{body}");
    body
}

#[both_stores("TC-041", "TC-042", "TC-044", "A-51")]
async fn a_platforms_error_is_explained_by_its_code(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let mut advised = Vec::new();
    for (case, error, words, code) in [
        ("TC-041", "login_required", "new window", "PLATFORM_WANTS_SIGN_IN"),
        ("TC-041", "interaction_required", "new window", "PLATFORM_WANTS_SIGN_IN"),
        ("TC-044", "launch_no_longer_valid", "start again", "PLATFORM_LAUNCH_USED"),
        ("A-51", "access_denied", "refused to open the tool", "PLATFORM_DENIED_ACCESS"),
        ("A-51", "unauthorized_client", "refused to open the tool", "PLATFORM_TOOL_NOT_ALLOWED"),
        ("A-51", "invalid_request", "refused to open the tool", "PLATFORM_REFUSED_REQUEST"),
        ("A-51", "server_error", "refused to open the tool", "PLATFORM_FAILED"),
        ("unknown", "<script>alert(1)</script>", "refused to open the tool", "PLATFORM_ERROR"),
    ] {
        let posted = school.begin(&browser, &school.student()).await;
        let fields = [
            ("error", error),
            ("error_description", "<script>alert(1)</script>"),
            ("state", posted.state.as_str()),
        ];
        let request = form(&school.gateway.at("/lti/launch"), &fields);
        let page = browser.send(request).await.unwrap();
        assert_refused(case, &page, 400, code);
        let trace = school.gateway.newest("outcome=failed").await;
        advised.push(trace["reason"]["advice"].as_str().unwrap().to_owned());
        assert!(page.text().contains(words), "{case}: {}", page.text());
        assert!(!page.text().contains("<script>alert"), "TC-042: {}", page.text());
    }
    advised.sort();
    advised.dedup();
    assert_eq!(advised.len(), 7, "one advice for each: {advised:?}");
    // It names the platform where there is something to do here.
    assert!(advised.iter().any(|advice| advice.contains(&school.platform_id)), "{advised:?}");
    assert_eq!(school.gateway.launches().await, 0);
}

#[both_stores("TC-041", "A-50")]
async fn login_required_in_a_window_offers_no_other_window(store: Store) {
    let school = Registered::new(store).await;
    let path = format!("/lti/login/{}", school.platform_id);
    for (place, code, offers) in
        [("iframe", "PLATFORM_WANTS_SIGN_IN", true), ("document", "PLATFORM_NOT_SIGNED_IN", false)]
    {
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let fields = [("error", "login_required"), ("state", posted.state.as_str())];
        let request = form(&school.gateway.at("/lti/launch"), &fields);
        let page = browser.send(request.header("sec-fetch-dest", place)).await.unwrap();
        assert_refused(place, &page, 400, code);
        assert_eq!(page.form_to(&path).is_some(), offers, "{place}: {}", page.text());
        let trace = school.gateway.newest("outcome=failed").await;
        assert_eq!(trace["reason"]["code"], code, "{trace}");
        for text in [&*page.text(), trace["reason"]["advice"].as_str().unwrap()] {
            assert_eq!(text.contains("new window"), offers, "{place}: {text}");
        }
        let says = "Please sign in to your learning platform";
        assert_eq!(page.text().contains(says), !offers, "{place}: {}", page.text());
    }
}

#[both_stores("TC-043")]
async fn an_error_with_an_unknown_state_touches_nothing(store: Store) {
    let school = Registered::new(store).await;
    let before = school.gateway.rows().await;
    let fields = [("error", "login_required"), ("state", "unknown")];
    let request = form(&school.gateway.at("/lti/launch"), &fields);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_refused("unknown state", &page, 401, "STATE_UNKNOWN");
    assert_eq!(school.gateway.rows().await, before);
    assert_eq!(school.gateway.launches().await, 0);
}

/// Nobody signs a platform's error, and what it leaves stays a day longer when clean-up rests:
/// after a time without a server, or a date that jumped.
#[both_stores]
async fn unsigned_errors_leave_a_bounded_number_of_rows(store: Store) {
    const WRITTEN: i64 = 60;
    let school = Registered::new(store).await;
    // Nothing is removed from now on.
    school.set_date_by(30 * 24 * 60 * 60);
    let rows = async || school.gateway.number("SELECT COUNT(*) FROM launches").await;
    let refuse = async || {
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let fields = [("error", "login_required"), ("state", posted.state.as_str())];
        let request = form(&school.gateway.at("/lti/launch"), &fields);
        let page = browser.send(request).await.unwrap();
        assert_refused("an error", &page, 400, "PLATFORM_WANTS_SIGN_IN");
        (browser, posted, page)
    };
    for _ in 0..WRITTEN {
        let (_, _, page) = refuse().await;
        assert_eq!(page.header("set-cookie"), None);
    }
    assert_eq!(rows().await, WRITTEN);
    for _ in 0..5 {
        let (browser, posted, page) = refuse().await;
        assert!(page.header("set-cookie").unwrap().contains("Max-Age=0"));
        // The login is over all the same.
        let late = school.post(&browser, &posted).await;
        assert_refused("over", &late, 401, "STATE_COOKIE_MISSING");
    }
    assert_eq!((rows().await, school.gateway.launches().await), (WRITTEN, 0));
    school.advance(61);
    refuse().await;
    assert_eq!(rows().await, WRITTEN + 1, "another minute");
}

#[both_stores("TC-041")]
async fn a_platforms_error_ends_only_its_own_browsers_login(store: Store) {
    let school = Registered::new(store).await;
    for by_get in [false, true] {
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let fields = [("error", "access_denied"), ("state", posted.state.as_str())];
        let error = || {
            let mut url = url::Url::parse(&school.gateway.at("/lti/launch")).unwrap();
            if !by_get {
                return form(url.as_str(), &fields);
            }
            url.query_pairs_mut().extend_pairs(fields);
            let request = Request::new("GET".parse().unwrap(), url.as_str()).unwrap();
            request.no_redirects().header("accept", "text/html")
        };
        // Anyone who else has the state burns no one's login.
        assert_refused(
            "another browser",
            &browser.fresh().send(error()).await.unwrap(),
            400,
            "PLATFORM_DENIED_ACCESS",
        );
        assert_eq!(school.gateway.number("SELECT COUNT(*) FROM launches").await, i64::from(by_get));
        let page = browser.send(error()).await.unwrap();
        assert_refused("TC-041", &page, 400, "PLATFORM_DENIED_ACCESS");
        let late = school.post(&browser, &posted).await;
        assert_refused("TC-041: consumed", &late, 401, "NONCE_ALREADY_RECEIVED");
        assert_eq!(school.gateway.launches().await, 0);
    }
}

#[both_stores]
async fn a_refusal_hides_its_reason_unless_reasons_are_shown(store: Store) {
    let school = Registered::new(store).await;
    school.gateway.patch_tool(json!({"launch": {"showReasons": false}})).await;
    let browser = Browser::new().unwrap();
    for (launch, rule) in [
        (school.student().with("aud", "c2"), "AUD_DOES_NOT_MATCH_CLIENTID"),
        (school.student().without("roles"), "NO_ROLES_CLAIM"),
        (school.student().header(json!({"alg": "RS256"})), "NO_KID_HEADER"),
    ] {
        let posted = school.begin(&browser, &launch).await;
        let page = school.post(&browser, &posted).await;
        assert_eq!(page.status, 401);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        let text = page.text();
        assert!(text.contains("Reference for support") && !text.contains(rule), "{text}");
        assert!(!text.contains("audience") && !text.contains("key id"), "{text}");
        assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));

        let posted = school.begin(&browser, &launch).await;
        let request = form(&school.gateway.at("/lti/launch"), &posted.fields());
        let mut request = request;
        request.headers.remove("accept");
        let page = browser.send(request).await.unwrap();
        let body = assert_json(&page, 401, "Unauthorized", "INVALID_ID_TOKEN");
        assert!(!body.to_string().contains(rule), "{body}");
    }
    ltik_of("right", &school.launch(&school.student()).await);
}

#[both_stores]
async fn a_login_from_an_unknown_platform_gets_ltiaas_answer(store: Store) {
    let school = Registered::new(store).await;
    let url = "/lti/login?iss=https%3A%2F%2Flms.example.com&login_hint=2&target_link_uri=";
    let target: String =
        url::form_urlencoded::byte_serialize(school.gateway.at("/lti/launch").as_bytes()).collect();
    let page = ask(&school.gateway, "GET", &format!("{url}{target}"), "*/*").await;
    let body = assert_json(&page, 400, "Bad Request", "UNREGISTERED_OR_INACTIVE_PLATFORM");
    assert_eq!(
        body["details"]["bodyReceived"],
        json!({"iss": "https://lms.example.com", "login_hint": "2"})
    );
    let page = ask(&school.gateway, "GET", "/lti/login?iss=x", "application/json").await;
    assert_json(&page, 400, "Bad Request", "MISSING_LOGIN_PARAMETERS");
}

#[both_stores]
async fn router_refusals_come_as_page_or_json_too(store: Store) {
    let gateway = Gateway::start(store).await;
    let html = "text/html,*/*;q=0.8";
    assert_json(&ask(&gateway, "GET", "/nothing", "*/*").await, 404, "Not Found", "NOT_FOUND");
    // The API answers JSON even to a browser.
    assert_json(&ask(&gateway, "GET", "/api/nothing", html).await, 404, "Not Found", "NOT_FOUND");
    let page = ask(&gateway, "POST", "/lti/keys", "*/*").await;
    assert_json(&page, 405, "Method Not Allowed", "METHOD_NOT_ALLOWED");
    assert!(page.header("allow").unwrap().contains("GET"));
    let page = ask(&gateway, "GET", "/nothing", html).await;
    assert_eq!(page.status, 404);
    // A reference would lead to no trace.
    let (is_said, is_dead) =
        (page.text().contains("<h1>Not found</h1>"), page.text().contains("Reference"));
    assert!(is_said && !is_dead, "{}", page.text());
    let page = ask(&gateway, "PUT", "/lti/login", html).await;
    assert_eq!(page.status, 405);
    assert!(page.text().contains("<!doctype html>"), "{}", page.text());
    // What happened, and what to do.
    assert!(page.text().contains("Open the page again from the link"), "{}", page.text());

    let large = Request::new("PATCH".parse().unwrap(), &gateway.at("/admin/tool"))
        .unwrap()
        .header("authorization", &format!("Bearer {API_KEY}"))
        .body("application/json", format!("{{\"name\":\"{}\"}}", "x".repeat(300 * 1024)));
    let page = send(large).await;
    assert_json(&page, 413, "Payload Too Large", "PAYLOAD_TOO_LARGE");
    let login = form(&gateway.at("/lti/login"), &[]).body("application/json", "{}");
    let page = Browser::new().unwrap().send(login.clone()).await.unwrap();
    assert_eq!(page.status, 415);
    let mut login = login;
    login.headers.remove("accept");
    let page = Browser::new().unwrap().send(login).await.unwrap();
    assert_json(&page, 415, "Unsupported Media Type", "UNSUPPORTED_MEDIA_TYPE");
}

#[both_stores]
async fn every_failure_has_its_own_reference_and_is_not_cached(store: Store) {
    let gateway = Gateway::start(store).await;
    let first = ask(&gateway, "GET", "/nothing", "*/*").await;
    let second = ask(&gateway, "GET", "/nothing", "*/*").await;
    let id = |page: &Page| page.json().unwrap()["details"]["correlationId"].clone();
    assert_ne!(id(&first), id(&second));
    assert_eq!(first.header("cache-control"), Some("no-store"));
}
