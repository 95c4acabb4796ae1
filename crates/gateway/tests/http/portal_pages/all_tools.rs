//! The tools of the installation: made, renamed, moved and removed by owners of the first one
//! (portal.md PO-10).

use serde_json::Value;
use simulator::browser::Page;
use test_case::both_stores;

use super::{Portal, audit, has, lacks, open, send};
use crate::portal::{OTHERS, PASSWORD, Visitor, first, link_on};
use crate::support::{Gateway, Store};
use crate::tools::with_a_held_score;

/// A host name that a second tool can have here.
const HOST: &str = "127.0.0.5";

const NEW: [(&str, &str); 3] =
    [("host", HOST), ("name", "Quiz <b>"), ("launchUrl", "http://127.0.0.3:9/quiz")];

/// The tools as the API has them.
async fn tools(gateway: &Gateway) -> Vec<Value> {
    let page = gateway.admin("GET", "/admin/tools", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()["tools"].as_array().unwrap().clone()
}

/// What stands in the element of this id.
fn shown(text: &str, id: &str) -> String {
    let (_, rest) = text.split_once(&format!("id=\"{id}\">")).unwrap_or_else(|| panic!("{text}"));
    rest.split('<').next().unwrap_or_default().to_owned()
}

/// The owner of a second tool, who came in by the link on this page, and a replica that listens
/// there.
async fn second_owner(gateway: &Gateway, made: &Page) -> (Gateway, Visitor) {
    let quiz = gateway.replica_at(HOST).await;
    let visitor = Visitor::of(&quiz);
    let link = link_on(made);
    let page = visitor.get(&link).await;
    let mut form = page.form_to(&link).unwrap_or_else(|| panic!("{}", page.text()));
    form.set("name", "Quin");
    form.set("login", "quin@school.example");
    form.set("password", OTHERS);
    let home = visitor.submit(&page, &form).await;
    assert_eq!((home.status, home.url.path()), (200, "/portal"), "{}", home.text());
    (quiz, visitor)
}

#[both_stores("PO-10")]
async fn an_owner_makes_a_tool_that_has_a_portal_of_its_own(store: Store) {
    let portal = Portal::new(store).await;
    let gateway = portal.gateway();
    let (page, text) = open(&portal.owner, "/portal/tools").await;
    has(&text, &["Test tool", "<span class=\"tag\">first</span>"]);
    let address = url::Url::parse(&gateway.at("/")).unwrap();
    has(&text, &[&format!("<span>{}</span>", address.host_str().unwrap())]);
    let made = portal.owner.post(&page, "/portal/tools", &NEW).await;
    let text = made.text();
    assert_eq!(made.status, 200, "{text}");
    has(&text, &["The tool is made: Quiz &#60;b&#62;", HOST]);
    lacks(&text, &["Quiz <b>"]);
    let all = tools(gateway).await;
    assert_eq!((&all[1]["name"], &all[1]["host"]), (&NEW[1].1.into(), &HOST.into()));
    let key = shown(&text, "key");
    let settings = gateway.as_key(&key, "GET", "/admin/tool", None).await;
    assert_eq!(settings.json().unwrap()["launchUrl"], NEW[2].1, "{}", settings.text());
    let owner_link = shown(&text, "owner");
    assert!(owner_link.contains(&format!("://{HOST}:")), "{owner_link}");
    has(&audit(&portal.owner).await, &["tool.made", "tool.ownerLinkMade"]);
    // Nothing that was shown once stands in the log.
    lacks(&audit(&portal.owner).await, &[&key, &owner_link]);
    let (quiz, owner) = second_owner(gateway, &made).await;
    let home = owner.get("/portal").await.text();
    has(&home, &["Quin, Owner"]);
    lacks(&home, &["/portal/tools", "Test tool", "tool.made"]);
    // Owners of another tool than the first see no tools, and change none.
    let id = all[1]["id"].as_str().unwrap();
    let page = owner.get("/portal").await;
    for path in [String::new(), format!("/{id}"), format!("/{id}/remove")] {
        let path = format!("/portal/tools{path}");
        assert_eq!(owner.get(&path).await.status, 404, "{path}");
        let answer = owner.post(&page, &path, &[("name", "X"), ("host", "x.example")]).await;
        assert_eq!(first(&answer), 404, "{path}: {}", answer.text());
    }
    assert_eq!(tools(gateway).await, all);
    // A portal that has an owner is given to nobody else.
    let (page, text) = open(&portal.owner, &format!("/portal/tools/{id}")).await;
    lacks(&text, &["Make the link"]);
    let path = format!("/portal/tools/{id}/owner");
    has(&send(&portal.owner, &page, &path, &[]).await, &["has users already"]);
    drop(quiz);
}

#[both_stores("PO-9", "PO-10")]
async fn an_owner_renames_moves_and_removes_a_tool(store: Store) {
    let portal = Portal::new(store).await;
    let gateway = portal.gateway();
    let (id, key) = gateway.new_tool(HOST).await;
    let path = format!("/portal/tools/{id}");
    let (page, text) = open(&portal.owner, &path).await;
    has(&text, &["Quiz", HOST, "Make the link"]);
    let changes = [("name", "Riddles"), ("host", "127.0.0.6")];
    has(&send(&portal.owner, &page, &path, &changes).await, &["Saved.", "Riddles"]);
    let all = tools(gateway).await;
    assert_eq!((&all[1]["name"], &all[1]["host"]), (&"Riddles".into(), &"127.0.0.6".into()));
    let wrong = [("name", "Riddles"), ("host", "no/host")];
    let answer = portal.owner.post(&page, &path, &wrong).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    has(&answer.text(), &["Nothing was changed", "must be a host name alone", "no/host"]);
    let made = portal.owner.post(&page, &format!("{path}/owner"), &[]).await;
    has(&made.text(), &["://127.0.0.6:", "/portal/welcome/"]);
    // It goes if its name is typed.
    let remove = format!("{path}/remove");
    let (page, text) = open(&portal.owner, &remove).await;
    has(&text, &["Remove Riddles?", "Its platforms: 0"]);
    let answer = portal.owner.post(&page, &remove, &[("name", "Quiz")]).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    has(&answer.text(), &["That is not its name"]);
    has(
        &send(&portal.owner, &page, &remove, &[("name", "Riddles")]).await,
        &["Riddles is removed."],
    );
    assert_eq!(tools(gateway).await.len(), 1);
    assert_eq!(gateway.as_key(&key, "GET", "/admin/tool", None).await.status, 401);
    has(&audit(&portal.owner).await, &["tool.renamed", "tool.moved", "tool.removed"]);
    // The first tool stays.
    let first_id = tools(gateway).await[0]["id"].as_str().unwrap().to_owned();
    let (page, text) = open(&portal.owner, &format!("/portal/tools/{first_id}")).await;
    lacks(&text, &["Remove…"]);
    let remove = format!("/portal/tools/{first_id}/remove");
    let answer = portal.owner.post(&page, &remove, &[("name", "Test tool")]).await;
    assert_eq!(first(&answer), 409, "{}", answer.text());
    assert_eq!(tools(gateway).await.len(), 1);
}

#[both_stores("PO-3")]
async fn tools_are_made_and_removed_by_who_just_gave_the_password(store: Store) {
    let portal = Portal::new(store).await;
    let (id, _) = portal.gateway().new_tool(HOST).await;
    portal.school.advance(11 * 60);
    let (page, _) = open(&portal.owner, "/portal/tools").await;
    let remove = format!("/portal/tools/{id}/remove");
    let typed = [("name", "Quiz")];
    for (path, fields) in [(remove.as_str(), &typed[..]), ("/portal/tools", &NEW[..])] {
        let asked = portal.owner.post(&page, path, fields).await;
        assert_eq!(asked.url.path(), "/portal/confirm", "{path}: {}", asked.text());
    }
    assert_eq!(tools(portal.gateway()).await.len(), 2);
    let asked = portal.owner.post(&page, "/portal/tools", &NEW).await;
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let there = portal.owner.submit(&asked, &form).await;
    assert_eq!(there.url.path(), "/portal/tools", "{}", there.text());
    has(&send(&portal.owner, &there, &remove, &[("name", "Quiz")]).await, &["Quiz is removed."]);
}

#[both_stores("GR-11")]
async fn a_tool_goes_with_its_grades_only_if_counted(store: Store) {
    let (course, id, _) = with_a_held_score(store).await;
    let gateway = &course.school.gateway;
    let owner = Visitor::owner(gateway).await;
    let path = format!("/portal/tools/{id}/remove");
    let (page, text) = open(&owner, &path).await;
    has(&text, &["have not reached the LMS yet: 1"]);
    for number in ["0", "2", "many"] {
        let answer = owner.post(&page, &path, &[("name", "Quiz"), ("undelivered", number)]).await;
        assert_eq!(first(&answer), 409, "{}", answer.text());
        has(&answer.text(), &["Meanwhile another number of grades waits."]);
    }
    assert_eq!(tools(gateway).await.len(), 2);
    let fields = [("name", "Quiz"), ("undelivered", "1")];
    has(&send(&owner, &page, &path, &fields).await, &["Quiz is removed."]);
    assert_eq!(tools(gateway).await.len(), 1);
}
