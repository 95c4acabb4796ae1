//! Deliveries that wait for somebody.

use serde_json::json;
use simulator::faults::ScoreRefusal;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{busy, graded};
use crate::platform_services::{Course, assert_error};
use crate::support::Store;

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

impl Course {
    /// Has its deployment deleted.
    async fn delete_deployment(&self) {
        let deployment = self.token["platform"]["deploymentId"].as_str().unwrap();
        let path = format!("/admin/platforms/{}/deployments/{deployment}", self.school.platform_id);
        let page = self.school.gateway.admin("DELETE", &path, None).await;
        assert_eq!(page.status, 204, "{}", page.text());
    }

    /// A score that waits for a busy platform.
    async fn waiting(&self, given: f64) -> String {
        self.school.lms.faults().next(Endpoint::Scores, 1, busy());
        let id = self.delivery(graded(given)).await;
        self.school.gateway.tried(&id).await;
        id
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
    course.school.lms.faults().next(Endpoint::Scores, 1, busy());
    let id = course.delivery(graded(8.0)).await;
    gateway.tried(&id).await;
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

#[both_stores("GR-11")]
async fn a_disabled_deployment_and_a_revoked_key_hold_their_scores(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, busy());
    let id = course.delivery(graded(8.0)).await;
    gateway.tried(&id).await;
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
async fn a_deleted_deployment_holds_its_scores_until_it_is_back(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    course.delete_deployment().await;
    assert_eq!(gateway.state_of(&id).await, "held DEPLOYMENT_INACTIVE");
    let path = format!("/admin/platforms/{}/deployments", course.school.platform_id);
    let deployment = json!({"deploymentId": course.token["platform"]["deploymentId"]});
    let page = gateway.admin("POST", &path, Some(deployment)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(gateway.state_of(&id).await, "queued");
    course.later();
    gateway.until(&id, "delivered").await;
    // Or until someone comes from there.
    let id = course.waiting(9.0).await;
    course.delete_deployment().await;
    assert_eq!(gateway.state_of(&id).await, "held DEPLOYMENT_INACTIVE");
    course.school.accepts("again", course.school.teacher()).await;
    assert_eq!(gateway.state_of(&id).await, "queued");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0, 9.0]);
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

/// The days that a score waits for a student don't go by while nothing can be tried.
#[both_stores("GR-10", "GR-11")]
async fn a_platform_that_was_stopped_for_long_ends_no_wait(store: Store) {
    const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, busy());
    let id = course.delivery(graded(8.0)).await;
    gateway.tried(&id).await;
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
