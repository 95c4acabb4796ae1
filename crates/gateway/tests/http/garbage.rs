//! Rubbish on every public address: only refusals come back, and the service lives on (lti.md I-27, TC-341).
//!
//! Seeded, so that a failure can be had again: it names its seed. `TEST_GARBAGE_SECONDS=600` runs it for ten minutes
//! instead of a few seconds, `TEST_GARBAGE_SEED=<number>` from another seed.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::registered::{Posted, Registered, ltik_of};
use crate::support::on_both_stores;
use simulator::browser::Browser;

const ADDRESSES: [(&str, &str); 17] = [
    ("GET", "/lti/login"),
    ("POST", "/lti/login"),
    ("POST", "/lti/login/0000"),
    ("GET", "/lti/launch"),
    ("POST", "/lti/launch"),
    ("POST", "/"),
    ("POST", "/lti/launch/verify"),
    ("GET", "/lti/keys/0000"),
    ("GET", "/lti/register"),
    ("GET", "/lti/register/0000"),
    ("POST", "/lti/register/confirm"),
    ("GET", "/register/canvas"),
    ("POST", "/studyreel/launch"),
    ("GET", "/studyreel/learn"),
    ("POST", "/studyreel/learn"),
    ("GET", "/api/idtoken"),
    ("PATCH", "/admin/tool"),
];
const TYPES: [&str; 4] = [
    "application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data; boundary=x",
    "\u{fffd}",
];

fn setting(name: &str, default: u64) -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "for people who run this test for long, and nothing else"
    )]
    let value = std::env::var(name);
    value.map_or(default, |text| text.parse().expect("a number"))
}

/// A plain generator (splitmix64): the same numbers for the same seed, everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most);
        (0..length).map(|_| self.roll().to_le_bytes()[0]).collect()
    }

    /// A body or query: something right that was spoilt, or noise.
    fn rubbish(&mut self, right: &Posted) -> Vec<u8> {
        let encode =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let token = &right.id_token;
        let cut = &token[..self.below(token.len())];
        let mut form = match self.below(6) {
            0 => return self.bytes(2000),
            1 => format!("id_token={}&state={}", encode(cut), encode(&right.state)),
            2 => format!("iss=%ff%fe&login_hint=%00&target_link_uri={}", encode(cut)),
            3 => format!("token={cut}&verify_token={cut}&value=x&registration={cut}"),
            4 => format!(
                "{}{}",
                "[".repeat(self.below(5000)),
                "{\"a\":".repeat(self.below(500))
            ),
            _ => format!("openid_configuration={}&registration_token=x", encode(cut)),
        }
        .into_bytes();
        for _ in 0..self.below(8) {
            let at = self
                .below(form.len().max(1))
                .min(form.len().saturating_sub(1));
            if let Some(byte) = form.get_mut(at) {
                *byte = self.roll().to_le_bytes()[0];
            }
        }
        form
    }

    /// A request as bytes, that no careful client would send.
    fn request(&mut self, host: &str, right: &Posted) -> (String, Vec<u8>) {
        let (method, path) = ADDRESSES[self.below(ADDRESSES.len())];
        let rubbish = self.rubbish(right);
        let media_type = TYPES[self.below(TYPES.len())];
        let mut target = path.to_owned();
        if method == "GET" {
            let printable = |byte: &u8| match byte {
                b'!'..=b'~' => char::from(*byte).to_string(),
                byte => format!("%{byte:02x}"),
            };
            target = format!(
                "{path}?{}",
                rubbish.iter().take(2000).map(printable).collect::<String>()
            );
        }
        let body = if method == "GET" { Vec::new() } else { rubbish };
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: text/html\r\n\
             Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        (
            format!("{method} {path}"),
            [head.into_bytes(), body].concat(),
        )
    }
}

async fn status_of(host: &str, request: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(host).await.unwrap();
    // It may have answered before all of a bad request was sent.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(30), reading)
        .await
        .expect("no answer");
    let line = String::from_utf8_lossy(&answer);
    let status = line.split(' ').nth(1).unwrap_or("");
    status
        .parse()
        .unwrap_or_else(|_| panic!("no HTTP answer: {line}"))
}

/// Resident memory of this program, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}

on_both_stores! {
    async fn tc_341_rubbish_is_refused_and_leaves_nothing(store) {
        let school = Registered::new(store).await;
        // Its limits would answer before anything looked at the rubbish.
        school.gateway.patch_tool(serde_json::json!({"limits": null})).await;
        let host = school.gateway.url.trim_start_matches("http://").to_owned();
        let right = school.begin(&Browser::new().unwrap(), &school.student()).await;
        let seed = setting("TEST_GARBAGE_SEED", 341);
        let seconds = i64::try_from(setting("TEST_GARBAGE_SECONDS", 3)).unwrap();
        let clock = school.gateway.clock.clone();
        let (mut dice, until, mut sent) = (Dice(seed), clock.now_seconds() + seconds, 0_u64);
        let (before, mut warm) = (school.gateway.launches().await, None);
        while sent < 300 || clock.now_seconds() < until {
            let (address, request) = dice.request(&host, &right);
            let status = status_of(&host, &request).await;
            let refused = (400..500).contains(&status);
            // Without parameters this one is an answer for programs; its query is not looked at.
            let canvas = address == "GET /register/canvas" && status == 200;
            assert!(refused || canvas, "seed {seed}, request {sent}, {address}: {status}");
            sent += 1;
            if sent == 300 {
                warm = Some(memory());
            }
        }
        assert_eq!(school.gateway.launches().await, before);
        let grown = memory().saturating_sub(warm.unwrap());
        // Other tests run in this program beside it, so this shows only what grows without end.
        assert!(grown < 512 * 1024 || seconds < 60, "{grown} KiB more after {sent} requests");
        ltik_of("alive", &school.launch(&school.student()).await);
    }
}
