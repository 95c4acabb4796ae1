//! `hallpass deliveries`, as the command line has it from the gateway.

use serde_json::{Value, json};
use simulator::faults::ScoreRefusal;
use simulator::lms::Endpoint;
use store::deliveries::DeliveryFilter;
use test_case::both_stores;

use super::graded;
use crate::platform_services::Course;
use crate::portal::operator;
use crate::support::{Gateway, Store};

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
    let begun = "SELECT COUNT(*) FROM audit_begun";
    assert_eq!(gateway.number(begun).await, 0, "refusals and nothing to do end it, too");

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

impl Gateway {
    /// From now on, a delivery can't be changed.
    async fn keep_as_it_is(&self, store: Store, id: &str) {
        let statements = match store {
            Store::Sqlite => vec![format!(
                "CREATE TRIGGER kept BEFORE UPDATE ON score_deliveries WHEN OLD.id = '{id}' \
                 BEGIN SELECT RAISE(ABORT, 'not now'); END"
            )],
            Store::Postgres => vec![
                "CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'not now'; END $$"
                    .to_owned(),
                format!(
                    "CREATE TRIGGER kept BEFORE UPDATE ON score_deliveries FOR EACH ROW \
                     WHEN (OLD.id = '{id}') EXECUTE FUNCTION kept()"
                ),
            ],
        };
        for statement in statements {
            self.meddle(&statement).await;
        }
    }
}

#[both_stores("GR-26")]
async fn what_was_retried_before_a_failure_is_noted(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, faults) = (&course.school.gateway, course.school.lms.faults());
    let mut refused = Vec::new();
    for user in ["5", "6"] {
        faults.next(Endpoint::Scores, 1, ScoreRefusal::CanvasConcluded.fault());
        let mut score = graded(8.0);
        score["userId"] = user.into();
        let id = course.delivery(score).await;
        gateway.until(&id, "refused COURSE_CONCLUDED").await;
        refused.push(id);
    }
    gateway.keep_as_it_is(store, &refused[1]).await;
    let operator = operator(gateway).await;
    let concluded = || Some("COURSE_CONCLUDED".to_owned());
    assert!(operator.retry_deliveries(concluded(), None).await.is_err());
    gateway.until(&refused[0], "delivered").await;
    let noted = async || {
        let page = gateway.admin("GET", "/admin/audit?action=deliveries", None).await;
        let log: Value = page.json().unwrap();
        log["entries"].clone()
    };
    let entries = noted().await;
    let expected = json!({"reason": "COURSE_CONCLUDED", "retried": 1});
    assert_eq!(entries.as_array().unwrap().len(), 1, "{entries}");
    assert_eq!(entries[0]["after"], expected);

    let mended = match store {
        Store::Sqlite => "DROP TRIGGER kept",
        Store::Postgres => "DROP TRIGGER kept ON score_deliveries",
    };
    gateway.meddle(mended).await;
    assert_eq!(operator.retry_deliveries(concluded(), None).await.unwrap(), 1);
    operator.close().await;
    gateway.until(&refused[1], "delivered").await;
    let entries = noted().await;
    assert_eq!(entries.as_array().unwrap().len(), 2, "{entries}");
    assert_eq!(entries[0]["after"], expected);
}
