//! `/api/lineitems` (ltiaas-api.md §2.5).

use std::time::Duration;

use gateway::settings::installation::Config;
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{Course, assert_error, at, encoded};
use crate::support::{API_KEY, Store, lms};

const VENDOR: &str = "https://canvas.instructure.com/lti/submission_type";

async fn create(course: &Course, item: Value) -> Value {
    let page = course.ask("POST", "/api/lineitems", Some(item)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    page.json().unwrap()
}

#[both_stores("TC-301", "F-24")]
async fn a_line_item_is_made_read_changed_and_deleted(store: Store) {
    let course = Course::new(store).await;
    let wanted = json!({
        "id": "not ours to give", "label": "Quiz", "scoreMaximum": 95, "resourceId": "quiz-231", "tag": "grade",
        "resourceLinkId": "1", "startDateTime": null, VENDOR: {"type": "external_tool", "extra": null},
    });
    let made = create(&course, wanted).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let mut expected = json!({
        "id": id, "label": "Quiz", "scoreMaximum": 95, "resourceId": "quiz-231", "tag": "grade",
        "resourceLinkId": "1", VENDOR: {"type": "external_tool"},
    });
    assert_eq!(made, expected);
    assert_eq!(course.read(&at(&id)).await, expected);
    let mut changed = made;
    changed["label"] = "Quiz 2".into();
    changed["scoreMaximum"] = json!(12.5);
    let page = course.ask("PUT", &at(&id), Some(changed)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    (expected["label"], expected["scoreMaximum"]) = (json!("Quiz 2"), json!(12.5));
    assert_eq!(page.json().unwrap(), expected);
    // Some LMSs answer a PUT with nothing.
    course.school.lms.faults().next(Endpoint::LineItem, 1, Fault::Status(204));
    let page = course.ask("PUT", &at(&id), Some(expected.clone())).await;
    assert_eq!((page.status, page.json().unwrap()), (201, expected));
    // Whoever means its scores must not lose the item with every grade.
    let page = course.ask("DELETE", &format!("{}/scores", at(&id)), None).await;
    assert_error("scores", &page, 405, "METHOD_NOT_ALLOWED");
    assert_eq!(course.read(&at(&id)).await["label"], "Quiz 2");
    let page = course.ask("DELETE", &at(&id), None).await;
    assert_eq!((page.status, page.text().as_str()), (204, ""));
    let details = assert_error("gone", &course.get(&at(&id)).await, 404, "PLATFORM_REFUSED");
    assert_eq!(details["externalUrl"], id);
}

#[both_stores]
async fn a_page_to_sign_in_is_no_success(store: Store) {
    let course = Course::new(store).await;
    let id = course.line_item();
    let item = || Some(json!({"label": "Quiz", "scoreMaximum": 10}));
    let score = || {
        Some(json!({
            "userId": "5", "scoreGiven": 1, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "scoreMaximum": 10,
        }))
    };
    let scores = format!("{}/scores", at(&id));
    let calls = [
        ("DELETE", at(&id), None, Endpoint::LineItem),
        ("PUT", at(&id), item(), Endpoint::LineItem),
        ("POST", "/api/lineitems".to_owned(), item(), Endpoint::LineItems),
        ("POST", scores, score(), Endpoint::Scores),
    ];
    let page = "\n<!doctype html><title>Sign in</title>";
    let told = |status, content_type: &str, body: &str| Fault::Answer {
        status,
        content_type: content_type.into(),
        body: body.into(),
    };
    for (fault, code) in [
        (told(200, "text/html; charset=utf-8", page), "PLATFORM_ANSWER_UNREADABLE"),
        (told(201, "application/json", page), "PLATFORM_ANSWER_UNREADABLE"),
        (told(200, "text/html", "Please sign in"), "PLATFORM_ANSWER_UNREADABLE"),
        (told(302, "text/html", page), "PLATFORM_FAILED"),
        (told(304, "text/html", ""), "PLATFORM_FAILED"),
    ] {
        for (method, path, body, endpoint) in &calls {
            course.school.lms.faults().next(*endpoint, 1, fault.clone());
            let page = course.ask(method, path, body.clone()).await;
            assert_error(&format!("{method} {path}: {fault:?}"), &page, 502, code);
        }
    }
    assert_eq!(course.read(&at(&id)).await["label"], "Getting started");
    // Some LMSs have something to say.
    for (status, said) in [(200, "{}"), (200, ""), (202, "{\"deleted\": true}")] {
        let fault = told(status, "text/html", said);
        course.school.lms.faults().next(Endpoint::LineItem, 1, fault);
        let page = course.ask("DELETE", &at(&id), None).await;
        assert_eq!((page.status, page.text().as_str()), (204, ""), "{status} {said}");
    }
}

#[both_stores]
async fn an_id_works_however_it_is_written(store: Store) {
    let course = Course::new(store).await;
    let id = course.line_item();
    assert!(id.contains("?type_id="), "{id}");
    let half = id.replace(':', "%3A").replace('?', "%3F").replace('=', "%3D");
    let one_slash = half.replace("http%3A//", "http%3A/");
    let (header, gateway) =
        (format!("LTIK-AUTH-V2 {API_KEY}:{}", course.ltik), &course.school.gateway);
    // The document knows ids in one piece only.
    let ask = async |path: &str| {
        let request = Request::new("GET".parse().unwrap(), &gateway.at(path)).unwrap();
        let request = request.header("authorization", &header).no_redirects();
        Browser::new().unwrap().send(request).await.unwrap()
    };
    for path in [
        at(&id),
        format!("/{}", at(&id)),
        format!("{}/", at(&id)),
        format!("/api/lineitems/{}", encoded(&encoded(&id))),
        format!("/api/lineitems/{half}"),
        format!("//api/lineitems/{half}"),
        format!("/api/lineitems/{one_slash}"),
        format!("/api/lineitems/{id}"),
    ] {
        let page = ask(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert_eq!(page.json().unwrap()["id"], id, "{path}");
        if !path.contains('?') {
            let path = format!("{}/scores", path.trim_end_matches('/'));
            let page = ask(&path).await;
            assert_eq!(page.json().unwrap()["scores"], json!([]), "{path}");
        }
    }
    let list = course.read("/api/lineitems/?resourceLinkId=1").await;
    assert_eq!(list["lineItems"][0]["id"], id);
    let page = ask("/api/lineitems//scores").await;
    assert_error("empty", &page, 400, "MISSING_LINEITEM_ID");
    let page = course.get("/api/lineitems/17").await;
    assert_error("a number", &page, 400, "INVALID_LINEITEM_ID");
}

#[both_stores("TC-302", "F-23")]
async fn every_page_is_found_behind_moodles_links(store: Store) {
    let course = Course::new(store).await;
    for number in 1..=4 {
        let tag = if number == 3 { "other" } else { "grade" };
        create(&course, json!({"label": format!("Item {number}"), "scoreMaximum": 10, "tag": tag}))
            .await;
    }
    let mut labels = Vec::new();
    let mut path = "/api/lineitems?limit=2".to_owned();
    for _ in 0..3 {
        let page = course.read(&path).await;
        let items = page["lineItems"].as_array().unwrap();
        labels.extend(items.iter().map(|item| item["label"].as_str().unwrap().to_owned()));
        assert!(page["first"].is_string() && page["last"].is_string());
        match page["next"].as_str() {
            Some(next) => path = format!("/api/lineitems?url={}", encoded(next)),
            None => path.clear(),
        }
    }
    assert_eq!(path, "");
    assert_eq!(labels, ["Getting started", "Item 1", "Item 2", "Item 3", "Item 4"]);
    course.school.lms.faults().set(Endpoint::LineItems, Fault::IgnoreFilters);
    // The platform knows nothing of labels: what it would count is not what is wanted.
    let page = course.read("/api/lineitems?label=Item%204&limit=1").await;
    assert_eq!(page["lineItems"][0]["label"], "Item 4");
    let page = course.read("/api/lineitems?tag=grade&limit=3").await;
    assert_eq!(page["lineItems"].as_array().unwrap().len(), 2);
    let next = format!("/api/lineitems?url={}", encoded(page["next"].as_str().unwrap()));
    let page = course.read(&next).await;
    assert_eq!(page["lineItems"].as_array().unwrap().len(), 1, "{page}");
    assert_eq!(page["lineItems"][0]["label"], "Item 4");
}

#[both_stores]
async fn pages_of_a_slow_lms_are_left_to_the_application(store: Store) {
    let mut course = Course::new(store).await;
    for number in 1..=2 {
        create(&course, json!({"label": format!("Item {number}"), "scoreMaximum": 10})).await;
    }
    let scores = format!("{}/scores", at(&course.line_item()));
    for user in ["5", "6", "7"] {
        let score = json!({
            "userId": user, "scoreGiven": 1, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        });
        assert_eq!(course.ask("POST", &scores, Some(score)).await.status, 204);
    }
    let gateway = course.school.gateway;
    let impatient = |config: &mut Config| config.fixed.paging = Duration::ZERO;
    course.school.gateway = gateway.restart_changed(impatient).await;
    for (endpoint, root, query, member) in [
        (Endpoint::LineItems, "/api/lineitems", "label=Item%202", "lineItems"),
        (Endpoint::Results, scores.as_str(), "userId=7", "scores"),
    ] {
        course.school.lms.faults().set(endpoint, Fault::Paged(1));
        let mut path = format!("{root}?{query}");
        for (found, is_last) in [(0, false), (0, false), (1, true)] {
            let asked = course.school.lms.hits(endpoint);
            let page = course.read(&path).await;
            assert_eq!(course.school.lms.hits(endpoint), asked + 1, "{path}");
            assert_eq!(page[member].as_array().unwrap().len(), found, "{path}: {page}");
            assert_eq!(page.get("next").is_none(), is_last, "{path}: {page}");
            if let Some(next) = page["next"].as_str() {
                path = format!("{root}?url={}", encoded(next));
            }
        }
    }
}

#[both_stores]
async fn one_odd_text_leaves_line_items_readable(store: Store) {
    let course = Course::new(store).await;
    let id = course.line_item();
    let answer = |body: String| Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: format!("\u{feff}{body}"),
    };
    let item =
        format!(r#"{{"id": "{id}", "label": "Quiz \ud83d", "scoreMaximum": 10, "x": 1e999}}"#);
    let expected = json!({"id": id, "label": "Quiz \u{fffd}", "scoreMaximum": 10, "x": "1e999"});
    let faults = course.school.lms.faults();
    faults.next(Endpoint::LineItems, 1, answer(format!("[{item}]")));
    assert_eq!(course.read("/api/lineitems").await["lineItems"], json!([expected]));
    faults.next(Endpoint::LineItem, 1, answer(item));
    assert_eq!(course.read(&at(&id)).await, expected);
    // A score for whom half a pair names would be somebody else's.
    let score =
        br#"{"userId": "\ud83d", "activityProgress": "Started", "gradingProgress": "NotReady"}"#;
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{}", course.ltik);
    let url = course.school.gateway.at(&format!("{}/scores", at(&id)));
    let request = Request::new("POST".parse().unwrap(), &url).unwrap();
    let request = request.header("authorization", &header).body("application/json", score);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    let details = assert_error("half an id", &page, 400, "INVALID_BODY");
    assert_eq!(details["errors"][0]["field"], "userId");
}

#[both_stores]
async fn an_answer_without_a_list_is_no_empty_list(store: Store) {
    let course = Course::new(store).await;
    let scores = format!("{}/scores", at(&course.line_item()));
    for (endpoint, path) in
        [(Endpoint::LineItems, "/api/lineitems"), (Endpoint::Results, scores.as_str())]
    {
        for body in ["null", "{}", r#"{"error": "temporarily unavailable"}"#] {
            let answer = Fault::Answer {
                status: 200,
                content_type: "application/json".into(),
                body: body.into(),
            };
            course.school.lms.faults().next(endpoint, 1, answer);
            let page = course.get(path).await;
            assert_error(body, &page, 502, "PLATFORM_ANSWER_UNREADABLE");
        }
    }
}

#[both_stores]
async fn a_list_is_narrowed_as_before(store: Store) {
    let course = Course::new(store).await;
    let made =
        create(&course, json!({"label": "Mine", "scoreMaximum": 10, "resourceId": "r"})).await;
    for (query, found) in [
        ("resourceId=r", 1),
        ("resourceId=s", 0),
        ("resourceLinkId=true", 1),
        ("resourceLinkId=false", 2),
        ("label=Mine", 1),
        ("label=Yours", 0),
        (&format!("id={}", encoded(made["id"].as_str().unwrap())), 1),
        ("", 2),
    ] {
        let list = course.read(&format!("/api/lineitems?{query}")).await;
        assert_eq!(list["lineItems"].as_array().unwrap().len(), found, "{query}: {list}");
    }
}

#[both_stores]
async fn a_list_is_narrowed_to_a_link_whatever_its_id(store: Store) {
    let Course { school, .. } = Course::new(store).await;
    let second = school.teacher().link("2", "2");
    let course = Course::of(school, second).await;
    for (link, is_own) in [("true", true), ("2", true), ("1", false)] {
        let list = course.read(&format!("/api/lineitems?resourceLinkId={link}")).await;
        let items = list["lineItems"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{link}: {list}");
        assert_eq!(items[0]["id"] == course.line_item(), is_own, "{link}: {list}");
    }
}

#[both_stores]
async fn a_wrong_line_item_is_not_sent(store: Store) {
    let course = Course::new(store).await;
    for (item, field) in [
        (json!({"scoreMaximum": 10}), "label"),
        (json!({"label": " ", "scoreMaximum": 10}), "label"),
        (json!({"label": "Quiz"}), "scoreMaximum"),
        (json!({"label": "Quiz", "scoreMaximum": 0}), "scoreMaximum"),
        (json!({"label": "Quiz", "scoreMaximum": "ten"}), "scoreMaximum"),
    ] {
        let page = course.ask("POST", "/api/lineitems", Some(item.clone())).await;
        let details = assert_error(&item.to_string(), &page, 400, "INVALID_BODY");
        assert_eq!(details["errors"][0]["field"], field);
        let page = course.ask("PUT", &at(&course.line_item()), Some(item)).await;
        assert_error(field, &page, 400, "INVALID_BODY");
    }
    let hits = |endpoint| course.school.lms.hits(endpoint);
    assert_eq!((hits(Endpoint::LineItems), hits(Endpoint::LineItem)), (0, 0));
}

#[both_stores("F-09", "F-36")]
async fn no_line_item_elsewhere_is_touched(store: Store) {
    let course = Course::new(store).await;
    let other = lms().await;
    let score =
        json!({"userId": "5", "activityProgress": "Started", "gradingProgress": "NotReady"});
    let item = json!({"label": "Quiz", "scoreMaximum": 10});
    for id in [
        format!("{}/mod/lti/services.php/2/lineitems/1/lineitem", other.url()),
        "http://169.254.169.254/".to_owned(),
        "https://127.0.0.1/".to_owned(),
    ] {
        let scores = format!("{}/scores", at(&id));
        for (method, path, body) in [
            ("GET", at(&id), None),
            ("PUT", at(&id), Some(item.clone())),
            ("DELETE", at(&id), None),
            ("POST", scores.clone(), Some(score.clone())),
            ("GET", scores, None),
        ] {
            let page = course.ask(method, &path, body).await;
            assert_error(method, &page, 400, "ADDRESS_NOT_OF_THE_PLATFORM");
        }
    }
    assert!(other.wire().is_empty());
    assert_eq!(course.school.lms.hits(Endpoint::Token), 0);
}

#[both_stores("F-21")]
async fn a_launch_tied_to_one_line_item_lists_it(store: Store) {
    let course = Course::new(store).await;
    let claims = course.school.lms.claims(&course.school.teacher()).unwrap();
    let mut claim = claims[simulator::lms::claim_name("endpoint")].clone();
    claim.as_object_mut().unwrap().shift_remove("lineitems");
    let coupled = course.school.teacher().with("endpoint", claim);
    let Course { school, .. } = course;
    let course = Course::of(school, coupled).await;
    let list = course.read("/api/lineitems").await;
    assert_eq!(list["lineItems"][0]["id"], course.line_item());
    let item = json!({"label": "Quiz", "scoreMaximum": 10});
    let page = course.ask("POST", "/api/lineitems", Some(item)).await;
    assert_error("no list", &page, 403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT");
}

#[both_stores("F-21")]
async fn what_is_no_address_is_no_line_item(store: Store) {
    let course = Course::new(store).await;
    let claims = course.school.lms.claims(&course.school.teacher()).unwrap();
    let claim = &claims[simulator::lms::claim_name("endpoint")];
    for none in ["", "$LineItem.url", "7", "javascript:alert(1)"] {
        let mut claim = claim.clone();
        claim["lineitem"] = none.into();
        let launch = course.school.teacher().with("endpoint", claim);
        let token = course.school.accepts(none, launch).await;
        let grades = &token["services"]["assignmentAndGrades"];
        assert_eq!(
            (&grades["available"], grades.get("lineItemId")),
            (&json!(true), None),
            "{none}"
        );
        let launch = &token["launch"];
        assert_eq!((launch.get("lineItemId"), launch.get("lineItem")), (None, None), "{none}");
    }
}

#[both_stores("SV-15")]
async fn a_line_item_is_known_once_the_application_has_used_it(store: Store) {
    let course = Course::new(store).await;
    let (school, id) = (&course.school, course.line_item());
    assert_eq!(course.token["launch"]["lineItem"], json!({"id": id, "known": false}));
    // To look at it is not to use it, nor is another launch.
    course.read(&at(&id)).await;
    course.read("/api/lineitems").await;
    let known = async |launch| {
        let token = school.accepts("again", launch).await;
        token["launch"]["lineItem"]["known"].clone()
    };
    assert_eq!(known(school.student()).await, false);
    let score = json!({
        "userId": "5", "scoreGiven": 1, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    });
    let scores = format!("{}/scores", at(&id));
    let page = course.ask("POST", &scores, Some(json!({"userId": "nobody"}))).await;
    assert_eq!(page.status, 400, "{}", page.text());
    assert_eq!(known(school.student()).await, false);
    assert_eq!(course.ask("POST", &scores, Some(score)).await.status, 204);
    assert_eq!(known(school.student()).await, true);
    let replica = school.gateway.replica().await;
    let token = replica.idtoken(&course.ltik, "").await.json().unwrap();
    assert_eq!(token["launch"]["lineItem"]["known"], true);
    // One that the application made, one that it replaced, and none at all.
    let other = school.teacher().link("2", "2");
    let token = school.accepts("the other link", other.clone()).await;
    assert_eq!(token["launch"]["lineItem"]["known"], false);
    let replaced = at(token["launch"]["lineItemId"].as_str().unwrap());
    let item = json!({"label": "Quiz", "scoreMaximum": 10});
    assert_eq!(course.ask("PUT", &replaced, Some(item)).await.status, 201);
    assert_eq!(known(other.clone()).await, true);
    let none = school.accepts("none", other.without("endpoint")).await;
    assert_eq!(none["launch"].get("lineItem"), None);
    // Deleted, it is forgotten: an id that comes again is another line item.
    assert_eq!(course.ask("DELETE", &at(&id), None).await.status, 204);
    let rows = school.gateway.number("SELECT COUNT(*) FROM known_line_items").await;
    assert_eq!(rows, 1);
}
