//! Service keys: what an application acts with after a launch (ltiaas-api.md §1.3).

use std::time::Duration;

use gateway::background;
use gateway::kit::clock::Random;
use gateway::kit::seal::SecretKey;
use serde_json::{Value, json};
use simulator::lms::{Endpoint, Launch, claim_name};
use test_case::both_stores;

use super::{Course, assert_error, at, encoded};
use crate::registered::{Registered, ltik_of};
use crate::support::{API_KEY, Gateway, Store, lms};
use crate::waits::Lock;

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

#[both_stores("F-09")]
async fn a_service_key_reaches_its_own_course_alone(store: Store) {
    let course = Course::new(store).await;
    let (key, lms, item) = (course.service_key(), &course.school.lms, course.line_item());
    let members = &course.token["services"]["namesAndRoles"]["contextMembershipsUrl"];
    let members = members.as_str().unwrap();
    let own = lms.endpoints_of(&course.school.client_id).unwrap();
    let other_item = item.replace("/2/lineitems/", "/3/lineitems/");
    let other_members = members.replace("/CourseSection/2/", "/CourseSection/3/");
    assert!(other_item != item && other_members != members, "{item} {members}");
    let (bare_item, query) = item.split_once('?').unwrap();
    let dotted = item.replace("/2/lineitems/", "/2/lineitems/..%20/..%20/3/lineitems/");
    let twice = format!("{item}&{}", query.replace('=', "[]="));
    let asked = lms.wire().len();
    let refused = async |method: &str, path: &str, body: Option<Value>| {
        let page = course.with_key(&key, method, path, body).await;
        assert_error(path, &page, 400, "ADDRESS_NOT_OF_THE_PLATFORM");
    };
    let scores = format!("{}/scores", at(&item));
    for url in [&other_members, &other_item, &own.jwks, &own.token, &own.authorization] {
        for list in ["/api/memberships", "/api/lineitems", &*scores] {
            refused("GET", &format!("{list}?url={}", encoded(url)), None).await;
        }
    }
    for id in [&*other_item, bare_item, &dotted, &twice, members, &own.jwks, &own.token] {
        refused("GET", &at(id), None).await;
        refused("GET", &format!("{}/scores", at(id)), None).await;
        refused("DELETE", &at(id), None).await;
    }
    let body = json!({"lineItem": other_item});
    refused("POST", "/api/deliveries/reconcile", Some(body)).await;
    assert_eq!(lms.wire().len(), asked, "nothing is sent");
}

#[both_stores]
async fn a_service_key_is_short_whatever_the_addresses(store: Store) {
    let school = Registered::new(store).await;
    let long = format!("{}/{}", school.lms.url(), "x".repeat(1900));
    let claims = school.lms.claims(&school.teacher()).unwrap();
    let mut grades = claims[claim_name("endpoint")].clone();
    for address in ["lineitems", "lineitem"] {
        grades[address] = format!("{long}/{address}").into();
    }
    let launch = school
        .teacher()
        .with(
            "namesroleservice",
            json!({"context_memberships_url": long, "service_versions": ["2.0"]}),
        )
        .with("endpoint", grades)
        .with("context", json!({"id": "c".repeat(200), "title": "Long"}));
    let course = Course::of(school, launch).await;
    assert!(course.service_key().len() < 1333);
    assert!(course.line_item().len() > 1900);
    for path in ["/api/memberships", "/api/lineitems"] {
        let page = course.with_key(&course.service_key(), "GET", path, None).await;
        assert_error(path, &page, 404, "PLATFORM_REFUSED");
    }
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

/// A launch by the student from the same place, which tells that the roster has moved.
fn moved(course: &Course) -> Launch {
    let claims = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut claim = claims[claim_name("namesroleservice")].clone();
    let url = claim["context_memberships_url"].as_str().unwrap();
    claim["context_memberships_url"] = format!("{url}?moved=1").into();
    course.school.student().with("namesroleservice", claim)
}

/// Whether the roster is asked for where it has moved to.
async fn is_asked_where_it_moved(course: &Course, key: &str) -> bool {
    let page = course.with_key(key, "GET", "/api/memberships", None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    course.school.lms.wire().pop().unwrap().url.contains("moved=1")
}

#[both_stores("GR-31")]
async fn a_date_that_was_ahead_freezes_no_addresses(store: Store) {
    let school = Registered::new(store).await;
    school.set_date_by(3600);
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    course.school.set_date_by(-3600);
    ltik_of("moved", &course.school.launch(&moved(&course)).await);
    assert!(is_asked_where_it_moved(&course, &course.service_key()).await);
    // Reading the launch from then once more brings nothing back.
    course.school.read(&course.ltik).await;
    assert!(is_asked_where_it_moved(&course, &course.service_key()).await);
}

/// Nobody reads any of these launches.
#[both_stores("GR-31")]
async fn addresses_that_come_back_count_at_once(store: Store) {
    let course = Course::new(store).await;
    let key = course.service_key();
    let school = &course.school;
    // From the second on it is remembered what such a launch tells.
    for case in ["first", "second"] {
        ltik_of(case, &school.launch(&school.student()).await);
    }
    for round in 0..2 {
        ltik_of("moved", &school.launch(&moved(&course)).await);
        assert!(is_asked_where_it_moved(&course, &key).await, "{round}");
        ltik_of("back", &school.launch(&school.student()).await);
        assert!(!is_asked_where_it_moved(&course, &key).await, "{round}");
    }
}

#[both_stores]
async fn a_launch_from_a_known_place_asks_the_store_nothing_of_it(store: Store) {
    let course = Course::new(store).await;
    let school = &course.school;
    for case in ["first", "second"] {
        ltik_of(case, &school.launch(&school.student()).await);
    }
    school.advance(61);
    // Whoever reads the table now fails.
    school.gateway.meddle("ALTER TABLE service_places RENAME TO places_elsewhere").await;
    ltik_of("a minute later", &school.launch(&school.student()).await);
    school.advance(3600);
    let page = school.launch(&school.student()).await;
    assert_eq!(page.status, 503, "an hour later it is compared: {}", page.text());
    school.gateway.meddle("ALTER TABLE places_elsewhere RENAME TO service_places").await;
    ltik_of("mended", &school.launch(&school.student()).await);
}

fn key_of(token: &Value) -> String {
    token["services"]["serviceKey"].as_str().unwrap().to_owned()
}

/// What a roster is answered with to a service key.
async fn roster(gateway: &Gateway, key: &str) -> u16 {
    let header = format!("SERVICE-AUTH-V1 {API_KEY}:{key}");
    gateway.with_authorization("GET", "/api/memberships", None, &header).await.status
}

async fn revoke_the_only_place(course: &Course) {
    let id = listed(course, "").await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/admin/service-keys/{id}");
    assert_eq!(course.school.gateway.admin("DELETE", &path, None).await.status, 204);
}

/// Within what replicas' clocks may be apart, and far ahead.
#[both_stores]
async fn a_revoked_key_stays_revoked_whatever_its_launchs_date(store: Store) {
    for ahead in [30, 3600] {
        let school = Registered::new(store).await;
        school.set_date_by(ahead);
        let launch = school.teacher();
        let course = Course::of(school, launch).await;
        let gateway = &course.school.gateway;
        // SQLite has one server.
        let replica = match store {
            Store::Postgres => Some(gateway.replica().await),
            Store::Sqlite => None,
        };
        let mut keys = vec![course.service_key()];
        if let Some(replica) = &replica {
            let page = replica.idtoken(&course.ltik, "").await;
            keys.push(key_of(&page.json().unwrap()));
        }
        course.school.set_date_by(-ahead);
        revoke_the_only_place(&course).await;
        for key in &keys {
            assert_eq!(roster(gateway, key).await, 401, "{ahead} s ahead");
            if let Some(replica) = &replica {
                assert_eq!(roster(replica, key).await, 401, "{ahead} s ahead, at the replica");
            }
        }
        course.school.advance(1);
        let fresh = course.school.accepts("after", course.school.student()).await;
        assert_eq!(roster(gateway, &key_of(&fresh)).await, 200, "{ahead} s ahead");
    }
}

/// A server that had the place in memory gives out keys that name another one's revocation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replica_hears_of_a_revocation_within_seconds() {
    let course = Course::new(Store::Postgres).await;
    let gateway = &course.school.gateway;
    let replica = gateway.replica().await;
    for _ in 0..2 {
        assert_eq!(replica.idtoken(&course.ltik, "").await.status, 200, "warm");
    }
    course.school.advance(1);
    revoke_the_only_place(&course).await;
    course.school.advance(1);
    let fresh = ltik_of("after", &course.school.launch(&course.school.student()).await);
    let works = async {
        loop {
            let page = replica.idtoken(&fresh, "").await;
            if roster(&replica, &key_of(&page.json().unwrap())).await == 200 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(8), works).await;
    assert!(waited.is_ok(), "its keys name no revocation");
    assert_eq!(roster(&replica, &course.service_key()).await, 401);
}

#[both_stores]
async fn a_key_works_while_its_use_can_not_be_noted(store: Store) {
    let course = Course::new(store).await;
    let (gateway, key) = (&course.school.gateway, course.service_key());
    let lock = Lock::of_writes(gateway, "service_places").await;
    assert_eq!(roster(gateway, &key).await, 200);
    lock.release().await;
    assert_eq!(roster(gateway, &key).await, 200);
    assert!(listed(&course, "").await[0]["lastUsedAt"].is_string());
}

const DAY: u64 = 24 * 3600;

#[both_stores]
async fn a_place_that_nobody_comes_to_is_forgotten(store: Store) {
    let mut course = Course::new(store).await;
    let elsewhere = course.school.student().link("2", "2");
    let other = key_of(&course.school.accepts("elsewhere", elsewhere.clone()).await);
    let visited = listed(&course, "").await;
    assert_eq!(visited.len(), 2, "{visited:?}");
    let forget = async |course: &Course| {
        let gateway = &course.school.gateway;
        background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    };
    course.school.advance(100 * DAY);
    ltik_of("a visit", &course.school.launch(&course.school.student()).await);
    // Visits are written once a minute, and at a stop.
    course.school.gateway = course.school.gateway.restart().await;
    course.school.advance(299 * DAY);
    forget(&course).await;
    assert_eq!(listed(&course, "").await.len(), 2, "a day too early");
    course.school.advance(2 * DAY);
    forget(&course).await;
    let gateway = &course.school.gateway;
    assert_eq!(roster(gateway, &other).await, 401);
    assert_eq!(roster(gateway, &course.service_key()).await, 200, "it was visited");
    assert_eq!(listed(&course, "").await.len(), 1);
    // The next launch from there stores the place again, and its keys work as before.
    let again = key_of(&course.school.accepts("again", elsewhere).await);
    assert_eq!([roster(gateway, &other).await, roster(gateway, &again).await], [200, 200]);
}

/// Forgotten, it would let revoked keys in again after the next launch.
#[both_stores]
async fn a_place_whose_keys_were_revoked_is_never_forgotten(store: Store) {
    let course = Course::new(store).await;
    course.school.advance(1);
    revoke_the_only_place(&course).await;
    course.school.advance(2000 * DAY);
    let gateway = &course.school.gateway;
    background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    assert_eq!(listed(&course, "").await.len(), 1);
    course.school.accepts("after", course.school.student()).await;
    assert_eq!(roster(gateway, &course.service_key()).await, 401);
}
