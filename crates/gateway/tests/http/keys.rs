//! Platforms' key sets: fetched when needed, kept, and never hammered (lti.md G.2).

use futures_util::future::join_all;
use serde_json::json;
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::jose::SigningKey;
use simulator::lms::Endpoint;

use crate::registered::{Posted, Registered, assert_refused, form, ltik_of};
use crate::support::Store;

#[tokio::test]
async fn tc_245_250_a_new_key_is_fetched_once_and_an_old_one_ends() {
    let school = Registered::new(Store::Sqlite).await;
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

#[tokio::test]
async fn tc_246_247_made_up_kids_don_t_make_us_hammer_the_platform() {
    let school = Registered::new(Store::Sqlite).await;
    school.accepts("warm", school.student()).await;
    let (key, random) = (school.lms.key(), gateway::clock::Random::default());
    let unknown = |posted: &Posted| {
        let header = json!({"alg": "RS256", "kid": random.token()});
        key.sign(&header, &posted.claims().into()).unwrap()
    };
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    for _ in 0..100 {
        let forged = Posted {
            id_token: unknown(&posted),
            state: posted.state.clone(),
        };
        assert_refused(
            "TC-246",
            &school.post(&browser, &forged).await,
            401,
            "KID_UNKNOWN",
        );
    }
    assert!(school.lms.jwks_hits() <= 2, "{}", school.lms.jwks_hits());
    ltik_of("the right one", &school.post(&browser, &posted).await);

    school.advance(3600);
    let hits = school.lms.jwks_hits();
    for state in ["", "x", posted.state.as_str()] {
        let token = unknown(&posted);
        let fields = [("id_token", token.as_str()), ("state", state)];
        let request = form(&school.gateway.at("/lti/launch"), &fields);
        let page = browser.fresh().send(request).await.unwrap();
        assert!(matches!(page.status, 400 | 401), "TC-247");
    }
    assert_eq!(school.lms.jwks_hits(), hits, "TC-247");
}

#[tokio::test]
async fn many_launches_at_once_fetch_the_keys_once() {
    let school = Registered::new(Store::Sqlite).await;
    let launches =
        join_all((0..12).map(|_| async { school.launch(&school.student()).await })).await;
    for page in &launches {
        ltik_of("at once", page);
    }
    assert_eq!(school.lms.jwks_hits(), 1);
}

#[tokio::test]
async fn tc_248_249_a_key_set_that_is_down_costs_nobody_a_known_key() {
    let school = Registered::new(Store::Sqlite).await;
    school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    let page = school.launch(&school.student()).await;
    assert_refused("TC-249", &page, 503, "KEY_SET_UNREADABLE");
    assert_eq!(page.header("retry-after"), Some("5"));
    assert_refused(
        "pause",
        &school.launch(&school.student()).await,
        503,
        "KEY_SET_UNREACHABLE",
    );
    assert_eq!(
        (school.lms.jwks_hits(), school.gateway.launches().await),
        (1, 0)
    );
    for fault in [
        Fault::Html,
        Fault::Cut,
        Fault::Larger(300 * 1024),
        Fault::Redirect("https://example.com".into()),
    ] {
        school.advance(4);
        school.lms.faults().set(Endpoint::Jwks, fault);
        let page = school.launch(&school.student()).await;
        assert_eq!(page.status, 503, "{}", page.text());
    }
    school.lms.faults().clear_all();
    school.advance(4);
    school.accepts("TC-249 later", school.student()).await;

    school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    school.accepts("TC-248 fresh", school.student()).await;
    school.advance(20 * 3600);
    school.accepts("TC-248 stale", school.student()).await;
    school.advance(5 * 3600);
    assert_eq!(
        school.launch(&school.student()).await.status,
        503,
        "older than a day"
    );
}

#[tokio::test]
async fn tc_255_a_kid_may_get_another_key() {
    let school = Registered::new(Store::Sqlite).await;
    school.accepts("before", school.student()).await;
    let replaced = SigningKey::generate()
        .unwrap()
        .with_kid(school.lms.key().kid());
    let by_new = school.student().signed_by(replaced.clone());
    // Not yet published: one look, and it stays refused.
    school.advance(61);
    school
        .refuses("unpublished", by_new.clone(), 401, "INVALID_SIGNATURE")
        .await;
    assert_eq!(school.lms.jwks_hits(), 2);
    let body = json!({"keys": [replaced.jwk()]}).to_string();
    let published = Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body,
    };
    school.lms.faults().set(Endpoint::Jwks, published);
    school
        .refuses("within the pause", by_new.clone(), 401, "INVALID_SIGNATURE")
        .await;
    school.advance(61);
    school.accepts("TC-255", by_new).await;
    assert_eq!(school.lms.jwks_hits(), 3);
    school
        .refuses("the old one", school.student(), 401, "INVALID_SIGNATURE")
        .await;
}

#[tokio::test]
async fn tc_253_a_key_set_beyond_reason_is_refused() {
    let school = Registered::new(Store::Sqlite).await;
    let mut keys = vec![school.lms.key().jwk()];
    for number in 0..10_000 {
        keys.push(json!({"kty": "RSA", "kid": number.to_string(), "n": "AQAB", "e": "AQAB"}));
    }
    let body = json!({"keys": keys}).to_string();
    let many = Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body,
    };
    school.lms.faults().set(Endpoint::Jwks, many);
    let page = school.launch(&school.student()).await;
    assert_eq!(page.status, 503, "{}", page.text());
    assert_eq!(school.gateway.launches().await, 0);
}
