//! What many clients share: the connections of a proxy in front.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::browser::{Browser, Request};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::{Gateway, PATIENCE, Store, fixed};

const CONNECTIONS: usize = 16;
/// What one client may have under way: a quarter.
const SHARE: usize = CONNECTIONS / 4;

/// What a page of the portal answers to a client of the proxy.
async fn status(gateway: &Gateway, client: &str) -> u16 {
    let request = Request::new("GET".parse().unwrap(), &gateway.at("/portal/sign-in")).unwrap();
    let request = request.no_redirects().header("x-forwarded-for", client);
    Browser::new().unwrap().send(request).await.unwrap().status
}

/// Asks until this is the answer.
async fn becomes(gateway: &Gateway, client: &str, wanted: u16) {
    let asking = async {
        while status(gateway, client).await != wanted {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let asked = tokio::time::timeout(PATIENCE, asking).await;
    assert!(asked.is_ok(), "{client} was never answered {wanted}");
}

#[tokio::test]
async fn one_client_of_a_proxy_has_its_share_on_http1_too() {
    let fixed = Fixed { connections: CONNECTIONS, ..fixed() };
    let proxies = [("trusted_proxies", "127.0.0.1")];
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &proxies, fixed).await;
    let [one, other] = ["192.0.2.1", "192.0.2.2"];
    let begun = format!(
        "POST /lti/login HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {one}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\n"
    );
    let address = gateway.url.trim_start_matches("http://");
    let mut slow = Vec::new();
    for _ in 0..SHARE {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    becomes(&gateway, one, 429).await;
    assert_eq!(status(&gateway, other).await, 200);
    drop(slow);
    becomes(&gateway, one, 200).await;
}
