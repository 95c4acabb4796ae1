//! Ways back that are not taken, and a provider that isn't as it should be.

use std::time::Duration;

use serde_json::json;
use simulator::browser::{Page, Request};
use test_case::both_stores;
use tokio::net::TcpListener;

use super::{Asked, Idp, MAIL, stays_out};
use crate::portal::{OWNER, PASSWORD, Visitor, entries_on};
use crate::support::{Gateway, Store};

async fn invited(idp: &Idp, store: Store) -> Gateway {
    let gateway = idp.gateway(store, &[]).await;
    Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    gateway
}

/// Comes back with a good code and this state.
async fn with_state(
    idp: &Idp,
    gateway: &Gateway,
    visitor: &Visitor,
    asked: &Asked,
    state: &str,
) -> Page {
    let code = idp.grant(asked, idp.sign(&idp.claims(gateway, asked)));
    idp.send_back(visitor, asked, &[("code", &code), ("state", state)]).await
}

#[both_stores("PO-3")]
async fn a_state_is_one_browsers_once_and_for_ten_minutes(store: Store) {
    let idp = Idp::start().await;
    let gateway = invited(&idp, store).await;
    let visitor = Visitor::of(&gateway);
    let asked = visitor.departs().await;
    for state in ["", "another", &asked.get("state")[1..]] {
        let page = with_state(&idp, &gateway, &visitor, &asked, state).await;
        stays_out(&visitor, &page, 400, "OIDC_STATE");
    }
    // Somebody else's browser: one that began nothing, and one that began another.
    let other = Visitor::of(&gateway);
    let page = with_state(&idp, &gateway, &other, &asked, asked.get("state")).await;
    stays_out(&other, &page, 400, "OIDC_STATE");
    let others = other.departs().await;
    let page = with_state(&idp, &gateway, &other, &asked, asked.get("state")).await;
    stays_out(&other, &page, 400, "OIDC_STATE");

    // Too late, by a second.
    let late = Visitor::of(&gateway);
    let asked_before = late.departs().await;
    gateway.clock.advance(Duration::from_secs(601));
    let page = with_state(&idp, &gateway, &late, &asked_before, asked_before.get("state")).await;
    stays_out(&late, &page, 400, "OIDC_STATE");
    let page = with_state(&idp, &gateway, &other, &others, others.get("state")).await;
    stays_out(&other, &page, 400, "OIDC_STATE");
}

#[both_stores("PO-3")]
async fn an_answer_is_taken_once_whatever_became_of_it(store: Store) {
    let idp = Idp::start().await;
    let gateway = invited(&idp, store).await;
    let visitor = Visitor::of(&gateway);
    let asked = visitor.departs().await;
    // The cookie as a thief would copy it.
    let cookies = visitor.browser.cookies(&gateway.url);
    let cookie = cookies.into_iter().find(|cookie| cookie.name == "hallpass_oidc").unwrap();
    let cookie = format!("hallpass_oidc={}; Path=/", cookie.value);
    let page = with_state(&idp, &gateway, &visitor, &asked, asked.get("state")).await;
    assert_eq!(page.url.path(), "/portal", "{}", page.text());
    let thief = Visitor::of(&gateway);
    thief.browser.set_cookie(&gateway.url, &cookie).unwrap();
    let page = with_state(&idp, &gateway, &thief, &asked, asked.get("state")).await;
    stays_out(&thief, &page, 400, "OIDC_STATE");

    // Also one that was refused is over, and rows of what is over go.
    let refused = Visitor::of(&gateway);
    let asked = refused.departs().await;
    let denied = [("error", "access_denied"), ("state", asked.get("state"))];
    let page = idp.send_back(&refused, &asked, &denied).await;
    stays_out(&refused, &page, 403, "OIDC_DECLINED");
    let page = with_state(&idp, &gateway, &refused, &asked, asked.get("state")).await;
    stays_out(&refused, &page, 400, "OIDC_STATE");
    assert_eq!(gateway.number("SELECT COUNT(*) FROM portal_states").await, 2);
    gateway.clock.advance(Duration::from_secs(30 * 60));
    gateway::background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    assert_eq!(gateway.number("SELECT COUNT(*) FROM portal_states").await, 0);
}

#[both_stores("PO-3")]
async fn errors_of_the_provider_are_told_apart(store: Store) {
    let idp = Idp::start().await;
    let gateway = invited(&idp, store).await;
    let visitor = Visitor::of(&gateway);
    for (error, status, code) in [
        ("access_denied", 403, "OIDC_DECLINED"),
        ("unauthorized_client", 502, "OIDC_PROVIDER_ERROR"),
        ("<script>alert(1)</script>", 502, "OIDC_PROVIDER_ERROR"),
    ] {
        let asked = visitor.departs().await;
        let answer = [("error", error), ("state", asked.get("state"))];
        let page = idp.send_back(&visitor, &asked, &answer).await;
        stays_out(&visitor, &page, status, code);
        assert!(!page.text().contains("alert(1)"), "{}", page.text());
    }
    let asked = visitor.departs().await;
    let answer = [("state", asked.get("state"))];
    let page = idp.send_back(&visitor, &asked, &answer).await;
    stays_out(&visitor, &page, 400, "OIDC_STATE");
    for (answer, status, code) in [
        ((400, json!({"error": "invalid_client"})), 502, "OIDC_MISCONFIGURED"),
        ((503, json!({})), 503, "OIDC_UNREACHABLE"),
        ((200, json!({"access_token": "a"})), 502, "OIDC_MISCONFIGURED"),
        ((302, json!({})), 502, "OIDC_MISCONFIGURED"),
    ] {
        idp.behave(|known| known.exchange = Some(answer));
        let page = idp.sign_in(&gateway, &visitor, &[]).await;
        stays_out(&visitor, &page, status, code);
    }
    idp.behave(|known| known.exchange = None);
    // A code is redeemed by whoever asked for it: another verifier, another address.
    let (one, other) = (visitor.departs().await, visitor.departs().await);
    let code = idp.grant(&one, idp.sign(&idp.claims(&gateway, &other)));
    let answer = [("code", &*code), ("state", other.get("state"))];
    let page = idp.send_back(&visitor, &other, &answer).await;
    stays_out(&visitor, &page, 502, "OIDC_MISCONFIGURED");
}

#[both_stores("PO-3")]
async fn a_provider_that_is_away_keeps_no_password_out(store: Store) {
    let idp = Idp::start().await;
    idp.behave(|known| {
        known.document.insert("issuer", json!("https://evil.example"));
    });
    let gateway = idp.gateway(store, &[]).await;
    let visitor = Visitor::of(&gateway);
    let page = visitor.get("/portal/oidc/sign-in").await;
    stays_out(&visitor, &page, 502, "OIDC_MISCONFIGURED");
    // It is asked again after a moment, and not before.
    idp.behave(|known| known.document.clear());
    assert_eq!(visitor.get("/portal/oidc/sign-in").await.status, 502);
    gateway.clock.advance(Duration::from_secs(6));
    visitor.departs().await;

    let issuer = breaking_off().await;
    let settings = [
        ("portal_oidc_issuer", &*issuer),
        ("portal_oidc_client_id", "a"),
        ("portal_oidc_client_secret", "b"),
    ];
    let tool = json!({"launch": {"showReasons": true}});
    let gateway = Gateway::start_configured(store, tool, &settings).await;
    let page = Visitor::of(&gateway).get("/portal/oidc/sign-in").await;
    stays_out(&visitor, &page, 503, "OIDC_UNREACHABLE");
    assert!(page.text().contains("If you have a password"), "{}", page.text());
    let home = Visitor::of(&gateway).sign_in(OWNER, PASSWORD).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

/// An address that takes connections, and ends them without a word.
async fn breaking_off() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok(connection) = listener.accept().await {
            drop(connection);
        }
    });
    url
}

#[both_stores("PO-3")]
async fn an_account_that_is_there_is_not_opened_by_its_address(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    Visitor::invited(&gateway, &owner, "admin").await;
    let visitor = Visitor::of(&gateway);
    let theirs = [("email", json!("Admin@School.example"))];
    let page = idp.sign_in(&gateway, &visitor, &theirs).await;
    stays_out(&visitor, &page, 403, "OIDC_NOT_CONNECTED");
    assert!(page.text().contains("connect it under"), "{}", page.text());
    // An invitation of that address changes nothing.
    owner.invite("viewer", "admin@school.example").await;
    let page = idp.sign_in(&gateway, &visitor, &theirs).await;
    stays_out(&visitor, &page, 403, "OIDC_NOT_CONNECTED");
    // The audit says that somebody was turned away and why, and not who.
    let audit = entries_on(&owner.get("/portal/audit?action=session.oidcRefused").await);
    assert!(audit.contains("OIDC_NOT_CONNECTED") && audit.contains("Kestrel College"), "{audit}");
    assert!(!audit.contains("Ines") && !audit.to_lowercase().contains("admin@"), "{audit}");
}

#[both_stores("PO-3")]
async fn an_address_begins_fifty_times_and_then_waits(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let visitor = Visitor::of(&gateway);
    let mut refused = 0;
    for _ in 0..60 {
        let address = gateway.at("/portal/oidc/sign-in");
        let request = Request::new("GET".parse().unwrap(), &address).unwrap().no_redirects();
        let page = visitor.browser.send(request).await.unwrap();
        refused += usize::from(page.status == 429);
    }
    // Time passes while they try, so that some more may be let in.
    assert!((1..=10).contains(&refused), "{refused}");
    assert_eq!(gateway.number("SELECT COUNT(*) FROM portal_states").await, 0, "nothing is written");
}
