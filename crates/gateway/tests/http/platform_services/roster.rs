//! `GET /api/memberships` (ltiaas-api.md §2.4).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::people::{Person, Position};
use test_case::both_stores;

use super::{Course, assert_error, at, encoded};
use crate::support::{Store, lms};

fn ids(page: &Value) -> Vec<&str> {
    let members = page["members"].as_array().unwrap();
    members.iter().map(|member| member["userId"].as_str().unwrap()).collect()
}

/// Every page from this address on.
async fn pages(course: &Course, path: &str) -> Vec<Value> {
    let mut pages = vec![course.read(path).await];
    while let Some(next) = pages.last().unwrap()["next"].as_str() {
        let next = format!("/api/memberships?url={}", encoded(next));
        pages.push(course.read(&next).await);
        assert!(pages.len() < 50, "endless");
    }
    pages
}

pub fn student(number: usize) -> Person {
    Person {
        id: format!("s{number}"),
        username: format!("student{number}"),
        given_name: "Ada".to_owned(),
        family_name: format!("Number {number}"),
        email: format!("student{number}@example.com"),
        sourcedid: format!("sis-{number}"),
        position: Position::Student,
    }
}

#[both_stores("TC-310", "TC-314", "F-44")]
async fn a_roster_is_told_in_ltiaass_form(store: Store) {
    let course = Course::new(store).await;
    let roster = course.read("/api/memberships").await;
    let url = &course.token["services"]["namesAndRoles"]["contextMembershipsUrl"];
    assert_eq!(roster["id"], *url);
    assert_eq!(
        roster["context"],
        json!({"id": "2", "label": "RUST101", "title": "Programming in Rust"})
    );
    assert_eq!(ids(&roster), ["3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!(
        roster["members"][0],
        json!({
            "userId": "3", "roles": ["Instructor"], "status": "Active", "email": "maria@example.com",
            "name": "Maria Okafor", "givenName": "Maria", "familyName": "Okafor",
            "lisPersonSourcedId": "sis-maria", "ext_user_username": "maria",
        })
    );
    assert_eq!(roster.get("next"), None);
    // What an LMS leaves out is left out here.
    let bare = [
        "status",
        "name",
        "given_name",
        "family_name",
        "email",
        "lis_person_sourcedid",
        "ext_user_username",
    ];
    let bare = bare.map(|name| (format!("/members/0/{name}"), None));
    let mut changes = bare.to_vec();
    changes.push(("/members/1/user_id".to_owned(), Some(json!(4))));
    changes.push(("/members/1/email".to_owned(), Some(Value::Null)));
    changes.push(("/members/2/user_id".to_owned(), None));
    course.school.lms.faults().next(Endpoint::Memberships, 1, Fault::Change(changes));
    let roster = course.read("/api/memberships").await;
    assert_eq!(
        roster["members"][0],
        json!({"userId": "3", "roles": ["Instructor"], "status": "Active"})
    );
    assert_eq!(ids(&roster), ["3", "4", "6", "7", "8", "9"]);
    assert_eq!(roster["members"][1].get("email"), None);
}

#[both_stores("F-46")]
async fn an_error_with_status_200_is_no_empty_course(store: Store) {
    let course = Course::new(store).await;
    let faults = course.school.lms.faults();
    for body in [r#"{"error": "temporarily unavailable"}"#, "{}", r#"{"members": null}"#] {
        let answer = Fault::Answer {
            status: 200,
            content_type: "application/json".into(),
            body: body.into(),
        };
        faults.next(Endpoint::Memberships, 1, answer);
        let page = course.get("/api/memberships").await;
        let details = assert_error(body, &page, 502, "PLATFORM_ANSWER_UNREADABLE");
        assert_eq!(details["externalError"], true, "{body}");
    }
    // A course that nobody is in says so.
    faults.next(Endpoint::Memberships, 1, Fault::set("/members", json!([])));
    assert_eq!(course.read("/api/memberships").await["members"], json!([]));
}

#[both_stores("F-44")]
async fn one_odd_text_leaves_a_roster_readable(store: Store) {
    let course = Course::new(store).await;
    let body = r#"{"id": "https://lms.example.org/m", "context": {"id": "2", "title": "Biology \ud83e"}, "members": [
        {"user_id": "5", "name": "Ada \ud83d", "roles": ["Learner"]},
        {"user_id": "\ud83d", "name": "Whose?", "roles": ["Learner"]},
        {"user_id": "6", "points": 1e999, "roles": ["Learner"]}]}"#;
    let answer =
        Fault::Answer { status: 200, content_type: "application/json".into(), body: body.into() };
    course.school.lms.faults().next(Endpoint::Memberships, 1, answer);
    let roster = course.read("/api/memberships").await;
    assert_eq!(ids(&roster), ["5", "6"]);
    assert_eq!(roster["members"][0]["name"], "Ada \u{fffd}");
    assert_eq!(roster["members"][1]["points"], "1e999");
    assert_eq!(roster["context"]["title"], "Biology \u{fffd}");
}

#[both_stores("TC-310", "TC-312", "F-42")]
async fn a_role_asked_for_is_kept_on_every_page(store: Store) {
    let course = Course::new(store).await;
    let all = pages(&course, "/api/memberships?limit=3").await;
    assert_eq!(all.len(), 3);
    let found: BTreeSet<&str> = all.iter().flat_map(ids).collect();
    assert_eq!(found.len(), 7);
    let learner = encoded("http://purl.imsglobal.org/vocab/lis/v2/membership#Learner");
    for role in ["Learner", &learner, &encoded(&learner)] {
        // Moodle's next page has lost the role, so that teachers are among its members.
        let all = pages(&course, &format!("/api/memberships?limit=2&role={role}")).await;
        let found: BTreeSet<&str> = all.iter().flat_map(ids).collect();
        assert_eq!(found, BTreeSet::from(["5", "6", "7", "8", "9"]), "{role}");
    }
    let last = course.school.lms.wire().pop().unwrap();
    assert!(!last.parameters.iter().any(|sent| sent.name == "role" || sent.name == "hallpass"));
    course.school.lms.faults().next(Endpoint::Memberships, 1, Fault::IgnoreFilters);
    let teachers = course.read("/api/memberships?role=Instructor").await;
    assert_eq!(ids(&teachers), ["3", "4"]);
}

#[both_stores("TC-317", "F-41")]
async fn parameters_reach_the_lms_under_its_own_names(store: Store) {
    let course = Course::new(store).await;
    for (query, name, sent) in [
        ("resourceLinkId=true", "rlid", Some("1")),
        ("resourceLinkId=abc", "rlid", Some("abc")),
        ("resourceLinkId=false", "rlid", None),
        ("limit=20", "limit", Some("20")),
        ("limit=&role=", "limit", None),
        ("unknown=1", "unknown", None),
    ] {
        course.read(&format!("/api/memberships?{query}")).await;
        let last = course.school.lms.wire().pop().unwrap();
        let found = last.parameters.iter().find(|parameter| parameter.name == name);
        assert_eq!(found.map(|parameter| parameter.value.as_str()), sent, "{query}");
    }
    for query in ["limit=0", "limit=many", "url=nowhere"] {
        let page = course.get(&format!("/api/memberships?{query}")).await;
        assert_error(query, &page, 400, "INVALID_PARAMETER");
    }
}

#[both_stores("TC-319")]
async fn without_the_claim_nothing_is_asked(store: Store) {
    let course = Course::new(store).await;
    let without = course.school.teacher().without("namesroleservice");
    let Course { school, .. } = course;
    let course = Course::of(school, without).await;
    assert_eq!(course.token["services"]["namesAndRoles"], json!({"available": false}));
    let page = course.get("/api/memberships").await;
    assert_error("no claim", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
    course.school.gateway.patch_tool(json!({"services": {"namesAndRoles": false}})).await;
    let page = course.get("/api/memberships").await;
    assert_error("switched off", &page, 403, "INACTIVE_SERVICE");
    let hits = |endpoint| course.school.lms.hits(endpoint);
    assert_eq!((hits(Endpoint::Memberships), hits(Endpoint::Token)), (0, 0));
}

#[both_stores("F-09", "TC-236")]
async fn no_page_elsewhere_is_asked_for(store: Store) {
    let course = Course::new(store).await;
    let other = lms().await;
    for url in [
        format!("{}/mod/lti/services.php/CourseSection/2/bindings/1/memberships", other.url()),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://localhost/".to_owned(),
        format!("{}@{}/", course.school.lms.url(), "evil.example"),
        "file:///etc/passwd".to_owned(),
    ] {
        let page = course.get(&format!("/api/memberships?url={}", encoded(&url))).await;
        assert_error(&url, &page, 400, "ADDRESS_NOT_OF_THE_PLATFORM");
    }
    // Nor is one told of. But a part is not taken for the whole: who turns to the next page learns
    // that it can't be asked for.
    let scores = format!("{}/scores", at(&course.line_item()));
    for link in [format!("<{}/next>; rel=next", other.url()), "<http://[>; rel=next".to_owned()] {
        for (path, endpoint) in [
            ("/api/memberships", Endpoint::Memberships),
            ("/api/lineitems", Endpoint::LineItems),
            (&*scores, Endpoint::Results),
        ] {
            course.school.lms.faults().next(endpoint, 1, Fault::Link(link.clone()));
            let first = course.read(path).await;
            let next = first["next"].as_str().unwrap_or_else(|| panic!("{path}: {first}"));
            assert!(next.starts_with(course.school.lms.url()), "{next}");
            let page = course.get(&format!("{path}?url={}", encoded(next))).await;
            assert_error(path, &page, 502, "LIST_CUT_OFF");
        }
    }
    assert!(other.wire().is_empty());
}

#[both_stores("F-09", "F-22")]
async fn a_next_page_at_another_path_is_turned_to(store: Store) {
    let course = Course::new(store).await;
    let key = course.service_key();
    for (path, endpoint) in
        [("/api/memberships", Endpoint::Memberships), ("/api/lineitems", Endpoint::LineItems)]
    {
        let link = Fault::Link("</pages/2>; rel=next".to_owned());
        course.school.lms.faults().next(endpoint, 1, link);
        let first = course.read(path).await;
        let next = first["next"].as_str().unwrap();
        let turn = async |page: &str| {
            let path = format!("{path}?url={}", encoded(page));
            course.with_key(&key, "GET", &path, None).await
        };
        // The LMS is asked, but has no such page.
        let details = assert_error(next, &turn(next).await, 404, "PLATFORM_REFUSED");
        let url = format!("{}/pages/2", course.school.lms.url());
        assert_eq!(details["externalUrl"], url, "{path}");
        assert_error(path, &turn(&url).await, 400, "ADDRESS_NOT_OF_THE_PLATFORM");
    }
}

#[both_stores("F-47")]
async fn a_large_roster_is_passed_on_while_it_arrives(store: Store) {
    let course = Course::new(store).await;
    for number in 0..6000 {
        course.school.lms.add_person(student(number));
    }
    let roster = course.read("/api/memberships?role=Learner").await;
    assert_eq!(ids(&roster).len(), 6005);
    assert_eq!(roster["context"]["id"], "2");
    // Half of it is no roster: the answer breaks off as well.
    course.school.lms.faults().next(Endpoint::Memberships, 1, Fault::Cut);
    let header = format!("LTIK-AUTH-V2 {}:{}", crate::support::API_KEY, course.ltik);
    let request = simulator::browser::Request::new(
        "GET".parse().unwrap(),
        &course.school.gateway.at("/api/memberships"),
    );
    let request = request.unwrap().header("authorization", &header);
    let cut = simulator::browser::Browser::new().unwrap().send(request).await;
    assert!(
        cut.is_err_and(|error| error.to_string().contains("body")),
        "a part passed for the whole"
    );
}
