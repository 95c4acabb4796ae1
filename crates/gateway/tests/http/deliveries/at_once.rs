//! Scores that are sent at once go by the rules of the others.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::faults::{Fault, Gate};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::ways::{course_at, with_comment};
use super::{graded, unhurried};
use crate::platform_services::Course;
use crate::registered::Registered;
use crate::support::{Gateway, Store, fixed, lms, lms_options};

const CANVAS: &str = "https://canvas.instructure.com/lti/submission";

#[both_stores("GR-16", "GR-17")]
async fn at_canvas_a_score_at_once_is_one_attempt_a_work(store: Store) {
    let gateway = Gateway::start_with(store, json!({"launch": {"showReasons": true}})).await;
    let mut profile = Profile::canvas();
    profile.launch.storage = None;
    let lms = simulator::lms::Lms::start(simulator::lms::Options { profile, ..lms_options() });
    let school = Registered::join(gateway, lms.await.unwrap()).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
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
        let page = course.post_score(&score, &[]).await;
        assert_eq!(page.status, 204, "{}", page.text());
        // Canvas refuses what isn't later.
        course.school.advance(2);
    }
    // One in the background goes on from there.
    let id = course.delivery(score(8.0, "2", "better")).await;
    course.school.gateway.until(&id, "delivered").await;
    let taken = course.taken();
    let told = |member: &str| -> Vec<Value> {
        taken.iter().map(|score| score[CANVAS][member].clone()).collect()
    };
    assert_eq!(told("new_submission"), [json!(true), json!(false), json!(true), json!(false)]);
    let data = json!("https://app.example/1");
    assert_eq!(told("submission_data"), [data.clone(), data.clone(), data.clone(), data]);
    let comments: Vec<Option<&Value>> = taken.iter().map(|score| score.get("comment")).collect();
    assert_eq!(comments, [Some(&json!("good")), None, Some(&json!("better")), None]);
    let item = course.school.lms.line_items(&course.school.client_id).remove(0);
    let record = &item.scores["5"];
    assert_eq!((record.attempts, record.comments.len()), (2, 2));
}

#[both_stores("GR-17", "GR-18")]
async fn a_comment_can_be_taken_back(store: Store) {
    for (profile, comments) in [(Profile::moodle(), 0), (Profile::canvas(), 1)] {
        let course = course_at(store, profile).await;
        let sends = async |score: &Value, taken: usize| {
            course.sends(score).await;
            course.school.advance(2);
            assert_eq!(course.given().len(), taken);
        };
        sends(&with_comment(8.0), 1).await;
        sends(&with_comment(8.0), 1).await;
        assert_eq!(course.stands().comments, ["good"]);
        // Canvas keeps it, as it keeps every comment.
        sends(&graded(8.0), 2).await;
        assert_eq!(course.stands().comments.len(), comments);
        sends(&graded(8.0), 2).await;
        sends(&with_comment(8.0), 3).await;
        assert_eq!(course.stands().comments, ["good"]);
        sends(&with_comment(8.0), 3).await;
    }
}

/// Others wait for it, and must learn what came of it.
#[both_stores("GR-5")]
async fn a_score_at_once_outlasts_its_request(store: Store) {
    let hurried = Fixed { request: Duration::from_secs(5), ..fixed() };
    let gateway = Gateway::start_fixed(store, unhurried(), &[], hurried).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gate = Gate::default();
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let page = course.post_score(&graded(8.0), &[]).await;
    assert_eq!(page.status, 503, "{}", page.text());
    gate.open();
    course.school.advance(2);
    course.sends(&graded(9.0)).await;
    assert_eq!(course.given(), [8.0, 9.0]);
}

#[both_stores]
async fn who_is_erased_while_a_score_is_sent_stays_so(store: Store) {
    let course = Course::new(store).await;
    let (gateway, gate) = (&course.school.gateway, Gate::default());
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let score = graded(8.0);
    let erases = async {
        course.asked(Endpoint::Scores, 1).await;
        let path = format!("/api/deliveries?platform={}&user=5", course.school.platform_id);
        let page = gateway.admin("DELETE", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        gate.open();
    };
    let (page, ()) = tokio::join!(course.post_score(&score, &[]), erases);
    assert_eq!(page.status, 204, "{}", page.text());
    assert_eq!(course.given(), [8.0]);
    for table in ["score_lasts", "score_lanes"] {
        let rows = gateway.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        assert_eq!(rows, 0, "{table}");
    }
}
