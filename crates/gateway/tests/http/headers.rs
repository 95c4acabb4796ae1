//! Headers that every answer has, whatever was asked and whatever came of it.

use serde_json::json;
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;

use crate::support::{API_KEY, Gateway, Store};

/// What people, programs and platforms ask for, rightly and wrongly.
const ADDRESSES: &[(&str, &str)] = &[
    ("GET", "/"),
    ("POST", "/"),
    ("GET", "/lti/login"),
    ("GET", "/lti/login/go"),
    ("POST", "/lti/launch"),
    ("PUT", "/lti/launch"),
    ("GET", "/lti/register"),
    ("GET", "/lti/register/x"),
    ("POST", "/lti/register/confirm"),
    ("GET", "/register/canvas"),
    ("GET", "/lti/keys/x"),
    ("POST", "/studyreel/launch"),
    ("POST", "/studyreel/launch/x"),
    ("GET", "/studyreel/learn?token=x"),
    ("GET", "/api/idtoken"),
    ("GET", "/api/platforms"),
    ("GET", "/api/students"),
    ("GET", "/api/registrations/x"),
    ("GET", "/api/memberships"),
    ("POST", "/api/memberships/sync"),
    ("GET", "/api/lineitems"),
    ("POST", "/api/deeplinking"),
    ("GET", "/api/events"),
    ("GET", "/admin/webhooks"),
    ("GET", "/admin/service-keys"),
    ("GET", "/admin/tool"),
    ("PATCH", "/admin/tool"),
    ("GET", "/admin/platforms"),
    ("GET", "/admin/traces"),
    ("GET", "/admin/invites"),
    ("GET", "/admin/studyreel"),
    ("GET", "/admin/nothing"),
    ("GET", "/portal"),
    ("GET", "/portal/sign-in"),
    ("POST", "/portal/sign-in"),
    ("GET", "/portal/platforms"),
    ("POST", "/portal/keys"),
    ("GET", "/portal/failures/x/report"),
    ("GET", "/nothing"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
];

/// What may be kept, since it is the same for everyone.
const KEPT: &[&str] = &["/lti/keys", "/openapi.json", "/docs"];

async fn ask(gateway: &Gateway, method: &str, path: &str, accept: &str, key: bool) -> Page {
    let request = Request::new(method.parse().unwrap(), &gateway.at(path)).unwrap();
    let mut request = request.no_redirects().header("accept", accept);
    if key {
        request = request.header("authorization", &format!("Bearer {API_KEY}"));
    }
    Browser::new().unwrap().send(request).await.unwrap()
}

#[both_stores]
async fn no_answer_is_kept_or_taken_for_another_type(store: Store) {
    let [local, public] = ["http://127.0.0.1:8080", "https://lti.example.com"];
    for (public_url, hsts) in [(local, None), (public, Some("max-age=31536000"))] {
        let settings = [("public_url", public_url)];
        let gateway = Gateway::start_configured(store, json!({}), &settings).await;
        let check = |page: &Page, what: &str| {
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{what}");
            assert_eq!(page.header("strict-transport-security"), hsts, "{what}");
        };
        for (method, path) in ADDRESSES {
            for (accept, key) in [("text/html", false), ("*/*", true)] {
                let page = ask(&gateway, method, path, accept, key).await;
                let what = format!("{method} {path} {accept}: {}", page.status);
                check(&page, &what);
                assert_eq!(page.header("cache-control"), Some("no-store"), "{what}");
            }
        }
        for path in KEPT {
            let page = ask(&gateway, "GET", path, "*/*", false).await;
            check(&page, path);
            assert_eq!(page.status, 200, "{path}");
            assert!(page.header("cache-control").unwrap().starts_with("public"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_date_of_an_answer_is_that_of_the_clock_when_it_is_set() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for jump in [0, -7200, 3600, -86400] {
        gateway.clock.set_by(jump * 1000);
        let page = ask(&gateway, "GET", "/healthz", "*/*", false).await;
        let date = page.header("date").unwrap();
        let said = jiff::fmt::rfc2822::parse(date).unwrap().timestamp().as_second();
        let late = gateway.clock.now_seconds() - said;
        assert!((0..60).contains(&late), "{jump}: {date}, {late} s late");
    }
}
