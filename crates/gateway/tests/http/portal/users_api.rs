//! Users of the portal over the API: all that an owner may do to others, and nothing to owners
//! (decision 0353).

use serde_json::{Value, json};
use simulator::browser::Page;
use test_case::both_stores;

use super::{OTHERS, Visitor, path_of};
use crate::support::{Gateway, Store};

const USERS: &str = "/admin/portal/users";
const INVITATIONS: &str = "/admin/portal/invitations";

#[track_caller]
fn answered(page: &Page, status: u16) -> Value {
    assert_eq!(page.status, status, "{}", page.text());
    page.json().unwrap_or_default()
}

fn text(of: &Value, member: &str) -> String {
    of[member].as_str().unwrap_or_else(|| panic!("{member}: {of}")).to_owned()
}

/// The users, the owner first.
async fn users(gateway: &Gateway) -> Vec<Value> {
    let mut list = answered(&gateway.admin("GET", USERS, None).await, 200);
    let Value::Array(users) = list["users"].take() else { panic!("{list}") };
    users
}

/// Makes an API key with this scope.
async fn key(gateway: &Gateway, scope: &str) -> String {
    let asked = json!({"name": scope, "scope": scope});
    let page = gateway.admin("POST", "/admin/api-keys", Some(asked)).await;
    text(&answered(&page, 201), "key")
}

#[both_stores("PO-9")]
async fn a_program_invites_changes_and_removes_a_user(store: Store) {
    let gateway = Gateway::start(store).await;
    let asked = json!({"email": "ines@school.example", "role": "support"});
    let made = answered(&gateway.admin("POST", INVITATIONS, Some(asked)).await, 201);
    let list = gateway.admin("GET", INVITATIONS, None).await;
    let mut listed = answered(&list, 200)["invitations"][0].take();
    assert_eq!((&listed["id"], &listed["email"]), (&made["id"], &made["email"]));
    assert!(listed["url"].take().is_null(), "shown once: {}", list.text());

    let link = path_of(&text(&made, "url"));
    let ines = Visitor::of(&gateway);
    let page = ines.get(&link).await;
    let mut form = page.form_to(&link).unwrap_or_else(|| panic!("{}", page.text()));
    form.set("name", "Ines");
    form.set("password", OTHERS);
    let home = ines.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    let left = answered(&gateway.admin("GET", INVITATIONS, None).await, 200);
    assert_eq!(left, json!({"invitations": []}));

    let user = users(&gateway).await.pop().unwrap();
    assert_eq!((&user["name"], &user["role"]), (&json!("Ines"), &json!("support")));
    let path = format!("{USERS}/{}", text(&user, "id"));
    assert_eq!(ines.get("/portal/users").await.status, 403);
    let changed = gateway.admin("PATCH", &path, Some(json!({"role": "admin"}))).await;
    assert_eq!(answered(&changed, 200)["role"], "admin");
    assert_eq!(ines.get("/portal/users").await.status, 200, "it counts at once");

    let sessions = format!("{path}/sessions");
    let list = answered(&gateway.admin("GET", &sessions, None).await, 200);
    let one = format!("{sessions}/{}", text(&list["sessions"][0], "id"));
    answered(&gateway.admin("DELETE", &one, None).await, 204);
    assert!(!ines.is_in().await);
    answered(&gateway.admin("DELETE", &one, None).await, 404);
    ines.sign_in("ines@school.example", OTHERS).await;
    assert!(ines.is_in().await);
    answered(&gateway.admin("DELETE", &sessions, None).await, 204);
    assert!(!ines.is_in().await);

    answered(&gateway.admin("DELETE", &path, None).await, 204);
    answered(&gateway.admin("DELETE", &path, None).await, 404);
    assert_eq!(users(&gateway).await.len(), 1);
    assert_eq!(ines.sign_in("ines@school.example", OTHERS).await.status, 403);
}

#[both_stores("PO-9")]
async fn what_a_key_does_to_users_is_in_the_audit(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    Visitor::invited(&gateway, &owner, "viewer").await;
    let id = text(&users(&gateway).await.pop().unwrap(), "id");
    let path = format!("{USERS}/{id}");
    answered(&gateway.admin("PATCH", &path, Some(json!({"role": "support"}))).await, 200);
    answered(&gateway.admin("DELETE", &path, None).await, 204);
    let asked = json!({"email": "who@school.example", "role": "viewer"});
    let made = answered(&gateway.admin("POST", INVITATIONS, Some(asked)).await, 201);
    let invitation = format!("{INVITATIONS}/{}", text(&made, "id"));
    answered(&gateway.admin("DELETE", &invitation, None).await, 204);
    answered(&gateway.admin("DELETE", &invitation, None).await, 404);
    assert_eq!(owner.get(&path_of(&text(&made, "url"))).await.status, 410);

    let page = gateway.admin("GET", "/admin/audit?limit=4", None).await;
    let log = answered(&page, 200);
    let actions: Vec<&str> =
        log["entries"].as_array().unwrap().iter().filter_map(|e| e["action"].as_str()).collect();
    let wanted = ["user.linkWithdrawn", "user.invited", "user.removed", "user.roleChanged"];
    assert_eq!(actions, wanted);
    assert!(page.text().contains("first key") && page.text().contains(&id), "{}", page.text());
    assert!(!page.text().contains("who@school.example"), "{}", page.text());
}

#[both_stores("PO-3", "PO-9")]
async fn no_key_makes_an_owner_or_touches_one(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    Visitor::invited(&gateway, &owner, "admin").await;
    owner.invite("owner", "second@school.example").await;
    let all = users(&gateway).await;
    let [first, admin] = [0, 1].map(|at| format!("{USERS}/{}", text(&all[at], "id")));
    let sessions = answered(&gateway.admin("GET", &format!("{first}/sessions"), None).await, 200);
    let session = text(&sessions["sessions"][0], "id");
    let waiting = answered(&gateway.admin("GET", INVITATIONS, None).await, 200);
    let invitation = text(&waiting["invitations"][0], "id");
    let role = |role: &str| Some(json!({"role": role}));
    let invited = Some(json!({"email": "x@school.example", "role": "owner"}));
    for (method, path, body) in [
        ("POST", INVITATIONS.to_owned(), invited),
        ("DELETE", format!("{INVITATIONS}/{invitation}"), None),
        ("PATCH", admin.clone(), role("owner")),
        ("PATCH", first.clone(), role("viewer")),
        ("PATCH", first.clone(), role("owner")),
        ("DELETE", first.clone(), None),
        ("DELETE", format!("{first}/sessions"), None),
        ("DELETE", format!("{first}/sessions/{session}"), None),
    ] {
        let refused = answered(&gateway.admin(method, &path, body).await, 403);
        assert_eq!(refused["details"]["message"], "PORTAL_OWNERS_ONLY", "{method} {path}");
    }
    assert!(owner.is_in().await);
    let roles: Vec<Value> =
        users(&gateway).await.iter_mut().map(|user| user["role"].take()).collect();
    assert_eq!(roles, ["owner", "admin"]);
    // The owner's own invitation still works.
    let waiting = answered(&gateway.admin("GET", INVITATIONS, None).await, 200);
    assert_eq!(waiting["invitations"][0]["id"], invitation.as_str());
}

#[both_stores("PO-9")]
async fn narrower_keys_and_other_tools_change_no_user(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    Visitor::invited(&gateway, &owner, "viewer").await;
    let path = format!("{USERS}/{}", text(&users(&gateway).await[1], "id"));
    let (_, other) = gateway.new_tool("127.0.0.5").await;
    let invitation = || Some(json!({"email": "x@school.example", "role": "viewer"}));
    let manage = key(&gateway, "manage").await;
    answered(&gateway.as_key(&manage, "GET", USERS, None).await, 200);
    for scope in ["manage", "read", "services"] {
        let key = key(&gateway, scope).await;
        answered(&gateway.as_key(&key, "POST", INVITATIONS, invitation()).await, 403);
        answered(&gateway.as_key(&key, "DELETE", &path, None).await, 403);
    }
    let none = answered(&gateway.as_key(&other, "GET", USERS, None).await, 200);
    assert_eq!(none, json!({"users": []}));
    // Nobody comes before the first owner, whose link would work no more.
    let early = answered(&gateway.as_key(&other, "POST", INVITATIONS, invitation()).await, 409);
    assert_eq!(early["details"]["message"], "PORTAL_WITHOUT_OWNER");
    for (method, path) in [("DELETE", path.clone()), ("GET", format!("{path}/sessions"))] {
        answered(&gateway.as_key(&other, method, &path, None).await, 404);
    }
    assert_eq!(users(&gateway).await.len(), 2);
}

#[both_stores("PO-9")]
async fn invitations_that_cannot_be_are_refused_by_name(store: Store) {
    let gateway = Gateway::start(store).await;
    for (asked, code) in [
        (json!({"email": "ines", "role": "viewer"}), "INVALID_EMAIL"),
        (json!({"email": "ines@school.example"}), "INVALID_BODY"),
        (json!({"email": "ines@school.example", "role": "king"}), "INVALID_BODY"),
        (json!({"email": "a@b.c", "role": "viewer", "owner": true}), "INVALID_BODY"),
    ] {
        let refused = answered(&gateway.admin("POST", INVITATIONS, Some(asked)).await, 400);
        assert_eq!(refused["details"]["message"], code);
    }
    let list = answered(&gateway.admin("GET", INVITATIONS, None).await, 200);
    assert_eq!(list, json!({"invitations": []}));
}
