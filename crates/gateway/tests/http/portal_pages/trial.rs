//! A test person, launched by the pretend LMS of the portal's own; and whether the launch URL
//! answers.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Page;
use test_case::both_stores;

use super::{audit, has, lacks, open, send};
use crate::portal::Visitor;
use crate::registered::Registered;
use crate::support::{Gateway, Store};

/// The address of the application on the page after the click.
fn application(text: &str) -> String {
    let (_, rest) = text.split_once("class=\"button primary\" href=\"").unwrap();
    rest.split('"').next().unwrap().replace("&#38;", "&")
}

async fn platforms(gateway: &Gateway) -> Vec<Value> {
    gateway.platforms().await
}

#[both_stores("PO-4", "PO-9")]
async fn a_test_person_is_launched_and_taken_away(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, text) = open(&owner, "/portal").await;
    has(&text, &["Four steps", "Launch me a test person", "Test the launch URL"]);
    has(&text, &["The first step is ticked once an address is saved"]);
    let text = send(&owner, &page, "/portal/trial", &[]).await;
    has(&text, &["Sam Test has launched", "Open the application as Sam", "Launched"]);
    has(&text, &["<li class=\"todo\">Open the application: whether it lets Sam in is seen there"]);
    has(&text, &["<a href=\"/portal\" aria-current=\"page\">"]);
    // A tab that is opened again leads back.
    for path in ["/portal/trial", "/portal/trial/remove", "/portal/launch-url/test"] {
        assert_eq!(owner.get(path).await.url.path(), "/portal", "{path}");
    }
    let to = application(&text);
    assert!(to.starts_with("http://127.0.0.3:9/app?own=1&ltik="), "{to}");
    let (_, ltik) = to.split_once("ltik=").unwrap();
    // The application asks who has come, as of any launch.
    let read = gateway.idtoken(ltik, "").await;
    assert_eq!(read.status, 200, "{}", read.text());
    let read: Value = read.json().unwrap();
    assert_eq!(
        (&read["user"]["name"], &read["user"]["role"]),
        (&"Sam Test".into(), &"learner".into())
    );
    assert_eq!(read["launch"]["context"]["title"], "Test course", "{read}");
    // It is no first launch, of whatever LMS.
    let (_, text) = open(&owner, "/portal").await;
    has(&text, &["Four steps", "Test LMS is still among your platforms"]);
    let (_, text) = open(&owner, "/portal/connect/other?since=0").await;
    has(&text, &["Waiting for the LMS to register"]);
    let known = platforms(&gateway).await;
    let own = format!("/portal/platforms/{}", known[0]["id"].as_str().unwrap());
    let (_, text) = open(&owner, &own).await;
    has(&text, &["Test persons aren’t counted.", "added <time"]);
    assert_eq!((known.len(), &known[0]["url"]), (1, &"https://test-lms.invalid".into()));
    // Once more: there is one pretend LMS at a time, each with a key of its own.
    let text = send(&owner, &page, "/portal/trial", &[]).await;
    let again = application(&text);
    let fresh = platforms(&gateway).await;
    assert_eq!(fresh.len(), 1, "{fresh:?}");
    assert_ne!(fresh[0]["clientId"], known[0]["clientId"]);
    assert_ne!(fresh[0]["authConfig"]["key"], known[0]["authConfig"]["key"]);
    assert_ne!(gateway.idtoken(ltik, "").await.status, 200, "the first one is gone");
    let text = send(&owner, &page, "/portal/trial/remove", &[]).await;
    has(&text, &["The pretend LMS is removed."]);
    lacks(&text, &["Test LMS is still among your platforms"]);
    assert!(platforms(&gateway).await.is_empty());
    let (_, ltik) = again.split_once("ltik=").unwrap();
    assert_ne!(gateway.idtoken(ltik, "").await.status, 200);
    has(&audit(&owner).await, &["platform.tested", "Test LMS", "platform.deleted"]);
    lacks(&audit(&owner).await, &[ltik]);
}

/// Launches a test person while the store can't say who is blocked, which every launch asks.
async fn launched_in_vain(gateway: &Gateway, owner: &Visitor, from: &Page) -> Page {
    gateway.meddle("ALTER TABLE blocked_people RENAME TO blocked_away").await;
    let answer = owner.post(from, "/portal/trial", &[]).await;
    gateway.meddle("ALTER TABLE blocked_away RENAME TO blocked_people").await;
    let text = answer.text();
    assert_eq!(answer.status, 200, "{text}");
    has(&text, &["The launch of the test person was refused", "href=\"/portal/platforms\""]);
    has(&text, &["Something failed on our side"]);
    answer
}

#[both_stores("PO-4", "PO-7")]
async fn a_refused_test_person_leads_back_into_the_portal(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal").await;
    let names = || -> BTreeSet<String> {
        owner.browser.cookies(&gateway.url).into_iter().map(|cookie| cookie.name).collect()
    };
    let (session, before) = (owner.session(), names());
    let failure = launched_in_vain(&gateway, &owner, &page).await;
    assert!(failure.url.path().starts_with("/portal/failures/"), "{}", failure.url);
    assert_eq!((owner.session(), names()), (session, before));
    // Nobody else is led there.
    let stranger = Visitor::of(&gateway).get(failure.url.path()).await;
    assert_eq!(stranger.url.path(), "/portal/sign-in", "{}", stranger.text());
    // Without traces, Home says what there is to say.
    send(&owner, &page, "/portal/trial/remove", &[]).await;
    gateway.patch_tool(json!({"retention": {"traceMinutes": 0}})).await;
    let home = launched_in_vain(&gateway, &owner, &page).await;
    assert_eq!(home.url.path(), "/portal");
    has(&home.text(), &["(reference ", "Trying again often is enough."]);
    has(&send(&owner, &page, "/portal/trial", &[]).await, &["Sam Test has launched"]);
}

/// Its page leads on, as the launch's own answer can't be a redirect.
#[both_stores("PO-4")]
async fn a_long_launch_url_leads_on_without_cookies(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal").await;
    let there = gateway.at(&format!("/healthz?long={}", "x".repeat(2560)));
    gateway.patch_tool(json!({"launchUrl": there})).await;
    let answer = owner.post(&page, "/portal/trial", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    has(&answer.text(), &["id=\"onward\" href=\"", &there]);
    assert_eq!(answer.header("set-cookie"), None);
}

/// A school that has registered, and hasn't launched yet.
#[both_stores("PO-4")]
async fn a_test_persons_launch_is_no_schools_first(store: Store) {
    let school = Registered::new(store).await;
    let owner = Visitor::owner(&school.gateway).await;
    let (page, text) = open(&owner, "/portal").await;
    has(&text, &["Four steps"]);
    send(&owner, &page, "/portal/trial", &[]).await;
    has(&open(&owner, "/portal").await.1, &["Four steps"]);
}

#[both_stores("PO-4")]
async fn without_a_launch_url_nobody_is_launched(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal").await;
    gateway.patch_tool(json!({"launchUrl": null})).await;
    let text = send(&owner, &page, "/portal/trial", &[]).await;
    has(&text, &["Say first where your application is."]);
    assert!(platforms(&gateway).await.is_empty());
}

#[both_stores("PO-3", "PO-10")]
async fn other_platforms_stay_and_strangers_launch_nobody(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let owner = Visitor::owner(gateway).await;
    let (page, _) = open(&owner, "/portal/connect").await;
    send(&owner, &page, "/portal/trial", &[]).await;
    assert_eq!(platforms(gateway).await.len(), 2);
    let stranger = Visitor::of(gateway);
    for path in ["/portal/trial", "/portal/trial/remove", "/portal/launch-url/test"] {
        let answer = stranger.forge(path, &[], &[("sec-fetch-site", "same-origin")]).await;
        assert_eq!(answer.status, 401, "{path}: {}", answer.text());
        let answer = owner.forge(path, &[], &[("sec-fetch-site", "same-origin")]).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
    }
    send(&owner, &page, "/portal/trial/remove", &[]).await;
    let left = platforms(gateway).await;
    assert_eq!((left.len(), &left[0]["clientId"]), (1, &school.client_id.clone().into()));
}

#[both_stores("PO-4")]
async fn the_launch_url_is_tested_so_often_and_no_oftener(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal").await;
    let test = async || send(&owner, &page, "/portal/launch-url/test", &[]).await;
    for _ in 0..20 {
        has(&test().await, &["This server gets no answer there"]);
    }
    let text = test().await;
    has(&text, &["This was tested often just now. Wait 1 min and try again."]);
    lacks(&text, &["This server gets no answer there"]);
    gateway.clock.advance(Duration::from_secs(60));
    has(&test().await, &["This server gets no answer there"]);
}

#[both_stores("PO-4")]
async fn the_launch_url_is_tested(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal").await;
    // Nothing listens there.
    let text = send(&owner, &page, "/portal/launch-url/test", &[]).await;
    has(&text, &["This server gets no answer there"]);
    let there = gateway.at("/healthz");
    gateway.patch_tool(json!({"launchUrl": there})).await;
    let text = send(&owner, &page, "/portal/launch-url/test", &[]).await;
    has(&text, &["Your application answers there, with status 204."]);
    gateway.patch_tool(json!({"launchUrl": gateway.at("/nosuch")})).await;
    let text = send(&owner, &page, "/portal/launch-url/test", &[]).await;
    has(&text, &["with status 404. That may mean a wrong path"]);
}
