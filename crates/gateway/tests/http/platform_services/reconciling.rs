//! What was delivered beside what the gradebook has (grades.md GR-27).

use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::background::{good, graded};
use super::roster::student;
use super::{Course, assert_error, at, encoded};
use crate::support::Store;

impl Course {
    /// The next time that results are asked for, these stand there.
    pub(crate) fn next_results(&self, results: &[(&str, Option<f64>)]) {
        let results = results.iter().map(|(user, score)| {
            let mut result =
                json!({"id": format!("r{user}"), "userId": user, "scoreOf": self.line_item()});
            if let Some(score) = score {
                result["resultScore"] = json!(score);
                result["resultMaximum"] = json!(100);
            }
            result
        });
        let fault = Fault::Answer {
            status: 200,
            content_type: "application/vnd.ims.lis.v2.resultcontainer+json".into(),
            body: Value::Array(results.collect()).to_string(),
        };
        self.school.lms.faults().next(Endpoint::Results, 1, fault);
    }

    async fn reconcile(&self, repair: bool) -> Page {
        let body = json!({"lineItem": self.line_item(), "repair": repair});
        self.order("/api/deliveries/reconcile", Some(body)).await
    }
}

#[both_stores("GR-27")]
async fn what_the_gradebook_lost_is_delivered_once_more(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    course.arrives(graded("5", 4.0)).await;
    course.school.advance(2);
    for (user, given) in [("5", 8.0), ("6", 6.0), ("7", 7.0), ("8", 0.0)] {
        course.arrives(graded(user, given)).await;
    }
    let nothing = json!([]);
    let same = good(&course.reconcile(true).await);
    assert_eq!(
        same,
        json!({"same": 4, "missing": nothing, "different": nothing, "overridden": nothing, "repaired": nothing})
    );
    let sent = course.school.lms.hits(Endpoint::Scores);

    // 5 has an earlier grade, 6 another's, 7 none; 9 is of somebody else.
    let stands = [("5", Some(40.0)), ("6", Some(95.0)), ("8", Some(0.0)), ("9", Some(1.0))];
    let expected = json!({
        "same": 1, "missing": ["7"], "different": ["5"], "overridden": ["6"], "repaired": nothing,
    });
    course.next_results(&stands);
    assert_eq!(good(&course.reconcile(false).await), expected);
    assert_eq!(course.school.lms.hits(Endpoint::Scores), sent, "looking changes nothing");
    // By the service key of the place as well; a result without a score is none.
    course.next_results(&[stands[0], stands[1], stands[2], ("7", None)]);
    let body = json!({"lineItem": course.line_item()});
    let key = course.service_key();
    let page = course.with_key(&key, "POST", "/api/deliveries/reconcile", Some(body)).await;
    assert_eq!(good(&page), expected);

    // The platform counts whole seconds.
    course.school.advance(2);
    course.next_results(&stands);
    let repaired = good(&course.reconcile(true).await);
    assert_eq!(repaired["repaired"], json!(["7"]), "{repaired}");
    let platform = &course.school.platform_id;
    let path = format!("/api/deliveries?platform={platform}&user=7&limit=1");
    let list = good(&course.school.gateway.admin("GET", &path, None).await);
    let delivery = &list["deliveries"][0];
    assert_eq!(delivery["score"]["scoreGiven"], 7.0, "{delivery}");
    assert_ne!(delivery["deduplicated"], true, "{delivery}");
    course.comes_to(&delivery["id"], "delivered").await;
}

/// More than one statement looks up.
const MANY: usize = 20;

#[both_stores("GR-27")]
async fn many_people_are_compared_at_one_of_many_platforms(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let gateway = &course.school.gateway;
    for number in 0..MANY {
        let issuer = format!("https://lms{number}.example");
        let platform = json!({
            "url": issuer, "clientId": "c", "name": issuer, "authenticationEndpoint": format!("{issuer}/auth"),
            "accesstokenEndpoint": format!("{issuer}/token"),
            "authConfig": {"method": "JWK_SET", "key": format!("{issuer}/keys")},
        });
        good(&gateway.admin("POST", "/admin/platforms", Some(platform)).await);
    }
    let people: Vec<_> = (0..MANY).map(|number| student(100 + number)).collect();
    for person in &people {
        course.school.lms.add_person(person.clone());
    }
    let people: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    for user in &people {
        course.arrives(graded(user, 4.0)).await;
    }
    // Then each is graded at once, which leaves no delivery.
    gateway.patch_tool(json!({"grades": {"delivery": "sync"}})).await;
    course.school.advance(2);
    let scores = format!("{}/scores", at(&course.line_item()));
    for user in &people {
        let page = course.ask("POST", &scores, Some(graded(user, 9.0))).await;
        assert_eq!(page.status, 204, "{}", page.text());
    }
    let compared = good(&course.reconcile(false).await);
    assert_eq!((&compared["same"], &compared["overridden"]), (&json!(MANY), &json!([])));
}

#[both_stores("GR-27")]
async fn only_what_was_delivered_can_be_compared(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let page = course.reconcile(false).await;
    assert_error("nothing sent", &page, 404, "NOTHING_DELIVERED");
    course.arrives(graded("5", 4.0)).await;
    let reconcile = "/api/deliveries/reconcile";
    let page = course.order(reconcile, Some(json!({"lineItem": "7"}))).await;
    assert_error("no address", &page, 400, "INVALID_LINEITEM_ID");
    let page = course.order(reconcile, Some(json!({}))).await;
    assert_error("no line item", &page, 400, "INVALID_BODY");
    let elsewhere = json!({"lineItem": course.line_item(), "platform": "elsewhere"});
    let page = course.order(reconcile, Some(elsewhere)).await;
    assert_error("another platform", &page, 404, "PLATFORM_NOT_FOUND");
    // A launch's person may not see how others stand.
    let own = json!({"lineItem": course.line_item()});
    for asked in [own.clone(), json!({"lineItem": "7"}), json!({})] {
        let page = course.ask("POST", reconcile, Some(asked)).await;
        assert_error("an ltik", &page, 401, "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER");
    }
    course.school.lms.faults().next(Endpoint::Results, 1, Fault::Status(500));
    let page = course.order(reconcile, Some(own.clone())).await;
    assert_error("a failing LMS", &page, 502, "PLATFORM_FAILED");
    let deactivate = format!("/admin/platforms/{}/deactivate", course.school.platform_id);
    assert_eq!(course.order(&deactivate, None).await.status, 200);
    let page = course.order(reconcile, Some(own)).await;
    assert_error("inactive", &page, 409, "PLATFORM_INACTIVE");
}

#[both_stores("GR-27")]
async fn what_was_stopped_is_not_compared(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    course.arrives(graded("5", 4.0)).await;
    let gateway = &course.school.gateway;
    let asked = course.school.lms.hits(Endpoint::Results);
    let path = format!("/admin/platforms/{}/deployments", course.school.platform_id);
    let list = good(&gateway.admin("GET", &path, None).await);
    let deployment = list["deployments"][0]["deploymentId"].as_str().unwrap();
    let deployment = format!("{path}/{}", encoded(deployment));
    let key = course.service_key();
    let by_key = async || {
        let body = json!({"lineItem": course.line_item()});
        course.with_key(&key, "POST", "/api/deliveries/reconcile", Some(body)).await
    };
    let switch = async |status: &str| {
        let page = gateway.admin("PATCH", &deployment, Some(json!({"status": status}))).await;
        assert!(page.status < 300, "{}", page.text());
    };
    switch("disabled").await;
    let page = course.reconcile(true).await;
    assert_error("a stopped deployment", &page, 409, "DEPLOYMENT_INACTIVE");
    assert_eq!(by_key().await.status, 401);
    switch("active").await;

    let services = |is_on: bool| json!({"services": {"assignmentAndGrades": is_on}});
    gateway.patch_tool(services(false)).await;
    for page in [course.reconcile(true).await, by_key().await] {
        assert_error("switched off", &page, 403, "INACTIVE_SERVICE");
    }
    assert_eq!(course.school.lms.hits(Endpoint::Results), asked, "nobody was asked");
    gateway.patch_tool(services(true)).await;
    assert_eq!(good(&course.reconcile(false).await)["same"], 1);
}
