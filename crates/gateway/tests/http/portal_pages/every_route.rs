//! Every address of the portal, as the router has it: none is open to strangers, takes another
//! page's form, or is left out of the tables of roles, however new it is.

use test_case::{both_stores, cases};

use super::Portal;
use super::roles::TABLE;
use crate::declared::{self, NOWHERE, address};
use crate::portal::roles::table;
use crate::portal::{Visitor, first};
use crate::support::Store;

/// What anyone may open: how one gets in, and what pages load.
pub(crate) const OUTSIDE: [&str; 6] = [
    "/portal/assets/{name}",
    "/portal/oidc/callback",
    "/portal/oidc/sign-in",
    "/portal/sign-in",
    "/portal/sign-in/code",
    "/portal/welcome/{code}",
];
/// One's own account is for every role. `portal::account` and `portal::oidc` say what these do.
pub(crate) const OWN: [&str; 8] = [
    "/portal/account/oidc",
    "/portal/account/password",
    "/portal/account/second-step",
    "/portal/account/second-step/off",
    "/portal/account/second-step/on",
    "/portal/confirm",
    "/portal/confirm/oidc",
    "/portal/sign-out",
];

/// Method and path of each route.
pub(crate) fn routes() -> Vec<(String, String)> {
    let all = declared::routes().into_iter();
    let all = all.filter(|(path, _)| path == "/portal" || path.starts_with("/portal/"));
    let all = all
        .flat_map(|(path, methods)| methods.into_iter().map(move |method| (method, path.clone())));
    let all: Vec<(String, String)> = all.collect();
    assert!(all.len() > 90, "{all:?}");
    all
}

/// Whether a path of a table asks this route.
pub(crate) fn asks(path: &str, route: &str) -> bool {
    let path = path.split('?').next().unwrap();
    let parts = || path.split('/').zip(route.split('/'));
    let fits = |(part, of): (&str, &str)| match of.starts_with('{') {
        true => part.starts_with('{') || part == NOWHERE || part == "moodle",
        false => part == of,
    };
    path.split('/').count() == route.split('/').count() && parts().all(fits)
}

#[cases("PO-3")]
#[test]
fn every_address_stands_in_a_table_of_roles() {
    let mut asked: Vec<(&str, String)> = Vec::new();
    asked.extend(TABLE.iter().map(|(method, path, _)| (*method, (*path).to_owned())));
    asked.extend(table().into_iter().map(|(method, path, ..)| (method, path)));
    let is_elsewhere = |path: &str| OUTSIDE.contains(&path) || OWN.contains(&path);
    let missing = routes().into_iter().filter(|(method, route)| {
        let is_asked = asked.iter().any(|(by, path)| by == method && asks(path, route));
        !is_asked && !is_elsewhere(route)
    });
    assert_eq!(missing.collect::<Vec<_>>(), []);
}

#[both_stores("PO-3")]
async fn no_address_is_open_without_a_session(store: Store) {
    let portal = Portal::new(store).await;
    let stranger = Visitor::of(portal.gateway());
    for (method, path) in routes() {
        if OUTSIDE.contains(&path.as_str()) {
            continue;
        }
        let address = address(&path);
        if method == "GET" {
            let page = stranger.get(&address).await;
            assert_eq!(page.url.path(), "/portal/sign-in", "{path}: {}", page.text());
        } else {
            let site = [("sec-fetch-site", "same-origin")];
            let page = stranger.forge(&address, &[("token", "another")], &site).await;
            assert_eq!(page.status, 401, "{path}: {}", page.text());
        }
    }
}

#[both_stores("PO-3")]
async fn no_form_is_taken_from_elsewhere_or_with_another_token(store: Store) {
    let portal = Portal::new(store).await;
    let owner = &portal.owner;
    let form = owner.get("/portal").await.form_to("/portal/sign-out").unwrap();
    let token = form.field("token").unwrap();
    let before = portal.gateway().rows().await;
    let mut tried = 0;
    for (method, path) in routes() {
        if method == "GET" {
            continue;
        }
        let address = address(&path);
        let mut forged = vec![(token, "cross-site")];
        if !OUTSIDE.contains(&path.as_str()) {
            forged.extend([("another", "same-origin"), ("", "same-origin")]);
        }
        for (token, site) in forged {
            let page =
                owner.forge(&address, &[("token", token)], &[("sec-fetch-site", site)]).await;
            let text = page.text();
            assert_eq!(page.status, 403, "{path} {site}: {text}");
            assert!(text.contains("sent by a page of this portal"), "{path} {site}: {text}");
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} forms");
    assert_eq!(portal.gateway().rows().await, before);
    assert!(owner.is_in().await, "nobody was signed out");
}

#[both_stores("PO-3")]
async fn opening_what_a_form_posts_to_leads_to_its_page(store: Store) {
    let portal = Portal::new(store).await;
    let (owner, stranger) = (&portal.owner, Visitor::of(portal.gateway()));
    let before = portal.gateway().rows().await;
    let mut tried = 0;
    for (path, methods) in declared::routes() {
        if !path.starts_with("/portal/") || methods.is_empty() || methods.contains("GET") {
            continue;
        }
        let address = address(&path).replacen(NOWHERE, &portal.school.platform_id, 1);
        let page = owner.get(&address).await;
        let text = page.text();
        assert_eq!(first(&page), 303, "{path}: {text}");
        // No user or tool has this id, which the portal says on a page with its menu.
        let is_page = page.status == 200 || page.status == 404;
        assert!(is_page && text.contains("href=\"/portal/platforms\""), "{path}: {text}");
        let page = stranger.get(&address).await;
        assert_eq!(page.url.path(), "/portal/sign-in", "{path}: {}", page.text());
        tried += 1;
    }
    assert!(tried > 25, "only {tried} forms");
    assert_eq!(portal.gateway().rows().await, before);
}

#[both_stores("PO-3")]
async fn a_mistyped_address_is_said_on_a_page_with_the_menu(store: Store) {
    let portal = Portal::new(store).await;
    for path in ["/portal/nosuch", "/portal/platforms/a/b/c", "/portal/assets/a/b"] {
        let page = portal.owner.get(path).await;
        let text = page.text();
        assert_eq!(page.status, 404, "{path}: {text}");
        assert!(text.contains("Back to Home") && text.contains("id=\"nav\""), "{path}: {text}");
        let page = Visitor::of(portal.gateway()).get(path).await;
        assert_eq!((page.status, page.url.path()), (404, path), "{}", page.text());
    }
    let page = portal.owner.get("/portal/").await;
    assert!(page.status == 200 && page.text().contains("<title>Home"), "{}", page.text());
    let site = [("sec-fetch-site", "same-origin")];
    let page = portal.owner.forge("/portal/nosuch", &[], &site).await;
    assert_eq!(page.status, 404, "{}", page.text());
}
