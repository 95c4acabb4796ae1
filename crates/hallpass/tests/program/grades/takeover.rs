//! A server dies, or is frozen, with a score in its hands: another one delivers it, once (grades.md
//! GR-12, GR-29). With the program's own rhythm.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::cases;
use tokio::time::Instant;

use super::class::Class;
use super::cluster::Cluster;
use super::quick_rules;
use crate::kills::{Store, told};
use crate::support::PATIENCE;

/// By when a second copy of a score would have come.
const LATECOMERS: Duration = Duration::from_secs(2);
/// By when another server has delivered what a dead one had in its hands, on a machine that does
/// nothing else, and beside other tests, which may keep it waiting.
const TAKEN_OVER: [Duration; 2] = [Duration::from_secs(30), Duration::from_secs(120)];

/// The maximum is left out, so that the line item is read before the score is sent.
fn bare_score() -> Value {
    json!({
        "userId": "5", "scoreGiven": 8, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        "comment": "Good", "attempt": "1", "submission": {"submittedAt": "2026-11-22T13:00:00Z"},
    })
}

/// A server that reads a line item, which takes a while, and the delivery that it does.
async fn under_way(slow: Duration) -> (Arc<Cluster>, Class, String) {
    let cluster = Cluster::start(Store::Postgres, 1, quick_rules(4)).await;
    let class = Class::at(&cluster, Profile::canvas()).await;
    let faults = class.lms.faults();
    faults.next(Endpoint::LineItem, 1, Fault::Late(slow));
    let delivery = class.send(&cluster, &bare_score(), "one").await;
    reaches(&class, Endpoint::LineItem).await;
    let id = delivery["id"].as_str().unwrap().to_owned();
    (cluster, class, id)
}

/// Waits until this was asked for.
async fn reaches(class: &Class, endpoint: Endpoint) {
    let asked = async {
        while class.lms.hits(endpoint) == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(2 * PATIENCE, asked).await;
    waited.unwrap_or_else(|_| panic!("never asked: {}", endpoint.title()));
}

/// By when it is delivered here: `scripts/fault-matrix` has the machine to itself.
fn in_time() -> Duration {
    let is_alone = told("TEST_MATRIX_PROFILES").is_some_and(|list| list == "all");
    TAKEN_OVER[usize::from(!is_alone)]
}

fn arrived_once(class: &Class) {
    let items = class.lms.line_items(&class.client_id);
    let item = items.iter().find(|item| item.id == class.item).unwrap();
    assert_eq!(item.received.len(), 1, "{:?}", item.received);
    let record = class.lms.gradebook().grade(class.item, "5").unwrap();
    assert_eq!((record.attempts, record.comments.len()), (1, 1));
}

#[expect(clippy::print_stdout, reason = "the figure, for scripts/fault-matrix")]
#[cases("GR-12", "GR-29")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_servers_score_is_delivered_by_another() {
    let (cluster, class, id) = under_way(2 * PATIENCE).await;
    // The first one does nothing more while the other starts, however long that takes.
    cluster.freeze(0);
    cluster.add_one().await;
    // The other one counts the silence from its own start, so nothing of it is over yet.
    let killed = Instant::now();
    cluster.kill(0).await;
    class.settle(&cluster, false, PATIENCE).await;
    let took = killed.elapsed();
    println!("a dead server's score was delivered after {took:?}");
    assert!(took <= in_time(), "{took:?}");
    assert_eq!(class.delivery(&cluster, &id).await["state"], "delivered");
    arrived_once(&class);
}

#[cases("GR-29")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_sends_nothing_that_another_sends() {
    // It is frozen before that is over, and others take longer to miss it.
    let (cluster, class, id) = under_way(Duration::from_secs(10)).await;
    let address = cluster.freeze(0);
    // The other takes it over, and is just sending it when the first one goes on.
    let slow = Fault::Late(Duration::from_secs(8));
    class.lms.faults().next(Endpoint::Scores, 1, slow);
    cluster.add_one().await;
    reaches(&class, Endpoint::Scores).await;
    cluster.thaw(0, address);
    class.settle(&cluster, false, 2 * PATIENCE).await;
    tokio::time::sleep(LATECOMERS).await;
    assert_eq!(class.delivery(&cluster, &id).await["state"], "delivered");
    assert_eq!(class.lms.hits(Endpoint::Scores), 1);
    arrived_once(&class);
}
