//! One cell of the matrix: one LMS, one trouble, and a server that is killed in the middle of it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::lms::{Harm, Ledger, SentWork};
use simulator::profiles::Profile;

use super::class::Class;
use super::cluster::Cluster;
use super::scenarios::{Ends, Scenario, Trouble};

/// How long the trouble goes on behind the kill.
const AFTERWARDS: Duration = Duration::from_secs(1);
/// By when a second copy of a score would have come.
const LATECOMERS: Duration = Duration::from_millis(500);
/// By when every delivery has ended. A server takes over a dead one's jobs after 25 seconds, and every cell has one killed; then
/// there are pauses of half a minute, and a machine that is busy with other tests.
const SETTLED: Duration = Duration::from_secs(5 * 60);
/// The handle of the line item that is made.
const RESOURCE: &str = "essay-1";

/// What came of a cell.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What the oracle found.
    pub(super) harms: Vec<Harm>,
    /// What is wrong with the deliveries, or with the line items.
    pub(super) odd: Vec<String>,
    /// Scores that were acknowledged.
    pub(super) sent: usize,
}

/// A score that was acknowledged.
struct Handed {
    user: &'static str,
    work: SentWork,
    delivery: String,
    by_handle: bool,
}

struct Cell {
    cluster: Arc<Cluster>,
    class: Class,
    scenario: Scenario,
    handed: Vec<Handed>,
    submitted_at: String,
}

/// Runs a cell from a fresh LMS to the judgement.
pub(super) async fn run(cluster: Arc<Cluster>, profile: Profile, scenario: Scenario) -> Outcome {
    let class = Class::at(&cluster, profile).await;
    let mut cell = Cell {
        submitted_at: class.lms.clock().now().to_string(),
        cluster,
        class,
        scenario,
        handed: Vec::new(),
    };
    // One grade is there before anything goes wrong.
    let first = SentWork::new("one", 40.0, 100.0).comment("First");
    cell.hand_over("5", first).await;
    cell.settle(true).await;
    let columns = cell.columns();
    scenario.trouble.begin(&cell.cluster, &cell.class).await;
    for (user, given) in [("5", 55.0), ("6", 56.0), ("7", 57.0)] {
        // Graded twice, which is one piece of work with one comment.
        for more in [0.0, 10.0] {
            let work = SentWork::new("two", given + more, 100.0).comment("Second");
            cell.hand_over(user, work).await;
        }
    }
    match scenario.trouble {
        Trouble::Frozen => cell.cluster.another_freeze().await,
        _ => cell.cluster.another_kill().await,
    }
    tokio::time::sleep(AFTERWARDS).await;
    scenario.trouble.end(&cell.class);
    cell.settle(scenario.may_end == Ends::RefusedOrHeld).await;
    cell.go_on().await;
    tokio::time::sleep(LATECOMERS).await;
    cell.judge(columns).await
}

impl Cell {
    /// What is done once the trouble is over.
    async fn go_on(&mut self) {
        match self.scenario.trouble {
            Trouble::HandleAgain => {
                for (user, given) in [("5", 75.0), ("6", 76.0), ("7", 77.0)] {
                    let work = SentWork::new("two", given, 100.0).comment("Second");
                    self.hand_over(user, work).await;
                }
            }
            Trouble::RetriedAll => {
                // Only Canvas has words that are known for it.
                for reason in ["COURSE_CONCLUDED", "OTHER"] {
                    self.class.retry_all(&self.cluster, reason).await;
                }
            }
            Trouble::Repaired => {
                let gradebook = self.class.lms.gradebook();
                gradebook.lose_grade(self.class.item, "6").unwrap();
                let repaired = self.class.repair(&self.cluster).await;
                // A server that died with the answer has repaired it already.
                assert!(
                    repaired == json!(["6"]) || repaired == json!([]),
                    "{repaired}"
                );
            }
            _ => return,
        }
        self.settle(false).await;
    }

    /// Hands a score over to the gateway.
    async fn hand_over(&mut self, user: &'static str, work: SentWork) {
        let score = json!({
            "userId": user, "scoreGiven": work.given, "scoreMaximum": work.maximum,
            "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "comment": work.comment, "attempt": work.work,
            "submission": {"submittedAt": self.submitted_at},
        });
        let key = format!("{}-{}", self.class.platform, self.handed.len());
        let is_made = self.scenario.trouble.is_by_handle();
        let by_handle = is_made && !self.handed.is_empty();
        let (class, cluster) = (&self.class, &self.cluster);
        let delivery = if by_handle {
            class.send_by_handle(cluster, RESOURCE, &score, &key).await
        } else {
            class.send(cluster, &score, &key).await
        };
        self.handed.push(Handed {
            user,
            work,
            delivery: delivery["id"].as_str().unwrap().to_owned(),
            by_handle,
        });
    }

    async fn settle(&self, held: bool) {
        self.class.settle(&self.cluster, held, SETTLED).await;
    }

    /// How many line items the LMS has.
    fn columns(&self) -> usize {
        self.class.lms.line_items(&self.class.client_id).len()
    }

    async fn judge(&self, columns_before: usize) -> Outcome {
        let mut outcome = Outcome {
            sent: self.handed.len(),
            ..Outcome::default()
        };
        let expected = match self.scenario.trouble {
            Trouble::Deleted => columns_before - 1,
            trouble if trouble.is_by_handle() => columns_before + 1,
            _ => columns_before,
        };
        if self.columns() != expected {
            let odd = format!("{} line items instead of {expected}", self.columns());
            outcome.odd.push(odd);
        }
        let items = self.class.lms.line_items(&self.class.client_id);
        let made = items
            .iter()
            .find(|item| item.members.get("resourceId") == Some(&json!(RESOURCE)));
        let made = made.map_or(0, |item| item.id);
        let mut ledger = Ledger::default();
        for (number, handed) in self.handed.iter().enumerate() {
            let delivery = self.class.delivery(&self.cluster, &handed.delivery).await;
            let mut later = self.handed.iter().skip(number + 1);
            let is_last = !later
                .any(|later| later.user == handed.user && later.by_handle == handed.by_handle);
            outcome.odd.extend(self.odd(&delivery, is_last));
            let item = if handed.by_handle {
                made
            } else {
                self.class.item
            };
            let at = ledger.sent(item, handed.user, handed.work.clone());
            if delivery["state"] != "delivered" {
                ledger.refused(item, handed.user, at);
            }
        }
        outcome.harms = self.class.lms.gradebook().harm(&ledger);
        outcome
    }

    /// What is wrong with the end of a delivery.
    fn odd(&self, delivery: &Value, is_last: bool) -> Option<String> {
        let may_end = self.scenario.may_end;
        let is_right = match delivery["state"].as_str().unwrap_or_default() {
            "delivered" => true,
            "superseded" => !is_last,
            "refused" => may_end != Ends::Delivered && delivery["reason"].is_string(),
            "held" => may_end == Ends::RefusedOrHeld,
            _ => false,
        };
        (!is_right).then(|| format!("{delivery}"))
    }
}
