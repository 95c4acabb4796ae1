//! No page of a second tool's portal shows or changes what the first tool has (portal.md PO-10).

use test_case::both_stores;

use super::HOST;
use super::isolation::{Full, TABLES};
use crate::portal::{Visitor, first, operator, path_of};
use crate::support::{Gateway, Store};

/// Pages of lists, which hold what is the tool's own.
const LISTS: [&str; 14] = [
    "/portal",
    "/portal/platforms",
    "/portal/platforms/waiting",
    "/portal/failures?since=168&show=all",
    "/portal/deliveries",
    "/portal/keys",
    "/portal/keys/services",
    "/portal/keys/webhooks",
    "/portal/keys/events",
    "/portal/people",
    "/portal/paths",
    "/portal/users",
    "/portal/connect",
    "/portal/audit",
];

/// Pages about one thing of the first tool.
const PAGES: [&str; 17] = [
    "/portal/platforms/{platforms}",
    "/portal/platforms/{platforms}/registration",
    "/portal/platforms/{platforms}/deployments",
    "/portal/platforms/{platforms}/deployments/stop",
    "/portal/platforms/{platforms}/deactivate",
    "/portal/platforms/{platforms}/keys",
    "/portal/platforms/{platforms}/settings",
    "/portal/platforms/{platforms}/blocked",
    "/portal/platforms/{platforms}/launches",
    "/portal/platforms/{platforms}/delete",
    "/portal/failures/{traces}",
    "/portal/failures/{traces}/report",
    "/portal/deliveries/{deliveries}",
    "/portal/keys/webhooks/{webhooks}",
    "/portal/people/{students}",
    "/portal/people/{students}/erase",
    "/portal/users/{portal}",
];

/// Forms about one thing of the first tool, with what is filled in.
const FORMS: [(&str, &[(&str, &str)]); 39] = [
    ("/portal/deliveries/{deliveries}", &[("do", "retry")]),
    ("/portal/deliveries/{deliveries}", &[("do", "cancel")]),
    ("/portal/deliveries/{deliveries}", &[("do", "compare")]),
    ("/portal/deliveries/{deliveries}", &[("do", "repair")]),
    ("/portal/users/{portal}/role", &[("role", "viewer")]),
    ("/portal/users/{portal}/remove", &[]),
    ("/portal/users/{portal}/end-sessions", &[]),
    ("/portal/users/{portal}/new-password", &[]),
    ("/portal/keys/{api-keys}/revoke", &[]),
    ("/portal/keys/services/{service-keys}/revoke", &[]),
    ("/portal/keys/webhooks/{webhooks}", &[("do", "test")]),
    ("/portal/keys/webhooks/{webhooks}", &[("do", "on")]),
    ("/portal/keys/webhooks/{webhooks}", &[("do", "off")]),
    ("/portal/keys/webhooks/{webhooks}", &[("do", "rotate")]),
    ("/portal/keys/webhooks/{webhooks}", &[("do", "replay")]),
    ("/portal/keys/webhooks/{webhooks}", &[("do", "delete")]),
    ("/portal/connect/invites/{invites}/revoke", &[]),
    ("/portal/paths", &[("do", "delete"), ("id", "marker-path")]),
    ("/portal/waiting/{platforms}", &[("do", "refuse")]),
    ("/portal/waiting/{platforms}/deployment", &[("do", "refuse"), ("deployment", "1")]),
    ("/portal/people/{students}", &[("do", "disable")]),
    ("/portal/people/{students}/erase", &[]),
    ("/portal/platforms/{platforms}/activate", &[]),
    ("/portal/platforms/{platforms}/deactivate", &[]),
    ("/portal/platforms/{platforms}/deployments", &[("do", "enter"), ("deployment", "x")]),
    ("/portal/platforms/{platforms}/keys", &[("do", "now")]),
    ("/portal/platforms/{platforms}/settings", &[("name", "x"), ("url", "https://x.example")]),
    ("/portal/platforms/{platforms}/blocked", &[("do", "block"), ("user", "another")]),
    ("/portal/platforms/{platforms}/blocked", &[("do", "unblock"), ("user", "marker-user")]),
    ("/portal/platforms/{platforms}/registration", &[]),
    ("/portal/platforms/{platforms}/delete", &[]),
    ("/portal/platforms/{platforms}/check", &[]),
    ("/portal/platforms/{platforms}/fetch-keys", &[]),
    ("/portal/platforms/{platforms}/leeway", &[("seconds", "120")]),
    ("/portal/platforms/{platforms}/frame-origin", &[("origin", "https://x.example")]),
    ("/portal/platforms/{platforms}/client-id", &[("clientId", "x-1")]),
    ("/portal/tools/{tools}", &[("name", "x")]),
    ("/portal/tools/{tools}/owner", &[]),
    ("/portal/tools/{tools}/remove", &[("name", "x")]),
];

impl Full {
    /// A path with the ids of what the first tool has.
    fn path(&self, path: &str) -> String {
        let known = self.parameters.iter();
        known.fold(path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id))
    }

    /// Whether a page says an id of the first tool's that wasn't in its address. Short ones are
    /// anyone's.
    #[track_caller]
    fn keeps_quiet(&self, path: &str, text: &str) {
        for (name, id) in &self.parameters {
            let is_theirs = id.len() > 8 && !path.contains(id.as_str());
            assert!(!is_theirs || !text.contains(id.as_str()), "{name} on {path}: {text}");
        }
    }
}

/// Whoever owns the portal of the second tool, signed in at its host.
async fn second_owner(gateway: &Gateway, quiz: &Gateway) -> Visitor {
    let operator = operator(gateway).await;
    let made = operator.portal_address_at(Some(HOST), None).await.unwrap();
    assert_eq!(made.login, None);
    operator.close().await;
    let owner = Visitor::of(quiz);
    owner.become_owner(&path_of(&made.address)).await;
    owner
}

/// Paths of forms that only the first tool's own pages name: of an open invitation, and of a
/// registration that waits.
async fn forms_of_the_first(owner: &Visitor) -> Vec<String> {
    owner.invite("viewer", "marker@school.example").await;
    let mut found = Vec::new();
    for (page, begins) in [
        ("/portal/users", "/portal/users/links/"),
        ("/portal/platforms/waiting", "/portal/platforms/waiting/"),
    ] {
        let page = owner.get(page).await;
        let mut paths = page.forms().into_iter().map(|form| form.action.path().to_owned());
        let path = paths.find(|path| path.starts_with(begins));
        found.push(path.unwrap_or_else(|| panic!("{begins}: {}", page.text())));
    }
    found
}

#[both_stores("PO-10")]
async fn no_page_reaches_another_tools_things(store: Store) {
    let full = Full::new(store).await;
    let gateway = full.gateway();
    let hidden = forms_of_the_first(&Visitor::owner(gateway).await).await;
    gateway.new_tool(HOST).await;
    let quiz = gateway.replica_at(HOST).await;
    let owner = second_owner(gateway, &quiz).await;
    let before = gateway.rows().await;
    let mut details = Vec::new();
    for path in ["/admin/platforms/{platforms}", "/admin/webhooks", "/admin/invites"] {
        let path = full.path(path);
        let was = full.ask("GET", &path, None).await;
        details.push((path, was));
    }

    for path in LISTS {
        let page = owner.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        full.keeps_quiet(path, &page.text());
        assert!(!page.text().contains("marker@"), "{path}: {}", page.text());
    }
    for path in PAGES.map(|path| full.path(path)) {
        let page = owner.get(&path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text());
        full.keeps_quiet(&path, &page.text());
    }
    let home = owner.get("/portal").await;
    let forms = FORMS.map(|(path, fields)| (full.path(path), fields));
    let nothing: &[(&str, &str)] = &[];
    let hidden = hidden.into_iter().map(|path| (path, nothing));
    for (path, fields) in forms.into_iter().chain(hidden) {
        let page = owner.post(&home, &path, fields).await;
        assert_eq!(first(&page), 404, "{path} {fields:?}: {}", page.text());
        full.keeps_quiet(&path, &page.text());
    }
    let after = gateway.rows().await;
    for table in TABLES.iter().chain(&["portal_links", "portal_users"]) {
        assert_eq!(after[*table], before[*table], "{table}");
    }
    for (path, was) in details {
        assert_eq!(full.ask("GET", &path, None).await, was, "{path}");
    }
}

#[both_stores("PO-3", "PO-10")]
async fn a_session_of_one_tool_opens_no_other(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.new_tool(HOST).await;
    let quiz = gateway.replica_at(HOST).await;
    let owners = [Visitor::owner(&gateway).await, second_owner(&gateway, &quiz).await];
    for (owner, other) in owners.iter().zip([&quiz, &gateway]) {
        let thief = Visitor::of(other);
        let cookie = format!("hallpass_portal={}; Path=/", owner.session().unwrap());
        thief.browser.set_cookie(&other.url, &cookie).unwrap();
        assert!(!thief.is_in().await, "{}", other.url);
        let form = owner.get("/portal").await.form_to("/portal/sign-out").unwrap();
        let fields = [("token", form.field("token").unwrap())];
        let site = [("sec-fetch-site", "same-origin")];
        let page = thief.forge("/portal/sign-out", &fields, &site).await;
        assert_eq!(page.status, 401, "{}", page.text());
        assert!(owner.is_in().await, "{}", other.url);
    }
}
