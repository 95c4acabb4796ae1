//! Pages stay small when a tool has much to show (portal.md PO-2): `open` refuses a page of more
//! than 30,000 bytes.

use std::time::Duration;

use serde_json::{Value, json};
use test_case::both_stores;

use super::{has, lacks, open};
use crate::portal::Visitor;
use crate::studyreel::StudyReel;
use crate::support::{Gateway, Store};

/// Creates something over the API.
async fn create(gateway: &Gateway, path: &str, body: Value) {
    let page = gateway.admin("POST", path, Some(body)).await;
    assert_eq!(page.status, 201, "{path}: {}", page.text());
}

/// The address of the next page of a list.
fn next(text: &str) -> Option<String> {
    let (_, pages) = text.split_once("<nav class=\"pages\"")?;
    let (pages, _) = pages.split_once("</nav>")?;
    let (_, link) = pages.rsplit_once("href=\"")?;
    let address = link.split_once('"')?.0.replace("&#38;", "&");
    address.contains("from=").then_some(address)
}

/// Every page of a list, in one text.
async fn all_pages(visitor: &Visitor, path: &str) -> String {
    let (mut whole, mut path) = (String::new(), path.to_owned());
    for _ in 0..10 {
        let (_, text) = open(visitor, &path).await;
        whole.push_str(&text);
        let Some(there) = next(&text) else {
            return whole;
        };
        path = there;
    }
    panic!("the list has no end: {path}");
}

#[both_stores("PO-2")]
async fn sixty_invitations_and_tools_stay_small(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for number in 1..=60 {
        let mail = format!("somebody.called.{number}@mathematics.kestrel-college.example");
        let invited = json!({"email": mail, "role": "support"});
        create(&gateway, "/admin/portal/invitations", invited).await;
        let name = format!("Fractions & decimals of school number {number}");
        let tool = json!({"host": format!("127.0.1.{number}"), "settings": {"name": name}});
        create(&gateway, "/admin/tools", tool).await;
    }
    let users = all_pages(&owner, "/portal/users").await;
    let tools = all_pages(&owner, "/portal/tools").await;
    for number in 1..=60 {
        has(&users, &[&format!("scope=\"row\">somebody.called.{number}@")]);
        has(&tools, &[&format!("school number {number}</a>")]);
    }
    assert_eq!(users.matches("/withdraw\"").count(), 60);
}

#[both_stores("PO-2")]
async fn forty_sessions_of_one_user_stay_small(store: Store) {
    let gateway = Gateway::start(store).await;
    for _ in 0..39 {
        Visitor::owner(&gateway).await;
        gateway.clock.advance(Duration::from_secs(120));
    }
    let owner = Visitor::owner(&gateway).await;
    let first = open(&owner, "/portal/account").await.1;
    assert_eq!(first.matches("class=\"tag\">this one<").count(), 1, "{first}");
    let sessions = all_pages(&owner, "/portal/account").await;
    assert_eq!(sessions.matches("/end\"").count(), 39);
}

#[both_stores("PO-2")]
async fn twenty_learning_paths_stay_small(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let gateway = &studyreel.gateway;
    let owner = Visitor::owner(gateway).await;
    let title = "Fractions & decimals, ".repeat(8);
    let entries: Value = (1..=12).map(|grade| (grade.to_string(), json!(title))).collect();
    let grades: Vec<u8> = (1..=12).collect();
    for number in 1..=20 {
        let path = json!({
            "id": format!("path-{number}"), "subject": format!("subject-{number}"),
            "title": format!("{title}{number}"), "grades": grades, "entryPoints": entries,
        });
        create(gateway, "/admin/learning-paths", path).await;
    }
    let paths = all_pages(&owner, "/portal/paths").await;
    lacks(&paths, &["entryPoints"]);
    for number in 1..=20 {
        let change = format!("/portal/paths?change=path-{number}");
        has(&paths, &[&format!("href=\"{change}\"")]);
    }
    let (page, text) = open(&owner, "/portal/paths?change=path-20").await;
    has(&text, &["entryPoints", "href=\"/portal/paths/delete?id=path-20\""]);
    let mut form = page.form_to("/portal/paths").unwrap();
    form.set("do", "save");
    form.set("json", "{");
    let refused = owner.submit(&page, &form).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    // What was typed is still there.
    has(&refused.text(), &["This was not done", "spellcheck=\"false\">\n{</textarea>"]);
    let changed = json!({"id": "path-20", "subject": "subject-20", "title": "Art", "grades": [1]});
    form.set("json", changed.to_string());
    has(&owner.submit(&page, &form).await.text(), &["The learning path is saved."]);
    let nowhere = owner.get("/portal/paths?change=path-21").await;
    assert_eq!(nowhere.status, 404, "{}", nowhere.text());
}

#[both_stores("PO-2")]
async fn settings_with_long_texts_stay_small(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let text = "Fractions & \"decimals\", ".repeat(6);
    let parameters: Value = (1..=4).map(|at| (format!("parameter{at}"), json!(text))).collect();
    let message = json!({
        "type": "LtiResourceLinkRequest", "label": text, "placements": ["course_navigation"],
        "customParameters": parameters,
    });
    let messages = vec![message; 8];
    gateway.patch_tool(json!({"messages": messages, "customParameters": parameters})).await;
    for path in ["/portal/settings", "/portal/settings?as=json", "/portal/settings?as=toml"] {
        let (_, text) = open(&owner, path).await;
        assert_eq!(text.contains("parameter4"), path.contains('?'), "{path}: {text}");
    }
    let (page, _) = open(&owner, "/portal/settings?as=json").await;
    let mut form = page.form_to("/portal/settings").unwrap();
    form.set("do", "json");
    form.set("json", r#"{"description": "Halves"}"#);
    let saved = owner.submit(&page, &form).await;
    has(&saved.text(), &["The settings are saved.", "parameter4"]);
}

#[both_stores("PO-2")]
async fn the_longest_ids_leave_lists_small(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let platform = super::platform("Kestrel College", "kestrel-1");
    let id = super::enter(&gateway, platform).await;
    let long = |number: u32| format!("{}{number:03}", "d".repeat(252));
    let path = format!("/admin/platforms/{id}/deployments");
    for number in 1..=20 {
        let status = if number % 2 == 0 { "pending" } else { "active" };
        let deployment = json!({"deploymentId": long(number), "status": status});
        create(&gateway, &path, deployment).await;
    }
    let (_, text) = open(&owner, &format!("/portal/platforms/{id}/deployments")).await;
    has(&text, &["ddd…ddd", "ddd001</code>", "More wait."]);
    for path in ["/portal", "/portal/platforms/waiting"] {
        has(&open(&owner, path).await.1, &["ddd…ddd"]);
    }
}
