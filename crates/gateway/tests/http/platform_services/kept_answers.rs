//! First answers to requests with an `Idempotency-Key`: which are kept, for whom, and how long.

use std::time::Duration;

use gateway::background::clock_watch::ClockWatch;
use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::browser::{Page, Request};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::background::graded as graded_of;
use super::idempotency::{graded, is_replayed};
use super::{Course, assert_error, encoded};
use crate::studyreel::{StudyReel, valid};
use crate::support::{API_KEY, Gateway, PATIENCE, Store, fixed, send};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// A POST with a key and an API key.
fn keyed(gateway: &Gateway, api_key: &str, path: &str, key: &str) -> Request {
    Request::new("POST".parse().unwrap(), &gateway.at(path))
        .unwrap()
        .header("authorization", &format!("Bearer {api_key}"))
        .header("idempotency-key", key)
        .no_redirects()
}

impl Gateway {
    /// Has all deliveries tried again, of which there are none.
    async fn retry_keyed(&self, key: &str) -> Page {
        send(keyed(self, API_KEY, "/api/deliveries/retry", key)).await
    }

    async fn first_answers(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM first_answers").await
    }

    async fn kept_answers(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM first_answers WHERE answer_sealed IS NOT NULL").await
    }
}

#[track_caller]
fn told(page: &Page) -> (u16, bool) {
    (page.status, is_replayed(page))
}

#[both_stores("GR-4")]
async fn a_first_answer_is_for_who_may_still_ask(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let ltik = course.keyed_header();
    let service_key = format!("SERVICE-AUTH-V1 {API_KEY}:{}", course.service_key());
    let ask = async |authorization: &str| {
        told(&send(course.keyed(gateway, "kept", authorization, &graded(1.0))).await)
    };
    for authorization in [&ltik, &service_key] {
        assert_eq!(ask(authorization).await, (204, false), "{authorization}");
    }
    let platform = format!("/admin/platforms/{}", course.school.platform_id);
    let list = gateway.admin("GET", &format!("{platform}/deployments"), None).await.json().unwrap();
    let deployment = list["deployments"][0]["deploymentId"].as_str().unwrap();
    let deployment = format!("{platform}/deployments/{}", encoded(deployment));
    let user = encoded(course.token["user"]["id"].as_str().unwrap());
    let blocked = format!("{platform}/blocked/{user}");
    let active = |path: &str| format!("{platform}/{path}");
    let status = |status: &str| Some(json!({"status": status}));
    let order = async |method: &str, path: &str, body: Option<Value>| {
        let page = gateway.admin(method, path, body).await;
        assert!(page.status < 300, "{method} {path}: {}", page.text());
    };
    for (stop, go, by_service_key) in [
        (("PUT", &blocked, None), ("DELETE", &blocked, None), (204, true)),
        (("POST", &active("deactivate"), None), ("POST", &active("activate"), None), (401, false)),
        (
            ("PATCH", &deployment, status("disabled")),
            ("PATCH", &deployment, status("active")),
            (401, false),
        ),
    ] {
        let (method, path, body) = stop;
        order(method, path, body).await;
        assert_eq!(ask(&ltik).await, (401, false), "{method} {path}");
        assert_eq!(ask(&service_key).await, by_service_key, "{method} {path}");
        let (method, path, body) = go;
        order(method, path, body).await;
        for authorization in [&ltik, &service_key] {
            assert_eq!(ask(authorization).await, (204, true), "{method} {path}");
        }
    }
    let list = gateway.admin("GET", "/admin/service-keys", None).await.json().unwrap();
    let id = list["serviceKeys"][0]["id"].as_str().unwrap();
    order("DELETE", &format!("/admin/service-keys/{id}"), None).await;
    assert_eq!(ask(&service_key).await, (401, false), "revoked");
}

#[both_stores("GR-4")]
async fn an_erased_persons_answers_are_gone_and_nothing_is_redone(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let gateway = &course.school.gateway;
    // It waits, and can be cancelled.
    course.school.lms.faults().set(Endpoint::Scores, Fault::Busy { status: 429, seconds: 600 });
    let ask = async || {
        let score = graded_of("7", 7.0);
        send(course.keyed(gateway, "erased", &course.keyed_header(), &score)).await
    };
    let first = ask().await;
    assert_eq!(told(&first), (202, false), "{}", first.text());
    assert_eq!(told(&ask().await), (202, true));
    let delivery = first.json().unwrap();
    assert_eq!(delivery["user"], "7");
    let cancel = format!("/api/deliveries/{}/cancel", delivery["id"].as_str().unwrap());
    let cancelled = async {
        loop {
            // While it is being sent it is not cancelled, and that is an answer, too.
            let key = crate::support::random();
            let page = send(keyed(gateway, API_KEY, &cancel, &key)).await;
            if page.status == 200 {
                return key;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let key = tokio::time::timeout(PATIENCE, cancelled).await.unwrap();
    let again = async || send(keyed(gateway, API_KEY, &cancel, &key)).await;
    assert_eq!(told(&again().await), (200, true));

    let path = format!("/api/deliveries?platform={}&user=7", course.school.platform_id);
    let erased = gateway.admin("DELETE", &path, None).await;
    assert_eq!(erased.status, 200, "{}", erased.text());
    for page in [ask().await, again().await] {
        assert_error("erased", &page, 410, "IDEMPOTENCY_ANSWER_ERASED");
    }
    let deliveries = "SELECT COUNT(*) FROM score_deliveries";
    assert_eq!(gateway.number(deliveries).await, 0, "it was not sent again");
    // What is left names nobody.
    let named = "SELECT COUNT(*) FROM first_answers WHERE person_key IS NOT NULL AND answer_sealed IS NOT NULL";
    assert_eq!(gateway.number(named).await, 0);
}

#[both_stores("GR-4")]
async fn a_students_answers_go_with_the_student(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let gateway = &studyreel.gateway;
    studyreel.ok(&valid("ada@school.example")).await;
    let list = gateway.admin("GET", "/api/students", None).await.json().unwrap();
    let path = format!("/api/students/{}", list["students"][0]["id"].as_str().unwrap());
    let ask = async || {
        let body = json!({"subject": "moss@school.example"}).to_string();
        let request = keyed(gateway, API_KEY, &format!("{path}/subject"), "moved");
        send(request.body("application/json", body)).await
    };
    let first = ask().await;
    assert_eq!(told(&first), (200, false), "{}", first.text());
    let again = ask().await;
    assert_eq!(told(&again), (200, true));
    assert!(again.text().contains("moss@school.example"), "{}", again.text());
    assert_eq!(gateway.admin("DELETE", &path, None).await.status, 204);
    let gone = ask().await;
    assert_error("erased", &gone, 410, "IDEMPOTENCY_ANSWER_ERASED");
    assert_eq!((gateway.kept_answers().await, gateway.first_answers().await), (0, 1));
}

#[both_stores("GR-4")]
async fn a_removed_platforms_answers_go_with_it(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    assert_eq!(course.post_keyed("a", &graded(1.0)).await.status, 204);
    assert_eq!(told(&gateway.retry_keyed("b").await), (200, false));
    assert_eq!(gateway.first_answers().await, 2);
    let path = format!("/admin/platforms/{}", course.school.platform_id);
    let removed = gateway.admin("DELETE", &path, None).await;
    assert!(removed.status < 300, "{}", removed.text());
    assert_eq!(gateway.first_answers().await, 1, "the tool's own stays");
}

#[both_stores("GR-4")]
async fn an_answer_about_many_people_is_not_kept(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    for _ in 0..2 {
        let request =
            Request::new("POST".parse().unwrap(), &gateway.at("/api/memberships/sync")).unwrap();
        let request = request
            .header("authorization", &course.keyed_header())
            .header("idempotency-key", "roster")
            .no_redirects();
        let page = send(request).await;
        assert_eq!(told(&page), (200, false), "{}", page.text());
        assert!(page.text().contains("\"added\""), "{}", page.text());
    }
    assert_eq!(gateway.first_answers().await, 0);
}

#[both_stores("GR-4")]
async fn keys_take_no_room_of_the_store_without_end(store: Store) {
    let fixed = Fixed { remembered_keys: 1, ..fixed() };
    let gateway = Gateway::start_fixed(store, json!({}), &[], fixed).await;
    let asked = json!({"name": "dashboard", "scope": "read"});
    let made = gateway.admin("POST", "/admin/api-keys", Some(asked)).await.json().unwrap();
    let reader = made["key"].as_str().unwrap();
    let page = send(keyed(&gateway, reader, "/api/deliveries/retry", "mine")).await;
    assert_error("a key that may not ask", &page, 403, "API_KEY_SCOPE");
    let page = send(keyed(&gateway, "wrong", "/api/deliveries/retry", "mine")).await;
    assert_eq!(page.status, 401, "{}", page.text());
    assert_eq!(gateway.first_answers().await, 0);

    assert_eq!(told(&gateway.retry_keyed("a").await), (200, false));
    let full = gateway.retry_keyed("b").await;
    assert_error("one too many", &full, 503, "IDEMPOTENCY_KEYS_FULL");
    assert!(full.header("retry-after").is_some());
    assert_eq!(told(&gateway.retry_keyed("a").await), (200, true), "what is known stays known");
    let plain = gateway.admin("POST", "/api/deliveries/retry", None).await;
    assert_eq!(plain.status, 200, "{}", plain.text());
    assert_eq!(gateway.first_answers().await, 1);
}

#[both_stores("GR-4")]
async fn no_date_frees_a_key_or_keeps_it(store: Store) {
    let gateway = Gateway::start(store).await;
    ClockWatch::new(gateway.app.db.clone(), gateway.clock.clone()).look().await.unwrap();
    assert_eq!(told(&gateway.retry_keyed("a").await), (200, false));
    for hours in [25, -25] {
        gateway.clock.set_by(hours * HOUR_MS);
        assert_eq!(told(&gateway.retry_keyed("a").await), (200, true), "{hours}");
        gateway.clock.set_by(-hours * HOUR_MS);
    }
    // As if its server had been killed while it was under way.
    gateway.meddle("UPDATE first_answers SET answer_sealed = NULL, owner = 'dead'").await;
    for hours in [0, 25, -1] {
        gateway.clock.set_by(hours * HOUR_MS);
        let page = gateway.retry_keyed("a").await;
        assert_error("in use", &page, 409, "IDEMPOTENCY_KEY_IN_USE");
        gateway.clock.set_by(-hours * HOUR_MS);
    }
    gateway.clock.set_by(-HOUR_MS);
    gateway.clock.advance(Duration::from_secs(21));
    assert_eq!(told(&gateway.retry_keyed("a").await), (200, false), "nobody works on it");
    assert_eq!(told(&gateway.retry_keyed("a").await), (200, true));
}
