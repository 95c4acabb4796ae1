//! Settings that change while the server runs (decision 0102).

use std::time::Duration;

use gateway::settings::installation::Config;
use gateway::settings::proxies::{ForwardedHeader, TrustedProxies};
use serde_json::json;
use simulator::browser::{Browser, Request};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::support::{Gateway, PATIENCE, Store};

fn take_over(gateway: &Gateway, changed: &Config) -> Vec<&'static str> {
    let files = gateway.reload.files(changed).unwrap();
    gateway.reload.settings(changed, files).unwrap()
}

#[tokio::test]
async fn proxies_and_the_allow_list_change_while_it_runs() {
    let limits = json!({"limits": {"keySetsPerAddress": 1}});
    let gateway = Gateway::start_with(Store::Sqlite, limits).await;
    let ask = async |client: &str| {
        let request = Request::new("GET".parse().unwrap(), &gateway.at("/lti/keys")).unwrap();
        let request = request.header("forwarded", &format!("for={client}"));
        Browser::new().unwrap().send(request).await.unwrap().status
    };
    let inside = "https://10.1.2.3/jwks".parse().unwrap();
    let outbound = &gateway.app.outbound;
    assert_eq!((ask("192.0.2.1").await, ask("192.0.2.2").await), (200, 429));
    assert!(outbound.permits(&inside).is_err());

    let changed = Config {
        trusted_proxies: TrustedProxies::parse("127.0.0.0/8").unwrap(),
        forwarded_header: ForwardedHeader::Forwarded,
        outbound_allow: gateway::kit::outbound::AllowList::parse("10.0.0.0/8").unwrap(),
        listen: "127.0.0.1:1".parse().unwrap(),
        ..gateway.app.config.clone()
    };
    assert_eq!(take_over(&gateway, &changed), ["listen"]);
    let statuses = [ask("192.0.2.1").await, ask("192.0.2.2").await, ask("192.0.2.1").await];
    assert_eq!(statuses, [200, 200, 429]);
    assert!(outbound.permits(&inside).is_ok());
}

#[tokio::test]
async fn a_shorter_idle_time_holds_for_connections_to_come() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let idle_timeout = Duration::from_secs(1);
    let changed = Config { idle_timeout, ..gateway.app.config.clone() };
    assert_eq!(take_over(&gateway, &changed), [""; 0]);
    let address = gateway.url.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut stream, asked).await.unwrap();
    let mut all = Vec::new();
    let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all));
    end.await.unwrap().unwrap();
    assert!(all.starts_with(b"HTTP/1.1 204 "));
}
