//! Many scores at once, while the LMS fails three calls of ten and both sides are restarted: in the
//! end the LMS has the last score of every student, once in effect and in order.
//!
//! `scripts/score-flood` sends 20,000; the suite, some hundred.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Ledger, SentWork};
use simulator::people::{Person, Position};
use simulator::profiles::Profile;
use test_case::both_stores;

use super::class::Class;
use super::cluster::Cluster;
use super::quick_rules;
use crate::kills::{Store, told};
use crate::support::PATIENCE;

/// Scores of a test that is not told otherwise.
const FEW: usize = 240;
/// Scores of each student.
const OF_EACH: usize = 8;
/// How many of them are about one piece of work.
const OF_A_WORK: usize = 2;
/// Senders at once; a student's scores are all sent by one.
const SENDERS: usize = 16;
/// Of a hundred calls.
const FAILING: u32 = 30;
/// How long a server stays dead, and the LMS down.
const DEAD: Duration = Duration::from_millis(500);
/// What the longer form is given for each score, beside the usual patience.
const FOR_EACH: Duration = Duration::from_millis(100);

struct Flood {
    cluster: Arc<Cluster>,
    class: Class,
    students: usize,
    acknowledged: AtomicUsize,
    ledger: Mutex<Ledger>,
}

#[expect(clippy::print_stdout, reason = "figures, for scripts/score-flood")]
#[both_stores("GR-5", "GR-12", "GR-29")]
async fn a_flood_of_scores_arrives_once_and_in_order(store: Store) {
    let scores = told("TEST_FLOOD_SCORES").map_or(FEW, |scores| scores.parse().unwrap());
    let (kills, restarts, replicas) = if scores > FEW { (5, 2, 3) } else { (2, 1, 2) };
    let cluster = Cluster::start(store, replicas, quick_rules(16)).await;
    let class = Class::at(&cluster, Profile::canvas()).await;
    let students = scores.div_ceil(OF_EACH);
    for number in 0..students {
        class.lms.add_person(student(number));
    }
    let flood = Flood {
        cluster,
        class,
        students,
        acknowledged: AtomicUsize::new(0),
        ledger: Mutex::default(),
    };
    flood.fail();
    let senders = join_all((0..SENDERS).map(|sender| flood.send(sender)));
    tokio::join!(senders, flood.kill(kills), flood.restart(restarts));
    flood.class.lms.faults().clear_all();
    let patience = 2 * PATIENCE + FOR_EACH * u32::try_from(scores).unwrap();
    flood.class.settle(&flood.cluster, false, patience).await;
    let counts = flood.class.counts(&flood.cluster).await;
    println!("{store:?}: {} scores, {counts:?}", flood.total());
    let of = |state: &str| counts.get(state).copied().unwrap_or_default();
    // A server that was killed between a score and its answer took it, and it is sent again.
    let taken = of("delivered") + of("superseded");
    assert!(taken >= flood.total() as u64, "{counts:?}");
    assert_eq!(taken, counts.values().sum::<u64>(), "{counts:?}");
    let ledger = flood.ledger.lock().unwrap();
    assert_eq!(ledger.len(), flood.total());
    let harms = flood.class.lms.gradebook().harm(&ledger);
    let told: Vec<String> = harms.iter().take(10).map(ToString::to_string).collect();
    assert!(harms.is_empty(), "{} harms: {told:#?}", harms.len());
}

impl Flood {
    fn total(&self) -> usize {
        self.students * OF_EACH
    }

    /// From now on three calls of ten fail, each in one of many ways.
    fn fail(&self) {
        let faults = self.class.lms.faults();
        let ways = || {
            [
                Fault::Drop,
                Fault::Cut,
                Fault::Status(500),
                Fault::Status(502),
                Fault::Afterwards(500),
                Fault::Halfway(503),
                Fault::Garbled,
            ]
        };
        for endpoint in [Endpoint::Scores, Endpoint::Results, Endpoint::Token] {
            faults.often(endpoint, FAILING, ways());
        }
    }

    /// One sender's students, each score after the one before.
    async fn send(&self, sender: usize) {
        let submitted_at = self.class.lms.clock().now().to_string();
        for number in 0..OF_EACH {
            for student in (sender..self.students).step_by(SENDERS) {
                let user = format!("s{student}");
                let work = format!("work-{}", number / OF_A_WORK);
                // No two of a student's scores are the same.
                let given = (number * 10 + student % 10) as f64;
                let score = json!({
                    "userId": user, "scoreGiven": given, "scoreMaximum": 100,
                    "activityProgress": "Completed", "gradingProgress": "FullyGraded",
                    "comment": work, "attempt": work, "submission": {"submittedAt": submitted_at},
                });
                let key = format!("flood-{student}-{number}");
                self.class.send(&self.cluster, &score, &key).await;
                let sent = SentWork::new(&work, given, 100.0).comment(&work);
                self.ledger
                    .lock()
                    .unwrap()
                    .sent(self.class.item, &user, sent);
                self.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Waits until this share of the scores was acknowledged.
    async fn reaches(&self, part: usize, of: usize) {
        let wanted = self.total() * part / of;
        while self.acknowledged.load(Ordering::Relaxed) < wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills servers, one at a time, at even distances.
    async fn kill(&self, kills: usize) {
        for kill in 1..=kills {
            self.reaches(kill, kills + 1).await;
            self.cluster.kill_one(DEAD).await;
        }
    }

    /// Restarts the LMS so many times.
    async fn restart(&self, restarts: usize) {
        for restart in 1..=restarts {
            self.reaches(2 * restart - 1, 2 * restarts).await;
            self.class.lms.go_down();
            tokio::time::sleep(DEAD).await;
            self.class.lms.come_up().await.unwrap();
        }
    }
}

fn student(number: usize) -> Person {
    Person {
        id: format!("s{number}"),
        username: format!("student{number}"),
        given_name: "Ada".to_owned(),
        family_name: format!("Number {number}"),
        email: format!("student{number}@example.com"),
        sourcedid: format!("sis-{number}"),
        position: Position::Student,
    }
}
