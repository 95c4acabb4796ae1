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
/// By when every delivery has ended. A server takes over a dead one's jobs after 25 seconds, and
/// every cell has one killed; then there are pauses of half a minute, and a machine that is busy
/// with other tests.
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
    /// How scores may end.
    may_end: Ends,
    handed: Vec<Handed>,
    submitted_at: String,
}

/// Runs a cell from a fresh LMS to the judgement.
pub(super) async fn run(cluster: Arc<Cluster>, profile: Profile, scenario: Scenario) -> Outcome {
    let trouble = scenario.trouble;
    let may_end = scenario.ends_at(&profile);
    let class = Class::at(&cluster, trouble.prepared(profile)).await;
    if matches!(trouble, Trouble::Thirds) {
        let gradebook = class.lms.gradebook();
        gradebook.set_maximum(class.item, 10.0).unwrap();
    }
    let mut cell = Cell {
        may_end,
        submitted_at: class.lms.clock().now().to_string(),
        cluster,
        class,
        scenario,
        handed: Vec::new(),
    };
    // One grade is there before anything goes wrong.
    let first = SentWork::new("one", 40.0, trouble.maximum()).comment("First");
    cell.hand_over("5", first).await;
    cell.settle(true).await;
    let columns = cell.columns();
    trouble.begin(&cell.cluster, &cell.class).await;
    // Graded twice, which is one piece of work with one comment.
    for (user, given) in [("5", 55.0), ("6", 56.0), ("7", 57.0)] {
        for more in [0.0, 10.0] {
            cell.hand_over(user, cell.second(given + more)).await;
        }
    }
    match trouble {
        Trouble::Frozen => cell.cluster.another_freeze().await,
        _ => cell.cluster.another_kill().await,
    }
    tokio::time::sleep(AFTERWARDS).await;
    trouble.end(&cell.class);
    cell.settle(may_end == Ends::RefusedOrHeld).await;
    cell.go_on().await;
    tokio::time::sleep(LATECOMERS).await;
    cell.judge(columns).await
}

impl Cell {
    /// What is done once the trouble is over.
    async fn go_on(&mut self) {
        match self.scenario.trouble {
            Trouble::HandleAgain | Trouble::Thirds => {
                for (user, given) in [("5", 75.0), ("6", 76.0), ("7", 77.0)] {
                    self.hand_over(user, self.second(given)).await;
                }
            }
            Trouble::ByHand => self.put_before_the_teacher().await,
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

    /// A score of the second piece of work.
    fn second(&self, given: f64) -> SentWork {
        let maximum = self.scenario.trouble.maximum();
        SentWork::new("two", given, maximum).comment("Second")
    }

    /// A final score of a piece of work.
    fn score(&self, user: &str, work: &SentWork) -> Value {
        json!({
            "userId": user, "scoreGiven": work.given, "scoreMaximum": work.maximum,
            "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "comment": work.comment, "attempt": work.work,
            "submission": {"submittedAt": self.submitted_at},
        })
    }

    /// Sends a score that a teacher is to confirm, of someone who has a grade. At Canvas it is one;
    /// elsewhere it would take the grade away, so it is not taken.
    async fn put_before_the_teacher(&mut self) {
        let work = self.second(99.0);
        let mut score = self.score("5", &work);
        score["gradingProgress"] = json!("PendingManual");
        let page = self.class.try_send(&self.cluster, &score).await;
        match page.status {
            202 => self.handed.push(Handed {
                user: "5",
                work,
                delivery: page.json().unwrap()["id"].as_str().unwrap().to_owned(),
                by_handle: false,
            }),
            status => assert_eq!(status, 409, "{}", page.text()),
        }
    }

    /// Hands a score over to the gateway.
    async fn hand_over(&mut self, user: &'static str, work: SentWork) {
        let score = self.score(user, &work);
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
        let may_end = self.may_end;
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
