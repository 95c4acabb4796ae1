//! Behind a pooler in transaction mode: what is written beside launches.

use serde_json::json;

use super::receiver::Receiver;
use crate::platform_services::{Course, at};
use crate::pooler;
use crate::registered::Registered;
use crate::support::lms;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rosters_scores_events_and_jobs_pass_a_pooler() {
    let school = Registered::join(pooler::gateway().await, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gateway = &course.school.gateway;
    let receiver = Receiver::start().await;
    let (webhook, secret) = gateway.webhook(&receiver.url, json!(["roster.changed"])).await;
    // A roster, its event, and the job that tells a webhook of it.
    let page = course.ask("POST", "/api/memberships/sync", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let got = receiver.gets(1).await.remove(0);
    assert_eq!((got.kind().as_str(), got.signatures_by(&secret)), ("roster.changed", 1));
    let done = |deliveries: &serde_json::Value| deliveries[0]["state"] == "delivered";
    gateway.deliveries(&webhook, done).await;
    gateway.events("?types=roster.changed", 1).await;
    // A service key's place, its use and its revocation; a line item that is used.
    let key = course.service_key();
    let page = course.with_key(&key, "GET", "/api/memberships", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let score = json!({
        "userId": "5", "scoreGiven": 1, "scoreMaximum": 1, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    });
    let scores = format!("{}/scores", at(&course.line_item()));
    let page = course.with_key(&key, "POST", &scores, Some(score)).await;
    assert_eq!(page.status, 204, "{}", page.text());
    let list = gateway.ask("/admin/service-keys").await;
    let path = format!("/admin/service-keys/{}", list["serviceKeys"][0]["id"].as_str().unwrap());
    assert_eq!(gateway.admin("DELETE", &path, None).await.status, 204);
    assert_eq!(course.with_key(&key, "GET", "/api/memberships", None).await.status, 401);
}
