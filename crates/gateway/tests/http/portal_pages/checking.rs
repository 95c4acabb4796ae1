//! Looking at a platform now, fetching its keys again, and comparing a column of its gradebook: by
//! a click, and over the API.

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{Portal, audit, has, lacks, open, send};
use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::portal::Visitor;
use crate::registered::{assert_refused, ltik_of};
use crate::support::{Store, lms};
use crate::traces::reference;

#[both_stores("PO-6", "PO-9")]
async fn a_platform_is_checked_now(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/check");
    let (page, text) = open(&portal.owner, &portal.platform("")).await;
    has(&text, &["Check now", "<h2 id=\"check\">What a check does</h2>"]);
    let text = send(&portal.owner, &page, &path, &[]).await;
    has(&text, &["It is active", "usable key", "The token endpoint answers", "Copy the report"]);
    has(&text, &[&portal.school.client_id, " UTC</dd>"]);
    lacks(&text, &["status bad"]);
    // The LMS is asked again after a moment.
    portal.school.advance(5);
    portal.school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let text = send(&portal.owner, &page, &path, &[]).await;
    has(&text, &["status bad", "answers with status 500"]);
    let stop = format!("/admin/platforms/{}/deactivate", portal.school.platform_id);
    portal.gateway().admin("POST", &stop, None).await;
    let address = format!("/api/platforms/{}/check", portal.school.platform_id);
    let checked = portal.gateway().admin("POST", &address, None).await;
    assert_eq!(checked.status, 200, "{}", checked.text());
    let checked: Value = checked.json().unwrap();
    assert_eq!(checked["verdict"], "wrong");
    assert_eq!(checked["findings"][0]["what"], "It is not active: its launches are refused.");
    let nowhere = "/admin/platforms/00000000000000000000/check";
    assert_eq!(portal.gateway().admin("POST", nowhere, None).await.status, 404);
    has(&audit(&portal.owner).await, &["platform.checked", "Platform checked"]);
}

#[both_stores("PO-2", "PO-6")]
async fn a_check_speaks_the_readers_language(store: Store) {
    let portal = Portal::new(store).await;
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    let form = page.form_to("/portal/sign-out").unwrap();
    let fields = [("token", form.field("token").unwrap())];
    let headers = [("sec-fetch-site", "same-origin"), ("accept-language", "de")];
    let check = async || {
        let checked = portal.owner.forge(&portal.platform("/check"), &fields, &headers).await;
        assert_eq!(checked.status, 200, "{}", checked.text());
        checked.text()
    };
    let text = check().await;
    has(&text, &["Sie ist aktiv", "einen brauchbaren Schlüssel", "und hat ein Token gegeben."]);
    let page = |body: String| Fault::Answer { status: 200, content_type: "text/html".into(), body };
    // The LMS is asked again after a moment.
    portal.school.advance(5);
    portal.school.lms.faults().set(Endpoint::Token, page("<p>".into()));
    portal.school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let text = check().await;
    has(&text, &["Schlüsselsatzes antwortet mit Status 500.", "Noten und keine Teilnehmerlisten"]);
    lacks(&text, &["The key set", "The token endpoint", "Launches work", "Every launch"]);
    portal.school.lms.faults().set(Endpoint::Token, page("<p>".repeat(30_000)));
    // The cause is in the words of the error.
    let cause = "ist etwas anderes: <span lang=\"en\">the answer is larger than";
    has(&check().await, &[cause]);
}

#[both_stores("PO-6", "PO-9")]
async fn a_platform_is_checked_so_often_and_no_oftener(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/check");
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    for _ in 0..20 {
        has(&send(&portal.owner, &page, &path, &[]).await, &["What was found"]);
    }
    let asked = portal.school.lms.hits(Endpoint::Token);
    let text = send(&portal.owner, &page, &path, &[]).await;
    has(&text, &["This platform was checked often just now. Wait 1 min"]);
    lacks(&text, &["What was found"]);
    assert_eq!(portal.school.lms.hits(Endpoint::Token), asked);
    let noted = "SELECT COUNT(*) FROM audit_entries WHERE action = 'platform.checked'";
    assert_eq!(portal.gateway().number(noted).await, 20);
    portal.school.advance(60);
    has(&send(&portal.owner, &page, &path, &[]).await, &["What was found"]);
}

#[both_stores("PO-6")]
async fn fetching_keys_counts_as_a_check(store: Store) {
    let portal = Portal::new(store).await;
    let (check, fetch) = (portal.platform("/check"), portal.platform("/fetch-keys"));
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    for _ in 0..10 {
        send(&portal.owner, &page, &check, &[]).await;
        has(&send(&portal.owner, &page, &fetch, &[]).await, &["They count from now on."]);
    }
    // The LMS would be asked again after a moment.
    portal.school.advance(5);
    let asked = portal.school.lms.hits(Endpoint::Jwks);
    for path in [&check, &fetch] {
        let text = send(&portal.owner, &page, path, &[]).await;
        has(&text, &["This platform was checked often just now. Wait 1 min"]);
    }
    assert_eq!(portal.school.lms.hits(Endpoint::Jwks), asked);
    portal.school.advance(60);
    has(&send(&portal.owner, &page, &fetch, &[]).await, &["They count from now on."]);
    assert_eq!(portal.school.lms.hits(Endpoint::Jwks), asked + 1);
}

#[both_stores("PO-6")]
async fn a_check_asks_the_token_endpoint_as_a_grade_would(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/check");
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    let asked = portal.school.lms.hits(Endpoint::Token);
    let text = send(&portal.owner, &page, &path, &[]).await;
    has(&text, &["The token endpoint answers, and gave an access token."]);
    let again = send(&portal.owner, &page, &path, &[]).await;
    has(&again, &["gave an access token."]);
    // No token is kept from the first check.
    assert_eq!(portal.school.lms.hits(Endpoint::Token), asked + 2);
    let answer = |status, body: &str| Fault::Answer {
        status,
        content_type: "text/html".into(),
        body: body.into(),
    };
    for (fault, words) in [
        (Fault::Status(404), "is no token endpoint: it answers with status 404."),
        (answer(404, "<!doctype html>"), "it answers with a page, status 404."),
        (answer(200, "<!doctype html>"), "The token endpoint gave no access token: "),
        (answer(200, &"<p>".repeat(30_000)), "the answer is larger than"),
        (answer(400, r#"{"error": "invalid_client"}"#), "status 400, invalid_client."),
    ] {
        portal.school.lms.faults().set(Endpoint::Token, fault);
        let text = send(&portal.owner, &page, &path, &[]).await;
        has(&text, &["status bad", words, "Launches work, but no grades and no rosters."]);
        lacks(&text, &["gave an access token."]);
    }
}

#[both_stores("PO-7")]
async fn keys_are_fetched_again_from_the_failure(store: Store) {
    let portal = Portal::new(store).await;
    let school = &portal.school;
    ltik_of("the first key", &school.launch(&school.student()).await);
    school.lms.rotate_key().unwrap();
    let refused = school.launch(&school.student()).await;
    assert_refused("too soon", &refused, 401, "KID_UNKNOWN");
    school.advance(5);
    let (page, text) =
        open(&portal.owner, &format!("/portal/failures/{}", reference(&refused))).await;
    let path = portal.platform("/fetch-keys");
    has(&text, &["Fetch its keys now", &path]);
    let text = send(&portal.owner, &page, &path, &[("next", "/portal/failures")]).await;
    has(&text, &["They count from now on."]);
    ltik_of("the second key", &school.launch(&school.student()).await);
    // What can't be fetched is said, and what is kept still counts.
    school.advance(5);
    school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let text = send(&portal.owner, &page, &path, &[]).await;
    has(&text, &["status 500"]);
    ltik_of("the key that is kept", &school.launch(&school.student()).await);
}

/// Gives the platform another address for its keys.
async fn keys_at(portal: &Portal, address: &Value) {
    let mut platform = portal.api().await;
    platform["authConfig"]["key"] = address.clone();
    let path = format!("/admin/platforms/{}", portal.school.platform_id);
    let page = portal.gateway().admin("PUT", &path, Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

#[both_stores("PO-7")]
async fn a_key_set_without_the_key_is_at_the_wrong_address(store: Store) {
    let portal = Portal::new(store).await;
    let (school, elsewhere) = (&portal.school, lms().await);
    let (own, other) = (school.lms.endpoints().jwks, elsewhere.endpoints().jwks);
    keys_at(&portal, &json!(other)).await;
    let refused = school.launch(&school.student()).await;
    assert_refused("another LMS's keys", &refused, 401, "KID_UNKNOWN");
    let failure = format!("/portal/failures/{}", reference(&refused));
    let (page, text) = open(&portal.owner, &failure).await;
    has(&text, &["doesn&#39;t contain the key", "Settings of this platform", &other]);
    let form = page.form_to(&portal.platform("/fetch-keys")).unwrap();
    let text = portal.owner.submit(&page, &form).await.text();
    has(&text, &["isn&#39;t among them", "doesn&#39;t contain the key"]);
    lacks(&text, &["They count from now on."]);
    // The facts stay those of the launch.
    keys_at(&portal, &json!(own)).await;
    let (page, text) = open(&portal.owner, &failure).await;
    has(&text, &["has been changed since", &other]);
    lacks(&text, &[&own]);
    let form = page.form_to(&portal.platform("/fetch-keys")).unwrap();
    let text = portal.owner.submit(&page, &form).await.text();
    let mended = "Mended: the key that signed this launch is known now.";
    has(&text, &["They count from now on.", mended, "class=\"note ok\""]);
    for list in ["/portal", "/portal/failures"] {
        let (_, text) = open(&portal.owner, list).await;
        has(&text, &["KID_UNKNOWN", mended]);
        lacks(&text, &["See and fix"]);
    }
}

#[both_stores("GR-27", "PO-9")]
async fn a_column_of_the_gradebook_is_compared_and_mended(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let owner = Visitor::owner(&course.school.gateway).await;
    let delivery = course.arrives(graded("5", 8.0)).await;
    let path = format!("/portal/deliveries/{}", delivery["id"].as_str().unwrap());
    let (page, text) = open(&owner, &path).await;
    has(&text, &["Gradebook", "Compare", "Send what is missing"]);
    let text = send(&owner, &page, &path, &[("do", "compare")]).await;
    has(&text, &["As sent: 1. Missing: 0."]);
    course.next_results(&[]);
    let text = send(&owner, &page, &path, &[("do", "compare")]).await;
    has(&text, &["As sent: 0. Missing: 1."]);
    // The platform counts whole seconds.
    course.school.advance(2);
    course.next_results(&[]);
    let text = send(&owner, &page, &path, &[("do", "repair")]).await;
    has(&text, &["On their way once more: 1."]);
    has(&audit(&owner).await, &["deliveries.repaired"]);
    course.school.lms.faults().set(Endpoint::Results, Fault::Status(500));
    let text = send(&owner, &page, &path, &[("do", "compare")]).await;
    lacks(&text, &["As sent:"]);
}
