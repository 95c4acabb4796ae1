//! What waits for somebody to decide: registrations, platforms, deployments (portal.md PO-5).

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use simulator::browser::Browser;
use simulator::lms::ManualTool;
use test_case::both_stores;

use super::sizes::all_pages;
use super::{Portal, audit, enter, has, lacks, open, send};
use crate::portal::{PASSWORD, Visitor};
use crate::registered::{Registered, ltik_of};
use crate::support::{Gateway, Store, lms};

#[both_stores("PO-5")]
async fn a_registration_that_waits_is_approved_in_the_portal(store: Store) {
    let approval = json!({"registration": {"preApproval": {"enabled": true, "url": "https://app.example.com/approve"}}});
    let gateway = Gateway::start_with(store, approval).await;
    let owner = Visitor::owner(&gateway).await;
    let lms = lms().await;
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let request = simulator::browser::Request::new("GET".parse().unwrap(), &start.url).unwrap();
    let page = Browser::new().unwrap().send(request.no_redirects()).await.unwrap();
    let to = page.location().unwrap_or_else(|| panic!("{}", page.text()));
    let id = to.query_pairs().find(|(name, _)| name == "registrationId").unwrap().1.into_owned();

    let issuer = lms.endpoints().issuer;
    let facts =
        [&*issuer, "It will be asked for", "by the open link", "it is forgotten an hour after"];
    let (_, text) = open(&owner, "/portal").await;
    has(&text, &["<title>(1) Home", "name=\"next\" value=\"/portal\""]);
    has(&text, &facts);
    let (page, text) = open(&owner, "/portal/platforms/waiting").await;
    has(&text, &facts);
    // The id is a secret: it would do for the API.
    lacks(&text, &[&id]);
    let (_, rest) = text.split_once("action=\"/portal/platforms/waiting/").unwrap();
    let key: String = rest.chars().take_while(|c| *c != '"').collect();
    let path = format!("/portal/platforms/waiting/{key}");
    let fields = [("name", "Kestrel College"), ("active", "1")];
    let text = send(&owner, &page, &path, &fields).await;
    has(&text, &["Kestrel College is registered.", "Nothing waits", "<title>Waiting"]);
    let (_, text) = open(&owner, "/portal").await;
    lacks(&text, &["id=\"waiting\"", "(1) Home"]);
    let platform = gateway.platforms().await.remove(0);
    assert_eq!((&platform["name"], &platform["active"]), (&"Kestrel College".into(), &true.into()));
    let again = owner.post(&page, &path, &fields).await;
    assert_eq!(again.status, 404, "{}", again.text());
    has(&audit(&owner).await, &["registration.approved"]);
}

/// The forms that approve a registration, by the keys in their addresses.
fn approvals(text: &str) -> BTreeSet<&str> {
    let forms = text.split("action=\"/portal/platforms/waiting/").skip(1);
    forms.map(|form| form.split('"').next().unwrap()).collect()
}

/// They can't be refused: those in front stay there for an hour.
#[both_stores("PO-5")]
async fn every_waiting_registration_can_be_approved(store: Store) {
    let approval = json!({"registration": {"preApproval": {"enabled": true, "url": "https://app.example.com/approve"}}});
    let gateway = Gateway::start_with(store, approval).await;
    let owner = Visitor::owner(&gateway).await;
    let queue = "/portal/platforms/waiting";
    for _ in 0..8 {
        let lms = lms().await;
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        let request = simulator::browser::Request::new("GET".parse().unwrap(), &start.url).unwrap();
        Browser::new().unwrap().send(request.no_redirects()).await.unwrap();
    }
    let all = all_pages(&owner, queue).await;
    assert_eq!(approvals(&all).len(), 8);
    let (_, first) = open(&owner, queue).await;
    assert_eq!(approvals(&first).len(), 6);
    lacks(&first, &["First page"]);
    let (_, second) = open(&owner, &format!("{queue}?from=6")).await;
    has(&second, &["First page"]);
    assert!(approvals(&first).is_disjoint(&approvals(&second)));
    // Nothing is there, but something waits.
    let (_, behind) = open(&owner, &format!("{queue}?from=99")).await;
    has(&behind, &["First page"]);
    lacks(&behind, &["Nothing waits"]);
}

#[both_stores("PO-5")]
async fn a_name_typed_before_the_proof_is_filled_in_again(store: Store) {
    let approval = json!({"registration": {"preApproval": {"enabled": true, "url": "https://app.example.com/approve"}}});
    let gateway = Gateway::start_with(store, approval).await;
    let owner = Visitor::owner(&gateway).await;
    let lms = lms().await;
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let request = simulator::browser::Request::new("GET".parse().unwrap(), &start.url).unwrap();
    Browser::new().unwrap().send(request.no_redirects()).await.unwrap();
    let queue = "/portal/platforms/waiting";
    for path in ["/portal", queue] {
        let (page, text) = open(&owner, path).await;
        let (_, rest) = text.split_once("action=\"/portal/platforms/waiting/").unwrap();
        let key: String = rest.chars().take_while(|c| *c != '"').collect();
        let approve = format!("{queue}/{key}");
        gateway.clock.advance(Duration::from_secs(11 * 60));
        let mut form = page.form_to(&approve).unwrap();
        form.set("name", "Kestrel College");
        let asked = owner.submit(&page, &form).await;
        let mut form = asked.form_to("/portal/confirm").unwrap();
        form.set("password", PASSWORD);
        let back = owner.submit(&asked, &form).await;
        assert_eq!(back.url.path(), path, "{}", back.text());
        let form = back.form_to(&approve).unwrap();
        assert_eq!(form.field("name"), Some("Kestrel College"));
        // Only once.
        let form = open(&owner, path).await.0.form_to(&approve).unwrap();
        assert_ne!(form.field("name"), Some("Kestrel College"));
    }
}

#[both_stores("PO-5")]
async fn what_registered_and_what_was_seen_wait_in_one_place(store: Store) {
    let pending = json!({"launch": {"unknownDeployments": "pending"}});
    let school = Registered::with(store, pending).await;
    let owner = Visitor::owner(&school.gateway).await;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "D1".into()).unwrap();
    school.launch(&school.student()).await;
    let other = lms().await;
    let start = other.begin_registration(&school.gateway.at("/lti/register")).unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    let portal = Portal { school, owner };
    let one_issuer = "UPDATE platforms SET issuer = (SELECT MIN(issuer) FROM platforms WHERE active), \
                      scopes = 'https://purl.imsglobal.org/spec/lti-ags/scope/score' WHERE NOT active";
    portal.gateway().meddle(one_issuer).await;
    let facts = ["It grants", "Registered already with this issuer: 1"];
    has(&open(&portal.owner, "/portal").await.1, &facts);
    lacks(&open(&portal.owner, "/portal").await.1, &["Moodle · "]);
    has(&open(&portal.owner, "/portal/platforms/waiting").await.1, &facts);

    let (page, text) = open(&portal.owner, "/portal/platforms/waiting").await;
    has(&text, &["Registered, not active yet", "<h1>Waiting for you", "name=\"deployment\""]);
    let (_, rest) = text.split_once("name=\"deployment\" value=\"").unwrap();
    let (deployment, _) = rest.split_once('"').unwrap();
    let allow =
        [("do", "allow"), ("deployment", deployment), ("next", "/portal/platforms/waiting")];
    let text = send(&portal.owner, &page, &portal.platform("/deployments"), &allow).await;
    has(&text, &["may launch now"]);
    lacks(&text, &["name=\"deployment\""]);
    portal.school.accepts("allowed", portal.school.student()).await;
}

#[both_stores("PO-5")]
async fn a_platform_is_refused_where_it_waits(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let queue = "/portal/platforms/waiting";
    for (next, there) in [(queue, queue), ("https://elsewhere.example/", "/portal")] {
        let lms = lms().await;
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        Browser::new().unwrap().get(&start.url).await.unwrap();
        let (page, text) = open(&owner, queue).await;
        // What can't be undone looks like it.
        has(&text, &["<a class=\"button danger\"", "/delete\">Delete"]);
        assert_eq!(page.form_to("/activate").unwrap().field("next"), Some(queue));
        let (_, rest) = text.split_once("formaction=\"").unwrap();
        let (path, _) = rest.split_once('"').unwrap();
        let refused = owner.post(&page, path, &[("next", next), ("do", "refuse")]).await;
        assert_eq!(refused.url.path(), there, "{}", refused.text());
        has(&refused.text(), &["is refused: it stays deactivated"]);
        has(&open(&owner, queue).await.1, &["Nothing waits"]);
    }
    has(&audit(&owner).await, &["platform.refused"]);
}

/// An LMS that was entered without its deployment, which its first launch brings.
#[both_stores("PO-4", "PO-5")]
async fn a_deployment_that_waits_is_allowed_in_the_wizard(store: Store) {
    let pending = json!({"launch": {"unknownDeployments": "pending"}});
    let gateway = Gateway::start_with(store, pending).await;
    let owner = Visitor::owner(&gateway).await;
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    let lms = lms().await;
    let ours = ["login", "launch", "keys"].map(|end| gateway.at(&format!("/lti/{end}")));
    let client_id = lms.register_tool(ManualTool::new(&ours[0], &ours[1], &ours[2])).client_id;
    let endpoints = lms.endpoints();
    let entered = json!({
        "url": endpoints.issuer, "clientId": client_id, "name": "Kestrel College",
        "authenticationEndpoint": endpoints.authorization,
        "accesstokenEndpoint": endpoints.token,
        "authConfig": {"method": "JWK_SET", "key": endpoints.jwks},
    });
    let platform_id = enter(&gateway, entered).await;
    let wizard = format!("/portal/connect/moodle?platform={platform_id}");
    lacks(&open(&owner, &wizard).await.1, &["name=\"deployment\""]);

    let school = Registered { gateway, lms, client_id, platform_id };
    school.launch(&school.student()).await;
    let waits = "Its deployment waits for you. Allow it";
    let (_, text) = open(&viewer, &wizard).await;
    has(&text, &[waits]);
    lacks(&text, &["name=\"deployment\""]);
    let (page, text) = open(&owner, &wizard).await;
    has(&text, &[waits]);
    let allows = page.forms().into_iter().find(|form| form.action.path().ends_with("/deployments"));
    let allowed = owner.submit(&page, &allows.unwrap_or_else(|| panic!("{text}"))).await;
    assert_eq!(allowed.url.path(), "/portal/connect/moodle", "{}", allowed.text());
    has(&allowed.text(), &["may launch now", "Waiting for the first launch"]);
    lacks(&allowed.text(), &["name=\"deployment\"", "An attempt from there failed"]);
    ltik_of("allowed", &school.launch(&school.student()).await);
    has(&open(&owner, &wizard).await.1, &["Connected: the first launch was seen."]);
}
