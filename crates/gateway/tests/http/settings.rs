//! The tool's settings over HTTP, and the documentation of all settings.

use futures_util::future::join_all;
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
