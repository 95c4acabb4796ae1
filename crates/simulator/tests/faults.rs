//! Misbehaving on purpose.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::time::Duration;

use serde_json::json;
use simulator::{
    browser::{Browser, Request},
    faults::{Fault, Gate},
    lms::{Endpoint, Lms, Options},
};

#[tokio::test]
async fn every_fault_does_what_it_says_and_ends_when_cleared() {
    let lms = Lms::start(Options::default()).await.unwrap();
    let browser = Browser::new().unwrap();
    let url = lms.endpoints().configuration;
    let get = || async {
        browser
            .send(
                Request::new("GET".parse().unwrap(), &url)
                    .unwrap()
                    .no_redirects(),
            )
            .await
    };
    let right = get().await.unwrap().json().unwrap();
    let set = |fault| lms.faults().set(Endpoint::Configuration, fault);

    set(Fault::Status(503));
    assert_eq!(get().await.unwrap().status, 503);
    set(Fault::Redirect("http://127.0.0.1/x".to_owned()));
    assert_eq!(
        get().await.unwrap().header("location"),
        Some("http://127.0.0.1/x")
    );
    set(Fault::Html);
    let html = get().await.unwrap();
    assert!(
        html.json().is_err()
            && html
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
    );
    set(Fault::set("/issuer", "https://elsewhere.example.com"));
    assert_eq!(
        get().await.unwrap().json().unwrap()["issuer"],
        "https://elsewhere.example.com"
    );
    set(Fault::remove("/jwks_uri"));
    assert_eq!(get().await.unwrap().json().unwrap().get("jwks_uri"), None);
    set(Fault::remove(
        "/https:~1~1purl.imsglobal.org~1spec~1lti-platform-configuration/variables",
    ));
    let platform = &get().await.unwrap().json().unwrap()["https://purl.imsglobal.org/spec/lti-platform-configuration"];
    assert_eq!(
        (platform.get("variables"), &platform["product_family_code"]),
        (None, &json!("moodle"))
    );
    set(Fault::Larger(300_000));
    assert!(get().await.unwrap().body.len() > 300_000);
    set(Fault::Cut);
    assert!(get().await.is_err());

    let begun = tokio::time::Instant::now();
    set(Fault::Drip {
        bytes: 1000,
        pause: Duration::from_millis(30),
    });
    assert_eq!(get().await.unwrap().json().unwrap(), right);
    assert!(begun.elapsed() >= Duration::from_millis(60));
    let begun = tokio::time::Instant::now();
    set(Fault::Late(Duration::from_millis(50)));
    assert_eq!(get().await.unwrap().json().unwrap(), right);
    assert!(begun.elapsed() >= Duration::from_millis(50));

    lms.faults()
        .next(Endpoint::Configuration, 2, Fault::Status(500));
    assert_eq!(get().await.unwrap().status, 500);
    assert_eq!(get().await.unwrap().status, 500);
    assert_eq!(get().await.unwrap().status, 200);
    assert_eq!(lms.hits(Endpoint::Configuration), 14);
}

#[tokio::test]
async fn a_fault_of_one_endpoint_leaves_the_others_alone() {
    let lms = Lms::start(Options::default()).await.unwrap();
    let browser = Browser::new().unwrap();
    lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    assert_eq!(
        browser.get(&lms.endpoints().jwks).await.unwrap().status,
        500
    );
    assert_eq!(
        browser
            .get(&lms.endpoints().configuration)
            .await
            .unwrap()
            .status,
        200
    );
    lms.faults().clear_all();
    assert_eq!(
        browser.get(&lms.endpoints().jwks).await.unwrap().status,
        200
    );
}

#[tokio::test]
async fn a_gate_holds_a_request_back_until_it_is_opened() {
    let lms = Lms::start(Options::default()).await.unwrap();
    let (browser, gate) = (Browser::new().unwrap(), Gate::default());
    let url = lms.endpoints().jwks;
    lms.faults()
        .next(Endpoint::Jwks, 1, Fault::Gated(gate.clone()));
    let held = tokio::spawn({
        let (browser, url) = (browser.fresh(), url.clone());
        async move { browser.get(&url).await.unwrap().status }
    });
    while lms.hits(Endpoint::Jwks) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(browser.get(&url).await.unwrap().status, 200, "others pass");
    assert!(!held.is_finished());
    gate.open();
    assert_eq!(held.await.unwrap(), 200);
}
