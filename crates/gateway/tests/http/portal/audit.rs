//! The audit log: who changed what, and whether anybody changed the log.

use gateway::directory::api_keys::scope::Scope;
use serde_json::json;
use test_case::both_stores;

use super::{OTHERS, PASSWORD, Visitor, entries_on, first, operator};
use crate::kept_log;
use crate::support::{Gateway, Store, lms, register_by_hand};

#[both_stores("PO-9")]
async fn what_is_changed_is_noted_and_the_chain_holds(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    owner.invite("viewer", "<script>@school.example").await;
    let page = owner.get("/portal").await;
    let fields = [("launchUrl", "https://app.example/new")];
    let page = owner.post(&page, "/portal/launch-url", &fields).await;
    assert_eq!(page.url.path(), "/portal", "{}", page.text());
    let text = entries_on(&owner.get("/portal/audit").await);
    for told in
        ["session.begun", "user.invited", "tool.changed", "https://app.example/new", "Admin"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("<script>@"), "{text}");
    let text = entries_on(&owner.get("/portal/audit?action=tool.changed").await);
    assert!(text.contains("tool.changed") && !text.contains("session.begun"), "{text}");

    let check = async || owner.get("/portal/audit/check").await.text();
    let whole = check().await;
    assert!(whole.contains("All 3 entries are as they were written"), "{whole}");
    gateway.meddle("UPDATE audit_entries SET subject = 'other' WHERE number = 2").await;
    let broken = check().await;
    assert!(broken.contains("Entry 2 is not as it was written"), "{broken}");
}

impl Gateway {
    /// From now on, no transaction with an entry can be committed, although each of its statements
    /// succeeds: as on a disk that is full.
    pub(crate) async fn commit_no_entry(&self, store: Store) {
        let tables = [
            "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
            "CREATE TABLE uncommitted \
             (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED)",
        ];
        let trigger: &[&str] = match store {
            Store::Sqlite => &["CREATE TRIGGER never AFTER INSERT ON audit_entries \
                 BEGIN INSERT INTO uncommitted VALUES (1); END"],
            Store::Postgres => &[
                "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN INSERT INTO uncommitted VALUES (1); RETURN NULL; END $$",
                "CREATE TRIGGER never AFTER INSERT ON audit_entries FOR EACH ROW \
                 EXECUTE FUNCTION never()",
            ],
        };
        for statement in tables.iter().chain(trigger) {
            self.meddle(statement).await;
        }
    }

    /// They can be committed again.
    pub(crate) async fn commit_entries(&self, store: Store) {
        self.meddle(match store {
            Store::Sqlite => "DROP TRIGGER never",
            Store::Postgres => "DROP TRIGGER never ON audit_entries",
        })
        .await;
    }
}

/// A log that is kept elsewhere tells whether the end of the chain was cut off.
#[both_stores("PO-9")]
async fn what_is_not_committed_has_no_line_in_the_log(store: Store) {
    kept_log::keep();
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/account").await;
    let tools = gateway.texts("SELECT id FROM tools").await;
    let lines = |action: &str| {
        let log = kept_log::text();
        log.lines().filter(|line| line.contains(&tools[0]) && line.contains(action)).count()
    };
    assert_eq!(lines("session.begun"), 1, "the log is not kept");
    let change = async || {
        let fields = [("current", PASSWORD), ("new", OTHERS)];
        owner.post(&page, "/portal/account/password", &fields).await
    };
    gateway.commit_no_entry(store).await;
    let failed = change().await;
    assert_eq!(failed.status, 503, "{}", failed.text());
    assert_eq!(lines("user.passwordChanged"), 0);
    gateway.commit_entries(store).await;
    let changed = change().await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(lines("user.passwordChanged"), 1);
}

#[both_stores("PO-9")]
async fn entries_that_are_gone_are_missed(store: Store) {
    for statement in [
        "DELETE FROM audit_entries WHERE number = 1",
        "DELETE FROM audit_entries WHERE number = 2",
        "DELETE FROM audit_entries",
        "UPDATE audit_entries SET number = 7 WHERE number = 2",
        "DELETE FROM audit_heads",
    ] {
        let gateway = Gateway::start(store).await;
        let owner = Visitor::owner(&gateway).await;
        owner.invite("viewer", "a@school.example").await;
        gateway.meddle(statement).await;
        let text = owner.get("/portal/audit/check").await.text();
        assert!(text.contains("is not as it was written, or is missing"), "{statement}: {text}");
    }
}

#[both_stores("PO-9")]
async fn older_entries_are_a_page_further(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for number in 0..31 {
        owner.invite("viewer", &format!("user{number}@school.example")).await;
    }
    let newest = owner.get("/portal/audit?action=user.invited").await.text();
    assert!(newest.contains("user30@") && !newest.contains("user0@"), "{newest}");
    let (_, rest) = newest.split_once("/portal/audit?action=user.invited&#38;before=").unwrap();
    let before: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let older = owner.get(&format!("/portal/audit?action=user.invited&before={before}")).await;
    let older = older.text();
    assert!(older.contains("user0@") && !older.contains("user30@"), "{older}");
}

#[both_stores("PO-9")]
async fn what_an_api_key_changes_is_noted_with_its_name(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let asked = json!({"name": "Deploy bot", "scope": "manage"});
    let made = gateway.admin("POST", "/admin/api-keys", Some(asked)).await.json().unwrap();
    let key = made["key"].as_str().unwrap();
    let done = async |method: &str, path: &str, body, status: u16| {
        let page = gateway.as_key(key, method, path, body).await;
        assert_eq!(page.status, status, "{method} {path}: {}", page.text());
        page.json().unwrap_or_default()
    };
    let patch = |seconds: u32| Some(json!({"launch": {"leewaySeconds": seconds}}));
    done("PATCH", "/admin/tool", patch(77), 200).await;
    let hook = json!({"url": "https://app.example/hook?token=tell-nobody", "events": []});
    done("POST", "/admin/webhooks", Some(hook), 201).await;
    let platform = json!({
        "url": "https://lms.example.edu", "clientId": "c-1", "name": "Kestrel College",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/keys"},
    });
    let platform = done("POST", "/admin/platforms", Some(platform), 200).await;
    let id = platform["id"].as_str().unwrap();
    done("POST", &format!("/api/platforms/{id}/deactivate"), None, 200).await;
    done("PUT", &format!("/admin/platforms/{id}/blocked/student-7"), None, 204).await;
    let code = done("GET", "/admin/export", None, 200).await;
    done("POST", "/admin/apply", Some(code.clone()), 200).await;
    // What is refused, or changes nothing, leaves no entry.
    done("PATCH", "/admin/tool", patch(100_000), 400).await;
    done("POST", "/admin/apply?dryRun=true", Some(code.clone()), 200).await;
    let mut changed = code;
    changed["tools"][0]["settings"]["name"] = "Renamed".into();
    done("POST", "/admin/apply", Some(changed), 200).await;
    let text = entries_on(&owner.get("/portal/audit").await);
    for told in
        ["Deploy bot", "api_key.made", "webhook.made", "platform.deactivated", "person.blocked"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    for (action, told) in [
        ("settings.changed", "launch.leewaySeconds: <del>60</del> → <ins>77</ins>"),
        ("platform.created", "Kestrel College"),
        ("configuration.applied", "Settings changed"),
    ] {
        let page = entries_on(&owner.get(&format!("/portal/audit?action={action}")).await);
        assert_eq!(page.matches(&format!("<code>{action}</code>")).count(), 1, "{page}");
        assert!(page.contains(told) && page.contains("Deploy bot"), "{told}: {page}");
    }
    for secret in ["tell-nobody", "student-7", key] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let check = owner.get("/portal/audit/check").await.text();
    assert!(check.contains("are as they were written"), "{check}");
    assert!(check.contains("Back to the audit log"), "{check}");
}

#[both_stores("PO-9")]
async fn a_change_in_the_portal_is_noted_once(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/settings").await;
    let fields = [("do", "json"), ("json", r#"{"launch": {"leewaySeconds": 77}}"#)];
    let page = owner.post(&page, "/portal/settings", &fields).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = owner.get("/portal/audit?action=settings.changed").await.text();
    assert_eq!(text.matches("<code>settings.changed</code>").count(), 1, "{text}");
}

#[both_stores("PO-9")]
async fn what_commands_change_is_noted(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let lms = lms().await;
    let platform = register_by_hand(&gateway, &lms, &gateway.url).await;
    let operator = operator(&gateway).await;
    let platforms = operator.platforms().await.unwrap();
    operator.switch(&platforms[0].id, false).await.unwrap();
    let (_, key) = operator.create_api_key(None, "Night shift", Scope::Read, None).await.unwrap();
    operator.revoke_api_key(&key.id).await.unwrap();
    operator.remove(&platforms[0]).await.unwrap();
    operator.close().await;
    let text = entries_on(&owner.get("/portal/audit").await);
    let actions = ["platform.deactivated", "api_key.made", "api_key.revoked", "platform.deleted"];
    for told in actions.into_iter().chain(["Night shift", "command:hallpass"]) {
        assert!(text.contains(told), "{platform} {told}: {text}");
    }
    let check = owner.get("/portal/audit/check").await.text();
    assert!(check.contains("are as they were written"), "{check}");
}

#[both_stores("PO-9")]
async fn a_day_that_cannot_be_read_is_said_and_kept(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for (field, text) in [("from", "01.12.2027"), ("to", "2026-02-30"), ("from", "yesterday")] {
        let page = owner.get(&format!("/portal/audit?{field}={text}&actor=user")).await;
        let shown = page.text();
        assert_eq!(page.status, 400, "{shown}");
        assert!(shown.contains("This is no day."), "{shown}");
        let kept = format!("value=\"{text}\" aria-describedby=\"{field}-e\"");
        assert!(shown.contains(&kept), "{shown}");
        // Neither another list than was asked for, nor a file of it.
        assert!(!shown.contains("<tbody") && !shown.contains("/portal/audit/export"), "{shown}");
        assert!(shown.contains("value=\"user\" selected"), "{shown}");
        let file = owner.post(&page, "/portal/audit/export", &[(field, text)]).await;
        assert_eq!((first(&file), file.status), (303, 400), "{}", file.text());
        assert!(file.text().contains("This is no day."), "{}", file.text());
    }
    let shown = owner.get("/portal/audit").await.text();
    assert!(!shown.contains("2026-11-24\""), "an example that looks chosen: {shown}");
}

#[both_stores("PO-9")]
async fn the_log_is_narrowed_by_who_what_and_when(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    owner.invite("viewer", "ines@school.example").await;
    gateway.patch_tool(json!({"description": "Halves"})).await;
    for (filter, has, lacks) in [
        ("actor=api_key", "settings.changed", "user.invited"),
        ("actor=user", "user.invited", "settings.changed"),
        ("action=user", "user.invited", "session.begun"),
        ("from=2020-01-01", "session.begun", "platform.deleted"),
    ] {
        let page = owner.get(&format!("/portal/audit?{filter}")).await;
        let entries = entries_on(&page);
        assert!(entries.contains(has) && !entries.contains(lacks), "{filter}: {entries}");
    }
    // One actor has a name, and what was chosen stays chosen.
    let text = owner.get("/portal/audit").await.text();
    let (_, rest) = text.split_once("/portal/audit?actor=user:").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let text = owner.get(&format!("/portal/audit?actor=user:{id}&action=user.invited")).await;
    let text = text.text();
    assert!(text.contains(&format!("value=\"user:{id}\" selected>Admin<")), "{text}");
    assert!(text.contains("value=\"user.invited\" selected"), "{text}");
    for nothing in ["to=2020-01-01", "subject=nothing-of-the-kind", "action=tool.removed"] {
        let text = owner.get(&format!("/portal/audit?{nothing}")).await.text();
        assert!(text.contains("Nothing is here yet."), "{nothing}: {text}");
    }
}

#[both_stores("PO-3", "PO-9")]
async fn the_log_is_exported_by_managers_after_their_password(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    owner.invite("viewer", "=cmd@school.example").await;
    let page = viewer.get("/portal/audit").await;
    assert!(!page.text().contains("/portal/audit/export"), "{}", page.text());
    // Nor does it name people to those who may not see users.
    let text = entries_on(&page);
    assert!(text.contains("user.invited") && !text.contains("cmd@school.example"), "{text}");
    let refused = viewer.post(&page, "/portal/audit/export", &[]).await;
    assert_eq!(first(&refused), 403, "{}", refused.text());

    let page = owner.get("/portal/audit?action=user").await;
    let form = page.form_to("/portal/audit/export").unwrap();
    assert_eq!(form.field("action"), Some("user"));
    let file = owner.submit(&page, &form).await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    let mut rows = text.split("\r\n");
    assert!(rows.next().is_some_and(|head| head.starts_with("number,at,actor_kind,")), "{text}");
    assert!(text.contains("\"user.invited\"") && text.contains("\"'=cmd@"), "{text}");
    assert!(!text.contains("session.begun"), "{text}");
    let noted = entries_on(&owner.get("/portal/audit?action=audit.exported").await);
    assert!(noted.contains("action: <ins>user</ins>"), "{noted}");

    gateway.clock.advance(std::time::Duration::from_secs(11 * 60));
    let stale = owner.submit(&page, &form).await;
    assert_eq!((first(&stale), stale.url.path()), (303, "/portal/confirm"), "{}", stale.text());
}

#[both_stores("PO-9")]
async fn ends_of_sessions_are_noted(store: Store) {
    let gateway = Gateway::start(store).await;
    let [owner, second, third] = [
        Visitor::owner(&gateway).await,
        Visitor::owner(&gateway).await,
        Visitor::owner(&gateway).await,
    ];
    let ended = async |action: &str| {
        let path = format!("/admin/audit?action={action}");
        let list = gateway.admin("GET", &path, None).await.json().unwrap();
        list["entries"].as_array().unwrap().clone()
    };
    let page = third.get("/portal").await;
    third.post(&page, "/portal/sign-out", &[]).await;
    let entries = ended("session.ended").await;
    assert_eq!(entries.len(), 1);
    assert_eq!((&entries[0]["actor"]["name"], entries[0].get("after")), (&json!("Admin"), None));

    let page = owner.get("/portal/account").await;
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/end"));
    let form = form.unwrap();
    owner.submit(&page, &form).await;
    assert!(!second.is_in().await);
    let entries = ended("session.ended").await;
    let path = form.action.path().to_owned();
    let session = entries[0]["after"]["session"].as_str().unwrap();
    assert!(entries.len() == 2 && path.contains(session), "{path}: {entries:?}");
    // Another's session isn't theirs to end, and where nothing ends there is nothing to note.
    owner.submit(&page, &form).await;
    owner.post(&page, "/portal/account/sessions/end-others", &[]).await;
    assert_eq!(ended("session.ended").await.len(), 2);
    assert_eq!(ended("user.sessionsEnded").await.len(), 0);

    Visitor::owner(&gateway).await;
    owner.post(&page, "/portal/account/sessions/end-others", &[]).await;
    let entries = ended("user.sessionsEnded").await;
    assert_eq!((entries.len(), &entries[0]["after"]["ended"]), (1, &json!(1)));
}
