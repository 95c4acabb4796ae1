//! One order for scores that are sent at once and those in the background, also while some of them
//! are on their way.

use std::time::Duration;

use serde_json::json;
use simulator::faults::{Fault, Gate};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::{both_stores, cases};

use super::ways::course_at;
use super::{PATIENCE, graded};
use crate::platform_services::{Course, assert_error, at};
use crate::support::Store;

/// What would come too soon comes within this time.
const SOON: Duration = Duration::from_millis(500);
/// Less than a score at once waits for an earlier one.
const NO_WAIT: Duration = Duration::from_secs(12);

impl Course {
    /// Whether the LMS gets so many scores before long.
    async fn gets_scores(&self, times: u64) -> bool {
        let asked = self.asked(Endpoint::Scores, times);
        tokio::time::timeout(SOON, asked).await.is_ok()
    }
}

/// Sakai looks at no time, so nothing but our own order keeps scores apart.
#[both_stores("GR-5")]
async fn a_score_at_once_waits_for_one_on_its_way(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let older = course.delivery(graded(1.0)).await;
    course.asked(Endpoint::Scores, 1).await;
    let opens = async {
        let is_overtaken = course.gets_scores(2).await;
        gate.open();
        assert!(!is_overtaken);
    };
    let newer = graded(2.0);
    tokio::join!(course.sends(&newer), opens);
    gateway.until(&older, "delivered").await;
    assert_eq!(course.given(), [1.0, 2.0]);
}

#[both_stores("GR-5")]
async fn an_older_score_waits_for_one_sent_at_once(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let faults = [Fault::Status(500), Fault::Gated(gate.clone())];
    lms.faults().in_turn(Endpoint::Scores, faults);
    let older = course.delivery(graded(1.0)).await;
    gateway.until(&older, "unknown").await;
    let opens = async {
        course.asked(Endpoint::Scores, 2).await;
        let looked = lms.hits(Endpoint::Results);
        let path = format!("/api/deliveries/{older}/retry");
        let page = gateway.admin("POST", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        course.asked(Endpoint::Results, looked + 1).await;
        let is_sent = course.gets_scores(3).await;
        gate.open();
        assert!(!is_sent);
    };
    let newer = graded(2.0);
    tokio::join!(course.sends(&newer), opens);
    gateway.until(&older, "superseded NEWER_SCORE").await;
    assert_eq!(course.given(), [2.0]);
}

/// Its job is put off, and is due as soon as the other has arrived: no time passes.
#[both_stores("GR-5")]
async fn a_newer_score_waits_for_one_sent_at_once(store: Store) {
    const PUT_OFF: &str = "SELECT COUNT(*) FROM jobs WHERE kind = 'score' AND state = 'queued' \
                           AND due_at > created_at";
    let course = course_at(store, Profile::sakai()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let follows = async {
        course.asked(Endpoint::Scores, 1).await;
        let newer = course.delivery(graded(2.0)).await;
        let waiting = async {
            while gateway.number(PUT_OFF).await == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waits = tokio::time::timeout(PATIENCE, waiting).await;
        gate.open();
        assert!(waits.is_ok(), "it doesn't wait");
        newer
    };
    let older = graded(1.0);
    let ((), newer) = tokio::join!(course.sends(&older), follows);
    gateway.until(&newer, "delivered").await;
    assert_eq!(course.given(), [1.0, 2.0]);
}

/// The gradebook has lost a score, and is just getting a newer one.
#[both_stores("GR-5", "GR-27")]
async fn a_repair_gives_way_to_a_score_sent_at_once(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let lost = course.delivery(graded(1.0)).await;
    gateway.until(&lost, "delivered").await;
    let item = lms.line_items(&course.school.client_id)[0].id;
    lms.gradebook().lose_grade(item, "5").unwrap();
    lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let repairs = async {
        course.asked(Endpoint::Scores, 2).await;
        let found = course.repairs().await;
        gate.open();
        assert_eq!((&found["missing"], &found["repaired"]), (&json!(["5"]), &json!([])));
    };
    let newer = graded(2.0);
    tokio::join!(course.sends(&newer), repairs);
    gateway.rests().await;
    assert_eq!(course.given(), [1.0, 2.0]);
}

#[both_stores("GR-2", "GR-5")]
async fn an_older_score_gives_way_to_one_that_was_lost(store: Store) {
    for profile in [Profile::sakai(), Profile::canvas()] {
        let name = profile.name;
        let course = course_at(store, profile).await;
        let (gateway, lms) = (&course.school.gateway, &course.school.lms);
        let faults = [Fault::Status(500), Fault::Afterwards(500)];
        lms.faults().in_turn(Endpoint::Scores, faults);
        let older = course.delivery(graded(1.0)).await;
        gateway.until(&older, "unknown").await;
        course.school.advance(2);
        let page = course.post_score(&graded(2.0), &[]).await;
        assert_error(name, &page, 502, "PLATFORM_FAILED");
        course.later();
        gateway.until(&older, "superseded NEWER_SCORE").await;
        assert_eq!(course.given(), [2.0], "{name}");
    }
}

/// Each server sees what the other one is sending.
#[cases("GR-5")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scores_at_once_keep_their_order_on_two_servers() {
    let course = course_at(Store::Postgres, Profile::sakai()).await;
    let replica = course.school.gateway.replica().await;
    let (lms, gate) = (&course.school.lms, Gate::default());
    lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let path = format!("{}/scores", at(&course.line_item()));
    let (older, newer) = (graded(1.0), graded(2.0));
    let overtakes = async {
        course.asked(Endpoint::Scores, 1).await;
        let opens = async {
            let is_overtaken = course.gets_scores(2).await;
            gate.open();
            assert!(!is_overtaken);
        };
        let (page, ()) = tokio::join!(course.ask_at(&replica, &path, newer), opens);
        assert_eq!(page.status, 204, "{}", page.text());
    };
    tokio::join!(course.sends(&older), overtakes);
    assert_eq!(course.given(), [1.0, 2.0]);
}

/// What a dead server was sending, or one whose answer got lost, is on its way no more.
#[both_stores("GR-5")]
async fn a_score_at_once_waits_for_nothing_that_was_lost(store: Store) {
    let course = course_at(store, Profile::sakai()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    lms.faults().in_turn(Endpoint::Scores, [Fault::Status(500), Fault::Status(500)]);
    let older = course.delivery(graded(1.0)).await;
    gateway.until(&older, "unknown").await;
    gateway.meddle("UPDATE score_deliveries SET state = 'sending'").await;
    let newer = graded(2.0);
    let sends = async {
        let page = course.post_score(&newer, &[]).await;
        assert_error("the platform failed", &page, 502, "PLATFORM_FAILED");
        course.school.advance(2);
        course.sends(&newer).await;
    };
    assert!(tokio::time::timeout(NO_WAIT, sends).await.is_ok(), "it waited");
    assert_eq!(course.given(), [2.0]);
}
