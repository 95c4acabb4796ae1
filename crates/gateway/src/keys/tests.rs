//! Our keys in a store: who owns them, when they sign, and how long they are published.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::time::Duration;

use serde_json::Value;
use store::platforms::{KeyDelivery, PlatformRow};
use store::signing_keys;

use crate::keys::ours::OurKeys;
use crate::keys::rotation::{self, Rotation, RotationError};
use crate::keys::service_tokens::service_source;
use crate::settings::keys::KeyRules;
use crate::testing::{PLATFORM, Scratch, TOOL, platform};
use crate::web::client::Source;

const HOUR: Duration = Duration::from_secs(60 * 60);
const RULES: KeyRules = KeyRules {
    rotate_after_days: 30,
    sign_after_hours: 24,
    publish_days: 7,
};

/// A platform that signs with key "a" while the pool contains "b" and "c".
async fn signing() -> (Scratch, OurKeys) {
    let scratch = Scratch::with_platform().await;
    let keys = scratch.our_keys();
    scratch.add_key("a").await;
    keys.assign(TOOL, PLATFORM).await.unwrap();
    for kid in ["b", "c"] {
        scratch.add_key(kid).await;
    }
    (scratch, keys)
}

async fn states(scratch: &Scratch) -> Vec<(String, &'static str)> {
    let mut reader = scratch.db.read().await.unwrap();
    let times = signing_keys::times(&mut reader.tx(), PLATFORM.to_owned()).await;
    let keys = rotation::keys(times.unwrap(), scratch.clock.now_ms());
    keys.into_iter().map(|key| (key.kid, key.state)).collect()
}

/// A client that asks for a key set; which one doesn't matter.
fn nobody() -> Source {
    Source::of_address([192, 0, 2, 1].into())
}

async fn published(keys: &OurKeys) -> Vec<String> {
    keys.changed();
    let document = keys.of_platform(PLATFORM, nobody()).await.unwrap().unwrap();
    let set: Value = serde_json::from_slice(&document.body).unwrap();
    let kids = set["keys"].as_array().unwrap().iter();
    kids.map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_rotation_overlaps_as_the_rules_say() {
    let (scratch, keys) = signing().await;
    keys.rotate(&platform(), Rotation::Overlap(RULES))
        .await
        .unwrap();
    let (signs, next) = (("a".into(), "signing"), ("b".into(), "next"));
    assert_eq!(states(&scratch).await, [signs, next]);
    assert_eq!(published(&keys).await, ["a", "b"]);
    assert_eq!(keys.pem_of(PLATFORM).await.unwrap(), "PEM of a");
    let again = keys.rotate(&platform(), Rotation::Overlap(RULES)).await;
    assert!(matches!(again, Err(RotationError::UnderWay(_))));

    scratch.clock.advance(24 * HOUR);
    assert_eq!(keys.signer(PLATFORM).await.unwrap().kid, "b");
    assert_eq!(published(&keys).await, ["a", "b"]);
    scratch.clock.advance(7 * 24 * HOUR);
    assert_eq!(published(&keys).await, ["b"]);
    assert_eq!(states(&scratch).await, [("b".into(), "signing")]);
}

#[tokio::test]
async fn a_rotation_at_once_leaves_nothing_of_the_old_key() {
    let (scratch, keys) = signing().await;
    keys.rotate(&platform(), Rotation::Now).await.unwrap();
    assert_eq!(states(&scratch).await, [("b".into(), "signing")]);
    assert_eq!(published(&keys).await, ["b"]);
}

#[tokio::test]
async fn which_key_signs_is_remembered_until_something_changes() {
    let (_scratch, keys) = signing().await;
    assert_eq!(keys.recent_kid(PLATFORM), None);
    assert_eq!(keys.signer(PLATFORM).await.unwrap().kid, "a");
    assert_eq!(keys.recent_kid(PLATFORM).as_deref(), Some("a"));
    keys.rotate(&platform(), Rotation::Now).await.unwrap();
    assert_eq!(keys.recent_kid(PLATFORM), None);
}

#[tokio::test]
async fn a_pasted_key_changes_only_at_once() {
    let (scratch, keys) = signing().await;
    let pasted = PlatformRow {
        key_delivery: KeyDelivery::Pasted.as_str().to_owned(),
        ..platform()
    };
    let refused = keys.rotate(&pasted, Rotation::Overlap(RULES)).await;
    assert!(matches!(refused, Err(RotationError::Pasted)));
    assert_eq!(states(&scratch).await, [("a".into(), "signing")]);
    keys.rotate(&pasted, Rotation::Now).await.unwrap();
    assert_eq!(states(&scratch).await, [("b".into(), "signing")]);
}

#[tokio::test]
async fn an_empty_pool_changes_nothing() {
    let (scratch, keys) = signing().await;
    for _ in 0..2 {
        keys.rotate(&platform(), Rotation::Now).await.unwrap();
    }
    let refused = keys.rotate(&platform(), Rotation::Now).await;
    assert!(matches!(refused, Err(RotationError::NoKey)));
    assert_eq!(states(&scratch).await, [("c".into(), "signing")]);
}

#[tokio::test]
async fn strangers_leave_the_last_keys_to_the_invited() {
    let scratch = Scratch::with_platform().await;
    let keys = scratch.our_keys();
    for kid in ["a", "b", "c"] {
        scratch.add_key(kid).await;
    }
    keys.assign_uninvited(TOOL, "first").await.unwrap();
    let making = keys.making().await;
    let stranger = keys.assign_uninvited(TOOL, "second");
    tokio::pin!(stranger);
    let early = tokio::time::timeout(Duration::from_millis(100), &mut stranger).await;
    assert!(early.is_err(), "a stranger took a key of the last two");
    for invited in ["third", "fourth"] {
        keys.assign(TOOL, invited).await.unwrap();
    }
    for kid in ["d", "e", "f"] {
        scratch.add_key(kid).await;
    }
    drop(making);
    stranger.await.unwrap();
    let waiting = signing_keys::waiting(&mut scratch.db.read().await.unwrap().tx()).await;
    assert_eq!(waiting.unwrap(), 2);
}

async fn rotate_due(scratch: &Scratch, keys: &OurKeys, rules: KeyRules) {
    let now = scratch.clock.now_ms();
    keys.rotate_due(TOOL, rules, now, &scratch.audit())
        .await
        .unwrap();
}

#[tokio::test]
async fn the_schedule_rotates_once_when_a_key_is_old_enough() {
    let (scratch, keys) = signing().await;
    scratch.clock.advance(29 * 24 * HOUR);
    rotate_due(&scratch, &keys, RULES).await;
    assert_eq!(states(&scratch).await.len(), 1);
    scratch.clock.advance(24 * HOUR);
    let never = KeyRules {
        rotate_after_days: 0,
        ..RULES
    };
    rotate_due(&scratch, &keys, never).await;
    assert_eq!(states(&scratch).await.len(), 1);
    for _ in 0..2 {
        rotate_due(&scratch, &keys, RULES).await;
        assert_eq!(states(&scratch).await.len(), 2);
    }
}

#[tokio::test]
async fn made_up_platforms_are_looked_up_one_at_a_time() {
    let (_scratch, keys) = signing().await;
    let turn = keys.0.names.turn(nobody()).await.unwrap();
    assert_eq!(published(&keys).await, ["a"], "it got its key here");
    let made_up = keys.of_platform("platform000000000009", nobody());
    tokio::pin!(made_up);
    let early = tokio::time::timeout(Duration::from_millis(100), &mut made_up).await;
    assert!(early.is_err(), "it waits for its turn");
    drop(turn);
    assert!(made_up.await.unwrap().is_none());
}

#[tokio::test]
async fn a_platform_that_was_not_registered_leaves_no_key() {
    let (_scratch, keys) = signing().await;
    let other = "platform000000000002";
    keys.assign(TOOL, other).await.unwrap();
    assert_eq!(keys.signer(other).await.unwrap().kid, "b");
    keys.discard(other).await.unwrap();
    keys.changed();
    assert!(keys.signer(other).await.is_err());
    assert!(keys.of_platform(other, nobody()).await.unwrap().is_none());
    assert_eq!(published(&keys).await, ["a"]);
}

/// Decision 0527.
#[test]
fn schools_of_one_issuer_share_no_limit() {
    for (issuer, is_limited) in [
        ("https://lms.example", true),
        ("https://blackboard.com", false),
        ("https://schoology.schoology.com", false),
        ("https://canvas.instructure.com", false),
    ] {
        let platform = PlatformRow {
            issuer: issuer.to_owned(),
            ..platform()
        };
        let source = service_source(&platform);
        assert_eq!(source, is_limited.then_some(PLATFORM), "{issuer}");
    }
}
