//! Newer scores that come while an older one is under way.

use serde_json::json;
use simulator::faults::{Fault, Gate};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::graded;
use super::ways::course_at;
use crate::platform_services::Course;
use crate::support::Store;

impl Course {
    /// Two scores of a student. The second is accepted while the LMS still holds the request with
    /// the first, whose token has expired when the LMS looks at it. Gives both deliveries, and how
    /// many tokens were asked for before.
    async fn overtaken(&self, more: &[Fault]) -> (String, String, u64) {
        let (lms, gate) = (&self.school.lms, Gate::default());
        let faults = [Fault::Gated(gate.clone())].into_iter().chain(more.iter().cloned());
        lms.faults().in_turn(Endpoint::Scores, faults);
        let score = |given: f64| {
            let mut score = graded(given);
            score["attempt"] = json!("1");
            score["comment"] = json!("good");
            score
        };
        let first = self.delivery(score(1.0)).await;
        self.asked(Endpoint::Scores, 1).await;
        let second = self.delivery(score(2.0)).await;
        let tokens = lms.hits(Endpoint::Token);
        lms.forget_access_tokens();
        gate.open();
        (first, second, tokens)
    }
}

#[both_stores("GR-5", "F-05")]
async fn a_late_401_costs_a_token_and_no_order(store: Store) {
    let course = Course::unhurried(store).await;
    let (first, second, tokens) = course.overtaken(&[]).await;
    for id in [&first, &second] {
        course.school.gateway.until(id, "delivered").await;
    }
    assert_eq!(course.given(), [1.0, 2.0]);
    // One for scores, and one for the look into the gradebook before the second.
    assert_eq!(course.school.lms.hits(Endpoint::Token), tokens + 2);
    let shown = course.shown_delivery(&json!(first)).await;
    assert_eq!(shown["attempts"].as_array().unwrap().len(), 1, "{shown}");
}

#[both_stores("GR-5", "GR-16", "GR-17", "F-05")]
async fn a_late_401_makes_no_second_submission(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (first, second, tokens) = course.overtaken(&[]).await;
    for id in [&first, &second] {
        course.school.gateway.until(id, "delivered").await;
    }
    assert_eq!(course.given(), [1.0, 2.0]);
    assert_eq!(course.school.lms.hits(Endpoint::Token), tokens + 1);
    let stands = course.stands();
    // Out of ten, in a column of a hundred.
    assert_eq!((stands.score, stands.attempts), (Some(20.0), 1));
    assert_eq!(stands.comments, ["good"]);
}

#[both_stores("GR-5", "F-05")]
async fn a_score_whose_token_is_never_good_gives_way(store: Store) {
    let course = Course::unhurried(store).await;
    let (first, second, tokens) = course.overtaken(&[Fault::Status(401)]).await;
    // No time passes.
    course.school.gateway.until(&first, "superseded NEWER_SCORE").await;
    course.school.gateway.until(&second, "delivered").await;
    assert_eq!(course.given(), [2.0]);
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 3);
    // One for the first score's second request; one for scores and one for results for the second
    // score.
    assert_eq!(course.school.lms.hits(Endpoint::Token), tokens + 3);
}

/// The attempt at the older one fails, and would be repeated after a pause.
#[both_stores("GR-5", "GR-6", "GR-26")]
async fn nobody_waits_behind_an_attempt_that_is_for_nothing(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    for is_cancelled in [false, true] {
        let gate = Gate::default();
        let failing = [Fault::Gated(gate.clone()), Fault::Status(500)];
        lms.faults().in_turn(Endpoint::Results, failing);
        let looked = lms.hits(Endpoint::Results);
        let given = if is_cancelled { [3.0, 4.0] } else { [1.0, 2.0] };
        let older = course.delivery(graded(given[0])).await;
        course.asked(Endpoint::Results, looked + 1).await;
        if is_cancelled {
            let path = format!("/api/deliveries/{older}/cancel");
            let page = gateway.admin("POST", &path, None).await;
            assert_eq!(page.status, 200, "{}", page.text());
        }
        let newer = course.delivery(graded(given[1])).await;
        let end = if is_cancelled { "cancelled" } else { "superseded" };
        gateway.until(&older, end).await;
        lms.forget_access_tokens();
        gate.open();
        // No time passes.
        gateway.until(&newer, "delivered").await;
    }
    assert_eq!(course.given(), [2.0, 4.0]);
}
