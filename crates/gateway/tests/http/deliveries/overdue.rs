//! Scores whose time is over while their platform takes none.

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::{both_stores, cases};

use super::{PAUSE, busy, graded};
use crate::platform_services::Course;
use crate::support::Store;

/// How long scores are tried here, and the longest pause that a platform may ask for, in seconds.
const HOUR: u32 = 60 * 60;

fn of(user: &str, given: f64) -> Value {
    let mut score = graded(given);
    score["userId"] = json!(user);
    score
}

impl Course {
    /// One whose platform takes one score at a time, each for an hour.
    async fn of_an_hour(store: Store) -> Self {
        let settings = json!({"grades": {"keepTryingHours": 1, "parallelPerPlatform": 1}});
        Self::with(store, settings).await
    }

    /// Scores that wait in a pause of ten minutes and then in one of an hour. The first was tried
    /// before the first pause, the second between the two. The last two are of one student.
    async fn in_pauses(&self) -> Vec<String> {
        let (gateway, lms) = (&self.school.gateway, &self.school.lms);
        lms.faults().set(Endpoint::Scores, busy());
        let mut waiting = vec![self.delivery(of("5", 8.0)).await];
        gateway.tried(&waiting[0]).await;
        for user in ["6", "7", "8"] {
            waiting.push(self.delivery(of(user, 8.0)).await);
        }
        let mut lower = of("8", 5.0);
        lower["onlyIfHigher"] = json!(true);
        waiting.push(self.delivery(lower).await);
        lms.faults().set(Endpoint::Scores, Fault::Busy { status: 429, seconds: HOUR });
        self.school.advance(u64::from(PAUSE) + 1);
        self.asked(Endpoint::Scores, 2).await;
        gateway.rests().await;
        waiting
    }

    /// Lets the time of all of them pass, but not the pause.
    fn later_in_the_pause(&self) {
        self.school.advance(u64::from(HOUR - PAUSE) + 60);
    }

    async fn refusals_told(&self) -> i64 {
        let told = "SELECT COUNT(*) FROM events WHERE type = 'grade.refused'";
        self.school.gateway.number(told).await
    }
}

#[both_stores("GR-7", "GR-8")]
async fn scores_without_a_turn_expire_at_a_busy_platform(store: Store) {
    let course = Course::of_an_hour(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let waiting = course.in_pauses().await;
    for id in [&waiting[3], &waiting[4]] {
        assert_eq!(gateway.state_of(id).await, "queued");
    }
    course.later_in_the_pause();
    for id in &waiting {
        gateway.until(id, "expired THROTTLED").await;
    }
    assert_eq!(lms.hits(Endpoint::Scores), 2, "none was tried for it");
    assert_eq!(course.refusals_told().await, 5);
    assert_eq!(gateway.told("grade.refused").await["reason"], "THROTTLED");
    let left = "SELECT COUNT(*) FROM jobs WHERE kind = 'score' AND ended_at IS NULL";
    assert_eq!(gateway.number(left).await, 0, "no job is left without a score");
    // They start again like any other.
    lms.faults().clear_all();
    course.school.advance(u64::from(HOUR));
    for id in [&waiting[0], &waiting[3]] {
        gateway.retry(id).await;
        gateway.until(id, "delivered").await;
    }
    assert_eq!(course.given(), [8.0, 8.0]);
}

#[cases("GR-7", "GR-12")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_overdue_score_ends_once_however_many_servers() {
    let course = Course::of_an_hour(Store::Postgres).await;
    let gateway = &course.school.gateway;
    // Before time is moved: a server that starts then finds a date that nothing explains.
    let _other = gateway.replica().await;
    let waiting = course.in_pauses().await;
    course.later_in_the_pause();
    for id in &waiting {
        gateway.until(id, "expired THROTTLED").await;
    }
    assert_eq!(course.refusals_told().await, 5);
}

#[both_stores("GR-11")]
async fn a_held_score_stays_held_in_a_pause(store: Store) {
    let course = Course::of_an_hour(store).await;
    let gateway = &course.school.gateway;
    let waiting = course.in_pauses().await;
    course.switch("deactivate").await;
    course.later_in_the_pause();
    course.school.lms.faults().clear_all();
    course.school.advance(u64::from(HOUR));
    assert_eq!(gateway.state_of(&waiting[2]).await, "held PLATFORM_INACTIVE");
    course.switch("activate").await;
    gateway.until(&waiting[2], "delivered").await;
}
