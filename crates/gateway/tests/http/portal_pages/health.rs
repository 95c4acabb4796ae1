//! How an installation and each of its platforms are, and who needs help first (portal.md PO-6).

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{Portal, enter, has, lacks, open, platform, send};
use crate::platform_services::Course;
use crate::portal::Visitor;
use crate::registered::ltik_of;
use crate::support::Store;

/// An LMS in the middle of a day, so that none ends while a test runs.
async fn at_noon(store: Store) -> Portal {
    let portal = Portal::new(store).await;
    let left = 86_400 - portal.gateway().clock.now_seconds() % 86_400;
    portal.school.advance((left + 43_200).unsigned_abs());
    let owner = Visitor::owner(portal.gateway()).await;
    Portal { owner, ..portal }
}

/// A launch whose token has been over for a while, by a clock that is slow.
async fn comes_late(portal: &Portal) {
    let school = &portal.school;
    let now = portal.gateway().clock.now_seconds();
    let ahead = now - simulator::clock::Clock::default().seconds();
    school.lms.clock().set_offset(ahead - 184);
    school.launch(&school.student().with("exp", json!(now - 124))).await;
}

/// A figure, as pages show it.
fn figure(name: &str, number: u32) -> String {
    format!("<dt>{name}</dt><dd>{number}")
}

#[both_stores("PO-6")]
async fn the_overview_says_how_its_platform_is(store: Store) {
    let portal = at_noon(store).await;
    let (_, text) = open(&portal.owner, &portal.platform("")).await;
    let unknown = ["known with the next launch", "none on their way", "none taken"];
    has(&text, &unknown);
    has(&text, &["Our key since", "href=\"/portal/deliveries?platform="]);
    for launch in [portal.school.student(), portal.school.teacher()] {
        ltik_of("counted", &portal.school.launch(&launch).await);
    }
    // Before anything was written.
    let (_, text) = open(&portal.owner, &portal.platform("")).await;
    has(&text, &["right, within 10 s", &figure("Refused in 24 hours", 0)]);
    has(&text, &[&figure("Launches today", 2)]);
    lacks(&text, &["none yet"]);
    portal.gateway().app.usage.write().await.unwrap();
    comes_late(&portal).await;
    let (_, text) = open(&portal.owner, &portal.platform("")).await;
    has(&text, &["<span class=\"status bad\">", " s slow"]);
    for (name, number) in [("Launches today", 2), ("People today", 2), ("Refused in 24 hours", 1)] {
        has(&text, &[&figure(name, number)]);
    }
}

#[both_stores("PO-6")]
async fn who_refused_most_stands_first(store: Store) {
    let portal = at_noon(store).await;
    enter(portal.gateway(), platform("Kestrel College", "kestrel-1")).await;
    portal
        .gateway()
        .meddle("UPDATE platforms SET created_at = 1 WHERE client_id = 'kestrel-1'")
        .await;
    let own = format!("href=\"{}\"", portal.platform(""));
    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    has(&text, &[&own, "Our key since"]);
    assert!(text.find("Kestrel College") < text.find(&own), "the oldest first: {text}");
    for launch in [portal.school.student(), portal.school.teacher()] {
        ltik_of("counted", &portal.school.launch(&launch).await);
    }
    comes_late(&portal).await;
    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    assert!(text.find(&own) < text.find("Kestrel College"), "trouble first: {text}");
    assert_eq!(text.matches(&own).count(), 1, "{text}");
    // The number is of the same time as everywhere.
    has(&text, &["data-l=\"Refused, 24 hours\"><span>1</span>"]);
    // Who looks for something finds it where it is.
    let (_, text) = open(&portal.owner, "/portal/platforms?state=active").await;
    assert!(text.find("Kestrel College") < text.find(&own), "{text}");
}

#[both_stores("PO-5", "PO-6")]
async fn home_says_who_came_and_whether_keys_are_read(store: Store) {
    let portal = at_noon(store).await;
    let (_, text) = open(&portal.owner, "/portal").await;
    has(&text, &[&figure("People today", 0), "readable, where needed"]);
    let leads = "<span class=\"sub\"><a href=\"/portal/failures\">Failures</a></span>";
    lacks(&text, &[leads]);
    portal.school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    portal.school.launch(&portal.school.student()).await;
    portal.school.lms.faults().clear_all();
    let (_, text) = open(&portal.owner, "/portal").await;
    has(&text, &["not readable in 24 hours: 1", leads]);
    // Longer than the pause after a fetch that failed.
    portal.school.advance(120);
    ltik_of("counted", &portal.school.launch(&portal.school.student()).await);
    let (_, text) = open(&portal.owner, "/portal").await;
    has(&text, &[&figure("People today", 1)]);

    // What waits can be looked at before it is decided on.
    let id = &portal.school.platform_id;
    let look = format!("<a class=\"button\" href=\"/portal/platforms/{id}\">Look");
    lacks(&text, &[&look]);
    let waits = format!("UPDATE platforms SET active = false, stopped_at = NULL WHERE id = '{id}'");
    portal.gateway().meddle(&waits).await;
    has(&open(&portal.owner, "/portal").await.1, &[&look]);
}

#[both_stores("PO-6")]
async fn a_platform_whose_keys_cannot_be_read_is_red_and_first(store: Store) {
    let portal = Portal::new(store).await;
    enter(portal.gateway(), platform("Kestrel College", "kestrel-1")).await;
    portal
        .gateway()
        .meddle("UPDATE platforms SET created_at = 1 WHERE client_id = 'kestrel-1'")
        .await;
    let own = format!("href=\"{}\"", portal.platform(""));
    let unread = "keys can&#39;t be read";
    portal.school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    send(&portal.owner, &page, &portal.platform("/check"), &[]).await;
    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    assert!(text.find(&own) < text.find("Kestrel College"), "trouble first: {text}");
    assert_eq!(text.matches(unread).count(), 1, "{text}");
    has(&open(&portal.owner, &portal.platform("")).await.1, &[unread]);
    portal.school.lms.faults().clear_all();
    portal.school.advance(5);
    send(&portal.owner, &page, &portal.platform("/check"), &[]).await;
    lacks(&open(&portal.owner, "/portal/platforms").await.1, &[unread]);
}

#[both_stores("PO-6", "PO-10")]
async fn another_tools_trouble_does_not_crowd_out_ours(store: Store) {
    let portal = Portal::new(store).await;
    let gateway = portal.gateway();
    enter(gateway, platform("Kestrel College", "kestrel-1")).await;
    gateway.meddle("UPDATE platforms SET created_at = 1 WHERE client_id = 'kestrel-1'").await;
    portal.school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    send(&portal.owner, &page, &portal.platform("/check"), &[]).await;
    let (_, key) = gateway.new_tool("127.0.0.5").await;
    let mut theirs = portal.api().await;
    // Ten are shown at most.
    for number in 0..20 {
        theirs["clientId"] = format!("theirs-{number}").into();
        let made = gateway.as_key(&key, "POST", "/admin/platforms", Some(theirs.clone())).await;
        assert_eq!(made.status, 200, "{}", made.text());
        let made = made.json().unwrap();
        let check = format!("/admin/platforms/{}/check", made["id"].as_str().unwrap());
        let found = gateway.as_key(&key, "POST", &check, None).await.json().unwrap();
        assert_eq!(found["verdict"], "wrong", "{found}");
    }
    let own = format!("href=\"{}\"", portal.platform(""));
    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    assert!(text.find(&own) < text.find("Kestrel College"), "trouble first: {text}");
    lacks(&text, &["theirs-"]);
}

#[both_stores("PO-6")]
async fn a_platform_whose_services_fail_says_so(store: Store) {
    let course = Course::new(store).await;
    let owner = Visitor::owner(&course.school.gateway).await;
    let platform = format!("/portal/platforms/{}", course.school.platform_id);
    let (word, why) = ("Its services fail", "The LMS gives no access token");
    lacks(&open(&owner, &platform).await.1, &[word, why]);
    course.school.lms.faults().set(Endpoint::Token, Fault::Status(500));
    let page = course.get("/api/memberships").await;
    assert_eq!(page.status, 502, "{}", page.text());
    has(&open(&owner, &platform).await.1, &[word, why, "Reading rosters"]);
    has(&open(&owner, "/portal/platforms").await.1, &[word]);
    course.school.lms.faults().clear_all();
    course.read("/api/memberships").await;
    let (_, text) = open(&owner, &platform).await;
    lacks(&text, &[word, why]);
    // A roster that was only read is none that was taken.
    has(&text, &["none taken", "Only rosters that your application asked"]);
}
