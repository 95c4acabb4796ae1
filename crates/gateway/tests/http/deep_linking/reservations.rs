//! Handles: content that is chosen once in a course, and known to have arrived.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::lms::Launch;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::{answered, asked, asking, deliver, post, refused};
use crate::platform_services::at;
use crate::platform_services::profiles::course_of;
use crate::registered::{Registered, ltik_of};
use crate::support::{API_KEY, Gateway, Store};

const PATH: &str = "/api/deeplinking/reservations";

fn item(gateway: &Gateway, handle: &str) -> Value {
    json!({
        "type": "ltiResourceLink", "title": "Quiz 7", "handle": handle,
        "url": gateway.at("/lti/launch?quiz=7"),
        "lineItem": {"scoreMaximum": 10},
    })
}

fn items(gateway: &Gateway, handles: &[&str]) -> Value {
    let items: Vec<Value> = handles.iter().map(|handle| item(gateway, handle)).collect();
    json!({"contentItems": items})
}

async fn ask(gateway: &Gateway, method: &str, path: &str, ltik: &str) -> Page {
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    gateway.with_authorization(method, path, None, &header).await
}

/// What the application is told of a handle.
async fn read(gateway: &Gateway, ltik: &str, handle: &str) -> Value {
    let page = ask(gateway, "GET", &format!("{PATH}/{handle}"), ltik).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()
}

async fn state(gateway: &Gateway, ltik: &str, handle: &str) -> String {
    read(gateway, ltik, handle).await["state"].as_str().unwrap().to_owned()
}

/// Chooses content with a handle, all the way into the course; the link there.
pub(crate) async fn place(school: &Registered, handle: &str) -> String {
    let ltik = asked(school, json!({})).await;
    let body = items(&school.gateway, &[handle]);
    let (message, target, _) = answered(&school.gateway, &ltik, body).await;
    assert_eq!(deliver(&message, &target).await.status, 200);
    let courses = school.lms.courses();
    let link =
        courses[0].links.iter().rfind(|link| link.custom.get("handle") == Some(&json!(handle)));
    link.unwrap().id.clone()
}

pub(crate) fn opening(school: &Registered, link: &str) -> Launch {
    school.student().link("2", link)
}

#[both_stores("SV-3")]
async fn a_handle_is_chosen_once_in_a_course(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let (first, second) = (asked(&school, json!({})).await, asked(&school, json!({})).await);
    let (message, ..) = answered(gateway, &first, items(gateway, &["quiz/7"])).await;
    // The member itself is ours; what carries it is a parameter.
    let claims = simulator::jose::decode(&message).unwrap().claims;
    let sent = &claims[super::ITEMS][0];
    assert_eq!(sent.get("handle"), None);
    assert_eq!(sent["custom"], json!({"handle": "quiz/7"}));
    assert_eq!(sent["url"], gateway.at("/lti/launch?quiz=7&handle=quiz%2F7"));
    assert_eq!(sent["lineItem"]["resourceId"], "quiz/7");

    let page = post(gateway, "/api/deeplinking", &second, items(gateway, &["new", "quiz/7"])).await;
    let answer = page.json().unwrap();
    assert_eq!((page.status, &answer["details"]["message"]), (409, &json!("ALREADY_SELECTED")));
    assert_eq!(answer["details"]["handle"], "quiz/7");
    // All or none: the other handle is free, and the launch can still be answered.
    let page = ask(gateway, "GET", &format!("{PATH}/new"), &second).await;
    assert_eq!(page.status, 404, "{}", page.text());
    answered(gateway, &second, items(gateway, &["new"])).await;
    // A launch that was answered hears that, not of its own handle.
    let again = refused(gateway, &first, items(gateway, &["quiz/7"])).await;
    assert_eq!((again.0, &*again.1), (409, "DEEP_LINKING_ALREADY_ANSWERED"));

    let known = read(gateway, &second, "quiz%2F7").await;
    assert_eq!((&known["handle"], &known["state"]), (&json!("quiz/7"), &json!("reserved")));
    let list = ask(gateway, "GET", PATH, &first).await.json().unwrap();
    assert_eq!(list["reservations"].as_array().unwrap().len(), 2);
    assert_eq!(list.get("nextCursor"), None);
    let page = ask(gateway, "GET", &format!("{PATH}?limit=1"), &first).await.json().unwrap();
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = ask(gateway, "GET", &format!("{PATH}?limit=1&cursor={cursor}"), &first).await;
    let rest = rest.json().unwrap();
    assert_ne!(page["reservations"], rest["reservations"]);
    assert_eq!(rest.get("nextCursor"), None);
    assert_eq!(ask(gateway, "GET", &format!("{PATH}?page=2"), &first).await.status, 400);

    // Another course is another matter.
    let launch = asking(&school, &json!({})).link("3", "");
    let elsewhere = ltik_of("course 3", &school.launch(&launch).await);
    let list = ask(gateway, "GET", PATH, &elsewhere).await.json().unwrap();
    assert_eq!(list, json!({"reservations": []}));
    answered(gateway, &elsewhere, items(gateway, &["quiz/7"])).await;
}

#[both_stores("SV-3")]
async fn what_does_not_arrive_in_half_an_hour_is_free_again(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let ltiks = [
        asked(&school, json!({})).await,
        asked(&school, json!({})).await,
        asked(&school, json!({})).await,
    ];
    answered(gateway, &ltiks[0], items(gateway, &["h"])).await;
    school.advance(29 * 60);
    assert_eq!(refused(gateway, &ltiks[1], items(gateway, &["h"])).await.1, "ALREADY_SELECTED");
    school.advance(61);
    assert_eq!(state(gateway, &ltiks[1], "h").await, "expired");
    answered(gateway, &ltiks[1], items(gateway, &["h"])).await;
    assert_eq!(state(gateway, &ltiks[1], "h").await, "reserved");
    assert_eq!(refused(gateway, &ltiks[2], items(gateway, &["h"])).await.1, "ALREADY_SELECTED");
}

#[both_stores("SV-3", "SV-4", "SV-15")]
async fn a_launch_with_the_handle_places_it(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let link = place(&school, "h").await;
    let ltik = asked(&school, json!({})).await;
    assert_eq!(state(gateway, &ltik, "h").await, "reserved");
    let token = school.accepts("the link", opening(&school, &link)).await;
    assert_eq!(token["custom"]["handle"], "h");
    // Whoever placed the content knows whose line item that is.
    assert_eq!(token["launch"]["lineItem"]["known"], true);
    let known = read(gateway, &ltik, "h").await;
    assert_eq!(known["state"], "placed");
    assert_eq!(known["resourceLinkId"], link.as_str());
    assert_eq!(known["lineItemId"], token["launch"]["lineItemId"]);
    // It stays taken.
    school.advance(31 * 60);
    assert_eq!(refused(gateway, &ltik, items(gateway, &["h"])).await.1, "ALREADY_SELECTED");
    let page = ask(gateway, "GET", &format!("{PATH}/h"), &ltik).await.json().unwrap();
    assert_eq!(page, known);
    // A handle that nobody reserved is the link's own affair.
    let stray = school.student().with("custom", json!({"handle": "stray"}));
    school.accepts("stray", stray).await;
    assert_eq!(ask(gateway, "GET", &format!("{PATH}/stray"), &ltik).await.status, 404);
}

#[both_stores("SV-3", "SV-4")]
async fn the_links_address_alone_carries_the_handle(store: Store) {
    let school = Registered::new(store).await;
    let link = place(&school, "h").await;
    // As SpeedGrader does: the address with its query, and few claims.
    let launch = opening(&school, &link).without("custom").without("endpoint");
    school.accepts("no custom parameters", launch).await;
    let ltik = asked(&school, json!({})).await;
    let known = read(&school.gateway, &ltik, "h").await;
    assert_eq!((&known["state"], known.get("lineItemId")), (&json!("placed"), None));
}

#[both_stores("SV-3", "SV-4")]
async fn a_line_item_with_the_handle_places_it(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    place(&school, "h").await;
    let ltik = ltik_of("teacher", &school.launch(&school.teacher()).await);
    let list = ask(gateway, "GET", "/api/lineitems?resourceId=h", &ltik).await;
    let list = list.json().unwrap();
    let id = list["lineItems"][0]["id"].as_str().unwrap();
    let known = read(gateway, &ltik, "h").await;
    assert_eq!((&known["state"], &known["lineItemId"]), (&json!("placed"), &json!(id)));
    // Deleted here, it is free again.
    assert_eq!(ask(gateway, "DELETE", &at(id), &ltik).await.status, 204);
    assert_eq!(state(gateway, &ltik, "h").await, "released");
    let ltik = asked(&school, json!({})).await;
    answered(gateway, &ltik, items(gateway, &["h"])).await;
}

/// All reservations of the course are looked at, however many it has.
#[both_stores("SV-4")]
async fn a_line_item_places_its_handle_among_a_thousand(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    place(&school, "h").await;
    let ltik = ltik_of("teacher", &school.launch(&school.teacher()).await);
    gateway
        .meddle(
            "WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 1000) \
             INSERT INTO reservations \
             (id, course_id, tool_id, platform_id, handle, answer_id, reserved_at, reserved_until, forget_at) \
             SELECT '0' || CAST(i AS TEXT), course_id, tool_id, platform_id, CAST(i AS TEXT), answer_id, \
             reserved_at, reserved_until, forget_at FROM reservations, numbers",
        )
        .await;
    ask(gateway, "GET", "/api/lineitems?resourceId=h", &ltik).await;
    assert_eq!(state(gateway, &ltik, "h").await, "placed");
}

#[both_stores("SV-4")]
async fn a_store_that_fails_withholds_no_line_items(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    place(&school, "h").await;
    let ltik = ltik_of("teacher", &school.launch(&school.teacher()).await);
    gateway.meddle("ALTER TABLE reservations RENAME TO reservations_away").await;
    let list = ask(gateway, "GET", "/api/lineitems?resourceId=h", &ltik).await;
    gateway.meddle("ALTER TABLE reservations_away RENAME TO reservations").await;
    assert_eq!(list.status, 200, "{}", list.text());
    assert_eq!(list.json().unwrap()["lineItems"][0]["resourceId"], "h");
    assert_eq!(state(gateway, &ltik, "h").await, "reserved");
    // The next list places it.
    ask(gateway, "GET", "/api/lineitems?resourceId=h", &ltik).await;
    assert_eq!(state(gateway, &ltik, "h").await, "placed");
}

#[both_stores("SV-4", "F-24")]
async fn a_line_item_at_sakai_places_its_handle(store: Store) {
    let course = course_of(store, Profile::sakai()).await;
    place(&course.school, "quiz:7").await;
    let gateway = &course.school.gateway;
    assert_eq!(state(gateway, &course.ltik, "quiz%3A7").await, "reserved");
    // By a list of all, in which it is encoded.
    course.read("/api/lineitems").await;
    assert_eq!(state(gateway, &course.ltik, "quiz%3A7").await, "placed");
}

#[both_stores("SV-3")]
async fn a_handle_that_is_released_can_be_chosen_again_and_comes_back(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let link = place(&school, "h").await;
    school.accepts("the link", opening(&school, &link)).await;
    let ltik = asked(&school, json!({})).await;
    let release = format!("{PATH}/h");
    assert_eq!(ask(gateway, "DELETE", &release, &ltik).await.status, 204);
    assert_eq!(read(gateway, &ltik, "h").await.get("placedAt"), None);
    // The link was not gone after all.
    school.accepts("still there", opening(&school, &link)).await;
    assert_eq!(state(gateway, &ltik, "h").await, "placed");
    assert_eq!(refused(gateway, &ltik, items(gateway, &["h"])).await.1, "ALREADY_SELECTED");

    assert_eq!(ask(gateway, "DELETE", &release, &ltik).await.status, 204);
    answered(gateway, &ltik, items(gateway, &["h"])).await;
    assert_eq!(state(gateway, &ltik, "h").await, "reserved");
    let page = ask(gateway, "DELETE", &format!("{PATH}/never"), &ltik).await;
    assert_eq!(page.status, 404, "{}", page.text());
}

#[both_stores("SV-3")]
async fn an_answer_that_fails_reserves_nothing(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let ltik = asked(&school, json!({"accept_types": ["link"]})).await;
    let (status, code, _) = refused(gateway, &ltik, items(gateway, &["h"])).await;
    assert_eq!((status, &*code), (400, "CONTENT_ITEMS_NOT_ACCEPTED"));
    // An error takes no item along, so no handle either.
    let ltik = asked(&school, json!({})).await;
    let mut body = items(gateway, &["h"]);
    body["options"] = json!({"errMessage": "The quiz is gone"});
    answered(gateway, &ltik, body).await;
    let ltik = asked(&school, json!({})).await;
    answered(gateway, &ltik, items(gateway, &["h"])).await;
}

#[both_stores("SV-3")]
async fn of_many_answers_on_two_replicas_one_gets_the_handle(store: Store) {
    let school = Registered::new(store).await;
    let replica = school.gateway.replica().await;
    let mut ltiks = Vec::new();
    for _ in 0..8 {
        ltiks.push(asked(&school, json!({})).await);
    }
    let body = items(&school.gateway, &["h"]);
    let answers = ltiks.iter().enumerate().map(|(number, ltik)| {
        let gateway = if number % 2 == 0 { &school.gateway } else { &replica };
        post(gateway, "/api/deeplinking", ltik, body.clone())
    });
    let mut statuses: Vec<u16> =
        join_all(answers).await.into_iter().map(|page| page.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
}

#[both_stores("SV-3")]
async fn what_was_never_placed_is_forgotten_after_a_month(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let link = place(&school, "placed").await;
    school.accepts("the link", opening(&school, &link)).await;
    let ltik = asked(&school, json!({})).await;
    answered(gateway, &ltik, items(gateway, &["lost"])).await;
    let handles = || gateway.texts("SELECT handle FROM reservations ORDER BY handle");
    for (days, expected) in [(29, vec!["lost", "placed"]), (2, vec!["placed"])] {
        gateway.clock.advance(Duration::from_secs(days * 24 * 60 * 60));
        gateway::background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
        assert_eq!(handles().await, expected);
    }
}
