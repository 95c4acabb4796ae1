//! Work that may count as late (grades.md GR-19).

use serde_json::json;
use test_case::both_stores;

use super::graded;
use crate::platform_services::{Course, at};
use crate::support::Store;

impl Course {
    /// What else is to be known of a delivery.
    async fn note_of(&self, id: &str) -> String {
        let path = format!("/api/deliveries/{id}");
        let page = self.school.gateway.admin("GET", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let delivery = page.json().unwrap();
        delivery["note"].as_str().unwrap_or_default().to_owned()
    }
}

#[both_stores("GR-19")]
async fn a_score_that_may_count_as_late_says_so(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let ended = json!({
        "label": "Quiz", "scoreMaximum": 100, "endDateTime": "2020-06-02T10:51:08Z",
    });
    let page = course.ask("PUT", &at(&course.line_item()), Some(ended)).await;
    assert!(page.status < 300, "{}", page.text());
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "delivered").await;
    let note = course.note_of(&id).await;
    assert!(note.contains("submission.submittedAt"), "{note}");
    // Nor does a maximum that is left out make a difference.
    course.school.advance(2);
    let mut bare = graded(9.0);
    bare.as_object_mut().unwrap().shift_remove("scoreMaximum");
    let id = course.delivery(bare).await;
    gateway.until(&id, "delivered").await;
    assert!(course.note_of(&id).await.contains("submission.submittedAt"));
    // Who says when it was submitted has nothing to fear, and that time arrives.
    course.school.advance(2);
    let mut said = graded(7.0);
    said["submission"] = json!({"submittedAt": "2020-06-01T10:00:00Z"});
    let id = course.delivery(said).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.note_of(&id).await, "");
    let last = course.taken().pop().unwrap();
    assert_eq!(last["submission"]["submittedAt"], "2020-06-01T10:00:00Z");
}
