//! What each role may do on these pages, asked for directly, whatever pages show (portal.md,
//! Roles).

use std::time::Duration;

use test_case::both_stores;

use super::Portal;
use crate::portal::{PASSWORD, Visitor, first};
use crate::support::Store;

const ALL: &str = "owner admin registrar support viewer";
const PLATFORMS: &str = "owner admin registrar";
const SUPPORTERS: &str = "owner admin support";
const MANAGERS: &str = "owner admin";
const NOWHERE: &str = "00000000000000000000";

/// Method, path, and the roles that may.
pub(super) const TABLE: &[(&str, &str, &str)] = &[
    ("GET", "/portal/platforms", ALL),
    ("GET", "/portal/platforms/waiting", ALL),
    ("GET", "/portal/platforms/{p}", ALL),
    ("GET", "/portal/platforms/{p}/registration", ALL),
    ("GET", "/portal/platforms/{p}/deployments", ALL),
    ("GET", "/portal/platforms/{p}/deactivate", PLATFORMS),
    ("GET", "/portal/platforms/{n}/deployments/stop?deployment=1", PLATFORMS),
    ("GET", "/portal/platforms/{n}/deployments/forget?deployment=1", PLATFORMS),
    ("GET", "/portal/platforms/{p}/keys", ALL),
    ("GET", "/portal/platforms/{p}/keys/now", PLATFORMS),
    ("GET", "/portal/platforms/{p}/settings", ALL),
    ("GET", "/portal/platforms/{p}/blocked", ALL),
    ("GET", "/portal/platforms/{p}/launches", ALL),
    ("GET", "/portal/platforms/{p}/delete", PLATFORMS),
    ("GET", "/portal/connect", ALL),
    ("GET", "/portal/connect/moodle?since=1", ALL),
    ("GET", "/portal/failures", ALL),
    ("GET", "/portal/deliveries", ALL),
    ("GET", "/portal/settings", ALL),
    ("GET", "/portal/settings/error-page", ALL),
    ("GET", "/portal/find?q=nothing-of-the-kind", ALL),
    ("GET", "/portal/usage", ALL),
    ("GET", "/portal/usage.csv?by=platform", ALL),
    ("GET", "/portal/deliveries/{n}", ALL),
    ("GET", "/portal/tools", "owner"),
    ("GET", "/portal/tools/{n}", "owner"),
    ("GET", "/portal/tools/{n}/remove", "owner"),
    ("GET", "/portal/keys", MANAGERS),
    ("GET", "/portal/keys/{n}/revoke", MANAGERS),
    ("GET", "/portal/keys/services", MANAGERS),
    ("GET", "/portal/keys/services/{n}/revoke", MANAGERS),
    ("GET", "/portal/keys/webhooks", MANAGERS),
    ("GET", "/portal/keys/webhooks/{n}", MANAGERS),
    ("GET", "/portal/keys/webhooks/{n}/delete", MANAGERS),
    ("GET", "/portal/keys/events", MANAGERS),
    ("GET", "/portal/people", MANAGERS),
    ("GET", "/portal/people/{n}", MANAGERS),
    ("GET", "/portal/people/{n}/erase", MANAGERS),
    ("GET", "/portal/paths", MANAGERS),
    ("GET", "/portal/paths/delete?id={n}", MANAGERS),
    ("GET", "/portal/failures/{n}", ALL),
    ("GET", "/portal/failures/{n}/report", ALL),
    ("POST", "/portal/platforms/{n}/activate", PLATFORMS),
    ("POST", "/portal/platforms/{n}/deactivate", PLATFORMS),
    ("POST", "/portal/platforms/{n}/deployments", PLATFORMS),
    ("POST", "/portal/platforms/{n}/settings", PLATFORMS),
    ("POST", "/portal/platforms/{n}/blocked", PLATFORMS),
    ("POST", "/portal/platforms/{n}/keys", PLATFORMS),
    ("POST", "/portal/platforms/{n}/registration", PLATFORMS),
    ("POST", "/portal/platforms/{n}/delete", PLATFORMS),
    ("POST", "/portal/platforms/{n}/leeway", PLATFORMS),
    ("POST", "/portal/platforms/{n}/check", PLATFORMS),
    ("POST", "/portal/platforms/{n}/fetch-keys", PLATFORMS),
    ("POST", "/portal/platforms/{n}/frame-origin", PLATFORMS),
    ("POST", "/portal/platforms/{n}/client-id", PLATFORMS),
    ("POST", "/portal/platforms/waiting/{n}", PLATFORMS),
    ("POST", "/portal/find", ALL),
    ("POST", "/portal/deliveries", SUPPORTERS),
    ("POST", "/portal/deliveries/person", SUPPORTERS),
    ("POST", "/portal/deliveries/{n}", SUPPORTERS),
    ("POST", "/portal/connect/invites", PLATFORMS),
    ("POST", "/portal/connect/invites/{n}/revoke", PLATFORMS),
    ("POST", "/portal/connect/moodle/by-hand", PLATFORMS),
    ("GET", "/portal/connect/moodle/by-hand", PLATFORMS),
    ("POST", "/portal/trial", PLATFORMS),
    ("POST", "/portal/trial/remove", PLATFORMS),
    ("POST", "/portal/launch-url/test", MANAGERS),
    ("POST", "/portal/keys", MANAGERS),
    ("POST", "/portal/keys/{n}/revoke", MANAGERS),
    ("POST", "/portal/keys/services/{n}/revoke", MANAGERS),
    ("POST", "/portal/keys/webhooks", MANAGERS),
    ("POST", "/portal/keys/webhooks/{n}", MANAGERS),
    ("POST", "/portal/settings", MANAGERS),
    ("POST", "/portal/settings/look", MANAGERS),
    ("POST", "/portal/people", MANAGERS),
    ("POST", "/portal/people/{n}", MANAGERS),
    ("POST", "/portal/people/{n}/erase", MANAGERS),
    ("POST", "/portal/tools", "owner"),
    ("POST", "/portal/tools/{n}", "owner"),
    ("POST", "/portal/tools/{n}/owner", "owner"),
    ("POST", "/portal/tools/{n}/remove", "owner"),
    ("POST", "/portal/backup", "owner"),
    ("POST", "/portal/paths", MANAGERS),
    ("POST", "/portal/paths/preview", MANAGERS),
];

#[both_stores("PO-3")]
async fn each_role_may_what_the_table_says_and_nothing_else(store: Store) {
    let portal = Portal::new(store).await;
    let before = portal.api().await;
    let mut visitors = Vec::new();
    for role in ["admin", "registrar", "support", "viewer"] {
        visitors.push((role, Visitor::invited(portal.gateway(), &portal.owner, role).await));
    }
    for (role, visitor) in
        visitors.iter().map(|(role, who)| (*role, who)).chain([("owner", &portal.owner)])
    {
        let home = visitor.get("/portal").await;
        for (method, path, may) in TABLE {
            let path = path.replace("{p}", &portal.school.platform_id).replace("{n}", NOWHERE);
            let page = match *method {
                "GET" => visitor.get(&path).await,
                _ => visitor.post(&home, &path, &[("do", "allow"), ("seconds", "1")]).await,
            };
            let status = first(&page);
            if !may.split(' ').any(|may| may == role) {
                assert_eq!(status, 403, "{role} {method} {path}: {}", page.text());
                assert!(page.text().contains("Your role can"), "{}", page.text());
            } else if *method == "GET" {
                let wanted = if path.contains(NOWHERE) { 404 } else { 200 };
                assert_eq!(status, wanted, "{role} {method} {path}: {}", page.text());
            } else {
                // Allowed, and what it names isn't there, or says nothing.
                assert!(matches!(status, 200 | 303 | 400 | 404), "{role} {path}: {}", page.text());
            }
        }
    }
    assert_eq!(portal.api().await, before);
}

#[both_stores("PO-3")]
async fn who_may_only_look_is_shown_no_button(store: Store) {
    let portal = Portal::new(store).await;
    let viewer = Visitor::invited(portal.gateway(), &portal.owner, "viewer").await;
    let tabs = ["", "/registration", "/deployments", "/keys", "/settings", "/blocked"];
    for tab in tabs {
        let text = viewer.get(&portal.platform(tab)).await.text();
        let forms = text.matches("method=\"post\"").count();
        // Searching and signing out alone.
        assert_eq!(forms, 2, "{tab}: {text}");
    }
    for (path, shown) in [
        ("/portal/settings", "as=json"),
        ("/portal/settings?as=json", "&#34;launch&#34;"),
        ("/portal/settings?as=toml", "[tool]"),
    ] {
        let text = viewer.get(path).await.text();
        assert_eq!(text.matches("method=\"post\"").count(), 2, "{text}");
        assert!(!text.contains("<textarea") && text.contains(shown), "{path}: {text}");
    }
}

#[both_stores("PO-3")]
async fn who_may_not_see_users_sees_no_address_of_theirs(store: Store) {
    let portal = Portal::new(store).await;
    let viewer = Visitor::invited(portal.gateway(), &portal.owner, "viewer").await;
    for path in ["/portal", "/portal/audit"] {
        let seen = portal.owner.get(path).await.text();
        let hidden = viewer.get(path).await.text();
        assert!(seen.contains("viewer@school.example"), "{path}: {seen}");
        assert!(!hidden.contains("viewer@school.example"), "{path}: {hidden}");
        assert!(hidden.contains("User invited"), "{path}: {hidden}");
    }
    // What to mend is for those who can.
    portal.refused_at_login().await;
    for path in ["/portal", "/portal/failures"] {
        let text = viewer.get(path).await.text();
        assert!(!text.contains("See and fix") && text.contains("See the newest"), "{text}");
        let text = portal.owner.get(path).await.text();
        assert!(text.contains("See and fix"), "{path}: {text}");
    }
}

#[both_stores("PO-3")]
async fn a_form_without_its_token_changes_nothing(store: Store) {
    let portal = Portal::new(store).await;
    let headers = [("sec-fetch-site", "same-origin")];
    for path in [portal.platform("/deactivate"), portal.platform("/delete")] {
        let page = portal.owner.forge(&path, &[("token", "another")], &headers).await;
        assert_eq!(page.status, 403, "{path}: {}", page.text());
        let page = portal.owner.forge(&path, &[], &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(page.status, 403, "{path}: {}", page.text());
    }
    assert_eq!(portal.api().await["active"], true);
}

#[both_stores("PO-3")]
async fn what_is_gone_for_good_asks_who_it_is(store: Store) {
    let portal = Portal::new(store).await;
    let page = portal.owner.get("/portal").await;
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let forget = [("do", "forget"), ("deployment", "x")];
    let delete = [("do", "delete"), ("id", "x")];
    for (path, fields) in [
        (portal.platform("/deployments"), &forget[..]),
        (portal.platform("/delete"), &[]),
        ("/portal/paths".to_owned(), &delete),
        (format!("/portal/keys/{NOWHERE}/revoke"), &[]),
        (format!("/portal/keys/services/{NOWHERE}/revoke"), &[]),
    ] {
        let asked = portal.owner.post(&page, &path, fields).await;
        let there = (first(&asked), asked.url.path());
        assert_eq!(there, (303, "/portal/confirm"), "{path}: {}", asked.text());
    }
}

#[both_stores("PO-3")]
async fn a_proof_of_tomorrow_is_none_today(store: Store) {
    let portal = Portal::new(store).await;
    let page = portal.owner.get("/portal").await;
    portal.school.set_date_by(-24 * 60 * 60);
    let path = portal.platform("/delete");
    let asked = portal.owner.post(&page, &path, &[]).await;
    let there = (first(&asked), asked.url.path());
    assert_eq!(there, (303, "/portal/confirm"), "{}", asked.text());
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let back = portal.owner.submit(&asked, &form).await;
    assert_eq!(back.url.path(), path, "{}", back.text());
    // Now they are asked for its name instead.
    let asked = portal.owner.post(&back, &path, &[("name", "another")]).await;
    assert_eq!((first(&asked), asked.url.path()), (400, &*path), "{}", asked.text());
}

/// Whoever has only somebody's session must let no LMS in.
#[both_stores]
async fn letting_an_lms_in_takes_a_recent_proof(store: Store) {
    let portal = Portal::new(store).await;
    let id = &portal.school.platform_id;
    let path = format!("/admin/platforms/{id}/deactivate");
    let stopped = portal.gateway().admin("POST", &path, None).await;
    assert_eq!(stopped.status, 200, "{}", stopped.text());
    let page = portal.owner.get("/portal").await;
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let (activate, approve) = ([("do", "activate")], [("active", "1")]);
    let origin = [("origin", "https://thief.example")];
    let before = portal.api().await;
    for (path, fields) in [
        (format!("/portal/waiting/{id}"), &activate[..]),
        (portal.platform("/activate"), &[]),
        (portal.platform("/frame-origin"), &origin),
        (format!("/portal/platforms/waiting/{NOWHERE}"), &approve),
    ] {
        let asked = portal.owner.post(&page, &path, fields).await;
        let there = (first(&asked), asked.url.path());
        assert_eq!(there, (303, "/portal/confirm"), "{path}: {}", asked.text());
    }
    assert_eq!(portal.api().await, before);
    // Stopping one can't wait.
    let stopped = portal.owner.post(&page, &portal.platform("/deactivate"), &[]).await;
    assert_eq!(stopped.url.path(), portal.platform(""), "{}", stopped.text());
}

/// An LMS that is there already, with other keys, would let one launch as anyone in it.
#[both_stores("PO-3", "PO-4")]
async fn entering_an_lms_by_hand_takes_a_recent_proof(store: Store) {
    let portal = Portal::new(store).await;
    let page = portal.owner.get("/portal").await;
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let path = "/portal/connect/moodle/by-hand";
    let posted = portal.owner.post(&page, path, &[("name", "The School")]).await;
    assert_eq!(posted.url.path(), "/portal/confirm", "{}", posted.text());
    assert_eq!(portal.gateway().platforms().await.len(), 1);
    // They are asked before they fill it in.
    let asked = portal.owner.get(&format!("{path}?host=lms.school.example")).await;
    assert_eq!(asked.url.path(), "/portal/confirm", "{}", asked.text());
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let there = portal.owner.submit(&asked, &form).await;
    assert_eq!((there.url.path(), there.url.query()), (path, Some("host=lms.school.example")));
    assert!(there.text().contains("https://lms.school.example/mod/lti"), "{}", there.text());
}
