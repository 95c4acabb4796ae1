//! What other engines than Chromium send: nothing of where they show an answer, and cookies only
//! with our own posts. `scripts/browsers` drives the engines themselves (docs/browsers.md).

use simulator::browser::{Browser, Request};
use test_case::both_stores;

use crate::registered::{Posted, Registered, fields, form, leads_to, ltik_of};
use crate::support::Store;

const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.3 \
                      Safari/605.1.15";

#[both_stores("C-50")]
async fn without_sec_fetch_cookies_are_looked_for_first(store: Store) {
    let school = Registered::new(store).await;
    let begun = school.lms.login_request(&school.student()).unwrap();
    let browser = Browser::new().unwrap();
    let to_go = leads_to(&browser.send(form(&begun.url, &fields(&begun))).await.unwrap());
    assert!(to_go.as_str().starts_with(&school.gateway.at("/lti/login/go?")), "{to_go}");
    let look = |browser: Browser| {
        let request = Request::new("GET".parse().unwrap(), to_go.as_str()).unwrap();
        let request = request.no_redirects().header("accept", "text/html");
        async move { browser.send(request).await.unwrap() }
    };
    // Who keeps no cookies is offered a window while the platform's hints are still good.
    let refused = look(browser.fresh()).await;
    assert_eq!(refused.status, 401, "{}", refused.text());
    assert!(refused.text().contains("target=\"_blank\""), "{}", refused.text());
    let onward = look(browser).await;
    let to_platform = leads_to(&onward);
    let platform = &school.lms.endpoints().authorization;
    assert!(to_platform.as_str().starts_with(platform.as_str()), "{to_platform}");
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
