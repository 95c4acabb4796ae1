//! Clients that hang up while their request is under way: what may change something is finished all
//! the same (decision 0367).

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;
use tokio::net::TcpStream;

use crate::management::{self, Platform};
use crate::portal::Visitor;
use crate::support::{API_KEY, Gateway, PATIENCE, Store, fixed};

const ACTION: &str = "platform.registration_sent";

/// Waits until so many entries say that a registration was sent; gives who did it, the newest
/// first.
async fn noted(gateway: &Gateway, number: usize) -> Vec<String> {
    let waiting = async {
        loop {
            let path = format!("/admin/audit?action={ACTION}");
            let page = gateway.admin("GET", &path, None).await;
            assert_eq!(page.status, 200, "{}", page.text());
            let list = page.json().unwrap();
            let entries = list["entries"].as_array().unwrap().iter();
            let kinds: Vec<String> =
                entries.map(|entry| entry["actor"]["kind"].as_str().unwrap().to_owned()).collect();
            if kinds.len() >= number {
                return kinds;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap()
}

#[both_stores("PO-9")]
async fn who_hangs_up_leaves_an_entry_all_the_same(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(true).await);
    let path = management::registered(&gateway, &platform).await;
    let owner = Visitor::owner(&gateway).await;

    let held = platform.gate.write().await;
    tokio::select! {
        page = gateway.admin("PUT", &path, None) => panic!("it was answered: {}", page.text()),
        () = platform.puts(1) => {}
    }
    drop(held);
    assert_eq!(noted(&gateway, 1).await, ["api_key"]);

    let there = path.replace("/admin/", "/portal/");
    let page = owner.get(&there).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let held = platform.gate.write().await;
    tokio::select! {
        page = owner.post(&page, &there, &[]) => panic!("it was answered: {}", page.text()),
        () = platform.puts(2) => {}
    }
    drop(held);
    assert_eq!(noted(&gateway, 2).await, ["user", "api_key"]);
}

/// A request of a client behind a proxy on this machine.
async fn asked(gateway: &Gateway, method: &str, path: &str, client: &str) -> Page {
    let request = Request::new(method.parse().unwrap(), &gateway.at(path))
        .unwrap()
        .header("authorization", &format!("Bearer {API_KEY}"))
        .header("x-forwarded-for", client)
        .no_redirects();
    Browser::new().unwrap().send(request).await.unwrap()
}

#[tokio::test]
async fn who_hung_up_behind_a_proxy_counts_until_it_is_done() {
    // An address has a quarter: one.
    let fixed = Fixed { connections: 4, ..fixed() };
    let proxies = [("trusted_proxies", "127.0.0.1")];
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &proxies, fixed).await;
    let platform = Platform::start(true).await;
    let path = management::registered(&gateway, &platform).await;
    let [one, other] = ["192.0.2.1", "192.0.2.2"];
    let held = platform.gate.write().await;
    tokio::select! {
        page = asked(&gateway, "PUT", &path, one) => panic!("it was answered: {}", page.text()),
        () = platform.puts(1) => {}
    }
    assert_eq!(asked(&gateway, "GET", "/admin/tool", one).await.status, 429);
    assert_eq!(asked(&gateway, "GET", "/admin/tool", other).await.status, 200);
    drop(held);
    let free = async {
        while asked(&gateway, "GET", "/admin/tool", one).await.status != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, free).await.unwrap();
}

#[both_stores("PO-9")]
async fn a_stop_waits_for_whose_client_hung_up(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(true).await);
    let path = management::registered(&gateway, &platform).await;
    let held = platform.gate.write().await;
    tokio::select! {
        page = gateway.admin("PUT", &path, None) => panic!("it was answered: {}", page.text()),
        () = platform.puts(1) => {}
    }
    let address = gateway.url.trim_start_matches("http://").to_owned();
    let opening = async {
        // It is stopping once it takes no more connections.
        while TcpStream::connect(&*address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        drop(held);
    };
    let both = async { tokio::join!(gateway.restart(), opening) };
    let (gateway, ()) = tokio::time::timeout(PATIENCE, both).await.unwrap();
    assert_eq!(noted(&gateway, 1).await, ["api_key"]);
}
