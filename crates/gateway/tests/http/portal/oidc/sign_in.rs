//! Who comes in, and where to.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join, join_all};
use serde_json::json;
use test_case::{both_stores, cases};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::{CLIENT, Idp, MAIL, stays_out};
use crate::portal::tickets::overtaken;
use crate::portal::{OTHERS, Visitor, entries_on, first, operator, path_of};
use crate::support::{Gateway, PATIENCE, Store};
use crate::waits::Lock;

#[both_stores("PO-3")]
async fn people_come_in_by_invitation_and_then_by_subject(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    let link = owner.invite("support", "Ines@School.example").await;
    let offered = Visitor::of(&gateway).get(&link).await.text();
    assert!(offered.contains("href=\"/portal/oidc/sign-in?next=%2Fportal\""), "{offered}");

    let visitor = Visitor::of(&gateway);
    let home = idp.sign_in(&gateway, &visitor, &[]).await;
    assert_eq!((home.status, home.url.path()), (200, "/portal"), "{}", home.text());
    assert!(home.text().contains("Ines Quill, Support"), "{}", home.text());
    assert_eq!(Visitor::of(&gateway).get(&link).await.status, 410, "the link is used up");
    // The page that came from the provider saw no session's cookie, and set one.
    let callback = home.hops.first().unwrap();
    assert_eq!((callback.status, callback.url.path()), (200, "/portal/oidc/callback"));
    let set = callback.set_cookies.join("\n");
    assert!(set.contains("hallpass_portal=") && set.contains("hallpass_oidc=;"), "{set}");

    // Another address, which belongs to nobody here; the same person.
    let later = Visitor::of(&gateway);
    let moved = [("email", json!("quill@elsewhere.example")), ("email_verified", json!(false))];
    let home = idp.sign_in(&gateway, &later, &moved).await;
    assert!(home.text().contains("Ines Quill, Support"), "{}", home.text());
    let account = later.get("/portal/account").await;
    assert!(account.text().contains(MAIL), "{}", account.text());
    let audit = entries_on(&owner.get("/portal/audit").await);
    assert!(audit.contains("Signed in with the organisation’s account"), "{audit}");
}

/// In two windows, say. One of them makes the user, and the other finds the invitation used.
#[both_stores("PO-3")]
async fn somebody_invited_may_come_in_twice_at_once(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    Visitor::owner(&gateway).await.invite("support", MAIL).await;
    let gate = Arc::new(Semaphore::new(0));
    idp.behave(|known| known.gate = Some(gate.clone()));
    let windows = [Visitor::of(&gateway), Visitor::of(&gateway)];
    let come = windows.iter().map(|visitor| idp.sign_in(&gateway, visitor, &[]));
    let opens = async {
        while idp.asked() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Both look for the user before either can make it.
        let lock = Lock::of_writes(&gateway, "portal_users").await;
        gate.close();
        for _ in 0..20 {
            Visitor::of(&gateway).get("/portal/sign-in").await;
        }
        lock.release().await;
    };
    let both = tokio::time::timeout(PATIENCE, join(join_all(come), opens)).await;
    for home in both.unwrap().0 {
        assert_eq!((home.status, home.url.path()), (200, "/portal"), "{}", home.text());
        assert!(home.text().contains("Ines Quill, Support"), "{}", home.text());
    }
    assert_eq!(gateway.number("SELECT COUNT(*) FROM portal_users").await, 2);
}

#[cases("PO-3")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_ends_meanwhile_begins_no_session() {
    let idp = Idp::start().await;
    let gateway = idp.gateway(Store::Postgres, &[]).await;
    Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    idp.sign_in(&gateway, &Visitor::of(&gateway), &[]).await;
    let visitor = Visitor::of(&gateway);
    let page = overtaken(&gateway, idp.sign_in(&gateway, &visitor, &[])).await;
    let there = (first(&page), page.url.path(), visitor.session());
    assert_eq!(there, (303, "/portal/sign-in", None), "{}", page.text());
    let home = idp.sign_in(&gateway, &visitor, &[]).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn the_way_leads_on_to_where_one_wanted_to_go(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    owner.invite("viewer", MAIL).await;
    let visitor = Visitor::of(&gateway);
    let page = visitor.get("/portal/audit?action=a").await;
    let leads = "/portal/oidc/sign-in?next=%2Fportal%2Faudit%3Faction%3Da";
    assert!(page.text().contains(leads), "{}", page.text());
    let asked = visitor.leaves_by(leads).await;
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", &*gateway.at("/portal/oidc/callback")),
        ("scope", "openid email profile"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(asked.get(name), value);
    }
    assert!(!asked.0.contains_key("prompt"));
    let claims = idp.claims(&gateway, &asked);
    let page = idp.answer(&visitor, &asked, idp.sign(&claims)).await;
    assert_eq!((page.url.path(), page.url.query()), ("/portal/audit", Some("action=a")));
    // Who is in isn't sent away.
    let page = visitor.get("/portal/oidc/sign-in?next=%2Fportal%2Fusage").await;
    assert_eq!(page.url.path(), "/portal/usage");
    // Nobody is sent to another site afterwards.
    let stranger = Visitor::of(&gateway);
    let asked = stranger.leaves_by("/portal/oidc/sign-in?next=https%3A%2F%2Fevil.example").await;
    let claims = idp.claims(&gateway, &asked);
    let page = idp.answer(&stranger, &asked, idp.sign(&claims)).await;
    assert_eq!(page.url.as_str(), gateway.at("/portal"));
}

#[both_stores("PO-3")]
async fn a_role_is_the_invitations_and_forbids_the_rest(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    owner.invite("viewer", MAIL).await;
    let visitor = Visitor::of(&gateway);
    idp.sign_in(&gateway, &visitor, &[]).await;
    let page = visitor.get("/portal/users").await;
    assert_eq!(page.status, 403, "{}", page.text());
    let list = owner.get("/portal/users").await.text();
    assert!(list.contains("<span class=\"tag\">Kestrel College</span>"), "{list}");
    // Somebody who is removed is out, and doesn't come back.
    let before = list.split("Ines Quill</span>").next().unwrap();
    let (_, id) = before.rsplit_once("/portal/users/").unwrap();
    let id: String = id.chars().take_while(char::is_ascii_alphanumeric).collect();
    let page = owner.get(&format!("/portal/users/{id}")).await;
    owner.post(&page, &format!("/portal/users/{id}/remove"), &[]).await;
    assert!(!visitor.is_in().await);
    let again = Visitor::of(&gateway);
    let page = idp.sign_in(&gateway, &again, &[]).await;
    stays_out(&again, &page, 403, "OIDC_NO_ACCOUNT");
    assert!(page.text().contains("Ask an owner of this portal to invite you"), "{}", page.text());
}

#[both_stores("PO-3")]
async fn people_of_a_domain_come_in_uninvited_if_that_is_set(store: Store) {
    let idp = Idp::start().await;
    let more = [("portal_oidc_domains", "school.example"), ("portal_oidc_role", "support")];
    let gateway = idp.gateway(store, &more).await;
    let visitor = Visitor::of(&gateway);
    let home = idp.sign_in(&gateway, &visitor, &[]).await;
    assert!(home.text().contains("Ines Quill, Support"), "{}", home.text());
    let other = Visitor::of(&gateway);
    let foreign = [("sub", json!("u-2")), ("email", json!("ines@other.example"))];
    let page = idp.sign_in(&gateway, &other, &foreign).await;
    stays_out(&other, &page, 403, "OIDC_FOREIGN_DOMAIN");
    // Also somebody who is known, once their address is another's.
    let moved = [("email", json!("ines@other.example"))];
    let page = idp.sign_in(&gateway, &other, &moved).await;
    stays_out(&other, &page, 403, "OIDC_FOREIGN_DOMAIN");
}

#[both_stores("PO-3")]
async fn nobody_comes_uninvited_before_the_owner(store: Store) {
    let idp = Idp::start().await;
    let more = [("portal_oidc_domains", "school.example"), ("portal_oidc_role", "viewer")];
    let gateway = idp.gateway(store, &more).await;
    let operator = operator(&gateway).await;
    gateway.meddle("DELETE FROM portal_users").await;
    let early = Visitor::of(&gateway);
    let comes = async || {
        // The sign-in page has no button yet, but the address is known.
        let asked = early.leaves_by("/portal/oidc/sign-in?next=%2Fportal").await;
        idp.answer(&early, &asked, idp.sign(&idp.claims(&gateway, &asked))).await
    };
    let page = comes().await;
    stays_out(&early, &page, 403, "OIDC_NO_OWNER");
    assert!(operator.portal_users().await.unwrap().is_empty());

    let made = operator.portal_address(None).await.unwrap();
    assert_eq!(made.login, None);
    Visitor::of(&gateway).become_owner(&path_of(&made.address)).await;
    let home = comes().await;
    assert!(home.text().contains("Ines Quill, Viewer"), "{}", home.text());
    operator.close().await;
}

#[both_stores("PO-3", "PO-10")]
async fn other_tools_people_are_their_own_owners_to_choose(store: Store) {
    let idp = Idp::start().await;
    let more = [("portal_oidc_domains", "school.example"), ("portal_oidc_role", "support")];
    let gateway = idp.gateway(store, &more).await;
    gateway.new_tool("127.0.0.6").await;
    let port = gateway.url.rsplit(':').next().unwrap();
    let listener = TcpListener::bind(format!("127.0.0.6:{port}")).await.unwrap();
    let quiz = gateway.replica_on(listener, None).await;
    let visitor = Visitor::of(&quiz);
    let asked = visitor.leaves_by("/portal/oidc/sign-in").await;
    assert_eq!(asked.get("redirect_uri"), quiz.at("/portal/oidc/callback"));
    let token = idp.sign(&idp.claims(&gateway, &asked));
    let page = idp.answer(&visitor, &asked, token).await;
    assert_eq!((page.status, visitor.session()), (403, None), "{}", page.text());
    assert!(page.text().contains("There is no account for your address here"), "{}", page.text());
}

#[both_stores("PO-3")]
async fn the_secret_goes_where_the_provider_wants_it(store: Store) {
    let idp = Idp::start().await;
    idp.behave(|known| {
        let methods = json!(["client_secret_post"]);
        known.document.insert("token_endpoint_auth_methods_supported", methods);
        known.document.insert("authorization_response_iss_parameter_supported", json!(true));
    });
    let gateway = idp.gateway(store, &[]).await;
    Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    let visitor = Visitor::of(&gateway);
    // Such a provider names itself each time.
    let page = idp.sign_in(&gateway, &visitor, &[]).await;
    stays_out(&visitor, &page, 403, "OIDC_TOKEN_REFUSED");
    for (issuer, is_in) in [("https://evil.example", false), (&*idp.url, true)] {
        let asked = visitor.departs().await;
        let code = idp.grant(&asked, idp.sign(&idp.claims(&gateway, &asked)));
        let answer = [("code", &*code), ("state", asked.get("state")), ("iss", issuer)];
        let page = idp.send_back(&visitor, &asked, &answer).await;
        assert_eq!(visitor.session().is_some(), is_in, "{}", page.text());
    }
}

#[both_stores("PO-3")]
async fn a_planted_session_is_worth_nothing_after_a_sign_in(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    let planted = "A".repeat(43);
    let victim = Visitor::of(&gateway);
    let cookie = format!("hallpass_portal={planted}; Path=/");
    victim.browser.set_cookie(&gateway.url, &cookie).unwrap();
    idp.sign_in(&gateway, &victim, &[]).await;
    assert!(victim.is_in().await && victim.session().unwrap() != planted);
    let thief = Visitor::of(&gateway);
    thief.browser.set_cookie(&gateway.url, &cookie).unwrap();
    assert!(!thief.is_in().await);
}

/// People choose their names at a provider, too.
#[both_stores("PO-1", "PO-3")]
async fn a_name_from_the_provider_is_text(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    owner.invite("viewer", MAIL).await;
    let visitor = Visitor::of(&gateway);
    let name = [("name", json!("\"><script>alert(1)</script>"))];
    let home = idp.sign_in(&gateway, &visitor, &name).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    let account = visitor.get("/portal/account").await;
    let users = owner.get("/portal/users").await;
    let audit = owner.get("/portal/audit").await;
    for page in [home, account, users, audit] {
        let (path, text) = (page.url.path(), page.text());
        assert!(text.contains("&#60;script&#62;alert(1)"), "{path}: {text}");
        assert!(!text.contains("<script>alert"), "{path}: {text}");
    }
}

#[both_stores("PO-3")]
async fn passwords_stay_beside_the_provider(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[]).await;
    let owner = Visitor::owner(&gateway).await;
    Visitor::invited(&gateway, &owner, "viewer").await;
    let visitor = Visitor::of(&gateway);
    let home = visitor.sign_in("viewer@school.example", OTHERS).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    // Who has no password doesn't come in by an empty one.
    owner.invite("viewer", MAIL).await;
    idp.sign_in(&gateway, &Visitor::of(&gateway), &[]).await;
    let guesser = Visitor::of(&gateway);
    for password in ["", "x"] {
        assert_eq!(guesser.sign_in(MAIL, password).await.status, 403);
    }
}

#[both_stores]
async fn without_a_provider_there_is_no_way_to_one(store: Store) {
    let gateway = Gateway::start(store).await;
    let visitor = Visitor::of(&gateway);
    for path in ["/portal/oidc/sign-in", "/portal/oidc/callback?state=a&code=b"] {
        assert_eq!(visitor.get(path).await.status, 404, "{path}");
    }
    assert!(!visitor.get("/portal/sign-in").await.text().contains("/portal/oidc"));
    let owner = Visitor::owner(&gateway).await;
    assert!(!owner.get("/portal/account").await.text().contains("/portal/account/oidc"));
}
