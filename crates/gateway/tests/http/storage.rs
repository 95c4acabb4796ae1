//! Launches without cookies, through the platform's storage (lti.md C.2 to C.4): the server's side
//! of it.

use serde_json::Value;
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Launch, Lms};
use std::time::Duration;
use test_case::both_stores;
use url::Url;

use crate::registered::form;
use crate::support::{Gateway, Store, lms, register_by_hand};

/// A gateway and an LMS that know each other.
struct Pair {
    gateway: Gateway,
    lms: Lms,
    client_id: String,
}

impl Pair {
    async fn start(store: Store) -> Self {
        let (gateway, lms) = (Gateway::start(store).await, lms().await);
        let client_id = register_by_hand(&gateway, &lms, &gateway.url).await;
        Self { gateway, lms, client_id }
    }

    /// Begins a login that offers storage; gives the page, and the data of its script.
    async fn login(&self, browser: &Browser) -> (Page, Value) {
        let login = self.lms.login_request(&Launch::new(&self.client_id)).unwrap();
        let mut fields: Vec<(&str, &str)> =
            login.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("lti_storage_target", "post_message_forwarding"));
        let page = browser.post_form(&login.url, &fields).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        let about = about(&page);
        (page, about)
    }

    /// What the platform would post back, with the state of a login.
    async fn answer(&self, next: &str) -> [(String, String); 2] {
        let page = Browser::new().unwrap().get(next).await.unwrap();
        let form = page.auto_form().unwrap();
        ["id_token", "state"].map(|name| (name.to_owned(), form.field(name).unwrap().to_owned()))
    }

    async fn post(&self, browser: &Browser, path: &str, fields: &[(String, String)]) -> Page {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::new("POST".parse().unwrap(), &self.gateway.at(path)).unwrap();
        let site = match path {
            "/lti/launch" => "cross-site",
            _ => "same-origin",
        };
        let request = request
            .body("application/x-www-form-urlencoded", body)
            .header("accept", "text/html")
            .header("sec-fetch-site", site)
            .no_redirects();
        browser.send(request).await.unwrap()
    }
}

/// The data a page hands to its script.
fn about(page: &Page) -> Value {
    let text = page.text();
    let start = text.split_once(r#"<script type="application/json" id="about">"#).unwrap().1;
    serde_json::from_str(start.split_once("</script>").unwrap().0).unwrap()
}

fn token(page: &Page) -> String {
    page.form_to("/lti/launch/verify").unwrap().field("verify_token").unwrap().to_owned()
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

#[both_stores("TC-164", "TC-165")]
async fn a_login_puts_its_value_into_the_platforms_storage(store: Store) {
    let pair_ = Pair::start(store).await;
    let (page, put) = pair_.login(&Browser::new().unwrap()).await;
    let endpoint = Url::parse(&pair_.lms.endpoints().authorization).unwrap();
    assert_eq!(put["origin"], endpoint.origin().ascii_serialization());
    assert_eq!(put["target"], "post_message_forwarding");
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("script-src 'nonce-")
            && policy.contains("frame-ancestors 'self' http://127.0.0.1"),
        "{policy}"
    );
}

#[both_stores("TC-163", "TC-167", "TC-175", "TC-178")]
async fn a_launch_without_cookies_completes_once_by_storage(store: Store) {
    let pair_ = Pair::start(store).await;
    let (_, put) = pair_.login(&Browser::new().unwrap()).await;
    let answer = pair_.answer(put["next"].as_str().unwrap()).await;
    // Another browser jar: the frame's cookies are gone.
    let bare = Browser::new().unwrap();
    let asked = pair_.post(&bare, "/lti/launch", &answer).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let get = about(&asked);
    assert_eq!(get["key"], put["key"]);
    let launches = async || {
        pair_.gateway.app.usage.write().await.unwrap();
        pair_.gateway.texts("SELECT DISTINCT CAST(launches AS TEXT) FROM usage_counts").await
    };
    assert!(launches().await.is_empty(), "it may still be refused");
    // TC-178: nothing of the launch is on the page.
    for secret in ["id_token", "eyJ", "@example.com", put["value"].as_str().unwrap()] {
        assert!(!asked.text().contains(secret), "{secret} is on the page");
    }
    // A page that stays has something to click.
    let form = asked.text().split_once("id=\"verify\"").unwrap().1.to_owned();
    let form = form.split_once("</form>").unwrap().0;
    assert!(form.contains("If nothing happens") && form.contains("type=\"submit\""), "{form}");
    let verified = pair_
        .post(
            &bare,
            "/lti/launch/verify",
            &[pair("verify_token", token(&asked)), pair("value", put["value"].as_str().unwrap())],
        )
        .await;
    assert_eq!(verified.status, 303, "{}", verified.text());
    let location = verified.location().unwrap();
    let ltik = location.query_pairs().find(|(name, _)| name == "ltik").unwrap().1.into_owned();
    assert_eq!(pair_.gateway.idtoken(&ltik, "").await.status, 200);
    // TC-163, TC-175: once only; and the token is spent.
    let again = pair_
        .post(
            &bare,
            "/lti/launch/verify",
            &[pair("verify_token", token(&asked)), pair("value", put["value"].as_str().unwrap())],
        )
        .await;
    assert_eq!(again.status, 401);
    assert_eq!(pair_.post(&bare, "/lti/launch", &answer).await.status, 401);
    assert_eq!(launches().await, ["1"]);
}

/// What is left to post after a launch whose browser sent no cookies.
struct Asked {
    pair: Pair,
    browser: Browser,
    token: String,
    value: String,
}

impl Asked {
    async fn at(store: Store) -> Self {
        let pair_ = Pair::start(store).await;
        let (_, put) = pair_.login(&Browser::new().unwrap()).await;
        let answer = pair_.answer(put["next"].as_str().unwrap()).await;
        let browser = Browser::new().unwrap();
        let token = token(&pair_.post(&browser, "/lti/launch", &answer).await);
        let value = put["value"].as_str().unwrap().to_owned();
        Self { pair: pair_, browser, token, value }
    }

    async fn refuses(&self, fields: &[(String, String)]) {
        let page = self.pair.post(&self.browser, "/lti/launch/verify", fields).await;
        assert_eq!(page.status, 401, "{fields:?}");
    }
}

#[both_stores("TC-168", "TC-169", "TC-176")]
async fn another_value_or_token_completes_nothing(store: Store) {
    let asked = Asked::at(store).await;
    let (_, second) = asked.pair.login(&Browser::new().unwrap()).await;
    for value in ["", "x", second["value"].as_str().unwrap()] {
        asked.refuses(&[pair("verify_token", &*asked.token), pair("value", value)]).await;
    }
    asked.refuses(&[pair("verify_token", "AAAA"), pair("value", "x")]).await;
}

#[both_stores("I-20")]
async fn a_value_that_comes_twice_completes_nothing(store: Store) {
    let asked = Asked::at(store).await;
    let value = || pair("value", &*asked.value);
    asked.refuses(&[pair("verify_token", &*asked.token), value(), value()]).await;
}

#[both_stores("TC-163")]
async fn a_value_that_comes_late_completes_nothing(store: Store) {
    let asked = Asked::at(store).await;
    asked.pair.gateway.clock.advance(Duration::from_secs(121));
    asked.refuses(&[pair("verify_token", &*asked.token), pair("value", &*asked.value)]).await;
}

#[both_stores("C-06")]
async fn another_site_cannot_make_a_browser_send_the_answer(store: Store) {
    let pair_ = Pair::start(store).await;
    let (_, put) = pair_.login(&Browser::new().unwrap()).await;
    let answer = pair_.answer(put["next"].as_str().unwrap()).await;
    let asked = pair_.post(&Browser::new().unwrap(), "/lti/launch", &answer).await;
    assert_eq!(asked.header("referrer-policy"), Some("same-origin"));
    // The attacker launched for himself, so that he knows both.
    let (token, value) = (token(&asked), put["value"].as_str().unwrap());
    let known = form(
        &pair_.gateway.at("/lti/launch/verify"),
        &[("verify_token", &token), ("value", value)],
    );
    let own = pair_.gateway.url.as_str();
    for headers in [
        &[][..],
        &[("sec-fetch-site", "cross-site"), ("origin", own)],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
    ] {
        let sent =
            headers.iter().fold(known.clone(), |sent, (name, value)| sent.header(name, value));
        let refused = Browser::new().unwrap().send(sent).await.unwrap();
        assert_eq!(refused.status, 401, "{headers:?}: {}", refused.text());
    }
    // A browser that knows no Sec-Fetch-Site tells where it comes from by Origin.
    let done = Browser::new().unwrap().send(known.header("origin", own)).await.unwrap();
    assert_eq!(done.status, 303, "{}", done.text());
}

#[both_stores("TC-177")]
async fn a_bad_token_gets_no_storage_page(store: Store) {
    let pair_ = Pair::start(store).await;
    let (_, put) = pair_.login(&Browser::new().unwrap()).await;
    let [(_, id_token), state] = pair_.answer(put["next"].as_str().unwrap()).await;
    let mut altered = id_token.into_bytes();
    let last = altered.len() - 10;
    altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
    let fields = [pair("id_token", String::from_utf8(altered).unwrap()), state];
    let refused = pair_.post(&Browser::new().unwrap(), "/lti/launch", &fields).await;
    assert_eq!(refused.status, 401);
    assert!(refused.form_to("/lti/launch/verify").is_none());
}

#[both_stores("TC-179")]
async fn a_cookie_is_enough_without_storage(store: Store) {
    let pair_ = Pair::start(store).await;
    let browser = Browser::new().unwrap();
    let (_, put) = pair_.login(&browser).await;
    let answer = pair_.answer(put["next"].as_str().unwrap()).await;
    assert_eq!(pair_.post(&browser, "/lti/launch", &answer).await.status, 303);
}

#[both_stores("TC-051", "TC-180")]
async fn without_cookie_and_storage_a_new_window_is_offered(store: Store) {
    let pair_ = Pair::start(store).await;
    let login = pair_.lms.login_request(&Launch::new(&pair_.client_id)).unwrap();
    let body =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&login.fields).finish();
    let request = Request::new("POST".parse().unwrap(), &login.url).unwrap().no_redirects();
    let request = request.header("sec-fetch-dest", "iframe");
    let page = Browser::new()
        .unwrap()
        .send(request.body("application/x-www-form-urlencoded", body))
        .await
        .unwrap();
    let cookies = &page.hops.last().unwrap().set_cookies;
    assert!(!cookies.is_empty(), "{}", page.text());
    assert!(cookies.iter().all(|cookie| cookie.contains("; Max-Age=600;")), "{cookies:?}");
    // Before the platform is asked, whose login can be finished once.
    let look = Request::new("GET".parse().unwrap(), page.location().unwrap().as_str()).unwrap();
    let look = look.header("accept", "text/html").no_redirects();
    let refused = Browser::new().unwrap().send(look).await.unwrap();
    assert_eq!(refused.status, 401);
    let platform = pair_.gateway.platforms().await.remove(0);
    let form =
        refused.form_to(&format!("/lti/login/{}", platform["id"].as_str().unwrap())).unwrap();
    for name in ["iss", "login_hint", "lti_message_hint", "target_link_uri", "client_id"] {
        assert_eq!(form.field(name), login.field(name), "{name}");
    }
    assert_eq!(form.field("lti_storage_target"), None);
    // In the new window a fresh login begins.
    let page = Browser::new().unwrap().submit(&refused, &form).await.unwrap();
    assert!(page.hops[0].location.as_deref().unwrap().contains("state="));
}
