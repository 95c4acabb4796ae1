//! Students of StudyReel, and the paths they are placed in.

use serde_json::json;
use test_case::both_stores;

use super::{audit, has, lacks, open, send};
use crate::portal::{Visitor, first};
use crate::studyreel::{StudyReel, valid, valid_with};
use crate::support::Store;

/// The id of the one student on a page.
fn student_on(text: &str) -> String {
    let (_, rest) = text.split_once("href=\"/portal/people/").unwrap_or_else(|| panic!("{text}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[both_stores("PO-9")]
async fn a_student_is_found_explained_disabled_and_erased(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let owner = Visitor::owner(&studyreel.gateway).await;
    has(&open(&owner, "/portal/people").await.1, &["No student has come yet."]);
    let launch = valid_with("ada@school.example", json!({"studyreel_grade_math": "4"}));
    studyreel.ok(&launch).await;
    studyreel.ok(&valid("ben@school.example")).await;

    let (page, text) = open(&owner, "/portal/people").await;
    has(&text, &["Ada Moss", "grade 4"]);
    let found = owner.post(&page, "/portal/people", &[("text", "ada@school.example")]).await;
    assert_eq!(found.url.query(), None, "nothing personal in an address");
    let path = format!("/portal/people/{}", student_on(&found.text()));
    lacks(&found.text(), &["ben@school.example"]);
    // The field on top leads there, too: by our id, and by what the LMS calls them.
    let (_, id) = path.rsplit_once('/').unwrap();
    let finder = owner.post(&page, "/portal/find", &[("q", "ada@school.example")]).await;
    assert_eq!((finder.status, finder.url.path()), (200, path.as_str()), "{}", finder.text());
    for hop in &finder.hops {
        assert!(!hop.url.as_str().contains("school.example"), "{}", hop.url);
    }
    has(&finder.text(), &["<dd>StudyReel · "]);
    let viewer = Visitor::invited(&studyreel.gateway, &owner, "viewer").await;
    for (who, found) in [(&owner, path.as_str()), (&viewer, "/portal/find")] {
        let page = who.get(&format!("/portal/find?q={id}")).await;
        assert_eq!((page.status, page.url.path()), (200, found), "{}", page.text());
    }
    let (home, _) = open(&viewer, "/portal").await;
    let seen = viewer.post(&home, "/portal/find", &[("q", "ada@school.example")]).await;
    assert_eq!(seen.url.path(), "/portal/find", "{}", seen.text());
    lacks(&seen.text(), &["Ada Moss", path.as_str()]);
    let nobody = owner.post(&page, "/portal/people", &[("text", "eve@school.example")]).await;
    has(&nobody.text(), &["No student was found."]);

    let (_, text) = open(&owner, &path).await;
    has(
        &text,
        &["Ada Moss", "Where they stand, and why", "grade 4", "Math 4", "ada@school.example"],
    );
    has(&send(&owner, &page, &path, &[("do", "disable")]).await, &["is changed", "Disabled"]);
    assert!(studyreel.launch(&launch_again()).await.status >= 400);
    has(&send(&owner, &page, &path, &[("do", "enable")]).await, &["Active"]);

    let erase = format!("{path}/erase");
    has(&open(&owner, &erase).await.1, &["Erase this student?", "Ada Moss"]);
    has(&send(&owner, &page, &erase, &[]).await, &["The student is erased."]);
    let log = audit(&owner).await;
    has(&log, &["student.changed", "student.erased"]);
    has(&log, &["status: <del>active</del> → <ins>disabled</ins>"]);
    lacks(&log, &["Ada", "ada@school.example"]);
    let gone = owner.get(&path).await;
    lacks(&gone.text(), &["Ada", "ada@school.example"]);
    assert_eq!(first(&owner.post(&page, "/portal/people/x/erase", &[]).await), 404);
}

/// The student once more.
fn launch_again() -> serde_json::Value {
    valid("ada@school.example")
}

#[both_stores]
async fn paths_are_defined_shown_tried_and_deleted(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let owner = Visitor::owner(&studyreel.gateway).await;
    let path = "/portal/paths";
    let (page, text) = open(&owner, path).await;
    has(&text, &["the standard paths apply"]);
    let preview = [("payload", r#"{"studyreel_grade_math": 4}"#)];
    let shown = owner.post(&page, "/portal/paths/preview", &preview).await;
    has(&shown.text(), &["math", "<dd>grade 4"]);
    let wrong = owner.post(&page, "/portal/paths/preview", &[("payload", "[]")]).await;
    assert_eq!(wrong.status, 400);
    // The same without JSON.
    let chosen = [("ofSubject", "math"), ("knownGrade", "6"), ("knownScore", "201")];
    let shown = owner.post(&page, "/portal/paths/preview", &chosen).await;
    has(&shown.text(), &["<dd>grade 6", "disagree: the score is that of grade"]);
    let wrong = owner.post(&page, "/portal/paths/preview", &[("knownScore", "many")]).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
    has(&wrong.text(), &["value=\"many\"", "must be a whole number"]);

    let math =
        r#"{"id": "fractions", "subject": "math", "title": "Fractions", "grades": [3, 4, 5]}"#;
    let first = [("do", "save"), ("json", math), ("standard", "void")];
    let text = send(&owner, &page, path, &first).await;
    has(&text, &["The learning path is saved.", "no longer apply", "Fractions", "3, 4, 5"]);
    let again = owner.post(&page, path, &[("do", "save"), ("json", math)]).await;
    assert_eq!(again.status, 400, "{}", again.text());
    has(&again.text(), &["This was not done", "already"]);
    // Nothing is wrong with the form that wasn't sent.
    let mistaken = math.replace("[3, 4, 5]", r#"[3, "four"]"#);
    let fields = [("do", "save"), ("id", "fractions"), ("json", mistaken.as_str())];
    let refused = owner.post(&page, path, &fields).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    lacks(&refused.text(), &["aria-invalid"]);
    // It is shown where it was typed.
    has(&refused.text(), &["<h1>Fractions</h1>", "&#34;four&#34;", "value=\"fractions\""]);
    let changed = math.replace("[3, 4, 5]", "[3, 4]");
    let fields = [("do", "save"), ("id", "fractions"), ("json", changed.as_str())];
    has(&send(&owner, &page, path, &fields).await, &["3, 4<"]);
    let text = send(&owner, &page, path, &[("do", "delete"), ("id", "fractions")]).await;
    has(&text, &["The learning path is deleted.", "the standard paths apply"]);
    // The same without JSON.
    let named = [("do", "define"), ("id", "halves"), ("subject", "math"), ("title", "Halves")];
    let wrong: Vec<_> = named.into_iter().chain([("grades", "3, four")]).collect();
    let refused = owner.post(&page, path, &wrong).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    has(&refused.text(), &["value=\"Halves\"", "value=\"3, four\"", "must take grades"]);
    has(&refused.text(), &["<a href=\"#grades\">Grades</a>", "aria-invalid"]);
    let right = [("grades", "3, 4"), ("standard", "void")];
    let right: Vec<_> = named.into_iter().chain(right).collect();
    has(&send(&owner, &page, path, &right).await, &["The learning path is saved.", "Halves"]);
    let log = audit(&owner).await;
    has(&log, &["learning_path.saved", "learning_path.deleted", "<del>fractions</del>"]);
}

/// Students would lose their places in the others without a word.
#[both_stores]
async fn the_first_path_asks_what_becomes_of_the_standard_ones(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let owner = Visitor::owner(&studyreel.gateway).await;
    let path = "/portal/paths";
    let (page, _) = open(&owner, path).await;
    let wrong = [("do", "define"), ("id", "half past"), ("subject", "math"), ("title", "")];
    let refused = owner.post(&page, path, &wrong).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    has(&refused.text(), &["href=\"#title\"", "href=\"#id\"", "href=\"#grades\""]);
    let halves = [("id", "halves"), ("subject", "math"), ("title", "Halves"), ("grades", "3, 4")];
    let halves: Vec<_> = [("do", "define")].into_iter().chain(halves).collect();
    let asked = owner.post(&page, path, &halves).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    has(&asked.text(), &["Keep the standard paths?", "Halves", "Nothing is saved yet"]);
    has(&asked.text(), &["<li>Science</li>", "<li>Reading</li>"]);
    lacks(&asked.text(), &["<li>Math</li>"]);
    has(&open(&owner, path).await.1, &["the standard paths apply"]);
    let mut form = asked.form_to(path).unwrap();
    form.set("standard", "keep");
    let kept = owner.submit(&asked, &form).await.text();
    has(&kept, &["are your own now", "Halves", "<code>science</code>", "<code>reading</code>"]);
    lacks(&kept, &["<code>math</code>", "the standard paths apply"]);
    // From then on there is nothing to ask.
    let art = [("do", "define"), ("id", "art"), ("subject", "art"), ("title", "Art")];
    let art: Vec<_> = art.into_iter().chain([("grades", "1")]).collect();
    has(&send(&owner, &page, path, &art).await, &["The learning path is saved.", "Art"]);
}

/// Browsers and other clients resolve `.` and `..` in addresses.
#[both_stores]
async fn a_path_whose_id_is_dots_can_be_deleted(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let gateway = &studyreel.gateway;
    let owner = Visitor::owner(gateway).await;
    let (path, there) = ("/portal/paths", "/portal/paths/delete?id=..");
    let dots = json!({"id": "..", "subject": "art", "grades": [1]});
    let refused = gateway.admin("POST", "/admin/learning-paths", Some(dots.clone())).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    has(&refused.text(), &["must contain more than dots"]);
    let (page, _) = open(&owner, path).await;
    let fields =
        [("do", "define"), ("id", "."), ("subject", "art"), ("title", "Art"), ("grades", "1")];
    let refused = owner.post(&page, path, &fields).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    has(&refused.text(), &["must contain more than dots"]);
    // One that was there before.
    let code = json!({"format": 1, "tools": [{"learningPaths": [dots]}]});
    let applied = gateway.admin("POST", "/admin/apply", Some(code)).await;
    assert_eq!(applied.status, 200, "{}", applied.text());
    let change = format!("{path}?change=..");
    has(&open(&owner, path).await.1, &[&format!("href=\"{change}\"")]);
    has(&open(&owner, &change).await.1, &[&format!("href=\"{there}\"")]);
    let (page, _) = open(&owner, there).await;
    let form = page.form_to(path).unwrap();
    let page = owner.submit(&page, &form).await;
    has(&page.text(), &["The learning path is deleted.", "the standard paths apply"]);
}
