//! What other engines than Chromium send: nothing of where they show an answer, and cookies only
//! with our own posts. `scripts/browsers` drives the engines themselves (docs/browsers.md).

use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;
use url::Url;

use crate::registered::{Posted, Registered, assert_refused, fields, form, leads_to, ltik_of};
use crate::support::Store;

const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.3 \
                      Safari/605.1.15";

/// A page as a person asks for it.
fn get(url: &Url) -> Request {
    let request = Request::new("GET".parse().unwrap(), url.as_str()).unwrap();
    request.no_redirects().header("accept", "text/html")
}

#[both_stores("C-50")]
async fn without_sec_fetch_cookies_are_looked_for_first(store: Store) {
    let school = Registered::new(store).await;
    let begun = school.lms.login_request(&school.student()).unwrap();
    let browser = Browser::new().unwrap();
    let to_go = leads_to(&browser.send(form(&begun.url, &fields(&begun))).await.unwrap());
    assert!(to_go.as_str().starts_with(&school.gateway.at("/lti/login/go?")), "{to_go}");
    // Who keeps no cookies is offered a window while the platform's hints are still good.
    let refused = browser.fresh().send(get(&to_go)).await.unwrap();
    assert_eq!(refused.status, 401, "{}", refused.text());
    assert!(refused.text().contains("target=\"_blank\""), "{}", refused.text());
    let onward = browser.send(get(&to_go)).await.unwrap();
    let to_platform = leads_to(&onward);
    let platform = &school.lms.endpoints().authorization;
    assert!(to_platform.as_str().starts_with(platform.as_str()), "{to_platform}");
}

#[both_stores("C-50")]
async fn a_window_we_offered_is_known_without_sec_fetch(store: Store) {
    let school = Registered::new(store).await;
    let path = format!("/lti/login/{}", school.platform_id);
    let begun = school.lms.login_request(&school.student()).unwrap();
    let mut click = Url::parse(&school.gateway.at(&path)).unwrap();
    click.query_pairs_mut().extend_pairs(fields(&begun)).append_pair("hallpass_window", "1");
    let browser = Browser::new().unwrap();
    let to_go = leads_to(&browser.send(get(&click)).await.unwrap());
    assert!(to_go.as_str().starts_with(&school.gateway.at("/lti/login/go?")), "{to_go}");
    let no_offer = |case: &str, page: &Page, status: u16, code: &str| {
        assert_refused(case, page, status, code);
        let text = page.text();
        assert!(!text.contains("<form") && !text.contains("new window"), "{case}: {text}");
    };
    let refused = browser.fresh().send(get(&to_go)).await.unwrap();
    no_offer("at login", &refused, 401, "WINDOW_WITHOUT_COOKIES");
    // The same if the cookies are lost later, or if the platform sees no one in this window.
    let onward = leads_to(&browser.send(get(&to_go)).await.unwrap());
    let answer = browser.get(onward.as_str()).await.unwrap().auto_form().unwrap();
    let posted = ["id_token", "state"].map(|name| (name, answer.field(name).unwrap()));
    let at = school.gateway.at("/lti/launch");
    let refused = browser.fresh().send(form(&at, &posted)).await.unwrap();
    no_offer("at launch", &refused, 401, "WINDOW_WITHOUT_COOKIES");
    let error = [("error", "login_required"), posted[1]];
    let refused = browser.send(form(&at, &error)).await.unwrap();
    no_offer("no sign-in", &refused, 400, "PLATFORM_NOT_SIGNED_IN");
}

#[both_stores("C-50")]
async fn on_a_developers_machine_a_launch_is_posted_once_more(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let post = |at: &str, posted: &Posted| {
        let request = form(&school.gateway.at(at), &posted.fields());
        request.header("user-agent", SAFARI).header("sec-fetch-dest", "document")
    };
    // WebKit drops what is `Secure`, and what is left is `Lax`: it doesn't come from the platform's
    // page.
    let page = browser.fresh().send(post("/lti/launch", &posted)).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let again = page.form_to("/lti/launch").unwrap();
    assert_eq!(again.action.query(), Some("once_more"));
    let field = |name| again.field(name).unwrap().to_owned();
    let again = Posted { id_token: field("id_token"), state: field("state") };
    let only_lax = browser.fresh();
    for cookie in browser.cookies(&school.gateway.url) {
        if cookie.name.starts_with("lti_st_") {
            let header = format!("{}={}; Path=/", cookie.name, cookie.value);
            only_lax.set_cookie(&school.gateway.url, &header).unwrap();
        }
    }
    // Once: where none came, it is refused.
    let refused = browser.fresh().send(post("/lti/launch?once_more", &again)).await.unwrap();
    assert_eq!(refused.status, 401, "{}", refused.text());
    let launched = only_lax.send(post("/lti/launch?once_more", &again)).await.unwrap();
    assert!(!ltik_of("once more", &launched).is_empty());
}
