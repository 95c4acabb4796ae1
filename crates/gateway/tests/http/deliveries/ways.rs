//! One student, many ways: by handle and by address, at once and in the background, once more and
//! put right.

use serde_json::{Value, json};
use simulator::faults::{Fault, ScoreRefusal};
use simulator::lms::{Endpoint, Ledger, LineItem, ScoreRecord, SentWork};
use simulator::profiles::Profile;
use test_case::both_stores;

use super::{graded, unhurried};
use crate::platform_services::background::good;
use crate::platform_services::profiles::lms_of;
use crate::platform_services::{Course, assert_error, at};
use crate::registered::Registered;
use crate::support::{Gateway, Store};

const ASYNC: (&str, &str) = ("prefer", "respond-async");

/// A course at a platform of this kind, in which there is no second attempt before the test lets
/// time pass.
pub(super) async fn course_at(store: Store, profile: Profile) -> Course {
    let mut settings = unhurried();
    settings["launch"] = json!({"showReasons": true});
    let gateway = Gateway::start_with(store, settings).await;
    let school = Registered::join(gateway, lms_of(profile).await).await;
    let launch = school.teacher();
    Course::of(school, launch).await
}

pub(super) fn with_comment(given: f64) -> Value {
    let mut score = graded(given);
    score["comment"] = json!("good");
    score
}

impl Course {
    async fn post_to_quiz(&self, score: Value) -> simulator::browser::Page {
        let body = json!({
            "handle": {"resourceId": "quiz", "tag": "final"}, "label": "Quiz", "scoreMaximum": 10,
            "score": score,
        });
        self.ask("POST", "/api/scores", Some(body)).await
    }

    /// A score by the quiz's handle; its delivery.
    pub(super) async fn to_quiz(&self, score: Value) -> String {
        let page = self.post_to_quiz(score).await;
        assert_eq!(page.status, 202, "{}", page.text());
        page.json().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// The quiz, as the LMS has it.
    pub(super) fn quiz(&self) -> LineItem {
        let items = self.school.lms.line_items(&self.school.client_id);
        let is_quiz = |item: &LineItem| item.members.get("resourceId") == Some(&json!("quiz"));
        items.into_iter().find(is_quiz).unwrap()
    }

    /// What stands in the link's line item for the student.
    pub(super) fn stands(&self) -> ScoreRecord {
        let item = self.school.lms.line_items(&self.school.client_id)[0].id;
        self.school.lms.gradebook().grade(item, "5").unwrap()
    }

    /// Sends a score at once.
    pub(super) async fn sends(&self, score: &Value) {
        let page = self.post_score(score, &[]).await;
        assert_eq!(page.status, 204, "{}", page.text());
    }

    pub(super) async fn repairs(&self) -> Value {
        let gateway = &self.school.gateway;
        let body = json!({"lineItem": self.line_item(), "repair": true});
        good(&gateway.admin("POST", "/api/deliveries/reconcile", Some(body)).await)
    }

    /// The next time that results are asked for, there are none.
    fn next_results_are_gone(&self) {
        let gone = Fault::Answer {
            status: 200,
            content_type: "application/vnd.ims.lis.v2.resultcontainer+json".into(),
            body: "[]".into(),
        };
        self.school.lms.faults().next(Endpoint::Results, 1, gone);
    }
}

#[both_stores("GR-5", "GR-13", "GR-22")]
async fn a_student_is_graded_by_handle_and_by_address(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let mut ledger = Ledger::default();
    for (number, given) in [5.0, 6.0, 7.0, 8.0].into_iter().enumerate() {
        if number == 2 {
            // The same column by its address, at once.
            let item = course.shown_delivery(&json!(last_of(&course).await)).await;
            let path = format!("{}/scores", at(item["lineItem"].as_str().unwrap()));
            let page = course.ask("POST", &path, Some(graded(given))).await;
            assert_eq!(page.status, 204, "{}", page.text());
        } else {
            let id = course.to_quiz(graded(given)).await;
            gateway.until(&id, "delivered").await;
        }
        assert_eq!(course.quiz().scores["5"].score, Some(given));
        ledger.sent(course.quiz().id, "5", SentWork::new("", given, 10.0));
        // Moodle counts whole seconds.
        course.school.advance(2);
    }
    let harm = course.school.lms.gradebook().harm(&ledger);
    assert!(harm.is_empty(), "{harm:?}");
}

/// The newest delivery.
async fn last_of(course: &Course) -> String {
    let sql = "SELECT id FROM score_deliveries ORDER BY id DESC LIMIT 1";
    course.school.gateway.texts(sql).await.remove(0)
}

#[both_stores("GR-14", "GR-16", "GR-17", "GR-18")]
async fn canvas_knows_a_work_by_handle_as_well(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let gateway = &course.school.gateway;
    for given in [5.0, 6.0] {
        let id = course.to_quiz(with_comment(given)).await;
        gateway.until(&id, "delivered").await;
        course.school.advance(2);
    }
    let stands = course.quiz().scores["5"].clone();
    assert_eq!((stands.score, stands.attempts), (Some(6.0), 1));
    assert_eq!(stands.comments, ["good"]);
    let page = course.post_to_quiz(with_comment(6.0)).await;
    assert_eq!(page.json().unwrap()["deduplicated"], true, "{}", page.text());
    let status = json!({
        "userId": "5", "activityProgress": "InProgress", "gradingProgress": "NotReady",
    });
    let page = course.post_to_quiz(status).await;
    assert_error("a status", &page, 409, "WOULD_CLEAR_GRADE");
}

async fn an_old_score_is_not_retried(course: &Course) {
    let gateway = &course.school.gateway;
    let concluded = ScoreRefusal::CanvasConcluded.fault();
    course.school.lms.faults().next(Endpoint::Scores, 1, concluded);
    let old = course.delivery(graded(6.0)).await;
    gateway.until(&old, "refused COURSE_CONCLUDED").await;
    course.school.advance(2);
    course.sends(&graded(8.0)).await;
    course.school.advance(2);
    let all = json!({"reason": "COURSE_CONCLUDED"});
    let page = gateway.admin("POST", "/api/deliveries/retry", Some(all)).await;
    assert_eq!(good(&page), json!({"retried": 0}));
    assert_eq!(gateway.state_of(&old).await, "superseded NEWER_SCORE");
    let page = gateway.admin("POST", &format!("/api/deliveries/{old}/retry"), None).await;
    assert_error("there is a newer one", &page, 409, "DELIVERY_NOT_RETRIED");
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-5", "GR-26")]
async fn what_was_sent_at_once_is_newer_than_a_retry(store: Store) {
    an_old_score_is_not_retried(&Course::new(store).await).await;
    an_old_score_is_not_retried(&course_at(store, Profile::canvas()).await).await;
}

/// Sakai looks at no time, so nothing but our own order keeps scores apart.
#[both_stores("GR-2", "GR-5")]
async fn what_may_have_arrived_gives_way_to_what_was_sent_since(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let gateway = &course.school.gateway;
    let mut taken = Vec::new();
    // The first one doesn't arrive, the second one does.
    for (fault, old, newer, last) in [(Fault::Drop, 1.0, 2.0, 3.0), (Fault::Cut, 4.0, 5.0, 6.0)] {
        let arrives = fault == Fault::Cut;
        course.school.lms.faults().next(Endpoint::Scores, 1, fault);
        let id = course.delivery(graded(old)).await;
        gateway.until(&id, "unknown").await;
        course.sends(&graded(newer)).await;
        course.later();
        gateway.until(&id, "superseded NEWER_SCORE").await;
        // What comes then is no teacher's to refuse.
        let id = course.delivery(graded(last)).await;
        gateway.until(&id, "delivered").await;
        taken.extend(arrives.then_some(old));
        taken.extend([newer, last]);
        assert_eq!(course.given(), taken);
    }
}

#[both_stores("GR-2", "GR-13")]
async fn a_lost_answer_is_not_taken_for_a_teacher(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Afterwards(500));
    let page = course.post_score(&graded(5.0), &[]).await;
    assert_error("it is lost", &page, 502, "PLATFORM_FAILED");
    course.school.advance(2);
    let id = course.delivery(graded(6.0)).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [5.0, 6.0]);
    // One that is given up may have arrived, too.
    course.school.advance(2);
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Afterwards(500));
    let lost = course.delivery(graded(7.0)).await;
    gateway.until(&lost, "unknown").await;
    let page = gateway.admin("POST", &format!("/api/deliveries/{lost}/cancel"), None).await;
    assert_eq!(good(&page)["state"], "cancelled");
    course.school.advance(2);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [5.0, 6.0, 7.0, 8.0]);
}

/// It waits in the lane of its handle, and the other goes to that of the address.
#[both_stores("GR-2", "GR-13", "GR-22")]
async fn an_answer_lost_by_handle_is_known_by_address(store: Store) {
    let course = course_at(store, Profile::moodle()).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Afterwards(500));
    let lost = course.to_quiz(graded(5.0)).await;
    gateway.until(&lost, "unknown").await;
    course.school.advance(2);
    let item = course.shown_delivery(&json!(lost)).await;
    let path = format!("{}/scores", at(item["lineItem"].as_str().unwrap()));
    let page = course.ask("POST", &path, Some(graded(6.0))).await;
    assert_eq!(page.status, 204, "{}", page.text());
    assert_eq!(course.quiz().scores["5"].score, Some(6.0));
    course.later();
    gateway.until(&lost, "superseded NEWER_SCORE").await;
}

#[both_stores("GR-16", "GR-17")]
async fn canvas_gets_what_is_repeated_at_once_only_once(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Afterwards(500));
    let page = course.post_score(&with_comment(5.0), &[]).await;
    assert_error("it is lost", &page, 502, "PLATFORM_FAILED");
    course.school.advance(2);
    course.sends(&with_comment(5.0)).await;
    assert_eq!((course.stands().attempts, course.stands().comments.len()), (1, 1));
    // What Canvas has surely not taken has its attempt and its comment to come.
    let mut second = with_comment(6.0);
    second["comment"] = json!("better");
    second["attempt"] = json!("2");
    let refusal = ScoreRefusal::CanvasNoAttemptLeft.fault();
    course.school.lms.faults().next(Endpoint::Scores, 1, refusal);
    course.school.advance(2);
    let page = course.post_score(&second, &[]).await;
    assert_error("refused", &page, 422, "PLATFORM_REFUSED");
    course.school.advance(2);
    course.sends(&second).await;
    let stands = course.stands();
    assert_eq!(stands.attempts, 2);
    assert_eq!(stands.comments, ["good", "better"]);
}

#[both_stores("GR-16")]
async fn canvas_gets_a_work_once_that_still_waits(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Afterwards(500));
    let lost = course.delivery(graded(5.0)).await;
    course.school.gateway.until(&lost, "unknown").await;
    course.school.advance(2);
    course.sends(&graded(6.0)).await;
    let stands = course.stands();
    assert_eq!((stands.score, stands.attempts), (Some(60.0), 1));
}

/// A comment whose score got no answer: Canvas shows whether it came.
#[both_stores("GR-2", "GR-17")]
async fn canvas_gets_a_comment_once_whatever_was_lost(store: Store) {
    for fault in [Fault::Afterwards(500), Fault::Drop] {
        let course = course_at(store, Profile::canvas()).await;
        let (gateway, lms) = (&course.school.gateway, &course.school.lms);
        let comments = || -> usize {
            course.taken().iter().filter(|score| score.get("comment").is_some()).count()
        };
        // One that is repeated at once is not looked up, so its comment stays away.
        lms.faults().next(Endpoint::Scores, 1, fault.clone());
        let page = course.post_score(&with_comment(5.0), &[]).await;
        assert_eq!(page.status, 502, "{}", page.text());
        course.school.advance(2);
        course.sends(&with_comment(5.0)).await;
        course.school.advance(2);
        // In the background it is, and comes if it isn't there.
        let id = course.delivery(with_comment(6.0)).await;
        gateway.until(&id, "delivered").await;
        assert_eq!(course.stands().comments, ["good"]);
        assert_eq!(comments(), 1);
        // A newer score takes the place of one that got no answer, with the same comment.
        course.school.advance(2);
        let better = |given: f64| {
            let mut score = graded(given);
            score["comment"] = json!("better");
            score
        };
        lms.faults().next(Endpoint::Scores, 1, fault);
        let lost = course.delivery(better(7.0)).await;
        gateway.until(&lost, "unknown").await;
        course.school.advance(2);
        let newer = course.delivery(better(8.0)).await;
        gateway.until(&newer, "delivered").await;
        assert_eq!(course.stands().comments, ["good", "better"]);
        assert_eq!((course.stands().score, comments()), (Some(80.0), 2));
    }
}

#[both_stores("GR-2", "GR-17")]
async fn canvas_gets_a_lost_comment_with_the_same_score(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let first = course.delivery(graded(8.0)).await;
    gateway.until(&first, "delivered").await;
    for (fault, comment, all) in [
        (Fault::Drop, "good", &["good"][..]),
        (Fault::Afterwards(500), "better", &["good", "better"][..]),
    ] {
        course.school.advance(2);
        let mut score = graded(8.0);
        score["comment"] = json!(comment);
        lms.faults().next(Endpoint::Scores, 1, fault);
        let id = course.delivery(score).await;
        gateway.until(&id, "unknown").await;
        course.later();
        gateway.until(&id, "delivered").await;
        assert_eq!(course.stands().comments, all);
    }
}

#[both_stores("GR-5", "GR-27")]
async fn a_repair_leaves_a_newer_score_alone(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let first = course.delivery(graded(8.0)).await;
    gateway.until(&first, "delivered").await;
    course.school.advance(2);
    let newer = course.waiting(9.0).await;
    course.next_results_are_gone();
    let told = course.repairs().await;
    assert_eq!((&told["missing"], &told["repaired"]), (&json!(["5"]), &json!([])));
    course.later();
    gateway.until(&newer, "delivered").await;
    assert_eq!(course.given(), [8.0, 9.0]);
    // One that was sent at once is the last word as well, and it is the application's to repeat.
    course.school.advance(2);
    course.sends(&graded(7.0)).await;
    let told = course.repairs().await;
    assert_eq!((&told["same"], &told["overridden"]), (&json!(1), &json!([])), "{told}");
    course.next_results_are_gone();
    let told = course.repairs().await;
    assert_eq!((&told["missing"], &told["repaired"]), (&json!(["5"]), &json!([])));
}

#[both_stores("GR-16", "GR-19", "GR-27")]
async fn a_repair_makes_no_new_attempt(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let gateway = &course.school.gateway;
    let submitted = json!({"submittedAt": "2024-11-22T13:00:00Z"});
    let mut score = with_comment(8.0);
    score["submission"] = submitted.clone();
    let first = course.delivery(score).await;
    gateway.until(&first, "delivered").await;
    course.school.advance(2);
    course.next_results_are_gone();
    let told = course.repairs().await;
    assert_eq!(told["repaired"], json!(["5"]), "{told}");
    let repair = last_of(&course).await;
    assert_ne!(repair, first);
    gateway.until(&repair, "delivered").await;
    let taken = course.taken();
    assert_eq!((taken.len(), &taken[1]["submission"]), (2, &submitted));
    assert_ne!(taken[0]["timestamp"], taken[1]["timestamp"], "a time of ours is given anew");
    assert_eq!(course.stands().attempts, 1);
}

#[both_stores("GR-21")]
async fn a_higher_score_that_waits_is_not_replaced_by_a_lower_one(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let high = course.waiting(9.0).await;
    let low = course.delivery(json!({
        "userId": "5", "scoreGiven": 5, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        "onlyIfHigher": true,
    }));
    let low = low.await;
    course.later();
    gateway.until(&high, "delivered").await;
    gateway.until(&low, "superseded NOT_HIGHER").await;
    assert_eq!(course.given(), [9.0]);
}

#[both_stores("GR-5", "GR-6")]
async fn a_score_that_fails_gives_way_to_a_corrected_one(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Status(500));
    let bad = course.delivery(graded(5.0)).await;
    gateway.until(&bad, "unknown").await;
    let page = course.post_score(&graded(6.0), &[ASYNC]).await;
    assert_eq!(page.status, 202, "{}", page.text());
    let good_one = page.json().unwrap()["id"].as_str().unwrap().to_owned();
    // No time passes.
    gateway.until(&bad, "superseded NEWER_SCORE").await;
    gateway.until(&good_one, "delivered").await;
    let shown = course.shown_delivery(&json!(bad)).await;
    assert_eq!(shown["supersededBy"], good_one, "{shown}");
    assert_eq!(course.given(), [6.0]);
}
