//! Access tokens (lti.md F.1, TC-281 to TC-291).

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::faults::{Fault, Gate};
use simulator::jose;
use simulator::lms::{Endpoint, Exchange, Launch};
use test_case::both_stores;

use super::{Course, assert_error, at};
use crate::registered::{begin, ltik_of, register};
use crate::support::{API_KEY, Store, lms};

fn token_requests(course: &Course) -> Vec<Exchange> {
    let wire = course.school.lms.wire().into_iter();
    wire.filter(|exchange| exchange.title == Endpoint::Token.title()).collect()
}

fn sent(exchange: &Exchange, name: &str) -> String {
    let mut parameters = exchange.parameters.iter();
    parameters.find(|parameter| parameter.name == name).unwrap().value.clone()
}

#[both_stores("TC-281", "F-02")]
async fn each_service_asks_for_its_own_scope(store: Store) {
    let course = Course::new(store).await;
    course.read("/api/memberships").await;
    course.read("/api/lineitems").await;
    let requests = token_requests(&course);
    let scopes: Vec<String> = requests.iter().map(|request| sent(request, "scope")).collect();
    assert_eq!(
        scopes,
        [
            "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
        ]
    );
    let mut ids = Vec::new();
    for request in &requests {
        assert_eq!(sent(request, "grant_type"), "client_credentials");
        let assertion = jose::decode(&sent(request, "client_assertion")).unwrap();
        let claims = assertion.claims;
        assert_eq!(
            (&claims["iss"], &claims["sub"]),
            (&json!(course.school.client_id), &claims["iss"])
        );
        assert_eq!(claims["aud"], course.school.lms.endpoints().token);
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert!((1..=300).contains(&life), "{life}");
        assert!(assertion.header["kid"].is_string());
        ids.push(claims["jti"].as_str().unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 2);
}

#[both_stores("TC-284", "F-04")]
async fn twenty_requests_at_once_share_one_token(store: Store) {
    let course = Course::new(store).await;
    let answers = join_all((0..20).map(|_| course.get("/api/memberships"))).await;
    assert!(answers.iter().all(|page| page.status == 200));
    assert_eq!(course.school.lms.hits(Endpoint::Token), 1);
}

#[both_stores("TC-285", "TC-286", "F-03")]
async fn a_token_is_used_as_long_as_it_lives_and_no_longer(store: Store) {
    let course = Course::with(store, json!({"retention": {"launchMinutes": 1440}})).await;
    let tokens = || course.school.lms.hits(Endpoint::Token);
    for (seconds, expected) in [(0, 1), (3400, 1), (141, 2), (3400, 2)] {
        course.school.advance(seconds);
        course.read("/api/memberships").await;
        assert_eq!(tokens(), expected, "{seconds} later");
    }
    course.school.lms.faults().set(Endpoint::Token, Fault::remove("/expires_in"));
    for (seconds, expected) in [(3600, 3), (700, 3), (150, 4)] {
        course.school.advance(seconds);
        course.read("/api/memberships").await;
        assert_eq!(tokens(), expected, "{seconds} later, of unstated life");
    }
}

#[both_stores("F-03", "F-04")]
async fn a_tokens_life_begins_when_it_is_asked_for(store: Store) {
    let course = Course::with(store, json!({"retention": {"launchMinutes": 1440}})).await;
    let tokens = || course.school.lms.hits(Endpoint::Token);
    let gate = Gate::default();
    course.school.lms.faults().next(Endpoint::Token, 1, Fault::Gated(gate.clone()));
    let meanwhile = async {
        while tokens() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        course.school.advance(200);
        gate.open();
    };
    tokio::join!(course.read("/api/memberships"), meanwhile);
    course.school.advance(3250);
    course.read("/api/memberships").await;
    assert_eq!(tokens(), 1);
    course.school.advance(100);
    course.read("/api/memberships").await;
    assert_eq!(tokens(), 2);
}

#[both_stores("F-01", "F-04")]
async fn a_changed_registration_asks_for_a_new_token(store: Store) {
    let course = Course::new(store).await;
    let (gateway, other) = (&course.school.gateway, lms().await);
    let path = format!("/admin/platforms/{}", course.school.platform_id);
    let known = gateway.admin("GET", &path, None).await.json().unwrap();
    let replace = async |change: (&str, Value)| {
        let mut platform = known.clone();
        for ours in ["id", "publicKey"] {
            platform.as_object_mut().unwrap().shift_remove(ours);
        }
        platform[change.0] = change.1;
        let page = gateway.admin("PUT", &path, Some(platform)).await;
        assert_eq!(page.status, 200, "{}", page.text());
    };
    course.read("/api/memberships").await;
    let tokens = || course.school.lms.hits(Endpoint::Token);
    let before = tokens();
    replace(("authorizationServer", json!("https://auth.example.edu/token"))).await;
    course.get("/api/memberships").await;
    assert_eq!(tokens(), before + 1, "another audience");
    replace(("clientId", json!("another"))).await;
    course.get("/api/memberships").await;
    assert_eq!(tokens(), before + 2, "another client id");
    replace(("accesstokenEndpoint", json!(other.endpoints().token))).await;
    let page = course.get("/api/memberships").await;
    assert_error("a stranger there", &page, 502, "PLATFORM_TOKEN_REFUSED");
    assert_eq!((tokens(), other.hits(Endpoint::Token)), (before + 2, 1), "another endpoint");
}

#[both_stores("F-04")]
async fn a_slow_token_endpoint_keeps_no_other_platform_waiting(store: Store) {
    let course = Course::new(store).await;
    let (school, other) = (&course.school, lms().await);
    let (client_id, _) = register(&school.gateway, &other).await;
    let browser = Browser::new().unwrap();
    let posted = begin(&other, &browser, &Launch::new(&client_id).teacher()).await;
    let ltik = ltik_of("the other", &school.post(&browser, &posted).await);
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    let ask = || school.gateway.with_authorization("GET", "/api/memberships", None, &header);
    school.lms.faults().set(Endpoint::Token, Fault::Gated(Gate::default()));
    let meanwhile = async {
        while school.lms.hits(Endpoint::Token) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        ask().await
    };
    tokio::select! {
        slow = course.get("/api/memberships") => panic!("{}", slow.text()),
        page = meanwhile => assert_eq!(page.status, 200, "{}", page.text()),
    }
}

#[both_stores("TC-287", "TC-288", "F-05")]
async fn a_refused_token_is_replaced_once(store: Store) {
    let course = Course::new(store).await;
    course.read("/api/memberships").await;
    let hits = |endpoint| course.school.lms.hits(endpoint);
    course.school.lms.forget_access_tokens();
    course.read("/api/memberships").await;
    assert_eq!((hits(Endpoint::Token), hits(Endpoint::Memberships)), (2, 3));
    // Of many at once, too.
    course.school.lms.forget_access_tokens();
    let answers = join_all((0..5).map(|_| course.get("/api/memberships"))).await;
    assert!(answers.iter().all(|page| page.status == 200));
    assert!(hits(Endpoint::Token) <= 7, "{}", hits(Endpoint::Token));
    let before = (hits(Endpoint::Token), hits(Endpoint::Memberships));
    course.school.lms.faults().set(Endpoint::Memberships, Fault::Status(401));
    let page = course.get("/api/memberships").await;
    assert_error("401 always", &page, 403, "PLATFORM_REFUSED");
    assert_eq!(hits(Endpoint::Memberships), before.1 + 2);
    assert_eq!(hits(Endpoint::Token), before.0 + 1);
}

#[both_stores("TC-289", "TC-291", "F-03")]
async fn what_a_token_does_not_grant_is_not_tried(store: Store) {
    let course = Course::new(store).await;
    let faults = course.school.lms.faults();
    faults.set(
        Endpoint::Token,
        Fault::set("/scope", "https://purl.imsglobal.org/spec/lti-ags/scope/score"),
    );
    let page = course.get("/api/memberships").await;
    let details = assert_error("subset", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
    assert_eq!(details["externalError"], true, "{details}");
    assert_eq!(details["externalUrl"], course.school.lms.endpoints().token, "{details}");
    assert_eq!(course.school.lms.hits(Endpoint::Memberships), 0);
    // It is kept for a minute, and then what the administrator allows counts.
    faults.set(Endpoint::Token, Fault::set("/token_type", "bearer"));
    let page = course.get("/api/memberships").await;
    assert_error("kept", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
    assert_eq!(course.school.lms.hits(Endpoint::Token), 1);
    course.school.advance(61);
    course.read("/api/memberships").await;
}

#[both_stores("TC-299", "F-21")]
async fn without_its_scope_a_service_is_not_available(store: Store) {
    let course = Course::new(store).await;
    let mut claim = course.school.lms.claims(&course.school.teacher()).unwrap();
    let claim = claim[simulator::lms::claim_name("endpoint")].take();
    let with = |scopes: &[&str]| {
        let mut claim = claim.clone();
        claim["scope"] = scopes
            .iter()
            .map(|scope| format!("https://purl.imsglobal.org/spec/lti-ags/scope/{scope}"))
            .collect();
        course.school.teacher().with("endpoint", claim)
    };
    let (reads, none) = (with(&["lineitem.readonly"]), with(&[]));
    let Course { school, .. } = course;
    let course = Course::of(school, reads).await;
    course.read("/api/lineitems").await;
    let score =
        json!({"userId": "5", "activityProgress": "Started", "gradingProgress": "NotReady"});
    let line_item = course.line_item();
    let page = course.ask("POST", &format!("{}/scores", at(&line_item)), Some(score)).await;
    assert_error("no score", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
    let item = json!({"label": "Quiz", "scoreMaximum": 10});
    let page = course.ask("POST", "/api/lineitems", Some(item)).await;
    assert_error("no line item", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);
    let Course { school, .. } = course;
    let course = Course::of(school, none).await;
    assert_eq!(course.token["services"]["assignmentAndGrades"], json!({"available": false}));
    let page = course.get("/api/lineitems").await;
    assert_error("no scope at all", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
}
