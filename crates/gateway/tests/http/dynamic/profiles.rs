//! Every profile of the simulator, from the registration URL to a launch, in each of the three
//! modes: TC-185, TC-187, TC-188, TC-197 and TC-199.
//!
//! Issuers that differ from the hosts (TC-186) are let through by a table of real host names, which
//! loopback can't have: `lti::registration` tests that table.

use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::lms::{Endpoint, Lms, RegistrationStart};
use simulator::profiles::TokenPlace;
use test_case::cases;

use super::*;
use crate::support::Store;

/// What every good registration looks like from the LMS's side, and what the gateway has of it.
async fn check(gateway: &Gateway, lms: &Lms, start: &RegistrationStart) -> Value {
    let profile = lms.profile().name;
    assert_eq!((lms.hits(Endpoint::Configuration), lms.hits(Endpoint::Registration)), (1, 1));
    let fetched = said(lms, "openid-configuration").remove(0);
    assert!(
        start.configuration.ends_with(&fetched.url),
        "the query as it was given: {}",
        fetched.url
    );
    let sent = said(lms, "registration").remove(0);
    let header = sent.parameters.iter().find(|parameter| parameter.name == "Authorization");
    match lms.profile().registration.token_place {
        // Brightspace and Blackboard hide their secret in an address.
        TokenPlace::Configuration(_) => assert_eq!(header, None),
        _ => assert_eq!(
            header.map(|header| header.value.clone()),
            Some(format!("Bearer {}", start.token))
        ),
    }
    let platform = only_platform(gateway).await;
    let facts = (platform["url"].as_str(), platform["clientId"].as_str());
    assert_eq!(facts, (Some(&*lms.endpoints().issuer), Some(&*start.client_id)));
    let expected: &[&str] = match profile {
        "moodle" | "sakai" => &["1"],
        "canvas" => &["1:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"],
        "ilias" => &["17"],
        _ => &[],
    };
    assert_eq!(deployments(gateway, &platform).await, expected, "{profile}");
    let keys = open(platform["keysetUrl"].as_str().unwrap()).await;
    assert_eq!(keys.json().unwrap()["keys"].as_array().unwrap().len(), 1);
    platform
}

/// The last page. It closes at once where no one else has to act.
#[track_caller]
fn assert_done(page: &Page, closes_at_once: bool) {
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    assert!(text.contains("org.imsglobal.lti.close"), "{text}");
    assert!(text.contains(&format!("var done = {closes_at_once}")), "{text}");
    assert_eq!(page.header("cross-origin-opener-policy"), Some("unsafe-none"));
}

/// The deployment of a launch is remembered, whether the registration told it or not.
async fn check_deployment(
    gateway: &Gateway,
    lms: &Lms,
    start: &RegistrationStart,
    platform: &Value,
) {
    let deployment = lms.tool(&start.client_id).unwrap().deployment_id;
    assert_eq!(deployments(gateway, platform).await, [deployment]);
}

async fn automatic(store: Store, profile: &str) {
    let settings = json!({"registration": {"autoActivate": true}});
    let (gateway, lms) = (Gateway::start_with(store, settings).await, lms_of(profile).await);
    let (start, page) = register(&gateway, &lms).await;
    assert_done(&page, true);
    let platform = check(&gateway, &lms, &start).await;
    assert_eq!(platform["active"], true);
    lms.activate(&start.client_id).unwrap();
    assert_launches(&lms, &start.client_id).await;
    check_deployment(&gateway, &lms, &start, &platform).await;
}

async fn approval(store: Store, profile: &str) {
    let (gateway, lms) = (Gateway::start(store).await, lms_of(profile).await);
    let (start, page) = register(&gateway, &lms).await;
    assert_done(&page, false);
    let platform = check(&gateway, &lms, &start).await;
    assert_eq!(platform["active"], false);
    lms.activate(&start.client_id).unwrap();
    assert_no_launch(&lms, &start.client_id).await;
    switch(&gateway, &platform, "activate").await;
    assert_launches(&lms, &start.client_id).await;
    check_deployment(&gateway, &lms, &start, &platform).await;
    switch(&gateway, &platform, "deactivate").await;
    assert_no_launch(&lms, &start.client_id).await;
}

async fn pre_approval(store: Store, profile: &str) {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    let lms = lms_of(profile).await;
    let (start, id) = wait_for_approval(&gateway, &lms).await;
    assert_eq!((lms.hits(Endpoint::Registration), lms.tools().len()), (0, 0));
    let waiting = read_waiting(&gateway, &id, "").await.json().unwrap();
    assert_eq!(waiting["url"], *lms.endpoints().issuer);
    let page = complete(&gateway, &id, Some(json!({"autoActivate": true}))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let platform = check(&gateway, &lms, &start).await;
    assert_eq!(page.json().unwrap(), json!({"html": CLOSE, "platformId": platform["id"]}));
    lms.activate(&start.client_id).unwrap();
    assert_launches(&lms, &start.client_id).await;
    check_deployment(&gateway, &lms, &start, &platform).await;
}

macro_rules! profiles {
    ($($profile:ident),+) => {$(
        mod $profile {
            use crate::support::Store;
            const NAME: &str = stringify!($profile);

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn automatic() {
                super::automatic(Store::Sqlite, NAME).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn approval() {
                super::approval(Store::Sqlite, NAME).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn pre_approval() {
                super::pre_approval(Store::Sqlite, NAME).await;
            }
        }
    )+};
}
profiles!(moodle, canvas, brightspace, blackboard, sakai, ilias);

/// The modes once more on the other store.
mod on_postgres {
    use test_case::cases;

    use crate::support::Store;

    #[cases("TC-197")]
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn automatic() {
        super::automatic(Store::Postgres, "ilias").await;
    }
    #[cases("TC-187", "TC-199")]
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn approval() {
        super::approval(Store::Postgres, "canvas").await;
    }
    #[cases("TC-185", "TC-188")]
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn pre_approval() {
        super::pre_approval(Store::Postgres, "brightspace").await;
    }
}

/// TC-198: two schools that share an issuer are two platforms with keys of their own.
#[cases("TC-198")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clients_of_one_issuer_coexist() {
    let settings = json!({"registration": {"autoActivate": true}});
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, settings).await, lms_of("canvas").await);
    let (one, _) = register(&gateway, &lms).await;
    let (two, _) = register(&gateway, &lms).await;
    let platforms = gateway.platforms().await;
    assert_eq!(platforms.len(), 2);
    assert_eq!(platforms[0]["url"], platforms[1]["url"]);
    assert_ne!(platforms[0]["keysetUrl"], platforms[1]["keysetUrl"]);
    assert_ne!(platforms[0]["publicKey"], platforms[1]["publicKey"]);
    for start in [one, two] {
        lms.activate(&start.client_id).unwrap();
        assert_launches(&lms, &start.client_id).await;
    }
}
