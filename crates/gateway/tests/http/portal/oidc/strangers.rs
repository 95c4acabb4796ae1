//! What strangers do to the ways in.

use simulator::browser::{Page, Request};
use test_case::both_stores;

use super::{Idp, MAIL};
use crate::portal::{OWNER, PASSWORD, Visitor};
use crate::support::Store;

/// More than one address may try.
const FLOOD: usize = 60;

impl Visitor {
    /// Asks for a path with these headers, and follows nothing.
    async fn asks(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        let address = format!("{}{path}", self.base);
        let mut request = Request::new("GET".parse().unwrap(), &address).unwrap().no_redirects();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.browser.send(request).await.unwrap()
    }
}

#[both_stores("PO-3")]
async fn another_sites_page_keeps_nobody_out(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let link = Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    let lured = Visitor::of(&gateway);
    let picture = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")];
    let frame = [("sec-fetch-site", "same-site"), ("sec-fetch-dest", "iframe")];
    let ahead = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-dest", "document"),
        ("sec-purpose", "prefetch"),
    ];
    for path in ["/portal/oidc/sign-in", &*link] {
        for headers in [&picture[..], &frame, &ahead] {
            for _ in 0..FLOOD {
                let page = lured.asks(path, headers).await;
                assert_eq!(page.status, 403, "{path}, {headers:?}: {}", page.text());
            }
        }
    }
    // A click on another site's page is somebody's wish.
    let click = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "document")];
    assert_eq!(lured.asks(&link, &click).await.status, 200);
    let page = lured.asks("/portal/oidc/sign-in", &click).await;
    assert_eq!(page.location().unwrap().path(), "/authorize");

    let home = Visitor::of(&gateway).sign_in(OWNER, PASSWORD).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    let home = idp.sign_in(&gateway, &Visitor::of(&gateway), &[]).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn ways_to_the_provider_use_up_no_try_of_a_password(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let visitor = Visitor::of(&gateway);
    let mut refused = 0;
    for _ in 0..FLOOD {
        let page = visitor.asks("/portal/oidc/sign-in", &[]).await;
        refused += usize::from(page.status == 429);
    }
    // Time passes meanwhile, so that some more may be let go.
    assert!((1..=10).contains(&refused), "{refused}");
    let home = Visitor::of(&gateway).sign_in(OWNER, PASSWORD).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}
