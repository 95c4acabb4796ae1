//! No grade is erased, and no attempt or comment doubled.

use serde_json::{Value, json};
use simulator::faults::{Fault, Gate};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::ways::course_at;
use super::{busy, graded};
use crate::platform_services::{Course, assert_error};
use crate::registered::Registered;
use crate::support::{Gateway, Store, lms_options};

const ASYNC: (&str, &str) = ("prefer", "respond-async");
const CANVAS: &str = "https://canvas.instructure.com/lti/submission";

/// What the gradebook shows, whatever stands in it.
fn shows(course: &Course, score: f64) {
    let result = json!([{
        "id": "r", "userId": "5", "scoreOf": course.line_item(), "resultScore": score, "resultMaximum": 10,
    }]);
    let fault = Fault::Answer {
        status: 200,
        content_type: "application/vnd.ims.lis.v2.resultcontainer+json".into(),
        body: result.to_string(),
    };
    course.school.lms.faults().next(Endpoint::Results, 1, fault);
}

#[both_stores("GR-13")]
async fn a_grade_that_a_teacher_gave_stays(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    // One that stood before our first score.
    shows(&course, 7.0);
    let before = course.delivery(graded(8.0)).await;
    gateway.until(&before, "refused OVERRIDDEN_BY_TEACHER").await;
    assert_eq!(gateway.told("grade.overridden").await["deliveryId"], before.as_str());
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);
    // One that was given after ours.
    let ours = course.delivery(graded(8.0)).await;
    gateway.until(&ours, "delivered").await;
    shows(&course, 7.0);
    let after = course.delivery(graded(9.0)).await;
    gateway.until(&after, "refused OVERRIDDEN_BY_TEACHER").await;
    assert_eq!(course.given(), [8.0]);
    gateway.patch_tool(json!({"grades": {"teacherWins": false}})).await;
    let overwrites = course.delivery(graded(9.0)).await;
    gateway.until(&overwrites, "delivered").await;
    assert_eq!(course.given(), [8.0, 9.0]);
}

/// Moodle refuses the score, because something was saved in the same second.
#[both_stores("GR-13")]
async fn a_grade_that_is_given_meanwhile_stays(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let id = course.delivery(graded(8.0)).await;
    course.asked(Endpoint::Scores, 1).await;
    let item = lms.line_items(&course.school.client_id)[0].id;
    lms.gradebook().grade_by_hand(item, "5", 77.0).unwrap();
    gate.open();
    gateway.until(&id, "refused OVERRIDDEN_BY_TEACHER").await;
    let stands = course.stands();
    assert_eq!((stands.score, stands.teacher_overruled), (Some(77.0), 0));
}

#[both_stores("GR-2", "GR-13")]
async fn a_grade_that_came_after_a_lost_answer_stays(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Cut);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "unknown").await;
    shows(&course, 7.0);
    course.later();
    gateway.until(&id, "delivered OVERRIDDEN_SINCE").await;
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-14")]
async fn a_status_takes_no_score_away(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let status = json!({
        "userId": "5", "activityProgress": "InProgress", "gradingProgress": "NotReady",
    });
    assert_eq!(course.post_score(&status, &[]).await.status, 204, "nothing is there yet");
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "delivered").await;
    for headers in [&[][..], &[ASYNC]] {
        let page = course.post_score(&status, headers).await;
        assert_error("a status", &page, 409, "WOULD_CLEAR_GRADE");
    }
    let mut meant = status.clone();
    meant["clear"] = json!(true);
    let id = course.delivery(meant).await;
    gateway.until(&id, "delivered").await;
    let last = course.taken().pop().unwrap();
    assert_eq!((&last["gradingProgress"], last.get("clear")), (&json!("NotReady"), None));
    // A score that waits counts as well.
    course.school.lms.faults().next(Endpoint::Scores, 1, busy());
    course.delivery(graded(9.0)).await;
    let page = course.post_score(&status, &[ASYNC]).await;
    assert_error("before a score that waits", &page, 409, "WOULD_CLEAR_GRADE");
}

#[both_stores("GR-15")]
async fn graded_work_is_not_put_before_the_teacher_again(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let submitted = json!({
        "userId": "5", "activityProgress": "Submitted", "gradingProgress": "PendingManual",
    });
    shows(&course, 7.0);
    let id = course.delivery(submitted).await;
    gateway.until(&id, "superseded ALREADY_GRADED").await;
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);
}

#[both_stores("GR-18")]
async fn what_the_platform_has_is_not_sent_again(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    assert_eq!(course.post_score(&graded(8.0), &[]).await.status, 204);
    assert_eq!(course.post_score(&graded(8.0), &[]).await.status, 204);
    let delivery = course.deliver(graded(8.0)).await;
    assert_eq!(
        (&delivery["state"], &delivery["deduplicated"]),
        (&json!("delivered"), &json!(true))
    );
    assert_eq!(course.given(), [8.0]);
    let mut forced = graded(8.0);
    forced["force"] = json!(true);
    let id = course.delivery(forced).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0, 8.0]);
    assert!(course.taken().iter().all(|score| score.get("force").is_none()));
}

#[both_stores("GR-21")]
async fn a_score_may_be_sent_only_if_it_is_higher(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let only_if_higher = |given: f64| {
        let mut score = graded(given);
        score["onlyIfHigher"] = json!(true);
        score
    };
    for (given, state) in [(5.0, "delivered"), (4.0, "superseded NOT_HIGHER"), (6.0, "delivered")] {
        let id = course.delivery(only_if_higher(given)).await;
        gateway.until(&id, state).await;
    }
    assert_eq!(course.given(), [5.0, 6.0]);
}

#[both_stores("GR-13", "GR-16", "GR-17")]
async fn canvas_gets_one_attempt_a_work_and_each_comment_once(store: Store) {
    let gateway = Gateway::start_with(store, json!({"launch": {"showReasons": true}})).await;
    let mut profile = Profile::canvas();
    profile.launch.storage = None;
    let lms = simulator::lms::Lms::start(simulator::lms::Options { profile, ..lms_options() });
    let school = Registered::join(gateway, lms.await.unwrap()).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gateway = &course.school.gateway;
    let score = |given: f64, attempt: &str, comment: &str| {
        let mut score = graded(given);
        score["attempt"] = json!(attempt);
        score["comment"] = json!(comment);
        score
    };
    let mut first = score(5.0, "1", "good");
    first[CANVAS] = json!({
        "submission_type": "basic_lti_launch", "submission_data": "https://app.example/1",
    });
    for score in [first, score(6.0, "1", "good"), score(7.0, "2", "better")] {
        let id = course.delivery(score).await;
        gateway.until(&id, "delivered").await;
        // Canvas refuses what isn't later.
        course.school.advance(2);
    }
    let taken = course.taken();
    let told = |member: &str| -> Vec<Value> {
        taken.iter().map(|score| score[CANVAS][member].clone()).collect()
    };
    assert_eq!(told("new_submission"), [json!(true), json!(false), json!(true)]);
    let data = json!("https://app.example/1");
    assert_eq!(told("submission_data"), [data.clone(), data.clone(), data]);
    for flag in ["prioritize_non_tool_grade", "preserve_score"] {
        assert_eq!(told(flag), [json!(true), json!(true), json!(true)], "{flag}");
    }
    let comments: Vec<Option<&Value>> = taken.iter().map(|score| score.get("comment")).collect();
    assert_eq!(comments, [Some(&json!("good")), None, Some(&json!("better"))]);
    assert!(taken.iter().all(|score| score.get("attempt").is_none()));
}
