//! The tool's settings over HTTP, and the documentation of all settings.

use futures_util::future::join_all;
use serde_json::{Value, json};
use test_case::both_stores;

use crate::support::{Gateway, Store};

/// What the JSON parser would say, in its own terms.
pub fn assert_no_parsers_words(says: &str) {
    for word in ["struct", "invalid type", "invalid value", "expected", "unknown field", "variant"]
    {
        assert!(!says.contains(word), "{word}: {says}");
    }
}

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
        (
            json!({"services": {"deepLinking": "yes"}}),
            "services.deepLinking: must be true or false",
        ),
        (json!({"launch": "strict"}), "launch: must be an object"),
        (json!({"messages": {}}), "messages: must be a list"),
        (json!({"name": 7}), "name: must be a text"),
        (json!({"launchUrl": "app.example.com"}), "launchUrl: must be an absolute address"),
        (json!({"launch": {"leewaySeconds": 1.5}}), "launch.leewaySeconds: must be a whole number"),
        (json!({"theme": {"color": "#ffd400"}}), "theme.color: #ffd400 is too pale to be read"),
        (json!({"theme": {"color": "red"}}), "theme.color: must be # and six hexadecimal digits"),
        (json!({"theme": {"logo": "https://app.example.com/x.png"}}), "theme.logo: must be"),
        (json!({"theme": {"css": "body{}"}}), "theme.css"),
    ] {
        let page = gateway.admin("PATCH", "/admin/tool", Some(patch.clone())).await;
        let body = page.json().unwrap();
        assert_eq!(
            (page.status, &body["details"]["message"]),
            (400, &json!("INVALID_SETTINGS")),
            "{patch}: {body}"
        );
        let says = body["details"]["description"].as_str().unwrap();
        assert!(says.contains(name), "{patch}: {body}");
        assert_no_parsers_words(says);
    }
    for body in [json!([]), json!("x"), Value::Null] {
        let page = gateway.admin("PATCH", "/admin/tool", Some(body)).await;
        assert_eq!(page.status, 400);
        assert_no_parsers_words(&page.text());
    }
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);
}

#[both_stores]
async fn everything_wrong_with_settings_is_named_at_once(store: Store) {
    let public = [("public_url", "https://lti.example.com")];
    let gateway = Gateway::start_configured(store, json!({}), &public).await;
    let patch = json!({
        "nmae": "x",
        "name": "",
        "launchUrl": "fractions/launch",
        "deepLinkingUrl": "http://app.example.com/choose",
        "launch": {"anonymous": "maybe", "leewaySeconds": 301},
        "messages": [{"type": "LtiResourceLinkRequest", "visibility": "admin"}],
        "keys": {"signAfterHours": 1, "publishDays": 0},
        "studyreel": {"skewSeconds": 59, "timeZone": "Mars/Base"},
    });
    let page = gateway.admin("PATCH", "/admin/tool", Some(patch)).await;
    let body = page.json().unwrap();
    assert_eq!((page.status, &body["details"]["message"]), (400, &json!("INVALID_SETTINGS")));
    let errors = body["details"]["errors"].as_array().unwrap();
    let mut fields: Vec<&str> =
        errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    let expected = [
        "deepLinkingUrl",
        "keys.publishDays",
        "keys.signAfterHours",
        "launch.anonymous",
        "launch.leewaySeconds",
        "launchUrl",
        "messages[0].visibility",
        "name",
        "nmae",
        "studyreel.skewSeconds",
        "studyreel.timeZone",
    ];
    assert_eq!(fields, expected);
    let says = body["details"]["description"].as_str().unwrap();
    assert!(expected.iter().all(|field| says.contains(field)), "{says}");
}

#[both_stores]
async fn pages_that_browsers_would_block_are_refused(store: Store) {
    let stored = "http://stored.example.com/choose";
    let settings = json!({"launchUrl": "https://app.example.com/", "deepLinkingUrl": stored});
    let public = [("public_url", "https://lti.example.com")];
    let gateway = Gateway::start_configured(store, settings, &public).await;
    let change =
        async |patch: &Value| gateway.admin("PATCH", "/admin/tool", Some(patch.clone())).await;
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    let patches = |url: &str| {
        [
            ("launchUrl", json!({"launchUrl": url})),
            ("deepLinkingUrl", json!({"deepLinkingUrl": url})),
            (
                "registration.preApproval.url",
                json!({"registration": {"preApproval": {"url": url}}}),
            ),
        ]
    };
    for (member, patch) in patches("http://app.example.com") {
        let page = change(&patch).await;
        let body: Value = page.json().unwrap();
        let says = body["details"]["description"].as_str().unwrap();
        assert_eq!((page.status, &body["details"]["message"]), (400, &json!("INVALID_SETTINGS")));
        assert!(says.contains(&format!("{member} is plain http")), "{member}: {says}");
        let after = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
        assert_eq!(after, before, "{member}");
    }
    for (member, patch) in patches("https://me:pw@app.example.com/") {
        let page = change(&patch).await;
        let words = format!("{member} contains a user name or password");
        assert!(page.status == 400 && page.text().contains(&words), "{}", page.text());
    }
    // What the settings file brought along stays, and stands in no one's way.
    for patch in [json!({"name": "Other"}), json!({"deepLinkingUrl": stored})] {
        let page = change(&patch).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }
    for url in ["http://127.0.0.1:3000/app", "http://localhost/app", "https://app.example.com"] {
        for (member, patch) in patches(url) {
            let page = change(&patch).await;
            assert_eq!(page.status, 200, "{member} {url}: {}", page.text());
        }
    }
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
