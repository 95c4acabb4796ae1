//! Rubbish on every public address: only refusals come back, and the service lives on (lti.md I-27,
//! TC-341).
//!
//! Seeded, so that a failure can be had again: it names its seed. The case asks for ten minutes,
//! and every run of all tests would take that long, so they send it a few seconds' worth;
//! `scripts/garbage` does the ten minutes, and prints what came of them. `TEST_GARBAGE_SECONDS` and
//! `TEST_GARBAGE_SEED` are its settings.

use std::collections::BTreeMap;

use serde_json::Value;
use simulator::browser::Browser;
use simulator::jose::SigningKey;
use simulator::lms::claim_name;
use test_case::both_stores;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::registered::{Posted, Registered, ltik_of};
use crate::support::{API_KEY, PATIENCE, Store};

/// Every address that anyone may call, and some of those that need a key. The launch stands there
/// more often: it reads the most.
const ADDRESSES: [(&str, &str); 52] = [
    ("GET", "/lti/login"),
    ("POST", "/lti/login"),
    ("POST", "/login"),
    ("POST", "/lti/login/0000"),
    ("GET", "/lti/login/go"),
    ("GET", "/lti/launch"),
    ("POST", "/lti/launch"),
    ("POST", "/lti/launch"),
    ("POST", "/lti/launch"),
    ("GET", "/"),
    ("POST", "/"),
    ("POST", "/lti/launch/verify"),
    ("GET", "/lti/keys/0000"),
    ("POST", "/lti/keys"),
    ("GET", "/lti/register"),
    ("GET", "/register"),
    ("GET", "/lti/register/0000"),
    ("POST", "/lti/register/confirm"),
    ("POST", "/lti/register"),
    ("POST", "/lti/register/0000"),
    ("POST", "/lti/legacy/launch"),
    ("GET", "/register/canvas"),
    ("POST", "/launch"),
    ("POST", "/studyreel/launch"),
    ("POST", "/studyreel/launch/0000"),
    ("POST", "/lti-magic-link/launch"),
    ("GET", "/studyreel/learn"),
    ("POST", "/studyreel/learn"),
    ("GET", "/api/idtoken"),
    ("POST", "/api/registrations/0000/complete"),
    ("GET", "/admin/traces"),
    ("POST", "/admin/platforms"),
    ("PUT", "/admin/platforms/0000"),
    ("PATCH", "/admin/tool"),
    ("GET", "/admin/traces/0000"),
    ("POST", "/api/platforms/0000/keys/rotate"),
    ("POST", "/portal/sign-in"),
    ("POST", "/portal/sign-in/code"),
    ("GET", "/portal/oidc/sign-in"),
    ("GET", "/portal/oidc/callback"),
    ("GET", "/portal/welcome/0000"),
    ("POST", "/portal/welcome/0000"),
    ("POST", "/portal/users"),
    ("GET", "/portal/assets/0000"),
    ("GET", "/portal/find"),
    ("GET", "/portal/platforms"),
    ("POST", "/portal/platforms/0000/settings"),
    ("GET", "/portal/failures/0000"),
    ("POST", "/portal/keys"),
    ("POST", "/portal/settings"),
    ("GET", "/nothing"),
    ("POST", "/nothing"),
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

    /// A text with one to eight of its bytes changed.
    fn spoil(&mut self, text: &mut [u8]) {
        for _ in 0..=self.below(8) {
            let at = self.below(text.len().max(1));
            if let Some(byte) = text.get_mut(at) {
                *byte = self.roll().to_le_bytes()[0];
            }
        }
    }

    /// A token that the platform really signed, of a header or claims that were spoilt. Its link is
    /// left out, which is looked at late: a name that was spoilt would still be a name.
    fn signed(&mut self, right: &Posted, key: &SigningKey) -> Option<String> {
        let mut claims = right.claims();
        claims.remove(&claim_name("resource_link"));
        let mut header = key.header().to_string().into_bytes();
        let mut claims = Value::Object(claims).to_string().into_bytes();
        if self.below(4) == 0 {
            self.spoil(&mut header);
        }
        self.spoil(&mut claims);
        let [header, claims] =
            [header, claims].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        key.sign_text(&header, &claims).ok()
    }

    /// A body or query: something right that was spoilt, or noise.
    fn rubbish(&mut self, right: &Posted, key: &SigningKey) -> Vec<u8> {
        let encode =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let token = &right.id_token;
        let cut = &token[..self.below(token.len())];
        let mut form = match self.below(8) {
            6 | 7 => {
                // As the others are spoilt below, these are not: what was signed arrives.
                let token = self.signed(right, key).unwrap_or_else(|| cut.to_owned());
                let (token, state) = (encode(&token), encode(&right.state));
                return format!("id_token={token}&state={state}").into_bytes();
            }
            0 => return self.bytes(2000),
            1 => format!("id_token={}&state={}", encode(cut), encode(&right.state)),
            2 => format!("iss=%ff%fe&login_hint=%00&target_link_uri={}", encode(cut)),
            3 => format!("token={cut}&verify_token={cut}&value=x&registration={cut}"),
            4 => format!("{}{}", "[".repeat(self.below(5000)), "{\"a\":".repeat(self.below(500))),
            _ => format!("openid_configuration={}&registration_token=x", encode(cut)),
        }
        .into_bytes();
        if self.below(8) > 0 {
            self.spoil(&mut form);
        }
        form
    }

    /// A request as bytes, that no careful client would send; some with the cookies of the login,
    /// without which no one looks at a token, and some with a key.
    fn request(&mut self, host: &str, right: &Right) -> (String, Vec<u8>) {
        let (method, path) = ADDRESSES[self.below(ADDRESSES.len())];
        let rubbish = self.rubbish(&right.posted, &right.key);
        let mut known = String::new();
        if self.below(3) > 0 {
            known = format!("Cookie: {}\r\n", right.cookies);
        }
        if path.starts_with("/admin/") && self.below(2) == 0 {
            known += &format!("Authorization: Bearer {API_KEY}\r\n");
        }
        let media_type = TYPES[self.below(TYPES.len())];
        let mut target = path.to_owned();
        if method == "GET" {
            let printable = |byte: &u8| match byte {
                b'!'..=b'~' => char::from(*byte).to_string(),
                byte => format!("%{byte:02x}"),
            };
            target =
                format!("{path}?{}", rubbish.iter().take(2000).map(printable).collect::<String>());
        }
        let body = if method == "GET" { Vec::new() } else { rubbish };
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\n\
             Connection: close\r\nAccept: text/html\r\n{known}\
             Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        (format!("{method} {path}"), [head.into_bytes(), body].concat())
    }
}

async fn status_of(host: &str, request: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(host).await.unwrap();
    // It may have answered before all of a bad request was sent.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(PATIENCE, reading).await.expect("no answer");
    let line = String::from_utf8_lossy(&answer);
    let status = line.split(' ').nth(1).unwrap_or("");
    status.parse().unwrap_or_else(|_| panic!("no HTTP answer: {line}"))
}

/// Resident memory of this program, in KiB.
fn memory() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// How much more memory a long run may take at its end than after its first fifth, in KiB. Nothing
/// else may run in the program then, so short runs, which are among all the other tests, don't
/// look.
const GROWTH: i64 = 16 * 1024;
const LONG_SECONDS: i64 = 60;

/// A right launch, of which the rubbish is made.
struct Right {
    posted: Posted,
    cookies: String,
    key: SigningKey,
}

#[both_stores("TC-341")]
async fn garbage_is_refused_and_leaves_nothing_behind(store: Store) {
    let school = Registered::new(store).await;
    // Its limits would answer before anything looked at the rubbish.
    school
        .gateway
        .patch_tool(serde_json::json!({"limits": {
            "loginsPerAddress": 0, "launchesPerAddress": 0,
            "registrationsPerAddress": 0, "keySetsPerAddress": 0, "portalPerAddress": 0,
        }}))
        .await;
    let host = school.gateway.url.trim_start_matches("http://").to_owned();
    let seed = setting("TEST_GARBAGE_SEED", 341);
    let seconds = i64::try_from(setting("TEST_GARBAGE_SECONDS", 3)).unwrap();
    let clock = school.gateway.clock.clone();
    let (mut dice, begun, mut sent) = (Dice(seed), clock.now_seconds(), 0_u64);
    let (before, mut warm, mut statuses) = (school.gateway.launches().await, None, BTreeMap::new());
    let mut right = None;
    while sent < 300 || clock.now_seconds() < begun + seconds {
        // A login lasts ten minutes.
        if sent % 2000 == 0 {
            let browser = Browser::new().unwrap();
            let posted = school.begin(&browser, &school.student()).await;
            let cookies = browser.cookies(&school.gateway.url);
            let cookies: Vec<String> =
                cookies.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
            right = Some(Right { posted, cookies: cookies.join("; "), key: school.lms.key() });
        }
        let (address, request) = dice.request(&host, right.as_ref().unwrap());
        let status = status_of(&host, &request).await;
        // Answers to anyone who has the key, or who asks for what anyone may have; their queries
        // are not looked at.
        let is_answer =
            status == 200 && ["GET /register/canvas", "GET /admin/traces"].contains(&&*address);
        // Wherever a platform's configuration arrives, the registration is meant.
        let head = String::from_utf8_lossy(&request);
        // And who isn't signed in may do so.
        let is_sent_on = status == 303
            && (head.lines().next().unwrap().contains("openid_configuration=")
                || address.starts_with("GET /portal"));
        assert!(
            (400..500).contains(&status) || is_answer || is_sent_on,
            "seed {seed}, request {sent}, {address}: {status}"
        );
        *statuses.entry(status).or_insert(0_u64) += 1;
        sent += 1;
        if warm.is_none() && clock.now_seconds() >= begun + seconds / 5 {
            warm = Some(memory());
        }
    }
    assert_eq!(school.gateway.launches().await, before);
    assert!(statuses[&400] > 20 && statuses[&401] > 20, "{statuses:?}");
    let now = memory();
    let grown = now - warm.unwrap_or(now);
    #[expect(clippy::print_stderr, reason = "what scripts/garbage is run for")]
    if seconds >= LONG_SECONDS {
        eprintln!(
            "{store:?}, seed {seed}: {sent} requests in {seconds} s, \
             by status {statuses:?}; {now} KiB of memory, {grown} more than after \
             a fifth of the time"
        );
        assert!(grown < GROWTH, "{grown} KiB more after {sent} requests");
    }
    ltik_of("alive", &school.launch(&school.student()).await);
}
