//! Launches whose body is still on its way when the tool's settings change.

use serde_json::json;
use test_case::both_stores;

use super::{StudyReel, valid};
use crate::late_bodies::Late;
use crate::support::Store;

#[both_stores]
async fn a_late_launch_is_taken_by_the_settings_at_its_end(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let gateway = &studyreel.gateway;
    let plain = studyreel.path.clone();
    let capable = studyreel.capability_path().await;
    for (path, patch, status) in [
        (&capable, json!({"secrets": [2]}), 404),
        (&plain, json!({"requireCapability": true}), 404),
        (&plain, json!({"requireCapability": false, "deployments": ["another"]}), 403),
        (&plain, json!({"deployments": [], "enabled": false}), 404),
    ] {
        let head = format!("POST {path} HTTP/1.1\r\nContent-Type: application/json");
        let late = Late::begin(gateway, &head, valid("a").to_string()).await;
        gateway.patch_tool(json!({"studyreel": patch})).await;
        let answer = late.end().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{patch}: {answer}");
        gateway.patch_tool(json!({"studyreel": {"requireCapability": null}})).await;
    }
    studyreel.nothing_is_stored().await;
}
