//! Accounts that are there: connected, disconnected, and proven once more at the provider.

use std::time::Duration;

use serde_json::json;
use simulator::browser::Page;
use test_case::both_stores;

use super::{Asked, Idp, MAIL, stays_out};
use crate::portal::account::{code, secret_on};
use crate::portal::{OTHERS, OWNER, PASSWORD, Visitor, entries_on, operator, path_of};
use crate::support::{Gateway, Store};

/// Goes to the provider by the button of one's account.
async fn goes_to_connect(idp: &Idp, visitor: &Visitor) -> Asked {
    let account = visitor.get("/portal/account").await;
    let page = visitor.post(&account, "/portal/account/oidc", &[]).await;
    // A form's answer is a page, which goes on by itself.
    assert_eq!((page.status, page.url.path()), (200, "/portal/account/oidc"), "{}", page.text());
    let there = page.refresh().unwrap();
    assert!(there.as_str().starts_with(&idp.url), "{there}");
    Asked(there.query_pairs().into_owned().collect())
}

/// Connects somebody who is signed in with this person of the provider.
async fn connected(idp: &Idp, gateway: &Gateway, visitor: &Visitor, subject: &str) -> Page {
    let asked = goes_to_connect(idp, visitor).await;
    let mut claims = idp.claims(gateway, &asked);
    claims["sub"] = json!(subject);
    idp.answer(visitor, &asked, idp.sign(&claims)).await
}

#[both_stores("PO-3")]
async fn an_account_is_connected_by_who_is_signed_in(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    let admin = Visitor::invited(&gateway, &owner, "admin").await;
    let page = connected(&idp, &gateway, &owner, "u-1").await;
    assert_eq!(page.url.path(), "/portal/account", "{}", page.text());
    assert!(page.text().contains("account is connected: you can sign in"), "{}", page.text());
    // Whoever the address is: it was never asked for.
    let later = Visitor::of(&gateway);
    let home = idp.sign_in(&gateway, &later, &[("email", json!("x@y.example"))]).await;
    assert!(home.text().contains("Admin, Owner"), "{}", home.text());
    // One person of the provider is one account.
    let page = connected(&idp, &gateway, &admin, "u-1").await;
    assert_eq!(page.status, 409, "{}", page.text());
    assert!(page.text().contains("OIDC_CONNECTED_ELSEWHERE: "), "{}", page.text());

    let account = owner.get("/portal/account").await;
    let page = owner.post(&account, "/portal/account/oidc/disconnect", &[]).await;
    assert!(page.text().contains("account is disconnected"), "{}", page.text());
    let after = Visitor::of(&gateway);
    let page = idp.sign_in(&gateway, &after, &[]).await;
    stays_out(&after, &page, 403, "OIDC_NO_ACCOUNT");
    let audit = entries_on(&owner.get("/portal/audit").await);
    assert!(audit.contains("user.oidcConnected") && audit.contains("user.oidcDisconnected"));
    let page = connected(&idp, &gateway, &admin, "u-1").await;
    assert_eq!(page.url.path(), "/portal/account", "{}", page.text());
}

#[both_stores("PO-3")]
async fn nobody_else_connects_an_account(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    let account = owner.get("/portal/account").await;
    let token = account.form_to("/portal/sign-out").unwrap();
    let token = token.field("token").unwrap().to_owned();
    for path in ["/portal/account/oidc", "/portal/account/oidc/disconnect"] {
        for (token, site) in [(&*token, "cross-site"), ("", "same-origin"), ("x", "same-origin")] {
            let page = owner.forge(path, &[("token", token)], &[("sec-fetch-site", site)]).await;
            assert_eq!(page.status, 403, "{path} {site}: {}", page.text());
        }
        let stranger = Visitor::of(&gateway);
        let site = [("sec-fetch-site", "same-origin")];
        assert_eq!(stranger.forge(path, &[("token", &*token)], &site).await.status, 401, "{path}");
    }
    // The answer belongs to the session that asked: it is over, or another has begun since.
    let asked = goes_to_connect(&idp, &owner).await;
    owner.post(&account, "/portal/sign-out", &[]).await;
    let token = idp.sign(&idp.claims(&gateway, &asked));
    let page = idp.answer(&owner, &asked, token).await;
    assert_eq!(page.status, 401, "{}", page.text());
    let after = Visitor::of(&gateway);
    let page = idp.sign_in(&gateway, &after, &[]).await;
    stays_out(&after, &page, 403, "OIDC_NO_ACCOUNT");
    // To connect is asked for the password, if that was long ago.
    let owner = Visitor::owner(&gateway).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let account = owner.get("/portal/account").await;
    let page = owner.post(&account, "/portal/account/oidc", &[]).await;
    assert_eq!(page.url.path(), "/portal/confirm", "{}", page.text());
}

#[both_stores("PO-3")]
async fn disconnecting_comes_back_to_its_question(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    connected(&idp, &gateway, &owner, "u-1").await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let there = "/portal/account/oidc/disconnect";
    let page = owner.get(there).await;
    let form = page.form_to(there).unwrap();
    let page = owner.submit(&page, &form).await;
    let mut form = page.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let page = owner.submit(&page, &form).await;
    assert_eq!(page.url.path(), there, "{}", page.text());
    let form = page.form_to(there).unwrap();
    let page = owner.submit(&page, &form).await;
    assert!(page.text().contains("account is disconnected"), "{}", page.text());
}

/// An owner who comes from the provider and has no password.
async fn owner_without_password(idp: &Idp, gateway: &Gateway) -> Visitor {
    Visitor::owner(gateway).await.invite("owner", MAIL).await;
    let visitor = Visitor::of(gateway);
    // Signed in there long ago.
    let home = idp.sign_in(gateway, &visitor, &[("auth_time", json!(1_700_000_000))]).await;
    assert!(home.text().contains("Ines Quill, Owner"), "{}", home.text());
    visitor
}

#[both_stores("PO-3")]
async fn harm_asks_the_provider_again(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = owner_without_password(&idp, &gateway).await;
    let users = owner.get("/portal/users").await;
    let fields = [("role", "viewer"), ("mail", "a@school.example")];
    let asked_for = owner.post(&users, "/portal/users", &fields).await;
    assert_eq!(asked_for.url.path(), "/portal/confirm", "{}", asked_for.text());
    assert!(asked_for.form_to("/portal/confirm").is_none(), "there is no password");
    let text = asked_for.text();
    assert!(text.contains(">Sign in again with Kestrel College</a>"), "{text}");

    let there = "/portal/confirm/oidc?next=%2Fportal%2Fusers";
    let now = || gateway.clock.now_seconds();
    for (sub, auth_time, status, code) in [
        ("u-2", json!(now()), 403, "OIDC_OTHER_PERSON"),
        ("u-1", json!(now() - 120), 403, "OIDC_NOT_FRESH"),
        ("u-1", json!(null), 403, "OIDC_NOT_FRESH"),
        ("u-1", json!(now() + 3600), 403, "OIDC_NOT_FRESH"),
    ] {
        let asked = owner.leaves_by(there).await;
        assert_eq!((asked.get("prompt"), asked.get("max_age")), ("login", "0"));
        assert_eq!(asked.get("login_hint"), MAIL);
        let mut claims = idp.claims(&gateway, &asked);
        claims["sub"] = json!(sub);
        claims["auth_time"] = auth_time;
        let page = idp.answer(&owner, &asked, idp.sign(&claims)).await;
        assert_eq!(page.status, status, "{code}: {}", page.text());
        assert!(page.text().contains(&format!("<code>{code}: ")), "{code}: {}", page.text());
        let page = owner.post(&users, "/portal/users", &fields).await;
        assert_eq!(page.url.path(), "/portal/confirm", "{code}: {}", page.text());
    }
    let asked = owner.leaves_by(there).await;
    let claims = idp.claims(&gateway, &asked);
    let page = idp.answer(&owner, &asked, idp.sign(&claims)).await;
    assert_eq!(page.url.path(), "/portal/users", "{}", page.text());
    assert!(page.text().contains("Now repeat what you did"), "{}", page.text());
    owner.invite("viewer", "a@school.example").await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let page = owner.post(&users, "/portal/users", &fields).await;
    assert_eq!(page.url.path(), "/portal/confirm", "it counts for ten minutes");
}

#[both_stores("PO-3")]
async fn who_has_no_password_can_choose_one(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = owner_without_password(&idp, &gateway).await;
    let account = owner.get("/portal/account").await;
    assert!(account.text().contains("You have none yet"), "{}", account.text());
    let new = [("new", OTHERS)];
    let page = owner.post(&account, "/portal/account/password", &new).await;
    assert_eq!(page.url.path(), "/portal/confirm", "{}", page.text());
    let asked = owner.leaves_by("/portal/confirm/oidc?next=%2Fportal%2Faccount").await;
    idp.answer(&owner, &asked, idp.sign(&idp.claims(&gateway, &asked))).await;
    let page = owner.post(&account, "/portal/account/oidc/disconnect", &[]).await;
    assert!(page.text().contains("Choose a password first"), "{}", page.text());
    let page = owner.post(&account, "/portal/account/password", &new).await;
    assert!(page.text().contains("The password is changed"), "{}", page.text());
    let home = Visitor::of(&gateway).sign_in(MAIL, OTHERS).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn a_second_step_is_asked_for_after_the_provider(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    connected(&idp, &gateway, &owner, "u-1").await;
    let page = owner.get("/portal/account").await;
    let page = owner.post(&page, "/portal/account/second-step", &[]).await;
    let secret = secret_on(&page);
    let mut form = page.form_to("/portal/account/second-step/on").unwrap();
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    owner.submit(&page, &form).await;

    let visitor = Visitor::of(&gateway);
    let page = idp.sign_in(&gateway, &visitor, &[]).await;
    assert_eq!((page.status, visitor.session()), (200, None), "{}", page.text());
    let mut form = page.form_to("/portal/sign-in/code").unwrap();
    form.set("code", "abcdef");
    assert_eq!(visitor.submit(&page, &form).await.status, 403);
    gateway.clock.advance(Duration::from_secs(60));
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let home = visitor.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    // Proven here and now.
    visitor.invite("viewer", "a@school.example").await;
    let audit = entries_on(&visitor.get("/portal/audit?action=session.begunByOidc").await);
    assert!(audit.contains("Signed in with the organisation’s account"), "{audit}");

    // To prove it again takes both as well.
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let asked = visitor.leaves_by("/portal/confirm/oidc?next=%2Fportal%2Fusers").await;
    let code_page = idp.answer(&visitor, &asked, idp.sign(&idp.claims(&gateway, &asked))).await;
    let users = visitor.get("/portal/users").await;
    let fields = [("role", "viewer"), ("mail", "b@school.example")];
    let page = visitor.post(&users, "/portal/users", &fields).await;
    assert_eq!(page.url.path(), "/portal/confirm", "{}", page.text());
    let mut form = code_page.form_to("/portal/sign-in/code").unwrap();
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let page = visitor.submit(&code_page, &form).await;
    assert_eq!(page.url.path(), "/portal/users", "{}", page.text());
    visitor.invite("viewer", "b@school.example").await;
}

#[both_stores("PO-3")]
async fn passwords_can_be_switched_off_and_a_link_is_a_way_in(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[("portal_oidc_passwords", "off")]).await;
    let owner = Visitor::owner(&gateway).await;
    connected(&idp, &gateway, &owner, "u-1").await;
    let visitor = Visitor::of(&gateway);
    let page = visitor.sign_in(OWNER, PASSWORD).await;
    assert_eq!((page.status, visitor.session()), (403, None), "{}", page.text());
    assert!(page.text().contains("belong together"), "as for any other: {}", page.text());
    // Who is in proves by it who they are.
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let page = owner.get("/portal/confirm?next=%2Fportal%2Fusers").await;
    let mut form = page.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    assert_eq!(owner.submit(&page, &form).await.url.path(), "/portal/users");

    let operator = operator(&gateway).await;
    let made = operator.portal_address(Some(OWNER)).await.unwrap();
    operator.close().await;
    let link = path_of(&made.address);
    let page = visitor.get(&link).await;
    let mut form = page.form_to(&link).unwrap();
    form.set("password", OTHERS);
    assert_eq!(visitor.submit(&page, &form).await.url.path(), "/portal");
    // It doesn't need the provider, which knows them no longer.
    let home = Visitor::of(&gateway).sign_in(OWNER, OTHERS).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    let other = Visitor::of(&gateway);
    let page = idp.sign_in(&gateway, &other, &[]).await;
    stays_out(&other, &page, 403, "OIDC_NO_ACCOUNT");
}
