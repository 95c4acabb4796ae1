//! Rules of studyreel.md §4 to §8 that no numbered case asks for.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use serde_json::{Value, json};
use test_case::both_stores;

use super::{Accepted, ISSUER, StudyReel, open, refusal, time, valid, valid_with};
use crate::support::Store;

#[both_stores("STUDYREEL-S4.3")]
async fn launches_may_have_a_maximum_age(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"maxAgeSeconds": 3600})).await;
    // Good by its own words: it expires tomorrow.
    let aged = |seconds: i64| {
        valid_with("a", json!({"iat": time(-seconds), "exp": time(20 * 3600 - seconds)}))
    };
    assert_eq!(studyreel.refused(&aged(3600 + 120 + 30)).await, "expired");
    studyreel.nothing_is_stored().await;
    studyreel.ok(&aged(3600 + 60)).await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"maxAgeSeconds": null}})).await;
    studyreel.ok(&aged(3600 + 120 + 30)).await;
}

#[both_stores("STUDYREEL-S5.3")]
async fn both_signing_secrets_work_during_a_change(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"signature": "required"})).await;
    let signed = |launch: &Value, secret: &str| {
        let now = studyreel.gateway.clock.now_seconds();
        let tag =
            sign(&Key::new(HMAC_SHA256, secret.as_bytes()), format!("{now}.{launch}").as_bytes());
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        (now.to_string(), format!("v1={hex}"))
    };
    let send = async |secret: &str| {
        let launch = valid("a");
        let (now, signature) = signed(&launch, secret);
        studyreel
            .signed(&launch, &[("x-launch-timestamp", &now), ("x-launch-signature", &signature)])
            .await
    };
    let newest = async || studyreel.owner().await["signingSecret"].as_str().unwrap().to_owned();
    let first = newest().await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"secrets": [1, 2]}})).await;
    let second = newest().await;
    assert_ne!(first, second);
    for secret in [&first, &second] {
        Accepted::read(&send(secret).await);
    }
    studyreel.gateway.patch_tool(json!({"studyreel": {"secrets": [2]}})).await;
    assert_eq!(refusal(&send(&first).await), "bad_signature");
    Accepted::read(&send(&second).await);
}

#[both_stores("STUDYREEL-S5.5")]
async fn a_deployment_has_its_own_limit(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"limits": {"perDeployment": 3}})).await;
    let of = |n: usize, deployment: &str| {
        valid_with(&format!("s{n}@example.com"), json!({"deployment_id": deployment}))
    };
    for n in 0..3 {
        studyreel.ok(&of(n, "d-1")).await;
    }
    let page = studyreel.launch(&of(3, "d-1")).await;
    assert_eq!((page.status, refusal(&page).as_str()), (429, "rate_limited"));
    assert!(page.header("retry-after").is_some());
    studyreel.ok(&of(4, "d-2")).await;
}

#[both_stores("STUDYREEL-S5.5")]
async fn a_date_that_is_set_back_locks_no_deployment_out(store: Store) {
    let limits = json!({"perSource": 60, "perDeployment": 60, "perStudent": 60});
    let studyreel = StudyReel::start_with(store, json!({"limits": limits})).await;
    studyreel.ok(&valid("a")).await;
    studyreel.gateway.clock.set_by(-3_600_000);
    let launch = valid_with("a", json!({"iat": time(-3600), "exp": time(0)}));
    studyreel.ok(&launch).await;
}

#[both_stores("STUDYREEL-S5.8")]
async fn nonces_are_scoped_to_their_deployment(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let first = valid_with("a", json!({"deployment_id": "d-1"}));
    studyreel.ok(&first).await;
    let mut elsewhere = first.clone();
    elsewhere["deployment_id"] = json!("d-2");
    studyreel.ok(&elsewhere).await;
    elsewhere["iss"] = json!("https://prod-studyreel.alpha1edtech.com");
    studyreel.ok(&elsewhere).await;
    elsewhere["iss"] = json!(format!("{ISSUER}/"));
    assert_eq!(studyreel.refused(&elsewhere).await, "replayed", "a slash makes no other issuer");
}

#[both_stores("STUDYREEL-S7.6")]
async fn a_students_origin_is_kept_from_the_first_launch(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let from =
        |source: &str| valid_with("a@example.com", json!({"user_acquisition_source": source}));
    studyreel.ok(&from("Fair")).await;
    let seen = studyreel.seen(&from("Friend")).await;
    assert_eq!(seen["student"]["acquisitionSource"], "Fair");
}

#[both_stores("STUDYREEL-S8.10")]
async fn attempts_to_open_links_are_limited(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"limits": {"perSource": 5}})).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let wrong = studyreel.gateway.at(&format!("/studyreel/learn?token={}", "x".repeat(43)));
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(open(&studyreel.browser(), &wrong).await.status);
    }
    assert_eq!((statuses[0], statuses[7]), (410, 429), "{statuses:?}");
    let page = open(&studyreel.browser(), &link).await;
    assert!(page.status == 429 && page.header("retry-after").is_some());
    studyreel.gateway.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(open(&studyreel.browser(), &link).await.status, 303, "it was not used up");
}
