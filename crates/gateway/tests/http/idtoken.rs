//! `GET /api/idtoken`: what the application reads, exactly (ltiaas-api.md §1.4, §2.2).

use std::time::Duration;

use serde_json::{Value, json};
use simulator::lms::claim_name;
use test_case::both_stores;

use crate::registered::{Registered, ltik_of};
use crate::support::{API_KEY, Store, altered};

const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2";

/// Every null in a document, by its path.
fn nulls(path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Null => found.push(path.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                nulls(&format!("{path}/{index}"), item, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                nulls(&format!("{path}/{name}"), member, found);
            }
        }
        _ => {}
    }
}

fn assert_no_null(token: &Value) {
    let mut found = Vec::new();
    nulls("", token, &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[both_stores]
async fn a_moodle_launch_gives_exactly_this_answer(store: Store) {
    let school = Registered::new(store).await;
    let mut token = school.accepts("moodle", school.teacher()).await;
    assert_no_null(&token);
    let key = token["services"]["serviceKey"].take();
    assert_eq!(key.as_str().unwrap().split('.').count(), 3);
    let (lms, tool) = (school.lms.url().to_owned(), school.lms.tool(&school.client_id).unwrap());
    let of_tool = format!("type_id={}", tool.deployment_id);
    let link = json!({"id": "1", "title": "Getting started", "description": "The first week"});
    let roster = format!(
        "{lms}/mod/lti/services.php/CourseSection/2/bindings/{}/memberships",
        tool.deployment_id
    );
    let line_item = token["launch"]["lineItemId"].as_str().unwrap().to_owned();
    assert!(
        line_item.starts_with(&format!("{lms}/mod/lti/services.php/2/lineitems/")),
        "{line_item}"
    );
    let back = format!("{lms}/return?course=2&link=1");
    let custom = json!({"context_memberships_url": roster});
    assert_eq!(
        token,
        json!({
            "ltiVersion": "1.3.0",
            "user": {
                "id": "3", "roles": [format!("{LIS}/membership#Instructor")], "role": "instructor",
                "isAdministrator": false, "isInstructor": true, "isContentDeveloper": false,
                "isTeachingAssistant": false, "isMentor": false, "isLearner": false,
                "email": "maria@example.com",
                "name": "Maria Okafor", "givenName": "Maria", "given_name": "Maria",
                "familyName": "Okafor", "family_name": "Okafor",
            },
            "platform": {
                "id": school.platform_id, "url": lms, "clientId": school.client_id,
                "deploymentId": tool.deployment_id,
                "name": "Moodle at 127.0.0.1", "guid": "5f2d1c7a9b0e4836a1d4c8e7b6f50312",
                "productFamilyCode": "moodle", "product_family_code": "moodle",
                "version": "2024100705.01",
                "description": "The pretend LMS of an invented school",
                "lis": {"person_sourcedid": "sis-maria", "course_section_sourcedid": "sis-rust101"},
            },
            "launch": {
                "type": "LtiResourceLinkRequest", "target": school.gateway.at("/lti/launch"),
                "context": {
                    "id": "2", "label": "RUST101", "title": "Programming in Rust",
                    "type": ["CourseSection"],
                },
                "resourceLink": link, "resource": link,
                "presentation": {
                    "documentTarget": "iframe", "document_target": "iframe", "returnUrl": back,
                    "return_url": back, "locale": "en",
                },
                "lineItemId": line_item, "lineItem": {"id": line_item, "known": false},
                "custom": custom,
            },
            "services": {
                "outcomes": {"available": false}, "deepLinking": {"available": false},
                "namesAndRoles": {"available": true, "contextMembershipsUrl": roster},
                "assignmentAndGrades": {
                    "available": true, "scopes": token["services"]["assignmentAndGrades"]["scopes"],
                    "lineItemId": line_item,
                    "lineItemsUrl": format!("{lms}/mod/lti/services.php/2/lineitems?{of_tool}"),
                },
                "serviceKey": null,
            },
            "custom": custom,
        })
    );
    assert_eq!(token["services"]["assignmentAndGrades"]["scopes"].as_array().unwrap().len(), 4);
}

#[both_stores]
async fn a_launch_with_every_claim_passes_them_on(store: Store) {
    let school = Registered::new(store).await;
    let full = school
        .student()
        .with("middle_name", "Q.")
        .with("picture", "https://lms.example.com/5.png")
        .with("locale", "de")
        .with("role_scope_mentor", json!(["9", "8"]))
        .with("roles", json!([format!("{LIS}/membership#Mentor")]))
        .with(
            "tool_platform",
            json!({
                "guid": "g", "name": "n", "contact_email": "it@example.com", "description": "d",
                "url": "https://lms.example.com", "product_family_code": "other", "version": "9",
            }),
        )
        .with(
            "launch_presentation",
            json!({
                "document_target": "window", "width": 1300, "height": 964,
                "return_url": "https://lms.example.com/back", "locale": "de",
            }),
        )
        .with(
            "lis",
            json!({
                "person_sourcedid": "p", "course_offering_sourcedid": "o",
                "course_section_sourcedid": "s",
            }),
        )
        .with("custom", json!({"a": "1", "b": ""}));
    let token = school.accepts("full", full).await;
    assert_no_null(&token);
    let (user, platform, launch) = (&token["user"], &token["platform"], &token["launch"]);
    assert_eq!(
        (&user["middleName"], &user["locale"], &user["role"]),
        (&json!("Q."), &json!("de"), &json!("mentor"))
    );
    assert_eq!(
        (&user["picture"], &user["roleScopeMentor"]),
        (&json!("https://lms.example.com/5.png"), &json!(["9", "8"]))
    );
    assert_eq!(
        (&platform["contactEmail"], &platform["version"], &platform["guid"]),
        (&json!("it@example.com"), &json!("9"), &json!("g"))
    );
    assert_eq!(platform["lis"]["course_offering_sourcedid"], "o");
    // The Node SDK takes texts only.
    assert_eq!(
        (&launch["presentation"]["width"], &launch["presentation"]["height"]),
        (&json!("1300"), &json!("964"))
    );
    assert_eq!(
        (&launch["custom"], &token["custom"]),
        (&json!({"a": "1", "b": ""}), &json!({"a": "1", "b": ""}))
    );
}

#[both_stores]
async fn a_launch_with_hardly_any_claims_has_no_empty_members(store: Store) {
    let school = Registered::new(store).await;
    let absent = [
        "context",
        "email",
        "name",
        "given_name",
        "family_name",
        "lis",
        "tool_platform",
        "launch_presentation",
        "custom",
        "endpoint",
        "namesroleservice",
        "ext",
    ];
    let bare = absent.iter().fold(school.student(), |launch, claim| launch.without(claim));
    let token = school.accepts("bare", bare.with("resource_link", json!({"id": "1"}))).await;
    assert_eq!(
        token,
        json!({
            "ltiVersion": "1.3.0",
            "user": {
                "id": "5", "roles": [format!("{LIS}/membership#Learner")], "role": "learner",
                "isAdministrator": false, "isInstructor": false, "isContentDeveloper": false,
                "isTeachingAssistant": false, "isMentor": false, "isLearner": true,
            },
            "platform": {
                "id": school.platform_id, "url": school.lms.url(), "clientId": school.client_id,
                "deploymentId": token["platform"]["deploymentId"], "name": "Moodle at 127.0.0.1",
            },
            "launch": {
                "type": "LtiResourceLinkRequest", "target": school.gateway.at("/lti/launch"),
                "resourceLink": {"id": "1"},
                "resource": {"id": "1"}, "custom": {},
            },
            "services": {
                "outcomes": {"available": false}, "deepLinking": {"available": false},
                "namesAndRoles": {"available": false},
                "assignmentAndGrades": {"available": false},
            },
            "custom": {},
        })
    );
}

#[both_stores]
async fn without_grades_there_is_no_line_item(store: Store) {
    let school = Registered::new(store).await;
    let with_line_item = school.accepts("on", school.teacher()).await;
    assert!(with_line_item["launch"]["lineItemId"].is_string(), "{with_line_item}");
    let off = json!({"services": {"assignmentAndGrades": false}});
    school.gateway.patch_tool(off).await;
    let token = school.accepts("off", school.teacher()).await;
    assert_eq!(token["launch"].get("lineItemId"), None, "{token}");
    assert_eq!(token["services"]["assignmentAndGrades"], json!({"available": false}));
}

#[both_stores]
async fn raw_returns_the_claims_unchanged(store: Store) {
    let school = Registered::new(store).await;
    let launch = school
        .student()
        .with("aud", json!([school.client_id]))
        .with("https://example.com/x", json!({"y": null}));
    let browser = simulator::browser::Browser::new().unwrap();
    let posted = school.begin(&browser, &launch).await;
    let ltik = ltik_of("raw", &school.post(&browser, &posted).await);
    let mut sent = Value::Object(posted.claims());
    sent["aud"] = school.client_id.as_str().into();
    sent["ltiVersion"] = "1.3.0".into();
    for query in ["?raw=true", "?raw=True", "?raw=1", "?x=y&raw=TRUE"] {
        let answer = school.gateway.idtoken(&ltik, query).await;
        assert_eq!(answer.json().unwrap(), sent, "{query}");
    }
    for query in ["", "?raw=false", "?raw=False", "?raw=0", "?raw=", "?raw"] {
        let token = school.gateway.idtoken(&ltik, query).await.json().unwrap();
        assert_eq!(token["user"]["id"], "5", "{query}");
        assert_eq!(token.get(claim_name("version")), None, "{query}");
    }
}

#[both_stores]
async fn every_spelling_of_header_and_path_is_accepted(store: Store) {
    let school = Registered::new(store).await;
    let ltik = ltik_of("launch", &school.launch(&school.student()).await);
    let expected = school.read(&ltik).await;
    for header in [
        format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"),
        format!("ltik-auth-v2 {API_KEY}:{ltik}"),
        format!("LTIK-AUTH-V1 Token={ltik}, Additional=Bearer {API_KEY}"),
        format!("LTIK-AUTH-V1 Token={ltik},Additional=Bearer {API_KEY}"),
        format!("LTIK-AUTH-V1 Token={ltik},   Additional=Bearer {API_KEY}"),
    ] {
        for path in ["/api/idtoken", "//api/idtoken", "/api/idtoken/", "/api/idtoken/?raw=false"] {
            let answer = school.gateway.with_authorization("GET", path, None, &header).await;
            assert_eq!(answer.status, 200, "{path} {header}: {}", answer.text());
            assert_eq!(answer.json().unwrap(), expected, "{path} {header}");
            assert_eq!(answer.header("content-type"), Some("application/json"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
}

#[both_stores]
async fn a_get_may_say_that_it_is_json_and_have_no_body(store: Store) {
    let school = Registered::new(store).await;
    let ltik = ltik_of("launch", &school.launch(&school.teacher()).await);
    for path in ["/api/idtoken", "/api/memberships", "/api/lineitems"] {
        let url = school.gateway.at(path);
        let request = simulator::browser::Request::new("GET".parse().unwrap(), &url).unwrap();
        let request = request
            .header("authorization", &format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"))
            .header("content-type", "application/json");
        let page = simulator::browser::Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 200, "{path}: {}", page.text());
    }
}

#[both_stores]
async fn without_the_right_key_and_ltik_nothing_is_revealed(store: Store) {
    let school = Registered::new(store).await;
    let ltik = ltik_of("launch", &school.launch(&school.student()).await);
    let service_key =
        school.read(&ltik).await["services"]["serviceKey"].as_str().unwrap().to_owned();
    // Another installation, and so another tool with another secret.
    let stranger = Registered::new(Store::Sqlite).await;
    let foreign = ltik_of("stranger", &stranger.launch(&stranger.student()).await);
    let altered = altered(&ltik, 60);
    let (bad_key, bad_ltik) = ("Invalid API key", "Invalid or expired ltik.");
    for (header, words) in [
        (format!("LTIK-AUTH-V2 wrong-key-0123456789:{ltik}"), bad_key),
        (format!("LTIK-AUTH-V1 Token={ltik}, Additional=Bearer wrong-key-0123456789"), bad_key),
        (format!("LTIK-AUTH-V2 {API_KEY}:{foreign}"), bad_ltik),
        (format!("LTIK-AUTH-V2 {API_KEY}:{altered}"), bad_ltik),
        (format!("LTIK-AUTH-V2 {API_KEY}:{service_key}"), bad_ltik),
        (format!("LTIK-AUTH-V2 {API_KEY}:"), bad_ltik),
        (format!("LTIK-AUTH-V2 {API_KEY}"), "Authorization"),
        (format!("Bearer {API_KEY}"), "LTIK-AUTH-V2"),
        (format!("Bearer {ltik}"), "LTIK-AUTH-V2"),
        (format!("SERVICE-AUTH-V1 {API_KEY}:{service_key}"), "LTIK-AUTH-V2"),
        (String::new(), "Authorization"),
    ] {
        let answer = school.gateway.with_authorization("GET", "/api/idtoken", None, &header).await;
        let body = answer.json().unwrap();
        assert_eq!(
            (answer.status, &body["status"], &body["error"]),
            (401, &json!(401), &json!("Unauthorized")),
            "{header}"
        );
        assert_eq!(
            body["details"]["message"], "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER",
            "{header}"
        );
        assert!(
            body["details"]["description"].as_str().unwrap().contains(words),
            "{header}: {body}"
        );
    }
    // An ltik in the address counts for nothing.
    let query = school
        .gateway
        .with_authorization(
            "GET",
            &format!("/api/idtoken?ltik={ltik}"),
            None,
            &format!("Bearer {API_KEY}"),
        )
        .await;
    assert_eq!(query.status, 401);
}

#[both_stores]
async fn an_ltik_expires_after_a_day_or_with_its_platform(store: Store) {
    let school = Registered::new(store).await;
    let ltik = ltik_of("launch", &school.launch(&school.student()).await);
    let platform = format!("/admin/platforms/{}", school.platform_id);
    school.gateway.admin("POST", &format!("{platform}/deactivate"), None).await;
    assert_eq!(school.gateway.idtoken(&ltik, "").await.status, 401);
    school.gateway.admin("POST", &format!("{platform}/activate"), None).await;
    assert_eq!(school.gateway.idtoken(&ltik, "").await.status, 200);
    school.gateway.clock.advance(Duration::from_secs(24 * 3600 - 60));
    assert_eq!(school.gateway.idtoken(&ltik, "").await.status, 200);
    school.gateway.clock.advance(Duration::from_secs(61));
    let answer = school.gateway.idtoken(&ltik, "").await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("Invalid or expired ltik."));
}

#[tokio::test]
async fn the_raw_answer_is_gone_with_its_platform() {
    let school = Registered::new(Store::Sqlite).await;
    let ltik = ltik_of("launch", &school.launch(&school.student()).await);
    let platform = format!("/admin/platforms/{}/deactivate", school.platform_id);
    school.gateway.admin("POST", &platform, None).await;
    let answer = school.gateway.idtoken(&ltik, "?raw=true").await;
    assert_eq!(answer.status, 401, "{}", answer.text());
}

#[tokio::test]
async fn services_switched_off_for_the_tool_are_unavailable() {
    let school = Registered::new(Store::Sqlite).await;
    let ltik = ltik_of("launch", &school.launch(&school.teacher()).await);
    let off = json!({"services": {"namesAndRoles": false, "assignmentAndGrades": false}});
    school.gateway.patch_tool(off).await;
    let services = &school.read(&ltik).await["services"];
    let off = json!({"available": false});
    assert_eq!(
        *services,
        json!({
            "outcomes": off, "deepLinking": off, "namesAndRoles": off, "assignmentAndGrades": off,
        })
    );
    school.gateway.patch_tool(json!({"services": {"namesAndRoles": true}})).await;
    let services = &school.read(&ltik).await["services"];
    assert_eq!(services["namesAndRoles"]["available"], true);
    assert!(services["serviceKey"].is_string());
}

#[tokio::test]
async fn a_deep_linking_launch_says_what_may_be_chosen() {
    let settings = json!({"deepLinkingUrl": "http://127.0.0.3:9/choose"});
    let school = Registered::with(Store::Sqlite, settings).await;
    let page = school.launch(&school.student().deep_linking()).await;
    let ltik = ltik_of("deep linking", &page);
    assert_eq!(page.location().unwrap().path(), "/choose");
    let token = school.read(&ltik).await;
    assert_no_null(&token);
    assert_eq!(token["launch"]["type"], "LtiDeepLinkingRequest");
    assert_eq!(token["launch"].get("resourceLink"), None);
    let service = &token["services"]["deepLinking"];
    assert_eq!(service["available"], true);
    assert!(
        service["acceptMultiple"].is_boolean()
            && !service["acceptTypes"].as_array().unwrap().is_empty()
    );
    school.gateway.patch_tool(json!({"services": {"deepLinking": false}})).await;
    let service = &school.read(&ltik).await["services"]["deepLinking"];
    assert_eq!(*service, json!({"available": false}));
}
