//! Two servers on one store.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch, Lms};
use test_case::cases;

use super::{PATIENCE, busy};
use crate::platform_services::background::graded;
use crate::platform_services::{Course, at};
use crate::registered::{begin, ltik_of, register};
use crate::support::{API_KEY, Gateway, Store, lms};

/// The students of the pretend LMS.
pub(super) const STUDENTS: [&str; 5] = ["5", "6", "7", "8", "9"];

/// A course at another LMS of the same tool.
struct OtherCourse {
    lms: Lms,
    client_id: String,
    ltik: String,
    scores: String,
}

impl OtherCourse {
    async fn beside(course: &Course) -> Self {
        let lms = lms().await;
        let (client_id, _) = register(&course.school.gateway, &lms).await;
        let browser = Browser::new().unwrap();
        let posted = begin(&lms, &browser, &Launch::new(&client_id).teacher()).await;
        let ltik = ltik_of("the other LMS", &course.school.post(&browser, &posted).await);
        let token = course.school.read(&ltik).await;
        let line_item = token["launch"]["lineItemId"].as_str().unwrap();
        let scores = format!("{}/scores", at(line_item));
        // From now on the LMS knows our keys, so the server at our public address may stop.
        let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
        let gateway = &course.school.gateway;
        let page = gateway.with_authorization("GET", "/api/memberships", None, &header).await;
        assert_eq!(page.status, 200, "{}", page.text());
        Self { lms, client_id, ltik, scores }
    }

    /// Hands a score in at a server; the delivery.
    async fn hand_in_at(&self, gateway: &Gateway, score: Value) -> String {
        let header = format!("LTIK-AUTH-V2 {API_KEY}:{}", self.ltik);
        let page = gateway.with_authorization("POST", &self.scores, Some(score), &header).await;
        assert_eq!(page.status, 202, "{}", page.text());
        page.json().unwrap()["id"].as_str().unwrap().to_owned()
    }

    fn taken(&self) -> usize {
        self.lms.line_items(&self.client_id)[0].received.len()
    }
}

impl Course {
    /// The same for its own LMS.
    pub(super) async fn hand_in_at(&self, gateway: &Gateway, score: Value) -> String {
        let path = format!("{}/scores", at(&self.line_item()));
        let page = self.ask_at(gateway, &path, score).await;
        assert_eq!(page.status, 202, "{}", page.text());
        page.json().unwrap()["id"].as_str().unwrap().to_owned()
    }
}

impl Gateway {
    /// Waits until a platform's pause is stored.
    async fn pauses(&self) {
        let sql = "SELECT COUNT(*) FROM delivery_paces WHERE paused_until > 0";
        let waiting = async {
            while self.number(sql).await == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "no pause");
    }
}

/// One server is throttled and stops. The next one sends nothing to that platform either, and
/// serves the others.
#[cases("GR-6", "GR-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_counts_for_a_server_that_comes_later() {
    let mut course = Course::in_background(Store::Postgres, json!({})).await;
    let other = OtherCourse::beside(&course).await;
    course.school.lms.faults().set(Endpoint::Scores, busy());
    let mut waiting = Vec::new();
    for user in STUDENTS {
        let gateway = &course.school.gateway;
        waiting.push(course.hand_in_at(gateway, graded(user, 5.0)).await);
    }
    course.school.gateway.pauses().await;
    course.school.gateway.stop().await;
    let asked = course.school.lms.hits(Endpoint::Scores);
    assert!((1..=2).contains(&asked), "no more than may be sent at once: {asked}");

    let replica = course.school.gateway.replica().await;
    let mut others = Vec::new();
    for user in STUDENTS {
        others.push(other.hand_in_at(&replica, graded(user, 6.0)).await);
    }
    for id in &others {
        replica.until(id, "delivered").await;
    }
    assert_eq!(other.taken(), STUDENTS.len());
    assert_eq!(course.school.lms.hits(Endpoint::Scores), asked, "it is paused");

    course.school.lms.faults().clear_all();
    course.later();
    for id in &waiting {
        replica.until(id, "delivered").await;
    }
    assert_eq!(course.taken().len(), STUDENTS.len());
}

/// It doesn't know yet how many the settings allow.
#[cases("GR-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_starts_begins_with_one_at_a_time() {
    let mut course =
        Course::in_background(Store::Postgres, json!({"parallelPerPlatform": 1})).await;
    course.school.lms.faults().set(Endpoint::Scores, busy());
    let mut waiting = Vec::new();
    for user in STUDENTS {
        let gateway = &course.school.gateway;
        waiting.push(course.hand_in_at(gateway, graded(user, 5.0)).await);
    }
    course.school.gateway.pauses().await;
    course.school.gateway.stop().await;
    course.school.lms.faults().clear_all();
    for endpoint in [Endpoint::Results, Endpoint::Scores] {
        course.school.lms.faults().set(endpoint, Fault::Late(Duration::from_millis(100)));
    }
    course.later();
    let replica = course.school.gateway.replica().await;
    for id in &waiting {
        replica.until(id, "delivered").await;
    }
    let at_once = course.school.lms.gradebook().most_at_once();
    assert_eq!(at_once, 1);
}

/// Each counts what the other one has under way.
#[cases("GR-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_send_no_more_at_once_than_one_may() {
    let course = Course::in_background(Store::Postgres, json!({})).await;
    let replica = course.school.gateway.replica().await;
    for endpoint in [Endpoint::Results, Endpoint::Scores] {
        course.school.lms.faults().set(endpoint, Fault::Late(Duration::from_millis(100)));
    }
    let mut handed = Vec::new();
    for (number, user) in STUDENTS.into_iter().enumerate() {
        let gateway = if number % 2 == 0 { &course.school.gateway } else { &replica };
        handed.push(course.hand_in_at(gateway, graded(user, 5.0)).await);
    }
    for id in &handed {
        replica.until(id, "delivered").await;
    }
    let at_once = course.school.lms.gradebook().most_at_once();
    assert!((1..=2).contains(&at_once), "{at_once} at once");
}

/// Events go by what all servers did.
#[cases("GR-12", "GR-28")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_accepted_another_delivers_and_tells() {
    let mut course = Course::unhurried(Store::Postgres).await;
    let replica = course.school.gateway.replica().await;
    course.school.lms.faults().set(Endpoint::Scores, Fault::Status(500));
    let id = course.delivery(graded("5", 8.0)).await;
    replica.failed(&id, 1).await;
    course.later();
    replica.failed(&id, 2).await;
    course.school.gateway.stop().await;
    for failures in 3..=5 {
        course.later();
        replica.failed(&id, failures).await;
    }
    let platform = &course.school.platform_id;
    let failing = replica.told("platform.grades_failing").await;
    assert_eq!(failing, json!({"platformId": platform, "failures": 5}));
    assert_eq!(replica.told("deliveries.stalled").await["platformId"], platform.as_str());
    course.school.lms.faults().clear_all();
    course.later();
    replica.until(&id, "delivered").await;
    assert_eq!(course.given(), [8.0]);
    assert_eq!(replica.told("grade.delivered").await["deliveryId"], id.as_str());
    for kind in ["grade.unknown", "platform.grades_failing", "deliveries.stalled"] {
        let told = format!("SELECT COUNT(*) FROM events WHERE type = '{kind}'");
        assert_eq!(replica.number(&told).await, 1, "{kind}");
    }
}
