//! The rooms of the directory with a store: what they find, what they cache, and what makes them
//! forget it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::{Request, StatusCode};
use serde_json::json;
use store::blocked_people::{self, BlockedPerson};
use store::changes;
use store::deployments::{self, DeploymentStatus};
use store::{StoreError, api_keys, platforms, tools};

use crate::directory::api_keys::keyring::{ApiKeys, ApiKeysParts};
use crate::directory::api_keys::new::{Hasher, NewApiKey};
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms::{Platforms, blocked_identity};
use crate::directory::tools::{Tool, Tools};
use crate::kit::clock::Random;
use crate::kit::seal::SecretKey;
use crate::settings::proxies::{ForwardedHeader, TrustedProxies};
use crate::testing::{PLATFORM, Scratch, TOOL};
use crate::web::client::Clients;
use crate::web::limiter::Limiter;

const KEY: &str = "an-api-key-0123456789";

impl Scratch {
    fn platforms(&self) -> Platforms {
        Platforms::new(self.db.clone(), self.rows.clone(), self.our_keys())
    }

    async fn tools(&self) -> Tools {
        let tools = Tools::new(self.db.clone());
        tools.reload().await.unwrap();
        tools
    }

    async fn settings(&self, settings: serde_json::Value) {
        let update = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let mut row = tools::all(&mut tx).await?.remove(0);
                row.settings = settings.to_string();
                tools::update(&mut tx, row, 1).await
            })
        });
        update.await.unwrap();
    }
}

#[tokio::test]
async fn tools_are_found_by_host_and_read_again_when_told() {
    let scratch = Scratch::new().await;
    let tools = Tools::new(scratch.db.clone());
    assert!(tools.at("any.example").is_none());
    tools.reload().await.unwrap();
    assert_eq!(tools.at("any.example").unwrap().id, TOOL);
    assert!(tools.is_first(TOOL));
    let quiz = tools::ToolRow {
        id: "quiz".into(),
        host: Some("quiz.example".into()),
        settings: "{}".into(),
    };
    let insert = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { tools::insert(&mut tx, quiz, 1).await })
    });
    insert.await.unwrap();
    tools.reload().await.unwrap();
    for host in [
        "quiz.example",
        "QUIZ.example:8443",
        "quiz.example.",
        "quiz.example.:443",
    ] {
        assert_eq!(tools.at(host).unwrap().id, "quiz", "{host}");
    }
    assert_eq!(tools.at("quiz.example..").unwrap().id, TOOL);
    scratch.settings(json!({"name": "Stars"})).await;
    let name = || tools.by_id(TOOL).unwrap().settings.name.clone();
    assert_ne!(name(), "Stars");
    tools.reload().await.unwrap();
    assert_eq!(name(), "Stars");
}

#[tokio::test]
async fn one_tool_can_be_read_as_the_store_has_it_now() {
    let scratch = Scratch::new().await;
    let tools = scratch.tools().await;
    scratch.settings(json!({"name": "Stars"})).await;
    let now = tools.by_id_now(TOOL).await.unwrap().unwrap();
    assert_eq!(now.settings.name, "Stars");
    let remove = scratch.db.write_one::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { tools::remove(&mut tx, TOOL.to_owned(), 1).await })
    });
    assert!(remove.await.unwrap());
    assert!(tools.by_id_now(TOOL).await.unwrap().is_none());
    assert!(tools.by_id(TOOL).is_some(), "it was not told");
}

#[tokio::test]
async fn settings_that_cannot_be_read_leave_the_tools_as_they_were() {
    let scratch = Scratch::new().await;
    let tools = scratch.tools().await;
    scratch.settings(json!({"name": 3})).await;
    assert!(matches!(tools.reload().await, Err(StoreError::Corrupt(_))));
    assert_eq!(tools.at("").unwrap().id, TOOL);
}

#[tokio::test]
async fn a_platform_is_kept_until_a_change_is_told() {
    let scratch = Scratch::with_platform().await;
    let platforms = scratch.platforms();
    let issuer = "https://lms.example";
    assert!(platforms.by_id("none of ours").await.unwrap().is_none());
    let found = platforms.of_issuer(TOOL, issuer).await.unwrap();
    assert_eq!((found.len(), &*found[0].id), (1, PLATFORM));
    let elsewhere = platforms.of_issuer("another tool", issuer).await.unwrap();
    assert!(elsewhere.is_empty());
    let is_active = async || platforms.by_id(PLATFORM).await.unwrap().unwrap().active;
    assert!(is_active().await);
    let switch = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move {
            platforms::set_active(&mut tx, TOOL.into(), PLATFORM.into(), false, 1).await
        })
    });
    assert!(switch.await.unwrap());
    assert!(is_active().await, "still kept");
    let now = platforms.of_tool(TOOL, PLATFORM).await.unwrap();
    assert!(!now.active, "a change reads the store");
    platforms.changed();
    assert!(!is_active().await);
}

/// A login reads it with its issuer's, and the launch by its id (decision 0506).
#[tokio::test]
async fn a_platform_that_did_not_change_is_in_memory_once() {
    let scratch = Scratch::with_platform().await;
    let issuer = "https://lms.example";
    let platforms = scratch.platforms();
    let listed = platforms.of_issuer(TOOL, issuer).await.unwrap();
    let found = platforms.by_id(PLATFORM).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&listed[0], &found));
    // What was listed before a change is not what is found after it.
    let platforms = scratch.platforms();
    assert!(platforms.of_issuer(TOOL, issuer).await.unwrap()[0].active);
    let switch = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move {
            platforms::set_active(&mut tx, TOOL.into(), PLATFORM.into(), false, 1).await
        })
    });
    assert!(switch.await.unwrap());
    assert!(!platforms.by_id(PLATFORM).await.unwrap().unwrap().active);
}

#[tokio::test]
async fn another_replicas_changes_are_seen_by_their_number() {
    let scratch = Scratch::with_platform().await;
    let platforms = scratch.platforms();
    let is_active = async || platforms.by_id(PLATFORM).await.unwrap().unwrap().active;
    platforms.look_for_changes().await.unwrap();
    assert!(is_active().await);
    let switch = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move {
            platforms::set_active(&mut tx, TOOL.into(), PLATFORM.into(), false, 1).await
        })
    });
    assert!(switch.await.unwrap());
    assert!(is_active().await, "still kept");
    platforms.look_for_changes().await.unwrap();
    assert!(!is_active().await);
    // Each kind of change moves the counter.
    let number = async || {
        changes::number(&mut scratch.db.read().await.unwrap().tx())
            .await
            .unwrap()
    };
    let mut before = number().await;
    for step in 0..5 {
        let change = scratch.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let (tx, platform) = (&mut tx, PLATFORM.to_owned());
                let person = BlockedPerson {
                    id: "block".into(),
                    subject_sealed: Vec::new(),
                    created_at: 1,
                };
                match step {
                    0 => deployments::save(tx, platform, "d".into(), DeploymentStatus::Pending, 1)
                        .await
                        .map(drop),
                    1 => {
                        deployments::set_status(tx, platform, "d".into(), DeploymentStatus::Active)
                            .await
                            .map(drop)
                    }
                    2 => blocked_people::insert(tx, platform, person).await,
                    3 => blocked_people::delete(tx, "block".into()).await.map(drop),
                    _ => platforms::add_alias(tx, "alias".into(), platform).await,
                }
            })
        });
        change.await.unwrap();
        let after = number().await;
        assert!(after > before, "{step}");
        before = after;
    }
}

#[tokio::test]
async fn a_platform_of_another_tool_is_not_there() {
    let scratch = Scratch::with_platform().await;
    let refused = scratch.platforms().of_tool("another", PLATFORM).await;
    let problem = refused.map(drop).unwrap_err();
    assert_eq!(problem.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_active_deployments_are_kept() {
    let scratch = Scratch::with_platform().await;
    let platforms = scratch.platforms();
    let status = async |id: &str| platforms.deployment(PLATFORM, id).await.unwrap();
    for (id, status) in [
        ("pending", DeploymentStatus::Pending),
        ("active", DeploymentStatus::Active),
    ] {
        let save = scratch.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                deployments::save(&mut tx, PLATFORM.into(), id.into(), status, 0).await
            })
        });
        assert!(save.await.unwrap());
    }
    assert_eq!(status("unseen").await, None);
    assert_eq!(status("pending").await, Some(DeploymentStatus::Pending));
    assert_eq!(status("active").await, Some(DeploymentStatus::Active));
    for (id, status) in [
        ("pending", DeploymentStatus::Active),
        ("active", DeploymentStatus::Disabled),
    ] {
        let switch = scratch.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                deployments::set_status(&mut tx, PLATFORM.into(), id.into(), status).await
            })
        });
        assert!(switch.await.unwrap());
    }
    assert_eq!(status("pending").await, Some(DeploymentStatus::Active));
    assert_eq!(
        status("active").await,
        Some(DeploymentStatus::Active),
        "kept"
    );
    platforms.changed();
    assert_eq!(status("active").await, Some(DeploymentStatus::Disabled));
}

#[tokio::test]
async fn a_block_holds_for_one_person_of_one_platform() {
    let scratch = Scratch::with_platform().await;
    let platforms = scratch.platforms();
    assert!(!platforms.is_blocked(PLATFORM, "ada").await.unwrap());
    let identity = blocked_identity("row");
    let person = BlockedPerson {
        id: "row".into(),
        subject_sealed: scratch.rows.seal(&identity, b"ada"),
        created_at: 0,
    };
    let insert = scratch.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { blocked_people::insert(&mut tx, PLATFORM.into(), person).await })
    });
    insert.await.unwrap();
    platforms.changed();
    assert!(platforms.is_blocked(PLATFORM, "ada").await.unwrap());
    assert!(!platforms.is_blocked(PLATFORM, "bob").await.unwrap());
    assert!(!platforms.is_blocked("another", "ada").await.unwrap());
}

/// The smallest state that the extractor accepts.
struct OnlyKeys(ApiKeys);

impl FromRef<OnlyKeys> for ApiKeys {
    fn from_ref(state: &OnlyKeys) -> Self {
        state.0.clone()
    }
}

async fn asked(keys: &OnlyKeys, authorization: &str) -> Result<Arc<Tool>, StatusCode> {
    let request = Request::get("/").header("authorization", authorization);
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    let found = WithApiKey::<ForManagement>::from_request_parts(&mut parts, keys).await;
    found
        .map(|found| found.tool)
        .map_err(|problem| problem.status)
}

#[tokio::test]
async fn an_api_key_opens_its_tool_and_nothing_else_does() {
    let scratch = Scratch::new().await;
    let random = Random::default();
    let hasher = Hasher::new(&SecretKey::generate(&random));
    let row = NewApiKey::first().row_of(KEY, &hasher, TOOL, 0, &random);
    let insert = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { api_keys::insert(&mut tx, row).await })
    });
    insert.await.unwrap();
    let keys = OnlyKeys(ApiKeys::from(ApiKeysParts {
        db: scratch.db.clone(),
        clock: scratch.clock.clone(),
        tools: scratch.tools().await,
        clients: Clients::behind(TrustedProxies::default(), ForwardedHeader::default()),
        limiter: Limiter::default(),
        hasher,
    }));
    for _ in 0..2 {
        let tool = asked(&keys, &format!("Bearer {KEY}")).await;
        assert_eq!(tool.unwrap().id, TOOL);
    }
    for other in [
        "Bearer another-api-key-012345".to_owned(),
        format!("Basic {KEY}"),
        format!("LTIK-AUTH-V2 {KEY}:a.b.c"),
        String::new(),
    ] {
        let status = asked(&keys, &other).await.map(drop).unwrap_err();
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{other}");
    }
}
