//! How many scores may wait, and for how long.

use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::lms::{Endpoint, Launch};
use test_case::{both_stores, cases};

use super::{busy, graded};
use crate::platform_services::{Course, assert_error, at};
use crate::registered::{Registered, begin, ltik_of, register};
use crate::support::{API_KEY, Gateway, Store, fixed, lms, send};

const ASYNC: (&str, &str) = ("prefer", "respond-async");

fn of(user: &str) -> Value {
    let mut score = graded(8.0);
    score["userId"] = json!(user);
    score
}

#[both_stores("GR-6", "GR-12")]
async fn a_platform_that_is_away_fills_its_own_part_alone(store: Store) {
    let settings = json!({"launch": {"showReasons": true}});
    let fixed = Fixed { waiting_scores: (100, 2), ..fixed() };
    let gateway = Gateway::start_fixed(store, settings, &[], fixed).await;
    let other = lms().await;
    let (client_id, _) = register(&gateway, &other).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().set(Endpoint::Scores, busy());
    let mut waiting = Vec::new();
    for user in ["5", "6"] {
        waiting.push(course.delivery(of(user)).await);
    }
    let page = course.post_score(&of("7"), &[ASYNC]).await;
    assert_error("no room", &page, 503, "DELIVERIES_FULL");
    assert!(page.header("retry-after").is_some());

    // Another platform's have room.
    let browser = Browser::new().unwrap();
    let posted = begin(&other, &browser, &Launch::new(&client_id).teacher()).await;
    let page = course.school.post(&browser, &posted).await;
    let ltik = ltik_of("the other LMS", &page);
    let line_item = course.school.read(&ltik).await["launch"]["lineItemId"].clone();
    let path = format!("{}/scores", at(line_item.as_str().unwrap()));
    let request = Request::new("POST".parse().unwrap(), &gateway.at(&path))
        .unwrap()
        .header("authorization", &format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"))
        .header(ASYNC.0, ASYNC.1)
        .body("application/json", of("5").to_string());
    let page = send(request).await;
    assert_eq!(page.status, 202, "{}", page.text());
    let id = page.json().unwrap()["id"].as_str().unwrap().to_owned();
    gateway.until(&id, "delivered").await;

    // What was taken before is kept, and there is room again afterwards.
    course.school.lms.faults().clear_all();
    gateway.rests().await;
    course.later();
    for id in &waiting {
        gateway.until(id, "delivered").await;
    }
    let id = course.delivery(of("7")).await;
    gateway.until(&id, "delivered").await;
}

/// The other store is in the program's tests, where a server's files can be limited.
#[cases("GR-12")]
#[tokio::test]
async fn a_score_that_finds_no_space_is_refused_and_others_kept() {
    let course = Course::new(Store::Postgres).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().next(Endpoint::Scores, 1, busy());
    let kept = course.delivery(of("5")).await;
    gateway.tried(&kept).await;
    gateway
        .meddle(
            "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
        )
        .await;
    gateway
        .meddle(
            "CREATE TRIGGER no_space BEFORE INSERT ON score_deliveries \
             FOR EACH ROW EXECUTE FUNCTION no_space()",
        )
        .await;
    let page = course.post_score(&of("6"), &[ASYNC]).await;
    assert_error("no space", &page, 507, "NO_SPACE");
    gateway.meddle("DROP TRIGGER no_space ON score_deliveries").await;
    let rows = "SELECT COUNT(*) FROM score_deliveries";
    assert_eq!(gateway.number(rows).await, 1, "nothing is left of it");
    course.later();
    gateway.until(&kept, "delivered").await;
    let id = course.delivery(of("6")).await;
    gateway.until(&id, "delivered").await;
}

#[both_stores("GR-7", "GR-8")]
async fn a_throttle_without_an_end_expires_a_score(store: Store) {
    let settings = json!({"grades": {"keepTryingHours": 1}});
    let course = Course::with(store, settings).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().set(Endpoint::Scores, busy());
    let id = course.delivery(graded(8.0)).await;
    gateway.tried(&id).await;
    gateway.until(&id, "queued").await;
    course.school.advance(2 * 60 * 60);
    gateway.until(&id, "expired THROTTLED").await;
    assert_eq!(gateway.told("grade.refused").await["reason"], "THROTTLED");
    course.school.lms.faults().clear_all();
    course.later();
    let page = gateway.admin("POST", &format!("/api/deliveries/{id}/retry"), None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    gateway.until(&id, "delivered").await;
}

/// Accepting locks a lane, then jobs, then deliveries. Letting held scores go on must lock them in
/// this order, too.
#[both_stores("GR-11")]
async fn a_platform_is_switched_while_scores_come(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    course.school.lms.faults().set(Endpoint::Scores, busy());
    let path = format!("/admin/platforms/{}", course.school.platform_id);
    let deployment = course.token["platform"]["deploymentId"].as_str().unwrap();
    let deployment = format!("{path}/deployments/{deployment}");
    let switching = async {
        for round in 0..6 {
            let status = if round % 2 == 0 { "disabled" } else { "active" };
            let page = gateway.admin("PATCH", &deployment, Some(json!({"status": status}))).await;
            assert_eq!(page.status, 200, "{}", page.text());
        }
    };
    let sending = async {
        for given in 1..10_u8 {
            for user in ["5", "6", "7"] {
                let mut score = of(user);
                score["scoreGiven"] = json!(given);
                let page = course.post_score(&score, &[ASYNC]).await;
                assert!(page.status < 500, "{}: {}", page.status, page.text());
            }
        }
    };
    tokio::join!(switching, sending);
}
