//! Sessions: listed, ended, and over by themselves.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::browser::{Browser, Request};
use sqlx::{Connection, Executor, PgConnection};
use store::Limits;
use test_case::both_stores;

use super::{OTHERS, OWNER, PASSWORD, Visitor, first};
use crate::registered::form;
use crate::support::{Gateway, Store, fixed};

#[both_stores("PO-3")]
async fn sessions_are_listed_and_ended_everywhere(store: Store) {
    let gateway = Gateway::start(store).await;
    let [one, two, three] = [
        Visitor::owner(&gateway).await,
        Visitor::owner(&gateway).await,
        Visitor::owner(&gateway).await,
    ];
    let page = one.get("/portal/account").await;
    let ends = page.forms().into_iter().filter(|form| form.action.path().ends_with("/end"));
    let ends: Vec<_> = ends.collect();
    assert_eq!(ends.len(), 2, "each but its own: {}", page.text());
    // The newest comes first.
    one.submit(&page, &ends[0]).await;
    assert!(one.is_in().await && two.is_in().await && !three.is_in().await);
    let page = one.get("/portal/account").await;
    one.post(&page, "/portal/account/sessions/end-others", &[]).await;
    assert!(one.is_in().await && !two.is_in().await);
    let token = one.session().unwrap();
    let page = one.get("/portal").await;
    let page = one.post(&page, "/portal/sign-out", &[]).await;
    assert_eq!(page.url.path(), "/portal/sign-in");
    assert_eq!(one.session(), None);
    let thief = Visitor::of(&gateway);
    let cookie = format!("hallpass_portal={token}; Path=/");
    thief.browser.set_cookie(&gateway.url, &cookie).unwrap();
    assert!(!thief.is_in().await, "signed out means out");
}

#[both_stores("PO-3")]
async fn nobody_ends_the_sessions_of_somebody_else(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    let second = Visitor::of(&gateway);
    second.sign_in("viewer@school.example", OTHERS).await;
    let page = viewer.get("/portal/account").await;
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/end"));
    let form = form.unwrap();
    let home = owner.get("/portal").await;
    let page = owner.post(&home, form.action.path(), &[]).await;
    assert_eq!(first(&page), 404);
    assert!(viewer.is_in().await && second.is_in().await);
}

#[both_stores("PO-3")]
async fn a_session_ends_when_it_is_not_used_and_in_any_case(store: Store) {
    let gateway = Gateway::start(store).await;
    let idle = Visitor::owner(&gateway).await;
    let busy = Visitor::owner(&gateway).await;
    let hours = |number: u64| Duration::from_secs(number * 3600);
    gateway.clock.advance(hours(11));
    assert!(busy.is_in().await);
    gateway.clock.advance(hours(2));
    assert!(!idle.is_in().await && busy.is_in().await);
    // Thirteen hours are over; used every ten hours, it lasts to the end of the seventh day.
    for _ in 0..15 {
        gateway.clock.advance(hours(10));
        assert!(busy.is_in().await);
    }
    gateway.clock.advance(hours(6));
    assert!(!busy.is_in().await);
}

#[both_stores("PO-3")]
async fn a_changed_password_ends_all_other_sessions(store: Store) {
    let gateway = Gateway::start(store).await;
    let (one, two) = (Visitor::owner(&gateway).await, Visitor::owner(&gateway).await);
    let page = one.get("/portal/account").await;
    let path = "/portal/account/password";
    for (current, new, says) in [
        ("wrong", OTHERS, "Nothing was changed"),
        (PASSWORD, "short", "That password is too short"),
        (PASSWORD, "password1234", "That password is easy to guess"),
    ] {
        let page = one.post(&page, path, &[("current", current), ("new", new)]).await;
        assert!(page.text().contains(says), "{}", page.text());
    }
    one.post(&page, path, &[("current", PASSWORD), ("new", OTHERS)]).await;
    assert!(one.is_in().await && !two.is_in().await);
    assert_eq!(two.sign_in(OWNER, PASSWORD).await.status, 403);
    assert_eq!(two.sign_in(OWNER, OTHERS).await.url.path(), "/portal");
}

#[both_stores("PO-3")]
async fn harm_asks_for_the_password_again(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let page = owner.get("/portal/users").await;
    let fields = [("role", "viewer"), ("mail", "a@school.example")];
    let asked = owner.post(&page, "/portal/users", &fields).await;
    assert_eq!(asked.url.path(), "/portal/confirm", "{}", asked.text());
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", "wrong");
    assert_eq!(owner.submit(&asked, &form).await.status, 403);
    form.set("password", PASSWORD);
    let page = owner.submit(&asked, &form).await;
    assert_eq!(page.url.path(), "/portal/users");
    // What was filled in is filled in again, once, and was never to be read in the page that asked.
    assert!(!asked.text().contains("a@school.example"), "{}", asked.text());
    assert!(asked.text().contains("is filled in again"), "{}", asked.text());
    let text = page.text();
    assert!(text.contains("value=\"a@school.example\""), "{text}");
    assert!(text.contains("<option value=\"viewer\" selected>"), "{text}");
    let text = owner.get("/portal/users").await.text();
    assert!(!text.contains("a@school.example"), "{text}");
    owner.invite("viewer", "a@school.example").await;
}

/// Passwords don't come back, and neither does anything on another page.
#[both_stores("PO-3")]
async fn no_secret_is_kept_while_the_password_is_asked(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let page = owner.get("/portal/users").await;
    let fields = [("mail", "a@school.example"), ("role", "viewer"), ("secret", "hook-secret")];
    let asked = owner.post(&page, "/portal/users", &fields).await;
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let text = owner.submit(&asked, &form).await.text();
    assert!(text.contains("value=\"a@school.example\""), "{text}");
    assert!(!text.contains("hook-secret") && !text.contains(PASSWORD), "{text}");
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let asked = owner.post(&page, "/portal/account/second-step", &[("name", "kept")]).await;
    assert!(asked.text().contains("isn&#39;t kept"), "{}", asked.text());
    // Neither does it say so of a form that isn't kept, sent while another's is.
    owner.post(&page, "/portal/users", &fields).await;
    let asked = owner.post(&page, "/portal/account/second-step", &[]).await;
    assert!(asked.text().contains("isn&#39;t kept"), "{}", asked.text());
}

/// Whoever sits down at somebody else's browser.
#[both_stores("PO-3")]
async fn a_password_is_not_guessed_in_an_open_session(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let account = owner.get("/portal/account").await;
    let confirm = owner.get("/portal/confirm").await;
    let mut form = confirm.form_to("/portal/confirm").unwrap();
    let change = "/portal/account/password";
    for number in 0..5 {
        form.set("password", format!("wrong {number}"));
        assert_eq!(owner.submit(&confirm, &form).await.status, 403);
        let page = owner.post(&account, change, &[("current", "wrong"), ("new", OTHERS)]).await;
        assert!(page.text().contains("Nothing was changed"), "{}", page.text());
    }
    // Not even the right one is looked at, whichever form it comes in.
    form.set("password", PASSWORD);
    let page = owner.submit(&confirm, &form).await;
    assert_eq!(page.status, 429, "{}", page.text());
    owner.post(&account, change, &[("current", PASSWORD), ("new", OTHERS)]).await;
    assert_eq!(Visitor::of(&gateway).sign_in(OWNER, OTHERS).await.status, 403);
    gateway.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(owner.submit(&confirm, &form).await.url.path(), "/portal");
}

#[both_stores("PO-3")]
async fn a_page_that_renews_itself_keeps_no_session(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let home = owner.get("/portal").await.text();
    let (_, script) = home.split_once("<script src=\"").unwrap();
    let script = owner.get(script.split('"').next().unwrap()).await.text();
    assert!(script.contains("setRequestHeader(\"X-Hallpass-Live\""), "{script}");
    let renewed = async || {
        let request = Request::new("GET".parse().unwrap(), &gateway.at("/portal")).unwrap();
        let page = owner.browser.send(request.header("x-hallpass-live", "1")).await.unwrap();
        page.url.path().to_owned()
    };
    for _ in 0..2 {
        gateway.clock.advance(Duration::from_secs(5 * 3600));
        assert_eq!(renewed().await, "/portal");
    }
    gateway.clock.advance(Duration::from_secs(3 * 3600));
    assert_eq!(renewed().await, "/portal/sign-in");
}

#[both_stores("PO-3")]
async fn a_page_that_renews_itself_takes_no_message(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/account").await;
    let sign_out = page.form_to("/portal/sign-out").unwrap();
    let token = [("token", sign_out.field("token").unwrap())];
    let ends = form(&gateway.at("/portal/account/sessions/end-others"), &token);
    let ended = owner.browser.send(ends.header("origin", &gateway.url)).await.unwrap();
    assert_eq!(ended.status, 303, "{}", ended.text());
    let request = Request::new("GET".parse().unwrap(), &gateway.at("/portal")).unwrap();
    let live = owner.browser.send(request.header("x-hallpass-live", "1")).await.unwrap();
    for (page, shows) in [
        (live, false),
        (owner.get("/portal/account").await, true),
        (owner.get("/portal/account").await, false),
    ] {
        assert_eq!(page.status, 200);
        assert_eq!(page.text().contains("id=\"flash\""), shows, "{}", page.text());
    }
}

/// Anybody can send a cookie, any number of times.
#[tokio::test]
async fn made_up_cookies_are_looked_up_once_or_never() {
    let (lock, long) = (Duration::from_millis(500), Duration::from_secs(3));
    let store = Limits { lock, statement: long, request: long };
    let fixed = Fixed { store, ..fixed() };
    let gateway = Gateway::start_fixed(Store::Postgres, json!({}), &[], fixed).await;
    let visit = async |cookie: &str| {
        let request = Request::new("GET".parse().unwrap(), &gateway.at("/portal/sign-in")).unwrap();
        let request = request.no_redirects().header("cookie", &format!("hallpass_portal={cookie}"));
        Browser::new().unwrap().wanting_pages().send(request).await.unwrap().status
    };
    let [known, other, long, odd] =
        ["A".repeat(43), "B".repeat(43), "A".repeat(44), "/".repeat(43)];
    assert_eq!(visit(&known).await, 200);
    // Whoever looks something up there now is told that the store is away.
    let mut connection = PgConnection::connect(&gateway.app.config.database_url).await.unwrap();
    let locked = "BEGIN; LOCK TABLE portal_sessions, portal_users IN ACCESS EXCLUSIVE MODE";
    connection.execute(locked).await.unwrap();
    for cookie in [known.as_str(), "short", &long, &odd] {
        assert_eq!(visit(cookie).await, 200, "{cookie}");
    }
    assert_eq!(visit(&other).await, 503, "only this one could be a session's");
    connection.execute("ROLLBACK").await.unwrap();
    assert_eq!(visit(&other).await, 200);
}
