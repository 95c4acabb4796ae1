//! Addresses inside, in every place where a platform or an application can name one (lti.md F-09,
//! I.1): nothing is asked there. Where deep linking answers may go is in
//! `deep_linking/requests.rs`.

use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::faults::Fault;
use simulator::lms::{Endpoint, claim_name};
use simulator::profiles::Profile;
use test_case::both_stores;

use super::profiles::lms_of;
use super::{Course, assert_error, at, encoded};
use crate::registered::Registered;
use crate::support::{Gateway, Store};

/// Addresses that lead inside, or are none that a service has. A developer's installation, as that
/// of a test is one, may ask loopback.
const HOSTILE: [&str; 16] = [
    "https://10.0.0.5/x",
    "https://0x0a000005/x",
    "https://167772165/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://[::ffff:10.0.0.5]/x",
    "https://[fc00::1]/x",
    "https://[64:ff9b::a00:5]/x",
    "https://metadata.internal/x",
    "https://intranet/x",
    "http://lms.example.com/x",
    "https://lms.example.com:6379/x",
    "https://user@lms.example.com/x",
    "file:///etc/passwd",
    "gopher://10.0.0.5/x",
    "data:application/json,[]",
];

/// Nothing was asked: the address was taken for none, or the guard refused it.
#[track_caller]
fn assert_blocked(case: &str, page: &Page) {
    let body: Value = page.json().unwrap_or_else(|_| panic!("{case}: {}", page.text()));
    let told = (page.status, body["details"]["message"].as_str().unwrap());
    let text = body["details"]["description"].as_str().unwrap();
    match told {
        (403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT") => {}
        (502, "PLATFORM_NOT_REACHED") => assert!(text.contains("the address "), "{case}: {text}"),
        other => panic!("{case}: {other:?}: {text}"),
    }
}

/// A launch whose services are all at this address.
async fn all_at(school: Registered, url: &str) -> Course {
    let launch = school.teacher();
    let claims = school.lms.claims(&launch).unwrap();
    let mut launch = launch;
    for (service, addresses) in [
        ("namesroleservice", &["context_memberships_url"][..]),
        ("endpoint", &["lineitems", "lineitem"]),
        ("groupsservice", &["context_groups_url", "context_group_sets_url"]),
    ] {
        let Some(claim) = claims.get(claim_name(service)) else {
            continue;
        };
        let mut claim = claim.clone();
        for address in addresses {
            claim[*address] = url.into();
        }
        launch = launch.with(service, claim);
    }
    Course::of(school, launch).await
}

#[both_stores("F-09", "TC-235")]
async fn no_service_address_of_a_launch_leads_inside(store: Store) {
    let settings = json!({"services": {"groups": true}, "launch": {"showReasons": true}});
    for profile in [Profile::moodle(), Profile::blackboard()] {
        let gateway = Gateway::start_with(store, settings.clone()).await;
        let mut school = Registered::join(gateway, lms_of(profile).await).await;
        let item = json!({"label": "Quiz", "scoreMaximum": 10});
        let score = json!({
            "userId": "5", "activityProgress": "Started", "gradingProgress": "NotReady", "scoreMaximum": 10,
        });
        for url in HOSTILE {
            let course = all_at(school, url).await;
            for (method, path, body) in [
                ("GET", "/api/memberships".to_owned(), None),
                ("POST", "/api/memberships/sync".to_owned(), None),
                ("GET", "/api/lineitems".to_owned(), None),
                ("POST", "/api/lineitems".to_owned(), Some(item.clone())),
                ("GET", "/api/groups".to_owned(), None),
                ("GET", "/api/groups/sets".to_owned(), None),
            ] {
                let page = course.ask(method, &path, body).await;
                assert_blocked(&format!("{method} {path} {url}"), &page);
            }
            let key = course.token["services"]["serviceKey"].is_string();
            if key && course.token["launch"]["lineItemId"] == url && !url.contains('@') {
                for (method, path, body) in [
                    ("GET", at(url), None),
                    ("DELETE", at(url), None),
                    ("POST", format!("{}/scores", at(url)), Some(score.clone())),
                ] {
                    let page = course.ask(method, &path, body).await;
                    assert_blocked(&format!("{method} {path}"), &page);
                }
            }
            school = course.school;
        }
    }
}

#[both_stores("F-09", "F-22")]
async fn no_address_of_a_page_or_line_item_leads_inside(store: Store) {
    let course = Course::new(store).await;
    let scores = format!("{}/scores", at(&course.line_item()));
    for url in HOSTILE {
        for (path, endpoint) in [
            ("/api/memberships", Endpoint::Memberships),
            ("/api/lineitems", Endpoint::LineItems),
            (&*scores, Endpoint::Results),
        ] {
            let page = course.get(&format!("{path}?url={}", encoded(url))).await;
            assert_eq!(page.status, 400, "{path} {url}: {}", page.text());
            let link = Fault::Link(format!("<{url}>; rel=next"));
            course.school.lms.faults().next(endpoint, 1, link);
            let first = course.read(path).await;
            let next = encoded(first["next"].as_str().unwrap());
            let page = course.get(&format!("{path}?url={next}")).await;
            assert_error(url, &page, 502, "LIST_CUT_OFF");
        }
        let link = Fault::Link(format!("<{url}>; rel=next"));
        course.school.lms.faults().next(Endpoint::Memberships, 1, link);
        let page = course.ask("POST", "/api/memberships/sync", None).await;
        assert_error(url, &page, 502, "ROSTER_CUT_OFF");
        let page = course.get(&at(url)).await;
        assert_eq!(page.status, 400, "{url}: {}", page.text());
    }
}

#[both_stores("F-09")]
async fn no_token_endpoint_leads_inside(store: Store) {
    let mut course = Course::new(store).await;
    let path = format!("/admin/platforms/{}", course.school.platform_id);
    let known = course.school.gateway.admin("GET", &path, None).await.json().unwrap();
    for url in HOSTILE {
        let mut platform = known.clone();
        for ours in ["id", "publicKey"] {
            platform.as_object_mut().unwrap().shift_remove(ours);
        }
        platform["accesstokenEndpoint"] = url.into();
        let page = course.school.gateway.admin("PUT", &path, Some(platform)).await;
        assert_error(url, &page, 400, "INVALID_PLATFORM");
    }
    // Nor one that came into the store in another way.
    for url in HOSTILE.into_iter().take(3) {
        let changed = format!("UPDATE platforms SET token_endpoint = '{url}'");
        course.school.gateway.meddle(&changed).await;
        course.school.gateway = course.school.gateway.restart().await;
        let page = course.get("/api/memberships").await;
        let details = assert_error(url, &page, 502, "PLATFORM_TOKEN_REFUSED");
        let text = details["description"].as_str().unwrap();
        assert!(text.contains("the address "), "{text}");
    }
    assert_eq!(course.school.lms.hits(Endpoint::Memberships), 0);
}
