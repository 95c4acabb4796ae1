//! What platforms answer, and what becomes of a delivery.

use serde_json::json;
use simulator::faults::{Fault, ScoreRefusal};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::ways::{course_at, with_comment};
use super::{PAUSE, graded};
use crate::platform_services::Course;
use crate::support::Store;

#[both_stores("GR-2")]
async fn what_arrived_without_an_answer_is_found_in_the_gradebook(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Cut);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "unknown").await;
    assert_eq!(gateway.told("grade.unknown").await["deliveryId"], id.as_str());
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0], "once");
}

#[both_stores("GR-2", "GR-3", "GR-8")]
async fn what_did_not_arrive_is_sent_again_byte_by_byte(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let faults = [Fault::Drop, Fault::Status(500)];
    course.school.lms.faults().in_turn(Endpoint::Scores, faults);
    let mut score = graded(8.0);
    score["submission"] = json!({"submittedAt": "2026-11-22T13:00:00Z"});
    let id = course.delivery(score).await;
    for failures in 1..3 {
        gateway.failed(&id, failures).await;
        assert_eq!(gateway.state_of(&id).await, "unknown");
        course.later();
    }
    gateway.until(&id, "delivered").await;
    let taken = course.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0]["submission"]["submittedAt"], "2026-11-22T13:00:00Z");
    let sent = course.school.lms.wire();
    let bodies = sent.iter().filter(|sent| sent.method == "POST" && sent.url.contains("/scores"));
    let bodies: Vec<&str> = bodies.map(|sent| sent.body.as_str()).collect();
    assert_eq!(bodies, [bodies[0]; 3]);
}

#[both_stores("GR-2", "GR-17", "GR-18")]
async fn a_comment_is_not_confirmed_by_its_value(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let first = course.delivery(with_comment(8.0)).await;
    gateway.until(&first, "delivered").await;
    for (score, comment) in [(graded(8.0), None), (with_comment(8.0), Some("good"))] {
        // Moodle counts whole seconds.
        course.school.advance(2);
        lms.faults().next(Endpoint::Scores, 1, Fault::Drop);
        let id = course.delivery(score).await;
        gateway.until(&id, "unknown").await;
        course.later();
        gateway.until(&id, "delivered").await;
        assert_eq!(course.stands().comment.as_deref(), comment);
    }
    assert_eq!(course.given(), [8.0, 8.0, 8.0]);
}

#[both_stores("TC-296", "GR-2", "F-31")]
async fn what_the_platform_calls_older_had_arrived(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    lms.faults().set(Endpoint::Results, Fault::Status(403));
    lms.faults().next(Endpoint::Scores, 1, Fault::Afterwards(500));
    let id = course.delivery(graded(8.0)).await;
    // The first refusal may pass.
    gateway.failed(&id, 1).await;
    course.later();
    gateway.until(&id, "unknown").await;
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    assert_eq!(lms.hits(Endpoint::Scores), 2);
}

#[both_stores("TC-297", "GR-5", "F-06", "F-31")]
async fn a_503_with_a_time_is_waited_out_in_order(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let away = Fault::Busy { status: 503, seconds: PAUSE };
    lms.faults().next(Endpoint::Scores, 1, away);
    let first = course.delivery(graded(8.0)).await;
    gateway.tried(&first).await;
    let mut of_another = graded(7.0);
    of_another["userId"] = json!("6");
    let other = course.delivery(of_another).await;
    let newer = course.delivery(graded(6.0)).await;
    assert_eq!(lms.hits(Endpoint::Scores), 1, "the platform is left alone");
    course.later();
    for id in [&other, &newer] {
        gateway.until(id, "delivered").await;
    }
    assert_eq!(course.stands().score, Some(60.0));
    assert_eq!(course.taken().len(), 2, "the newer one took the first one's place");
}

#[both_stores("GR-9")]
async fn a_final_refusal_ends_a_delivery_with_its_reason(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    for (given, (refusal, reason)) in [
        (ScoreRefusal::CanvasConcluded, "COURSE_CONCLUDED"),
        (ScoreRefusal::CanvasNoAttemptLeft, "ATTEMPTS_EXHAUSTED"),
        (ScoreRefusal::CanvasUnpublished, "NOT_GRADEABLE"),
        (ScoreRefusal::BrightspaceUnknownUser, "USER_UNKNOWN"),
    ]
    .into_iter()
    .enumerate()
    {
        course.school.lms.faults().next(Endpoint::Scores, 1, refusal.fault());
        let score = json!({
            "userId": "5", "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        });
        let id = course.delivery(score).await;
        gateway.until(&id, &format!("refused {reason}")).await;
    }
    let told = gateway.told("grade.refused").await;
    assert_eq!(told["reason"], "COURSE_CONCLUDED");
    assert!(course.taken().is_empty());
}

/// Of this 500 it is known what it means; of others, a score may have arrived.
#[both_stores("GR-9")]
async fn a_locked_grade_at_moodle_is_refused(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    lms.faults().next(Endpoint::Scores, 1, ScoreRefusal::MoodleLocked.fault());
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "refused NOT_GRADEABLE").await;
    let shown = course.shown_delivery(&json!(id)).await;
    assert!(shown["advice"].as_str().unwrap().contains("locked"), "{shown}");
    assert_eq!(shown["attempts"][0]["status"], 500, "{shown}");
    // The teacher unlocks it.
    let path = format!("/api/deliveries/{id}/retry");
    let page = gateway.admin("POST", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    // Elsewhere it means nothing.
    let canvas = course_at(store, Profile::canvas()).await;
    let faults = canvas.school.lms.faults();
    faults.next(Endpoint::Scores, 1, ScoreRefusal::MoodleLocked.fault());
    let id = canvas.delivery(graded(8.0)).await;
    canvas.school.gateway.until(&id, "unknown").await;
}

#[both_stores("GR-7")]
async fn canvas_may_throttle_with_403(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let throttled = ScoreRefusal::CanvasThrottled.fault();
    course.school.lms.faults().next(Endpoint::Scores, 1, throttled);
    let id = course.delivery(graded(8.0)).await;
    gateway.tried(&id).await;
    // It says nothing of how long.
    course.school.advance(31);
    gateway.until(&id, "delivered").await;
    let shown = course.shown_delivery(&json!(id)).await;
    assert_eq!(shown["attempts"][0]["outcome"], "throttled", "{shown}");
    let failures = format!("SELECT failures FROM score_deliveries WHERE id = '{id}'");
    assert_eq!(gateway.number(&failures).await, 0, "a pause doesn't count");
}

#[both_stores("GR-28")]
async fn a_platform_that_fails_and_scores_that_stall_are_told(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().set(Endpoint::Scores, Fault::Status(500));
    let id = course.delivery(graded(8.0)).await;
    gateway.failed(&id, 1).await;
    for failures in 2..=5 {
        course.later();
        gateway.failed(&id, failures).await;
    }
    let failing = gateway.told("platform.grades_failing").await;
    assert_eq!(failing, json!({"platformId": course.school.platform_id, "failures": 5}));
    let stalled = gateway.told("deliveries.stalled").await;
    assert_eq!(stalled["platformId"], course.school.platform_id);
    assert!(stalled["oldestSeconds"].as_i64().unwrap() >= 15 * 60, "{stalled}");
    course.school.lms.faults().clear_all();
    course.later();
    gateway.until(&id, "delivered").await;
}

#[both_stores("GR-8")]
async fn a_score_that_is_taken_at_no_attempt_expires(store: Store) {
    let settings = json!({"grades": {"keepTryingHours": 1}});
    let course = Course::with(store, settings).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().set(Endpoint::Scores, Fault::Status(500));
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "unknown").await;
    course.school.advance(2 * 60 * 60);
    gateway.until(&id, "expired GAVE_UP").await;
    assert_eq!(gateway.told("grade.refused").await["reason"], "GAVE_UP");
}

/// Six days ahead for a moment, while a platform is down.
#[both_stores("GR-8")]
async fn no_score_is_given_up_by_a_date_that_was_set(store: Store) {
    const SIX_DAYS: i64 = 6 * 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().set(Endpoint::Scores, Fault::Status(500));
    let id = course.delivery(graded(8.0)).await;
    gateway.failed(&id, 1).await;
    course.school.set_date_by(SIX_DAYS);
    gateway.failed(&id, 2).await;
    assert_eq!(gateway.state_of(&id).await, "unknown");
    course.school.set_date_by(-SIX_DAYS);
    course.school.lms.faults().clear_all();
    gateway.until(&id, "delivered").await;
    let stalled = "SELECT COUNT(*) FROM events WHERE type = 'deliveries.stalled'";
    assert_eq!(gateway.number(stalled).await, 0);
}
