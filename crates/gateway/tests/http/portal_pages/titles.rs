//! A page's title says what the page is about: it is what tabs, histories and screen readers begin
//! with.

use std::collections::BTreeMap;

use test_case::both_stores;

use super::{Portal, open};
use crate::support::Store;
use crate::traces::reference;

/// Pages whose addresses are always the same.
const STANDING: [&str; 25] = [
    "/portal",
    "/portal/account",
    "/portal/audit",
    "/portal/audit/check",
    "/portal/confirm",
    "/portal/connect",
    "/portal/connect/canvas",
    "/portal/connect/canvas/by-hand",
    "/portal/connect/moodle",
    "/portal/deliveries",
    "/portal/failures",
    "/portal/find?q=nothing-of-the-kind",
    "/portal/keys",
    "/portal/keys/events",
    "/portal/keys/services",
    "/portal/keys/webhooks",
    "/portal/paths",
    "/portal/people",
    "/portal/platforms",
    "/portal/platforms/waiting",
    "/portal/settings",
    "/portal/settings/error-page",
    "/portal/tools",
    "/portal/usage",
    "/portal/users",
];
/// Pages of the platform.
const TABS: [&str; 8] =
    ["", "/blocked", "/delete", "/deployments", "/keys", "/launches", "/registration", "/settings"];

#[both_stores("PO-2")]
async fn each_page_has_a_title_of_its_own(store: Store) {
    let portal = Portal::new(store).await;
    let found = reference(&portal.refused_at_login().await);
    let name = portal.api().await["name"].as_str().unwrap().to_owned();
    let mut paths: Vec<String> = STANDING.map(str::to_owned).into();
    paths.extend(TABS.map(|tab| portal.platform(tab)));
    paths.push(format!("/portal/failures/{found}"));
    paths.push(format!("/portal/failures/{found}/report"));
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for path in paths {
        let (_, text) = open(&portal.owner, &path).await;
        let (_, title) = text.split_once("<title>").unwrap();
        let (title, _) = title.split_once("</title>").unwrap();
        let is_about_it = path.starts_with("/portal/platforms/") && !path.ends_with("/waiting");
        assert!(!is_about_it || title.contains(&name), "{path}: {title}");
        assert!(!path.contains(&found) || title.contains(&found), "{path}: {title}");
        if let Some(other) = seen.insert(title.to_owned(), path.clone()) {
            panic!("{title} is the title of {other} and of {path}");
        }
    }
}
