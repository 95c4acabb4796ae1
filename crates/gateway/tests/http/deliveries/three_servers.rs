//! Three servers on one store, one of which dies in the middle of its work.

use std::future::poll_fn;
use std::iter::{once, repeat_n};
use std::pin::pin;
use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::faults::{Fault, Gate};
use simulator::lms::{Endpoint, Ledger, SentWork};
use simulator::profiles::Profile;
use test_case::cases;
use tokio::runtime::{Builder, Runtime};

use super::replicas::STUDENTS;
use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::platform_services::profiles::lms_of;
use crate::registered::Registered;
use crate::support::{Gateway, Store, fixed};

/// How many scores a platform gets at the same time.
const AT_ONCE: usize = 4;

/// A runtime that is gone at once, with everything that is under way on it.
struct OwnRuntime(Option<Runtime>);

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A server that dies without a word when it is dropped.
struct MortalServer {
    gateway: Gateway,
    _runtime: OwnRuntime,
}

impl MortalServer {
    async fn beside(gateway: &Gateway) -> Self {
        let built = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let handle = built.handle().clone();
        let runtime = OwnRuntime(Some(built));
        let mut starting = pin!(gateway.replica());
        let gateway = poll_fn(|context| {
            let _inside = handle.enter();
            starting.as_mut().poll(context)
        });
        Self { gateway: gateway.await, _runtime: runtime }
    }
}

/// A score for a piece of work.
fn work(user: &str, attempt: &str, given: f64) -> Value {
    let mut score = graded(user, given);
    score["attempt"] = json!(attempt);
    score
}

impl Course {
    /// One whose tool sends scores in the background, on PostgreSQL, with servers that miss each
    /// other soon.
    async fn quickly_missed() -> Self {
        let quick = Fixed { job_beat: Duration::from_secs(2), ..fixed() };
        let settings = json!({"grades": {"delivery": "async", "parallelPerPlatform": AT_ONCE}});
        let gateway = Gateway::start_fixed(Store::Postgres, settings, &[], quick).await;
        let school = Registered::join(gateway, lms_of(Profile::canvas()).await).await;
        let launch = school.teacher();
        Self::of(school, launch).await
    }

    /// What the LMS has taken, as texts, in order of the students.
    fn taken_of_each(&self) -> Vec<String> {
        let taken = self.taken().into_iter();
        let texts = taken.map(|one| format!("{} {}", one["userId"], one["scoreGiven"]));
        let mut taken: Vec<_> = texts.collect();
        taken.sort_unstable();
        taken
    }
}

/// One answer is lost, and the others are waited for when it dies.
#[cases("GR-2", "GR-5", "GR-12", "GR-29")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_servers_dies_and_each_score_counts_once() {
    let course = Course::quickly_missed().await;
    let (first, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let second = first.replica().await;
    let third = MortalServer::beside(first).await;
    let held_back = repeat_n(Fault::Gated(gate.clone()), AT_ONCE);
    lms.faults().in_turn(Endpoint::Scores, once(Fault::Afterwards(500)).chain(held_back));
    let mut handed_in = Vec::new();
    for user in STUDENTS {
        handed_in.push(course.hand_in_at(&third.gateway, work(user, "1", 5.0)).await);
    }
    course.asked(Endpoint::Scores, 5).await;
    let newer = course.hand_in_at(&second, work("9", "2", 7.0)).await;
    drop(third);
    gate.open();
    for id in &handed_in[..4] {
        first.until(id, "delivered").await;
    }
    second.until(&newer, "delivered").await;
    // The one whose answer was lost was tried twice in any case.
    let taken_over = "SELECT COUNT(*) FROM jobs WHERE kind = 'score' AND attempts > 1";
    assert!(first.number(taken_over).await > 1);
    let mut distinct = course.taken_of_each();
    distinct.dedup();
    assert_eq!(course.taken_of_each(), distinct, "none is sent twice");
    let item = lms.line_items(&course.school.client_id)[0].id;
    let mut ledger = Ledger::default();
    for user in STUDENTS {
        ledger.sent(item, user, SentWork::new("1", 5.0, 10.0));
    }
    ledger.sent(item, "9", SentWork::new("2", 7.0, 10.0));
    let harm = lms.gradebook().harm(&ledger);
    assert!(harm.is_empty(), "{harm:?}");
}
