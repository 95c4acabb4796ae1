//! No tool tries another tool's grades again, or finds whose they are (portal.md PO-10).

use serde_json::json;
use simulator::faults::ScoreRefusal;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::portal::second_owner;
use super::{HOST, done};
use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::support::Store;

const LIST: &str = "/portal/deliveries";
const REASON: &str = "COURSE_CONCLUDED";

#[both_stores("PO-10", "GR-26")]
async fn no_tool_tries_anothers_grades_again(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    lms.faults().next(Endpoint::Scores, 1, ScoreRefusal::CanvasConcluded.fault());
    let delivery = course.hand_in(graded("5", 7.0)).await;
    let before = course.comes_to(&delivery["id"], "refused").await;
    let tries = lms.hits(Endpoint::Scores);
    let (_, key) = gateway.new_tool(HOST).await;
    let quiz = gateway.replica_at(HOST).await;
    let owner = second_owner(gateway, &quiz).await;
    let platform = course.school.platform_id.as_str();

    let retry = "/api/deliveries/retry";
    for asked in [
        json!({}),
        json!({"reason": REASON}),
        json!({"platform": platform}),
        json!({"reason": REASON, "platform": platform}),
    ] {
        let page = gateway.as_key(&key, "POST", retry, Some(asked.clone())).await;
        assert_eq!(done(&page, 200), json!({"retried": 0}), "{asked}");
    }
    let home = owner.get("/portal").await;
    for fields in [&[("reason", REASON)][..], &[("reason", REASON), ("platform", platform)]] {
        let text = owner.post(&home, LIST, fields).await.text();
        assert!(text.contains("Tried again now: 0."), "{fields:?}: {text}");
    }
    let issuer = lms.endpoints().issuer;
    for at in ["", issuer.as_str()] {
        let person = format!("{LIST}/person");
        let text = owner.post(&home, &person, &[("user", "5"), ("platform", at)]).await.text();
        assert!(text.contains("no grades of this person"), "{at}: {text}");
        assert!(!text.contains(delivery["id"].as_str().unwrap()), "{at}: {text}");
    }
    assert_eq!(course.shown_delivery(&delivery["id"]).await, before);
    assert_eq!(lms.hits(Endpoint::Scores), tries);
    // The same by the first tool's own key.
    let page = gateway.admin("POST", retry, Some(json!({"reason": REASON}))).await;
    assert_eq!(done(&page, 200), json!({"retried": 1}));
    course.comes_to(&delivery["id"], "delivered").await;
}
