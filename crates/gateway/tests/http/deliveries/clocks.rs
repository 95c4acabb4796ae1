//! Clocks that differ, gradebooks that can't be read or have many pages, and servers that were
//! away.

use std::time::Duration;

use futures_util::future::join_all;
use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::faults::{Fault, Gate};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::ways::course_at;
use super::{PATIENCE, busy, graded, unhurried};
use crate::platform_services::{Course, assert_error};
use crate::registered::Registered;
use crate::support::{Gateway, Store, fixed, lms};

/// How far the LMS's clock is ahead, in seconds: longer than a test takes, and less than a request
/// for a token is good.
const AHEAD: i64 = 120;
/// How many requests to one host are under way at once.
const AT_ONE_HOST: u64 = 8;

#[both_stores("GR-5")]
async fn a_platforms_clock_that_is_ahead_costs_no_score(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let ahead = async |seconds: u64| {
        gateway.clock.advance(Duration::from_secs(seconds));
        let now = gateway.clock.now_seconds() - simulator::clock::Clock::default().seconds();
        course.school.lms.clock().set_offset(now + AHEAD);
    };
    ahead(0).await;
    let first = course.delivery(graded(5.0)).await;
    gateway.until(&first, "delivered").await;
    ahead(1).await;
    let second = course.delivery(graded(6.0)).await;
    gateway.tried(&second).await;
    ahead(AHEAD.unsigned_abs() + 10).await;
    gateway.until(&second, "delivered").await;
    assert_eq!(course.given(), [5.0, 6.0]);
    let hits = course.school.lms.hits(Endpoint::Scores);
    assert!(hits > 3, "the platform called it too old twice: {hits}");
}

#[both_stores("GR-2", "GR-13")]
async fn a_teachers_grade_stays_where_nobody_may_look(store: Store) {
    let course = Course::new(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    lms.faults().set(Endpoint::Results, Fault::Status(403));
    let first = course.delivery(graded(5.0)).await;
    // The first refusal to show it may pass.
    gateway.failed(&first, 1).await;
    course.school.advance(10);
    gateway.until(&first, "delivered").await;
    course.school.advance(60);
    lms.faults().next(Endpoint::Scores, 1, busy());
    let second = course.delivery(graded(6.0)).await;
    gateway.failed(&second, 1).await;
    course.school.advance(10);
    course.asked(Endpoint::Scores, 2).await;
    course.school.advance(30);
    let item = lms.line_items(&course.school.client_id)[0].id;
    lms.gradebook().grade_by_hand(item, "5", 77.0).unwrap();
    course.later();
    gateway.until(&second, "refused OLDER_THAN_STORED").await;
    assert_eq!(course.stands().score, Some(77.0));
}

#[both_stores("GR-2", "GR-13")]
async fn a_gradebook_is_read_to_its_end_or_not_written_to(store: Store) {
    let course = Course::unhurried(store).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let item = lms.line_items(&course.school.client_id)[0].id;
    for user in ["5", "6", "7", "8"] {
        lms.gradebook().grade_by_hand(item, user, 77.0).unwrap();
    }
    // It ignores who is asked for, and has one person on a page.
    lms.faults().set(Endpoint::Results, Fault::Paged(1));
    let score = |user: &str| {
        let mut score = graded(8.0);
        score["userId"] = json!(user);
        score
    };
    course.school.advance(2);
    let last = course.delivery(score("8")).await;
    gateway.until(&last, "refused OVERRIDDEN_BY_TEACHER").await;
    let nobodys = course.delivery(score("9")).await;
    gateway.until(&nobodys, "delivered").await;
    // What is no list is no reason to write.
    let strange = Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: r#"{"message": "come back later"}"#.into(),
    };
    lms.faults().set(Endpoint::Results, strange);
    let unread = course.delivery(score("7")).await;
    gateway.tried(&unread).await;
    assert_eq!(gateway.state_of(&unread).await, "queued");
    lms.faults().clear(Endpoint::Results);
    course.later();
    gateway.until(&unread, "refused OVERRIDDEN_BY_TEACHER").await;
    assert_eq!(lms.gradebook().grade(item, "7").unwrap().teacher_overruled, 0);
    assert_eq!(course.taken().len(), 1);
}

/// A server that stands still, as machines do that are moved, is taken for dead; it must not send
/// when it wakes up.
#[both_stores("GR-12")]
async fn a_server_that_lost_its_job_does_not_send(store: Store) {
    let slow = Fixed { job_beat: Duration::from_secs(1), ..fixed() };
    let settings = json!({"launch": {"showReasons": true}});
    let gateway = Gateway::start_fixed(store, settings, &[], slow).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    // The other looks are refused.
    let gate = Gate::default();
    let faults = [Fault::Gated(gate.clone()), Fault::Status(403), Fault::Status(403)];
    lms.faults().in_turn(Endpoint::Results, faults);
    let id = course.delivery(graded(8.0)).await;
    course.asked(Endpoint::Results, 1).await;
    // Another server has it now, which dies before it does anything.
    gateway.meddle("INSERT INTO job_workers (id, beat) VALUES ('another', 7)").await;
    gateway.meddle("UPDATE jobs SET owner = 'another' WHERE kind = 'score'").await;
    gate.open();
    gateway.until(&id, "delivered").await;
    assert_eq!(lms.hits(Endpoint::Scores), 1);
    assert_eq!(course.given(), [8.0]);
}

/// A score that is sent without reading anything first.
fn ready(given: f64) -> Value {
    let mut score = graded(given);
    score["submission"] = json!({"submittedAt": "2026-01-05T09:00:00Z"});
    score
}

impl Course {
    /// Does something while as many requests to the LMS as may be under way wait for a gate, so
    /// that others wait for them. It has to open the gate.
    async fn behind_others<T>(&self, gate: &Gate, done: impl Future<Output = T>) -> T {
        let gated = Fault::Gated(gate.clone());
        self.school.lms.faults().set(Endpoint::Memberships, gated);
        let others = join_all((0..AT_ONE_HOST).map(|_| self.get("/api/memberships")));
        let behind = async {
            self.asked(Endpoint::Memberships, AT_ONE_HOST).await;
            done.await
        };
        let (pages, done) = tokio::join!(others, behind);
        assert!(pages.iter().all(|page| page.status == 200));
        done
    }

    /// Waits until so many scores were accepted for the only student.
    async fn entered(&self, scores: i64) {
        let entering = async {
            while self.school.gateway.number("SELECT seq FROM score_lanes").await < scores {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, entering).await.is_ok(), "it never enters");
    }
}

/// How often the newest delivery was claimed.
const CLAIMS: &str = "SELECT claim FROM jobs WHERE kind = 'score' ORDER BY id DESC LIMIT 1";

/// It stands still after it has said that it sends, and before it does. Others may send the score
/// by then, or a newer one.
#[both_stores("GR-5", "GR-12")]
async fn a_server_that_stood_still_sends_nothing_late(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let first = course.delivery(ready(7.0)).await;
    gateway.until(&first, "delivered").await;
    course.school.advance(2);
    let stands_still = async {
        let id = course.delivery(ready(8.0)).await;
        gateway.until(&id, "sending").await;
        course.school.advance(13);
        gate.open();
        id
    };
    let id = course.behind_others(&gate, stands_still).await;
    gateway.rests().await;
    // It wasn't tried, so it begins again after five seconds.
    course.school.advance(6);
    gateway.until(&id, "delivered").await;
    assert_eq!(gateway.number(CLAIMS).await, 2);
    assert_eq!(lms.hits(Endpoint::Scores), 2);
    assert_eq!(course.given(), [7.0, 8.0]);
}

/// A newer one waits only so long for a score that is sent at once.
#[both_stores("GR-5")]
async fn a_score_at_once_leaves_in_time_or_not_at_all(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (lms, gate, score) = (&course.school.lms, Gate::default(), ready(8.0));
    course.sends(&ready(7.0)).await;
    course.school.advance(2);
    let stands_still = async {
        let passes = async {
            course.entered(2).await;
            course.school.advance(13);
            gate.open();
        };
        tokio::join!(course.post_score(&score, &[]), passes).0
    };
    let page = course.behind_others(&gate, stands_still).await;
    assert_error("late", &page, 503, "OUTBOUND_BUSY");
    assert_eq!(lms.hits(Endpoint::Scores), 1);
    course.sends(&score).await;
    assert_eq!(course.given(), [7.0, 8.0]);
}

/// However long each takes, and however short it is good: the score has all its time when the token
/// is there.
#[both_stores("GR-5", "F-04")]
async fn a_slow_token_puts_no_score_off(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    lms.faults().next(Endpoint::Token, 1, Fault::Gated(gate.clone()));
    let id = course.delivery(ready(8.0)).await;
    course.asked(Endpoint::Token, 1).await;
    assert_eq!(gateway.state_of(&id).await, "queued");
    course.school.advance(13);
    gate.open();
    gateway.until(&id, "delivered").await;
    assert_eq!(gateway.number(CLAIMS).await, 1);
    assert_eq!(course.given(), [8.0]);
}

#[both_stores("GR-5", "F-04")]
async fn a_slow_token_refuses_no_score_at_once(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (lms, gate, score) = (&course.school.lms, Gate::default(), ready(8.0));
    lms.faults().next(Endpoint::Token, 1, Fault::Gated(gate.clone()));
    let passes = async {
        course.asked(Endpoint::Token, 1).await;
        course.school.advance(13);
        gate.open();
    };
    tokio::join!(course.sends(&score), passes);
    assert_eq!(course.given(), [8.0]);
}

/// Otherwise a platform that does so each time would never be given up.
#[both_stores("GR-8", "F-05")]
async fn a_refused_token_and_a_slow_one_are_an_attempt(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    lms.faults().next(Endpoint::Scores, 1, Fault::Status(401));
    let tokens = [Fault::Late(Duration::ZERO), Fault::Gated(gate.clone())];
    lms.faults().in_turn(Endpoint::Token, tokens);
    let id = course.delivery(ready(8.0)).await;
    course.asked(Endpoint::Token, 2).await;
    course.school.advance(13);
    gate.open();
    gateway.failed(&id, 1).await;
    assert_eq!(gateway.state_of(&id).await, "queued");
    assert_eq!(lms.hits(Endpoint::Scores), 1);
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}

/// The platform calls it too old, and it would be sent again with a later time.
#[both_stores("GR-8", "F-04")]
async fn a_score_without_a_second_token_keeps_its_remark(store: Store) {
    let course = course_at(store, Profile::canvas()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    gateway.set_grades(&course.school.platform_id, json!({"overMaximum": "clamp"})).await;
    lms.faults().next(Endpoint::Scores, 1, Fault::Status(409));
    // The first is too short-lived to be kept.
    let tokens = [Fault::set("/expires_in", 30), Fault::Status(500)];
    lms.faults().in_turn(Endpoint::Token, tokens);
    let id = course.delivery(ready(11.0)).await;
    gateway.failed(&id, 1).await;
    assert_eq!(lms.hits(Endpoint::Scores), 1);
    let sql = format!("SELECT COALESCE(note, '') FROM score_deliveries WHERE id = '{id}'");
    let note = gateway.texts(&sql).await.remove(0);
    assert!(note.starts_with("The score was above its maximum"), "{note}");
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(gateway.texts(&sql).await, [note]);
}

/// It stands still when it has found none. Others may have created one by then.
#[both_stores("GR-22", "F-25")]
async fn a_server_that_stood_still_creates_no_line_item(store: Store) {
    let course = Course::new(store).await;
    let (gateway, lms, gate) = (&course.school.gateway, &course.school.lms, Gate::default());
    let line_items = || lms.line_items(&course.school.client_id).len();
    let before = line_items();
    // One token for the list, and one for creating.
    let tokens = [Fault::Late(Duration::ZERO), Fault::Gated(gate.clone())];
    lms.faults().in_turn(Endpoint::Token, tokens);
    let id = course.to_quiz(ready(8.0)).await;
    course.asked(Endpoint::Token, 2).await;
    course.school.advance(11);
    gate.open();
    gateway.rests().await;
    assert_eq!(line_items(), before);
    // It wasn't tried, so it begins again after five seconds.
    course.school.advance(6);
    gateway.until(&id, "delivered").await;
    assert_eq!(line_items(), before + 1);
}

/// However many pages it has; meanwhile it takes a place that others could have.
#[both_stores("GR-6", "GR-13")]
async fn a_gradebook_is_not_read_for_ever(store: Store) {
    let hurried = Fixed { search: Duration::from_secs(5), ..fixed() };
    let mut settings = unhurried();
    settings["launch"] = json!({"showReasons": true});
    let gateway = Gateway::start_fixed(store, settings, &[], hurried).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gateway = &course.school.gateway;
    // Not too long for a request.
    let slow = Fault::Late(Duration::from_secs(10));
    course.school.lms.faults().next(Endpoint::Results, 1, slow);
    let id = course.delivery(graded(8.0)).await;
    gateway.failed(&id, 1).await;
    let shown = course.shown_delivery(&json!(id)).await;
    assert!(shown["attempts"][0]["said"].to_string().contains("too long"), "{shown}");
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);
    course.later();
    gateway.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
}
