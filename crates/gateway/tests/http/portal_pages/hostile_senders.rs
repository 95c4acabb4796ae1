//! What logins, tokens, browsers, registrations and applications' answers say: text where a page
//! shows it, and on no other page.

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;
use tokio::net::TcpListener;

use super::hostile::is_harmless;
use super::hostile_names::{PAGES, evil, shows};
use super::{Portal, enter, lacks, open, platform, send};
use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::portal::Visitor;
use crate::registered::{Registered, form};
use crate::support::{Gateway, PATIENCE, Store, lms};
use crate::traces::reference;

/// None of these numbers' names is on the page, not even as text.
#[track_caller]
fn keeps_out(path: &str, text: &str, numbers: &[u32]) {
    is_harmless(path, text);
    for number in numbers {
        assert!(!text.contains(&format!("alert({number})")), "{path}: {number}: {text}");
    }
}

/// An application that answers everything like this; its address.
async fn answering(status: u16, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.3:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let status = StatusCode::from_u16(status).unwrap();
    let answer = move || {
        let (said, body) = (body.clone(), body.clone());
        let headers = [("retry-after", said.clone()), ("location", said.clone()), ("server", said)];
        async move { (status, headers, body) }
    };
    let router = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Anybody can send a login, with anything in it.
#[both_stores("PO-1")]
async fn what_a_login_asks_for_is_text(store: Store) {
    let portal = Portal::new(store).await;
    let (gateway, owner) = (portal.gateway(), &portal.owner);
    let known = portal.school.lms.endpoints().issuer;
    let target = gateway.at("/lti/launch");
    let [hint, message_hint, deployment] = [evil(4), evil(5), evil(6)];
    for (issuer, client_id, shown) in
        [(known, evil(1), &[1][..]), (evil(2), evil(3), &[]), (evil(2), "nobody".to_owned(), &[])]
    {
        let fields = [
            ("iss", &*issuer),
            ("client_id", &*client_id),
            ("login_hint", &*hint),
            ("lti_message_hint", &*message_hint),
            ("lti_deployment_id", &*deployment),
            ("target_link_uri", &*target),
        ];
        let request = form(&gateway.at("/lti/login"), &fields);
        let request = request.header("user-agent", &evil(7)).header("referer", &evil(8));
        let refused = Browser::new().unwrap().send(request).await.unwrap();
        is_harmless("the login", &refused.text());
        let path = format!("/portal/failures/{}", reference(&refused));
        let (_, text) = open(owner, &path).await;
        shows(&path, &text, shown);
        // Hints are about a person, and of a browser only the family is kept.
        keeps_out(&path, &text, &[4, 5, 7, 8]);
        let report = format!("{path}/report");
        keeps_out(&report, &open(owner, &report).await.1, &[4, 5, 7, 8]);
    }
    for path in PAGES {
        keeps_out(path, &open(owner, path).await.1, &[4, 5, 7, 8]);
    }
}

#[both_stores("PO-1")]
async fn what_a_token_says_is_text(store: Store) {
    let portal = Portal::new(store).await;
    let (owner, school) = (&portal.owner, &portal.school);
    let header = json!({"typ": "JWT", "alg": "RS256", "kid": evil(1)});
    for (launch, shown) in [
        (school.student().header(header), &[1][..]),
        (school.student().with("message_type", evil(2)), &[]),
        (school.student().with("version", evil(3)), &[]),
        (school.student().with("aud", evil(4)), &[]),
        (school.student().with("iss", evil(5)), &[]),
        (school.student().with("nonce", evil(6)), &[]),
        (school.student().with("exp", evil(7)), &[]),
    ] {
        let refused = school.launch(&launch).await;
        is_harmless("the launch", &refused.text());
        let path = format!("/portal/failures/{}", reference(&refused));
        shows(&path, &open(owner, &path).await.1, shown);
        let report = format!("{path}/report");
        is_harmless(&report, &open(owner, &report).await.1);
    }
    for path in PAGES {
        is_harmless(path, &open(owner, path).await.1);
    }
}

/// Names of people, columns and courses are on none of these pages, as text or otherwise.
#[both_stores("PO-1")]
async fn what_a_course_is_called_is_text_or_nowhere(store: Store) {
    let school = Registered::with(store, json!({"grades": {"delivery": "async"}})).await;
    let claim = |name: &str| format!("https://purl.imsglobal.org/spec/lti/claim/{name}");
    let product = json!({
        "guid": evil(4), "name": evil(5), "product_family_code": evil(6), "version": evil(7),
    });
    let context = json!({"id": evil(1), "label": evil(2), "title": evil(3)});
    let launch = school.teacher().with(&claim("context"), context);
    let launch = launch.with(&claim("tool_platform"), product).with("name", evil(8));
    let course = Course::of(school, launch).await;
    let (gateway, faults) = (&course.school.gateway, course.school.lms.faults());
    let owner = Visitor::owner(gateway).await;
    faults.set(Endpoint::Memberships, Fault::set("/members/0/name", evil(9)));
    faults.set(Endpoint::LineItems, Fault::set("/0/label", evil(10)));
    for (path, name) in [("/api/memberships", "alert(9)"), ("/api/lineitems", "alert(10)")] {
        let answer = course.read(path).await.to_string();
        assert!(answer.contains(name), "{path}: {answer}");
    }
    let delivery = course.arrives(graded("5", 7.0)).await;
    let path = format!("/portal/deliveries/{}", delivery["id"].as_str().unwrap());
    let (page, text) = open(&owner, &path).await;
    shows(&path, &text, &[1]);
    // What the LMS answers when the column is compared is told on the next page.
    let said = json!({"errors": {"type": "error", "message": evil(11)}}).to_string();
    for (content_type, body) in [("application/json", said), ("text/html", evil(12))] {
        let content_type = content_type.to_owned();
        faults.set(Endpoint::Results, Fault::Answer { status: 422, content_type, body });
        is_harmless("compared", &send(&owner, &page, &path, &[("do", "compare")]).await);
    }
    let platform = format!("/portal/platforms/{}", course.school.platform_id);
    let tabs = ["", "/registration", "/deployments", "/settings", "/blocked", "/launches"];
    let tabs = tabs.map(|tab| format!("{platform}{tab}"));
    let nowhere = [2, 3, 8, 9, 10];
    for path in PAGES.iter().copied().chain(tabs.iter().map(String::as_str)).chain([&*path]) {
        keeps_out(path, &open(&owner, path).await.1, &nowhere);
    }
}

/// From its document on, whatever an LMS says while it registers.
#[both_stores("PO-1")]
async fn what_a_refused_registration_said_is_text(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let said = json!({"error": evil(1), "error_description": evil(2)}).to_string();
    let content_type = "application/json".to_owned();
    for (endpoint, fault) in [
        (Endpoint::Registration, Fault::Answer { status: 400, content_type, body: said }),
        (Endpoint::Configuration, Fault::set("/issuer", evil(3))),
        (Endpoint::Configuration, Fault::set("/registration_endpoint", evil(4))),
        (Endpoint::Configuration, Fault::set("/jwks_uri", evil(5))),
    ] {
        let lms = lms().await;
        lms.faults().set(endpoint, fault);
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        let browser = Browser::new().unwrap().wanting_pages();
        let refused = browser.get(&start.url).await.unwrap();
        assert!(refused.status >= 400, "{}", refused.text());
        is_harmless("the registration", &refused.text());
        let path = format!("/portal/failures/{}", reference(&refused));
        is_harmless(&path, &open(&owner, &path).await.1);
        let report = format!("{path}/report");
        is_harmless(&report, &open(&owner, &report).await.1);
    }
    for path in PAGES {
        is_harmless(path, &open(&owner, path).await.1);
    }
}

/// Who approves a registration in the portal is told what the LMS said against it.
#[both_stores("PO-1", "PO-5")]
async fn what_an_lms_says_to_an_approval_is_text(store: Store) {
    let asked = json!({"enabled": true, "url": "https://app.example.com/approve"});
    let asked = json!({"registration": {"preApproval": asked}});
    let gateway = Gateway::start_with(store, asked).await;
    let owner = Visitor::owner(&gateway).await;
    let said = json!({"error": evil(1), "error_description": evil(2)}).to_string();
    for (content_type, body) in [("application/json", said), ("text/html", evil(3))] {
        let lms = lms().await;
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        let request = Request::new("GET".parse().unwrap(), &start.url).unwrap().no_redirects();
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert!(page.status < 400, "{}", page.text());
        let content_type = content_type.to_owned();
        let refusal = Fault::Answer { status: 400, content_type, body };
        lms.faults().set(Endpoint::Registration, refusal);
        let (page, _) = open(&owner, "/portal/platforms/waiting").await;
        let mut forms = page.forms().into_iter();
        let form = forms.find(|form| form.action.path().starts_with("/portal/platforms/waiting/"));
        let refused = owner.submit(&page, &form.unwrap()).await;
        is_harmless("the approval", &refused.text());
        assert_eq!(gateway.platforms().await, Vec::<Value>::new());
    }
    for path in PAGES {
        is_harmless(path, &open(&owner, path).await.1);
    }
}

/// Home names what waits, and the list of events what happened.
#[both_stores("PO-1", "PO-5")]
async fn what_waits_and_what_happened_is_text(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let id = enter(&gateway, platform(&evil(1), &evil(2))).await;
    let body = json!({"deploymentId": evil(3), "status": "pending"});
    let path = format!("/admin/platforms/{id}/deployments");
    let page = gateway.admin("POST", &path, Some(body)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    for path in ["/portal", "/portal/platforms/waiting"] {
        shows(path, &open(&owner, path).await.1, &[1, 3]);
    }
    // An event gets its place a moment after its commit.
    let shown = async {
        loop {
            let (_, text) = open(&owner, "/portal/keys/events").await;
            is_harmless("the events", &text);
            if text.contains("alert(1)") {
                shows("the events", &text, &[1, 2]);
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, shown).await.is_ok(), "no event names the platform");
}

/// Of what an application answers to a webhook or at its launch URL, the status alone is kept.
#[both_stores("PO-1")]
async fn what_an_application_answers_is_on_no_page(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (home, _) = open(&owner, "/portal").await;
    for (at, status) in (1..).zip([200, 302, 400, 503]) {
        let url = answering(status, evil(at)).await;
        gateway.patch_tool(json!({"launchUrl": url})).await;
        let tested = send(&owner, &home, "/portal/launch-url/test", &[]).await;
        keeps_out("the launch URL", &tested, &[at]);
        let hook = json!({"url": url, "events": ["api_key.created"]});
        let made = gateway.admin("POST", "/admin/webhooks", Some(hook)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let made: Value = made.json().unwrap();
        let id = made["id"].as_str().unwrap();
        let path = format!("/portal/keys/webhooks/{id}");
        let tested = send(&owner, &home, &path, &[("do", "test")]).await;
        assert!(tested.contains(&status.to_string()), "{status}: {tested}");
        keeps_out("the test message", &tested, &[at]);
        let key = json!({"name": format!("key {at}"), "scope": "read"});
        let key = gateway.admin("POST", "/admin/api-keys", Some(key)).await;
        assert_eq!(key.status, 201, "{}", key.text());
        let list = format!("/admin/webhooks/{id}/deliveries");
        let attempted = async {
            loop {
                let sent: Value = gateway.admin("GET", &list, None).await.json().unwrap();
                if sent["deliveries"][0]["attempts"][0]["status"] == status {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, attempted).await.is_ok(), "{status}: not sent");
        let (_, text) = open(&owner, &path).await;
        assert!(text.contains(&format!("{status} · ")), "{status}: {text}");
        keeps_out(&path, &text, &[at]);
    }
    for path in PAGES {
        lacks(&open(&owner, path).await.1, &["alert("]);
    }
}
