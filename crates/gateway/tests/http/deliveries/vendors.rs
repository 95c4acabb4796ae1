//! What the gradebooks of vendors do with scores by their sources, and that none of it loses a
//! score or does harm.

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::graded;
use super::ways::course_at;
use crate::platform_services::{Course, assert_error};
use crate::support::Store;

const ASYNC: (&str, &str) = ("prefer", "respond-async");

/// A score out of 30, of a line item that is out of 10.
fn of_thirty(given: f64) -> Value {
    let mut score = graded(given);
    score["scoreMaximum"] = json!(30);
    score
}

/// A score that a teacher is to confirm.
fn by_hand(given: f64) -> Value {
    let mut score = graded(given);
    score["gradingProgress"] = json!("PendingManual");
    score
}

impl Course {
    /// The number of the link's line item.
    fn item(&self) -> u64 {
        self.school.lms.line_items(&self.school.client_id)[0].id
    }

    /// Hands a score in, and waits for this state, written with its reason.
    async fn ends(&self, score: Value, state: &str) {
        let id = self.delivery(score).await;
        self.school.gateway.until(&id, state).await;
        // Moodle counts whole seconds.
        self.school.advance(2);
    }
}

/// Sakai makes the key for its tokens when it starts, and answers 403 to a token that an earlier
/// key signed.
#[both_stores("F-05", "GR-9", "GR-12")]
async fn a_sakai_that_was_restarted_takes_every_score(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    course.ends(graded(4.0), "delivered").await;
    let before = lms.hits(Endpoint::Token);
    lms.forget_access_tokens();
    let mut ids = Vec::new();
    for user in ["5", "6", "7", "8", "9"] {
        let mut score = graded(8.0);
        score["userId"] = json!(user);
        ids.push(course.delivery(score).await);
    }
    for id in ids {
        gateway.until(&id, "delivered").await;
    }
    assert_eq!(course.taken().len(), 6, "each of them once");
    // Requests that meet the old token at the same time share the new one, of which there is one
    // for each scope.
    let asked = lms.hits(Endpoint::Token) - before;
    assert!((1..=3).contains(&asked), "{asked}");
    // At once as well.
    lms.forget_access_tokens();
    course.school.advance(2);
    course.sends(&graded(9.0)).await;
    assert_eq!(course.stands().score, Some(90.0));
}

#[both_stores("GR-2", "GR-13", "GR-27")]
async fn what_an_lms_rounds_or_cuts_is_no_teachers_grade(store: Store) {
    for profile in [Profile::moodle(), Profile::blackboard(), Profile::sakai()] {
        let name = profile.name;
        let course = course_at(store, profile).await;
        let (gateway, lms) = (&course.school.gateway, &course.school.lms);
        lms.gradebook().set_maximum(course.item(), 10.0).unwrap();
        for given in [20.0, 25.0, 28.0] {
            course.ends(of_thirty(given), "delivered").await;
        }
        // Nor is one whose answer was lost.
        lms.faults().next(Endpoint::Scores, 1, Fault::Afterwards(500));
        let id = course.delivery(of_thirty(29.0)).await;
        gateway.until(&id, "unknown").await;
        course.later();
        gateway.until(&id, "delivered").await;
        assert_eq!(course.given(), [20.0, 25.0, 28.0, 29.0], "{name}");
        let told = course.repairs().await;
        assert_eq!((&told["same"], &told["overridden"]), (&json!(1), &json!([])), "{name}: {told}");
        // A hundredth more than 29 of 30 comes to, however it is kept.
        lms.gradebook().grade_by_hand(course.item(), "5", 9.68).unwrap();
        course.school.advance(2);
        let told = course.repairs().await;
        assert_eq!(told["overridden"], json!(["5"]), "{name}: {told}");
        course.ends(of_thirty(30.0), "refused OVERRIDDEN_BY_TEACHER").await;
        let stands = course.stands();
        assert_eq!((stands.score, stands.teacher_overruled), (Some(9.68), 0), "{name}");
    }
}

#[both_stores("GR-14", "GR-15", "GR-27")]
async fn a_score_that_is_not_final_takes_no_grade_away(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    course.ends(graded(8.0), "delivered").await;
    for headers in [&[][..], &[ASYNC]] {
        let page = course.post_score(&by_hand(6.0), headers).await;
        assert_error("it would be gone", &page, 409, "WOULD_CLEAR_GRADE");
    }
    assert_eq!(course.stands().score, Some(80.0));
    let mut meant = by_hand(6.0);
    meant["clear"] = json!(true);
    course.ends(meant, "delivered").await;
    assert_eq!(course.stands().score, None);
    // Nothing is missing, and it may be said again as long as nothing stands there.
    let told = course.repairs().await;
    assert_eq!((&told["same"], &told["missing"]), (&json!(1), &json!([])), "{told}");
    course.ends(by_hand(7.0), "delivered").await;
    course.ends(graded(9.0), "delivered").await;
    assert_eq!(course.stands().score, Some(90.0));

    // To Canvas it is a score.
    let canvas = course_at(store, Profile::canvas()).await;
    canvas.ends(graded(8.0), "delivered").await;
    canvas.ends(by_hand(6.0), "delivered").await;
    assert_eq!(canvas.stands().score, Some(60.0));
}

/// A column that a tool makes at Sakai keeps every score, final or not.
#[both_stores("GR-13", "GR-15")]
async fn what_sakai_keeps_of_an_unfinished_score_is_ours(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let gateway = &course.school.gateway;
    for (score, stands) in [(by_hand(6.0), 6.0), (graded(9.0), 9.0), (graded(8.0), 8.0)] {
        let id = course.to_quiz(score).await;
        gateway.until(&id, "delivered").await;
        assert_eq!(course.quiz().scores["5"].score, Some(stands));
        course.school.advance(2);
    }
}

#[both_stores("GR-9", "GR-10")]
async fn a_student_may_be_enrolled_later_at_each_lms(store: Store) {
    for (profile, held) in [
        (Profile::moodle(), "held NOT_ENROLLED"),
        (Profile::canvas(), "held NOT_ENROLLED"),
        (Profile::blackboard(), "held NOT_ENROLLED"),
        (Profile::sakai(), "held NOT_ENROLLED"),
        // It answers a mere 404.
        (Profile::ilias(), "held USER_UNKNOWN"),
    ] {
        let name = profile.name;
        let course = course_at(store, profile).await;
        let (gateway, lms) = (&course.school.gateway, &course.school.lms);
        lms.gradebook().withdraw("5");
        let id = course.delivery(graded(8.0)).await;
        gateway.until(&id, held).await;
        assert!(course.taken().is_empty(), "{name}");
        lms.gradebook().enrol("5");
        course.later();
        gateway.until(&id, "delivered").await;
        assert_eq!(course.given(), [8.0], "{name}");
    }
}

#[both_stores("GR-24")]
async fn a_column_that_sakai_has_lost_is_waited_for(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let gateway = &course.school.gateway;
    course.school.lms.delete_line_item(course.item());
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "held LINE_ITEM_GONE").await;
    assert_eq!(gateway.told("lineitem.gone").await["deliveryId"], id.as_str());
}
