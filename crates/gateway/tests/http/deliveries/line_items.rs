//! Line items that scores name by their address, and one that is looked for too long or by a server
//! that dies (grades.md GR-22, GR-24, GR-25).

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::faults::{Fault, Gate};
use simulator::lms::{Endpoint, LineItem};
use simulator::profiles::Profile;
use test_case::{both_stores, cases};

use super::ways::{course_at, with_comment};
use super::{PATIENCE, graded, unhurried};
use crate::platform_services::{Course, at};
use crate::registered::Registered;
use crate::support::{Gateway, Store, fixed, lms};

/// A score that says when the work was submitted, so that the line item need not be read for that.
fn submitted(given: f64) -> Value {
    let mut score = graded(given);
    score["submission"] = json!({"submittedAt": "2026-11-22T13:00:00Z"});
    score
}

fn of(user: &str, mut score: Value) -> Value {
    score["userId"] = json!(user);
    score
}

#[both_stores("GR-24")]
async fn a_line_item_that_is_gone_is_waited_for(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, faults) = (&course.school.gateway, course.school.lms.faults());
    let gone = || {
        faults.next(Endpoint::Scores, 1, Fault::Status(404));
        faults.next(Endpoint::LineItem, 1, Fault::Status(404));
    };
    gone();
    let id = course.delivery(submitted(8.0)).await;
    gateway.until(&id, "held LINE_ITEM_GONE").await;
    assert_eq!(gateway.told("lineitem.gone").await["deliveryId"], id.as_str());
    course.later();
    gateway.until(&id, "delivered").await;
    // An address is not created again, whatever the settings say.
    for (user, policy, state) in
        [("6", "refuse", "refused LINE_ITEM_GONE"), ("7", "recreate", "held LINE_ITEM_GONE")]
    {
        gateway.patch_tool(json!({"grades": {"lineItemGone": policy}})).await;
        gone();
        let id = course.delivery(of(user, submitted(8.0))).await;
        gateway.until(&id, state).await;
    }
    assert_eq!(course.school.lms.line_items(&course.school.client_id).len(), 1);
}

#[both_stores("GR-16", "GR-17", "GR-24")]
async fn a_column_made_again_gets_work_and_comment_again(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let gateway = &course.school.gateway;
    gateway.patch_tool(json!({"grades": {"lineItemGone": "recreate"}})).await;
    for given in [8.0, 9.0] {
        let mut score = with_comment(given);
        score["attempt"] = json!("1");
        let id = course.to_quiz(score).await;
        gateway.until(&id, "delivered").await;
        let stands = course.quiz().scores["5"].clone();
        assert_eq!((stands.score, stands.attempts), (Some(given), 1));
        assert_eq!(stands.comments, ["good"]);
        course.school.lms.delete_line_item(course.quiz().id);
        course.school.advance(60);
    }
}

#[both_stores("GR-24")]
async fn a_404_about_a_person_is_not_the_line_items(store: Store) {
    let course = Course::unhurried(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Status(404));
    let id = course.delivery(submitted(8.0)).await;
    gateway.until(&id, "held USER_UNKNOWN").await;
    assert_eq!(gateway.told("grade.held").await["reason"], "USER_UNKNOWN");
    let gone = "SELECT COUNT(*) FROM events WHERE type = 'lineitem.gone'";
    assert_eq!(gateway.number(gone).await, 0);
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-25")]
async fn a_maximum_is_changed_only_when_asked(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let item = || course.school.lms.line_items(&course.school.client_id).remove(0);
    let before = item();
    let label = |item: LineItem| item.members.get("label").cloned();
    let (maximum, own) = (before.score_maximum, label(before));
    assert!((maximum - 10.0).abs() > 1.0, "scores are out of something else: {maximum}");
    let id = course.delivery(submitted(5.0)).await;
    gateway.until(&id, "delivered").await;
    assert_eq!(item().score_maximum, maximum);
    let mut asking = of("6", submitted(6.0));
    asking["syncLineItem"] = json!(true);
    let id = course.delivery(asking.clone()).await;
    gateway.until(&id, "delivered").await;
    assert_eq!((item().score_maximum, label(item())), (10.0, own.clone()));
    // At once as well.
    asking["userId"] = json!("7");
    asking["scoreMaximum"] = json!(20);
    let page = course.post_score(&asking, &[]).await;
    assert_eq!(page.status, 204, "{}", page.text());
    assert_eq!((item().score_maximum, label(item())), (20.0, own));
    assert!(course.taken().iter().all(|score| score.get("syncLineItem").is_none()));
}

#[both_stores("GR-13", "GR-24")]
async fn a_teachers_grade_in_a_column_put_back_stays(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let first = course.to_quiz(graded(8.0)).await;
    gateway.until(&first, "delivered").await;
    lms.delete_line_item(course.quiz().id);
    let item = json!({"label": "Quiz", "scoreMaximum": 10, "resourceId": "quiz", "tag": "final"});
    let page = course.ask("POST", "/api/lineitems", Some(item)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    lms.gradebook().grade_by_hand(course.quiz().id, "5", 7.0).unwrap();
    course.school.advance(60);
    let second = course.to_quiz(graded(9.0)).await;
    gateway.until(&second, "refused OVERRIDDEN_BY_TEACHER").await;
    let stands = course.quiz().scores["5"].clone();
    assert_eq!((stands.score, stands.teacher_overruled), (Some(7.0), 0));
}

/// After some time, other servers take whoever looks for dead. Both would create it.
#[both_stores("GR-22")]
async fn a_search_for_a_line_item_has_an_end(store: Store) {
    let mut settings = unhurried();
    settings["launch"] = json!({"showReasons": true});
    let fixed = Fixed { search: Duration::from_secs(5), ..fixed() };
    let gateway = Gateway::start_fixed(store, settings, &[], fixed).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gateway = &course.school.gateway;
    // Not too long for a request.
    let slow = Fault::Late(Duration::from_secs(10));
    course.school.lms.faults().next(Endpoint::LineItems, 1, slow);
    let id = course.to_quiz(graded(8.0)).await;
    gateway.tried(&id).await;
    let shown = course.shown_delivery(&json!(id)).await;
    assert!(shown["attempts"][0]["said"].to_string().contains("too long"), "{shown}");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.quiz().scores["5"].score, Some(8.0));
}

impl Gateway {
    /// Waits until this number is more than `least`.
    async fn exceeds(&self, sql: &str, least: i64) {
        let waiting = async {
            while self.number(sql).await <= least {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{sql}");
    }

    /// Waits until a delivery has been put off once more.
    async fn put_off(&self, id: &str) {
        let next =
            format!("SELECT COALESCE(next_attempt_at, 0) FROM score_deliveries WHERE id = '{id}'");
        self.exceeds(&next, self.clock.now_ms()).await;
    }
}

/// An application chooses another line item for the handle while the first is put in step.
#[both_stores("GR-23", "GR-25")]
async fn a_choice_stays_while_another_is_put_in_step(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let create = async |label: &str, resource: &str| {
        let item =
            json!({"label": label, "scoreMaximum": 10, "resourceId": resource, "tag": "final"});
        let page = course.ask("POST", "/api/lineitems", Some(item)).await;
        assert_eq!(page.status, 201, "{}", page.text());
        page.json().unwrap()["id"].as_str().unwrap().to_owned()
    };
    create("Old", "quiz").await;
    let other = create("Other", "other").await;
    let first = course.to_quiz(submitted(8.0)).await;
    gateway.until(&first, "delivered").await;
    let mut renaming = of("6", submitted(7.0));
    renaming["syncLineItem"] = json!(true);
    let asked = lms.hits(Endpoint::LineItem);
    lms.faults().next(Endpoint::LineItem, 1, Fault::Gated(gate.clone()));
    let second = course.to_quiz(renaming).await;
    course.asked(Endpoint::LineItem, asked + 1).await;
    let handle = json!({"resourceId": "quiz", "tag": "final"});
    let page = course.ask("PUT", &format!("{}/handle", at(&other)), Some(handle)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    gate.open();
    gateway.until(&second, "delivered").await;
    assert_eq!(course.quiz().members["label"], "Quiz");
    let third = course.to_quiz(of("7", submitted(6.0))).await;
    gateway.until(&third, "delivered").await;
    // The score that changed the first one goes to the chosen one, too.
    assert!(["6", "7"].iter().all(|student| !course.quiz().scores.contains_key(*student)));
}

/// Another server has taken over the search of one that stood still; it goes on for a while, and is
/// killed (decision 0487).
#[both_stores("GR-22")]
async fn a_dead_search_holds_a_score_up_for_half_a_minute(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let items = || lms.line_items(&course.school.client_id).len();
    let (before, asked) = (items(), lms.hits(Endpoint::LineItems));
    lms.faults().next(Endpoint::LineItems, 1, Fault::Gated(gate.clone()));
    let id = course.to_quiz(graded(8.0)).await;
    course.asked(Endpoint::LineItems, asked + 1).await;
    // Servers of older versions give no signs. The others do, by changing the name: together these
    // two have searched for longer than a dead one is waited for.
    let older = ("of an older version", 31);
    for (search, seconds) in [older, older, older, ("~one", 16), ("~next", 16)] {
        let owner = format!("UPDATE line_item_handles SET owner = '{search}'");
        gateway.meddle(&owner).await;
        gate.open();
        course.school.advance(seconds);
        gateway.put_off(&id).await;
        assert_eq!(lms.hits(Endpoint::LineItems), asked + 1, "{search}");
    }
    course.school.advance(31);
    gateway.until(&id, "delivered").await;
    assert_eq!((items(), course.quiz().scores["5"].score), (before + 1, Some(8.0)));
}

/// The platform creates it after the connection has broken; nobody may ask for another one before
/// (decision 0492).
#[both_stores("GR-22", "F-25")]
async fn a_creation_without_an_answer_is_waited_for(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let items = || lms.line_items(&course.school.client_id).len();
    let (before, asked) = (items(), lms.hits(Endpoint::LineItems));
    // The list is right.
    let faults = [Fault::Late(Duration::ZERO), Fault::Drop];
    lms.faults().in_turn(Endpoint::LineItems, faults);
    let first = course.to_quiz(submitted(8.0)).await;
    gateway.tried(&first).await;
    let second = course.to_quiz(of("6", submitted(7.0))).await;
    gateway.put_off(&second).await;
    assert_eq!(lms.hits(Endpoint::LineItems), asked + 2, "one list, one line item");
    let item = json!({"label": "Quiz", "scoreMaximum": 10, "resourceId": "quiz", "tag": "final"});
    let page = course.ask("POST", "/api/lineitems", Some(item)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    course.school.advance(31);
    gateway.until(&second, "delivered").await;
    course.later();
    gateway.until(&first, "delivered").await;
    let scores = course.quiz().scores;
    assert_eq!((items(), scores["5"].score, scores["6"].score), (before + 1, Some(8.0), Some(7.0)));
}

/// What the platform answers counts although the store failed meanwhile.
#[cases("GR-22", "F-25")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_goes_on_if_it_cant_show_it() {
    let course = Course::unhurried(Store::Postgres).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let asked = lms.hits(Endpoint::LineItems);
    // A number that was drawn stays drawn, even if all else is undone.
    for sql in [
        "CREATE SEQUENCE signs",
        "CREATE FUNCTION no_sign() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM nextval('signs'); RAISE EXCEPTION 'no sign'; END $$",
        "CREATE TRIGGER no_sign BEFORE UPDATE ON line_item_handles \
         FOR EACH ROW EXECUTE FUNCTION no_sign()",
    ] {
        gateway.meddle(sql).await;
    }
    lms.faults().next(Endpoint::LineItems, 1, Fault::Gated(gate.clone()));
    let id = course.to_quiz(graded(8.0)).await;
    let failed = "SELECT CAST(CASE WHEN is_called THEN 1 ELSE 0 END AS BIGINT) FROM signs";
    gateway.exceeds(failed, 0).await;
    gateway.meddle("DROP TRIGGER no_sign ON line_item_handles").await;
    gate.open();
    gateway.until(&id, "delivered").await;
    assert_eq!(lms.hits(Endpoint::LineItems), asked + 2, "one list, one line item");
    assert_eq!(course.quiz().scores["5"].score, Some(8.0));
}
