//! What strangers do to the ways in.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join, select_all};
use gateway::settings::installation::Fixed;
use simulator::browser::{Page, Request};
use test_case::both_stores;
use tokio::sync::Semaphore;
use url::form_urlencoded;

use super::{Idp, MAIL, stays_out};
use crate::portal::{OWNER, PASSWORD, Visitor};
use crate::support::{Store, fixed};
use crate::waits::Lock;

/// More than one address may try.
const FLOOD: usize = 60;
/// How long a test waits for a request that comes to the provider.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// A browser's cookie can be kept, and the answer sent any number of times.
#[both_stores("PO-3")]
async fn an_answer_that_comes_again_keeps_no_write_waiting(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let visitor = Visitor::of(&gateway);
    let asked = visitor.departs().await;
    let cookies = visitor.browser.cookies(&gateway.url);
    let cookie = cookies.into_iter().find(|cookie| cookie.name == "hallpass_oidc").unwrap();
    let cookie = format!("hallpass_oidc={}; Path=/", cookie.value);
    let denied = [("error", "access_denied"), ("state", asked.get("state"))];
    let page = idp.send_back(&visitor, &asked, &denied).await;
    stays_out(&visitor, &page, 403, "OIDC_DECLINED");
    let lock = Lock::of_writes(&gateway, "portal_states").await;
    for _ in 0..3 {
        visitor.browser.set_cookie(&gateway.url, &cookie).unwrap();
        let page = idp.send_back(&visitor, &asked, &denied).await;
        stays_out(&visitor, &page, 400, "OIDC_STATE");
    }
    lock.release().await;
}

/// They stay for a day whenever clean-up rests.
#[both_stores("PO-3")]
async fn answers_leave_so_many_rows_and_no_more(store: Store) {
    let idp = Idp::start().await;
    let fixed = Fixed { provider_answers: 3, ..fixed() };
    let gateway = idp.gateway_fixed(store, &[], fixed).await;
    let visitor = Visitor::of(&gateway);
    let declines = async || {
        let asked = visitor.departs().await;
        let denied = [("error", "access_denied"), ("state", asked.get("state"))];
        idp.send_back(&visitor, &asked, &denied).await
    };
    for _ in 0..3 {
        stays_out(&visitor, &declines().await, 403, "OIDC_DECLINED");
    }
    let page = declines().await;
    assert_eq!(page.status, 429, "{}", page.text());
    assert!(page.header("retry-after").is_some());
    assert_eq!(gateway.number("SELECT COUNT(*) FROM portal_states").await, 3);
    gateway.clock.advance(Duration::from_secs(15 * 60));
    stays_out(&visitor, &declines().await, 403, "OIDC_DECLINED");
}

#[both_stores("PO-3", "I-10")]
async fn an_address_has_two_answers_looked_into_at_once(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[("trusted_proxies", "127.0.0.1")]).await;
    Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    idp.sign_in(&gateway, &Visitor::of(&gateway), &[]).await;
    let before = idp.asked();
    // The provider says nothing to two of an office. Eight more wait, and the last one can't.
    let gate = Arc::new(Semaphore::new(0));
    idp.behave(|known| known.gate = Some(gate.clone()));
    let mut office = Vec::new();
    for _ in 0..11 {
        let visitor = Visitor::of(&gateway);
        let asked = visitor.departs().await;
        office.push((visitor, asked));
    }
    let answers = office.iter().map(|(visitor, asked)| {
        let token = idp.sign(&idp.claims(&gateway, asked));
        Box::pin(idp.answer(visitor, asked, token))
    });
    let (page, at, _others) = select_all(answers).await;
    stays_out(&office[at].0, &page, 503, "OIDC_UNREACHABLE");
    assert!(idp.asked() - before <= 2, "{} at once", idp.asked() - before);

    // Another address has turns of its own.
    let other = Visitor::of(&gateway);
    let asked = other.departs().await;
    let code = idp.grant(&asked, idp.sign(&idp.claims(&gateway, &asked)));
    let answer = [("code", &*code), ("state", asked.get("state"))];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
    let back = format!("/portal/oidc/callback?{query}");
    let opens = async {
        while idp.asked() - before < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        gate.close();
    };
    let opens = tokio::time::timeout(PATIENCE, opens);
    let (page, opened) = join(other.asks(&back, &[("x-forwarded-for", "192.0.2.7")]), opens).await;
    assert!(opened.is_ok(), "{}", page.text());
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(other.session().is_some());
}
