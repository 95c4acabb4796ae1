//! What LMSs answer, and what launches and browsers say of themselves: text on every page that
//! shows it.

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::PLATFORM_CONFIGURATION;
use test_case::both_stores;

use super::hostile::is_harmless;
use super::hostile_names::{PAGES, evil, shows};
use super::{Portal, lacks, open, send};
use crate::management::{Platform, registered};
use crate::portal::{OWNER, PASSWORD, Visitor};
use crate::registered::form;
use crate::support::{Gateway, Store, lms};
use crate::traces::reference;

/// An answer of the LMS.
fn answer(status: u16, content_type: String, body: String) -> Fault {
    Fault::Answer { status, content_type, body }
}

#[both_stores("PO-1", "PO-5")]
async fn what_an_lms_says_as_it_registers_is_text(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let lti = PLATFORM_CONFIGURATION.replace('/', "~1");
    let said = [("product_family_code", evil(1)), ("version", evil(2))];
    let said = said.map(|(member, words)| (format!("/{lti}/{member}"), Some(Value::from(words))));
    let asked = json!({"registration": {"preApproval": {"enabled": true, "url": "https://app.example.com/approve"}}});
    let mut all = Vec::new();
    // One waits to be activated, the other for the application's word.
    for settings in [json!({"name": "Fractions"}), asked] {
        gateway.patch_tool(settings).await;
        let lms = lms().await;
        lms.faults().set(Endpoint::Configuration, Fault::Change(said.clone().into()));
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        let request = Request::new("GET".parse().unwrap(), &start.url).unwrap().no_redirects();
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert!(page.status < 400, "{}", page.text());
        for path in ["/portal", "/portal/platforms/waiting"] {
            shows(path, &open(&owner, path).await.1, &[1, 2]);
        }
        all.push(lms);
    }
    let id = gateway.platforms().await[0]["id"].as_str().unwrap().to_owned();
    for path in PAGES {
        is_harmless(path, &open(&owner, path).await.1);
    }
    for tab in ["", "/registration", "/deployments", "/keys", "/settings", "/blocked", "/delete"] {
        let path = format!("/portal/platforms/{id}{tab}");
        is_harmless(&path, &open(&owner, &path).await.1);
    }
}

#[both_stores("PO-1")]
async fn what_an_lms_answers_is_text(store: Store) {
    let portal = Portal::new(store).await;
    let (owner, school) = (&portal.owner, &portal.school);
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let [error, description] = [evil(1), evil(2)];
    let fields =
        [("error", &*error), ("error_description", &*description), ("state", &*posted.state)];
    let refused = browser.send(form(&portal.gateway().at("/lti/launch"), &fields)).await.unwrap();
    let path = format!("/portal/failures/{}", reference(&refused));
    for path in [path.clone(), format!("{path}/report"), "/portal/failures".to_owned()] {
        let (_, text) = open(owner, &path).await;
        is_harmless(&path, &text);
        // No word of an error that nobody knows is kept.
        lacks(&text, &["alert("]);
    }

    let (page, _) = open(owner, &portal.platform("")).await;
    let token = json!({"error": evil(3), "error_description": evil(4)}).to_string();
    for (endpoint, fault) in [
        (Endpoint::Token, answer(400, "application/json".to_owned(), token)),
        (Endpoint::Jwks, answer(200, "text/html".to_owned(), evil(5))),
        (Endpoint::Jwks, answer(200, format!("text/{}", evil(6)), evil(7))),
    ] {
        // The LMS is asked again after a moment.
        school.advance(5);
        school.lms.faults().set(endpoint, fault);
        for path in ["/check", "/fetch-keys"] {
            let path = portal.platform(path);
            is_harmless(&path, &send(owner, &page, &path, &[]).await);
        }
    }
    for path in PAGES {
        is_harmless(path, &open(owner, path).await.1);
    }
}

#[both_stores("PO-1")]
async fn what_an_lms_has_stored_of_us_is_text(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(true).await);
    let path = registered(&gateway, &platform).await.replace("/admin/", "/portal/");
    let owner = Visitor::owner(&gateway).await;
    platform.document.lock().unwrap()["client_name"] = evil(1).into();
    platform.document.lock().unwrap()[evil(2)] = evil(3).into();
    let (page, text) = open(&owner, &format!("{path}?copy=1")).await;
    shows(&path, &text, &[1, 2, 3]);
    // What it says of an update is noted.
    gateway.patch_tool(json!({"name": evil(4)})).await;
    shows("the flash", &send(&owner, &page, &path, &[]).await, &[4]);
    shows("/portal/audit", &open(&owner, "/portal/audit").await.1, &[4]);
}

#[both_stores("PO-1")]
async fn what_a_launch_brings_is_text(store: Store) {
    let portal = Portal::new(store).await;
    let (owner, school) = (&portal.owner, &portal.school);
    let claim = |name: &str| format!("https://purl.imsglobal.org/spec/lti/claim/{name}");
    let launch = school
        .teacher()
        .with(&claim("context"), json!({"id": evil(1), "label": evil(2), "title": evil(3)}))
        .with(&claim("resource_link"), json!({"id": evil(4), "title": evil(5)}))
        .with(&claim("custom"), json!({"chapter": evil(6)}))
        .with("name", evil(7));
    school.accepts("evil words", launch).await;
    shows("the places", &open(owner, "/portal/keys/services").await.1, &[1, 4]);
    let more = ["/launches", ""].map(|tab| portal.platform(tab));
    for path in PAGES.iter().copied().chain(more.iter().map(String::as_str)) {
        is_harmless(path, &open(owner, path).await.1);
    }

    // Of a browser, no word that it says is kept.
    let visitor = Visitor::of(portal.gateway());
    let fields = [("login", OWNER), ("password", PASSWORD)];
    let agent = evil(8);
    let headers = [("sec-fetch-site", "same-origin"), ("user-agent", &*agent)];
    let home = visitor.forge("/portal/sign-in", &fields, &headers).await;
    assert_eq!(home.status, 303, "{}", home.text());
    lacks(&open(owner, "/portal/account").await.1, &["alert("]);
}
