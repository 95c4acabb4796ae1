//! Platforms' key sets: fetched when needed, kept, and never hammered (lti.md G.2).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::jose::SigningKey;
use simulator::lms::Endpoint;
use test_case::both_stores;
use tokio::net::TcpListener;

use crate::registered::{Posted, Registered, assert_refused, form, ltik_of};
use crate::support::Store;
use crate::traces::reference;

/// Lets the LMS's address answer these keys.
fn publish(school: &Registered, keys: &[Value]) {
    let answer = Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: json!({"keys": keys}).to_string(),
    };
    school.lms.faults().set(Endpoint::Jwks, answer);
}

/// Moves the platform's key set to a server that says this about keeping it; counts how often it is
/// asked.
async fn serve_keys(school: &Registered, cache_control: &'static str) -> Arc<AtomicU64> {
    let hits = Arc::new(AtomicU64::new(0));
    let (count, body) = (hits.clone(), json!({"keys": [school.lms.key().jwk()]}).to_string());
    let answer = move || {
        count.fetch_add(1, Ordering::Relaxed);
        let headers = [("content-type", "application/json"), ("cache-control", cache_control)];
        async move { (headers, body) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/jwks", axum::routing::get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let path = format!("/admin/platforms/{}", school.platform_id);
    let mut platform = school.gateway.admin("GET", &path, None).await.json().unwrap();
    platform["authConfig"]["key"] = url.into();
    let page = school.gateway.admin("PUT", &path, Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    hits
}

#[both_stores("TC-245", "TC-250")]
async fn a_new_key_is_fetched_once_and_a_removed_one_ends(store: Store) {
    let school = Registered::new(store).await;
    let old = school.lms.key();
    for _ in 0..3 {
        school.accepts("k1", school.student()).await;
    }
    assert_eq!(school.lms.jwks_hits(), 1);
    school.lms.rotate_key().unwrap();
    school.advance(61);
    for _ in 0..3 {
        school.accepts("TC-245", school.student()).await;
    }
    assert_eq!(school.lms.jwks_hits(), 2);
    let by_old = school.student().signed_by(old);
    school.accepts("still published", by_old.clone()).await;
    school.lms.drop_old_keys();
    school.advance(2 * 3600);
    school.refuses("TC-250", by_old, 401, "KID_UNKNOWN").await;
    school.accepts("the new one", school.student()).await;
    assert_eq!(school.lms.jwks_hits(), 3);
}

/// The right claims under a key id that no one has.
fn with_unknown_kid(school: &Registered, posted: &Posted) -> String {
    let kid = gateway::kit::clock::Random::default().token();
    let header = json!({"alg": "RS256", "kid": kid});
    school.lms.key().sign(&header, &posted.claims().into()).unwrap()
}

#[both_stores("TC-246")]
async fn invented_kids_do_not_make_us_hammer_the_platform(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("warm", school.student()).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    for _ in 0..100 {
        let id_token = with_unknown_kid(&school, &posted);
        let forged = Posted { id_token, state: posted.state.clone() };
        assert_refused("TC-246", &school.post(&browser, &forged).await, 401, "KID_UNKNOWN");
    }
    assert!(school.lms.jwks_hits() <= 2, "{}", school.lms.jwks_hits());
    ltik_of("the right one", &school.post(&browser, &posted).await);
}

#[both_stores("TC-247")]
async fn without_a_valid_state_no_key_set_is_fetched(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    ltik_of("the right one", &school.post(&browser, &posted).await);
    school.advance(3600);
    let hits = school.lms.jwks_hits();
    for state in ["", "x", posted.state.as_str()] {
        let token = with_unknown_kid(&school, &posted);
        let fields = [("id_token", token.as_str()), ("state", state)];
        let request = form(&school.gateway.at("/lti/launch"), &fields);
        let page = browser.fresh().send(request).await.unwrap();
        assert!(matches!(page.status, 400 | 401), "{state}: {}", page.text());
    }
    assert_eq!(school.lms.jwks_hits(), hits);
}

#[both_stores]
async fn many_launches_at_once_fetch_the_keys_once(store: Store) {
    let school = Registered::new(store).await;
    let launches =
        join_all((0..12).map(|_| async { school.launch(&school.student()).await })).await;
    for page in &launches {
        ltik_of("at once", page);
    }
    assert_eq!(school.lms.jwks_hits(), 1);
}

#[both_stores("G-24")]
async fn many_bad_signatures_at_once_cost_one_fetch(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("warm", school.student()).await;
    let stranger = SigningKey::generate().unwrap().with_kid(school.lms.key().kid());
    let forged = school.student().signed_by(stranger);
    for hits in [2, 3] {
        school.advance(61);
        let begun = join_all((0..40).map(|_| async {
            let browser = Browser::new().unwrap();
            let posted = school.begin(&browser, &forged).await;
            (browser, posted)
        }))
        .await;
        // All at once, so that many see that the pause is over.
        let pages =
            join_all(begun.iter().map(|(browser, posted)| school.post(browser, posted))).await;
        for page in &pages {
            assert_refused("G-24", page, 401, "INVALID_SIGNATURE");
        }
        assert_eq!(school.lms.jwks_hits(), hits);
    }
    school.accepts("the right key", school.student()).await;
}

#[both_stores("G-24")]
async fn a_reused_kid_works_for_simultaneous_launches(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("warm", school.student()).await;
    let newer = SigningKey::generate().unwrap().with_kid(school.lms.key().kid());
    publish(&school, &[newer.jwk()]);
    school.advance(61);
    let by_newer = school.student().signed_by(newer);
    for page in join_all((0..20).map(|_| async { school.launch(&by_newer).await })).await {
        ltik_of("TC-255", &page);
    }
    assert_eq!(school.lms.jwks_hits(), 2);
}

#[both_stores("G-23")]
async fn a_fetch_goes_on_for_others_when_its_asker_hangs_up(store: Store) {
    let school = Registered::new(store).await;
    let slow = Fault::Late(std::time::Duration::from_secs(2));
    school.lms.faults().next(Endpoint::Jwks, 1, slow);
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let request = form(&school.gateway.at("/lti/launch"), &posted.fields());
    let asker = tokio::spawn(async move { browser.send(request).await });
    while school.lms.jwks_hits() == 0 {
        tokio::task::yield_now().await;
    }
    asker.abort();
    assert!(asker.await.unwrap_err().is_cancelled());
    // Those that come while it is under way wait for it; no one asks again.
    for page in join_all((0..5).map(|_| async { school.launch(&school.student()).await })).await {
        ltik_of("after it", &page);
    }
    assert_eq!(school.lms.jwks_hits(), 1);
}

#[both_stores("TC-249")]
async fn without_known_keys_an_outage_refuses_launches_for_now(store: Store) {
    let school = Registered::new(store).await;
    school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let page = school.launch(&school.student()).await;
    assert_refused("TC-249", &page, 503, "KEY_SET_UNREADABLE");
    assert_eq!(page.header("retry-after"), Some("5"));
    // While it isn't asked again, everyone gets the same answer.
    let page = school.launch(&school.student()).await;
    assert_refused("pause", &page, 503, "KEY_SET_UNREADABLE");
    assert!(page.text().contains("status 500"), "{}", page.text());
    assert_eq!((school.lms.jwks_hits(), school.gateway.launches().await), (1, 0));
    for fault in [
        Fault::Html,
        Fault::Cut,
        Fault::Larger(1100 * 1024),
        Fault::Redirect("https://example.com".into()),
    ] {
        school.advance(60);
        school.lms.faults().set(Endpoint::Jwks, fault);
        let page = school.launch(&school.student()).await;
        assert_eq!(page.status, 503, "{}", page.text());
    }
    school.lms.faults().clear_all();
    school.advance(60);
    school.accepts("TC-249 later", school.student()).await;
}

#[both_stores("TC-248")]
async fn known_keys_survive_an_outage_of_a_day(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("first", school.student()).await;
    school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    school.accepts("TC-248 fresh", school.student()).await;
    school.advance(20 * 3600);
    school.accepts("TC-248 stale", school.student()).await;
    school.advance(5 * 3600);
    assert_eq!(school.launch(&school.student()).await.status, 503, "older than a day");
}

#[both_stores("TC-255")]
async fn a_kid_may_be_given_another_key(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("before", school.student()).await;
    let replaced = SigningKey::generate().unwrap().with_kid(school.lms.key().kid());
    let by_new = school.student().signed_by(replaced.clone());
    // Not yet published: one look, and it stays refused.
    school.advance(61);
    school.refuses("unpublished", by_new.clone(), 401, "INVALID_SIGNATURE").await;
    assert_eq!(school.lms.jwks_hits(), 2);
    let body = json!({"keys": [replaced.jwk()]}).to_string();
    let published = Fault::Answer { status: 200, content_type: "application/json".into(), body };
    school.lms.faults().set(Endpoint::Jwks, published);
    school.refuses("within the pause", by_new.clone(), 401, "INVALID_SIGNATURE").await;
    school.advance(61);
    school.accepts("TC-255", by_new).await;
    assert_eq!(school.lms.jwks_hits(), 3);
    school.refuses("the old one", school.student(), 401, "INVALID_SIGNATURE").await;
}

#[both_stores("TC-253")]
async fn ten_thousand_useless_keys_are_passed_over(store: Store) {
    let school = Registered::new(store).await;
    let mut keys = vec![school.lms.key().jwk()];
    for number in 0..10_000 {
        keys.push(json!({"kty": "RSA", "kid": number.to_string(), "n": "AQAB", "e": "AQAB"}));
    }
    let body = json!({"keys": keys}).to_string();
    let many = Fault::Answer { status: 200, content_type: "application/json".into(), body };
    school.lms.faults().set(Endpoint::Jwks, many);
    school.accepts("10,000 useless keys", school.student()).await;
}

#[both_stores]
async fn a_changed_key_set_address_is_fetched_at_once(store: Store) {
    let school = Registered::new(store).await;
    let path = format!("/admin/platforms/{}", school.platform_id);
    let mut platform = school.gateway.admin("GET", &path, None).await.json().unwrap();
    let right = platform["authConfig"]["key"].clone();
    let mut moves = async |to: Value| {
        platform["authConfig"]["key"] = to;
        let page = school.gateway.admin("PUT", &path, Some(platform.clone())).await;
        assert_eq!(page.status, 200, "{}", page.text());
    };
    school.accepts("warm", school.student()).await;
    moves(json!("http://127.0.0.1:1/keys")).await;
    for _ in 0..2 {
        let page = school.launch(&school.student()).await;
        assert_refused("nobody listens there", &page, 503, "KEY_SET_UNREACHABLE");
        assert!(page.text().contains("connection failed"), "{}", page.text());
    }
    // An operator who has mended it tries it within the pause.
    moves(right).await;
    school.accepts("mended", school.student()).await;
}

#[both_stores("TC-251")]
async fn how_long_a_key_set_is_kept_is_clamped(store: Store) {
    for (said, at_least, at_most) in [
        ("max-age=1", 290, 310),
        ("max-age=31536000", 86_390, 86_410),
        ("public, max-age=7200", 7190, 7210),
    ] {
        let school = Registered::new(store).await;
        let hits = serve_keys(&school, said).await;
        school.accepts(said, school.student()).await;
        school.advance(at_least);
        school.accepts(said, school.student()).await;
        assert_eq!(hits.load(Ordering::Relaxed), 1, "{said}");
        school.advance(at_most - at_least);
        school.accepts(said, school.student()).await;
        assert_eq!(hits.load(Ordering::Relaxed), 2, "{said}");
    }
}

#[both_stores("TC-253")]
async fn unusable_keys_are_skipped(store: Store) {
    let school = Registered::new(store).await;
    let (right, kid) = (school.lms.key().jwk(), school.lms.key().kid().to_owned());
    let number = |bytes: usize| URL_SAFE_NO_PAD.encode(vec![0xA5; bytes]);
    for (case, spoiled) in [
        ("16,384 bits", json!({"n": number(2048)})),
        ("512 bits", json!({"n": number(64)})),
        ("e = 1", json!({"e": "AQ"})),
        ("e = 2", json!({"e": "Ag"})),
    ] {
        let mut key = right.clone();
        key.as_object_mut().unwrap().extend(spoiled.as_object().unwrap().clone());
        publish(&school, &[key.clone()]);
        school.advance(2 * 86_400);
        school.refuses(case, school.student(), 401, "KEY_PASSED_OVER").await;
        // Beside a right key it is passed over.
        key["kid"] = json!(format!("{kid}-spoiled"));
        publish(&school, &[key, right.clone()]);
        school.advance(2 * 86_400);
        school.accepts(case, school.student()).await;
    }
}

#[both_stores("TC-254")]
async fn keys_of_other_kinds_do_no_harm(store: Store) {
    let school = Registered::new(store).await;
    let elliptic = json!({
        "kty": "EC", "crv": "P-256", "kid": "ec", "use": "sig", "alg": "ES256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    });
    let unknown = json!({
        "kty": "OKP", "crv": "Ed25519", "kid": "okp",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    });
    let nonsense = json!({"kty": "PQC", "kid": "future", "v": [1, 2, {"x": null}]});
    publish(&school, &[elliptic, unknown, nonsense, school.lms.key().jwk()]);
    school.accepts("TC-254", school.student()).await;
}
#[both_stores("G-20")]
async fn a_platform_may_publish_more_than_a_hundred_keys(store: Store) {
    let school = Registered::new(store).await;
    school.lms.publish_other_keys(150);
    school.accepts("150 keys of other tools", school.student()).await;
    school.lms.publish_other_keys(1500);
    school.advance(2 * 86_400);
    school.accepts("1500 keys of other tools", school.student()).await;
}

#[both_stores("G-20")]
async fn a_key_set_that_never_works_is_not_called_a_moments_trouble(store: Store) {
    let school = Registered::new(store).await;
    let answer =
        |body: String| Fault::Answer { status: 200, content_type: "application/json".into(), body };
    let right = school.lms.key().jwk();
    let too_large = json!({"keys": [right], "padding": "x".repeat(1024 * 1024)});
    for body in [too_large.to_string(), json!({"keys": {}}).to_string()] {
        school.lms.faults().set(Endpoint::Jwks, answer(body));
        // Once of the answer itself, and once while it is remembered.
        for _ in 0..2 {
            let page = school.launch(&school.student()).await;
            assert_refused("never", &page, 503, "KEY_SET_UNREADABLE");
            assert!(page.text().contains("Trying again doesn"), "{}", page.text());
            assert_eq!(page.header("retry-after"), None);
        }
        school.advance(60);
    }
    school.lms.faults().set(Endpoint::Jwks, Fault::Status(503));
    let page = school.launch(&school.student()).await;
    assert!(page.text().contains("try again in a minute"), "{}", page.text());
    assert_eq!(page.header("retry-after"), Some("5"));
}

#[both_stores("G-20", "G-21", "G-26")]
async fn a_trace_says_why_a_key_was_skipped(store: Store) {
    let school = Registered::new(store).await;
    let right = school.lms.key().jwk();
    let with = |members: Value| {
        let mut key = right.clone();
        key.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        key
    };
    let mut other = SigningKey::generate().unwrap().jwk();
    other["kid"] = right["kid"].clone();
    for (keys, why) in [
        (vec![with(json!({"d": "AQAB"}))], "secret material"),
        (vec![json!({"kty": "oct", "kid": right["kid"], "k": "AQAB"})], "secret material"),
        (vec![with(json!({"use": "enc"}))], "its use is not sig"),
        (vec![with(json!({"key_ops": ["encrypt"]}))], "its key_ops lack verify"),
        (vec![with(json!({"alg": "RSA-OAEP"}))], "its alg is none"),
        (vec![with(json!({"kty": "lattice"}))], "the key type is not supported"),
        (vec![with(json!({"n": "AQAB"}))], "the RSA modulus is not between"),
        (vec![right.clone(), other], "two different keys with this kid"),
        (vec![with(json!({"kid": null}))], "keys without a kid"),
    ] {
        publish(&school, &keys);
        school.advance(2 * 86_400);
        let hits = school.lms.jwks_hits();
        // Twice: of the set that was fetched, and of the one that is kept.
        for _ in 0..2 {
            let page = school.launch(&school.student()).await;
            assert_refused(why, &page, 401, "KEY_PASSED_OVER");
            let trace = school.gateway.trace(&reference(&page)).await;
            let said = |name: &str| trace["reason"][name].as_str().unwrap().to_owned();
            assert!(said("text").contains(why), "{trace}");
            assert!(said("advice").contains("the text says why"), "{trace}");
            assert_eq!(
                (&trace["kid"], &trace["keySetUrl"]),
                (&right["kid"], &json!(school.lms.endpoints().jwks))
            );
        }
        assert_eq!(school.lms.jwks_hits(), hits + 1);
    }
    // A kid that is nowhere in the set is still called that.
    publish(
        &school,
        &[with(json!({"kid": "other"})), with(json!({"kid": "spoiled", "use": "enc"}))],
    );
    school.advance(2 * 86_400);
    school.refuses("nowhere", school.student(), 401, "KID_UNKNOWN").await;
}
