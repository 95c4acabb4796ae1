//! Line items by a handle of the application's (grades.md GR-22 to GR-25).

use std::time::Duration;

use futures_util::future::join;
use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::background::{good, graded};
use super::profiles::course_of;
use super::{Course, assert_error, at};
use crate::support::{Gateway, Store};

fn with_handle(resource: &str, user: &str, given: f64) -> Value {
    json!({
        "handle": {"resourceId": resource, "tag": "final"}, "label": "Quiz", "scoreMaximum": 10,
        "score": graded(user, given),
    })
}

/// The same for a line item that has to be there.
fn without_label(resource: &str, user: &str, given: f64) -> Value {
    let mut body = with_handle(resource, user, given);
    body.as_object_mut().unwrap().shift_remove("label");
    body
}

impl Course {
    async fn post_by_handle(&self, body: Value) -> Value {
        let page = self.ask("POST", "/api/scores", Some(body)).await;
        assert_eq!(page.status, 202, "{}", page.text());
        let delivery: Value = page.json().unwrap();
        let location = format!("/api/deliveries/{}", delivery["id"].as_str().unwrap());
        assert_eq!(page.header("location"), Some(&*location));
        delivery
    }

    /// The line items with this `resourceId`, as the LMS has them.
    fn items_of(&self, resource: &str) -> Vec<simulator::lms::LineItem> {
        let items = self.school.lms.line_items(&self.school.client_id);
        items
            .into_iter()
            .filter(|item| item.members.get("resourceId") == Some(&json!(resource)))
            .collect()
    }

    /// Waits until a delivery was tried, and then has it tried again.
    async fn tried_again(&self, id: &Value) {
        self.tried(id).await;
        let retry = format!("/api/deliveries/{}/retry", id.as_str().unwrap());
        let page = self.order(&retry, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }

    async fn create_item(&self, resource: &str, label: &str) -> String {
        let item =
            json!({"label": label, "scoreMaximum": 10, "resourceId": resource, "tag": "final"});
        let page = self.ask("POST", "/api/lineitems", Some(item)).await;
        assert_eq!(page.status, 201, "{}", page.text());
        page.json().unwrap()["id"].as_str().unwrap().to_owned()
    }
}

#[both_stores("TC-300", "GR-22", "F-25")]
async fn a_score_finds_its_line_item_by_a_handle(store: Store) {
    let course = Course::new(store).await;
    let first = course.post_by_handle(with_handle("quiz", "5", 8.0)).await;
    let first = course.comes_to(&first["id"], "delivered").await;
    let items = course.items_of("quiz");
    assert_eq!(items.len(), 1);
    assert_eq!(
        (&items[0].members["label"], &items[0].members["tag"], items[0].score_maximum),
        (&json!("Quiz"), &json!("final"), 10.0)
    );
    assert_eq!(items[0].scores["5"].score, Some(8.0));
    let id = format!("/lineitems/{}", items[0].id);
    assert!(first["lineItem"].as_str().unwrap().contains(&id), "{first}");

    // From now on it is known, and the list is not asked for again; by a service key as well.
    let asked = course.school.lms.hits(Endpoint::LineItems);
    let key = course.service_key();
    let body = Some(with_handle("quiz", "6", 9.0));
    let page = course.with_key(&key, "POST", "/api/scores", body).await;
    assert_eq!(page.status, 202, "{}", page.text());
    course.comes_to(&page.json().unwrap()["id"], "delivered").await;
    assert_eq!(course.items_of("quiz")[0].scores["6"].score, Some(9.0));
    assert_eq!(course.school.lms.hits(Endpoint::LineItems), asked);
    // An existing one is found, and left as it is (GR-25).
    course.create_item("found", "Teacher's title").await;
    let found = course.post_by_handle(with_handle("found", "5", 5.0)).await;
    course.comes_to(&found["id"], "delivered").await;
    let items = course.items_of("found");
    assert_eq!((items.len(), &items[0].members["label"]), (1, &json!("Teacher's title")));
}

#[both_stores("TC-300", "GR-22", "F-25")]
async fn of_many_servers_one_creates_the_line_item(store: Store) {
    let course = Course::new(store).await;
    let replica = course.school.gateway.replica().await;
    course.school.lms.faults().next(Endpoint::LineItems, 1, Fault::Late(Duration::from_secs(1)));
    let ask = async |gateway: &Gateway, user: &str| {
        let page = course.ask_at(gateway, "/api/scores", with_handle("race", user, 5.0)).await;
        assert_eq!(page.status, 202, "{}", page.text());
        page.json().unwrap()["id"].clone()
    };
    let (one, other) = join(ask(&course.school.gateway, "5"), ask(&replica, "6")).await;
    // One of them waits a moment for the other.
    for id in [one, other] {
        course.comes_to(&id, "delivered").await;
    }
    let items = course.items_of("race");
    assert_eq!((items.len(), items[0].scores.len()), (1, 2));
}

#[both_stores("GR-22")]
async fn a_score_waits_for_a_line_item_that_is_not_there_yet(store: Store) {
    let course = Course::new(store).await;
    let waiting = course.post_by_handle(without_label("later", "5", 5.0)).await;
    course.tried(&waiting["id"]).await;
    assert_ne!(course.shown_delivery(&waiting["id"]).await["state"], "refused");
    assert!(course.items_of("later").is_empty());
    course.create_item("later", "Later").await;
    course.tried_again(&waiting["id"]).await;
    course.comes_to(&waiting["id"], "delivered").await;
    assert_eq!(course.items_of("later")[0].scores["5"].score, Some(5.0));
    for (body, member) in [
        (json!({"score": graded("5", 1.0)}), "handle"),
        (json!({"handle": {"resourceId": ""}, "score": graded("5", 1.0)}), "handle.resourceId"),
        (json!({"handle": {"resourceId": "x", "more": 1}, "score": {}}), "handle"),
        (json!({"handle": {"resourceId": "x"}, "score": {"userId": "5"}}), "activityProgress"),
        (json!({"handle": {"resourceId": "x"}, "score": {"force": "yes"}}), "force"),
    ] {
        let page = course.ask("POST", "/api/scores", Some(body)).await;
        assert_error(member, &page, 400, "INVALID_BODY");
        assert!(page.text().contains(member), "{member}: {}", page.text());
    }
}

#[both_stores("GR-22")]
async fn a_new_line_item_is_out_of_what_the_score_is(store: Store) {
    let course = Course::new(store).await;
    let mut asked = with_handle("own", "5", 8.0);
    asked.as_object_mut().unwrap().shift_remove("scoreMaximum");
    asked["score"]["scoreMaximum"] = json!("20");
    let sent = course.post_by_handle(asked).await;
    course.comes_to(&sent["id"], "delivered").await;
    assert_eq!(course.items_of("own")[0].score_maximum, 20.0);
}

#[both_stores("GR-23")]
async fn of_several_line_items_somebody_says_which(store: Store) {
    let course = Course::new(store).await;
    let (one, other) =
        (course.create_item("twin", "One").await, course.create_item("twin", "Other").await);
    let first = course.post_by_handle(with_handle("twin", "5", 5.0)).await;
    let held = course.comes_to(&first["id"], "held").await;
    assert_eq!(held["reason"], "AMBIGUOUS_LINE_ITEM", "{held}");
    // Who reads it in the portal can't send it.
    let advice = held["advice"].as_str().unwrap();
    assert!(advice.contains("The application's developers choose one with PUT"), "{held}");
    let said = held["attempts"].to_string();
    for told in [&*one, &*other, "One", "Other"] {
        assert!(said.contains(told), "{told}: {held}");
    }
    assert!(course.items_of("twin").iter().all(|item| item.scores.is_empty()));

    let handle = json!({"resourceId": "twin", "tag": "final"});
    let pin = format!("{}/handle", at(&other));
    let page = course.ask("PUT", &pin, Some(handle.clone())).await;
    assert_eq!(good(&page), json!({"handle": handle, "lineItem": other, "scoreMaximum": 10}));
    course.comes_to(&first["id"], "delivered").await;
    let items = course.items_of("twin");
    let scores: Vec<usize> = items.iter().map(|item| item.scores.len()).collect();
    assert_eq!(scores, [0, 1]);

    for (path, status, code) in [
        ("/api/lineitems/7/handle".to_owned(), 400, "INVALID_LINEITEM_ID"),
        (format!("{}/handle", at("https://evil.example/1")), 400, "ADDRESS_NOT_OF_THE_PLATFORM"),
    ] {
        let page = course.ask("PUT", &path, Some(handle.clone())).await;
        assert_error(&path, &page, status, code);
    }
    let page = course.ask("DELETE", &pin, None).await;
    assert_eq!(page.status, 405, "the line item itself is not meant: {}", page.text());
    assert_eq!(course.items_of("twin").len(), 2);
}

#[both_stores("GR-5", "GR-23")]
async fn a_newer_score_counts_whatever_waited_for_a_choice(store: Store) {
    let course = Course::new(store).await;
    course.create_item("twin", "One").await;
    let other = course.create_item("twin", "Other").await;
    let first = course.post_by_handle(with_handle("twin", "5", 6.0)).await;
    course.comes_to(&first["id"], "held").await;
    // For longer than this test takes.
    let busy = Fault::Busy { status: 429, seconds: 600 };
    course.school.lms.faults().next(Endpoint::Scores, 1, busy);
    let handle = json!({"resourceId": "twin", "tag": "final"});
    let page = course.ask("PUT", &format!("{}/handle", at(&other)), Some(handle)).await;
    good(&page);
    let throttled = async {
        loop {
            let shown = course.shown_delivery(&first["id"]).await;
            let attempts = shown["attempts"].as_array().unwrap();
            if attempts.iter().any(|attempt| attempt["outcome"] == "throttled") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), throttled).await.unwrap();
    let second = course.post_by_handle(with_handle("twin", "5", 8.0)).await;
    let superseded = course.comes_to(&first["id"], "superseded").await;
    assert_eq!(superseded["supersededBy"], second["id"], "{superseded}");
    course.school.advance(601);
    course.comes_to(&second["id"], "delivered").await;
    let items = course.items_of("twin");
    let grades: Vec<_> = items.iter().map(|item| item.scores.get("5")).collect();
    assert_eq!((grades[0], grades[1].unwrap().score), (None, Some(8.0)));
    assert_eq!(items[1].received.len(), 1);
}

/// The LMS doesn't know the person, and answers as if it didn't know the line item.
#[both_stores("GR-23", "GR-24")]
async fn what_was_said_to_be_the_handles_stays_it(store: Store) {
    let course = Course::new(store).await;
    course.create_item("twin", "One").await;
    let other = course.create_item("elsewhere", "Other").await;
    let handle = json!({"resourceId": "twin", "tag": "final"});
    good(&course.ask("PUT", &format!("{}/handle", at(&other)), Some(handle)).await);
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Status(404));
    let sent = course.post_by_handle(with_handle("twin", "5", 5.0)).await;
    let held = course.comes_to(&sent["id"], "held").await;
    assert_eq!(held["reason"], "USER_UNKNOWN", "{held}");
    course.tried_again(&sent["id"]).await;
    course.comes_to(&sent["id"], "delivered").await;
    assert!(course.items_of("twin")[0].scores.is_empty());
    assert_eq!(course.items_of("elsewhere")[0].scores["5"].score, Some(5.0));
}

/// The first answer about the new line item gets lost, so it is looked for again.
#[both_stores("GR-22", "F-25")]
async fn sakai_gets_one_line_item_for_a_handle(store: Store) {
    let course = course_of(store, Profile::sakai()).await;
    // It is looked for by name and by label before it is made.
    let lost = || {
        let faults = [0, 0].map(|_| Fault::Late(Duration::ZERO)).into_iter();
        course
            .school
            .lms
            .faults()
            .in_turn(Endpoint::LineItems, faults.chain([Fault::Afterwards(500)]));
    };
    lost();
    let first = course.post_by_handle(with_handle("quiz:7", "5", 8.0)).await;
    course.tried_again(&first["id"]).await;
    course.comes_to(&first["id"], "delivered").await;
    let items = course.items_of("quiz:7");
    assert_eq!((items.len(), items[0].scores["5"].score), (1, Some(8.0)));

    // Of one character Sakai tells nothing, so a person says that it is the one with the label.
    lost();
    let mut single = with_handle("7", "5", 7.0);
    single["label"] = json!("Quiz 7");
    let second = course.post_by_handle(single).await;
    course.tried_again(&second["id"]).await;
    let held = course.comes_to(&second["id"], "held").await;
    assert_eq!(held["reason"], "AMBIGUOUS_LINE_ITEM", "{held}");
    let items = course.read("/api/lineitems?label=Quiz%207").await;
    let id = items["lineItems"][0]["id"].as_str().unwrap();
    assert!(held["attempts"].to_string().contains(id), "{held}");
    let handle = json!({"resourceId": "7", "tag": "final"});
    good(&course.ask("PUT", &format!("{}/handle", at(id)), Some(handle)).await);
    course.comes_to(&second["id"], "delivered").await;
    let items = course.items_of("7");
    assert_eq!((items.len(), items[0].scores["5"].score), (1, Some(7.0)));
}

#[both_stores("GR-22", "GR-23")]
async fn no_handle_takes_over_anothers_column_at_sakai(store: Store) {
    let course = course_of(store, Profile::sakai()).await;
    let first = course.post_by_handle(with_handle("one", "5", 8.0)).await;
    course.comes_to(&first["id"], "delivered").await;
    let second = course.post_by_handle(with_handle("other", "6", 9.0)).await;
    let held = course.comes_to(&second["id"], "held").await;
    assert_eq!(held["reason"], "AMBIGUOUS_LINE_ITEM", "{held}");
    assert_eq!(course.items_of("one")[0].scores.len(), 1);
    assert!(course.items_of("other").is_empty());
    let mut third = with_handle("other", "7", 7.0);
    third["label"] = json!("Another quiz");
    let third = course.post_by_handle(third).await;
    course.comes_to(&third["id"], "delivered").await;
    course.tried_again(&second["id"]).await;
    course.comes_to(&second["id"], "delivered").await;
    let items = course.items_of("other");
    assert_eq!((items.len(), items[0].scores.len()), (1, 2));
}

#[both_stores("GR-25")]
async fn a_handles_names_stay_when_it_is_put_in_step_at_sakai(store: Store) {
    let course = course_of(store, Profile::sakai()).await;
    let mut asked = with_handle("quiz:7", "5", 8.0);
    let first = course.post_by_handle(asked.clone()).await;
    course.comes_to(&first["id"], "delivered").await;
    asked["label"] = json!("Renamed");
    asked["score"]["userId"] = json!("6");
    asked["score"]["syncLineItem"] = json!(true);
    let second = course.post_by_handle(asked).await;
    course.comes_to(&second["id"], "delivered").await;
    let items = course.items_of("quiz:7");
    assert_eq!((items.len(), &items[0].members["label"]), (1, &json!("Renamed")));
}

#[both_stores("TC-308", "GR-24", "F-26")]
async fn a_deleted_line_item_stays_deleted_unless_told_otherwise(store: Store) {
    let course = Course::new(store).await;
    let first = course.post_by_handle(with_handle("gone", "5", 5.0)).await;
    course.comes_to(&first["id"], "delivered").await;
    course.school.lms.delete_line_item(course.items_of("gone")[0].id);
    course.school.advance(2);
    let second = course.post_by_handle(with_handle("gone", "5", 6.0)).await;
    let held = course.comes_to(&second["id"], "held").await;
    assert_eq!(held["reason"], "LINE_ITEM_GONE", "{held}");
    assert!(course.items_of("gone").is_empty());
    // One that has the handle takes its place.
    course.create_item("gone", "Put back").await;
    let retry = format!("/api/deliveries/{}/retry", second["id"].as_str().unwrap());
    assert_eq!(course.order(&retry, None).await.status, 200);
    course.comes_to(&second["id"], "delivered").await;
    assert_eq!(course.items_of("gone")[0].scores["5"].score, Some(6.0));

    for (policy, state, items) in [("refuse", "refused", 0), ("recreate", "delivered", 1)] {
        course.school.gateway.patch_tool(json!({"grades": {"lineItemGone": policy}})).await;
        for item in course.items_of("gone") {
            course.school.lms.delete_line_item(item.id);
        }
        course.school.advance(2);
        let user = if policy == "refuse" { "6" } else { "7" };
        let next = course.post_by_handle(with_handle("gone", user, 7.0)).await;
        course.comes_to(&next["id"], state).await;
        assert_eq!(course.items_of("gone").len(), items, "{policy}");
    }
}

/// The list doesn't show it, because it lacks the handle's names.
#[both_stores("GR-23", "GR-24")]
async fn what_is_chosen_for_a_deleted_one_gets_its_scores(store: Store) {
    let course = Course::new(store).await;
    let first = course.post_by_handle(with_handle("gone", "5", 5.0)).await;
    course.comes_to(&first["id"], "delivered").await;
    course.school.lms.delete_line_item(course.items_of("gone")[0].id);
    course.school.advance(2);
    let second = course.post_by_handle(with_handle("gone", "5", 6.0)).await;
    let held = course.comes_to(&second["id"], "held").await;
    assert_eq!(held["reason"], "LINE_ITEM_GONE", "{held}");
    let other = course.create_item("elsewhere", "Other").await;
    let handle = json!({"resourceId": "gone", "tag": "final"});
    good(&course.ask("PUT", &format!("{}/handle", at(&other)), Some(handle)).await);
    course.tried_again(&second["id"]).await;
    course.comes_to(&second["id"], "delivered").await;
    assert_eq!(course.items_of("elsewhere")[0].scores["5"].score, Some(6.0));
}

#[both_stores("GR-25")]
async fn a_line_item_is_changed_only_when_asked(store: Store) {
    let course = Course::new(store).await;
    let first = course.post_by_handle(with_handle("sync", "5", 5.0)).await;
    course.comes_to(&first["id"], "delivered").await;
    let mut renamed = with_handle("sync", "6", 5.0);
    renamed["label"] = "Renamed".into();
    renamed["scoreMaximum"] = 20.into();
    let second = course.post_by_handle(renamed.clone()).await;
    course.comes_to(&second["id"], "delivered").await;
    assert_eq!(course.items_of("sync")[0].members["label"], "Quiz");
    renamed["score"]["userId"] = "7".into();
    renamed["score"]["syncLineItem"] = true.into();
    let third = course.post_by_handle(renamed).await;
    course.comes_to(&third["id"], "delivered").await;
    let items = course.items_of("sync");
    assert_eq!(
        (items.len(), &items[0].members["label"], items[0].score_maximum),
        (1, &json!("Renamed"), 20.0)
    );
    assert_eq!(items[0].members["tag"], "final", "the rest stays");
    assert!(items[0].received.iter().all(|score| score.get("syncLineItem").is_none()));
}
