//! Signing in: by password alone, slowly for those who guess, and without a word about who has an
//! account.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::browser::Request;
use test_case::both_stores;

use super::{OWNER, PASSWORD, Visitor, first};
use crate::support::{self, Gateway, Store};

#[both_stores("PO-3")]
async fn a_right_password_leads_to_where_one_wanted_to_go(store: Store) {
    let gateway = Gateway::start(store).await;
    let visitor = Visitor::of(&gateway);
    let page = visitor.get("/portal/audit?action=a%2Bb").await;
    assert_eq!((first(&page), page.url.path()), (303, "/portal/sign-in"));
    let mut form = page.form_to("/portal/sign-in").unwrap();
    form.set("login", " Admin ");
    form.set("password", PASSWORD);
    let page = visitor.submit(&page, &form).await;
    assert_eq!((first(&page), page.status), (303, 200), "{}", page.text());
    assert_eq!((page.url.path(), page.url.query()), ("/portal/audit", Some("action=a%2Bb")));
    let set = page.hops[0].set_cookies.join("\n");
    for line in set.lines() {
        assert!(line.ends_with("; HttpOnly; SameSite=Strict"), "{set}");
    }
    assert!(set.contains("hallpass_portal="), "{set}");
    // Who is in needs no form.
    let page = visitor.get("/portal/sign-in?next=/portal/users").await;
    assert_eq!(page.url.path(), "/portal/users");
}

#[both_stores]
async fn signing_in_leads_nowhere_but_into_the_portal(store: Store) {
    let gateway = Gateway::start(store).await;
    for (asked, next) in [
        ("/portal/../lti/login%3Fiss=x", "/portal/../lti/login?iss=x"),
        ("/portal/users/../../evil", "/portal/users/../../evil"),
        ("/portal/%252e%252E/evil", "/portal/%2e%2E/evil"),
    ] {
        let visitor = Visitor::of(&gateway);
        for (page, form) in [("/portal/sign-in", "sign-in"), ("/portal/confirm", "confirm")] {
            let shown = visitor.get(&format!("{page}?next={asked}")).await;
            let mut form = shown.form_to(form).unwrap_or_else(|| panic!("{}", shown.text()));
            assert_eq!(form.field("next"), Some("/portal"), "{page}: {next}");
            form.set("login", OWNER);
            form.set("password", PASSWORD);
            form.set("next", next);
            let there = visitor.submit(&shown, &form).await;
            assert_eq!((first(&there), there.url.path()), (303, "/portal"), "{page}: {next}");
        }
    }
}

#[both_stores("PO-3")]
async fn a_wrong_password_and_a_stranger_get_the_same_answer(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut told = Vec::new();
    for login in [OWNER, "admix"] {
        let visitor = Visitor::of(&gateway);
        let page = visitor.sign_in(login, "correct horse batterz").await;
        assert_eq!(page.status, 403, "{}", page.text());
        assert_eq!(page.header("retry-after"), None);
        assert!(visitor.session().is_none());
        told.push(page.text().replace(login, ""));
    }
    assert_eq!(told[0], told[1]);
}

#[both_stores("PO-3")]
async fn guessing_is_slow_and_keeps_nobody_out(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal").await;
    owner.post(&page, "/portal/sign-out", &[]).await;

    let stranger = Visitor::of(&gateway);
    let mut answers = Vec::new();
    for _ in 0..12 {
        let page = stranger.sign_in(OWNER, "correct horse batterz").await;
        answers.push(page.status);
    }
    // The owner's own was right, when nobody knew that browser, and doesn't count.
    assert_eq!(answers[..10], [403; 10]);
    assert_eq!(answers[10..], [429; 2]);
    let page = stranger.sign_in(OWNER, PASSWORD).await;
    assert_eq!(page.status, 429, "not even the right one is looked at");
    let wait: u32 = page.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    let other = stranger.sign_in("somebody@else.example", PASSWORD).await;
    assert_eq!(other.status, 403, "another account is another count");

    let home = owner.sign_in(OWNER, PASSWORD).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    gateway.clock.advance(Duration::from_secs(15 * 60));
    let home = stranger.sign_in(OWNER, PASSWORD).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn one_address_tries_fifty_accounts_and_then_waits(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut refused = 0;
    for number in 0..60 {
        let fields = [("login", format!("user{number}")), ("password", "x".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, &**v)).collect();
        let visitor = Visitor::of(&gateway);
        let page =
            visitor.forge("/portal/sign-in", &fields, &[("sec-fetch-site", "same-origin")]).await;
        refused += usize::from(page.status == 429);
    }
    // Time passes while they try, so that some more may be let in.
    assert!((1..=10).contains(&refused), "{refused}");
}

/// A guess from this address, behind a proxy that is trusted; whether the password was looked at.
async fn is_tried(visitor: &Visitor, login: &str, from: &str) -> bool {
    let fields = [("login", login), ("password", "correct horse batterz")];
    let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", from)];
    let page = visitor.forge("/portal/sign-in", &fields, &headers).await;
    assert!(matches!(page.status, 403 | 429), "{}: {}", page.status, page.text());
    page.status == 403
}

#[both_stores("PO-3")]
async fn a_flood_of_strangers_buys_no_more_guesses(store: Store) {
    let fixed = Fixed { senders: (1, 4), ..support::fixed() };
    let proxies = [("trusted_proxies", "127.0.0.1")];
    let gateway = Gateway::start_fixed(store, json!({}), &proxies, fixed).await;
    gateway.clock.advance(Duration::from_secs(3600));
    let guesser = Visitor::of(&gateway);
    let mut tried = 0;
    for round in 0..14 {
        tried += usize::from(is_tried(&guesser, OWNER, &format!("192.0.2.{round}")).await);
        // More addresses and accounts than there are places, at the portal's door and at others.
        for number in 0..5 {
            let from = format!("198.51.100.{}", round * 5 + number);
            is_tried(&guesser, &format!("nobody{round}-{number}"), &from).await;
            let request = Request::new("GET".parse().unwrap(), &gateway.at("/lti/keys")).unwrap();
            let request = request.header("x-forwarded-for", &from);
            let page = guesser.browser.send(request).await.unwrap();
            assert_eq!(page.status, 200, "{}", page.text());
        }
    }
    // Ten at once, and one more for a slow machine.
    assert!((10..=11).contains(&tried), "{tried}");
}

#[both_stores("PO-3")]
async fn a_token_from_before_a_sign_in_is_worth_nothing(store: Store) {
    let gateway = Gateway::start(store).await;
    let planted = "A".repeat(43);
    let victim = Visitor::of(&gateway);
    let cookie = format!("hallpass_portal={planted}; Path=/");
    victim.browser.set_cookie(&gateway.url, &cookie).unwrap();
    victim.sign_in(OWNER, PASSWORD).await;
    let first = victim.session().unwrap();
    assert_ne!(first, planted);

    let victim = Visitor::of(&gateway);
    let cookie = format!("hallpass_portal={first}; Path=/");
    victim.browser.set_cookie(&gateway.url, &cookie).unwrap();
    assert!(victim.is_in().await);
    // Signed in again by the form, which a page of another tab still shows.
    let fields = [("login", OWNER), ("password", PASSWORD)];
    let page = victim.forge("/portal/sign-in", &fields, &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    for (token, is_in) in [(planted, false), (first, false), (victim.session().unwrap(), true)] {
        let other = Visitor::of(&gateway);
        let cookie = format!("hallpass_portal={token}; Path=/");
        other.browser.set_cookie(&gateway.url, &cookie).unwrap();
        assert_eq!(other.is_in().await, is_in);
    }
}

#[both_stores("PO-3")]
async fn a_link_from_another_site_finds_the_session(store: Store) {
    let gateway = Gateway::start(store).await;
    let visitor = Visitor::of(&gateway);
    let request = crate::registered::form(&gateway.at("/portal/users?a=1&b=2"), &[]);
    let mut request = request.header("sec-fetch-site", "cross-site");
    request.method = "GET".parse().unwrap();
    request.body = Vec::new();
    let page = visitor.browser.send(request).await.unwrap();
    assert_eq!(page.status, 200);
    let again = page.refresh().unwrap();
    assert_eq!((again.path(), again.query()), ("/portal/users", Some("a=1&b=2")));
}
