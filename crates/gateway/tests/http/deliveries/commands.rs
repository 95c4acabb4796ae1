//! `hallpass deliveries`, as the command line has it from the gateway.

use serde_json::json;
use simulator::faults::ScoreRefusal;
use simulator::lms::Endpoint;
use store::deliveries::DeliveryFilter;
use test_case::both_stores;

use super::graded;
use crate::platform_services::Course;
use crate::portal::operator;
use crate::support::Store;

#[both_stores("GR-26")]
async fn commands_list_retry_and_cancel_and_are_noted(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, faults) = (&course.school.gateway, course.school.lms.faults());
    faults.next(Endpoint::Scores, 1, ScoreRefusal::CanvasConcluded.fault());
    let first = course.delivery(graded(8.0)).await;
    gateway.until(&first, "refused COURSE_CONCLUDED").await;
    let operator = operator(gateway).await;
    let concluded = || Some("COURSE_CONCLUDED".to_owned());
    let filter = DeliveryFilter { reason: concluded(), limit: 10, ..DeliveryFilter::default() };
    let listed = operator.deliveries(&filter).await.unwrap();
    assert_eq!(listed.iter().map(|row| &*row.id).collect::<Vec<_>>(), [&*first]);
    assert_eq!(operator.retry_deliveries(concluded(), None).await.unwrap(), 1);
    gateway.until(&first, "delivered").await;
    // With nothing to do there is nothing to note.
    assert_eq!(operator.retry_deliveries(concluded(), None).await.unwrap(), 0);

    faults.next(Endpoint::Scores, 1, ScoreRefusal::CanvasNoStudent.fault());
    let second = course.delivery(graded(9.0)).await;
    gateway.until(&second, "held NOT_ENROLLED").await;
    let cancelled = operator.cancel_delivery(&second).await.unwrap();
    assert_eq!(cancelled["state"], "cancelled");
    assert!(operator.cancel_delivery(&second).await.is_err(), "it has ended");
    operator.retry_delivery(&second).await.unwrap();
    gateway.until(&second, "delivered").await;
    assert!(operator.delivery("nobody").await.is_err());
    operator.close().await;
    assert_eq!(course.given(), [8.0, 9.0]);

    let log = gateway.admin("GET", "/admin/audit?actor=command", None).await.json().unwrap();
    let entries = log["entries"].as_array().unwrap();
    let told: Vec<_> = entries.iter().map(|entry| (&entry["action"], &entry["subject"])).collect();
    let actions = ["delivery.retried", "delivery.cancelled", "deliveries.retried"];
    let [retried, cancelled, all] = actions.map(|action| json!(action));
    let (subject, tool) = (json!(second), &entries[2]["subject"]);
    assert_eq!(told, [(&retried, &subject), (&cancelled, &subject), (&all, tool)]);
    assert_eq!(entries[1]["before"], json!({"state": "held"}));
    assert_eq!(entries[1]["after"], json!({"state": "cancelled"}));
    assert_eq!(entries[2]["after"], json!({"reason": "COURSE_CONCLUDED", "retried": 1}));
}
