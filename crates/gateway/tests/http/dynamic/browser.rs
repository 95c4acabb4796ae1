//! Registration in real Chromium: the LMS on 127.0.0.1 shows us on 127.0.0.2, and us the tool's own
//! page on 127.0.0.3, in a frame that closes at the end.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use axum::{Form, Router};
use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use tokio::net::TcpListener;

use super::*;
use crate::chromium::{Chromium, Place};
use crate::support::{API_KEY, Store};

type Fields = HashMap<String, String>;
/// Where the API is, once there is one.
type Api = Arc<OnceLock<String>>;

/// A tool's own page that asks the administrator to sign in, and its back-end.
async fn approval_page() -> (String, Api) {
    let listener = TcpListener::bind("127.0.0.3:0").await.unwrap();
    let url = format!("http://{}/approve?from=lms", listener.local_addr().unwrap());
    let api = Api::default();
    let router =
        Router::new().route("/approve", get(sign_in).post(signed_in)).with_state(api.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, api)
}

async fn sign_in(Query(query): Query<Fields>) -> Html<String> {
    let id = &query["registrationId"];
    Html(format!(
        "<!doctype html><title>Example Tool</title><h1>Sign in to Example Tool</h1>\
         <form method=post action=/approve>\
         <input type=hidden name=registrationId value='{id}'>\
         <input name=user><input name=password type=password>\
         <button>Sign in</button></form>"
    ))
}

async fn signed_in(State(api): State<Api>, Form(fields): Form<Fields>) -> Html<String> {
    if (fields["user"].as_str(), fields["password"].as_str()) != ("owner", "secret") {
        return Html("<h1>Wrong password</h1>".into());
    }
    let call = async |method: &str, path: &str, body: &str| {
        let at =
            format!("{}/api/registrations/{}{path}", api.get().unwrap(), fields["registrationId"]);
        let request = Request::new(method.parse().unwrap(), &at)
            .unwrap()
            .header("authorization", &format!("Bearer {API_KEY}"))
            .body("application/json", body);
        Browser::new().unwrap().send(request).await.unwrap().json().unwrap()
    };
    let waiting = call("GET", "", "").await;
    let word = json!({"platformName": format!("A {}", waiting["familyCode"].as_str().unwrap())});
    let done = call("POST", "/complete", &word.to_string()).await;
    let html = done["html"].as_str().unwrap();
    Html(format!("<!doctype html><title>Example Tool</title><h1>Welcome</h1>{html}"))
}

/// The LMS's administrator enters the tool's registration URL, as far as the frame with our page.
async fn begin(chromium: &Chromium, gateway: &Gateway, lms: &Lms) {
    chromium.open(&format!("{}/tools/new", lms.url())).await;
    let url = gateway.at("/lti/register");
    chromium.type_into(Place::Page, "#url", &url).await;
    chromium.click(Place::Page, "form[action='/tools/dynamic'] button").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_lms_dialogue_closes_itself_in_a_real_browser() {
    let (page, api) = approval_page().await;
    let settings = json!({"registration": {"preApproval": {"enabled": true, "url": page}}});
    let gateway = Gateway::start_with(Store::Sqlite, settings).await;
    api.set(gateway.url.clone()).unwrap();
    let chromium = Chromium::start().await;

    // The tool's own page, inside the LMS's.
    let lms = lms_of("moodle").await;
    begin(&chromium, &gateway, &lms).await;
    assert_eq!(chromium.text(Place::Frame, "h1").await, "Sign in to Example Tool");
    assert_eq!(lms.hits(Endpoint::Registration), 0);
    chromium.type_into(Place::Frame, "[name=user]", "owner").await;
    chromium.type_into(Place::Frame, "[name=password]", "secret").await;
    chromium.click(Place::Frame, "button").await;
    assert_eq!(chromium.text(Place::Page, "h1 .tag.bad").await, "pending");
    let platform = only_platform(&gateway).await;
    assert_eq!((&platform["name"], &platform["active"]), (&json!("A moodle"), &json!(false)));
    let client_id = platform["clientId"].as_str().unwrap();
    assert_eq!(chromium.url().await, format!("{}/tools/{client_id}", lms.url()));
    assert_eq!(lms.hits(Endpoint::Registration), 1);

    // Our confirmation page, and the page after it.
    let patch = json!({"registration": {"confirm": true, "preApproval": {"enabled": false}}});
    gateway.patch_tool(patch).await;
    let lms = lms_of("canvas").await;
    begin(&chromium, &gateway, &lms).await;
    let title = chromium.text(Place::Frame, "h1").await;
    assert_eq!(title, "Register Test tool with Canvas at 127.0.0.1?");
    assert_eq!(lms.hits(Endpoint::Registration), 0);
    chromium.click(Place::Frame, "button[type=submit]").await;
    // The next step is someone else's: that has to be readable. The page before has a button to
    // close it, too.
    let next = "main:has(#close:not([hidden])):not(:has(button[type=submit]))";
    let text = chromium.text(Place::Frame, next).await;
    assert!(text.contains("has to activate"), "{text}");
    chromium.click(Place::Frame, "button#close").await;
    assert_eq!(chromium.text(Place::Page, "h1 .tag.bad").await, "pending");
    assert_eq!(gateway.platforms().await.len(), 2);

    // Nothing is left to do: it closes by itself.
    let patch = json!({"registration": {"confirm": false, "autoActivate": true}});
    gateway.patch_tool(patch).await;
    let third = lms_of("moodle").await;
    begin(&chromium, &gateway, &third).await;
    assert_eq!(chromium.text(Place::Page, "h1 .tag.bad").await, "pending");
    assert_eq!(gateway.platforms().await.len(), 3);
    let patch = json!({"registration": {"confirm": true, "autoActivate": false}});
    gateway.patch_tool(patch).await;

    // Cancelling, and a failure: something to read, and a button that closes.
    begin(&chromium, &gateway, &lms).await;
    chromium.click(Place::Frame, "button#close").await;
    left(&chromium, &lms).await;
    lms.faults().set(Endpoint::Configuration, Fault::Status(500));
    begin(&chromium, &gateway, &lms).await;
    let text = chromium.text(Place::Frame, "main").await;
    assert!(text.contains("couldn’t be read") || text.contains("couldn't be read"), "{text}");
    assert!(text.contains("Reference for support: "), "{text}");
    chromium.click(Place::Frame, "button#close").await;
    left(&chromium, &lms).await;
    assert_eq!((lms.tools().len(), gateway.platforms().await.len()), (1, 3));
}

/// The LMS's page with the frame is gone: there is no such tool to show.
async fn left(chromium: &Chromium, lms: &Lms) {
    let text = chromium.text(Place::Page, "main:not(:has(iframe))").await;
    assert!(chromium.url().await.starts_with(&format!("{}/tools/", lms.url())), "{text}");
}
