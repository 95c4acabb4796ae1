//! What proves the password while the code is asked for: for one browser, one sign-in, and no
//! longer than the password and the sessions last.

use std::time::Duration;

use simulator::browser::{Form, Page};
use sqlx::{Connection, PgConnection};
use test_case::{both_stores, cases};

use super::account::{code, switched_on, with_second_step};
use super::links_end::user_path;
use super::{OTHERS, OWNER, PASSWORD, Visitor, first};
use crate::support::{Gateway, PATIENCE, Store};

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

/// How many sessions there are.
const SESSIONS: &str = "SELECT COUNT(*) FROM portal_sessions";

impl Gateway {
    /// From now on, each right code ends its user's sign-ins, as a new password at that moment
    /// does.
    async fn end_sign_ins_at_codes(&self, store: Store) {
        let statements: &[&str] = match store {
            Store::Sqlite => &["CREATE TRIGGER ended AFTER UPDATE OF totp_step ON portal_users \
                 BEGIN UPDATE portal_users SET sign_in_round = sign_in_round + 1 \
                 WHERE id = NEW.id; END"],
            Store::Postgres => &[
                "CREATE FUNCTION ended() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN UPDATE portal_users SET sign_in_round = sign_in_round + 1 \
                 WHERE id = NEW.id; RETURN NULL; END $$",
                "CREATE TRIGGER ended AFTER UPDATE OF totp_step ON portal_users FOR EACH ROW \
                 EXECUTE FUNCTION ended()",
            ],
        };
        for statement in statements {
            self.meddle(statement).await;
        }
    }
}

#[both_stores("PO-3")]
async fn a_round_that_ends_after_the_code_begins_no_session(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    let (owner, page, mut form) = asked(&gateway, OWNER, PASSWORD).await;
    gateway.end_sign_ins_at_codes(store).await;
    form.set("code", next_code(&gateway, &secret));
    let sessions = gateway.number(SESSIONS).await;
    assert_worthless(&owner, &page, &form, "the right code").await;
    assert_eq!(gateway.number(SESSIONS).await, sessions);
}

/// What a sign-in leads to if the user's round ends after the first step was checked. It waits for
/// the transaction that does it.
pub(super) async fn overtaken(gateway: &Gateway, sign_in: impl Future<Output = Page>) -> Page {
    let url = &gateway.app.config.database_url;
    let mut other = PgConnection::connect(url).await.unwrap();
    let mut tx = other.begin().await.unwrap();
    let end = "UPDATE portal_users SET sign_in_round = sign_in_round + 1";
    sqlx::query(end).execute(&mut *tx).await.unwrap();
    let pid = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *tx).await;
    let pid: i32 = pid.unwrap();
    let waits =
        format!("SELECT COUNT(*) FROM pg_stat_activity WHERE {pid} = ANY(pg_blocking_pids(pid))");
    let meanwhile = async {
        let waiting = async {
            while gateway.number(&waits).await == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE / 2, waiting).await;
        tx.commit().await.unwrap();
        assert!(waited.is_ok(), "it doesn't wait");
    };
    let (page, ()) = tokio::join!(sign_in, meanwhile);
    page
}

#[cases("PO-3")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_ends_meanwhile_begins_no_session() {
    let gateway = Gateway::start(Store::Postgres).await;
    let owner = Visitor::of(&gateway);
    let page = overtaken(&gateway, owner.sign_in(OWNER, PASSWORD)).await;
    let there = (first(&page), page.url.path());
    assert_eq!(there, (303, "/portal/sign-in"), "{}", page.text());
    assert_eq!((owner.session(), gateway.number(SESSIONS).await), (None, 0));
    let home = owner.sign_in(OWNER, PASSWORD).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

/// Gives the password on the page that asks for it again: the page and the form for the code.
async fn proven(visitor: &Visitor, page: &Page) -> (Page, Form) {
    let mut form = page.form_to("/portal/confirm").unwrap_or_else(|| panic!("{}", page.text()));
    form.set("password", PASSWORD);
    let page = visitor.submit(page, &form).await;
    let form = page.form_to(CODE).unwrap_or_else(|| panic!("{}", page.text()));
    (page, form)
}

#[both_stores("PO-3")]
async fn a_ticket_that_is_too_old_loses_nothing_filled_in(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    let (owner, page, mut form) = asked(&gateway, OWNER, PASSWORD).await;
    form.set("code", next_code(&gateway, &secret));
    owner.submit(&page, &form).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let users = owner.get("/portal/users").await;
    let fields = [("role", "viewer"), ("mail", "a@school.example")];
    let confirm = owner.post(&users, "/portal/users", &fields).await;
    let (page, mut form) = proven(&owner, &confirm).await;
    gateway.clock.advance(Duration::from_secs(6 * 60));
    form.set("code", next_code(&gateway, &secret));
    // Nobody else is led to what only this session can open.
    assert_worthless(&Visitor::of(&gateway), &page, &form, "no session").await;
    let confirm = owner.submit(&page, &form).await;
    let there = (first(&confirm), confirm.url.path());
    assert_eq!(there, (303, "/portal/confirm"), "{}", confirm.text());
    assert!(confirm.text().contains("is filled in again"), "{}", confirm.text());
    let (page, mut form) = proven(&owner, &confirm).await;
    form.set("code", next_code(&gateway, &secret));
    let users = owner.submit(&page, &form).await;
    assert_eq!(users.url.path(), "/portal/users", "{}", users.text());
    assert!(users.text().contains("value=\"a@school.example\""), "{}", users.text());
}
