//! What is promised when a score is accepted.

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{PAUSE, busy, graded};
use crate::platform_services::{Course, assert_error};
use crate::registered::Registered;
use crate::support::Store;

const ASYNC: (&str, &str) = ("prefer", "respond-async");

#[both_stores("GR-1", "GR-28")]
async fn an_accepted_score_is_delivered_and_told(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let page = course.post_score(&graded(8.0), &[ASYNC]).await;
    assert_eq!(page.status, 202, "{}", page.text());
    let delivery = page.json().unwrap();
    let id = delivery["id"].as_str().unwrap();
    assert_eq!(page.header("location"), Some(format!("/api/deliveries/{id}").as_str()));
    assert_eq!(
        (&delivery["kind"], &delivery["state"], &delivery["user"], &delivery["platform"]),
        (&json!("score"), &json!("queued"), &json!("5"), &json!(course.school.platform_id))
    );
    assert_eq!(delivery["lineItem"], course.line_item());
    assert_eq!(delivery["score"]["scoreGiven"], 8.0);
    gateway.until(id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    let told = gateway.told("grade.delivered").await;
    assert_eq!((&told["deliveryId"], &told["state"]), (&json!(id), &json!("delivered")));
    assert_eq!(told.get("user"), None);
}

#[both_stores("GR-4")]
async fn the_same_request_again_gets_the_first_answer(store: Store) {
    let course = Course::new(store).await;
    let headers = [ASYNC, ("idempotency-key", "k1")];
    let first = course.post_score(&graded(8.0), &headers).await;
    let again = course.post_score(&graded(8.0), &headers).await;
    assert_eq!((first.status, again.status), (202, 202), "{}", again.text());
    assert_eq!(first.text(), again.text());
    let other = course.post_score(&graded(9.0), &headers).await;
    assert_error("another body", &other, 409, "IDEMPOTENCY_KEY_REUSED");
    let id = first.json().unwrap()["id"].as_str().unwrap().to_owned();
    course.school.gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    // A failure is not kept.
    let sync = [("idempotency-key", "k2")];
    let faults = course.school.lms.faults();
    faults.next(Endpoint::Scores, 1, Fault::Status(500));
    let failed = course.post_score(&graded(9.0), &sync).await;
    assert_error("it failed", &failed, 502, "PLATFORM_FAILED");
    for _ in 0..2 {
        assert_eq!(course.post_score(&graded(9.0), &sync).await.status, 204);
    }
    assert_eq!(course.given(), [8.0, 9.0]);
    let long = "x".repeat(256);
    let page = course.post_score(&graded(9.0), &[("idempotency-key", &long)]).await;
    assert_error("too long", &page, 400, "INVALID_IDEMPOTENCY_KEY");
}

#[both_stores("GR-5")]
async fn a_newer_score_takes_the_place_of_those_that_wait(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, busy());
    let first = course.delivery(graded(1.0)).await;
    let failures = format!("SELECT failures FROM score_deliveries WHERE id = '{first}'");
    gateway.tried(&first).await;
    gateway.until(&first, "queued").await;
    assert_eq!(gateway.number(&failures).await, 0, "a pause doesn't count");
    let second = course.delivery(graded(2.0)).await;
    let third = course.delivery(graded(3.0)).await;
    gateway.until(&first, "superseded").await;
    gateway.until(&second, "superseded").await;
    let by = format!("SELECT superseded_by FROM score_deliveries WHERE id = '{second}'");
    assert_eq!(gateway.texts(&by).await, [third.as_str()]);
    assert_eq!(course.given(), [0.0; 0]);
    course.later();
    gateway.until(&third, "delivered").await;
    assert_eq!(course.given(), [3.0]);
}

#[both_stores("TC-309", "GR-12", "F-31")]
async fn what_was_accepted_survives_a_restart(store: Store) {
    let course = Course::new(store).await;
    let busy = Fault::Busy { status: 503, seconds: PAUSE };
    course.school.lms.faults().next(Endpoint::Scores, 1, busy);
    let id = course.delivery(graded(8.0)).await;
    course.school.gateway.tried(&id).await;
    let Course { school, ltik, token } = course;
    let Registered { gateway, lms, client_id, platform_id } = school;
    let gateway = gateway.restart().await;
    let school = Registered { gateway, lms, client_id, platform_id };
    let course = Course { school, ltik, token };
    course.later();
    course.school.gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

#[both_stores]
async fn the_tool_or_a_platform_may_want_all_scores_in_the_background(store: Store) {
    let course = Course::with(store, json!({"grades": {"delivery": "async"}})).await;
    let gateway = &course.school.gateway;
    assert_eq!(course.post_score(&graded(8.0), &[]).await.status, 202);
    let path = format!("/admin/platforms/{}", course.school.platform_id);
    let mut platform = gateway.admin("GET", &path, None).await.json().unwrap();
    assert_eq!(platform.get("grades"), None);
    platform["grades"] = json!({"delivery": "sync", "keepDays": 500});
    let page = gateway.admin("PUT", &path, Some(platform.clone())).await;
    let details = assert_error("too long", &page, 400, "INVALID_PLATFORM");
    assert_eq!(details["errors"][0]["field"], "grades.keepDays");
    platform["grades"] = json!({"delivery": "sync"});
    let page = gateway.admin("PUT", &path, Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.json().unwrap()["grades"], json!({"delivery": "sync"}));
    assert_eq!(course.post_score(&graded(9.0), &[]).await.status, 204);
}

#[both_stores]
async fn what_is_over_goes_and_so_does_a_person(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "delivered").await;
    let all = "SELECT COUNT(*) FROM score_deliveries";
    let days = |days: i64| gateway.clock.now_ms() + days * 24 * 60 * 60 * 1000;
    gateway::background::forget(&gateway.app, days(29)).await.unwrap();
    assert_eq!(gateway.number(all).await, 1);
    gateway::background::forget(&gateway.app, days(31)).await.unwrap();
    assert_eq!(gateway.number(all).await, 0);
    assert_eq!(gateway.number("SELECT COUNT(*) FROM score_lasts").await, 1);
    course.delivery(graded(9.0)).await;
    let path = format!("/api/deliveries?platform={}&user=5", course.school.platform_id);
    let page = gateway.admin("DELETE", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.json().unwrap(), json!({"erased": 1}));
    for table in ["score_deliveries", "score_lanes", "score_lasts"] {
        let rows = gateway.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        assert_eq!(rows, 0, "{table}");
    }
}
