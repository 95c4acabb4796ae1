//! Service keys: what an application acts with after a launch (ltiaas-api.md §1.3).

use gateway::kit::clock::Random;
use gateway::kit::seal::SecretKey;
use serde_json::{Value, json};
use simulator::lms::{Endpoint, claim_name};
use test_case::both_stores;

use super::{Course, assert_error, at};
use crate::registered::{Registered, ltik_of};
use crate::support::{Gateway, Store, lms};

async fn listed(course: &Course, query: &str) -> Vec<Value> {
    let path = format!("/admin/service-keys{query}");
    let page = course.school.gateway.admin("GET", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()["serviceKeys"].as_array().unwrap().clone()
}

#[both_stores("GR-31")]
async fn a_service_key_outlives_launch_restart_and_rotation(store: Store) {
    let random = Random::default();
    let [old, new] = [(); 2].map(|()| SecretKey::generate(&random).to_hex());
    let settings = json!({"launch": {"showReasons": true}});
    let gateway = Gateway::start_configured(store, settings, &[("secret_key", &old)]).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let mut course = Course::of(school, launch).await;
    let (key, line_item) = (course.service_key(), course.line_item());
    assert!(key.len() < 300, "{}", key.len());
    let score = |given: f64| {
        json!({
            "userId": "5", "scoreGiven": given, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        })
    };
    let scores = format!("{}/scores", at(&line_item));
    for round in 0..3 {
        course.school.advance(25 * 3600);
        assert_eq!(course.get("/api/memberships").await.status, 401, "the launch is over");
        let page = course.with_key(&key, "GET", "/api/memberships", None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let page = course.with_key(&key, "POST", &scores, Some(score(f64::from(round)))).await;
        assert_eq!(page.status, 204, "{}", page.text());
        let Course { school, ltik, token } = course;
        let Registered { gateway, lms, client_id, platform_id } = school;
        let gateway = match round {
            0 => gateway.restart().await,
            1 => gateway.restart_with_secret(&format!("{new},{old}")).await,
            _ => gateway,
        };
        course =
            Course { school: Registered { gateway, lms, client_id, platform_id }, ltik, token };
    }
}

#[both_stores]
async fn service_keys_are_listed_and_revoked_one_by_one(store: Store) {
    let course = Course::new(store).await;
    let key = course.service_key();
    let known = listed(&course, "").await;
    assert_eq!(known.len(), 1, "{known:?}");
    assert_eq!(
        known[0],
        json!({
            "id": known[0]["id"], "platform": course.school.platform_id,
            "deployment": course.token["platform"]["deploymentId"], "context": "2", "resourceLink": "1",
            "services": ["namesAndRoles", "assignmentAndGrades"],
            "createdAt": known[0]["createdAt"], "changedAt": known[0]["createdAt"],
        })
    );
    assert_eq!(course.with_key(&key, "GET", "/api/memberships", None).await.status, 200);
    let used = &listed(&course, "").await[0]["lastUsedAt"];
    assert!(used.is_string());
    // Another launch from there is the same place, one from elsewhere another.
    let again = course.school.accepts("again", course.school.student()).await;
    let elsewhere =
        course.school.accepts("elsewhere", course.school.student().link("2", "2")).await;
    let all = listed(&course, &format!("?platform={}", course.school.platform_id)).await;
    assert_eq!((all.len(), listed(&course, "?platform=other").await.len()), (2, 0));
    let page = course.school.gateway.admin("GET", "/admin/service-keys?limit=1", None).await;
    let first: Value = page.json().unwrap();
    let next = first["nextCursor"].as_str().unwrap();
    assert_ne!(
        listed(&course, &format!("?limit=1&cursor={next}")).await[0]["id"],
        first["serviceKeys"][0]["id"]
    );

    course.school.advance(1);
    let path = format!("/admin/service-keys/{}", known[0]["id"].as_str().unwrap());
    assert_eq!(course.school.gateway.admin("DELETE", &path, None).await.status, 204);
    let service_key = |token: &Value| token["services"]["serviceKey"].as_str().unwrap().to_owned();
    for revoked in [key, service_key(&again), service_key(&course.school.read(&course.ltik).await)]
    {
        let page = course.with_key(&revoked, "GET", "/api/memberships", None).await;
        assert_error("revoked", &page, 401, "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER");
    }
    let other = service_key(&elsewhere);
    assert_eq!(course.with_key(&other, "GET", "/api/memberships", None).await.status, 200);
    course.school.advance(1);
    let fresh = course.school.accepts("after", course.school.student()).await;
    let page = course.with_key(&service_key(&fresh), "GET", "/api/memberships", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = course.school.gateway.admin("DELETE", "/admin/service-keys/nobody", None).await;
    assert_error("unknown", &page, 404, "SERVICE_KEY_NOT_FOUND");
}

#[both_stores("GR-31")]
async fn the_newest_addresses_of_a_place_count(store: Store) {
    let course = Course::new(store).await;
    let key = course.service_key();
    let claims = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut claim = claims[claim_name("namesroleservice")].clone();
    let url = claim["context_memberships_url"].as_str().unwrap();
    claim["context_memberships_url"] = format!("{url}?moved=1").into();
    // The application never reads this launch, and it has no grades: those of the one before stay.
    let launch = course.school.student().with("namesroleservice", claim).without("endpoint");
    ltik_of("moved", &course.school.launch(&launch).await);
    let page = course.with_key(&key, "GET", "/api/memberships", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let last = course.school.lms.wire().pop().unwrap();
    assert!(last.url.contains("moved=1"), "{}", last.url);
    let page = course.with_key(&key, "GET", "/api/lineitems", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

#[both_stores("GR-31")]
async fn an_older_launch_read_again_brings_no_old_address_back(store: Store) {
    let course = Course::new(store).await;
    let (key, replica) = (course.service_key(), course.school.gateway.replica().await);
    let claims = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut claim = claims[claim_name("namesroleservice")].clone();
    let url = claim["context_memberships_url"].as_str().unwrap();
    claim["context_memberships_url"] = format!("{url}?moved=1").into();
    course.school.advance(60);
    let launch = course.school.student().with("namesroleservice", claim);
    let moved = ltik_of("moved", &course.school.launch(&launch).await);
    let asked_at = async |case: &str, wanted: bool| {
        let page = course.with_key(&key, "GET", "/api/memberships", None).await;
        assert_eq!(page.status, 200, "{case}: {}", page.text());
        let last = course.school.lms.wire().pop().unwrap();
        assert_eq!(last.url.contains("moved=1"), wanted, "{case}: {}", last.url);
    };
    for (case, gateway) in [("here", &course.school.gateway), ("at a replica", &replica)] {
        assert_eq!(gateway.idtoken(&course.ltik, "").await.status, 200);
        asked_at(case, true).await;
        assert_eq!(gateway.idtoken(&moved, "").await.status, 200);
        asked_at(case, true).await;
    }
    // The next launch that tells the old address is the newest.
    course.school.advance(61);
    course.school.accepts("back", course.school.student()).await;
    assert_eq!(course.school.gateway.idtoken(&moved, "").await.status, 200);
    asked_at("moved back", false).await;
}

#[both_stores]
async fn a_service_key_is_short_whatever_the_addresses(store: Store) {
    let school = Registered::new(store).await;
    let long = format!("{}/{}", school.lms.url(), "x".repeat(1900));
    let launch = school
        .teacher()
        .with(
            "namesroleservice",
            json!({"context_memberships_url": long, "service_versions": ["2.0"]}),
        )
        .with("context", json!({"id": "c".repeat(200), "title": "Long"}));
    let course = Course::of(school, launch).await;
    assert!(course.service_key().len() < 1333);
    let page = course.with_key(&course.service_key(), "GET", "/api/memberships", None).await;
    assert_error("asked there", &page, 404, "PLATFORM_REFUSED");
}

#[both_stores]
async fn a_stopped_platform_or_deployment_stops_its_keys(store: Store) {
    let course = Course::new(store).await;
    let (key, gateway) = (course.service_key(), &course.school.gateway);
    let platform = format!("/admin/platforms/{}", course.school.platform_id);
    let deployment = course.token["platform"]["deploymentId"].as_str().unwrap();
    let deployment = format!("{platform}/deployments/{deployment}");
    let ask = async || course.with_key(&key, "GET", "/api/memberships", None).await;
    let status = |status: &str| Some(json!({"status": status}));
    for (method, path, body, expected) in [
        ("POST", format!("{platform}/deactivate"), None, 401),
        ("POST", format!("{platform}/activate"), None, 200),
        ("PATCH", deployment.clone(), status("disabled"), 401),
        ("PATCH", deployment, status("active"), 200),
        ("DELETE", platform, None, 401),
    ] {
        let page = gateway.admin(method, &path, body).await;
        assert!(page.status < 300, "{path}: {}", page.text());
        let page = ask().await;
        assert_eq!(page.status, expected, "{method} {path}: {}", page.text());
    }
    assert_eq!(listed(&course, "").await, Vec::<Value>::new());
    assert_eq!(course.school.lms.hits(Endpoint::Memberships), 2);
}
