//! Names of line items at Sakai, which comes in two spellings, pages that have none of those asked
//! for, and line items of other sites.

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, claim_name};
use simulator::profiles::Profile;
use test_case::both_stores;

use super::background::graded;
use super::profiles::course_of;
use super::{Course, assert_error, at, encoded};
use crate::support::Store;

async fn create(course: &Course, label: &str, resource: &str, tag: &str) -> Value {
    let item = json!({"label": label, "scoreMaximum": 10, "resourceId": resource, "tag": tag});
    let page = course.ask("POST", "/api/lineitems", Some(item)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    page.json().unwrap()
}

async fn listed(course: &Course, query: &str) -> Vec<Value> {
    let list = course.read(&format!("/api/lineitems?{query}")).await;
    list["lineItems"].as_array().unwrap().clone()
}

#[both_stores("F-24")]
async fn a_line_item_at_sakai_is_found_by_any_name(store: Store) {
    let course = course_of(store, Profile::sakai()).await;
    let names = ["quiz:7", "unit 1/b", "50%25", "Prüfung", "plain"];
    for name in names {
        let made = create(&course, name, name, "t:1").await;
        assert_eq!(made["resourceId"], name, "it repeats what was written");
        let found = listed(&course, &format!("resourceId={}&limit=1", encoded(name))).await;
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!((&found[0]["id"], &found[0]["resourceId"]), (&made["id"], &json!(name)));
        // Nobody said what the tag is, so it is as Sakai has it.
        assert_eq!(found[0]["tag"], "t%3A1");
    }
    let found = listed(&course, "tag=t%3A1").await;
    assert_eq!(found.len(), names.len());
    assert!(found.iter().all(|item| item["tag"] == "t:1"), "{found:?}");
    let all = listed(&course, "").await;
    let shown: Vec<&Value> = all.iter().skip(1).map(|item| &item["resourceId"]).collect();
    assert_eq!(shown, ["quiz%3A7", "unit+1%2Fb", "50%2525", "Pr%C3%BCfung", "plain"]);
    for none in ["quiz:8", "50%", "Quiz:7"] {
        let found = listed(&course, &format!("resourceId={}", encoded(none))).await;
        assert!(found.is_empty(), "{none}: {found:?}");
    }
}

#[both_stores("F-22", "F-24")]
async fn a_page_with_none_of_those_asked_for_is_turned(store: Store) {
    let mut sakai = Profile::sakai();
    sakai.services.lists.whole = false;
    for profile in [Profile::moodle(), sakai] {
        let name = profile.name;
        let course = course_of(store, profile).await;
        for number in 1..=5 {
            create(&course, &format!("Item {number}"), &format!("quiz:{number}"), "final").await;
        }
        let lms = &course.school.lms;
        lms.faults().set(Endpoint::LineItems, Fault::Paged(2));
        for query in ["resourceId=quiz%3A5", "label=Item%205"] {
            let list = course.read(&format!("/api/lineitems?{query}")).await;
            assert_eq!(list["lineItems"][0]["label"], "Item 5", "{name}: {list}");
            assert_eq!(list.get("next"), None, "{name}: {list}");
        }
        let list = course.read("/api/lineitems?resourceId=quiz%3A9").await;
        assert_eq!((&list["lineItems"], list.get("next")), (&json!([]), None), "{name}");
        // If it is the second of the pages, the third one is named.
        let list = course.read("/api/lineitems?resourceId=quiz%3A3").await;
        assert!(list["next"].is_string(), "{name}: {list}");
        let next = encoded(list["next"].as_str().unwrap());
        assert_eq!(listed(&course, &format!("url={next}")).await, [Value::Null; 0], "{name}");
        // All of them come page by page.
        let list = course.read("/api/lineitems").await;
        assert_eq!(list["lineItems"].as_array().unwrap().len(), 2, "{name}: {list}");
        assert!(list["next"].is_string(), "{name}: {list}");
    }
}

#[both_stores("F-24", "GR-25")]
async fn a_name_survives_being_read_and_put_back(store: Store) {
    let mut newer = Profile::sakai();
    newer.services.lists.encodes_names = false;
    for (profile, names) in
        [(Profile::sakai(), ["quiz:7", "50%25", "a+b"]), (newer, ["quiz:7", "50%25", "a+b"])]
    {
        let encodes = profile.services.lists.encodes_names;
        let course = course_of(store, profile).await;
        for name in names {
            let made = create(&course, name, name, "the tag").await;
            let path = at(made["id"].as_str().unwrap());
            let kept = || {
                let items = course.school.lms.line_items(&course.school.client_id);
                let item = items.into_iter().next_back().unwrap();
                let text = |member: &str| item.members[member].as_str().unwrap().to_owned();
                ((text("label"), text("resourceId"), text("tag")), item.score_maximum)
            };
            let mut item = course.read(&path).await;
            let renamed = format!("{name} again");
            item["label"] = json!(renamed);
            let page = course.ask("PUT", &path, Some(item)).await;
            assert_eq!(page.status, 201, "{}", page.text());
            let expected = (renamed, name.to_owned(), "the tag".to_owned());
            assert_eq!(kept(), (expected.clone(), 10.0), "encodes: {encodes}");
            // Nor does a score change it that brings another maximum.
            let mut score = graded("5", 8.0);
            score["scoreMaximum"] = json!(20);
            score["syncLineItem"] = json!(true);
            let page = course.ask("POST", &format!("{path}/scores"), Some(score)).await;
            assert_eq!(page.status, 204, "{}", page.text());
            assert_eq!(kept(), (expected, 20.0), "encodes: {encodes}");
        }
    }
}

#[both_stores("F-24")]
async fn a_name_that_a_tool_changes_is_its_own(store: Store) {
    let course = course_of(store, Profile::sakai()).await;
    let made = create(&course, "Quiz", "quiz:7", "final").await;
    let path = at(made["id"].as_str().unwrap());
    let mut item = course.read(&path).await;
    // It looks as if it were encoded, and is not what Sakai has.
    item["resourceId"] = json!("quiz%3A8");
    let page = course.ask("PUT", &path, Some(item)).await;
    assert_eq!((page.status, &page.json().unwrap()["resourceId"]), (201, &json!("quiz%3A8")));
    assert_eq!(listed(&course, "resourceId=quiz%253A8").await.len(), 1);
    assert_eq!(listed(&course, "resourceId=quiz%3A7").await.len(), 0);
}

/// The addresses are those of a real Sakai, where the simulated one has nothing.
#[both_stores("F-09")]
async fn a_launch_at_sakai_reaches_its_site_alone(store: Store) {
    let course = course_of(store, Profile::sakai()).await;
    let root = format!("{}/imsblis/lti13", course.school.lms.url());
    let claims = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut grades = claims[claim_name("endpoint")].clone();
    grades["lineitems"] = format!("{root}/lineitems/site-a").into();
    grades["lineitem"] = format!("{root}/lineitem/x:::site-a:::content:3").into();
    let launch = course.school.teacher().with("endpoint", grades);
    let course = Course::of(course.school, launch).await;
    for (item, is_asked) in [
        ("lineitem/x:::site-a:::content:3", true),
        ("lineitems/site-a/5", true),
        ("lineitems/y:::site-a:::content:9/5", true),
        ("lineitems/site-b/5", false),
        ("lineitem/y:::site-b:::content:9", false),
        ("lineitems/site-a/..%20/site-b/5", false),
    ] {
        let id = format!("{root}/{item}");
        let page = course.ask("GET", &at(&id), None).await;
        let (status, code) = match is_asked {
            true => (404, "PLATFORM_REFUSED"),
            false => (400, "ADDRESS_NOT_OF_THE_PLATFORM"),
        };
        let details = assert_error(item, &page, status, code);
        assert_eq!(details["externalUrl"] == json!(id), is_asked, "{item}: {details}");
    }
}
