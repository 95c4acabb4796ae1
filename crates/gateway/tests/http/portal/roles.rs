//! What each role may do, asked for directly, whatever pages show.

use test_case::both_stores;

use super::{OTHERS, Visitor, first};
use crate::support::{Gateway, Store};

const ALL: &str = "owner admin registrar support viewer";
const NOWHERE: &str = "00000000000000000000";

/// Method, path, and the roles that may; what they get then.
pub(crate) fn table() -> Vec<(&'static str, String, &'static str, u16)> {
    let post = |path: &str| path.replace("{id}", NOWHERE);
    vec![
        ("GET", "/portal".into(), ALL, 200),
        ("GET", "/portal/account".into(), ALL, 200),
        ("GET", "/portal/confirm".into(), ALL, 200),
        ("GET", "/portal/audit".into(), ALL, 200),
        ("GET", "/portal/audit/check".into(), ALL, 200),
        ("POST", "/portal/audit/export".into(), "owner admin", 200),
        ("GET", "/portal/users".into(), "owner admin", 200),
        ("GET", post("/portal/users/{id}"), "owner admin", 404),
        ("GET", post("/portal/users/{id}/remove"), "owner admin", 404),
        ("POST", "/portal/users".into(), "owner", 303),
        ("POST", post("/portal/users/{id}/role"), "owner", 404),
        ("POST", post("/portal/users/{id}/remove"), "owner", 404),
        ("POST", post("/portal/users/{id}/new-password"), "owner", 404),
        ("POST", post("/portal/users/{id}/end-sessions"), "owner", 404),
        ("POST", post("/portal/users/links/{id}/withdraw"), "owner", 404),
        ("POST", "/portal/launch-url".into(), "owner admin", 303),
        ("POST", post("/portal/waiting/{id}"), "owner admin registrar", 404),
        ("POST", post("/portal/waiting/{id}/deployment"), "owner admin registrar", 404),
        ("GET", "/portal/account/oidc/disconnect".into(), ALL, 200),
        ("POST", "/portal/account/oidc/disconnect".into(), ALL, 303),
        ("POST", "/portal/account/sessions/end-others".into(), ALL, 303),
        ("POST", post("/portal/account/sessions/{id}/end"), ALL, 404),
    ]
}

#[both_stores("PO-3")]
async fn each_role_may_what_the_table_says_and_nothing_else(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let mut visitors = Vec::new();
    for role in ["admin", "registrar", "support", "viewer"] {
        visitors.push((role, Visitor::invited(&gateway, &owner, role).await));
    }
    visitors.push(("owner", owner));
    for (role, visitor) in &visitors {
        let home = visitor.get("/portal").await;
        for (method, path, may, then) in table() {
            let page = match method {
                "GET" => visitor.get(&path).await,
                _ => visitor.post(&home, &path, &[("do", "refuse"), ("role", "viewer")]).await,
            };
            let may = may.split(' ').any(|may| may == *role);
            let wanted = if may { then } else { 403 };
            assert_eq!(first(&page), wanted, "{role} {method} {path}: {}", page.text());
            if !may {
                let text = page.text();
                assert!(text.contains("Your role can") && text.contains("Admin"), "{text}");
            }
        }
    }
    // None of it has changed who is what.
    let (_, owner) = visitors.last().unwrap();
    let list = owner.get("/portal/users").await.text();
    for role in ["admin", "registrar", "support", "viewer"] {
        assert!(list.contains(&format!("{role}@school.example")), "{list}");
    }
}

#[both_stores("PO-3")]
async fn navigation_shows_what_the_role_can_open(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    let leads = |text: &str, path: &str| text.contains(&format!("<a href=\"{path}\""));
    let (owners, viewers) = (owner.get("/portal").await.text(), viewer.get("/portal").await.text());
    assert!(leads(&owners, "/portal/users") && leads(&owners, "/portal/audit"), "{owners}");
    assert!(!leads(&viewers, "/portal/users") && leads(&viewers, "/portal/audit"), "{viewers}");
    assert!(leads(&owners, "/docs") && leads(&viewers, "/docs"), "{viewers}");
    // The search finds students for those who may see them.
    let finds = |text: &str, it: &str| text.contains(&format!(">Find a reference, {it}</label>"));
    assert!(finds(&owners, "school, client id or student"), "{owners}");
    assert!(finds(&viewers, "school or client id"), "{viewers}");
}

#[both_stores("PO-3")]
async fn a_role_counts_from_the_next_click_and_an_owner_stays(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let admin = Visitor::invited(&gateway, &owner, "admin").await;
    let list = owner.get("/portal/users").await;
    let edit = |name: &str| {
        let text = list.text();
        let (before, _) = text.split_once(&format!("<span class=\"vh\"> {name}</span>")).unwrap();
        let (_, id) = before.rsplit_once("/portal/users/").unwrap();
        let id: String = id.chars().take_while(char::is_ascii_alphanumeric).collect();
        format!("/portal/users/{id}")
    };
    let (own, admins) = (edit("Admin"), edit("The admin"));
    assert_eq!(admin.get("/portal/users").await.status, 200);
    let page = owner.get(&admins).await;
    let keys_stay = "API keys that they know stay valid";
    assert!(page.text().contains(keys_stay), "{}", page.text());
    let page = owner.post(&page, &format!("{admins}/role"), &[("role", "viewer")]).await;
    assert!(page.text().contains("The admin is Viewer"), "{}", page.text());
    assert_eq!(admin.get("/portal/users").await.status, 403);

    for (what, fields) in [("role", &[("role", "admin")][..]), ("remove", &[])] {
        let page = owner.get(&own).await;
        let page = owner.post(&page, &format!("{own}/{what}"), fields).await;
        assert!(page.text().contains("needs another owner"), "{what}: {}", page.text());
        assert_eq!(owner.get("/portal/users").await.status, 200);
    }
    let page = owner.get(&format!("{admins}/remove")).await;
    assert!(page.text().contains(keys_stay), "{}", page.text());
    owner.post(&page, &format!("{admins}/remove"), &[]).await;
    assert!(!admin.is_in().await, "whoever is removed is out");
}

/// By fields that no form of theirs has, or by a form that isn't shown to them.
#[both_stores("PO-3")]
async fn nobody_gives_themselves_a_role(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let link = owner.invite("viewer", "ines@school.example").await;
    let ines = Visitor::of(&gateway);
    let page = ines.get(&link).await;
    let mut form = page.form_to(&link).unwrap();
    for (name, value) in [("name", "Ines"), ("password", OTHERS), ("role", "owner")] {
        form.set(name, value);
    }
    let home = ines.submit(&page, &form).await;
    assert!(home.text().contains("Ines, Viewer"), "{}", home.text());
    let password = "marble lantern of a tiger";
    let fields = [("current", OTHERS), ("new", password), ("role", "owner")];
    ines.post(&home, "/portal/account/password", &fields).await;
    let home = ines.get("/portal").await;
    let list = owner.get("/portal/users").await.text();
    let (before, _) = list.split_once("<span class=\"vh\"> Ines</span>").unwrap();
    let (_, id) = before.rsplit_once("/portal/users/").unwrap();
    let id: String = id.chars().take_while(char::is_ascii_alphanumeric).collect();
    for role in ["owner", "admin", "viewer"] {
        let path = format!("/portal/users/{id}/role");
        let refused = ines.post(&home, &path, &[("role", role)]).await;
        assert_eq!(first(&refused), 403, "{role}: {}", refused.text());
        assert!(refused.text().contains("Your role can"), "{role}: {}", refused.text());
    }
    let again = Visitor::of(&gateway);
    let home = again.sign_in("ines@school.example", password).await;
    assert!(home.text().contains("Ines, Viewer"), "{}", home.text());
    assert_eq!(again.get("/portal/users").await.status, 403);
}

#[both_stores("PO-3")]
async fn the_page_of_users_says_what_each_role_may(store: Store) {
    let gateway = Gateway::start(store).await;
    let text = Visitor::owner(&gateway).await.get("/portal/users").await.text();
    // Of owner, admin, registrar, support and viewer. Remedies of failures change platforms.
    for (area, wanted) in [
        ("Failures", ["all", "all", "all", "read", "read"]),
        ("Deliveries", ["all", "all", "read", "all", "read"]),
        ("Platforms, invitations", ["all", "all", "all", "read", "read"]),
        ("Keys, webhooks", ["all", "all", "no", "no", "no"]),
        ("Tools, backups", ["all", "no", "no", "no", "no"]),
    ] {
        let row = text.split(&format!("<th role=\"rowheader\" scope=\"row\">{area}</th>")).nth(1);
        let row = row.unwrap_or_else(|| panic!("{area}: {text}"));
        let cells = row.split("</tr>").next().unwrap().split("<span class=\"fit\">").skip(1);
        let may: Vec<&str> = cells.map(|cell| cell.split('<').next().unwrap()).collect();
        assert_eq!(may, wanted, "{area}");
    }
}
