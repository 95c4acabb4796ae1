//! A registration that was cut off between the LMS's answer and ours (lti.md D-23). The crash
//! itself is tested with the program, in the crate `hallpass`; here is what others see of it.

use std::time::Duration;

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use store::StoreError;
use store::registrations::{self, NewRegistration, RegistrationStatus};
use test_case::both_stores;

use super::*;
use crate::support::{Store, random};

const CUT_OFF: &str = "An earlier registration was cut off";

/// A registration that a replica is sending at this moment, or was sending when it died.
async fn sending(gateway: &Gateway, lms: &Lms) {
    let now = gateway.app.clock.now_ms();
    let row = NewRegistration {
        id_hash: random().into_bytes(),
        tool_id: gateway.app.tools.at("").unwrap().id.clone(),
        issuer: lms.endpoints().issuer,
        status: RegistrationStatus::Sending,
        offer_sealed: Vec::new(),
        id_sealed: Vec::new(),
        invited: false,
        created_at: now,
        expires_at: now + 30 * 24 * 60 * 60 * 1000,
    };
    let insert = gateway.app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { registrations::insert(&mut tx, row).await })
    });
    insert.await.unwrap();
}

#[both_stores]
async fn an_interrupted_registration_is_reported_once(store: Store) {
    let (gateway, lms) = (Gateway::start(store).await, lms_of("moodle").await);
    sending(&gateway, &lms).await;
    // It may still be under way at another replica.
    let (_, page) = register(&gateway, &lms).await;
    assert!(page.status == 200 && !page.text().contains(CUT_OFF), "{}", page.text());
    gateway.clock.advance(Duration::from_secs(21));
    // Another platform's administrator is not told.
    let other = lms_of("moodle").await;
    let (_, page) = register(&gateway, &other).await;
    assert!(page.status == 200 && !page.text().contains(CUT_OFF), "{}", page.text());
    // A try that fails doesn't use the note up.
    lms.faults().next(Endpoint::Registration, 1, Fault::Status(400));
    assert_eq!(register(&gateway, &lms).await.1.status, 502);
    let (_, page) = register(&gateway, &lms).await;
    assert!(page.status == 200 && page.text().contains(CUT_OFF), "{}", page.text());
    // There is something to read, so the window waits for a click.
    assert!(page.text().contains("var done = false"), "{}", page.text());
    let (_, page) = register(&gateway, &lms).await;
    assert!(page.status == 200 && !page.text().contains(CUT_OFF), "{}", page.text());
}

#[both_stores]
async fn two_schools_of_one_issuer_can_register_simultaneously(store: Store) {
    let (gateway, lms) = (Gateway::start(store).await, lms_of("canvas").await);
    lms.faults().set(Endpoint::Registration, Fault::Late(Duration::from_millis(300)));
    let ((_, one), (_, two)) = tokio::join!(register(&gateway, &lms), register(&gateway, &lms));
    for page in [one, two] {
        assert!(page.status == 200 && !page.text().contains(CUT_OFF), "{}", page.text());
    }
    assert_eq!(gateway.platforms().await.len(), 2);
}

#[both_stores]
async fn the_tools_own_page_may_take_its_time(store: Store) {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    let lms = lms_of("canvas").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    gateway.clock.advance(Duration::from_secs(1800));
    // Long after it began to wait it is being sent, while another one ends.
    lms.faults().next(Endpoint::Registration, 1, Fault::Late(Duration::from_millis(500)));
    let (_, other) = wait_for_approval(&gateway, &lms).await;
    let (one, two) = tokio::join!(complete(&gateway, &id, None), complete(&gateway, &other, None));
    assert_eq!((one.status, two.status), (200, 200), "{} {}", one.text(), two.text());
    assert_eq!(gateway.platforms().await.len(), 2);
}

/// What is embedded has one server: whatever it was sending when it stopped was cut off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_a_restart_proves_an_interruption() {
    let (gateway, lms) = (Gateway::start(Store::Sqlite).await, lms_of("moodle").await);
    sending(&gateway, &lms).await;
    let gateway = gateway.restart().await;
    let (_, page) = register(&gateway, &lms).await;
    assert!(page.status == 200 && page.text().contains(CUT_OFF), "{}", page.text());
    assert_eq!(only_platform(&gateway).await["url"], json!(lms.endpoints().issuer));
}
