//! `/api/memberships/sync` (services.md SV-9, SV-10; lti.md F-46, F-47).

use std::collections::BTreeSet;
use std::time::Duration;

use gateway::background;
use gateway::settings::installation::Config;
use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::people::{Person, Position};
use test_case::both_stores;

use super::roster::student;
use super::{Course, assert_error};
use crate::registered::ltik_of;
use crate::support::{API_KEY, Store};

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

/// A request that has stored this answer.
fn after(answer: &Value) -> Option<Value> {
    Some(json!({"since": answer["version"]}))
}

/// Every answer of the LMS lacks its third member.
fn lacks_one(course: &Course) {
    let gone = vec![("/members/2/user_id".to_owned(), Some(Value::Null))];
    course.school.lms.faults().set(Endpoint::Memberships, Fault::Change(gone));
}

#[both_stores("SV-9", "SV-10", "TC-313", "F-46")]
async fn a_roster_is_taken_whole_or_not_at_all(store: Store) {
    let course = Course::new(store).await;
    assert_error("never", &course.get(SYNC).await, 404, "ROSTER_NEVER_TAKEN");
    let first = sync(&course, None).await;
    assert_eq!(
        (count(&first), &first["members"], &first["applied"], &first["complete"]),
        ([7, 0, 0], &json!(7), &json!(true), &json!(true))
    );
    let again = sync(&course, after(&first)).await;
    assert_eq!((count(&again), &again["complete"]), ([0, 0, 0], &json!(false)));
    let large = course.school.lms.wire().pop().unwrap();
    let limit = large.parameters.iter().find(|parameter| parameter.name == "limit").unwrap();
    assert_eq!(limit.value, "5000");

    course.school.lms.add_person(learner("20"));
    let mut changes = vec![("/members/3/name".to_owned(), Some(json!("Another")))];
    changes.push(("/members/2".to_owned(), None));
    changes.push(("/members/2/user_id".to_owned(), Some(Value::Null)));
    answer(&course, changes);
    let second = sync(&course, after(&again)).await;
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
    let third = sync(&course, after(&second)).await;
    assert_eq!(
        count(&third),
        [1, 1, 0],
        "who left is back, and who was changed is as before: {third}"
    );
    let state = course.read(SYNC).await;
    assert_eq!((&state["failures"], state.get("error")), (&json!(0), None));
    assert_eq!(state.get("errorDescription"), None);
}

#[both_stores("SV-9", "F-47")]
async fn a_long_answer_is_one_document_and_the_next_a_short_one(store: Store) {
    let course = Course::new(store).await;
    for number in 0..3000 {
        course.school.lms.add_person(student(number));
    }
    // More than is sent in one go.
    let first = sync(&course, None).await;
    assert!(first.to_string().len() > 600_000);
    assert_eq!((count(&first), &first["members"]), ([3007, 0, 0], &json!(3007)));
    let told: BTreeSet<&str> = first["added"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["userId"].as_str().unwrap())
        .collect();
    assert_eq!(told.len(), 3007);
    let listed = course.read("/api/memberships?limit=5000").await;
    assert_eq!(first["added"], listed["members"]);
    // Of each, little is kept.
    let kept = "SELECT CAST(LENGTH(roster_sealed) AS BIGINT) FROM rosters";
    let kept = course.school.gateway.number(kept).await;
    assert!(kept < 3007 * 50, "{kept}");
    course.school.lms.add_person(learner("20"));
    lacks_one(&course);
    assert_eq!(count(&sync(&course, after(&first)).await), [1, 0, 1]);
}

#[both_stores("SV-12")]
async fn two_courses_keep_their_rosters_apart(store: Store) {
    // A lecture and its lab have the same people.
    let lecture = Course::new(store).await;
    let legacy = ("/members/0/lti11_legacy_user_id".to_owned(), Some(json!("old-3")));
    answer(&lecture, vec![legacy]);
    let first = sync(&lecture, None).await;
    assert_eq!(first["added"][0]["lti11LegacyUserId"], "old-3");
    let school = &lecture.school;
    let ltik = ltik_of("the lab", &school.launch(&school.teacher().link("3", "3")).await);
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    let lab = async |method, body: Option<Value>| {
        let page = school.gateway.with_authorization(method, SYNC, body, &header).await;
        (page.status, page.json().unwrap())
    };
    assert_eq!(lab("GET", None).await.0, 404);
    lacks_one(&lecture);
    let (status, of_lab) = lab("POST", None).await;
    assert_eq!((status, count(&of_lab)), (200, [6, 0, 0]), "{of_lab}");
    // The version of one course is none of the other's.
    let (_, whole) = lab("POST", after(&first)).await;
    assert_eq!((&whole["complete"], count(&whole)), (&json!(true), [6, 0, 0]));
    assert_eq!(lecture.read(SYNC).await["members"], 7);
}

#[both_stores("SV-9")]
async fn what_a_lost_answer_told_is_told_again(store: Store) {
    let course = Course::new(store).await;
    let first = sync(&course, None).await;
    course.school.lms.add_person(learner("20"));
    lacks_one(&course);
    let lost = sync(&course, after(&first)).await;
    assert_eq!(count(&lost), [1, 0, 1], "{lost}");
    // The application never got that, and asks as before.
    let told = sync(&course, after(&first)).await;
    assert_eq!(count(&told), [1, 0, 1], "{told}");
    assert_eq!((&told["added"], &told["removed"]), (&lost["added"], &lost["removed"]));
    assert_eq!(count(&sync(&course, after(&told)).await), [0, 0, 0]);
    assert_eq!(count(&sync(&course, after(&lost)).await), [0, 0, 0]);
    // Whoever names nothing that is known here gets everything.
    let version = told["version"].as_str().unwrap();
    let (at, id) = version.split_once('.').unwrap();
    let later = at.parse::<i64>().unwrap() + 1_000_000;
    for since in [
        json!(null),
        json!(""),
        json!("0"),
        json!(at),
        json!(format!("{at}.x{}", &id[1..])),
        json!(format!("{later}.{id}")),
    ] {
        let whole = sync(&course, Some(json!({"since": since}))).await;
        assert_eq!((count(&whole), &whole["complete"]), ([7, 0, 1], &json!(true)), "{since}");
    }
}

#[both_stores("SV-10")]
async fn an_attempt_that_is_too_slow_or_breaks_off_leaves_a_trace(store: Store) {
    let mut course = Course::new(store).await;
    let first = sync(&course, None).await;
    let gateway = course.school.gateway;
    let hurried = |config: &mut Config| config.fixed.request = Duration::from_secs(6);
    course.school.gateway = gateway.restart_changed(hurried).await;
    let faults = course.school.lms.faults();
    faults.set(Endpoint::Memberships, Fault::Late(Duration::from_secs(60)));
    let page = course.ask("POST", SYNC, after(&first)).await;
    assert_error("slow", &page, 502, "ROSTER_TOO_SLOW");
    let told = |state: &Value| (state["error"].clone(), state["failures"].clone());
    let state = course.read(SYNC).await;
    assert_eq!(told(&state), (json!("ROSTER_TOO_SLOW"), json!(1)));
    let words = state["errorDescription"].as_str().unwrap();
    assert!(words.contains("took too long"), "{words}");
    // The application hangs up as soon as the LMS is asked.
    let asked = course.school.lms.hits(Endpoint::Memberships);
    let is_asked = async {
        while course.school.lms.hits(Endpoint::Memberships) == asked {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        page = course.ask("POST", SYNC, None) => panic!("{}", page.text()),
        () = is_asked => {}
    }
    assert_eq!(told(&course.read(SYNC).await), (json!("ROSTER_NOT_FINISHED"), json!(2)));
    course.school.lms.faults().clear(Endpoint::Memberships);
    assert_eq!(count(&sync(&course, after(&first)).await), [0, 0, 0]);
    let state = course.read(SYNC).await;
    assert_eq!((state.get("error"), &state["failures"]), (None, &json!(0)));
}

#[both_stores("SV-9")]
async fn who_left_is_forgotten_after_half_a_year(store: Store) {
    const DAY: u64 = 24 * 60 * 60;
    let course = Course::new(store).await;
    let key = course.service_key();
    let ask = async |method, body| course.with_key(&key, method, SYNC, body).await;
    let forget = async || {
        background::forget(&course.school.gateway.app, course.school.gateway.clock.now_ms())
            .await
            .unwrap();
    };
    let first = sync(&course, None).await;
    lacks_one(&course);
    let left = sync(&course, after(&first)).await;
    assert_eq!(count(&left), [0, 0, 1]);
    let sealed = async || {
        let stored = course.school.gateway.texts("SELECT CAST(version AS TEXT) FROM rosters").await;
        stored.concat()
    };
    // The course goes on, and the LMS is asked.
    course.school.advance(100 * DAY);
    let page = ask("POST", after(&left)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let before = sealed().await;
    course.school.advance(79 * DAY);
    forget().await;
    assert_eq!(sealed().await, before, "nothing is over");
    let state: Value = ask("GET", None).await.json().unwrap();
    assert_eq!(state["removed"].as_array().unwrap().len(), 1);
    course.school.advance(DAY + 1);
    forget().await;
    let state: Value = ask("GET", None).await.json().unwrap();
    assert_eq!((&state["removed"], &state["members"]), (&json!([]), &json!(6)));
    // What is as old as that is not told in parts.
    let whole: Value = ask("POST", after(&left)).await.json().unwrap();
    assert_eq!((count(&whole), &whole["complete"]), ([6, 0, 0], &json!(true)));
    // Nobody asks any more.
    course.school.advance(181 * DAY);
    forget().await;
    assert_error("forgotten", &ask("GET", None).await, 404, "ROSTER_NEVER_TAKEN");
    assert_eq!(course.school.gateway.number("SELECT COUNT(*) FROM rosters").await, 0);
}

#[both_stores("SV-9")]
async fn an_empty_roster_is_not_believed_at_once(store: Store) {
    let course = Course::new(store).await;
    let first = sync(&course, None).await;
    for (case, members) in [
        ("EMPTY", json!([])),
        ("TEACHERS_ONLY", json!([{"user_id": "3", "roles": ["Instructor"]}])),
    ] {
        answer(&course, vec![("/members".to_owned(), Some(members))]);
        let told = sync(&course, after(&first)).await;
        assert_eq!((&told["applied"], &told["suspicious"]), (&json!(false), &json!(case)));
        assert_eq!((count(&told), &told["members"]), ([0, 0, 0], &json!(7)));
        assert_eq!((told.get("version"), &told["complete"]), (None, &json!(false)));
    }
    assert_eq!(course.read(SYNC).await["error"], "TEACHERS_ONLY");
    answer(&course, vec![("/members".to_owned(), Some(json!([])))]);
    let confirm = json!({"confirm": true, "since": first["version"]});
    let told = sync(&course, Some(confirm)).await;
    assert_eq!((count(&told), &told["members"]), ([0, 0, 7], &json!(0)));
    // By service key as well, and everybody is back.
    let page = course.with_key(&course.service_key(), "POST", SYNC, after(&told)).await;
    assert_eq!(count(&page.json().unwrap()), [7, 0, 0]);
}

#[both_stores("SV-9")]
async fn a_roster_that_can_t_be_read_is_taken_anew(store: Store) {
    let course = Course::new(store).await;
    let first = sync(&course, None).await;
    let damaged = match store {
        Store::Sqlite => "UPDATE rosters SET roster_sealed = x'00'",
        Store::Postgres => "UPDATE rosters SET roster_sealed = '\\x00'",
    };
    course.school.gateway.meddle(damaged).await;
    // Nobody remembers that one has left, however often the application asks for an answer that was
    // lost.
    lacks_one(&course);
    course.school.advance(60);
    let mut anew = Value::Null;
    for _ in 0..2 {
        anew = sync(&course, after(&first)).await;
        assert_eq!((count(&anew), &anew["complete"]), ([6, 0, 0], &json!(true)), "{anew}");
    }
    let next = sync(&course, after(&anew)).await;
    assert_eq!((count(&next), &next["complete"]), ([0, 0, 0], &json!(false)), "{next}");
}

#[both_stores("SV-9")]
async fn a_store_that_was_brought_back_tells_all_of_a_roster(store: Store) {
    let course = Course::new(store).await;
    let first = sync(&course, None).await;
    course.school.gateway.meddle("UPDATE event_log SET epoch = 'another'").await;
    let mut whole = Value::Null;
    for _ in 0..2 {
        whole = sync(&course, after(&first)).await;
        assert_eq!((count(&whole), &whole["complete"]), ([7, 0, 0], &json!(true)), "{whole}");
    }
    let next = sync(&course, after(&whole)).await;
    assert_eq!((count(&next), &next["complete"]), ([0, 0, 0], &json!(false)), "{next}");
}

#[both_stores("TC-304", "TC-318", "F-47")]
async fn a_roster_without_an_end_is_not_taken(store: Store) {
    let course = Course::new(store).await;
    let url = course.token["services"]["namesAndRoles"]["contextMembershipsUrl"].as_str().unwrap();
    let to = |query: &str| Fault::Link(format!("<{url}{query}>; rel=next"));
    // A page that names itself as the next is the last.
    course.school.lms.faults().in_turn(Endpoint::Memberships, [to("?limit=5000")]);
    assert_eq!(count(&sync(&course, None).await), [7, 0, 0]);
    let faults = [to("?page=2"), to("?page=3"), to("?page=2"), to("?page=3")];
    course.school.lms.faults().in_turn(Endpoint::Memberships, faults);
    let page = course.ask("POST", SYNC, None).await;
    assert_error("a circle", &page, 502, "ROSTER_TOO_LARGE");
    assert_eq!(course.school.lms.hits(Endpoint::Memberships), 4);
    assert_eq!(course.read(SYNC).await["members"], 7);
}
