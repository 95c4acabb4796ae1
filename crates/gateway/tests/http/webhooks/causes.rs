//! What makes an event, and what doesn't.

use futures_util::future::join_all;
use gateway::directory::api_keys::scope::Scope;
use gateway::kit::clock::Clock;
use gateway::operator::Operator;
use serde_json::{Value, json};
use test_case::both_stores;

use super::types;
use crate::deep_linking::{opening, place};
use crate::platform_services::Course;
use crate::registered::{Registered, assert_refused, ltik_of};
use crate::studyreel::{StudyReel, valid};
use crate::support::Store;

/// The data of the one event of a type.
async fn data(gateway: &crate::support::Gateway, kind: &str) -> Value {
    let mut found = gateway.events(&format!("?types={kind}"), 1).await;
    assert_eq!(types(&found), [kind], "{found:#}");
    found["events"][0]["data"].take()
}

#[both_stores]
async fn a_registration_is_told_from_its_beginning_to_its_end(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let all = gateway.events("", 3).await;
    assert_eq!(types(&all), ["platform.registered", "platform.pending", "platform.activated"]);
    let id = json!(school.platform_id);
    let registered = &all["events"][0]["data"];
    assert_eq!((&registered["platformId"], &registered["active"]), (&id, &json!(false)));
    assert_eq!(registered["issuer"], school.lms.endpoints().issuer);
    assert_eq!(all["events"][2]["data"], json!({"platformId": id}));

    // By PUT, and by a command beside the server.
    let path = format!("/admin/platforms/{}", school.platform_id);
    let mut platform = gateway.ask(&path).await;
    platform["active"] = json!(false);
    let page = gateway.admin("PUT", &path, Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let operator = Operator::new(&gateway.app.config, Clock::default()).await.unwrap();
    operator.switch(&school.platform_id, true).await.unwrap();
    operator.create_api_key(None, "by command", Scope::Read, None).await.unwrap();
    operator.close().await;
    let next = all["next"].as_str().unwrap();
    let more = gateway.events(&format!("?after={next}"), 3).await;
    assert_eq!(types(&more), ["platform.deactivated", "platform.activated", "api_key.created"]);
    assert_eq!(more["events"][2]["data"]["scope"], "read");
}

#[both_stores]
async fn refused_launches_and_waiting_deployments_are_told(store: Store) {
    let school =
        Registered::with(store, json!({"launch": {"unknownDeployments": "pending"}})).await;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "77".into()).unwrap();
    let gateway = &school.gateway;
    let mut references = Vec::new();
    for _ in 0..3 {
        let page = school.launch(&school.student()).await;
        assert_refused("it waits", &page, 403, "DEPLOYMENT_PENDING");
        references.push(page.text());
    }
    let pending = data(gateway, "deployment.pending").await;
    assert_eq!(pending["platformId"], school.platform_id);
    let deployment = pending["deploymentId"].clone();
    let refused = data(gateway, "launch.refused").await;
    assert_eq!(
        (&refused["platformId"], &refused["reason"], &refused["kind"], &refused["deploymentId"]),
        (&json!(school.platform_id), &json!("DEPLOYMENT_PENDING"), &json!("launch"), &deployment),
    );
    let trace = refused["traceId"].as_str().unwrap();
    assert!(references[0].contains(trace), "the first of three: {trace}");
    let page = gateway.admin("GET", &format!("/admin/traces/{trace}"), None).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

#[both_stores]
async fn a_new_student_is_told_once(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for _ in 0..2 {
        studyreel.ok(&valid("ada@example.com")).await;
    }
    let told = data(&studyreel.gateway, "student.provisioned").await;
    assert_eq!(told["issuer"], crate::studyreel::ISSUER);
    let student = told["studentId"].as_str().unwrap();
    let page = studyreel.gateway.admin("GET", &format!("/api/students/{student}"), None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let rows = studyreel.gateway.texts("SELECT data FROM events").await;
    assert!(!rows.concat().contains("ada"), "nobody is named: {rows:?}");
}

#[both_stores("SV-4")]
async fn that_chosen_content_arrived_is_told_once(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let link = place(&school, "quiz/7").await;
    let before = gateway.ask("/api/events?types=deeplink.placed").await;
    assert_eq!(before["events"], json!([]), "signed and delivered, and nothing was seen yet");
    let token = school.accepts("the first", opening(&school, &link)).await;
    school.accepts("the second", opening(&school, &link)).await;
    let placed = data(gateway, "deeplink.placed").await;
    assert_eq!(
        placed,
        json!({
            "platformId": school.platform_id, "deploymentId": placed["deploymentId"],
            "contextId": token["launch"]["context"]["id"], "handle": "quiz/7",
            "resourceLinkId": link, "lineItemId": token["launch"]["lineItemId"],
        })
    );
    assert!(placed["deploymentId"].is_string(), "{placed}");
}

#[both_stores("SV-4")]
async fn of_many_first_launches_at_once_one_is_told(store: Store) {
    let school = Registered::new(store).await;
    let link = place(&school, "h").await;
    let launch = opening(&school, &link);
    let pages = join_all((0..8).map(|_| school.launch(&launch))).await;
    for page in &pages {
        ltik_of("one of many", page);
    }
    data(&school.gateway, "deeplink.placed").await;
    let told = "SELECT COUNT(*) FROM events WHERE type = 'deeplink.placed'";
    assert_eq!(school.gateway.number(told).await, 1);
}

#[both_stores]
async fn a_roster_that_changed_is_told(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    for _ in 0..2 {
        let page = course.ask("POST", "/api/memberships/sync", None).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }
    let changed = data(gateway, "roster.changed").await;
    assert_eq!(changed["platformId"], course.school.platform_id);
    let counts = ["added", "changed", "removed"].map(|member| changed[member].clone());
    assert_eq!(counts, [json!(7), json!(0), json!(0)]);
    assert!(changed["contextId"].is_string() && changed["deploymentId"].is_string(), "{changed}");
}
