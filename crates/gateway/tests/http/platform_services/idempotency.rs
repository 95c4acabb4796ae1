//! Requests with an `Idempotency-Key`: done once, and answered alike each time (grades.md GR-4).

use std::time::Duration;

use gateway::background::clock_watch::ClockWatch;
use serde_json::{Value, json};
use simulator::browser::{Page, Request};
use simulator::faults::{Fault, Gate, ScoreRefusal};
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{Course, assert_error, at};
use crate::registered::ltik_of;
use crate::support::{API_KEY, Gateway, Store, send};

pub(super) fn graded(given: f64) -> Value {
    json!({
        "userId": "5", "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    })
}

impl Course {
    pub(super) fn keyed_header(&self) -> String {
        format!("LTIK-AUTH-V2 {API_KEY}:{}", self.ltik)
    }

    pub(super) fn keyed(
        &self,
        gateway: &Gateway,
        key: &str,
        authorization: &str,
        score: &Value,
    ) -> Request {
        let url = gateway.at(&format!("{}/scores", at(&self.line_item())));
        Request::new("POST".parse().unwrap(), &url)
            .unwrap()
            .header("authorization", authorization)
            .header("idempotency-key", key)
            .no_redirects()
            .body("application/json", score.to_string())
    }

    pub(super) async fn post_keyed(&self, key: &str, score: &Value) -> Page {
        send(self.keyed(&self.school.gateway, key, &self.keyed_header(), score)).await
    }

    pub(super) fn scores_sent(&self) -> u64 {
        self.school.lms.hits(Endpoint::Scores)
    }

    pub(super) fn next_score_fault(&self, fault: Fault) {
        self.school.lms.faults().next(Endpoint::Scores, 1, fault);
    }
}

pub(super) fn is_replayed(page: &Page) -> bool {
    page.header("idempotent-replayed") == Some("true")
}

#[both_stores("GR-4")]
async fn a_repeated_request_is_done_once(store: Store) {
    let course = Course::new(store).await;
    let first = course.post_keyed("a", &graded(1.0)).await;
    assert_eq!((first.status, is_replayed(&first)), (204, false), "{}", first.text());
    let replica = course.school.gateway.replica().await;
    for gateway in [&course.school.gateway, &replica] {
        let request = course.keyed(gateway, "a", &course.keyed_header(), &graded(1.0));
        let again = send(request).await;
        assert_eq!((again.status, is_replayed(&again)), (204, true), "{}", again.text());
    }
    assert_eq!(course.scores_sent(), 1);
    let page = course.post_keyed("a", &graded(2.0)).await;
    assert_error("another body", &page, 409, "IDEMPOTENCY_KEY_REUSED");
    let other = format!("{}/scores", at(&format!("{}0", course.line_item())));
    let mut request =
        course.keyed(&course.school.gateway, "a", &course.keyed_header(), &graded(1.0));
    request.url = course.school.gateway.at(&other).parse().unwrap();
    assert_error("elsewhere", &send(request).await, 409, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(course.scores_sent(), 1);
    assert_eq!(course.post_keyed("b", &graded(2.0)).await.status, 204);
    let taken = course.school.lms.line_items(&course.school.client_id).remove(0).received;
    assert_eq!(taken.len(), 2, "{taken:?}");
}

#[both_stores("GR-4")]
async fn a_refusal_is_an_answer_and_a_failure_is_none(store: Store) {
    let course = Course::new(store).await;
    course.next_score_fault(ScoreRefusal::CanvasConcluded.fault());
    let refused = course.post_keyed("refused", &graded(1.0)).await;
    assert_error("refused", &refused, 422, "PLATFORM_REFUSED");
    let again = course.post_keyed("refused", &graded(1.0)).await;
    assert_eq!((again.status, again.text()), (422, refused.text()), "with the same reference");
    assert!(is_replayed(&again));
    course.next_score_fault(Fault::Status(500));
    let failed = course.post_keyed("failed", &graded(3.0)).await;
    assert_error("failed", &failed, 502, "PLATFORM_FAILED");
    let again = course.post_keyed("failed", &graded(3.0)).await;
    assert_eq!((again.status, is_replayed(&again)), (204, false), "{}", again.text());
    assert!(is_replayed(&course.post_keyed("failed", &graded(3.0)).await));
}

#[both_stores("GR-4")]
async fn of_twins_one_waits_its_turn(store: Store) {
    let course = Course::new(store).await;
    let replica = course.school.gateway.replica().await;
    let gate = Gate::default();
    course.next_score_fault(Fault::Gated(gate.clone()));
    let score = graded(1.0);
    let first = course.post_keyed("twin", &score);
    let second = async {
        while course.scores_sent() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let page = send(course.keyed(&replica, "twin", &course.keyed_header(), &graded(1.0))).await;
        assert_error("meanwhile", &page, 409, "IDEMPOTENCY_KEY_IN_USE");
        assert_eq!(page.header("retry-after"), Some("1"));
        let other = course.keyed(&replica, "twin", &course.keyed_header(), &graded(2.0));
        assert_error("another", &send(other).await, 409, "IDEMPOTENCY_KEY_REUSED");
        // Whatever the dates of two servers are.
        replica.clock.set_by(60_000);
        let page = send(course.keyed(&replica, "twin", &course.keyed_header(), &graded(1.0))).await;
        assert_error("by a date that is ahead", &page, 409, "IDEMPOTENCY_KEY_IN_USE");
        replica.clock.set_by(-60_000);
        gate.open();
    };
    let (first, ()) = futures_util::future::join(first, second).await;
    assert_eq!(first.status, 204, "{}", first.text());
    let page = send(course.keyed(&replica, "twin", &course.keyed_header(), &graded(1.0))).await;
    assert_eq!((page.status, is_replayed(&page)), (204, true));
    assert_eq!(course.scores_sent(), 1);
}

#[both_stores("GR-4")]
async fn who_hangs_up_finds_the_answer_later(store: Store) {
    let course = Course::new(store).await;
    let gate = Gate::default();
    course.next_score_fault(Fault::Gated(gate.clone()));
    let score = graded(1.0);
    let hasty = async {
        while course.scores_sent() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        page = course.post_keyed("hasty", &score) => panic!("it was answered: {}", page.text()),
        () = hasty => {}
    }
    gate.open();
    let answered = async {
        loop {
            let page = course.post_keyed("hasty", &graded(1.0)).await;
            if page.status != 409 {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let page = tokio::time::timeout(Duration::from_secs(60), answered).await.unwrap();
    assert_eq!((page.status, is_replayed(&page)), (204, true), "{}", page.text());
    assert_eq!(course.scores_sent(), 1);
}

#[both_stores("GR-4")]
async fn a_key_is_its_callers_own(store: Store) {
    let course = Course::new(store).await;
    let other = ltik_of("other", &course.school.launch(&course.school.teacher()).await);
    let with_key = format!("SERVICE-AUTH-V1 {API_KEY}:{}", course.service_key());
    assert_eq!(course.post_keyed("mine", &graded(1.0)).await.status, 204);
    for authorization in [format!("LTIK-AUTH-V2 {API_KEY}:{other}"), with_key] {
        let request = course.keyed(&course.school.gateway, "mine", &authorization, &graded(1.0));
        let page = send(request).await;
        assert!(!is_replayed(&page), "{authorization}: {}", page.text());
    }
    for (authorization, status) in [
        ("Bearer wrong".to_owned(), 401),
        (format!("LTIK-AUTH-V2 {API_KEY}:a.b.c"), 401),
        (format!("Bearer {API_KEY}"), 401),
        ("Basic x".to_owned(), 401),
    ] {
        let request = course.keyed(&course.school.gateway, "mine", &authorization, &graded(1.0));
        let page = send(request).await;
        assert_eq!((page.status, is_replayed(&page)), (status, false), "{authorization}");
    }
    for key in ["", &"x".repeat(256)] {
        let page = course.post_keyed(key, &graded(1.0)).await;
        assert_error("a bad key", &page, 400, "INVALID_IDEMPOTENCY_KEY");
    }
}

#[both_stores("GR-4")]
async fn a_key_is_free_again_after_a_day(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    // A key is freed by a date that is trusted.
    ClockWatch::new(gateway.app.db.clone(), gateway.clock.clone()).look().await.unwrap();
    let authorization = format!("SERVICE-AUTH-V1 {API_KEY}:{}", course.service_key());
    let ask = async |given: f64| {
        let score = graded(given);
        send(course.keyed(&course.school.gateway, "daily", &authorization, &score)).await
    };
    assert_eq!(ask(1.0).await.status, 204);
    course.school.advance(24 * 3600 - 60);
    assert!(is_replayed(&ask(1.0).await));
    course.school.advance(120);
    let page = ask(2.0).await;
    assert_eq!((page.status, is_replayed(&page)), (204, false), "{}", page.text());
    course.school.advance(25 * 3600);
    gateway::background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    let page = ask(2.0).await;
    assert!(!is_replayed(&page), "{}", page.text());
}
