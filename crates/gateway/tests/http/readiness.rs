//! `/readyz` proves that the store takes writes (decision 0103).

use simulator::browser::Browser;
use test_case::both_stores;

use crate::support::{Gateway, Store};

#[both_stores]
async fn a_server_is_ready_as_long_as_its_store_is_there(store: Store) {
    let gateway = Gateway::start(store).await;
    let browser = Browser::new().unwrap();
    let mut statuses = Vec::new();
    for change in [
        None,
        Some("ALTER TABLE installation RENAME TO installation_away"),
        Some("ALTER TABLE installation_away RENAME TO installation"),
    ] {
        if let Some(sql) = change {
            gateway.meddle(sql).await;
        }
        let page = browser.get(&gateway.at("/readyz")).await.unwrap();
        assert_eq!(page.header("cache-control"), Some("no-store"));
        statuses.push(page.status);
    }
    assert_eq!(statuses, [204, 503, 204]);
    // What was written to prove it is gone.
    assert_eq!(gateway.number("SELECT COUNT(*) FROM installation").await, 1);
}
