//! How a launch reaches us, and the login it belongs to (lti.md B.1, B.2 steps 1 and 2).

use serde_json::json;
use simulator::browser::{Browser, Request};
use simulator::jose::SigningKey;
use simulator::lms::{Launch, Lms, Options};
use test_case::both_stores;

use crate::registered::{Posted, Registered, assert_refused, begin, form, ltik_of, register};
use crate::support::{Store, altered, lms};

#[both_stores("TC-047")]
async fn a_token_in_the_query_is_not_a_launch(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let url = format!("/lti/launch?id_token={}&state={}", posted.id_token, posted.state);
    let page = browser.get(&school.gateway.at(&url)).await.unwrap();
    assert_eq!(page.status, 400);
    assert!(!page.text().contains(&posted.id_token));
    assert_eq!(school.gateway.launches().await, 0);
    ltik_of("by POST", &school.post(&browser, &posted).await);
}

/// A launch that only waits for its post.
struct Begun {
    school: Registered,
    browser: Browser,
    posted: Posted,
}

impl Begun {
    async fn at(store: Store) -> Self {
        let (school, browser) = (Registered::new(store).await, Browser::new().unwrap());
        let posted = school.begin(&browser, &school.student()).await;
        Self { school, browser, posted }
    }

    fn form(&self, fields: &[(&str, &str)]) -> Request {
        form(&self.school.gateway.at("/lti/launch"), fields)
    }

    async fn refuses(&self, case: &str, request: Request, status: u16, code: &str) {
        assert_refused(case, &self.browser.send(request).await.unwrap(), status, code);
    }

    /// Nothing came of the posts so far, nor have they spent the login.
    async fn finds_the_login_unspent(self) {
        assert_eq!(self.school.gateway.launches().await, 0);
        ltik_of("after all", &self.school.post(&self.browser, &self.posted).await);
    }
}

#[both_stores("TC-048", "TC-049")]
async fn a_launch_without_token_or_known_state_is_refused(store: Store) {
    let begun = Begun::at(store).await;
    let (token, state) = (begun.posted.id_token.as_str(), begun.posted.state.as_str());
    let altered = altered(state, 40);
    for (case, fields, status, code) in [
        ("TC-048", vec![("id_token", token)], 400, "MISSING_LOGIN_PARAMETERS"),
        ("no token", vec![("state", state)], 400, "MISSING_LOGIN_PARAMETERS"),
        ("TC-049", vec![("id_token", token), ("state", "x")], 401, "STATE_UNKNOWN"),
        ("TC-049 altered", vec![("id_token", token), ("state", &altered)], 401, "STATE_UNKNOWN"),
    ] {
        begun.refuses(case, begun.form(&fields), status, code).await;
    }
    begun.finds_the_login_unspent().await;
}

#[both_stores("TC-045", "TC-056")]
async fn a_launch_that_says_two_things_is_refused(store: Store) {
    let begun = Begun::at(store).await;
    let (token, state) = (begun.posted.id_token.as_str(), begun.posted.state.as_str());
    for (case, third, code) in [
        ("TC-056", ("id_token", token), "REPEATED_PARAMETER"),
        ("two states", ("state", state), "REPEATED_PARAMETER"),
        ("TC-045", ("error", "login_required"), "TOKEN_AND_ERROR"),
    ] {
        let request = begun.form(&[("id_token", token), ("state", state), third]);
        begun.refuses(case, request, 400, code).await;
    }
    begun.finds_the_login_unspent().await;
}

#[both_stores("TC-058")]
async fn a_launch_that_is_no_form_is_refused(store: Store) {
    let begun = Begun::at(store).await;
    let body = json!({"id_token": begun.posted.id_token, "state": begun.posted.state}).to_string();
    for media_type in ["application/json", "text/plain", "application/x-www-form-urlencoded2"] {
        let request = begun.form(&[]).body(media_type, body.clone());
        begun.refuses(media_type, request, 415, "LAUNCH_NOT_A_FORM").await;
    }
    // However it is written, a form is a form.
    let request =
        begun.form(&[]).body("Application/X-WWW-Form-URLEncoded ; charset=UTF-8", "state=x");
    begun.refuses("a form", request, 400, "MISSING_LOGIN_PARAMETERS").await;
    begun.finds_the_login_unspent().await;
}

#[both_stores("TC-057")]
async fn a_body_over_the_limit_is_refused(store: Store) {
    let school = Registered::new(store).await;
    for (bytes, status) in [(300 * 1024, 413), (200 * 1024, 400)] {
        let filler = "x".repeat(bytes);
        let request = form(&school.gateway.at("/lti/launch"), &[("filler", &filler)]);
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, status, "{bytes}");
    }
}

#[both_stores("TC-050")]
async fn a_login_may_take_ten_minutes(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let now = school.gateway.clock.now_seconds();
    let launch = school.student().with("exp", now + 3600);
    let (in_time, late) =
        (school.begin(&browser, &launch).await, school.begin(&browser, &launch).await);
    school.advance(590);
    ltik_of("in time", &school.post(&browser, &in_time).await);
    school.advance(12);
    assert_refused("late", &school.post(&browser, &late).await, 401, "STATE_EXPIRED");
    assert_eq!(school.gateway.launches().await, 1);
}

#[both_stores("TC-051", "TC-052")]
async fn a_login_is_bound_to_its_browser(store: Store) {
    let school = Registered::new(store).await;
    let (attacker, victim) = (Browser::new().unwrap(), Browser::new().unwrap());
    let of_attacker = school.begin(&attacker, &school.teacher()).await;
    let page = school.post(&victim, &of_attacker).await;
    assert_refused("TC-051", &page, 401, "STATE_COOKIE_MISSING");
    assert!(page.text().contains("new window"), "{}", page.text());
    let own = school.begin(&victim, &school.student()).await;
    assert_refused(
        "TC-052",
        &school.post(&victim, &of_attacker).await,
        401,
        "STATE_COOKIE_MISSING",
    );
    assert_eq!(school.gateway.launches().await, 0);
    ltik_of("own", &school.post(&victim, &own).await);
}

#[both_stores("TC-053", "TC-109")]
async fn a_token_fits_its_own_login_only(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let one = school.begin(&browser, &school.student()).await;
    let other = school.begin(&browser, &school.student()).await;
    let crossed = Posted { id_token: other.id_token.clone(), state: one.state.clone() };
    assert_refused("crossed", &school.post(&browser, &crossed).await, 401, "NONCE_DOES_NOT_MATCH");
    assert_eq!(school.gateway.launches().await, 0);
    ltik_of("the other", &school.post(&browser, &other).await);
}

#[both_stores("TC-054", "TC-078")]
async fn another_platforms_signature_is_worthless(store: Store) {
    let school = Registered::new(store).await;
    let stranger = lms().await;
    register(&school.gateway, &stranger).await;
    // A second LMS that uses the same key id as the first, and is registered here as well.
    let same_kid = SigningKey::generate().unwrap().with_kid(school.lms.key().kid());
    let options = Options { key: Some(same_kid.clone()), ..Options::default() };
    let twin = Lms::start(options).await.unwrap();
    let (twin_client, _) = register(&school.gateway, &twin).await;
    let sign = |key: SigningKey| {
        move |posted: &Posted| key.sign(&key.header(), &posted.claims().into()).unwrap()
    };
    school.refuses_token("TC-054", sign(stranger.key()), 401, "KID_UNKNOWN").await;
    // Its own token, right in everything but the login it is posted to.
    let theirs = begin(&twin, &Browser::new().unwrap(), &Launch::new(&twin_client)).await;
    school.refuses_token("TC-054", |_| theirs.id_token, 401, "INVALID_SIGNATURE").await;
    school.refuses_token("TC-078", sign(same_kid), 401, "INVALID_SIGNATURE").await;
    assert_eq!((stranger.jwks_hits(), twin.jwks_hits()), (0, 0));
}

#[both_stores("TC-337")]
async fn launches_are_refused_only_while_the_store_is_away(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("before", school.student()).await;
    let (browser, other) = (Browser::new().unwrap(), Browser::new().unwrap());
    let posted = school.begin(&browser, &school.student()).await;
    let wrong = school.begin(&other, &school.student().without("roles")).await;
    school.gateway.meddle("ALTER TABLE launches RENAME TO launches_away").await;
    for _ in 0..2 {
        let page = school.post(&browser, &posted).await;
        assert_eq!((page.status, page.header("retry-after")), (503, Some("5")), "{}", page.text());
    }
    // Nor is one that would be refused anyway told so: its nonce could not be spent.
    assert_eq!(school.post(&other, &wrong).await.status, 503);
    // A login needs no store.
    let begun = school.begin(&Browser::new().unwrap(), &school.student()).await;
    assert!(!begun.state.is_empty());
    school.gateway.meddle("ALTER TABLE launches_away RENAME TO launches").await;
    ltik_of("the same form, sent again", &school.post(&browser, &posted).await);
    school.accepts("after", school.student()).await;
    assert_eq!(school.gateway.launches().await, 3);
}

#[both_stores("TC-055")]
async fn a_token_for_another_client_of_the_platform_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let (other_client, _) = register(&school.gateway, &school.lms).await;
    let claims = school.student().with("aud", other_client);
    school.refuses("TC-055", claims, 401, "AUD_DOES_NOT_MATCH_CLIENTID").await;
}

#[both_stores]
async fn a_launch_is_refused_once_its_platform_is_off_or_gone(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let (first, second) = (
        school.begin(&browser, &school.student()).await,
        school.begin(&browser, &school.student()).await,
    );
    let platform = format!("/admin/platforms/{}", school.platform_id);
    school.gateway.admin("POST", &format!("{platform}/deactivate"), None).await;
    assert_refused("off", &school.post(&browser, &first).await, 400, "PLATFORM_INACTIVE");
    school.gateway.admin("DELETE", &platform, None).await;
    assert_refused("removed", &school.post(&browser, &second).await, 400, "PLATFORM_GONE");
    assert_eq!(school.gateway.launches().await, 0);
}

#[both_stores("TC-030")]
async fn four_logins_in_one_browser_do_not_interfere(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let mut logins = Vec::new();
    for _ in 0..4 {
        logins.push(school.begin(&browser, &school.student()).await);
    }
    for posted in logins.iter().rev() {
        ltik_of("in reverse", &school.post(&browser, posted).await);
    }
    assert_eq!(school.gateway.launches().await, 4);
    assert_eq!(browser.cookies(&school.gateway.url), []);
}

#[both_stores]
async fn every_alias_of_the_launch_address_accepts_a_launch(store: Store) {
    let school = Registered::new(store).await;
    for path in ["/lti/launch", "/lti/launch/", "//lti/launch", "/"] {
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let request = form(&school.gateway.at(path), &posted.fields());
        ltik_of(path, &browser.send(request).await.unwrap());
    }
    for path in ["/lti/launch", "/"] {
        let request = Request::new("GET".parse().unwrap(), &school.gateway.at(path)).unwrap();
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 400);
        assert!(page.text().contains("from your course"), "{}", page.text());
    }
}
