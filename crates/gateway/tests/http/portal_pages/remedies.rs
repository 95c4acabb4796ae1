//! What a failure's page compares and offers: values that were sent, clocks, platforms that are
//! switched off, and what the settings ask before launches stop (portal.md PO-7).

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::faults::Fault;
use simulator::jose::SigningKey;
use simulator::lms::Endpoint;
use test_case::{both_stores, cases};

use super::failures::refused_login;
use super::{Portal, has, lacks, open, send};
use crate::registered::{assert_refused, fields, form};
use crate::support::Store;
use crate::traces::reference;
use crate::waits::Lock;

/// Gives a member of the platform this value over the API.
async fn with(portal: &Portal, member: &str, value: Value) {
    let mut changed = portal.api().await;
    changed[member] = value;
    let path = format!("/admin/platforms/{}", portal.school.platform_id);
    let page = portal.gateway().admin("PUT", &path, Some(changed)).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

/// Gives the platform this client id over the API.
async fn with_client_id(portal: &Portal, client_id: &str) {
    with(portal, "clientId", client_id.into()).await;
}

async fn issuer(portal: &Portal) -> String {
    portal.api().await["url"].as_str().unwrap().to_owned()
}

#[both_stores("PO-7")]
async fn what_a_login_sent_stands_beside_what_we_have(store: Store) {
    let portal = Portal::new(store).await;
    with_client_id(&portal, "abc-1").await;
    let own = format!("/lti/login/{}", portal.school.platform_id);
    let failure = refused_login(&portal, &own, &issuer(&portal).await, "ABC-1").await;
    let (sent, ours) = ("<dt>Client id</dt><dd>ABC-1</dd>", "<dt>Client id registered here</dt>");
    let (page, text) = open(&portal.owner, &failure).await;
    has(&text, &["PLATFORM_OTHER", sent, &format!("{ours}<dd>abc-1</dd>"), "<b>ABC-1</b>"]);
    has(&text, &["They differ only in capital and small letters."]);
    let (_, report) = open(&portal.owner, &format!("{failure}/report")).await;
    has(&report, &[sent, &format!("{ours}<dd>abc-1</dd>")]);
    let form = page.form_to(&portal.platform("/client-id")).unwrap_or_else(|| panic!("{text}"));
    let text = portal.owner.submit(&page, &form).await.text();
    assert_eq!(portal.api().await["clientId"], "ABC-1");
    // What was sent stays what was sent.
    has(&text, &[sent, "Mended: this issuer and client id are"]);
    lacks(&text, &[ours]);
}

#[both_stores("PO-7")]
async fn what_stopped_working_is_put_back_unasked(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.accepts("before", portal.school.student()).await;
    let (former, path) = (portal.school.client_id.clone(), portal.platform("/settings"));
    let save = async |client_id: &str, sure: bool| {
        portal.gateway().clock.advance(Duration::from_secs(1));
        let (page, _) = open(&portal.owner, &path).await;
        let mut form = page.form_to(&path).unwrap();
        form.set("clientId", client_id);
        if sure {
            form.set("sure", "1");
        }
        portal.owner.submit(&page, &form).await.status
    };
    assert_eq!(save("mistyped", true).await, 200);
    // Its own launches have stopped: what they send is offered.
    let failure = refused_login(&portal, "/lti/login", &issuer(&portal).await, &former).await;
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &[&format!("Use client id {former} for "), &portal.platform("/client-id")]);
    lacks(&text, &["works today"]);
    assert_eq!(save(&former, false).await, 200);
    assert_eq!(portal.api().await["clientId"], former.as_str());
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["Mended: this platform is registered now."]);
    // As it was when it launched, it works.
    assert_eq!(save("mistyped", false).await, 409);
}

#[both_stores("PO-7")]
async fn a_platform_that_fits_but_is_off_is_activated(store: Store) {
    let portal = Portal::new(store).await;
    let failure = refused_login(&portal, "/lti/login", &issuer(&portal).await, "late-1").await;
    portal.gateway().clock.advance(Duration::from_secs(1));
    with_client_id(&portal, "late-1").await;
    let off = format!("/admin/platforms/{}/deactivate", portal.school.platform_id);
    assert_eq!(portal.gateway().admin("POST", &off, None).await.status, 200);
    let (page, text) = open(&portal.owner, &failure).await;
    has(&text, &["PLATFORM_UNREGISTERED", "isn&#39;t active: its launches are refused."]);
    lacks(&text, &["give it back its former values", "Mended: "]);
    let form = page.form_to(&portal.platform("/activate")).unwrap_or_else(|| panic!("{text}"));
    let text = portal.owner.submit(&page, &form).await.text();
    has(&text, &["Mended: this platform is registered now."]);
}

/// The page of a launch from an LMS whose clock is so many seconds slow.
async fn too_old(portal: &Portal, seconds: i64) -> String {
    let now = portal.gateway().clock.now_seconds();
    let ahead = now - simulator::clock::Clock::default().seconds();
    portal.school.lms.clock().set_offset(ahead - seconds);
    let old = portal.school.student().with("exp", json!(now + 3600));
    format!("/portal/failures/{}", reference(&portal.school.launch(&old).await))
}

#[both_stores("PO-7")]
async fn a_token_too_old_is_allowed_for_as_far_as_it_goes(store: Store) {
    let portal = Portal::new(store).await;
    let (_, text) = open(&portal.owner, &too_old(&portal, 1500).await).await;
    has(&text, &["TOKEN_TOO_OLD", "at most 900 s can be tolerated here", "set (NTP)"]);
    let settings = portal.platform("/settings");
    lacks(&text, &["/leeway\"", &settings, "raise launch.leewaySeconds"]);
    // Ten minutes may pass anyway.
    let (page, text) = open(&portal.owner, &too_old(&portal, 720).await).await;
    has(&text, &["TOKEN_TOO_OLD", "Allow 180 s for this platform"]);
    let (_, teacher) = text.split_once("<p id=\"answer\"").unwrap();
    let (teacher, _) = teacher.split_once("</p>").unwrap();
    has(teacher, &["The clock of your learning platform is probably wrong"]);
    lacks(teacher, &["token"]);
    let form = page.form_to(&portal.platform("/leeway")).unwrap();
    let text = portal.owner.submit(&page, &form).await.text();
    has(&text, &["may be off by 180 seconds now", "Mended: this difference"]);
    let late = json!(portal.gateway().clock.now_seconds() + 3600);
    portal.school.accepts("allowed for", portal.school.student().with("exp", late)).await;
}

#[both_stores("PO-7")]
async fn a_clock_that_the_tool_allows_for_is_mended(store: Store) {
    let portal = Portal::new(store).await;
    let failure = too_old(&portal, 720).await;
    let rules = json!({"launch": {"leewaySeconds": 300}});
    let page = portal.gateway().admin("PATCH", "/admin/tool", Some(rules)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["Mended: this difference"]);
    lacks(&text, &["Allow 180 s"]);
    // A leeway of its own is the one in force.
    with(&portal, "launch", json!({"leewaySeconds": 60})).await;
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["Allow 180 s for this platform"]);
    lacks(&text, &["Mended: "]);
}

#[both_stores("PO-7")]
async fn a_clock_that_is_nearly_right_was_not_the_cause(store: Store) {
    let portal = Portal::new(store).await;
    let now = portal.gateway().clock.now_seconds();
    let ahead = now - simulator::clock::Clock::default().seconds();
    portal.school.lms.clock().set_offset(ahead - 20);
    let over = portal.school.student().with("exp", json!(now - 120));
    let failure = format!("/portal/failures/{}", reference(&portal.school.launch(&over).await));
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["TOKEN_EXPIRED", &portal.platform("/settings")]);
    lacks(&text, &["Mended: ", "for this platform</button>"]);
}

#[both_stores("PO-7")]
async fn a_pasted_key_is_compared_and_not_fetched(store: Store) {
    let portal = Portal::new(store).await;
    let other = SigningKey::generate().unwrap().public_pem().unwrap();
    with(&portal, "authConfig", json!({"method": "RSA_KEY", "key": other})).await;
    let refused = portal.school.launch(&portal.school.student()).await;
    assert_refused("another key", &refused, 401, "INVALID_SIGNATURE");
    let failure = format!("/portal/failures/{}", reference(&refused));
    let (_, text) = open(&portal.owner, &failure).await;
    let settings = format!("href=\"{}\"", portal.platform("/settings"));
    has(&text, &["Compare this platform&#39;s settings", &settings]);
    lacks(&text, &["Fetch its keys now", "/fetch-keys"]);
}

#[both_stores("PO-7")]
async fn a_remedy_does_not_switch_a_platform_on_again(store: Store) {
    let portal = Portal::new(store).await;
    let (page, text) = open(&portal.owner, &too_old(&portal, 720).await).await;
    let form = page.form_to(&portal.platform("/leeway")).unwrap_or_else(|| panic!("{text}"));
    let off = "UPDATE platforms SET active = FALSE, stopped_at = 1";
    let off = Lock::changing(portal.gateway(), off).await;
    let clicked = portal.owner.submit(&page, &form);
    tokio::pin!(clicked);
    let early = tokio::time::timeout(Duration::from_secs(1), &mut clicked).await;
    assert!(early.is_err(), "it waits for the other change");
    off.commit().await;
    has(&clicked.await.text(), &["may be off by 180 seconds now"]);
    let platform = portal.api().await;
    assert_eq!(platform["launch"]["leewaySeconds"], 180);
    assert_eq!(platform["active"], false);
}

/// On SQLite the click waits for the other change before it reads the platform.
#[cases("PO-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_remedy_beside_another_change_changes_nothing() {
    let portal = Portal::new(Store::Postgres).await;
    let (page, text) = open(&portal.owner, &too_old(&portal, 720).await).await;
    let form = page.form_to(&portal.platform("/leeway")).unwrap_or_else(|| panic!("{text}"));
    let renamed = "UPDATE platforms SET name = 'Kestrel College'";
    let renamed = Lock::changing(portal.gateway(), renamed).await;
    let clicked = portal.owner.submit(&page, &form);
    tokio::pin!(clicked);
    let early = tokio::time::timeout(Duration::from_secs(1), &mut clicked).await;
    assert!(early.is_err(), "it waits for the other change");
    renamed.commit().await;
    let text = clicked.await.text();
    has(&text, &["Nothing was changed: the settings of ", "by someone else at the same moment"]);
    lacks(&text, &["may be off by 180 seconds now"]);
    let platform = portal.api().await;
    assert_eq!(platform["name"], "Kestrel College");
    assert_eq!(platform["launch"]["leewaySeconds"], Value::Null);
}

#[both_stores("PO-7")]
async fn a_form_older_than_a_change_undoes_it_only_knowingly(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/settings");
    let (opened, _) = open(&portal.owner, &path).await;
    let origins = json!(["https://canvas.school.example"]);
    with(&portal, "frameOrigins", origins.clone()).await;
    let mut form = opened.form_to(&path).unwrap();
    form.set("name", "Renamed");
    let page = portal.owner.submit(&opened, &form).await;
    assert_eq!(page.status, 409);
    let text = page.text();
    has(&text, &["Nothing was saved", "since you opened this page", "value=\"Renamed\""]);
    lacks(&text, &["id=\"sure\""]);
    assert_eq!(portal.api().await["frameOrigins"], origins);
    let page = portal.owner.submit(&page, &page.form_to(&path).unwrap()).await;
    has(&page.text(), &["are saved"]);
    let platform = portal.api().await;
    assert_eq!(platform["name"], "Renamed");
    assert_ne!(platform["frameOrigins"], origins);
    // Switching it off changes nothing that the form shows.
    let (opened, _) = open(&portal.owner, &path).await;
    with(&portal, "active", false.into()).await;
    let page = portal.owner.submit(&opened, &opened.form_to(&path).unwrap()).await;
    has(&page.text(), &["are saved"]);
    assert_eq!(portal.api().await["active"], false);
}

#[both_stores("PO-7")]
async fn a_remedy_leaves_algorithms_as_they_are(store: Store) {
    let portal = Portal::new(store).await;
    let algorithms = json!(["RS256", "PS256"]);
    with(&portal, "launch", json!({"algorithms": algorithms})).await;
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    for seconds in ["120", "60"] {
        send(&portal.owner, &page, &portal.platform("/leeway"), &[("seconds", seconds)]).await;
    }
    let rules = &portal.api().await["launch"];
    assert_eq!(rules, &json!({"leewaySeconds": 60, "algorithms": algorithms}));
}

/// The page of a login within a page of another site, in a browser that keeps no cookies there.
async fn framed_by(portal: &Portal, origin: &str) -> String {
    let begun = portal.school.lms.login_request(&portal.school.student()).unwrap();
    let mut sent = fields(&begun);
    sent.push(("lti_storage_target", "_parent"));
    let framed = form(&begun.url, &sent).header("sec-fetch-dest", "iframe");
    let page = Browser::new().unwrap().send(framed.header("origin", origin)).await.unwrap();
    let check = Request::new("GET".parse().unwrap(), page.location().unwrap().as_str()).unwrap();
    let check = check.no_redirects().header("accept", "text/html");
    let check = check.header("sec-fetch-dest", "iframe");
    let refused = Browser::new().unwrap().send(check).await.unwrap();
    format!("/portal/failures/{}", reference(&refused))
}

#[both_stores("PO-7")]
async fn an_unlisted_origin_is_allowed_where_it_failed(store: Store) {
    let portal = Portal::new(store).await;
    let origin = "https://canvas.school.example";
    let failure = framed_by(&portal, origin).await;
    let (page, text) = open(&portal.owner, &failure).await;
    let offer = format!("Allow pages of {origin}");
    let mended = "Mended: the page around ours is allowed now.";
    has(&text, &["FRAME_ORIGIN_NOT_LISTED", &offer]);
    lacks(&text, &["Mended: "]);
    let form = page.form_to(&portal.platform("/frame-origin")).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(form.field("origin"), Some(origin));
    let page = portal.owner.submit(&page, &form).await;
    assert_eq!(page.url.path(), failure);
    has(&page.text(), &[&format!("Pages of {origin} may show those of "), mended]);
    lacks(&page.text(), &[&offer]);
    assert_eq!(portal.api().await["frameOrigins"], json!([origin]));
    // The same by the platform's form: taken away, and given back beside another.
    let path = portal.platform("/settings");
    let both = format!("https://other.example\n{origin}");
    for (origins, shown, hidden) in [("", &*offer, mended), (&*both, mended, &*offer)] {
        portal.gateway().clock.advance(Duration::from_secs(1));
        let (page, _) = open(&portal.owner, &path).await;
        let mut form = page.form_to(&path).unwrap();
        form.set("frameOrigins", origins);
        has(&portal.owner.submit(&page, &form).await.text(), &["are saved"]);
        let (_, text) = open(&portal.owner, &failure).await;
        has(&text, &[shown]);
        lacks(&text, &[hidden]);
    }
}

#[both_stores("PO-6")]
async fn a_check_names_a_clock_that_is_known_to_be_off(store: Store) {
    let portal = Portal::new(store).await;
    open(&portal.owner, &too_old(&portal, 1500).await).await;
    let refusal = Fault::Answer {
        status: 400,
        content_type: "application/json".into(),
        body: r#"{"error": "invalid_client"}"#.into(),
    };
    portal.school.lms.faults().set(Endpoint::Token, refusal);
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    let text = send(&portal.owner, &page, &portal.platform("/check"), &[]).await;
    let clock = text.find(" s slow.").unwrap_or_else(|| panic!("{text}"));
    has(&text, &["Have that clock set first (NTP)."]);
    let refused = text.find("invalid_client").unwrap_or_else(|| panic!("{text}"));
    assert!(clock < refused, "{text}");
}

#[both_stores("PO-4", "PO-7")]
async fn an_unknown_lms_is_entered_with_what_it_sent(store: Store) {
    let portal = Portal::new(store).await;
    let failure = refused_login(&portal, "/lti/login", "https://nowhere.example", "c-9").await;
    let (_, text) = open(&portal.owner, &failure).await;
    let sent = "?issuer=https%3A%2F%2Fnowhere.example&clientId=c-9";
    let form = format!("/portal/connect/other/by-hand{sent}");
    has(&text.replace("&#38;", "&"), &[&format!("href=\"{form}\"")]);
    let (_, text) = open(&portal.owner, &form).await;
    has(&text, &["value=\"https://nowhere.example\"", "value=\"c-9\""]);
}
