//! Whatever a platform, a student or an owner can write stands on pages as text: nothing of it is
//! markup.

use serde_json::json;
use test_case::both_stores;

use super::{DEPLOYMENT, Portal, enter, open, platform, send};
use crate::portal::Visitor;
use crate::studyreel::{StudyReel, valid_with};
use crate::support::Store;
use crate::traces::reference;

/// Ends any attribute and any element, and would act in each place.
const EVIL: &str =
    r#""'></textarea></title></code><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"#;

#[track_caller]
pub(super) fn is_harmless(path: &str, text: &str) {
    for markup in ["<script>alert", "<img src=x", "<svg onload", "</textarea></title>", "'></"] {
        assert!(!text.contains(markup), "{path}: {markup}: {text}");
    }
}

/// The page has the evil text, harmless.
#[track_caller]
fn shows(path: &str, text: &str) {
    is_harmless(path, text);
    assert!(text.contains("&#60;script&#62;alert(1)"), "{path}: {text}");
}

#[both_stores("PO-1")]
async fn a_platforms_words_are_text_on_every_page(store: Store) {
    let portal = Portal::new(store).await;
    let mut evil = platform(EVIL, EVIL);
    evil["frameOrigins"] = json!(["https://portal.example.edu"]);
    let id = enter(portal.gateway(), evil).await;
    let path = format!("/admin/platforms/{id}/deployments");
    let deployment = r#""><script>alert(1)</script>"#;
    let body = json!({"deploymentId": deployment, "status": "pending"});
    let page = portal.gateway().admin("POST", &path, Some(body)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    let user = r#""><script>alert(1)</script>"#;
    let (page, _) = open(&portal.owner, &format!("/portal/platforms/{id}")).await;
    let block = [("do", "block"), ("user", user)];
    let blocked = format!("/portal/platforms/{id}/blocked");
    shows("the block", &send(&portal.owner, &page, &blocked, &block).await);

    let pages = [
        "",
        "/registration",
        "/deployments",
        "/keys",
        "/settings",
        "/blocked",
        "/launches",
        "/delete",
    ];
    let pages = pages.map(|tab| format!("/portal/platforms/{id}{tab}"));
    let more = ["/portal/platforms/waiting", "/portal/find?q=alert"];
    for path in pages.iter().map(String::as_str).chain(more) {
        let page = portal.owner.get(path).await;
        shows(path, &page.text());
    }
    // A list has the beginning and the end of so long a name.
    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    is_harmless("the list", &text);
    assert!(text.contains("&#60;script…ror=alert(2)&#62;"), "{text}");
    let query: String = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect();
    for path in [
        format!("/portal/platforms?q={query}&lms={query}&state={query}&after={query}"),
        format!("/portal/failures?platform={query}&reason={query}&kind={query}&since={query}"),
        format!("/portal/find?q={query}"),
        format!("/portal/connect/canvas/by-hand?host={query}"),
        format!("/portal/connect/{query}?since={query}&platform={query}"),
        format!("/portal/failures/{query}"),
        format!("/portal/platforms/{query}"),
    ] {
        is_harmless(&path, &portal.owner.get(&path).await.text());
    }
    // What an action says of it, too.
    let stop = [("do", "stop"), ("deployment", deployment)];
    let list = format!("/portal/platforms/{id}/deployments");
    shows("the flash", &send(&portal.owner, &page, &list, &stop).await);
}

#[both_stores("PO-1")]
async fn what_a_failed_launch_brought_is_text(store: Store) {
    let portal = Portal::new(store).await;
    let evil = r#""><script>alert(1)</script>"#;
    portal.gateway().patch_tool(json!({"launch": {"unknownDeployments": "reject"}})).await;
    let launch = portal.school.student().with(DEPLOYMENT, evil).with(evil, "x");
    let found = reference(&portal.school.launch(&launch).await);
    let path = format!("/portal/failures/{found}");
    shows(&path, &open(&portal.owner, &path).await.1);
    let path = format!("{path}/report");
    is_harmless(&path, &open(&portal.owner, &path).await.1);
    is_harmless("the list", &open(&portal.owner, "/portal/failures?show=all").await.1);
}

#[both_stores("PO-1")]
async fn a_students_words_and_an_owners_are_text(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let name = json!({"given_name": EVIL, "family_name": EVIL});
    studyreel.ok(&valid_with("a student", name)).await;
    let owner = Visitor::owner(&studyreel.gateway).await;
    let (page, text) = open(&owner, "/portal/people").await;
    shows("/portal/people", &text);
    let (_, rest) = text.split_once("href=\"/portal/people/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    for path in [format!("/portal/people/{id}"), format!("/portal/people/{id}/erase")] {
        shows(&path, &open(&owner, &path).await.1);
    }
    let found = owner.post(&page, "/portal/people", &[("text", EVIL)]).await;
    shows("the search", &found.text());
    let found = owner.post(&page, "/portal/find", &[("q", EVIL)]).await;
    shows("the search on top", &found.text());

    let made = send(&owner, &page, "/portal/keys", &[("name", EVIL), ("scope", "read")]).await;
    shows("/portal/keys", &made);
    let hook = [("url", EVIL)];
    let refused = owner.post(&page, "/portal/keys/webhooks", &hook).await;
    shows("/portal/keys/webhooks", &refused.text());
    let named = [("name", EVIL), ("description", EVIL)];
    shows("/portal/settings", &send(&owner, &page, "/portal/settings", &named).await);
    let path = [("json", EVIL), ("do", "save")];
    shows("/portal/paths", &owner.post(&page, "/portal/paths", &path).await.text());
    let payload = [("payload", EVIL)];
    let preview = owner.post(&page, "/portal/paths/preview", &payload).await;
    shows("the preview", &preview.text());
    for path in ["/portal/connect", "/portal/platforms", "/portal/audit", "/portal/keys/events"] {
        is_harmless(path, &open(&owner, path).await.1);
    }
}

/// Beside the names: what identifies a student, and what a launch that is refused brought.
#[both_stores("PO-1")]
async fn what_studyreel_says_is_text(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let owner = Visitor::owner(&studyreel.gateway).await;
    let nameless = json!({
        "given_name": null, "family_name": null, "user_acquisition_source": EVIL,
        "deployment_id": EVIL,
    });
    studyreel.ok(&valid_with(EVIL, nameless)).await;
    let (_, text) = open(&owner, "/portal/people").await;
    // Who has no name is listed by id.
    shows("/portal/people", &text);
    let (_, rest) = text.split_once("href=\"/portal/people/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    for path in [format!("/portal/people/{id}"), format!("/portal/people/{id}/erase")] {
        shows(&path, &open(&owner, &path).await.1);
    }
    for member in ["iss", "role", "messageType", "iat"] {
        let refused = studyreel.launch(&valid_with("a student", json!({member: EVIL}))).await;
        assert!(refused.status >= 400, "{member}: {}", refused.text());
        let answer = refused.json().unwrap();
        let path = format!("/portal/failures/{}", answer["requestId"].as_str().unwrap());
        for path in [path.clone(), format!("{path}/report")] {
            is_harmless(&path, &open(&owner, &path).await.1);
        }
    }
    for path in ["/portal", "/portal/failures", "/portal/failures?show=all", "/portal/usage"] {
        is_harmless(path, &open(&owner, path).await.1);
    }
}
