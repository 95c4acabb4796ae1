//! Secrets that are replaced.

use std::time::Duration;

use futures_util::future::join_all;
use gateway::kit::clock::Random;
use gateway::kit::seal::SecretKey;
use gateway::operator::reseal::reseal;
use serde_json::json;
use test_case::both_stores;

use super::receiver::Receiver;
use crate::support::{Gateway, Store};

#[both_stores("WH-1")]
async fn for_a_day_after_a_rotation_both_secrets_sign(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, old) = gateway.webhook(&receiver.url, json!([])).await;
    let rotated = gateway.order(&format!("/admin/webhooks/{id}/rotate"), None).await;
    let new = rotated["secret"].as_str().unwrap();
    assert!(new != old && rotated["formerSecretUntil"].is_string(), "{rotated}");
    gateway.something_happens().await;
    let got = receiver.gets(1).await.remove(0);
    assert_eq!([&old, new].map(|secret| got.signatures_by(secret)), [1, 1]);
    gateway.clock.advance(Duration::from_secs(24 * 3600));
    gateway.something_happens().await;
    let got = receiver.gets(2).await.remove(1);
    assert_eq!([&old, new].map(|secret| got.signatures_by(secret)), [0, 1]);
    assert!(gateway.the_webhook().await.get("formerSecretUntil").is_none());
}

/// Whoever rotates again because no answer came doesn't know the secret in between.
#[both_stores("WH-1")]
async fn a_second_rotation_takes_no_secret_away(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, first) = gateway.webhook(&receiver.url, json!([])).await;
    let mut secrets = vec![first];
    for _ in 0..2 {
        let rotated = gateway.order(&format!("/admin/webhooks/{id}/rotate"), None).await;
        secrets.push(rotated["secret"].as_str().unwrap().to_owned());
    }
    let signatures = |number: usize| {
        let got = receiver.got().remove(number);
        secrets.iter().map(|secret| got.signatures_by(secret)).collect::<Vec<_>>()
    };
    gateway.something_happens().await;
    receiver.gets(1).await;
    assert_eq!(signatures(0), [1, 1, 1]);
    gateway.clock.advance(Duration::from_secs(24 * 3600));
    gateway.something_happens().await;
    receiver.gets(2).await;
    assert_eq!(signatures(1), [0, 0, 1]);
}

#[both_stores("WH-1")]
async fn of_rotations_at_once_each_secret_handed_out_signs(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, first) = gateway.webhook(&receiver.url, json!([])).await;
    let path = format!("/admin/webhooks/{id}/rotate");
    let rotated = join_all((0..4).map(|_| gateway.admin("POST", &path, None))).await;
    let mut secrets = vec![first];
    for page in &rotated {
        let answer = page.json().unwrap();
        match page.status {
            200 => secrets.push(answer["secret"].as_str().unwrap().to_owned()),
            409 => assert_eq!(answer["details"]["message"], "ROTATED_MEANWHILE"),
            other => panic!("{other}: {}", page.text()),
        }
    }
    assert!(secrets.len() > 1, "one is the first");
    gateway.something_happens().await;
    let got = receiver.gets(1).await.remove(0);
    for secret in &secrets {
        assert_eq!(got.signatures_by(secret), 1);
    }
}

#[both_stores("WH-1")]
async fn both_secrets_survive_another_secret_key(store: Store) {
    let [before, after] = [(); 2].map(|()| SecretKey::generate(&Random::default()).to_hex());
    let settings = [("secret_key", before.as_str())];
    let gateway = Gateway::start_configured(store, json!({}), &settings).await;
    let receiver = Receiver::start().await;
    let (id, old) = gateway.webhook(&receiver.url, json!([])).await;
    let rotated = gateway.order(&format!("/admin/webhooks/{id}/rotate"), None).await;
    let new = rotated["secret"].as_str().unwrap();
    let gateway = gateway.restart_with_secret(&format!("{after},{before}")).await;
    let resealed = reseal(&gateway.app.db, &gateway.app.rows).await.unwrap();
    assert!(resealed.renewed >= 2 && resealed.lost == 0, "{resealed:?}");
    let gateway = gateway.restart_with_secret(&after).await;
    gateway.something_happens().await;
    let got = receiver.gets(1).await.remove(0);
    assert_eq!([&old, new].map(|secret| got.signatures_by(secret)), [1, 1]);
}
