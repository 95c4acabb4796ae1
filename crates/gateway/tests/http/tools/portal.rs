//! No page of a second tool's portal shows or changes what the first tool has (portal.md PO-10).

use test_case::{both_stores, cases};

use super::HOST;
use super::isolation::{Full, TABLES};
use crate::portal::{Visitor, first, operator, path_of};
use crate::portal_pages::every_route::{OUTSIDE, OWN, asks, routes};
use crate::support::{Gateway, Store};

/// Pages of lists, which hold what is the tool's own.
const LISTS: [&str; 22] = [
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
    "/portal/connect/moodle",
    "/portal/connect/moodle/by-hand",
    "/portal/audit",
    "/portal/audit/check",
    "/portal/find?q=127.0.0",
    "/portal/settings",
    "/portal/settings/error-page",
    "/portal/usage",
    "/portal/usage.csv",
];

/// Pages about one thing of the first tool, and those about all tools.
const PAGES: [&str; 28] = [
    "/portal/platforms/{platforms}",
    "/portal/platforms/{platforms}/registration",
    "/portal/platforms/{platforms}/deployments",
    "/portal/platforms/{platforms}/deployments/stop",
    "/portal/platforms/{platforms}/deployments/forget",
    "/portal/platforms/{platforms}/deactivate",
    "/portal/platforms/{platforms}/keys",
    "/portal/platforms/{platforms}/keys/now",
    "/portal/platforms/{platforms}/settings",
    "/portal/platforms/{platforms}/blocked",
    "/portal/platforms/{platforms}/launches",
    "/portal/platforms/{platforms}/delete",
    "/portal/failures/{traces}",
    "/portal/failures/{traces}/report",
    "/portal/deliveries/{deliveries}",
    "/portal/keys/{api-keys}/revoke",
    "/portal/keys/services/{service-keys}/revoke",
    "/portal/keys/webhooks/{webhooks}",
    "/portal/keys/webhooks/{webhooks}/delete",
    "/portal/people/{students}",
    "/portal/people/{students}/erase",
    "/portal/paths?change=marker-path",
    "/portal/paths/delete?id=marker-path",
    "/portal/users/{portal}",
    "/portal/users/{portal}/remove",
    "/portal/tools",
    "/portal/tools/{tools}",
    "/portal/tools/{tools}/remove",
];

/// Forms about one thing of the first tool or about all tools, with what is filled in.
const FORMS: [(&str, &[(&str, &str)]); 41] = [
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
    ("/portal/backup", &[]),
    ("/portal/tools", &[("host", "127.0.0.6"), ("name", "x")]),
    ("/portal/tools/{tools}", &[("name", "x")]),
    ("/portal/tools/{tools}/owner", &[]),
    ("/portal/tools/{tools}/remove", &[("name", "x")]),
];

/// Forms that look for something of the tool's own. `grades` says what comes of retries.
const SEARCHES: [(&str, &[(&str, &str)]); 5] = [
    ("/portal/audit/export", &[]),
    ("/portal/deliveries", &[("reason", "COURSE_CONCLUDED")]),
    ("/portal/deliveries/person", &[("user", "5")]),
    ("/portal/find", &[("q", "marker@example.com")]),
    ("/portal/people", &[("text", "marker@example.com")]),
];
/// Forms that name nothing: what they make or change is the tool's own.
const NAMELESS: [&str; 12] = [
    "/portal/connect/invites",
    "/portal/connect/{lms}/by-hand",
    "/portal/keys",
    "/portal/keys/webhooks",
    "/portal/launch-url",
    "/portal/launch-url/test",
    "/portal/paths/preview",
    "/portal/settings",
    "/portal/settings/look",
    "/portal/trial",
    "/portal/trial/remove",
    "/portal/users",
];
/// Forms whose paths `forms_of_the_first` finds.
const HIDDEN: [&str; 2] = ["/portal/platforms/waiting/{key}", "/portal/users/links/{id}/withdraw"];

impl Full {
    /// A path with the ids of what the first tool has.
    fn path(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for (name, id) in &self.parameters {
            path = path.replace(&format!("{{{name}}}"), id);
        }
        assert!(!path.contains('{'), "which one has the first tool? {path}");
        path
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
pub(super) async fn second_owner(gateway: &Gateway, quiz: &Gateway) -> Visitor {
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
    for (path, fields) in SEARCHES {
        let page = owner.post(&home, path, fields).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        full.keeps_quiet(path, &page.text());
    }
    let after = gateway.rows().await;
    for table in TABLES.iter().chain(&["portal_links", "portal_users"]) {
        assert_eq!(after[*table], before[*table], "{table}");
    }
    for (path, was) in details {
        assert_eq!(full.ask("GET", &path, None).await, was, "{path}");
    }
}

#[cases("PO-10")]
#[test]
fn every_address_is_tried_for_another_tools_things() {
    let shown = LISTS.iter().chain(&PAGES).map(|path| ("GET", *path));
    let sent = FORMS.iter().chain(&SEARCHES).map(|(path, _)| ("POST", *path));
    let others = NAMELESS.iter().chain(&HIDDEN).map(|path| ("POST", *path));
    let tried: Vec<(&str, &str)> = shown.chain(sent).chain(others).collect();
    // Ways in, and one's own account.
    let is_anyones = |path: &str| {
        OUTSIDE.contains(&path) || OWN.contains(&path) || path.starts_with("/portal/account")
    };
    let missing = routes().into_iter().filter(|(method, route)| {
        let is_tried = tried.iter().any(|(by, path)| by == method && asks(path, route));
        !is_tried && !is_anyones(route)
    });
    assert_eq!(missing.collect::<Vec<_>>(), []);
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
