//! Before a score is sent at once, the gradebook is looked into (decision 0504).

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::faults::{Fault, Gate};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::ways::course_at;
use super::{busy, graded, unhurried};
use crate::platform_services::{Course, assert_error};
use crate::registered::Registered;
use crate::support::{Gateway, Store, fixed, lms};

const OVERRIDDEN: &str = "OVERRIDDEN_BY_TEACHER";

impl Course {
    /// A teacher grades the student, out of a hundred.
    fn teacher_gives(&self, score: f64) {
        let lms = &self.school.lms;
        let item = lms.line_items(&self.school.client_id)[0].id;
        lms.gradebook().grade_by_hand(item, "5", score).unwrap();
        // Moodle counts whole seconds.
        self.school.advance(2);
    }

    async fn lets_us_overwrite(&self) {
        self.school.gateway.patch_tool(json!({"grades": {"teacherWins": false}})).await;
    }

    /// A score at once that a teacher's grade keeps from being sent.
    async fn is_overridden(&self, case: &str, score: &Value) {
        let page = self.post_score(score, &[]).await;
        assert_error(case, &page, 409, OVERRIDDEN);
    }
}

#[both_stores("GR-13", "GR-18")]
async fn a_score_at_once_leaves_a_teachers_grade(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    // What we delivered is no obstacle.
    for given in [8.0, 8.5] {
        course.sends(&graded(given)).await;
        course.school.advance(2);
    }
    course.teacher_gives(77.0);
    course.is_overridden("a grade after ours", &graded(9.0)).await;
    let mut forced = graded(8.5);
    forced["force"] = json!(true);
    course.is_overridden("the same once more", &forced).await;
    let stands = course.stands();
    assert_eq!((stands.score, stands.teacher_overruled), (Some(77.0), 0));
    course.lets_us_overwrite().await;
    course.sends(&graded(9.0)).await;
    assert_eq!(course.given(), [8.0, 8.5, 9.0]);
}

#[both_stores("GR-13", "GR-14", "GR-15", "GR-21")]
async fn a_score_at_once_finds_what_stood_before_it(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    course.teacher_gives(77.0);
    course.is_overridden("a score", &graded(8.0)).await;
    let clears = json!({
        "userId": "5", "activityProgress": "InProgress", "gradingProgress": "NotReady",
        "clear": true,
    });
    course.is_overridden("a status", &clears).await;
    // Neither has anything to say about work that is graded, or graded higher.
    let by_hand = json!({
        "userId": "5", "activityProgress": "Submitted", "gradingProgress": "PendingManual",
    });
    let if_higher = |given: f64| {
        let mut score = graded(given);
        score["onlyIfHigher"] = json!(true);
        score
    };
    course.lets_us_overwrite().await;
    course.sends(&by_hand).await;
    course.sends(&if_higher(7.5)).await;
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);
    course.sends(&if_higher(8.0)).await;
    assert_eq!(course.given(), [8.0]);
}

/// The LMS keeps the points, so 8 of 10 are shown as 8 of 20.
#[both_stores("GR-13", "GR-25")]
async fn points_under_a_new_maximum_are_no_teachers(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let in_step = |user: &str, given: f64, maximum: i64| {
        let mut score = graded(given);
        score["userId"] = json!(user);
        score["scoreMaximum"] = json!(maximum);
        score["syncLineItem"] = json!(true);
        score
    };
    for user in ["5", "6"] {
        course.sends(&in_step(user, 8.0, 10)).await;
    }
    course.school.advance(2);
    course.sends(&in_step("5", 16.0, 20)).await;
    let id = course.delivery(in_step("6", 18.0, 20)).await;
    course.school.gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0, 8.0, 16.0, 18.0]);
    course.teacher_gives(8.0);
    course.is_overridden("a teacher's", &in_step("5", 17.0, 20)).await;
}

/// Moodle refuses the score, because something was saved in the same second.
#[both_stores("GR-13", "F-30")]
async fn a_grade_given_while_a_score_is_sent_at_once_stays(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (lms, gate, score) = (&course.school.lms, Gate::default(), graded(8.0));
    lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let grades = async {
        course.asked(Endpoint::Scores, 1).await;
        let item = lms.line_items(&course.school.client_id)[0].id;
        lms.gradebook().grade_by_hand(item, "5", 77.0).unwrap();
        gate.open();
    };
    tokio::join!(course.is_overridden("meanwhile", &score), grades);
    assert_eq!(lms.hits(Endpoint::Scores), 1);
    let stands = course.stands();
    assert_eq!((stands.score, stands.teacher_overruled), (Some(77.0), 0));
}

#[both_stores("GR-13")]
async fn what_is_not_known_of_a_gradebook_sends_nothing(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (lms, score) = (&course.school.lms, graded(8.0));
    let no_list = Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: r#"{"message": "come back later"}"#.into(),
    };
    for (fault, status, code) in [
        (Fault::Status(500), 502, "PLATFORM_FAILED"),
        (Fault::Drop, 502, "PLATFORM_NOT_REACHED"),
        (no_list, 502, "PLATFORM_ANSWER_UNREADABLE"),
        (busy(), 429, "PLATFORM_BUSY"),
    ] {
        lms.faults().next(Endpoint::Results, 1, fault);
        let page = course.post_score(&score, &[]).await;
        let details = assert_error(code, &page, status, code);
        let says = details["description"].as_str().unwrap();
        assert!(says.contains("gradebook") && says.ends_with("was not sent."), "{says}");
        assert_eq!(details["externalError"], true, "{details}");
    }
    assert_eq!(lms.hits(Endpoint::Scores), 0);
    course.sends(&score).await;
    assert_eq!(course.given(), [8.0]);
}

/// What was read must not be old, and others wait for the score.
#[both_stores("GR-5", "GR-13")]
async fn a_score_at_once_waits_for_no_slow_gradebook(store: Store) {
    let hurried = Fixed { search: Duration::from_secs(5), ..fixed() };
    let mut settings = unhurried();
    settings["launch"] = json!({"showReasons": true});
    let gateway = Gateway::start_fixed(store, settings, &[], hurried).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gate = Gate::default();
    course.school.lms.faults().next(Endpoint::Results, 1, Fault::Gated(gate.clone()));
    let page = course.post_score(&graded(8.0), &[]).await;
    assert_error("too slow", &page, 502, "PLATFORM_NOT_REACHED");
    gate.open();
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);
    course.sends(&graded(8.0)).await;
    assert_eq!(course.given(), [8.0]);
}

/// Not granted, or refused: a score at once has no second attempt.
#[both_stores("GR-13", "F-21")]
async fn a_gradebook_that_may_not_be_read_stops_no_score(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    // A 401 is answered to a fresh token, too; a redirect leads to a sign-in page.
    for (status, given) in [(403, 8.0), (401, 7.0), (302, 6.0)] {
        course.school.lms.faults().set(Endpoint::Results, Fault::Status(status));
        course.sends(&graded(given)).await;
        course.school.advance(2);
    }
    let mut claim = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut claim = claim[simulator::lms::claim_name("endpoint")].take();
    claim["scope"] = json!(["https://purl.imsglobal.org/spec/lti-ags/scope/score"]);
    let Course { school, .. } = course;
    let asked = school.lms.hits(Endpoint::Results);
    let launch = school.teacher().with("endpoint", claim);
    let course = Course::of(school, launch).await;
    course.sends(&graded(9.0)).await;
    assert_eq!(course.school.lms.hits(Endpoint::Results), asked, "not asked without the scope");
    assert_eq!(course.given(), [8.0, 7.0, 6.0, 9.0]);
}

#[both_stores("GR-13", "F-05")]
async fn a_token_refused_for_results_stops_no_score(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    course.lets_us_overwrite().await;
    course.sends(&graded(8.0)).await;
    course.school.gateway.patch_tool(json!({"grades": {"teacherWins": true}})).await;
    course.school.advance(2);
    // The one for scores is kept.
    course.school.lms.faults().set(Endpoint::Token, Fault::Status(401));
    course.sends(&graded(9.0)).await;
    assert_eq!(course.given(), [8.0, 9.0]);
}

/// In the background a refusal may pass, so it is asked once more.
#[both_stores("GR-13", "GR-28")]
async fn a_refused_look_counts_when_it_is_repeated(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    course.teacher_gives(77.0);
    lms.faults().next(Endpoint::Results, 1, Fault::Status(403));
    let passes = course.delivery(graded(8.0)).await;
    gateway.failed(&passes, 1).await;
    assert_eq!(gateway.state_of(&passes).await, "queued");
    let shown = course.shown_delivery(&json!(passes)).await;
    let note = "The platform refused to show the student's grade.";
    assert_eq!((&shown["note"], &shown["attempts"][0]["status"]), (&json!(note), &json!(403)));
    course.later();
    gateway.until(&passes, "refused OVERRIDDEN_BY_TEACHER").await;
    assert_eq!(lms.hits(Endpoint::Scores), 0);
    // One that stays is no reason to keep a score back.
    lms.faults().set(Endpoint::Results, Fault::Status(403));
    let mut other = graded(8.0);
    other["userId"] = json!("6");
    let stays = course.delivery(other).await;
    gateway.failed(&stays, 1).await;
    assert_eq!(lms.hits(Endpoint::Scores), 0);
    course.later();
    gateway.until(&stays, "delivered").await;
    let shown = course.shown_delivery(&json!(stays)).await;
    let unchecked = "It was sent without knowing whether a teacher had graded.";
    assert_eq!(shown["note"], format!("{note} {unchecked}"), "{shown}");
    // It answers, so it doesn't count as failing.
    let failures = "SELECT COALESCE(MAX(failures), 0) FROM delivery_paces";
    assert_eq!(gateway.number(failures).await, 0);
}

/// Moodle refuses the score, because something was saved in the same second, and then to show it.
#[both_stores("GR-13", "F-30")]
async fn a_look_refused_later_keeps_what_was_remarked(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    gateway.set_grades(&course.school.platform_id, json!({"overMaximum": "clamp"})).await;
    lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let id = course.delivery(graded(11.0)).await;
    course.asked(Endpoint::Scores, 1).await;
    let item = lms.line_items(&course.school.client_id)[0].id;
    lms.gradebook().grade_by_hand(item, "5", 77.0).unwrap();
    lms.faults().next(Endpoint::Results, 1, Fault::Status(403));
    gate.open();
    gateway.failed(&id, 1).await;
    let shown = course.shown_delivery(&json!(id)).await;
    let note = "The score was above its maximum, so the maximum was sent. \
                The platform refused to show the student's grade.";
    assert_eq!(shown["note"], note, "{shown}");
}
