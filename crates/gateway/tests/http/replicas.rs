//! What is changed at one replica holds there at once and at the others within seconds, however
//! warm their caches are.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Page;

use crate::registered::{Registered, ltik_of};
use crate::secret_key::crossing;
use crate::support::{Gateway, SOON, Store, fixed_and_hurried};

/// Waits until a launch that ends at the replica is answered so.
async fn comes(case: &str, school: &Registered, replica: &Gateway, wanted: impl Fn(&Page) -> bool) {
    let seen = async {
        loop {
            let page = crossing(school, &school.gateway, replica).await;
            if wanted(&page) {
                return;
            }
        }
    };
    let waited = tokio::time::timeout(SOON, seen).await;
    assert!(waited.is_ok(), "{case} is not seen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replicas_change_applies_within_seconds() {
    let school = Registered::new(Store::Postgres).await;
    let replica = school.gateway.replica().await;
    let platform = format!("/admin/platforms/{}", school.platform_id);
    let change = async |method: &str, path: &str, body: Option<Value>| {
        let page = school.gateway.admin(method, path, body).await;
        assert!(matches!(page.status, 200 | 204), "{path}: {}", page.text());
    };
    // At the replica that made the change, and then at the other.
    let refused = async |case: &str, status: u16, code: &'static str| {
        school.refuses("here at once", school.student(), status, code).await;
        comes(case, &school, &replica, |page| page.text().contains(code)).await;
    };
    let accepted = |page: &Page| page.status == 303;
    comes("warm", &school, &replica, accepted).await;
    let deployment = school.gateway.admin("GET", &format!("{platform}/deployments"), None).await;
    let deployment = deployment.json().unwrap()["deployments"][0]["deploymentId"].clone();
    let deployment = format!("{platform}/deployments/{}", deployment.as_str().unwrap());

    change("PATCH", &deployment, Some(json!({"status": "disabled"}))).await;
    refused("a stopped deployment", 403, "DEPLOYMENT_DISABLED").await;
    change("PATCH", &deployment, Some(json!({"status": "active"}))).await;
    comes("a deployment", &school, &replica, accepted).await;

    change("PUT", &format!("{platform}/blocked/5"), None).await;
    refused("a block", 403, "PERSON_BLOCKED").await;
    change("DELETE", &format!("{platform}/blocked/5"), None).await;
    comes("its end", &school, &replica, accepted).await;

    // Another key set: what was kept of the old one is good for nothing.
    let right = school.gateway.admin("GET", &platform, None).await.json().unwrap();
    let mut elsewhere = right.clone();
    elsewhere["authConfig"]["key"] = json!(school.lms.endpoints().issuer);
    change("PUT", &platform, Some(elsewhere)).await;
    assert_eq!(school.launch(&school.student()).await.status, 503, "here at once");
    comes("another key set", &school, &replica, |page| page.status == 503).await;
    change("PUT", &platform, Some(right.clone())).await;
    comes("the right key set", &school, &replica, accepted).await;

    let mut strict = right;
    strict["launch"] = json!({"algorithms": ["PS256"]});
    change("PUT", &platform, Some(strict.clone())).await;
    refused("a platform's rules", 401, "ALG_NOT_ALLOWED").await;
    strict["launch"] = json!({});
    change("PUT", &platform, Some(strict)).await;
    comes("their end", &school, &replica, accepted).await;

    // A launch that began before it.
    change("POST", &format!("{platform}/deactivate"), None).await;
    let while_platform = async |is: fn(Option<bool>) -> bool| {
        let seen = async {
            loop {
                let platform = replica.app.platforms.by_id(&school.platform_id).await.unwrap();
                if !is(platform.map(|platform| platform.active)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(SOON, seen).await.unwrap();
    };
    while_platform(|active| active.unwrap()).await;
    change("DELETE", &platform, None).await;
    while_platform(|active| active.is_some()).await;
}

/// The session of a launch: what the application reads of it, with everything in memory at both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_at_another_replica_within_seconds() {
    let school = Registered::new(Store::Postgres).await;
    let replica = school.gateway.replica().await;
    let ltik = ltik_of("launch", &school.launch(&school.student()).await);
    let platform = format!("/admin/platforms/{}", school.platform_id);
    let list = school.gateway.admin("GET", &format!("{platform}/deployments"), None).await;
    let deployment = list.json().unwrap()["deployments"][0]["deploymentId"].clone();
    let deployment = format!("{platform}/deployments/{}", deployment.as_str().unwrap());
    let status = |status: &str| Some(json!({"status": status}));
    assert_eq!(replica.idtoken(&ltik, "").await.status, 200, "warm");
    for (method, path, body, wanted) in [
        ("PUT", format!("{platform}/blocked/5"), None, 401),
        ("DELETE", format!("{platform}/blocked/5"), None, 200),
        ("PATCH", deployment.clone(), status("disabled"), 401),
        ("PATCH", deployment, status("active"), 200),
        ("POST", format!("{platform}/deactivate"), None, 401),
    ] {
        let page = school.gateway.admin(method, &path, body).await;
        assert!(matches!(page.status, 200 | 204), "{path}: {}", page.text());
        assert_eq!(school.gateway.idtoken(&ltik, "").await.status, wanted, "here: {path}");
        let seen = async {
            while replica.idtoken(&ltik, "").await.status != wanted {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(SOON, seen).await;
        assert!(waited.is_ok(), "{method} {path} is not seen at the replica");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_picked_up_while_the_store_is_busy() {
    use sqlx::Connection;
    let fixed = fixed_and_hurried();
    let gateway = Gateway::start_fixed(Store::Postgres, json!({}), &[], fixed).await;
    // What a replica cleans up first waits for this. One table: several would be locked in another
    // order than the first gateway's clean-up does, which is a deadlock now and then.
    let mut connection =
        sqlx::PgConnection::connect(&gateway.app.config.database_url).await.unwrap();
    let mut tx = connection.begin().await.unwrap();
    sqlx::query("LOCK TABLE registrations IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *tx)
        .await
        .unwrap();
    let replica = gateway.replica().await;
    gateway.patch_tool(json!({"name": "Another name"})).await;
    let seen = async {
        while replica.app.tools.all()[0].settings.name != "Another name" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, seen).await.unwrap();
    tx.rollback().await.unwrap();
}
