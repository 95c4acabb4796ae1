//! A session's cookie that was in a browser before is worth nothing after its person came in,
//! whichever way they came. `sign_in` tries passwords, and `oidc` the provider.

use std::time::Duration;

use test_case::both_stores;

use super::account::{code, with_second_step};
use super::{OTHERS, OWNER, PASSWORD, Visitor};
use crate::support::{Gateway, Store};

/// A browser into which somebody else has put a session's cookie.
fn planted(gateway: &Gateway, session: &str) -> Visitor {
    let visitor = Visitor::of(gateway);
    let cookie = format!("hallpass_portal={session}; Path=/");
    visitor.browser.set_cookie(&gateway.url, &cookie).unwrap();
    visitor
}

/// The victim is in, by another session, and whoever has planted the first is not.
async fn assert_new(gateway: &Gateway, victim: &Visitor, session: &str) {
    assert!(victim.is_in().await);
    assert_ne!(victim.session().unwrap(), session);
    assert!(!planted(gateway, session).is_in().await);
}

#[both_stores("PO-3")]
async fn who_comes_by_a_link_gets_a_new_session(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let link = owner.invite("viewer", "viewer@school.example").await;
    let session = "A".repeat(43);
    let victim = planted(&gateway, &session);
    let page = victim.get(&link).await;
    let mut form = page.form_to(&link).unwrap();
    form.set("name", "Ines");
    form.set("password", OTHERS);
    let home = victim.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    assert_new(&gateway, &victim, &session).await;
}

#[both_stores("PO-3")]
async fn who_gives_a_code_gets_a_new_session(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    gateway.clock.advance(Duration::from_secs(60));
    let session = "A".repeat(43);
    let victim = planted(&gateway, &session);
    let page = victim.sign_in(OWNER, PASSWORD).await;
    // The password alone opens nothing yet, for either of them.
    assert!(!victim.is_in().await && !planted(&gateway, &session).is_in().await);
    let mut form = page.form_to("/portal/sign-in/code").unwrap();
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let home = victim.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    assert_new(&gateway, &victim, &session).await;
}
