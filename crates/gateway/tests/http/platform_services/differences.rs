//! `/api/memberships/sync` where the platform tells what has changed (lti.md F-43).

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::roster::student;
use super::{Course, assert_error};
use crate::support::Store;

const SYNC: &str = "/api/memberships/sync";
/// How long a link to differences works, in seconds.
const LIFE: i64 = 600;

/// A course in a platform that tells what has changed, whose roster was taken once; what that told.
async fn taken(store: Store) -> (Course, Value) {
    let course = Course::new(store).await;
    course.school.lms.offer_differences(Some(LIFE));
    let first = sync(&course, &json!({})).await;
    assert_eq!(count(&first), [7, 0, 0], "{first}");
    (course, first)
}

/// Taking the roster for an application that has stored this answer.
async fn sync(course: &Course, after: &Value) -> Value {
    let asked = json!({"since": after["version"]});
    let page = course.ask("POST", SYNC, Some(asked)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()
}

fn count(answer: &Value) -> [usize; 3] {
    ["added", "changed", "removed"].map(|list| answer[list].as_array().unwrap().len())
}

/// What the LMS was asked for members since then: for each request whether it was for differences.
fn asked(course: &Course, since: u64) -> Vec<bool> {
    let wire = course.school.lms.wire();
    let hits = course.school.lms.hits(Endpoint::Memberships) - since;
    let rosters = wire.iter().filter(|exchange| exchange.url.contains("/memberships"));
    let rosters: Vec<bool> = rosters
        .map(|exchange| exchange.parameters.iter().any(|sent| sent.name == "since"))
        .collect();
    rosters[rosters.len() - usize::try_from(hits).unwrap()..].to_vec()
}

fn hits(course: &Course) -> u64 {
    course.school.lms.hits(Endpoint::Memberships)
}

#[both_stores("TC-315", "F-43", "SV-9")]
async fn differences_are_enough_for_those_who_came_changed_and_left(store: Store) {
    let (course, first) = taken(store).await;
    let lms = &course.school.lms;
    lms.remove_person("5");
    lms.change_person("6", |person| person.family_name = "Another".into()).unwrap();
    lms.add_person(student(20));
    let before = hits(&course);
    let second = sync(&course, &first).await;
    assert_eq!(asked(&course, before), [true]);
    assert_eq!((count(&second), &second["members"]), ([1, 1, 1], &json!(7)), "{second}");
    assert_eq!(second["complete"], false);
    let [added, changed, removed] =
        ["added", "changed", "removed"].map(|list| second[list][0]["userId"].clone());
    assert_eq!([added, changed, removed], [json!("s20"), json!("6"), json!("5")]);
    assert_eq!(second["removed"][0]["status"], "Deleted");
    let state = course.read(SYNC).await;
    assert_eq!((&state["members"], &state["removed"][0]["userId"]), (&json!(7), &json!("5")));

    // The answer to differences names the next ones; nobody is told twice.
    let before = hits(&course);
    let third = sync(&course, &second).await;
    assert_eq!((count(&third), asked(&course, before)), ([0, 0, 0], vec![true]));
    lms.add_person(student(21));
    let fourth = sync(&course, &third).await;
    assert_eq!((count(&fourth), &fourth["members"]), ([1, 0, 0], &json!(8)));
    // And the whole roster is what they add up to.
    let whole = sync(&course, &json!({})).await;
    assert_eq!((count(&whole), &whole["members"]), ([8, 0, 1], &json!(8)));
}

#[both_stores("TC-316", "F-43")]
async fn an_expired_link_to_differences_means_reading_all(store: Store) {
    let (course, first) = taken(store).await;
    course.school.lms.remove_person("5");
    course.school.advance(LIFE as u64 + 1);
    let before = hits(&course);
    let second = sync(&course, &first).await;
    assert_eq!(asked(&course, before), [true, false], "404, and all of it");
    assert_eq!((count(&second), &second["members"]), ([0, 0, 1], &json!(6)), "{second}");
    assert_eq!(course.read(SYNC).await["failures"], 0);
    // So does an answer that is no roster.
    for fault in [Fault::Status(410), Fault::Html, Fault::remove("/members")] {
        course.school.lms.faults().next(Endpoint::Memberships, 1, fault.clone());
        let before = hits(&course);
        let next = sync(&course, &second).await;
        assert_eq!((count(&next), asked(&course, before).len()), ([0, 0, 0], 2), "{fault:?}");
    }
}

#[both_stores("TC-313", "F-43", "F-46")]
async fn differences_that_break_off_change_nothing(store: Store) {
    let (course, first) = taken(store).await;
    let lms = &course.school.lms;
    lms.remove_person("5");
    lms.faults().next(Endpoint::Memberships, 1, Fault::Status(500));
    let asked = Some(json!({"since": first["version"]}));
    let page = course.ask("POST", SYNC, asked).await;
    assert_error("500", &page, 502, "PLATFORM_FAILED");
    let state = course.read(SYNC).await;
    assert_eq!((&state["members"], &state["failures"]), (&json!(7), &json!(1)));
    let second = sync(&course, &first).await;
    assert_eq!((count(&second), &second["members"]), ([0, 0, 1], &json!(6)));
}

#[both_stores("F-43", "SV-9")]
async fn differences_are_not_asked_for_where_they_would_not_do(store: Store) {
    let (course, first) = taken(store).await;
    let lms = &course.school.lms;
    lms.add_person(student(20));
    let second = sync(&course, &first).await;
    // That answer was lost: its member has not changed since, and is not stored here.
    let before = hits(&course);
    let again = sync(&course, &first).await;
    assert_eq!((count(&again), asked(&course, before)), (count(&second), vec![false]));
    // An application that has nothing needs everybody.
    let before = hits(&course);
    assert_eq!(count(&sync(&course, &json!({})).await), [8, 0, 0]);
    assert_eq!(asked(&course, before), [false]);
    // What looked wrong is looked at as a whole before it is believed.
    for id in ["5", "6", "7", "8", "9", "s20"] {
        lms.remove_person(id);
    }
    let (before, last) = (hits(&course), sync(&course, &again).await);
    assert_eq!((&last["applied"], &last["suspicious"]), (&json!(false), &json!("TEACHERS_ONLY")));
    let confirm = json!({"since": again["version"], "confirm": true});
    let page = course.ask("POST", SYNC, Some(confirm)).await;
    assert_eq!(count(&page.json().unwrap()), [0, 0, 6], "{}", page.text());
    assert_eq!(asked(&course, before).last(), Some(&false));
}

#[both_stores("F-43")]
async fn all_of_a_roster_is_read_again_after_a_day(store: Store) {
    let (course, first) = taken(store).await;
    course.school.lms.offer_differences(Some(48 * 60 * 60));
    let key = course.service_key();
    let ask = async |after: &Value| {
        let asked = json!({"since": after["version"]});
        let page = course.with_key(&key, "POST", SYNC, Some(asked)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.json().unwrap()
    };
    let mut last = first;
    for (hours, is_difference) in [(0, true), (12, true), (11, true), (1, false), (1, true)] {
        course.school.advance(hours * 60 * 60);
        // The first link lives for ten minutes only; the others for two days.
        let before = hits(&course);
        last = ask(&last).await;
        assert_eq!(asked(&course, before), [is_difference], "{hours}");
    }
}

#[both_stores("F-09", "F-43")]
async fn a_link_to_differences_elsewhere_is_not_followed(store: Store) {
    let course = Course::new(store).await;
    let other = crate::support::lms().await;
    let link = format!("<{}/differences>; rel=differences", other.url());
    course.school.lms.faults().next(Endpoint::Memberships, 1, Fault::Link(link));
    let first = sync(&course, &json!({})).await;
    let before = hits(&course);
    assert_eq!(count(&sync(&course, &first).await), [0, 0, 0]);
    assert_eq!(asked(&course, before), [false]);
    assert!(other.wire().is_empty());
}

#[both_stores("F-43")]
async fn a_date_that_was_ahead_puts_off_no_whole_roster(store: Store) {
    const YEAR: i64 = 365 * 24 * 60 * 60;
    let course = Course::new(store).await;
    let (school, key) = (&course.school, course.service_key());
    school.lms.offer_differences(Some(2 * YEAR));
    let take = async |since: &Value| -> Value {
        let page = course.with_key(&key, "POST", SYNC, Some(json!({"since": since}))).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.json().unwrap()
    };
    school.set_date_by(YEAR);
    let first = take(&Value::Null).await;
    school.set_date_by(-YEAR);
    let before = hits(&course);
    let second = take(&first["version"]).await;
    assert_eq!(asked(&course, before), [false], "nobody knows how old it is");
    // From here on differences are enough again.
    let before = hits(&course);
    take(&second["version"]).await;
    assert_eq!(asked(&course, before), [true]);
}
