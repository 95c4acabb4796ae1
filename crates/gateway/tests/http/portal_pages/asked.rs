//! What the wizard sees before there is a platform, and what it leads to (portal.md PO-4).

use std::time::Duration;

use serde_json::json;
use simulator::browser::Browser;
use test_case::both_stores;

use super::{has, lacks, open, send};
use crate::portal::Visitor;
use crate::support::{Gateway, Store, lms};

const ASKED: &str = "The LMS asks for our configuration";

/// A line of what was seen.
fn line(kind: &str, says: &str) -> String {
    format!("<li class=\"{kind}\">{says}</li>")
}

/// The wizard of an LMS that somebody begins to connect now.
fn wizard(gateway: &Gateway, code: &str) -> String {
    format!("/portal/connect/{code}?since={}", gateway.clock.now_ms())
}

#[both_stores("PO-4")]
async fn the_wizard_sees_who_asks_for_our_configuration(store: Store) {
    let confirm = json!({"registration": {"confirm": true}});
    let gateway = Gateway::start_with(store, confirm).await;
    let owner = Visitor::owner(&gateway).await;
    let moodle = wizard(&gateway, "moodle");
    let (_, text) = open(&owner, &moodle).await;
    has(&text, &[&line("now", ASKED), &line("todo", "The LMS registers")]);
    // A program may read the key set at any time: that says nothing of an LMS.
    Browser::new().unwrap().get(&gateway.at("/lti/keys")).await.unwrap();
    has(&open(&owner, &moodle).await.1, &[&line("now", ASKED)]);

    let lms = lms().await;
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let page = Browser::new().unwrap().get(&start.url).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, text) = open(&owner, &moodle).await;
    let seen = [line("ok", ASKED), line("now", "The LMS registers")];
    has(&text, &[&seen[0], &seen[1], "Go on with the next step"]);
    // It asked before this one began.
    gateway.clock.set_by(60_000);
    has(&open(&owner, &wizard(&gateway, "sakai")).await.1, &[&line("now", ASKED)]);
}

#[both_stores("PO-4")]
async fn the_wizard_sees_that_canvas_read_the_configuration(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let canvas = wizard(&gateway, "canvas");
    has(&open(&owner, &canvas).await.1, &[&line("now", ASKED)]);
    let wrong = gateway.at("/register/canvas?privacyLevel=x");
    assert_eq!(Browser::new().unwrap().get(&wrong).await.unwrap().status, 400);
    has(&open(&owner, &canvas).await.1, &[&line("now", ASKED)]);
    let page = Browser::new().unwrap().get(&gateway.at("/register/canvas")).await.unwrap();
    assert_eq!(page.status, 200);
    let (_, text) = open(&owner, &canvas).await;
    has(&text, &[&line("ok", ASKED), "Go on with the next step"]);
}

#[both_stores("PO-4")]
async fn the_wizard_waits_for_a_person_where_no_lms_asks(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let blackboard = wizard(&gateway, "blackboard");
    let (_, text) = open(&owner, &blackboard).await;
    has(
        &text,
        &[
            &line("now", "You enter it by hand"),
            "Waiting until you enter the LMS by hand",
            "press “<b>Enter it by hand</b>”",
        ],
    );
    // No administrator of a school could do anything with the registration URL there.
    lacks(&text, &[ASKED, "Does someone else run it?", "/lti/register"]);
}

#[both_stores("PO-4", "PO-5")]
async fn the_wizard_leads_to_what_waits_for_approval(store: Store) {
    let approval = json!({"registration": {"preApproval": {"enabled": true, "url": "https://app.example.com/approve"}}});
    let gateway = Gateway::start_with(store, approval).await;
    let owner = Visitor::owner(&gateway).await;
    let moodle = wizard(&gateway, "moodle");
    let (canvas, other) = (wizard(&gateway, "canvas"), wizard(&gateway, "other"));
    let link = "<a href=\"/portal/platforms/waiting\">Waiting for you</a>";
    for path in [&moodle, &other] {
        lacks(&open(&owner, path).await.1, &[link]);
    }
    let lms = lms().await;
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let request = simulator::browser::Request::new("GET".parse().unwrap(), &start.url).unwrap();
    Browser::new().unwrap().send(request.no_redirects()).await.unwrap();
    // What registers also asked for our configuration, even if that was before we looked.
    gateway.clock.advance(Duration::from_secs(5));
    let seen = [line("ok", ASKED), line("now", "The LMS registers")];
    for path in [moodle, wizard(&gateway, "moodle")] {
        let (_, text) = open(&owner, &path).await;
        has(&text, &[link, "A registration waits for your approval.", &seen[0], &seen[1]]);
    }
    // It may be any other LMS, but no Canvas.
    let (_, text) = open(&owner, &other).await;
    has(&text, &[link, "Is it yours? Look at it under Waiting for you.", &seen[0], &seen[1]]);
    lacks(&open(&owner, &canvas).await.1, &[link, "A registration waits"]);
}

#[both_stores("PO-4")]
async fn the_steps_say_when_to_come_back_to_the_portal(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let back = "If “<b>What Hallpass has seen</b>” has the button “<b>Activate</b>”, press it.";
    for code in ["moodle", "canvas", "brightspace", "sakai"] {
        let (_, text) = open(&owner, &wizard(&gateway, code)).await;
        has(&text, &[back, "<a href=\"#seen\">"]);
    }
    // Both have a button with the same name, so each step says where.
    let (_, text) = open(&owner, &wizard(&gateway, "moodle")).await;
    has(&text, &["“<b>Close this window</b>”", "Back in Moodle: press “<b>Activate</b>”"]);
    has(&text, &["This page updates itself."]);
    let (_, text) = open(&owner, &wizard(&gateway, "other")).await;
    let (by_url, by_hand) = text.split_once("<h3 id=\"other\">").unwrap();
    has(by_url, &["<h1>Connect another LMS</h1>", "(dynamic registration)"]);
    has(by_hand, &["No registration by URL there?", "/lti/login", "Enter it by hand"]);
    let (_, text) = open(&owner, "/portal/connect").await;
    has(&text, &["Platforms that register with it wait for you."]);
    has(&open(&owner, "/portal").await.1, &["Nobody can open your application from there"]);
    gateway.patch_tool(json!({"registration": {"autoActivate": true}})).await;
    has(&open(&owner, "/portal").await.1, &["activate it as soon as it has registered."]);
    lacks(&open(&owner, &wizard(&gateway, "moodle")).await.1, &[back]);
    has(&open(&owner, "/portal/connect").await.1, &["register with it are active at once."]);
}

#[both_stores("PO-4")]
async fn the_letter_has_the_steps_of_the_lms(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let letter = |text: &str| {
        let (_, letter) = text.split_once("<pre id=\"letter\">").unwrap();
        letter.split_once("</pre>").unwrap().0.to_owned()
    };
    let (page, text) = open(&owner, "/portal/connect/moodle").await;
    let said = letter(&text);
    let steps = ["2. Go to Site administration", "“Tool URL…”", "/lti/register\n"];
    has(&said, &steps);
    has(&said, &["about 3 minutes"]);
    lacks(&said, &["is shown before anything is sent", "Come back to this page"]);
    gateway.patch_tool(json!({"registration": {"confirm": true}})).await;
    let (_, text) = open(&owner, "/portal/connect/other").await;
    has(&letter(&text), &["(dynamic registration)", "is shown before anything is sent"]);
    // So has that of an invitation, which leads back to the same LMS.
    let fields = [("platformName", "Kestrel College"), ("lms", "moodle")];
    let text = send(&owner, &page, "/portal/connect/invites", &fields).await;
    has(&letter(&text), &["2. Go to Site administration", "/lti/register/"]);
    has(&text, &["href=\"/portal/connect/moodle?since="]);
    // Without a certain LMS, to the invitations.
    let fields = [("platformName", "Osprey School"), ("lms", "other")];
    let text = send(&owner, &page, "/portal/connect/invites", &fields).await;
    has(&text, &["href=\"/portal/connect#invites\""]);
}
