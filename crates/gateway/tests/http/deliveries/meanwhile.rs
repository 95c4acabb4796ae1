//! What operators do while an attempt is under way.

use std::time::Duration;

use serde_json::json;
use simulator::faults::{Fault, Gate, ScoreRefusal};
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{PATIENCE, PAUSE, busy, graded};
use crate::platform_services::Course;
use crate::support::{Gateway, Store};

impl Gateway {
    /// From now on, no job that has begun can be put off.
    async fn note_no_wait(&self, store: Store) {
        let statements: &[&str] = match store {
            Store::Sqlite => &["CREATE TRIGGER unnoted BEFORE UPDATE ON jobs \
                 WHEN OLD.state = 'running' AND NEW.state = 'queued' \
                 BEGIN SELECT RAISE(ABORT, 'not now'); END"],
            Store::Postgres => &[
                "CREATE FUNCTION unnoted() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'not now'; END $$",
                "CREATE TRIGGER unnoted BEFORE UPDATE ON jobs FOR EACH ROW \
                 WHEN (OLD.state = 'running' AND NEW.state = 'queued') EXECUTE FUNCTION unnoted()",
            ],
        };
        for statement in statements {
            self.meddle(statement).await;
        }
    }

    /// Now it can be again.
    async fn note_waits_again(&self, store: Store) {
        let statement = match store {
            Store::Sqlite => "DROP TRIGGER unnoted",
            Store::Postgres => "DROP TRIGGER unnoted ON jobs",
        };
        self.meddle(statement).await;
    }

    /// Waits until a delivery's job is begun.
    async fn begins(&self) {
        let sql = "SELECT COUNT(*) FROM jobs WHERE kind = 'score' AND state = 'running'";
        let waiting = async {
            while self.number(sql).await == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "it never begins");
    }
}

#[both_stores("GR-11")]
async fn what_goes_on_while_it_is_looked_at_waits_for_nothing(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let id = course.waiting(8.0).await;
    course.set_deployment("disabled").await;
    gateway.until(&id, "held DEPLOYMENT_INACTIVE").await;
    // A server finds it stopped. Before it can note that, the deployment is active again.
    gateway.note_no_wait(store).await;
    course.later();
    gateway.begins().await;
    course.set_deployment("active").await;
    gateway.note_waits_again(store).await;
    // No time passes.
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-11")]
async fn what_is_stopped_while_it_is_sent_is_held_afterwards(store: Store) {
    const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let gate = Gate::default();
    lms.faults().in_turn(Endpoint::Scores, [Fault::Gated(gate.clone()), Fault::Status(500)]);
    let id = course.delivery(graded(8.0)).await;
    course.asked(Endpoint::Scores, 1).await;
    course.switch("deactivate").await;
    // The request is refused for its token, and fails with the next one.
    lms.forget_access_tokens();
    gate.open();
    gateway.tried(&id).await;
    assert_eq!(gateway.state_of(&id).await, "held PLATFORM_INACTIVE");
    assert_eq!(gateway.told("grade.held").await["reason"], "PLATFORM_INACTIVE");
    // The time that it is held doesn't count.
    course.school.advance(EIGHT_DAYS);
    lms.faults().next(Endpoint::Scores, 1, Fault::Status(500));
    course.switch("activate").await;
    course.asked(Endpoint::Scores, 3).await;
    gateway.until(&id, "unknown").await;
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-11")]
async fn what_is_stopped_while_it_is_looked_up_is_not_sent(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    lms.faults().next(Endpoint::Results, 1, Fault::Gated(gate.clone()));
    let id = course.delivery(graded(8.0)).await;
    course.asked(Endpoint::Results, 1).await;
    course.switch("deactivate").await;
    gate.open();
    gateway.rests().await;
    assert_eq!(gateway.state_of(&id).await, "held PLATFORM_INACTIVE");
    assert_eq!(lms.hits(Endpoint::Scores), 0);
    course.switch("activate").await;
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-26")]
async fn a_retry_during_an_attempt_is_another_attempt(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let gate = Gate::default();
    lms.faults().in_turn(Endpoint::Results, [Fault::Gated(gate.clone()), Fault::Status(500)]);
    let id = course.delivery(graded(8.0)).await;
    course.asked(Endpoint::Results, 1).await;
    gateway.retry(&id).await;
    // The attempt that was under way fails.
    lms.forget_access_tokens();
    gate.open();
    // No time passes.
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    assert!(lms.hits(Endpoint::Results) > 2);
}

#[both_stores("GR-8", "GR-26")]
async fn a_retry_during_the_last_attempt_is_another_attempt(store: Store) {
    let settings = json!({"grades": {"schedule": [0, PAUSE], "keepTryingHours": 1}});
    let course = Course::with(store, settings).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let gate = Gate::default();
    lms.faults().in_turn(Endpoint::Results, [Fault::Gated(gate.clone()), Fault::Status(500)]);
    let id = course.delivery(graded(8.0)).await;
    course.asked(Endpoint::Results, 1).await;
    // There is no time for another one.
    course.school.advance(2 * 60 * 60);
    gateway.retry(&id).await;
    // The attempt that was under way fails.
    lms.forget_access_tokens();
    gate.open();
    // No time passes.
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// The attempt that was under way says nothing about the student.
#[both_stores("GR-10", "GR-26")]
async fn a_retry_during_an_attempt_begins_a_wait_anew(store: Store) {
    const DAY: u64 = 24 * 60 * 60;
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let refusal = || ScoreRefusal::BrightspaceNotEnrolled.fault();
    lms.faults().next(Endpoint::Scores, 1, refusal());
    let id = course.delivery(graded(8.0)).await;
    gateway.until(&id, "held NOT_ENROLLED").await;
    gateway.rests().await;
    let gate = Gate::default();
    lms.faults().in_turn(Endpoint::Results, [Fault::Gated(gate.clone()), busy()]);
    let hits = lms.hits(Endpoint::Results);
    course.school.advance(6 * DAY);
    course.asked(Endpoint::Results, hits + 1).await;
    gateway.retry(&id).await;
    lms.forget_access_tokens();
    gate.open();
    course.asked(Endpoint::Results, hits + 2).await;
    gateway.rests().await;
    assert_eq!(gateway.state_of(&id).await, "held NOT_ENROLLED");
    lms.faults().next(Endpoint::Scores, 1, refusal());
    course.school.advance(2 * DAY);
    course.asked(Endpoint::Scores, 2).await;
    gateway.rests().await;
    assert_eq!(gateway.state_of(&id).await, "held NOT_ENROLLED");
}

#[both_stores("GR-12")]
async fn what_is_left_of_a_former_claim_sends_nothing(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let (first, second) = (Gate::default(), Gate::default());
    let faults = [Fault::Gated(first.clone()), Fault::Gated(second.clone())];
    lms.faults().in_turn(Endpoint::Results, faults);
    let id = course.delivery(graded(8.0)).await;
    course.asked(Endpoint::Results, 1).await;
    // The job was given back, and the same server claims it again.
    gateway.meddle("UPDATE jobs SET state = 'queued', owner = NULL WHERE kind = 'score'").await;
    course.asked(Endpoint::Results, 2).await;
    first.open();
    second.open();
    gateway.until(&id, "delivered").await;
    assert_eq!(lms.hits(Endpoint::Scores), 1);
    assert_eq!(course.given(), [8.0]);
}
