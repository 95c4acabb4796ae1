//! A server whose disk is full takes no scores, and loses none (grades.md GR-12).

use std::time::Duration;

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::cases;

use super::class::Class;
use super::cluster::Cluster;
use super::quick_rules;
use crate::kills::Store;
use crate::readiness::limit_files;
use crate::support::PATIENCE;

fn score_of(user: &str) -> Value {
    json!({
        "userId": user, "scoreGiven": 80, "scoreMaximum": 100, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    })
}

/// PostgreSQL's own disk is in the tests over HTTP.
#[cases("GR-12")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_new_scores_and_keeps_the_old() {
    let cluster = Cluster::start(Store::Sqlite, 1, quick_rules(4)).await;
    let class = Class::at(&cluster, Profile::moodle()).await;
    let busy = Fault::Busy {
        status: 429,
        seconds: 1,
    };
    class.lms.faults().set(Endpoint::Scores, busy);
    let kept = class.send(&cluster, &score_of("5"), "kept").await;
    let tried = async {
        while class.lms.hits(Endpoint::Scores) == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, tried).await.unwrap();
    limit_files(cluster.process(0), Some(0));
    let page = class.try_send(&cluster, &score_of("6")).await;
    limit_files(cluster.process(0), None);
    assert_eq!(page.status, 507, "{}", page.text());
    assert!(page.text().contains("NO_SPACE"), "{}", page.text());

    class.lms.faults().clear_all();
    class.settle(&cluster, false, 2 * PATIENCE).await;
    let kept = class.delivery(&cluster, kept["id"].as_str().unwrap()).await;
    assert_eq!(kept["state"], "delivered", "{kept}");
    let scores = class.lms.gradebook();
    assert!(scores.grade(class.item, "6").is_none(), "it was not taken");
    class.send(&cluster, &score_of("6"), "again").await;
    class.settle(&cluster, false, 2 * PATIENCE).await;
    assert!(scores.grade(class.item, "6").is_some());
}
