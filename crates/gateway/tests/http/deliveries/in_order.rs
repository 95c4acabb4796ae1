//! One order for scores that are sent at once and those in the background, also while some of them are on their way.

use std::time::Duration;

use simulator::faults::{Fault, Gate};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::graded;
use super::ways::course_at;
use crate::platform_services::{Course, assert_error};
use crate::support::Store;

/// What would come too soon comes within this time.
const SOON: Duration = Duration::from_millis(500);

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
