//! What proves the password while the code is asked for: for one browser, one sign-in, and no
//! longer than the password and the sessions last.

use std::time::Duration;

use simulator::browser::{Form, Page};
use test_case::both_stores;

use super::account::{code, switched_on, with_second_step};
use super::links_end::user_path;
use super::{OTHERS, OWNER, PASSWORD, Visitor, first};
use crate::support::{Gateway, Store};

const CODE: &str = "/portal/sign-in/code";

/// A browser that has given a password, and the form that asks it for the code.
async fn asked(gateway: &Gateway, login: &str, password: &str) -> (Visitor, Page, Form) {
    let visitor = Visitor::of(gateway);
    let page = visitor.sign_in(login, password).await;
    let form = page.form_to(CODE).unwrap_or_else(|| panic!("{}", page.text()));
    (visitor, page, form)
}

/// The code of the next minute, which nobody has used.
fn next_code(gateway: &Gateway, secret: &str) -> String {
    gateway.clock.advance(Duration::from_secs(60));
    code(secret, gateway.clock.now_seconds())
}

/// The right code leads back to the beginning.
async fn assert_worthless(visitor: &Visitor, page: &Page, form: &Form, why: &str) {
    let session = visitor.session();
    let answer = visitor.submit(page, form).await;
    let there = (first(&answer), answer.url.path());
    assert_eq!(there, (303, "/portal/sign-in"), "{why}: {}", answer.text());
    assert_eq!(visitor.session(), session, "{why}");
}

#[both_stores("PO-3")]
async fn a_ticket_is_for_the_browser_that_has_it(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    let (owner, page, mut form) = asked(&gateway, OWNER, PASSWORD).await;
    let set = page.hops.iter().flat_map(|hop| &hop.set_cookies).find(|set| set.contains("_step="));
    assert!(set.unwrap().ends_with("; Max-Age=300; HttpOnly; SameSite=Lax"), "{set:?}");
    form.set("code", next_code(&gateway, &secret));
    let stranger = Visitor::of(&gateway);
    assert_worthless(&stranger, &page, &form, "no cookie").await;
    let cookie = format!("hallpass_step={}; Path=/", "A".repeat(43));
    stranger.browser.set_cookie(&gateway.url, &cookie).unwrap();
    assert_worthless(&stranger, &page, &form, "an invented cookie").await;
    let (other, ..) = asked(&gateway, OWNER, PASSWORD).await;
    assert_worthless(&other, &page, &form, "another browser's cookie").await;
    // None of them has used the code up.
    let home = owner.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores]
async fn a_second_window_takes_no_ticket_away(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    let (owner, page, mut form) = asked(&gateway, OWNER, PASSWORD).await;
    let second = owner.sign_in(OWNER, PASSWORD).await;
    assert!(second.form_to(CODE).is_some(), "{}", second.text());
    form.set("code", next_code(&gateway, &secret));
    let home = owner.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn a_ticket_is_for_one_sign_in(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    let (owner, page, mut form) = asked(&gateway, OWNER, PASSWORD).await;
    form.set("code", next_code(&gateway, &secret));
    let home = owner.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    owner.post(&home, "/portal/sign-out", &[]).await;
    form.set("code", next_code(&gateway, &secret));
    assert_worthless(&owner, &page, &form, "a new code").await;
    // What it did use up is only the ticket.
    let (owner, page, mut form) = asked(&gateway, OWNER, PASSWORD).await;
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let home = owner.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn a_ticket_ends_with_password_and_sessions(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let support = Visitor::invited(&gateway, &owner, "support").await;
    let secret = switched_on(&gateway, &support).await;
    let login = "support@school.example";
    let user = user_path(&owner, "The support").await;
    let changed = "walnut harbour violin";
    let ended = [
        (&owner, format!("{user}/new-password"), OTHERS),
        (&support, "/portal/account/sessions/end-others".to_owned(), OTHERS),
        (&support, "/portal/account/password".to_owned(), OTHERS),
        (&owner, format!("{user}/end-sessions"), changed),
    ];
    for (by, path, password) in ended {
        let (visitor, page, mut form) = asked(&gateway, login, password).await;
        let account = by.get("/portal/account").await;
        let done = by.post(&account, &path, &[("current", OTHERS), ("new", changed)]).await;
        assert_eq!(done.status, 200, "{path}: {}", done.text());
        form.set("code", next_code(&gateway, &secret));
        assert_worthless(&visitor, &page, &form, &path).await;
    }
    // What was asked for since is good.
    let (visitor, page, mut form) = asked(&gateway, login, changed).await;
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let home = visitor.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}
