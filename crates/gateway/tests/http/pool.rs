//! Our key pairs are made ahead: from the start on, one at a time, as many as the pool takes
//! (docs/keys.md).

use std::time::Duration;

use gateway::keys::pair::generate;
use gateway::kit::clock::Stopwatch;
use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use store::{StoreError, signing_keys as stored};
use test_case::both_stores;

use crate::support::{Gateway, PATIENCE, Store, shipped};

const WAITING: &str = "SELECT kid FROM signing_keys WHERE platform_id IS NULL ORDER BY kid";

/// The keys that wait, once there are so many.
async fn comes_to(gateway: &Gateway, within: Duration, number: usize) -> Vec<String> {
    let full = async {
        loop {
            let waiting = gateway.texts(WAITING).await;
            if waiting.len() >= number {
                return waiting;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(within, full).await.unwrap()
}

fn by_hand() -> Value {
    json!({"url": "http://127.0.0.1:9", "clientId": "c", "name": "By hand",
        "authenticationEndpoint": "http://127.0.0.1:9/a",
        "accesstokenEndpoint": "http://127.0.0.1:9/t",
        "authConfig": {"method": "JWK_SET", "key": "http://127.0.0.1:9/j"}})
}

#[both_stores]
async fn the_pool_fills_at_the_start_and_stops_when_full(store: Store) {
    let gateway = Gateway::start_fixed(store, json!({}), &[], shipped()).await;
    // Not only when it is looked at again, every fifteen seconds. A slow machine has as much more
    // as it needs for some keys.
    let begun = Stopwatch::start();
    generate(&gateway.app.rows).await.unwrap();
    comes_to(&gateway, Duration::from_secs(12) + 4 * begun.elapsed(), 1).await;
    let full = comes_to(&gateway, PATIENCE, 4).await;
    assert_eq!(full.len(), 4);
    let gateway = gateway.restart().await;
    gateway.app.our_keys.wake();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(gateway.texts(WAITING).await, full);
    // What is taken is made again.
    let page = gateway.admin("POST", "/admin/platforms", Some(by_hand())).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let again = comes_to(&gateway, PATIENCE, 4).await;
    assert_eq!(again.len(), 4);
    assert_eq!(again.iter().filter(|kid| full.contains(kid)).count(), 3);
}

#[both_stores]
async fn with_an_empty_pool_a_platform_gets_the_next_key(store: Store) {
    let gateway = Gateway::start(store).await;
    let making = gateway.app.our_keys.making().await;
    let registering = gateway.admin("POST", "/admin/platforms", Some(by_hand()));
    tokio::pin!(registering);
    let early = tokio::time::timeout(Duration::from_millis(300), &mut registering).await;
    assert!(early.is_err(), "it made one beside the other");
    let key = generate(&gateway.app.rows).await.unwrap();
    let kid = key.kid.clone();
    let insert = gateway.app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { stored::insert(&mut tx, key, None, 0).await })
    });
    insert.await.unwrap();
    drop(making);
    let page = registering.await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(gateway.texts("SELECT kid FROM signing_keys").await, [kid]);
}

#[both_stores]
async fn simultaneous_platforms_get_a_key_each(store: Store) {
    let gateway =
        Gateway::start_fixed(store, json!({}), &[], Fixed { keys_ahead: 1, ..shipped() }).await;
    let mut registering = Vec::new();
    for number in 0..6 {
        let mut platform = by_hand();
        platform["clientId"] = json!(number.to_string());
        registering.push(gateway.admin("POST", "/admin/platforms", Some(platform)));
    }
    for page in futures_util::future::join_all(registering).await {
        assert_eq!(page.status, 200, "{}", page.text());
    }
    assert_eq!(gateway.number("SELECT COUNT(DISTINCT platform_id) FROM signing_keys").await, 6);
}
