//! Dynamic registration: every kind of platform, every way in, and what goes wrong (lti.md D,
//! ltiaas-api.md §5).

mod again;
mod approval;
mod browser;
mod busy;
mod completion;
mod confirm;
mod document;
mod interrupted;
mod invites;
mod outbound;
mod placements;
mod profiles;
mod proofs;
mod refusals;
mod tricks;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Exchange, Launch, Lms, Options, RegistrationStart};
use simulator::profiles::Profile;
use url::form_urlencoded::Serializer;

use crate::support::{Gateway, lms_options};

/// What ends the LMS's dialogue, as LTIAAS hands it to the tool's own page.
const CLOSE: &str = "<script>(window.opener || window.parent)\
    .postMessage({subject:'org.imsglobal.lti.close'}, '*');</script>";
/// The tool's own page. No one visits it here.
const APPROVAL_PAGE: &str = "http://127.0.0.3:9/approve?school=new";

/// Settings of a tool that decides on a page of its own.
fn with_approval_page() -> Value {
    json!({"registration": {"preApproval": {"enabled": true, "url": APPROVAL_PAGE}}})
}

/// A pretend LMS of a profile.
async fn lms_of(profile: &str) -> Lms {
    let profile = Profile::named(profile).unwrap();
    Lms::start(Options { profile, ..lms_options() }).await.unwrap()
}

/// Opens an address as a program does, without following redirects.
async fn open(url: &str) -> Page {
    let request = Request::new("GET".parse().unwrap(), url).unwrap().no_redirects();
    Browser::new().unwrap().send(request).await.unwrap()
}

/// The LMS's administrator opens the tool's registration URL.
async fn register(gateway: &Gateway, lms: &Lms) -> (RegistrationStart, Page) {
    register_at(&gateway.at("/lti/register"), lms).await
}

async fn register_at(url: &str, lms: &Lms) -> (RegistrationStart, Page) {
    let start = lms.begin_registration(url).unwrap();
    let page = open(&start.url).await;
    (start, page)
}

/// The LMS's administrator opens the tool's registration URL, and the tool's own page gets an id.
async fn wait_for_approval(gateway: &Gateway, lms: &Lms) -> (RegistrationStart, String) {
    let (start, page) = register(gateway, lms).await;
    assert_eq!(page.status, 303, "{}", page.text());
    (start, registration_id(&page))
}

/// The id with which a browser was sent to the tool's own page.
fn registration_id(page: &Page) -> String {
    let to = page.location().unwrap();
    assert_eq!(
        to.as_str().split("registrationId=").next(),
        Some("http://127.0.0.3:9/approve?school=new&"),
        "the setting's own query stays, and only the id is added"
    );
    let (_, id) = to.query_pairs().find(|(name, _)| name == "registrationId").unwrap();
    id.into_owned()
}

/// The tool's word.
async fn complete(gateway: &Gateway, id: &str, word: Option<Value>) -> Page {
    let path = format!("/api/registrations/{id}/complete");
    gateway.admin("POST", &path, word).await
}

async fn read_waiting(gateway: &Gateway, id: &str, query: &str) -> Page {
    let path = format!("/api/registrations/{id}{query}");
    gateway.admin("GET", &path, None).await
}

/// The code that programs get.
fn code(page: &Page) -> String {
    page.json().unwrap()["details"]["message"].as_str().unwrap().to_owned()
}

fn assert_refused(page: &Page, status: u16, wanted: &str) {
    assert_eq!(page.status, status, "{}", page.text());
    assert_eq!(code(page), wanted, "{}", page.text());
}

/// What the LMS received at a protocol endpoint, oldest first.
fn said(lms: &Lms, title: &str) -> Vec<Exchange> {
    lms.wire().into_iter().filter(|exchange| exchange.title == title).collect()
}

/// The last registration request the LMS got.
fn posted(lms: &Lms) -> Value {
    let last = said(lms, "registration").pop().unwrap();
    serde_json::from_str(&last.body).unwrap()
}

/// The one platform there is.
async fn only_platform(gateway: &Gateway) -> Value {
    let mut platforms = gateway.platforms().await;
    assert_eq!(platforms.len(), 1, "{platforms:?}");
    platforms.remove(0)
}

async fn deployments(gateway: &Gateway, platform: &Value) -> Vec<String> {
    let id = platform["id"].as_str().unwrap();
    let path = format!("/admin/platforms/{id}/deployments");
    let page = gateway.admin("GET", &path, None).await;
    let found = page.json().unwrap()["deployments"].as_array().unwrap().clone();
    found.iter().map(|found| found["deploymentId"].as_str().unwrap().to_owned()).collect()
}

async fn switch(gateway: &Gateway, platform: &Value, word: &str) {
    let id = platform["id"].as_str().unwrap();
    let path = format!("/admin/platforms/{id}/{word}");
    let page = gateway.admin("POST", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

fn form(url: &str, fields: &[(String, String)]) -> Request {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    Request::new("POST".parse().unwrap(), url)
        .unwrap()
        .no_redirects()
        .body("application/x-www-form-urlencoded", body)
}

/// A teacher launches, as far as the gateway lets her: to the redirect into the application, or to
/// a refusal.
async fn launch(lms: &Lms, client_id: &str) -> Page {
    let browser = Browser::new().unwrap();
    let login = lms.login_request(&Launch::new(client_id).teacher()).unwrap();
    let page = browser.send(form(&login.url, &login.fields)).await.unwrap();
    // A platform that offers storage gets a page that goes on by itself.
    let next = match page.status {
        302 => page.location(),
        200 => page.refresh(),
        _ => None,
    };
    let Some(next) = next else { return page };
    let page = browser.get(next.as_str()).await.unwrap();
    let answer = page.auto_form().unwrap_or_else(|| panic!("{}", page.text()));
    browser.send(form(answer.action.as_str(), &answer.fields)).await.unwrap()
}

async fn assert_launches(lms: &Lms, client_id: &str) {
    let page = launch(lms, client_id).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let to = page.location().unwrap();
    assert!(to.as_str().starts_with("http://127.0.0.3:9/app?own=1&ltik="), "{to}");
}

async fn assert_no_launch(lms: &Lms, client_id: &str) {
    assert_refused(&launch(lms, client_id).await, 400, "UNREGISTERED_OR_INACTIVE_PLATFORM");
}
