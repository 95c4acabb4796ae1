//! The tool's settings over HTTP, and the documentation of all settings.

use futures_util::future::join_all;
use gateway::settings::installation::SETTINGS;
use gateway::settings::tool::ToolSettings;
use serde_json::{Value, json};
use test_case::both_stores;

use crate::support::{Gateway, Store};

#[both_stores]
async fn a_patch_changes_only_what_it_names_and_is_kept(store: Store) {
    let gateway = Gateway::start(store).await;
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    assert_eq!(
        (&before["name"], &before["launch"]["leewaySeconds"]),
        (&json!("Test tool"), &json!(60))
    );
    let patch = json!({
        "description": "Quizzes", "launch": {"leewaySeconds": 30}, "customParameters": {"a": "1"},
    });
    let page = gateway.admin("PATCH", "/admin/tool", Some(patch)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let mut expected = before.clone();
    expected["description"] = "Quizzes".into();
    expected["launch"]["leewaySeconds"] = 30.into();
    expected["customParameters"] = json!({"a": "1"});
    assert_eq!(page.json().unwrap(), expected);
    let gateway = gateway.restart().await;
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), expected);
    gateway
        .patch_tool(json!({"description": null, "launch": null, "customParameters": null}))
        .await;
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);
}

#[both_stores]
async fn unknown_members_and_wrong_values_are_named(store: Store) {
    let gateway = Gateway::start(store).await;
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    for (patch, name) in [
        (json!({"nmae": "x"}), "nmae"),
        (json!({"name": "Fine", "launch": {"leeway": 5}}), "launch.leeway"),
        (json!({"launch": {"anonymous": "maybe"}}), "launch.anonymous"),
        (json!({"launch": {"leewaySeconds": 301}}), "launch.leewaySeconds"),
        (json!({"launch": {"leewaySeconds": -1}}), "launch.leewaySeconds"),
        (json!({"launchUrl": "javascript:alert(1)"}), "launchUrl"),
        (json!({"name": " "}), "name"),
        (json!({"retention": {"launchMinutes": 1441}}), "retention.launchMinutes"),
        (json!({"services": {"deepLinking": "yes"}}), "services.deepLinking"),
    ] {
        let page = gateway.admin("PATCH", "/admin/tool", Some(patch.clone())).await;
        let body = page.json().unwrap();
        assert_eq!(
            (page.status, &body["details"]["message"]),
            (400, &json!("INVALID_SETTINGS")),
            "{patch}: {body}"
        );
        assert!(body["details"]["description"].as_str().unwrap().contains(name), "{patch}: {body}");
    }
    for body in [json!([]), json!("x"), Value::Null] {
        assert_eq!(gateway.admin("PATCH", "/admin/tool", Some(body)).await.status, 400);
    }
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);
}

#[both_stores]
async fn simultaneous_patches_are_all_applied(store: Store) {
    let gateway = Gateway::start(store).await;
    let patches = (0..10).map(|number| {
        let patch = json!({"customParameters": {format!("p{number}"): "1"}});
        gateway.admin("PATCH", "/admin/tool", Some(patch))
    });
    for page in join_all(patches).await {
        assert_eq!(page.status, 200, "{}", page.text());
    }
    let tool = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    assert_eq!(tool["customParameters"].as_object().unwrap().len(), 10, "{tool}");
}

/// The rows of the tables of docs/settings.md whose header begins with this column, without
/// back-quotes.
fn documented(first_column: &str) -> Vec<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = Vec::new();
    for table in text.split(&format!("| {first_column} |")).skip(1) {
        for line in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
            let cells = line.trim_matches('|').split(" | ");
            rows.push(cells.map(|cell| cell.trim().replace('`', "")).collect());
        }
    }
    rows
}

#[test]
fn the_documentation_matches_every_installation_setting() {
    let documented = documented("key");
    let settings: Vec<Vec<String>> = SETTINGS
        .iter()
        .map(|setting| {
            let default = if setting.key == "tool" { "see below" } else { setting.default };
            let flag = format!("--{}", setting.flag());
            [setting.key, &flag, &setting.variable(), default, setting.meaning]
                .map(str::to_owned)
                .to_vec()
        })
        .collect();
    assert_eq!(documented, settings);
}

/// Every member of the tool's settings with its path; free-form objects and lists are one member.
fn members(path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            for (name, value) in inner {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                members(&path, value, found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn the_documentation_lists_exactly_the_tool_settings() {
    let documented: Vec<String> =
        documented("member").into_iter().map(|mut row| row.remove(0)).collect();
    let mut all = Vec::new();
    members("", &serde_json::to_value(ToolSettings::default()).unwrap(), &mut all);
    let missing: Vec<_> = all.iter().filter(|name| !documented.contains(name)).collect();
    assert!(missing.is_empty(), "not in docs/settings.md: {missing:?}");
    for name in &documented {
        // A member that doesn't exist is refused as unknown; a wrong value is refused otherwise.
        let patch = name.rsplit('.').fold(json!([[]]), |value, part| json!({part: value}));
        let error =
            ToolSettings::default().patched(patch.as_object().unwrap()).err().unwrap_or_default();
        assert!(!error.contains("unknown field"), "docs/settings.md names {name}: {error}");
    }
}
