//! `/api/memberships/sync` (services.md SV-9, SV-10; lti.md F-46, F-47).

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::people::{Person, Position};
use test_case::both_stores;

use super::{Course, assert_error};
use crate::support::Store;

const SYNC: &str = "/api/memberships/sync";

fn learner(id: &str) -> Person {
    Person {
        id: id.to_owned(),
        username: format!("user-{id}"),
        given_name: "Ada".to_owned(),
        family_name: "New".to_owned(),
        email: format!("{id}@example.com"),
        sourcedid: format!("sis-{id}"),
        position: Position::Student,
    }
}

async fn sync(course: &Course, body: Option<Value>) -> Value {
    let page = course.ask("POST", SYNC, body).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()
}

fn count(answer: &Value) -> [usize; 3] {
    ["added", "changed", "removed"].map(|list| answer[list].as_array().unwrap().len())
}

/// Answers like this to the next request for members.
fn answer(course: &Course, changes: Vec<(String, Option<Value>)>) {
    course.school.lms.faults().next(Endpoint::Memberships, 1, Fault::Change(changes));
}

#[both_stores("SV-9", "SV-10", "TC-313", "F-46")]
async fn a_roster_is_taken_whole_or_not_at_all(store: Store) {
    let course = Course::new(store).await;
    assert_error("never", &course.get(SYNC).await, 404, "ROSTER_NEVER_TAKEN");
    let first = sync(&course, None).await;
    assert_eq!(
        (count(&first), &first["members"], &first["applied"]),
        ([7, 0, 0], &json!(7), &json!(true))
    );
    assert_eq!(count(&sync(&course, Some(json!({}))).await), [0, 0, 0]);

    course.school.lms.add_person(learner("20"));
    let mut changes = vec![("/members/3/name".to_owned(), Some(json!("Another")))];
    changes.push(("/members/2".to_owned(), None));
    changes.push(("/members/2/user_id".to_owned(), Some(Value::Null)));
    answer(&course, changes);
    let second = sync(&course, None).await;
    assert_eq!((count(&second), &second["members"]), ([1, 1, 1], &json!(7)), "{second}");
    assert_eq!(second["removed"][0]["status"], "Deleted");
    let gone = second["removed"][0]["userId"].as_str().unwrap().to_owned();

    // The second of two pages fails.
    let next = format!(
        "<{}?from=3>; rel=next",
        course.token["services"]["namesAndRoles"]["contextMembershipsUrl"].as_str().unwrap()
    );
    let faults = [Fault::Link(next), Fault::Status(500)];
    course.school.lms.faults().in_turn(Endpoint::Memberships, faults);
    let page = course.ask("POST", SYNC, None);
    assert_error("page 2", &page.await, 502, "PLATFORM_FAILED");
    let state = course.read(SYNC).await;
    assert_eq!(
        (&state["members"], &state["failures"], &state["attempts"], &state["error"]),
        (&json!(7), &json!(1), &json!(4), &json!("PLATFORM_FAILED"))
    );
    assert_eq!(state["removed"][0]["userId"], gone);
    let third = sync(&course, None).await;
    assert_eq!(
        count(&third),
        [1, 1, 0],
        "who left is back, and who was changed is as before: {third}"
    );
    let state = course.read(SYNC).await;
    assert_eq!((&state["failures"], state.get("error")), (&json!(0), None));
}

#[both_stores("SV-9")]
async fn an_empty_roster_is_not_believed_at_once(store: Store) {
    let course = Course::new(store).await;
    sync(&course, None).await;
    for (case, members) in [
        ("EMPTY", json!([])),
        ("TEACHERS_ONLY", json!([{"user_id": "3", "roles": ["Instructor"]}])),
    ] {
        answer(&course, vec![("/members".to_owned(), Some(members))]);
        let told = sync(&course, None).await;
        assert_eq!((&told["applied"], &told["suspicious"]), (&json!(false), &json!(case)));
        assert_eq!((count(&told), &told["members"]), ([0, 0, 0], &json!(7)));
    }
    assert_eq!(course.read(SYNC).await["error"], "TEACHERS_ONLY");
    answer(&course, vec![("/members".to_owned(), Some(json!([])))]);
    let told = sync(&course, Some(json!({"confirm": true}))).await;
    assert_eq!((count(&told), &told["members"]), ([0, 0, 7], &json!(0)));
    // By service key as well, and everybody is back.
    let page = course.with_key(&course.service_key(), "POST", SYNC, None).await;
    assert_eq!(count(&page.json().unwrap()), [7, 0, 0]);
}

#[both_stores("TC-304", "TC-318", "F-47")]
async fn a_roster_without_an_end_is_not_taken(store: Store) {
    let course = Course::new(store).await;
    let url = course.token["services"]["namesAndRoles"]["contextMembershipsUrl"].as_str().unwrap();
    let to = |query: &str| Fault::Link(format!("<{url}{query}>; rel=next"));
    // A page that names itself as the next is the last.
    course.school.lms.faults().in_turn(Endpoint::Memberships, [to("")]);
    assert_eq!(count(&sync(&course, None).await), [7, 0, 0]);
    let faults = [to("?page=2"), to("?page=3"), to("?page=2"), to("?page=3")];
    course.school.lms.faults().in_turn(Endpoint::Memberships, faults);
    let page = course.ask("POST", SYNC, None).await;
    assert_error("a circle", &page, 502, "ROSTER_TOO_LARGE");
    assert_eq!(course.school.lms.hits(Endpoint::Memberships), 4);
    assert_eq!(course.read(SYNC).await["members"], 7);
}
