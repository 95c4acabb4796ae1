//! Scores that a platform, or a setting, doesn't allow.

use serde_json::{Value, json};
use simulator::faults::{Fault, ScoreRefusal};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::graded;
use super::ways::{course_at, with_comment};
use crate::platform_services::background::good;
use crate::platform_services::{Course, assert_error};
use crate::support::{Gateway, Store};

const ASYNC: (&str, &str) = ("prefer", "respond-async");

impl Gateway {
    pub(super) async fn retry(&self, id: &str) {
        let page = self.admin("POST", &format!("/api/deliveries/{id}/retry"), None).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }

    /// Gives the platform this of its own.
    pub(super) async fn set_grades(&self, platform_id: &str, grades: Value) {
        let path = format!("/admin/platforms/{platform_id}");
        let mut platform = self.admin("GET", &path, None).await.json().unwrap();
        platform["grades"] = grades;
        let page = self.admin("PUT", &path, Some(platform)).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }
}

#[both_stores("GR-9")]
async fn a_platform_that_grants_no_scores_refuses_them(store: Store) {
    let course = Course::new(store).await;
    let (gateway, faults) = (&course.school.gateway, course.school.lms.faults());
    let refused = Fault::Answer {
        status: 403,
        content_type: "application/json".into(),
        body: r#"{"error": "insufficient_scope"}"#.into(),
    };
    faults.next(Endpoint::Scores, 1, refused);
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "refused SCOPE_MISSING").await;
    assert_eq!(gateway.told("grade.refused").await["reason"], "SCOPE_MISSING");
    gateway.retry(&id).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    // A token that is not good for scores is not tried.
    course.school.lms.forget_access_tokens();
    let readonly = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly";
    faults.set(Endpoint::Token, Fault::set("/scope", readonly));
    faults.next(Endpoint::Scores, 1, Fault::Status(401));
    let before = course.school.lms.hits(Endpoint::Scores);
    let id = course.delivery(graded(9.0)).await;
    gateway.until(&id, "refused SCOPE_MISSING").await;
    assert!(course.school.lms.hits(Endpoint::Scores) <= before + 1);
    assert_eq!(course.given(), [8.0]);
    // As the advice says: the administrator allows it, then it is retried. What was granted is
    // believed for a minute.
    faults.set(Endpoint::Token, Fault::set("/token_type", "bearer"));
    course.school.advance(61);
    gateway.retry(&id).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0, 9.0]);
}

#[both_stores("GR-9")]
async fn a_tool_that_switches_grades_off_sends_none(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    let hits = course.school.lms.hits(Endpoint::Scores);
    gateway.patch_tool(json!({"services": {"assignmentAndGrades": false}})).await;
    course.later();
    gateway.until(&id, "refused TOOL_DISABLED").await;
    assert_eq!(course.school.lms.hits(Endpoint::Scores), hits, "not even tried");
    gateway.patch_tool(json!({"services": {"assignmentAndGrades": true}})).await;
    gateway.retry(&id).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-20")]
async fn a_score_above_the_maximum_goes_by_the_platforms_rule(store: Store) {
    let course = Course::new(store).await;
    let (gateway, platform) = (&course.school.gateway, &course.school.platform_id);
    gateway.set_grades(platform, json!({"overMaximum": "refuse"})).await;
    for headers in [&[][..], &[ASYNC]] {
        let page = course.post_score(&graded(11.0), headers).await;
        assert_error("above the maximum", &page, 400, "SCORE_OUT_OF_RANGE");
    }
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);

    gateway.set_grades(platform, json!({"overMaximum": "clamp"})).await;
    assert_eq!(course.post_score(&graded(11.0), &[]).await.status, 204);
    assert_eq!(course.given(), [10.0]);
    let id = course.delivery(graded_of("6", 12.0)).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [10.0, 10.0]);
    let page = gateway.admin("GET", &format!("/api/deliveries/{id}"), None).await;
    let delivery = page.json().unwrap();
    assert!(delivery["note"].is_string(), "it says so: {delivery}");

    gateway.set_grades(platform, json!({"overMaximum": "send"})).await;
    let id = course.delivery(graded_of("7", 13.0)).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [10.0, 10.0, 13.0]);
}

fn graded_of(user: &str, given: f64) -> Value {
    let mut score = graded(given);
    score["userId"] = json!(user);
    score
}

/// Another server may have switched grades on a moment ago.
#[both_stores("GR-12")]
async fn what_is_switched_off_is_looked_up_before_it_ends_a_score(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    let settings = gateway.texts("SELECT settings FROM tools").await.remove(0);
    gateway.patch_tool(json!({"services": {"assignmentAndGrades": false}})).await;
    let settings = settings.replace('\'', "''");
    gateway.meddle(&format!("UPDATE tools SET settings = '{settings}'")).await;
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

impl Course {
    /// A score that was refused while the course was closed.
    async fn refused(&self, score: Value) -> String {
        let concluded = ScoreRefusal::CanvasConcluded.fault();
        self.school.lms.faults().next(Endpoint::Scores, 1, concluded);
        let id = self.delivery(score).await;
        self.school.gateway.until(&id, "refused COURSE_CONCLUDED").await;
        id
    }

    /// Has everything retried that was refused for it; how much that is.
    async fn retry_concluded(&self) -> Value {
        let all = json!({"reason": "COURSE_CONCLUDED"});
        let page = self.school.gateway.admin("POST", "/api/deliveries/retry", Some(all)).await;
        good(&page)["retried"].clone()
    }
}

#[both_stores("GR-5", "GR-26")]
async fn a_refused_score_gives_way_to_a_newer_one(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let older = course.refused(graded(6.0)).await;
    let newer = course.delivery(graded(8.0)).await;
    gateway.until(&newer, "delivered").await;
    assert_eq!(course.retry_concluded().await, json!(0));
    assert_eq!(gateway.state_of(&older).await, "superseded NEWER_SCORE");
    let shown = course.shown_delivery(&json!(older)).await;
    assert_eq!(shown["supersededBy"], newer, "{shown}");
    // The same while the newer one is still waiting. Moodle counts whole seconds.
    course.school.advance(2);
    let older = course.refused(graded(7.0)).await;
    let newer = course.waiting(9.0).await;
    let path = format!("/api/deliveries/{older}/retry");
    let page = gateway.admin("POST", &path, None).await;
    assert_error("a newer one waits", &page, 409, "DELIVERY_NOT_RETRIED");
    assert_eq!(gateway.state_of(&older).await, "superseded NEWER_SCORE");
    course.later();
    gateway.until(&newer, "delivered").await;
    assert_eq!(course.given(), [8.0, 9.0]);
}

/// Both were refused, so both start again, and only the newer one's value is left.
#[both_stores("GR-5", "GR-26")]
async fn refused_scores_start_again_in_their_order(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let older = course.refused(graded(6.0)).await;
    course.school.advance(2);
    let newer = course.refused(graded(8.0)).await;
    assert_eq!(course.retry_concluded().await, json!(2));
    gateway.until(&newer, "delivered").await;
    let state = gateway.state_of(&older).await;
    assert!(state == "delivered" || state == "superseded NEWER_SCORE", "{state}");
    assert_eq!(course.given().last(), Some(&8.0));
}

/// The older one has brought the work and its comment by then.
#[both_stores("GR-16", "GR-17", "GR-26")]
async fn what_starts_again_is_built_again(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let gateway = &course.school.gateway;
    let older = course.refused(with_comment(6.0)).await;
    course.school.advance(2);
    let newer = course.refused(with_comment(8.0)).await;
    for id in [&older, &newer] {
        course.school.advance(2);
        gateway.retry(id).await;
        gateway.until(id, "delivered").await;
    }
    assert_eq!(course.given(), [6.0, 8.0]);
    let stands = course.stands();
    assert_eq!(stands.attempts, 1);
    assert_eq!(stands.comments, ["good"]);
}

#[both_stores("GR-5", "GR-26")]
async fn a_refused_grade_is_not_hidden_by_a_status(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let older = course.refused(graded(6.0)).await;
    let status = json!({
        "userId": "5", "activityProgress": "InProgress", "gradingProgress": "NotReady",
    });
    let newer = course.delivery(status).await;
    gateway.until(&newer, "delivered").await;
    assert_eq!(course.retry_concluded().await, json!(0));
    assert_eq!(gateway.state_of(&older).await, "refused COURSE_CONCLUDED");
}

/// It waits behind a higher one, which decides only by its outcome.
#[both_stores("GR-21")]
async fn a_lower_score_counts_if_the_higher_one_does_not(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let high = course.waiting(9.0).await;
    let mut score = graded(5.0);
    score["onlyIfHigher"] = json!(true);
    let low = course.delivery(score).await;
    let page = gateway.admin("POST", &format!("/api/deliveries/{high}/cancel"), None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    course.later();
    gateway.until(&low, "delivered").await;
    assert_eq!(course.given(), [5.0]);
}

/// A lower one waits behind it. What is sent at once counts as newer than both.
#[both_stores("GR-5", "GR-21")]
async fn the_highest_that_waits_is_not_overtaken(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let if_higher = |given: f64| {
        let mut score = graded(given);
        score["onlyIfHigher"] = json!(true);
        score
    };
    let high = course.waiting(9.0).await;
    let low = course.delivery(if_higher(5.0)).await;
    course.sends(&if_higher(7.0)).await;
    course.later();
    gateway.until(&high, "delivered").await;
    gateway.until(&low, "superseded NOT_HIGHER").await;
    assert_eq!(course.given(), [9.0]);
}

/// A newer score takes its place; otherwise it ends, and hides no others.
#[both_stores("GR-26")]
async fn a_score_that_cannot_be_read_is_shown_and_sent_again(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let damage = async |id: &str| {
        gateway.rests().await;
        let sql = "UPDATE score_deliveries SET details_sealed = body_sealed WHERE id = ";
        gateway.meddle(&format!("{sql}'{id}'")).await;
    };
    let first = course.waiting(8.0).await;
    damage(&first).await;
    let second = course.delivery(graded(9.0)).await;
    assert_eq!(gateway.state_of(&first).await, "superseded");
    course.later();
    gateway.until(&second, "delivered").await;
    course.school.advance(2);
    let third = course.waiting(7.0).await;
    damage(&third).await;
    course.later();
    gateway.until(&third, "refused NOT_READABLE").await;
    assert_eq!(gateway.told("grade.refused").await["reason"], "NOT_READABLE");
    let page = gateway.admin("GET", "/api/deliveries", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let shown: Value = page.json().unwrap();
    let shown = shown["deliveries"].as_array().unwrap();
    let brief = |one: &Value| ["id", "reason", "user"].map(|name| one[name].clone());
    let expected = [
        [json!(third), json!("NOT_READABLE"), json!("")],
        [json!(second), json!(null), json!("5")],
        [json!(first), json!(null), json!("")],
    ];
    assert_eq!(shown.iter().map(brief).collect::<Vec<_>>(), expected);
    assert!(shown[0]["advice"].is_string());
    let again = course.delivery(graded(6.0)).await;
    gateway.until(&again, "delivered").await;
    assert_eq!(course.given(), [9.0, 6.0]);
}

/// Asking once more helps nothing there, and others wait behind it.
#[both_stores("GR-26")]
async fn a_platform_that_cannot_be_read_stops_no_retries(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let id = course.refused(graded(8.0)).await;
    gateway.rests().await;
    gateway.meddle("UPDATE platforms SET launch_rules = '7'").await;
    gateway.app.platforms.changed();
    assert_eq!(course.retry_concluded().await, json!(0));
    assert_eq!(gateway.state_of(&id).await, "refused COURSE_CONCLUDED");
}

/// What the platform has is not known any more, so nothing is sent until an operator acts.
#[both_stores("GR-13", "GR-26")]
async fn a_damaged_record_of_the_last_score_says_what_helps(store: Store) {
    const REFUSED: &str = "LAST_SCORE_NOT_READABLE";
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    let first = course.delivery(graded(8.0)).await;
    gateway.until(&first, "delivered").await;
    course.school.advance(2);
    let waits = course.waiting(9.0).await;
    gateway.rests().await;
    let damage = "UPDATE score_lasts SET last_sealed = \
                  (SELECT details_sealed FROM score_deliveries LIMIT 1)";
    gateway.meddle(damage).await;
    course.later();
    gateway.until(&waits, "refused NOT_READABLE").await;
    assert_eq!(gateway.told("grade.refused").await["reason"], "NOT_READABLE");
    let page = course.post_score(&graded(7.0), &[ASYNC]).await;
    assert_error("in the background", &page, 409, REFUSED);
    let page = course.post_score(&graded(7.0), &[]).await;
    assert_error("at once", &page, 409, REFUSED);
    let page = gateway.admin("POST", &format!("/api/deliveries/{waits}/retry"), None).await;
    assert_error("once more", &page, 409, REFUSED);
    // One lane stops no others.
    let page = gateway.admin("POST", "/api/deliveries/retry", None).await;
    assert_eq!(good(&page), json!({"retried": 0}));
    // The way out: without the record, our grade looks like a teacher's, which may be replaced.
    let path = format!("/api/deliveries?platform={}&user=5", course.school.platform_id);
    let page = gateway.admin("DELETE", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = course.post_score(&graded(7.0), &[]).await;
    assert_error("at once", &page, 409, "OVERRIDDEN_BY_TEACHER");
    gateway.patch_tool(json!({"grades": {"teacherWins": false}})).await;
    course.sends(&graded(7.0)).await;
    assert_eq!(course.given(), [8.0, 7.0]);
}
