//! What applications, learners and operators see of deliveries, and what operators do with them
//! (grades.md GR-26, GR-30).

use serde_json::{Value, json};
use simulator::faults::ScoreRefusal;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::background::{good, graded};
use super::{Course, assert_error, encoded};
use crate::registered::ltik_of;
use crate::support::{API_KEY, Store};

impl Course {
    fn next_refusal(&self, refusal: ScoreRefusal) {
        self.school.lms.faults().next(Endpoint::Scores, 1, refusal.fault());
    }

    /// The list as the tool sees it.
    async fn listed_deliveries(&self, query: &str) -> Value {
        let path = format!("/api/deliveries{query}");
        good(&self.school.gateway.admin("GET", &path, None).await)
    }

    /// The ids of a list.
    async fn delivery_ids(&self, query: &str) -> Vec<Value> {
        ids(&self.listed_deliveries(query).await)
    }

    /// A request with the `ltik` of a student's launch.
    async fn as_student(&self, path: &str) -> simulator::browser::Page {
        let ltik = ltik_of("student", &self.school.launch(&self.school.student()).await);
        let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
        self.school.gateway.with_authorization("GET", path, None, &header).await
    }
}

fn ids(list: &Value) -> Vec<Value> {
    list["deliveries"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
}

#[both_stores("GR-26", "GR-30")]
async fn who_asks_sees_their_own_deliveries(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let first = course.arrives(graded("5", 8.0)).await;
    let other = course.arrives(graded("6", 0.0)).await;
    assert_eq!(
        (&first["kind"], &first["user"], &first["score"]["scoreGiven"]),
        (&json!("score"), &json!("5"), &json!(8.0))
    );
    assert_eq!(first["lineItem"], course.line_item());
    assert_eq!(first["platform"], course.school.platform_id);
    assert!(first["deliveredAt"].is_string() && first.get("nextAttemptAt").is_none(), "{first}");
    assert_eq!(first["attempts"][0]["outcome"], "delivered", "{first}");

    // The tool sees both, the newest first.
    let all = course.listed_deliveries("").await;
    assert_eq!(ids(&all), [other["id"].clone(), first["id"].clone()]);
    assert_eq!(all["counts"], json!({"delivered": 2}));
    assert_eq!((all.get("oldestSeconds"), all.get("nextCursor")), (None, None));
    // The place too, and the person of a launch nobody else's.
    let key = course.service_key();
    let of_place = good(&course.with_key(&key, "GET", "/api/deliveries", None).await);
    assert_eq!(ids(&of_place).len(), 2);
    let own = good(&course.as_student("/api/deliveries").await);
    assert_eq!(ids(&own), [first["id"].clone()]);
    assert_eq!(own["counts"], json!({"delivered": 1}));
    let path = |delivery: &Value| format!("/api/deliveries/{}", delivery["id"].as_str().unwrap());
    assert_eq!(good(&course.as_student(&path(&first)).await)["id"], first["id"]);
    let page = course.as_student(&path(&other)).await;
    assert_error("another's", &page, 404, "DELIVERY_NOT_FOUND");
    let page = course.as_student("/api/deliveries?user=6").await;
    assert_error("another's", &page, 400, "INVALID_PARAMETER");
    // A teacher has none of their own.
    assert_eq!(course.read("/api/deliveries").await["deliveries"], json!([]));
    for id in ["nobody", "00000000000000000000"] {
        let page = course.school.gateway.admin("GET", &format!("/api/deliveries/{id}"), None).await;
        assert_error(id, &page, 404, "DELIVERY_NOT_FOUND");
    }
}

#[both_stores("GR-26")]
async fn deliveries_are_filtered_and_turned_page_by_page(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let mut delivered = Vec::new();
    for user in ["5", "6", "7"] {
        delivered.push(course.arrives(graded(user, 5.0)).await["id"].clone());
    }
    course.next_refusal(ScoreRefusal::CanvasConcluded);
    let refused = course.hand_in(graded("8", 5.0)).await;
    let refused = course.comes_to(&refused["id"], "refused").await;
    assert_eq!(refused["reason"], "COURSE_CONCLUDED", "{refused}");
    assert!(refused["advice"].as_str().unwrap().contains("concluded"), "{refused}");
    let said = refused["attempts"][0]["said"].as_str().unwrap();
    assert!(said.contains("This course has concluded"), "{refused}");

    let refused = vec![refused["id"].clone()];
    let platform = &course.school.platform_id;
    for query in [
        "?state=refused".to_owned(),
        "?reason=COURSE_CONCLUDED".to_owned(),
        format!("?platform={platform}&user=8"),
        format!("?platform={platform}&context=2&state=refused"),
    ] {
        assert_eq!(course.delivery_ids(&query).await, refused, "{query}");
    }
    let item = encoded(&course.line_item());
    let query = format!("?platform={platform}&lineItem={item}&state=delivered");
    let mut newest_first = delivered.clone();
    newest_first.reverse();
    assert_eq!(course.delivery_ids(&query).await, newest_first);
    for query in ["?platform=other", "?context=other", "?since=2099-01-01T00:00:00Z"] {
        assert_eq!(course.delivery_ids(query).await, Vec::<Value>::new(), "{query}");
    }
    let counts = json!({"delivered": 3, "refused": 1});
    assert_eq!(course.listed_deliveries("?state=refused").await["counts"], counts);

    let page = course.listed_deliveries("?limit=3").await;
    assert_eq!(ids(&page).len(), 3);
    let next = page["nextCursor"].as_str().unwrap();
    let rest = course.listed_deliveries(&format!("?limit=3&cursor={next}")).await;
    assert_eq!((ids(&rest), rest.get("nextCursor")), (vec![delivered[0].clone()], None));
    for wrong in ["?state=lost", "?user=5", "?lineItem=x", "?limit=0", "?cursor=1", "?who=5"] {
        let path = format!("/api/deliveries{wrong}");
        let page = course.school.gateway.admin("GET", &path, None).await;
        assert_error(wrong, &page, 400, "INVALID_PARAMETER");
    }
}

#[both_stores("GR-10", "GR-26")]
async fn a_held_delivery_is_cancelled_and_tried_again(store: Store) {
    // It is not tried by itself meanwhile.
    let course = Course::in_background(store, json!({"schedule": [0, 3600]})).await;
    course.next_refusal(ScoreRefusal::CanvasNoStudent);
    let held = course.hand_in(graded("5", 7.0)).await;
    let held = course.comes_to(&held["id"], "held").await;
    assert_eq!(held["reason"], "NOT_ENROLLED", "{held}");
    course.school.advance(90);
    let oldest = course.listed_deliveries("").await["oldestSeconds"].as_i64().unwrap();
    assert!((90..600).contains(&oldest), "{oldest}");
    // The learner is told since when it waits.
    let own = good(&course.as_student("/api/deliveries?limit=1").await);
    assert_eq!(own["deliveries"][0]["state"], "held");

    let order = |what: &str| format!("/api/deliveries/{}/{what}", held["id"].as_str().unwrap());
    let cancelled = good(&course.order(&order("cancel"), None).await);
    assert_eq!(cancelled["state"], "cancelled", "{cancelled}");
    let page = course.order(&order("cancel"), None).await;
    assert_error("twice", &page, 409, "DELIVERY_NOT_CANCELLED");
    assert_eq!(course.listed_deliveries("").await.get("oldestSeconds"), None);

    let again = good(&course.order(&order("retry"), None).await);
    assert!(again.get("reason").is_none(), "{again}");
    let delivered = course.comes_to(&held["id"], "delivered").await;
    // The time that the score had at first.
    assert_eq!(delivered["score"]["timestamp"], held["score"]["timestamp"]);
    let page = course.order(&order("retry"), None).await;
    assert_error("delivered", &page, 409, "DELIVERY_NOT_RETRIED");
    let page = course.order("/api/deliveries/00000000000000000000/retry", None).await;
    assert_error("unknown", &page, 404, "DELIVERY_NOT_FOUND");
    // Only an API key gives orders.
    for path in [order("retry"), order("cancel"), "/api/deliveries/retry".to_owned()] {
        let page = course.ask("POST", &path, None).await;
        assert_error(&path, &page, 401, "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER");
    }
}

#[both_stores("GR-26")]
async fn all_of_a_reason_are_tried_again(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let mut refused = Vec::new();
    for (user, refusal) in [
        ("5", ScoreRefusal::CanvasConcluded),
        ("6", ScoreRefusal::CanvasConcluded),
        ("7", ScoreRefusal::CanvasNoAttemptLeft),
    ] {
        course.next_refusal(refusal);
        let delivery = course.hand_in(graded(user, 7.0)).await;
        course.comes_to(&delivery["id"], "refused").await;
        refused.push(delivery["id"].clone());
    }
    let retry = async |body: Value| good(&course.order("/api/deliveries/retry", Some(body)).await);
    assert_eq!(retry(json!({"reason": "NOT_ENROLLED"})).await, json!({"retried": 0}));
    let elsewhere = json!({"reason": "COURSE_CONCLUDED", "platform": "elsewhere"});
    assert_eq!(retry(elsewhere).await, json!({"retried": 0}));
    assert_eq!(retry(json!({"reason": "COURSE_CONCLUDED"})).await, json!({"retried": 2}));
    for id in &refused[..2] {
        course.comes_to(id, "delivered").await;
    }
    assert_eq!(course.shown_delivery(&refused[2]).await["state"], "refused");
    let page = course.order("/api/deliveries/retry", None).await;
    assert_eq!(good(&page), json!({"retried": 1}));
    course.comes_to(&refused[2], "delivered").await;
    let page = course.order("/api/deliveries/retry", Some(json!({"why": "x"}))).await;
    assert_error("unknown member", &page, 400, "INVALID_BODY");
}

#[both_stores("GR-26")]
async fn retrying_many_continues_where_it_stopped(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let mut refused = Vec::new();
    for user in ["5", "6", "7"] {
        course.next_refusal(ScoreRefusal::CanvasConcluded);
        let delivery = course.hand_in(graded(user, 7.0)).await;
        course.comes_to(&delivery["id"], "refused").await;
        refused.push(delivery["id"].clone());
    }
    let retry = async |body: Value| good(&course.order("/api/deliveries/retry", Some(body)).await);
    let none = json!({"reason": "COURSE_CONCLUDED", "limit": 0});
    let page = course.order("/api/deliveries/retry", Some(none)).await;
    assert_error("limit", &page, 400, "INVALID_BODY");
    let some = retry(json!({"reason": "COURSE_CONCLUDED", "limit": 2})).await;
    assert_eq!(some, json!({"retried": 2, "next": refused[1]}));
    for id in &refused[..2] {
        course.comes_to(id, "delivered").await;
    }
    assert_eq!(course.shown_delivery(&refused[2]).await["state"], "refused");
    let rest = json!({"reason": "COURSE_CONCLUDED", "after": some["next"]});
    assert_eq!(retry(rest).await, json!({"retried": 1}));
    course.comes_to(&refused[2], "delivered").await;
}
