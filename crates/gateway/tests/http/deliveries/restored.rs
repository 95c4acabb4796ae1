//! Scores that wait in a backup and may have been delivered since (docs/backup.md).

use serde_json::json;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::ways::{course_at, with_comment};
use crate::platform_services::Course;
use crate::support::Store;

/// What is to be done with a restored PostgreSQL, as documented, and with what Litestream restored.
/// `hallpass restore` does the same.
fn doubted() -> String {
    let page = include_str!("../../../../../docs/backup.md");
    let (_, rest) = page.split_once("<!-- tested: scores in doubt -->").unwrap();
    let (_, rest) = rest.split_once("UPDATE score_deliveries").unwrap();
    let (statement, _) = rest.split_once('"').unwrap();
    format!("UPDATE score_deliveries{statement}")
}

impl Course {
    /// The store is as it was in a backup from before any score was tried, and restored by the
    /// book.
    async fn is_restored(&self) {
        let gateway = &self.school.gateway;
        gateway.rests().await;
        let restored = doubted();
        for statement in [
            "DELETE FROM score_lasts",
            "UPDATE score_deliveries SET state = 'queued', waiting_for = platform_id, body_sealed = NULL, \
             attempts_sealed = NULL, delivered_at = NULL, ended_at = NULL, delete_at = NULL",
            &restored,
            "UPDATE jobs SET state = 'queued', head = order_key, ended_at = NULL, delete_at = NULL \
             WHERE kind = 'score'",
        ] {
            gateway.meddle(statement).await;
        }
    }
}

#[both_stores("GR-2", "GR-12", "GR-16", "GR-17")]
async fn a_score_of_a_backup_is_looked_up_first(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let gateway = &course.school.gateway;
    let mut score = with_comment(8.0);
    score["attempt"] = json!("1");
    let id = course.delivery(score).await;
    gateway.until(&id, "delivered").await;
    course.is_restored().await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0], "it is not sent again");
    let stands = course.stands();
    assert_eq!((stands.score, stands.attempts), (Some(80.0), 1));
    assert_eq!(stands.comments, ["good"]);
    // One that did not arrive is sent.
    let item = course.school.lms.line_items(&course.school.client_id)[0].id;
    course.school.lms.gradebook().lose_grade(item, "5").unwrap();
    course.is_restored().await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0, 8.0]);
    assert_eq!(course.stands().score, Some(80.0));
}
