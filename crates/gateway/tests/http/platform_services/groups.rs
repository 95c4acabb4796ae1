//! `GET /api/groups` (lti.md F.4).

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, claim_name};
use simulator::profiles::Profile;
use test_case::both_stores;

use super::profiles::lms_of;
use super::{Course, assert_error, encoded};
use crate::registered::Registered;
use crate::support::{Gateway, Store};

/// A launch at a Blackboard, which has groups.
async fn course(store: Store, is_on: bool) -> Course {
    let settings = json!({"services": {"groups": is_on}, "launch": {"showReasons": true}});
    let gateway = Gateway::start_with(store, settings).await;
    let lms = lms_of(Profile::blackboard()).await;
    let school = Registered::join(gateway, lms).await;
    let launch = school.teacher();
    Course::of(school, launch).await
}

#[both_stores("TC-320")]
async fn groups_and_their_sets_are_listed(store: Store) {
    let course = course(store, true).await;
    assert_eq!(course.token["services"]["groups"], json!({"available": true}));
    let all = course.read("/api/groups").await;
    assert_eq!(
        all,
        json!({"groups": [
            {"id": "lab-a", "name": "Lab A", "setId": "labs"}, {"id": "lab-b", "name": "Lab B", "setId": "labs"},
        ]})
    );
    let own = course.read("/api/groups?userId=6").await;
    assert_eq!(own["groups"][0]["id"], "lab-b");
    let page = course.read("/api/groups?limit=1").await;
    let next = encoded(page["next"].as_str().unwrap());
    let page = course.read(&format!("/api/groups?url={next}")).await;
    assert_eq!((&page["groups"][0]["id"], page.get("next")), (&json!("lab-b"), None));
    let sets = course.read("/api/groups/sets").await;
    assert_eq!(
        sets,
        json!({"sets": [{"id": "labs", "name": "Labs", "groups": ["lab-a", "lab-b"]}]})
    );
    let page = course.with_key(&course.service_key(), "GET", "/api/groups", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let failed = Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: r#"{"error": "temporarily unavailable"}"#.into(),
    };
    for (case, fault) in [("HTML", Fault::Html), ("no list", failed)] {
        course.school.lms.faults().next(Endpoint::Groups, 1, fault);
        let page = course.get("/api/groups").await;
        assert_error(case, &page, 502, "PLATFORM_ANSWER_UNREADABLE");
    }
    // Without sets, the groups work nevertheless.
    let mut claim = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut claim = claim[claim_name("groupsservice")].take();
    claim.as_object_mut().unwrap().shift_remove("context_group_sets_url");
    let launch = course.school.teacher().link("2", "2").with("groupsservice", claim);
    let Course { school, .. } = course;
    let course = Course::of(school, launch).await;
    assert_eq!(course.read("/api/groups").await["groups"].as_array().unwrap().len(), 2);
    let page = course.get("/api/groups/sets").await;
    assert_error("no sets", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
    let link = Fault::Link("<https://other.example/groups>; rel=next".into());
    course.school.lms.faults().next(Endpoint::Groups, 1, link);
    let first = course.read("/api/groups").await;
    let next = encoded(first["next"].as_str().unwrap());
    let page = course.get(&format!("/api/groups?url={next}")).await;
    assert_error("a page elsewhere", &page, 502, "LIST_CUT_OFF");
}

#[both_stores("F-21")]
async fn without_their_scope_groups_are_not_available(store: Store) {
    let mut course = course(store, true).await;
    let mut claims = course.school.lms.claims(&course.school.teacher()).unwrap();
    let claim = claims[claim_name("groupsservice")].take();
    for scope in
        [json!([]), json!(["https://purl.imsglobal.org/spec/lti-gs/scope/another"]), Value::Null]
    {
        let mut claim = claim.clone();
        claim["scope"] = scope.clone();
        // At a link of its own: what an earlier launch offered elsewhere says nothing of it.
        let launch = course.school.teacher().link("2", "2").with("groupsservice", claim);
        let Course { school, .. } = course;
        course = Course::of(school, launch).await;
        assert_eq!(course.token["services"].get("groups"), None, "{scope}");
        for path in ["/api/groups", "/api/groups/sets"] {
            let page = course.get(path).await;
            assert_error(path, &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
        }
    }
    let hits = |endpoint| course.school.lms.hits(endpoint);
    assert_eq!((hits(Endpoint::Groups), hits(Endpoint::Token)), (0, 0));
}

#[both_stores]
async fn groups_are_off_unless_wanted(store: Store) {
    let course = course(store, false).await;
    assert_eq!(course.token["services"].get("groups"), None);
    let scopes = course.school.lms.tool(&course.school.client_id).unwrap().facts.scopes;
    assert!(!scopes.iter().any(|scope| scope.contains("lti-gs")), "{scopes:?}");
    let page = course.get("/api/groups").await;
    assert_error("off", &page, 403, "INACTIVE_SERVICE");
    course.school.gateway.patch_tool(json!({"services": {"groups": true}})).await;
    let page = course.get("/api/groups").await;
    assert_error("not granted", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
}
