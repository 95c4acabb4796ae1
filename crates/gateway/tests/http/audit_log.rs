//! The audit log over the API: who changed what (docs/portal.md).

use futures_util::future::{join, join_all};
use gateway::directory::api_keys::scope::Scope;
use serde_json::{Value, json};
use simulator::browser::Page;
use test_case::{both_stores, cases};

use crate::late_bodies::Late;
use crate::portal::{Visitor, operator};
use crate::support::{API_KEY, Gateway, Store};

#[track_caller]
fn read(page: &Page) -> Value {
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()
}

async fn log(gateway: &Gateway, query: &str) -> Value {
    read(&gateway.admin("GET", &format!("/admin/audit{query}"), None).await)
}

/// The actions of a list, the newest first.
fn actions(list: &Value) -> Vec<&str> {
    let entries = list["entries"].as_array().unwrap().iter();
    entries.map(|entry| entry["action"].as_str().unwrap()).collect()
}

/// An owner who signed in and invited somebody, and a program that changed a setting.
async fn with_entries(store: Store) -> Gateway {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    owner.invite("viewer", "ines@school.example").await;
    gateway.patch_tool(json!({"launch": {"leewaySeconds": 77}})).await;
    gateway
}

#[both_stores("PO-9")]
async fn entries_say_who_did_what_and_how_it_was(store: Store) {
    let gateway = with_entries(store).await;
    let list = log(&gateway, "").await;
    assert_eq!(actions(&list), ["settings.changed", "user.invited", "session.begun"]);
    let [changed, invited, begun] = [0, 1, 2].map(|at| &list["entries"][at]);
    assert_eq!((&changed["number"], &begun["number"]), (&json!(3), &json!(1)));
    assert_eq!(changed["actor"]["kind"], "api_key");
    assert_eq!(changed["before"]["launch"]["leewaySeconds"], 60);
    assert_eq!(changed["after"]["launch"]["leewaySeconds"], 77);
    // Settings that stayed are not in it.
    assert_eq!(changed["after"].as_object().unwrap().len(), 1, "{changed}");
    assert_eq!(
        (&invited["actor"]["kind"], &invited["actor"]["name"], &invited["subjectName"]),
        (&json!("user"), &json!("Admin"), &json!("ines@school.example"))
    );
    assert!(begun.get("before").is_none(), "{begun}");
    // As the server's log has it.
    assert_eq!(begun["chain"].as_str().unwrap().len(), 16, "{begun}");
    let id = invited["actor"]["id"].as_str().unwrap();
    assert_eq!(begun["subject"], id);
}

/// `GET /admin/portal/users` answers such a key 403.
#[both_stores("PO-9")]
async fn a_read_key_finds_no_users_in_the_log(store: Store) {
    let gateway = with_entries(store).await;
    for (scope, sees_users) in [("read", false), ("manage", true)] {
        let asked = json!({"name": scope, "scope": scope});
        let made = gateway.admin("POST", "/admin/api-keys", Some(asked)).await.json().unwrap();
        let key = made["key"].as_str().unwrap();
        for path in ["/admin/audit", "/admin/audit/export"] {
            let narrowed = format!("{path}?action=user.invited");
            let list = read(&gateway.as_key(key, "GET", &narrowed, None).await);
            let invited = &list["entries"][0];
            for hidden in ["subject", "subjectName", "after"] {
                assert_eq!(invited.get(hidden).is_some(), sees_users, "{scope} {path}: {list}");
            }
            assert_eq!(invited["actor"]["name"], "Admin", "{list}");
            let all = gateway.as_key(key, "GET", path, None).await;
            assert_eq!(all.text().contains("ines@school.example"), sees_users, "{scope} {path}");
            // What isn't about users is there for both.
            let narrowed = format!("{path}?action=settings.changed");
            let list = read(&gateway.as_key(key, "GET", &narrowed, None).await);
            assert_eq!(list["entries"][0]["after"]["launch"]["leewaySeconds"], 77, "{list}");
        }
        let check = read(&gateway.as_key(key, "GET", "/admin/audit/check", None).await);
        assert_eq!(check["whole"], true, "{check}");
    }
}

/// An id is known from what they did themselves, which everyone may see.
#[both_stores("PO-9")]
async fn a_read_key_finds_no_user_by_their_id(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    let joined = log(&gateway, "?action=user.joined").await;
    let id = joined["entries"][0]["subject"].as_str().unwrap();
    let role = json!({"role": "support"});
    let path = format!("/admin/portal/users/{id}");
    let changed = gateway.admin("PATCH", &path, Some(role)).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    for (scope, expected) in
        [("read", &[][..]), ("manage", &["user.roleChanged", "user.joined"][..])]
    {
        let asked = json!({"name": scope, "scope": scope});
        let made = gateway.admin("POST", "/admin/api-keys", Some(asked)).await.json().unwrap();
        let key = made["key"].as_str().unwrap();
        for path in ["/admin/audit", "/admin/audit/export"] {
            let narrowed = format!("{path}?action=user&subject={id}");
            let list = read(&gateway.as_key(key, "GET", &narrowed, None).await);
            assert_eq!(actions(&list), expected, "{scope} {path}");
            // What isn't about users is found by its subject.
            let narrowed = format!("{path}?subject={}", made["id"].as_str().unwrap());
            let list = read(&gateway.as_key(key, "GET", &narrowed, None).await);
            assert_eq!(actions(&list), ["api_key.made"], "{scope} {path}");
        }
    }
    for (visitor, is_found) in [(&viewer, false), (&owner, true)] {
        let page = visitor.get(&format!("/portal/audit?action=user&subject={id}")).await;
        let text = page.text();
        assert_eq!(text.contains("<code>user.joined</code>"), is_found, "{text}");
    }
}

/// Each replica reads the tools every few seconds.
#[both_stores("PO-9")]
async fn a_change_back_on_another_replica_is_noted(store: Store) {
    let gateway = Gateway::start(store).await;
    let replica = gateway.replica().await;
    gateway.patch_tool(json!({"launch": {"leewaySeconds": 77}})).await;
    replica.patch_tool(json!({"launch": {"leewaySeconds": 60}})).await;
    let list = log(&gateway, "?action=settings.changed").await;
    assert_eq!(actions(&list).len(), 2, "{list}");
    let back = &list["entries"][0];
    assert_eq!(back["before"]["launch"]["leewaySeconds"], 77, "{back}");
    assert_eq!(back["after"]["launch"]["leewaySeconds"], 60, "{back}");
}

#[both_stores("PO-9")]
async fn a_change_is_noted_though_no_tool_can_be_read_again(store: Store) {
    let gateway = Gateway::start(store).await;
    let (id, _) = gateway.new_tool("127.0.0.5").await;
    let (other, _) = gateway.new_tool("127.0.0.6").await;
    gateway
        .meddle(&format!("UPDATE tools SET settings = '{{\"name\": 3}}' WHERE id = '{id}'"))
        .await;
    gateway.patch_tool(json!({"launch": {"leewaySeconds": 77}})).await;
    let moved = json!({"host": "127.0.0.7"});
    let path = format!("/admin/tools/{other}");
    let page = gateway.admin("PATCH", &path, Some(moved)).await;
    assert_eq!(read(&page)["host"], "127.0.0.7");
    let list = log(&gateway, "").await;
    let newest = actions(&list);
    assert_eq!(newest[..2], ["tool.moved", "settings.changed"]);
}

/// As when the disk is full.
#[both_stores("PO-9")]
async fn nothing_is_confirmed_without_its_entry(store: Store) {
    let gateway = Gateway::start(store).await;
    let patch = json!({"launch": {"leewaySeconds": 77}});
    gateway.meddle("ALTER TABLE audit_entries RENAME TO audit_entries_away").await;
    let changed = gateway.admin("PATCH", "/admin/tool", Some(patch.clone())).await;
    assert_eq!(changed.status, 503, "{}", changed.text());
    let key = json!({"name": "x", "scope": "read"});
    let made = gateway.admin("POST", "/admin/api-keys", Some(key)).await;
    assert_eq!(made.status, 503, "{}", made.text());
    assert!(made.text().contains("not confirmed"), "{}", made.text());
    // A program would repeat it without looking.
    assert_eq!(made.header("retry-after"), None);
    gateway.meddle("ALTER TABLE audit_entries_away RENAME TO audit_entries").await;
    let tool = read(&gateway.admin("GET", "/admin/tool", None).await);
    assert_eq!(tool["launch"]["leewaySeconds"], 60, "changed without an entry");
    assert!(actions(&log(&gateway, "").await).is_empty());
    // Repeated, it is a change like any other.
    gateway.patch_tool(patch).await;
    let list = log(&gateway, "").await;
    assert_eq!(actions(&list), ["settings.changed"]);
    assert_eq!(list["entries"][0]["after"]["launch"]["leewaySeconds"], 77, "{list}");
    let check = read(&gateway.admin("GET", "/admin/audit/check", None).await);
    assert_eq!(check, json!({"whole": true, "entries": 1}));
}

/// How many changes have begun and not ended.
async fn begun(gateway: &Gateway) -> i64 {
    gateway.number("SELECT COUNT(*) FROM audit_begun").await
}

/// As after a crash between the change and its entry: what has begun is still in the store.
#[both_stores("PO-9")]
async fn a_change_without_an_end_gets_an_entry(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/keys").await;
    let unfinished = async || log(&gateway, "?action=change.unfinished").await;
    let note = async || gateway::background::note_unfinished(&gateway.app).await.unwrap();
    gateway.meddle("ALTER TABLE audit_entries RENAME TO audit_entries_away").await;
    let key = json!({"name": "x", "scope": "read"});
    let made = gateway.admin("POST", "/admin/api-keys", Some(key)).await;
    assert_eq!(made.status, 503, "{}", made.text());
    let fields = [("name", "nightly"), ("scope", "read")];
    let made = owner.post(&page, "/portal/keys", &fields).await;
    assert_eq!(made.status, 503, "{}", made.text());
    gateway.meddle("ALTER TABLE audit_entries_away RENAME TO audit_entries").await;
    assert_eq!(begun(&gateway).await, 2);
    // They may be under way on another server.
    note().await;
    assert_eq!(unfinished().await["entries"], json!([]));
    gateway.meddle("UPDATE audit_begun SET begun_at = begun_at - 660000").await;
    note().await;
    note().await;
    let list = unfinished().await;
    let entries = list["entries"].as_array().unwrap();
    let told = |entry: &Value| format!("{} {}", entry["actor"]["kind"], entry["after"]["request"]);
    let mut told: Vec<String> = entries.iter().map(told).collect();
    told.sort();
    let expected = [r#""api_key" "POST /admin/api-keys""#, r#""user" "POST /portal/keys""#];
    assert_eq!(told, expected, "{list}");
    assert_eq!(begun(&gateway).await, 0);
    let check = read(&gateway.admin("GET", "/admin/audit/check", None).await);
    assert_eq!(check["whole"], true, "{check}");
    let text = owner.get("/portal/audit?action=change.unfinished").await.text();
    assert_eq!(text.matches("<code>change.unfinished</code>").count(), 2, "{text}");
}

/// Entries about unfinished changes are for everyone who may read the log.
#[both_stores("PO-9")]
async fn an_unfinished_change_names_no_user(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    Visitor::invited(&gateway, &owner, "viewer").await;
    let joined = log(&gateway, "?action=user.joined").await;
    let id = joined["entries"][0]["subject"].as_str().unwrap();
    let page = owner.get("/portal/users").await;
    gateway.meddle("ALTER TABLE audit_entries RENAME TO audit_entries_away").await;
    let path = format!("/admin/portal/users/{id}/sessions");
    let ended = gateway.admin("DELETE", &path, None).await;
    assert_eq!(ended.status, 503, "{}", ended.text());
    let ended = owner.post(&page, &format!("/portal/users/{id}/end-sessions"), &[]).await;
    assert_eq!(ended.status, 503, "{}", ended.text());
    gateway.meddle("ALTER TABLE audit_entries_away RENAME TO audit_entries").await;
    gateway.meddle("UPDATE audit_begun SET begun_at = begun_at - 660000").await;
    gateway::background::note_unfinished(&gateway.app).await.unwrap();
    let list = log(&gateway, "?action=change.unfinished").await;
    assert_eq!(actions(&list).len(), 2, "{list}");
    assert!(!list.to_string().contains(id), "{list}");
    let found = log(&gateway, &format!("?action=change.unfinished&subject={id}")).await;
    assert!(actions(&found).is_empty(), "{found}");
}

#[both_stores("PO-9")]
async fn what_ended_leaves_nothing_that_has_begun(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/keys").await;
    let key = |name: &str| Some(json!({"name": name, "scope": "read"}));
    let code = read(&gateway.admin("GET", "/admin/export", None).await);
    for (method, path, body, status) in [
        ("POST", "/admin/api-keys", key("x"), 201),
        ("POST", "/admin/api-keys", key(""), 400),
        ("POST", "/api/deliveries/retry", None, 200),
        ("POST", "/admin/apply", Some(code), 200),
    ] {
        let answer = gateway.admin(method, path, body).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert_eq!(begun(&gateway).await, 0, "{path}");
    }
    for name in ["nightly", ""] {
        owner.post(&page, "/portal/keys", &[("name", name), ("scope", "read")]).await;
        assert_eq!(begun(&gateway).await, 0, "{name}");
    }
    gateway.meddle("UPDATE audit_begun SET begun_at = 0").await;
    gateway::background::note_unfinished(&gateway.app).await.unwrap();
    let list = log(&gateway, "").await;
    assert_eq!(actions(&list), ["api_key.made", "api_key.made", "session.begun"]);
}

#[both_stores("PO-9")]
async fn nothing_changes_before_it_is_stored_that_it_begins(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/keys").await;
    let keys = "SELECT COUNT(*) FROM api_keys";
    let before = gateway.number(keys).await;
    gateway.meddle("ALTER TABLE audit_begun RENAME TO audit_begun_away").await;
    let key = json!({"name": "x", "scope": "read"});
    let made = gateway.admin("POST", "/admin/api-keys", Some(key)).await;
    assert_eq!(made.status, 503, "{}", made.text());
    assert!(!made.text().contains("not confirmed"), "{}", made.text());
    let fields = [("name", "nightly"), ("scope", "read")];
    let made = owner.post(&page, "/portal/keys", &fields).await;
    assert_eq!(made.status, 503, "{}", made.text());
    assert_eq!(gateway.number(keys).await, before);
    // A search begins no change.
    for (path, field) in
        [("/portal/find", "q"), ("/portal/people", "text"), ("/portal/deliveries/person", "user")]
    {
        let found = owner.post(&page, path, &[(field, "nobody")]).await;
        assert_eq!(found.status, 200, "{path}: {}", found.text());
    }
    // Settings and their entry are one transaction.
    gateway.patch_tool(json!({"launch": {"leewaySeconds": 77}})).await;
    gateway.meddle("ALTER TABLE audit_begun_away RENAME TO audit_begun").await;
}

/// Until then nothing is changed, and a request may end while it waits.
#[both_stores("PO-9")]
async fn a_configuration_begins_when_its_turn_comes(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut code = read(&gateway.admin("GET", "/admin/export", None).await);
    let head = format!(
        "POST /admin/apply HTTP/1.1\r\nAuthorization: Bearer {API_KEY}\r\nContent-Type: application/json"
    );
    // It has its slot.
    let late = Late::begin(&gateway, &head, code.to_string()).await;
    assert_eq!(begun(&gateway).await, 0);
    let answer = late.end().await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(begun(&gateway).await, 0);
    code["tools"][0]["settings"]["name"] = "Puzzle".into();
    gateway.meddle("ALTER TABLE audit_begun RENAME TO audit_begun_away").await;
    let applied = gateway.admin("POST", "/admin/apply", Some(code.clone())).await;
    assert_eq!(applied.status, 503, "{}", applied.text());
    gateway.meddle("ALTER TABLE audit_begun_away RENAME TO audit_begun").await;
    let now = read(&gateway.admin("GET", "/admin/export", None).await);
    assert_ne!(now["tools"][0]["settings"]["name"], "Puzzle", "{now}");
    gateway.meddle("ALTER TABLE audit_entries RENAME TO audit_entries_away").await;
    let applied = gateway.admin("POST", "/admin/apply", Some(code)).await;
    assert!(applied.text().contains("not confirmed"), "{}", applied.text());
    gateway.meddle("ALTER TABLE audit_entries_away RENAME TO audit_entries").await;
    assert_eq!(begun(&gateway).await, 1);
}

/// As requests do. An entry that can't be written stands for a crash before it.
#[both_stores("PO-9")]
async fn a_command_stores_before_that_it_begins(store: Store) {
    let gateway = Gateway::start(store).await;
    let operator = operator(&gateway).await;
    let keys = "SELECT COUNT(*) FROM api_keys";
    let before = gateway.number(keys).await;
    gateway.meddle("ALTER TABLE audit_begun RENAME TO audit_begun_away").await;
    assert!(operator.create_api_key(None, "x", Scope::Read, None).await.is_err());
    gateway.meddle("ALTER TABLE audit_begun_away RENAME TO audit_begun").await;
    assert_eq!(gateway.number(keys).await, before);
    gateway.meddle("ALTER TABLE audit_entries RENAME TO audit_entries_away").await;
    let (_, key) = operator.create_api_key(None, "x", Scope::Read, None).await.unwrap();
    gateway.meddle("ALTER TABLE audit_entries_away RENAME TO audit_entries").await;
    assert!(operator.unrecorded().is_some());
    assert_eq!(begun(&gateway).await, 1);
    gateway.meddle("UPDATE audit_begun SET begun_at = 0").await;
    gateway::background::note_unfinished(&gateway.app).await.unwrap();
    operator.revoke_api_key(&key.id).await.unwrap();
    operator.close().await;
    assert_eq!(begun(&gateway).await, 0);
    let list = log(&gateway, "").await;
    assert_eq!(actions(&list), ["api_key.revoked", "change.unfinished"]);
    let entry = &list["entries"][1];
    assert_eq!(
        (&entry["actor"]["kind"], &entry["subject"], &entry["after"]["request"]),
        (&json!("command"), &json!(key.id), &json!("hallpass api-keys create"))
    );
}

/// Each counts what it records, and the other finds nothing left.
#[cases("PO-9")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_note_an_unfinished_change_once() {
    let gateway = Gateway::start(Store::Postgres).await;
    let replica = gateway.replica().await;
    let begun = "INSERT INTO audit_begun (id, tool_id, actor, request, subject, begun_at) \
                 SELECT 'b' || i, tools.id, 'user:u', 'POST /x', 's', i \
                 FROM tools, generate_series(1, 20) AS i";
    gateway.meddle(begun).await;
    let note = gateway::background::note_unfinished;
    let (one, other) = join(note(&gateway.app), note(&replica.app)).await;
    one.and(other).unwrap();
    let check = read(&gateway.admin("GET", "/admin/audit/check", None).await);
    assert_eq!(check, json!({"whole": true, "entries": 20}));
}

/// Settings with their entries in one transaction, and keys with theirs behind them.
#[cases("PO-9")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_servers_change_at_once_is_one_chain() {
    let gateway = Gateway::start(Store::Postgres).await;
    let replica = gateway.replica().await;
    let servers = [&gateway, &replica];
    let patches = (0..8).map(|number| {
        let patch = json!({"launch": {"leewaySeconds": 70 + number}});
        servers[number % 2].patch_tool(patch)
    });
    let keys = (0..8).map(|number| {
        let key = json!({"name": format!("key {number}"), "scope": "read"});
        servers[number % 2].admin("POST", "/admin/api-keys", Some(key))
    });
    let (_, made) = join(join_all(patches), join_all(keys)).await;
    assert!(made.iter().all(|page| page.status < 300));
    let check = read(&gateway.admin("GET", "/admin/audit/check", None).await);
    assert_eq!(check, json!({"whole": true, "entries": 16}));
}

#[both_stores("PO-9")]
async fn entries_are_narrowed_and_paged(store: Store) {
    let gateway = with_entries(store).await;
    let list = log(&gateway, "").await;
    let at = list["entries"][1]["at"].as_str().unwrap();
    let owner = list["entries"][1]["actor"]["id"].as_str().unwrap();
    for (query, expected) in [
        ("?actor=api_key".to_owned(), &["settings.changed"][..]),
        (format!("?actor=user:{owner}"), &["user.invited", "session.begun"]),
        (format!("?actor=user:{owner}x"), &[]),
        ("?action=user".to_owned(), &["user.invited"]),
        ("?action=user.invited".to_owned(), &["user.invited"]),
        ("?action=use".to_owned(), &[]),
        (format!("?subject={owner}"), &["session.begun"]),
        ("?since=2020-01-01T00:00:00Z&action=session".to_owned(), &["session.begun"]),
        ("?until=2020-01-01T00:00:00Z".to_owned(), &[]),
        (format!("?since={at}&action=user"), &["user.invited"]),
        (format!("?until={at}&action=user"), &[]),
    ] {
        assert_eq!(actions(&log(&gateway, &query).await), expected, "{query}");
    }
    let first = log(&gateway, "?limit=2").await;
    assert_eq!(actions(&first), ["settings.changed", "user.invited"]);
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = log(&gateway, &format!("?limit=2&cursor={cursor}")).await;
    assert_eq!(actions(&rest), ["session.begun"]);
    assert!(rest.get("nextCursor").is_none(), "{rest}");
    for wrong in ["limit=0", "cursor=x", "since=yesterday", "who=me"] {
        let page = gateway.admin("GET", &format!("/admin/audit?{wrong}"), None).await;
        assert_eq!(page.status, 400, "{wrong}: {}", page.text());
        let path = format!("/admin/audit/export?{wrong}");
        let page = gateway.admin("GET", &path, None).await;
        assert_eq!(page.status, 400, "{path}: {}", page.text());
    }
}

/// No filter has an index, and the log only grows.
#[both_stores("PO-9")]
async fn a_rare_entry_is_some_pages_away_in_a_long_log(store: Store) {
    let gateway = with_entries(store).await;
    // As if very many others had come in between.
    gateway.meddle("UPDATE audit_heads SET number = 20000").await;
    gateway.patch_tool(json!({"launch": {"leewaySeconds": 78}})).await;
    let (mut query, mut pages) = ("?action=session".to_owned(), 1);
    let list = loop {
        let list = log(&gateway, &query).await;
        if !actions(&list).is_empty() {
            break list;
        }
        let cursor = list["nextCursor"].as_str().unwrap();
        query = format!("?action=session&cursor={cursor}");
        pages += 1;
    };
    assert_eq!((pages, actions(&list)), (3, vec!["session.begun"]));
    assert!(list.get("nextCursor").is_none(), "{list}");
    let path = "/admin/audit/export?action=session";
    let file = read(&gateway.admin("GET", path, None).await);
    assert_eq!(actions(&file), ["session.begun"]);
}

#[both_stores("PO-9")]
async fn the_page_leads_on_through_a_long_log(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.meddle("UPDATE audit_heads SET number = 20000").await;
    gateway.patch_tool(json!({"launch": {"leewaySeconds": 78}})).await;
    for (before, says) in [("", "There are older ones."), ("&before=5", "Nothing is here yet.")] {
        let page = owner.get(&format!("/portal/audit?action=backup.made{before}")).await;
        assert!(page.text().contains(says), "{}", page.text());
    }
}

/// Whoever changes something can't push it out of its entry.
#[both_stores("PO-9")]
async fn a_long_body_hides_no_change(store: Store) {
    let gateway = Gateway::start(store).await;
    let platform = json!({
        "url": "https://lms.example.edu", "clientId": "a", "name": "School",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
    });
    let nothing = (0..400).map(|number| (format!("x{number}"), "x".repeat(100).into()));
    let mut body: serde_json::Map<String, Value> = nothing.collect();
    body.extend(platform.as_object().unwrap().clone());
    read(&gateway.admin("POST", "/admin/platforms", Some(body.into())).await);
    let list = log(&gateway, "?action=platform.created").await;
    assert_eq!(list["entries"][0]["after"], platform, "{list}");
}

#[both_stores("PO-9")]
async fn all_entries_are_one_document(store: Store) {
    let gateway = with_entries(store).await;
    let page = gateway.admin("GET", "/admin/audit/export", None).await;
    let file = page.header("content-disposition").unwrap_or_default();
    assert!(file.contains("audit.json"), "{file}");
    assert_eq!(read(&page), log(&gateway, "").await);
    let none = read(&gateway.admin("GET", "/admin/audit/export?action=none", None).await);
    assert_eq!(none, json!({"entries": []}));
    // More than are read at a time.
    for number in 0..205 {
        gateway.patch_tool(json!({"description": format!("number {number}")})).await;
    }
    let path = "/admin/audit/export?actor=api_key";
    let all = read(&gateway.admin("GET", path, None).await);
    let numbers: Vec<i64> = all["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["number"].as_i64().unwrap())
        .collect();
    let expected: Vec<i64> = (3..=208).rev().collect();
    assert_eq!(numbers, expected);
}

#[both_stores("PO-9")]
async fn a_changed_entry_is_found_over_the_api(store: Store) {
    let gateway = with_entries(store).await;
    let check = async || read(&gateway.admin("GET", "/admin/audit/check", None).await);
    assert_eq!(check().await, json!({"whole": true, "entries": 3}));
    gateway.meddle("UPDATE audit_entries SET subject = 'other' WHERE number = 2").await;
    assert_eq!(check().await, json!({"whole": false, "brokenAt": 2}));
}

#[both_stores("PO-9", "PO-10")]
async fn keys_read_their_own_tools_log_by_their_scope(store: Store) {
    let gateway = with_entries(store).await;
    let (_, other) = gateway.new_tool("127.0.0.5").await;
    for path in ["/admin/audit", "/admin/audit/export"] {
        let page = gateway.as_key(&other, "GET", path, None).await;
        assert_eq!(read(&page)["entries"], json!([]), "{path}");
    }
    let page = gateway.as_key(&other, "GET", "/admin/audit/check", None).await;
    assert_eq!(read(&page), json!({"whole": true, "entries": 0}));
    for (scope, status) in [("read", 200), ("manage", 200), ("services", 403)] {
        let asked = json!({"name": scope, "scope": scope});
        let made = gateway.admin("POST", "/admin/api-keys", Some(asked)).await;
        let made: Value = made.json().unwrap();
        let key = made["key"].as_str().unwrap();
        for path in ["/admin/audit", "/admin/audit/export", "/admin/audit/check"] {
            let page = gateway.as_key(key, "GET", path, None).await;
            assert_eq!(page.status, status, "{scope} {path}: {}", page.text());
        }
    }
    let page = gateway.as_key("nobodys-key-0123456789", "GET", "/admin/audit", None).await;
    assert_eq!(page.status, 401, "{}", page.text());
}
