//! Fetching platforms' key sets: many platforms at once, and platforms that answer late or never
//! (lti.md G.2, I-10).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use simulator::browser::{Browser, Page};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch, ManualTool};
use test_case::both_stores;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::registered::{Posted, Registered, assert_refused, begin, form, ltik_of};
use crate::support::Store;
use crate::traces::reference;
use crate::undisturbed::undisturbed;

/// A machine that keeps anyone waiting for so long is no judge of what is answered in seconds.
const LATE: Duration = Duration::from_millis(200);

/// A server of key sets that answers every path at every loopback address, once it may.
pub struct KeySets {
    port: u16,
    hits: Arc<AtomicU64>,
    /// How often it has to be asked before it answers anyone.
    pub answers_from: Arc<watch::Sender<u64>>,
    /// What it answers.
    answer: Arc<watch::Sender<(StatusCode, &'static str, Value)>>,
}

impl KeySets {
    /// One with this key, which answers at once.
    pub async fn of(key: Value) -> Self {
        let hits = Arc::new(AtomicU64::new(0));
        let answers_from = Arc::new(watch::Sender::new(0));
        let body = json!({"keys": [key]});
        let answer = Arc::new(watch::Sender::new((StatusCode::OK, "max-age=3600", body)));
        let (count, from, says) = (hits.clone(), answers_from.clone(), answer.clone());
        let handler = move || {
            let (count, from, says) = (count.clone(), from.clone(), says.clone());
            async move {
                count.fetch_add(1, Ordering::SeqCst);
                // Anyone who waits looks again.
                from.send_modify(|_| ());
                let enough = |from: &u64| count.load(Ordering::SeqCst) >= *from;
                from.subscribe().wait_for(enough).await.unwrap();
                let (status, control, body) = says.borrow().clone();
                (status, [("cache-control", control)], axum::Json(body))
            }
        };
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = axum::Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { port, hits, answers_from, answer }
    }

    fn hits(&self) -> u64 {
        self.hits.load(Ordering::SeqCst)
    }

    /// The address of a path at a host.
    pub fn at(&self, host: &str, path: usize) -> String {
        format!("http://{host}:{}/{path}", self.port)
    }

    pub async fn was_asked(&self, times: u64) {
        let asked = |_: &u64| self.hits() >= times;
        self.answers_from.subscribe().wait_for(asked).await.unwrap();
    }
}

/// Gives the school's platform this key set.
async fn move_keys(school: &Registered, url: &str) {
    let path = format!("/admin/platforms/{}", school.platform_id);
    let platform = school.gateway.admin("GET", &path, None).await;
    let mut platform: Value = platform.json().unwrap();
    platform["authConfig"]["key"] = url.into();
    let page = school.gateway.admin("PUT", &path, Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

/// A further registration of the school's LMS with this key set; its client id.
async fn register(school: &Registered, key_set: &str) -> String {
    let at = |path: &str| school.gateway.at(path);
    let tool = ManualTool::new(&at("/lti/login"), &at("/lti/launch"), &at("/lti/keys"));
    let tool = school.lms.register_tool(tool);
    let endpoints = school.lms.endpoints();
    let platform = json!({
        "url": endpoints.issuer, "clientId": tool.client_id, "name": "Test",
        "authenticationEndpoint": endpoints.authorization, "accesstokenEndpoint": endpoints.token,
        "authConfig": {"method": "JWK_SET", "key": key_set},
    });
    let page = school.gateway.admin("POST", "/admin/platforms", Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    tool.client_id
}

/// Logins of a student in registrations with these key sets, each in a browser of its own and ready
/// to be posted.
pub async fn begun(
    school: &Registered,
    key_sets: impl IntoIterator<Item = String>,
) -> Vec<(Browser, Posted)> {
    let mut begun = Vec::new();
    for key_set in key_sets {
        let launch = Launch::new(&register(school, &key_set).await);
        let browser = Browser::new().unwrap();
        let posted = begin(&school.lms, &browser, &launch).await;
        begun.push((browser, posted));
    }
    begun
}

/// All of them posted together.
pub async fn post_all(school: &Registered, begun: &[(Browser, Posted)]) -> Vec<Page> {
    join_all(begun.iter().map(|(browser, posted)| school.post(browser, posted))).await
}

/// How often an address may be asked since then: what came of a fetch is there for others for three
/// seconds.
fn fetches_since(begun: Instant) -> u64 {
    1 + begun.elapsed().as_secs() / 3
}

/// Posts the same launch again if the browser has no answer after a minute: people reload.
async fn posted_until_answered(school: &Registered, browser: &Browser, posted: &Posted) -> Page {
    let url = school.gateway.at("/lti/launch");
    loop {
        if let Ok(page) = browser.send(form(&url, &posted.fields())).await {
            break page;
        }
    }
}

/// What must be answered long before a fetch that never ends is given up (12 seconds).
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(8), what).await.expect("this waited for the key set")
}

#[both_stores("G-22")]
async fn a_shared_key_set_is_fetched_once_after_a_restart(store: Store) {
    let mut school = Registered::new(store).await;
    let shared = school.lms.endpoints().jwks;
    let begun = begun(&school, (0..40).map(|_| shared.clone())).await;
    school.gateway = school.gateway.restart().await;
    let posted = Instant::now();
    for page in post_all(&school, &begun).await {
        ltik_of("shared", &page);
    }
    let asked = school.lms.jwks_hits();
    assert!((1..=fetches_since(posted)).contains(&asked), "{asked} times");
}

#[both_stores("G-22")]
async fn platforms_with_a_shared_key_set_share_its_failure(store: Store) {
    let school = Registered::new(store).await;
    let shared = school.lms.endpoints().jwks;
    let begun = begun(&school, (0..12).map(|_| shared.clone())).await;
    school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let posted = Instant::now();
    for page in post_all(&school, &begun).await {
        assert_refused("shared", &page, 503, "KEY_SET_UNREADABLE");
    }
    let asked = school.lms.jwks_hits();
    assert!((1..=fetches_since(posted)).contains(&asked), "{asked} times");
    // Once it works again no one is held to that.
    school.lms.faults().clear_all();
    school.advance(4);
    school.accepts("mended", school.student()).await;
    assert_eq!(school.lms.jwks_hits(), asked + 1);
}

/// Decision 0528.
#[both_stores("G-23")]
async fn an_address_that_only_fails_is_asked_less_and_less(store: Store) {
    let school = Registered::new(store).await;
    school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    for (seconds, asked) in [(0, 1), (4, 2), (1, 2), (6, 3), (1, 3), (12, 4)] {
        school.advance(seconds);
        school.refuses("it fails", school.student(), 503, "KEY_SET_UNREADABLE").await;
        assert_eq!(school.lms.jwks_hits(), asked, "after {seconds} s");
    }
    school.lms.faults().clear_all();
    school.advance(4);
    school.refuses("so soon", school.student(), 503, "KEY_SET_UNREADABLE").await;
    let check = format!("/admin/platforms/{}/check", school.platform_id);
    let checked = school.gateway.admin("POST", &check, None).await;
    assert_eq!(checked.status, 200, "{}", checked.text());
    school.accepts("once someone looks after it", school.student()).await;
}

#[both_stores("G-22")]
async fn a_platform_switched_off_leaves_no_keys_in_memory(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("on", school.student()).await;
    for (switch, asked) in [("deactivate", 1), ("activate", 2)] {
        let path = format!("/admin/platforms/{}/{switch}", school.platform_id);
        let page = school.gateway.admin("POST", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        if switch == "activate" {
            school.advance(4);
            school.accepts("on again", school.student()).await;
        }
        assert_eq!(school.lms.jwks_hits(), asked, "{switch}");
    }
}

#[both_stores("G-23", "G-27")]
async fn an_unknown_kid_does_not_use_up_another_platforms_fetch(store: Store) {
    let school = Registered::new(store).await;
    let shared = school.lms.endpoints().jwks;
    let other = register(&school, &shared).await;
    for launch in [school.student(), Launch::new(&other)] {
        ltik_of("warm", &school.launch(&launch).await);
    }
    assert_eq!(school.lms.jwks_hits(), 1);
    school.advance(61);
    let header = json!({"typ": "JWT", "alg": "RS256", "kid": "nobody"});
    school.refuses("made up", school.student().header(header), 401, "KID_UNKNOWN").await;
    school.lms.rotate_key().unwrap();
    school.advance(4);
    school.refuses("its own pause", school.student(), 401, "KID_UNKNOWN").await;
    ltik_of("the other's", &school.launch(&Launch::new(&other)).await);
    assert_eq!(school.lms.jwks_hits(), 3);
    school.advance(61);
    school.accepts("after the pause", school.student()).await;
}

/// Decision 0444.
#[both_stores("G-23")]
async fn an_invented_kid_delays_a_rotation_by_seconds(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("warm", school.student()).await;
    school.advance(61);
    let header = json!({"typ": "JWT", "alg": "RS256", "kid": "nobody"});
    let invented = school.student().header(header);
    school.refuses("made up", invented.clone(), 401, "KID_UNKNOWN").await;
    school.lms.rotate_key().unwrap();
    school.advance(16);
    school.refuses("looked for already", invented.clone(), 401, "KID_UNKNOWN").await;
    assert_eq!(school.lms.jwks_hits(), 2);
    school.accepts("the new key", school.student()).await;
    assert_eq!(school.lms.jwks_hits(), 3);
    school.advance(61);
    school.refuses("a minute later", invented, 401, "KID_UNKNOWN").await;
    assert_eq!(school.lms.jwks_hits(), 4);
}

/// Decision 0458: whether the platform has the key is still unknown.
#[both_stores("G-23")]
async fn after_a_failed_fetch_a_new_key_waits_seconds(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("warm", school.student()).await;
    school.lms.rotate_key().unwrap();
    school.advance(61);
    school.lms.faults().next(Endpoint::Jwks, 1, Fault::Status(503));
    school.refuses("it can't be read", school.student(), 503, "KEY_SET_UNREADABLE").await;
    school.refuses("so soon", school.student(), 503, "KEY_SET_UNREADABLE").await;
    assert_eq!(school.lms.jwks_hits(), 2);
    school.advance(16);
    school.accepts("it works again", school.student()).await;
    assert_eq!(school.lms.jwks_hits(), 3);
}

/// Decision 0444: the second launch with a new key comes while the first one's fetch is running.
#[both_stores("G-23")]
async fn launches_with_a_new_key_wait_for_one_fetch(store: Store) {
    let school = Registered::new(store).await;
    let key_sets = KeySets::of(school.lms.key().jwk()).await;
    move_keys(&school, &key_sets.at("127.0.0.1", 0)).await;
    school.accepts("warm", school.student()).await;
    let asked = key_sets.hits();
    school.lms.rotate_key().unwrap();
    let only_new = json!({"keys": [school.lms.key().jwk()]});
    key_sets.answer.send_replace((StatusCode::OK, "max-age=3600", only_new));
    school.advance(16);
    let browsers = [Browser::new().unwrap(), Browser::new().unwrap()];
    let [one, other] = &browsers;
    let first = school.begin(one, &school.student()).await;
    let second = school.begin(other, &school.student()).await;
    key_sets.answers_from.send_replace(u64::MAX);
    let (first, second, ()) = tokio::join!(
        school.post(one, &first),
        async {
            key_sets.was_asked(asked + 1).await;
            school.post(other, &second).await
        },
        async {
            key_sets.was_asked(asked + 1).await;
            // Meanwhile the second one arrives.
            for _ in 0..3 {
                school.gateway.admin("GET", "/admin/platforms", None).await;
            }
            key_sets.answers_from.send_replace(0);
        }
    );
    ltik_of("the first", &first);
    ltik_of("while it is fetched", &second);
    assert_eq!(key_sets.hits(), asked + 1);
}

#[both_stores("G-23")]
async fn hanging_up_does_not_end_a_fetch_others_wait_for(store: Store) {
    let school = Registered::new(store).await;
    let key_sets = KeySets::of(school.lms.key().jwk()).await;
    let url = key_sets.at("127.0.0.1", 0);
    let mut begun = begun(&school, [url.clone(), url.clone(), url]).await;
    key_sets.answers_from.send_replace(2);
    let (browser, posted) = begun.remove(0);
    let request = form(&school.gateway.at("/lti/launch"), &posted.fields());
    let asker = tokio::spawn(async move { browser.send(request).await });
    key_sets.was_asked(1).await;
    asker.abort();
    assert!(asker.await.unwrap_err().is_cancelled());
    let posted = Instant::now();
    let (others, ()) = tokio::join!(post_all(&school, &begun), async {
        // They are on their way, or will find what it brought.
        tokio::task::yield_now().await;
        key_sets.answers_from.send_replace(0);
    });
    for page in &others {
        ltik_of("the others", page);
    }
    let asked = key_sets.hits();
    assert!((1..=fetches_since(posted)).contains(&asked), "{asked} times");
}

#[both_stores("I-10")]
async fn key_set_fetches_are_limited_per_host(store: Store) {
    let school = Registered::new(store).await;
    let key_sets = KeySets::of(school.lms.key().jwk()).await;
    let begun = begun(&school, (0..14).map(|path| key_sets.at("127.0.0.1", path))).await;
    // No answer before all places are taken.
    key_sets.answers_from.send_replace(8);
    for page in post_all(&school, &begun).await {
        ltik_of("one host", &page);
    }
    assert_eq!(key_sets.hits(), 14);
}

#[both_stores("I-10")]
async fn key_set_fetches_are_limited_across_hosts(store: Store) {
    let school = Registered::new(store).await;
    let key_sets = KeySets::of(school.lms.key().jwk()).await;
    let hosts = (1..=70).map(|host| key_sets.at(&format!("127.1.0.{host}"), 0));
    let begun = begun(&school, hosts).await;
    key_sets.answers_from.send_replace(64);
    for page in post_all(&school, &begun).await {
        ltik_of("all hosts", &page);
    }
    assert_eq!(key_sets.hits(), 70);
}

#[both_stores("I-10")]
async fn a_fetch_without_a_slot_does_not_blame_the_platform(store: Store) {
    let school = Registered::new(store).await;
    let key_sets = KeySets::of(school.lms.key().jwk()).await;
    // Two rounds of a host's places, and one more: the one that waits longest gets none while the
    // first hang.
    let begun = begun(&school, (0..17).map(|path| key_sets.at("127.0.0.1", path))).await;
    key_sets.answers_from.send_replace(u64::MAX);
    let mut pages: FuturesUnordered<_> = begun
        .iter()
        .map(|(browser, posted)| posted_until_answered(&school, browser, posted))
        .collect();
    let busy = loop {
        let page = pages.next().await.expect("one of them finds no place");
        if page.text().contains("OUTBOUND_BUSY") {
            break page;
        }
    };
    assert_refused("busy", &busy, 503, "OUTBOUND_BUSY");
    assert_eq!(busy.header("retry-after"), Some("5"));
    assert!(!busy.text().contains("learning platform"), "{}", busy.text());
    let trace = school.gateway.trace(&reference(&busy)).await;
    let advice = trace["reason"]["advice"].as_str().unwrap();
    assert!(advice.starts_with("This is on our side"), "{trace}");
    assert!(trace["keySetUrl"].as_str().is_some(), "{trace}");
}

#[both_stores("G-22")]
async fn a_date_that_is_set_back_keeps_no_key_alive(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("warm", school.student()).await;
    let old = school.student().signed_by(school.lms.key());
    school.lms.rotate_key().unwrap();
    school.lms.drop_old_keys();
    school.set_date_by(-7 * 3600);
    school.accepts("still fresh", old.clone()).await;
    school.advance(3601);
    school.refuses("no longer", old, 401, "KID_UNKNOWN").await;
    school.accepts("the new key", school.student()).await;
}

#[both_stores("G-22")]
async fn a_hanging_key_set_does_not_delay_known_keys(store: Store) {
    undisturbed(LATE, async || {
        let school = Registered::new(store).await;
        school.accepts("warm", school.student()).await;
        school.lms.faults().set(Endpoint::Jwks, Fault::Late(Duration::from_secs(3600)));
        school.advance(2 * 3600);
        let launches = join_all((0..8).map(|_| async { school.launch(&school.student()).await }));
        for page in soon(launches).await {
            ltik_of("hanging", &page);
        }
        let trace = school.gateway.newest("kind=launch&outcome=accepted").await;
        assert_eq!(trace["keys"], "kept, since the key set could not be had in time", "{trace}");
        soon(school.accepts("the next one", school.student())).await;
        assert_eq!(school.lms.jwks_hits(), 2, "one fetch under way");
    })
    .await;
}

#[both_stores("G-22")]
async fn a_late_key_set_is_used_once_it_arrives(store: Store) {
    undisturbed(LATE, async || {
        let school = Registered::new(store).await;
        let key_sets = KeySets::of(school.lms.key().jwk()).await;
        move_keys(&school, &key_sets.at("127.0.0.1", 0)).await;
        school.accepts("warm", school.student()).await;
        let old = school.student().signed_by(school.lms.key());
        school.lms.rotate_key().unwrap();
        let only_new = json!({"keys": [school.lms.key().jwk()]});
        key_sets.answer.send_replace((StatusCode::OK, "max-age=3600", only_new));
        key_sets.answers_from.send_replace(3);
        school.advance(2 * 3600);
        soon(school.accepts("while it hangs", old.clone())).await;
        key_sets.answers_from.send_replace(0);
        // The same fetch brings the new key, and the end of the old one.
        school.accepts("the new key", school.student()).await;
        school.refuses("the old key", old, 401, "KID_UNKNOWN").await;
        assert_eq!(key_sets.hits(), 2);
    })
    .await;
}

#[both_stores("G-22")]
async fn a_key_stays_valid_for_a_day_after_it_goes_stale(store: Store) {
    for (said, fresh_hours) in [("max-age=86400", 24), ("max-age=3600", 1)] {
        let school = Registered::new(store).await;
        let key_sets = KeySets::of(school.lms.key().jwk()).await;
        key_sets.answer.send_modify(|answer| answer.1 = said);
        move_keys(&school, &key_sets.at("127.0.0.1", 0)).await;
        school.accepts(said, school.student()).await;
        key_sets.answer.send_modify(|answer| answer.0 = StatusCode::BAD_GATEWAY);
        school.advance(fresh_hours * 3600 + 60);
        school.accepts(said, school.student()).await;
        school.advance(23 * 3600);
        school.accepts(said, school.student()).await;
        school.advance(3600);
        school.refuses(said, school.student(), 503, "KEY_SET_UNREADABLE").await;
    }
}
