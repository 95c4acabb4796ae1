//! Deliveries that wait for somebody.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::faults::{Fault, ScoreRefusal};
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{PAUSE, busy, graded, unhurried};
use crate::platform_services::{Course, assert_error};
use crate::portal::Visitor;
use crate::registered::Registered;
use crate::support::{Gateway, Store, fixed, lms};

impl Course {
    /// Activates the platform, or deactivates it.
    pub(super) async fn switch(&self, to: &str) {
        let path = format!("/admin/platforms/{}/{to}", self.school.platform_id);
        let page = self.school.gateway.admin("POST", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }

    /// Changes the status of the deployment.
    pub(super) async fn set_deployment(&self, status: &str) {
        let deployment = self.token["platform"]["deploymentId"].as_str().unwrap();
        let path = format!("/admin/platforms/{}/deployments/{deployment}", self.school.platform_id);
        let status = json!({"status": status});
        let page = self.school.gateway.admin("PATCH", &path, Some(status)).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }
}

#[both_stores("GR-10")]
async fn a_student_may_be_enrolled_later(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let refusal = ScoreRefusal::BrightspaceNotEnrolled.fault();
    course.school.lms.faults().next(Endpoint::Scores, 1, refusal);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "held NOT_ENROLLED").await;
    assert_eq!(gateway.told("grade.held").await["reason"], "NOT_ENROLLED");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    // Unless nobody waits for it.
    gateway.patch_tool(json!({"grades": {"holdNotEnrolledDays": 0}})).await;
    course.school.lms.faults().next(Endpoint::Scores, 1, ScoreRefusal::CanvasNoStudent.fault());
    let id = course.delivery(graded(9.0)).await;
    gateway.until(&id, "refused NOT_ENROLLED").await;
}

#[both_stores("GR-11")]
async fn an_inactive_platform_holds_its_scores(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    let path = format!("/admin/platforms/{}", course.school.platform_id);
    course.switch("deactivate").await;
    gateway.until(&id, "held PLATFORM_INACTIVE").await;
    course.later();
    // Nothing goes with it by accident.
    let page = gateway.admin("DELETE", &path, None).await;
    let details = assert_error("one waits", &page, 409, "UNDELIVERED_SCORES");
    assert_eq!(details["undelivered"], 1);
    let page = gateway.admin("DELETE", &format!("{path}?undelivered=2"), None).await;
    assert_error("not two", &page, 409, "UNDELIVERED_SCORES");
    course.switch("activate").await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    let page = gateway.admin("DELETE", &path, None).await;
    assert_eq!(page.status, 204, "{}", page.text());
    assert_eq!(gateway.number("SELECT COUNT(*) FROM score_deliveries").await, 0);
}

/// What holds few scores writes them with the switch; thousands go in pieces. The answer waits for
/// the last, up to ten seconds, which a busy machine may exceed.
#[both_stores("GR-11")]
async fn thousands_of_scores_are_held_and_go_on_together(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    let more = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) \
         INSERT INTO score_deliveries (id, tool_id, platform_id, waiting_for, deployment_id, lane, seq, \
         line_item_key, user_key, place_id, job_id, state, unsure, failures, details_sealed, created_at, \
         give_up_at, deduplicated) SELECT 'waits' || n.i, tool_id, platform_id, waiting_for, deployment_id, \
         'lane' || n.i, 1, line_item_key, user_key, place_id, 'job' || n.i, 'queued', 1 > 2, 0, details_sealed, \
         created_at + n.i, give_up_at, deduplicated FROM score_deliveries, n WHERE id = '{id}'"
    );
    gateway.meddle(&more).await;
    let until_held = async |wanted: i64| {
        let held = "SELECT COUNT(*) FROM score_deliveries WHERE reason = 'PLATFORM_INACTIVE'";
        for _ in 0..600 {
            if gateway.number(held).await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} are held, not {wanted}", gateway.number(held).await);
    };
    course.switch("deactivate").await;
    until_held(1_501).await;
    course.switch("activate").await;
    until_held(0).await;
    gateway.meddle("DELETE FROM score_deliveries WHERE id LIKE 'waits%'").await;
    course.later();
    gateway.until(&id, "delivered").await;
}

#[both_stores("GR-11", "PO-5")]
async fn home_holds_and_releases_a_deployments_scores(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let deployment = course.token["platform"]["deploymentId"].as_str().unwrap();
    let path = format!("/portal/waiting/{}/deployment", course.school.platform_id);
    let id = course.waiting(8.0).await;
    course.set_deployment("pending").await;
    gateway.until(&id, "held DEPLOYMENT_INACTIVE").await;
    course.later();
    for (word, state) in [("refuse", "held DEPLOYMENT_INACTIVE"), ("allow", "delivered")] {
        let owner = Visitor::owner(gateway).await;
        let page = owner.get("/portal").await;
        let fields = [("do", word), ("deployment", deployment)];
        let page = owner.post(&page, &path, &fields).await;
        assert_eq!(page.status, 200, "{}", page.text());
        gateway.until(&id, state).await;
    }
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-11", "PO-5")]
async fn home_refuses_a_deployment_with_its_scores(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let deployment = course.token["platform"]["deploymentId"].as_str().unwrap();
    let id = course.waiting(8.0).await;
    let owner = Visitor::owner(gateway).await;
    let page = owner.get("/portal").await;
    let path = format!("/portal/waiting/{}/deployment", course.school.platform_id);
    let fields = [("do", "refuse"), ("deployment", deployment)];
    let page = owner.post(&page, &path, &fields).await;
    assert_eq!(page.status, 200, "{}", page.text());
    gateway.until(&id, "held DEPLOYMENT_INACTIVE").await;
}

#[both_stores("GR-11")]
async fn a_disabled_deployment_and_a_revoked_key_hold_their_scores(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    course.set_deployment("disabled").await;
    gateway.until(&id, "held DEPLOYMENT_INACTIVE").await;
    course.set_deployment("active").await;
    course.later();
    gateway.until(&id, "delivered").await;

    let key = course.service_key();
    let scores = format!("{}/scores", crate::platform_services::at(&course.line_item()));
    gateway.patch_tool(json!({"grades": {"delivery": "async"}})).await;
    course.school.lms.faults().next(Endpoint::Scores, 1, busy());
    let page = course.with_key(&key, "POST", &scores, Some(graded(9.0))).await;
    assert_eq!(page.status, 202, "{}", page.text());
    let id = page.json().unwrap()["id"].as_str().unwrap().to_owned();
    gateway.tried(&id).await;
    let list = gateway.admin("GET", "/admin/service-keys", None).await.json().unwrap();
    let place = list["serviceKeys"][0]["id"].as_str().unwrap().to_owned();
    let page = gateway.admin("DELETE", &format!("/admin/service-keys/{place}"), None).await;
    assert_eq!(page.status, 204, "{}", page.text());
    gateway.until(&id, "held SERVICE_KEY_REVOKED").await;

    // It goes on once the application uses a newer key of the place.
    course.later();
    let token = course.school.accepts("again", course.school.teacher()).await;
    let newer = token["services"]["serviceKey"].as_str().unwrap();
    let page = course.with_key(&key, "GET", "/api/lineitems", None).await;
    assert_eq!(page.status, 401, "the old one is not good again: {}", page.text());
    assert_eq!(gateway.state_of(&id).await, "held SERVICE_KEY_REVOKED");
    let page = course.with_key(newer, "GET", "/api/lineitems", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    course.school.advance(60 * 60 + 1);
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0, 9.0]);
}

#[both_stores("GR-11")]
async fn a_forgotten_deployments_scores_go_on_with_its_next_launch(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    let deployment = course.token["platform"]["deploymentId"].as_str().unwrap();
    let path = format!("/admin/platforms/{}/deployments/{deployment}", course.school.platform_id);
    let page = gateway.admin("DELETE", &path, None).await;
    assert_eq!(page.status, 204, "{}", page.text());
    assert_eq!(gateway.state_of(&id).await, "held DEPLOYMENT_INACTIVE");
    course.school.accepts("again", course.school.teacher()).await;
    assert_eq!(gateway.state_of(&id).await, "queued");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// Activating a platform lets in the deployments that wait.
#[both_stores("GR-11")]
async fn a_deployment_that_is_let_in_with_others_goes_on(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    course.set_deployment("pending").await;
    assert_eq!(gateway.state_of(&id).await, "held DEPLOYMENT_INACTIVE");
    course.switch("activate").await;
    assert_eq!(gateway.state_of(&id).await, "queued");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// That the platform is busy says nothing about the student.
#[both_stores("GR-7", "GR-10")]
async fn days_of_a_wait_go_on_at_a_busy_platform(store: Store) {
    const DAY: u64 = 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let refusal = || ScoreRefusal::BrightspaceNotEnrolled.fault();
    lms.faults().in_turn(Endpoint::Scores, [refusal(), busy(), refusal()]);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "held NOT_ENROLLED").await;
    gateway.rests().await;
    course.school.advance(6 * DAY);
    course.asked(Endpoint::Scores, 2).await;
    gateway.rests().await;
    assert_eq!(gateway.state_of(&id).await, "held NOT_ENROLLED");
    course.school.advance(2 * DAY);
    gateway.until(&id, "refused NOT_ENROLLED").await;
    let told = "SELECT COUNT(*) FROM events WHERE type = 'grade.held'";
    assert_eq!(gateway.number(told).await, 1);
    assert!(course.given().is_empty());
}

/// A pause that outlasts the wait ends it only if the platform is still busy afterwards.
#[both_stores("GR-7", "GR-10")]
async fn a_pause_beyond_a_waits_end_does_not_end_it(store: Store) {
    const WEEK: u64 = 7 * 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let refusal = ScoreRefusal::BrightspaceNotEnrolled.fault();
    lms.faults().in_turn(Endpoint::Scores, [refusal, busy(), busy()]);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "held NOT_ENROLLED").await;
    gateway.rests().await;
    course.school.advance(WEEK - u64::from(PAUSE) / 2);
    course.asked(Endpoint::Scores, 2).await;
    gateway.rests().await;
    assert_eq!(gateway.state_of(&id).await, "held NOT_ENROLLED");
    course.later();
    gateway.until(&id, "refused NOT_ENROLLED").await;
}

/// Only what the platform says next about the student ends it.
#[both_stores("GR-7", "GR-10")]
async fn a_busy_platform_ends_no_wait_that_is_not_set_now(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let refusal = ScoreRefusal::BrightspaceNotEnrolled.fault();
    lms.faults().in_turn(Endpoint::Scores, [refusal, busy()]);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "held NOT_ENROLLED").await;
    gateway.rests().await;
    let no_hold = json!({"grades": {"schedule": [0, PAUSE], "holdNotEnrolledDays": 0}});
    gateway.patch_tool(no_hold).await;
    course.later();
    course.asked(Endpoint::Scores, 2).await;
    gateway.rests().await;
    assert_eq!(gateway.state_of(&id).await, "held NOT_ENROLLED");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// The days that a score waits for a student don't go by while nothing can be tried.
#[both_stores("GR-10", "GR-11")]
async fn a_platform_that_was_stopped_for_long_ends_no_wait(store: Store) {
    const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    course.switch("deactivate").await;
    gateway.until(&id, "held PLATFORM_INACTIVE").await;
    course.school.advance(EIGHT_DAYS);
    let refusal = ScoreRefusal::BrightspaceNotEnrolled.fault();
    course.school.lms.faults().next(Endpoint::Scores, 1, refusal);
    course.switch("activate").await;
    gateway.until(&id, "held NOT_ENROLLED").await;
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// Nor do those that had begun before it was stopped.
#[both_stores("GR-10", "GR-11")]
async fn days_of_a_wait_stand_still_with_the_platform(store: Store) {
    const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let not_enrolled = || {
        let refusal = ScoreRefusal::BrightspaceNotEnrolled.fault();
        course.school.lms.faults().next(Endpoint::Scores, 1, refusal);
    };
    not_enrolled();
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "held NOT_ENROLLED").await;
    gateway.rests().await;
    course.switch("deactivate").await;
    course.school.advance(EIGHT_DAYS);
    // To stop it once more changes nothing.
    course.switch("deactivate").await;
    not_enrolled();
    let hits = course.school.lms.hits(Endpoint::Scores);
    course.switch("activate").await;
    course.asked(Endpoint::Scores, hits + 1).await;
    gateway.rests().await;
    assert_eq!(gateway.state_of(&id).await, "held NOT_ENROLLED");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// Its job is in the queue again, and has no turn while the platform is stopped.
#[both_stores("GR-11", "GR-12")]
async fn what_a_dead_server_was_sending_is_held(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    gateway.rests().await;
    gateway.meddle("UPDATE score_deliveries SET state = 'sending', unsure = TRUE").await;
    course.switch("deactivate").await;
    gateway.until(&id, "held PLATFORM_INACTIVE").await;
    course.later();
    course.switch("activate").await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// Its platform was stopped before others had its job, which has no turn now.
#[both_stores("GR-11", "GR-12")]
async fn what_a_server_left_at_a_stopped_platform_is_held(store: Store) {
    let quick = Fixed { job_beat: Duration::from_secs(1), ..fixed() };
    let gateway = Gateway::start_fixed(store, unhurried(), &[], quick).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    gateway.rests().await;
    gateway.meddle("UPDATE score_deliveries SET state = 'sending', unsure = TRUE").await;
    // Nobody moves this worker's number.
    gateway.meddle("INSERT INTO job_workers (id, beat) VALUES ('dead', 7)").await;
    let claim = "UPDATE jobs SET state = 'running', owner = 'dead' WHERE kind = 'score'";
    gateway.meddle(claim).await;
    course.switch("deactivate").await;
    gateway.until(&id, "held PLATFORM_INACTIVE").await;
    course.later();
    course.switch("activate").await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// Somebody retries everything while the platform is stopped.
#[both_stores("GR-11", "GR-26")]
async fn a_retry_undoes_no_operators_hold(store: Store) {
    const FOUR_DAYS: u64 = 4 * 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let (gateway, faults) = (&course.school.gateway, course.school.lms.faults());
    faults.next(Endpoint::Scores, 1, ScoreRefusal::CanvasConcluded.fault());
    let refused = course.delivery(graded(5.0)).await;
    gateway.until(&refused, "refused COURSE_CONCLUDED").await;
    faults.next(Endpoint::Scores, 1, busy());
    let mut score = graded(8.0);
    score["userId"] = json!("6");
    let waits = course.delivery(score).await;
    gateway.tried(&waits).await;
    course.switch("deactivate").await;
    gateway.until(&waits, "held PLATFORM_INACTIVE").await;
    let page = gateway.admin("POST", "/api/deliveries/retry", Some(json!({}))).await;
    assert_eq!(page.json().unwrap(), json!({"retried": 2}), "{}", page.text());
    for id in [&waits, &refused] {
        assert_eq!(gateway.state_of(id).await, "held PLATFORM_INACTIVE");
    }
    // The time that they are held doesn't count, so one failure ends none of them.
    course.school.advance(FOUR_DAYS);
    faults.next(Endpoint::Scores, 2, Fault::Status(500));
    course.switch("activate").await;
    for id in [&waits, &refused] {
        gateway.until(id, "unknown").await;
    }
    course.later();
    for id in [&waits, &refused] {
        gateway.until(id, "delivered").await;
    }
    assert_eq!(course.given().len(), 2);
}

#[both_stores("GR-11")]
async fn a_forgotten_deployment_holds_its_scores(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    let deployment = course.token["platform"]["deploymentId"].as_str().unwrap();
    let all = format!("/admin/platforms/{}/deployments", course.school.platform_id);
    let page = gateway.admin("DELETE", &format!("{all}/{deployment}"), None).await;
    assert_eq!(page.status, 204, "{}", page.text());
    assert_eq!(gateway.state_of(&id).await, "held DEPLOYMENT_INACTIVE");
    course.later();
    let known = json!({"deploymentId": deployment});
    let page = gateway.admin("POST", &all, Some(known)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// What a later launch allows counts for scores that wait.
#[both_stores("GR-31")]
async fn a_score_that_waits_uses_what_the_newest_launch_tells(store: Store) {
    let course = Course::new(store).await;
    let mut claim = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut claim = claim[simulator::lms::claim_name("endpoint")].take();
    claim["scope"] = json!(["https://purl.imsglobal.org/spec/lti-ags/scope/score"]);
    let Course { school, .. } = course;
    let launch = school.teacher().with("endpoint", claim);
    let course = Course::of(school, launch).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    assert_eq!(course.school.lms.hits(Endpoint::Results), 0, "it may not be read");
    course.school.advance(1);
    course.school.accepts("again", course.school.teacher()).await;
    course.later();
    gateway.until(&id, "delivered").await;
    assert!(course.school.lms.hits(Endpoint::Results) > 0);
}
