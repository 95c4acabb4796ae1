//! The request: what is let in, and what the application reads.

use serde_json::{Value, json};
use test_case::{both_stores, cases};

use super::{SETTINGS, asking};
use crate::registered::{Registered, ltik_of};
use crate::support::Store;

/// The roles of a learner.
fn learner() -> Value {
    json!(["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"])
}

#[both_stores("TC-264", "SV-1")]
async fn a_request_without_resource_link_opens_the_picker(store: Store) {
    let settings = json!({"deepLinkingUrl": "http://127.0.0.3:9/choose?own=1"});
    let school = Registered::with(store, settings).await;
    let launch = asking(
        &school,
        &json!({
            "accept_lineitem": "true", "accept_media_types": "image/*, text/html",
            "data": {"any": ["thing"]},
        }),
    );
    assert_eq!(school.lms.claims(&launch).unwrap().get("resource_link"), None);
    let page = school.launch(&launch).await;
    let mut token = school.read(&ltik_of("picker", &page)).await;
    let back = token["services"]["deepLinking"]["returnUrl"].take();
    assert!(back.as_str().unwrap().starts_with(&school.gateway.at("/lti/deeplinking/cancel?")));
    assert_eq!(page.location().unwrap().path(), "/choose");
    assert_eq!(token["launch"]["type"], "LtiDeepLinkingRequest");
    assert_eq!(token["launch"]["deepLinking"], true);
    assert_eq!(
        token["services"]["deepLinking"],
        json!({
            "available": true, "acceptTypes": ["ltiResourceLink"], "acceptMultiple": true,
            "acceptPresentationDocumentTargets": ["frame", "iframe", "window"],
            "acceptMediaTypes": ["image/*", "text/html"], "acceptLineItem": true,
            "returnUrl": null, "text": "", "title": school.lms.claims(&launch).unwrap()[SETTINGS]["title"],
        })
    );
    let other = school.accepts("a resource link", school.teacher()).await;
    assert_eq!(other["launch"].get("deepLinking"), None);
    assert_eq!(other["services"]["deepLinking"], json!({"available": false}));
}

#[both_stores("TC-265")]
async fn settings_that_lack_what_they_need_are_refused(store: Store) {
    let school = Registered::new(store).await;
    let none = school.teacher().deep_linking().without("deep_linking_settings");
    school.refuses("TC-265", none, 401, "MISSING_DEEP_LINK_SETTINGS").await;
    for name in ["deep_link_return_url", "accept_types", "accept_presentation_document_targets"] {
        let lacking = asking(&school, &json!({name: Value::Null}));
        school.refuses(name, lacking, 401, "MISSING_DEEP_LINK_SETTING").await;
        let wrong = asking(&school, &json!({name: 7}));
        school.refuses(name, wrong, 401, "INVALID_DEEP_LINK_SETTING").await;
    }
}

#[both_stores("TC-266")]
async fn return_addresses_that_lead_nowhere_good_are_refused(store: Store) {
    let school = Registered::new(store).await;
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:secret@lms.example.edu/return",
        "https://lms.example.edu/return#part",
        "https://lms.example.edu/\r\nX: y",
        "/return",
        "",
    ] {
        let launch = asking(&school, &json!({"deep_link_return_url": url}));
        school.refuses(url, launch, 403, "DEEP_LINK_RETURN_URL_NOT_ALLOWED").await;
    }
}

#[both_stores("TC-278")]
async fn a_tool_that_lets_only_staff_choose_refuses_learners(store: Store) {
    let only = json!({"launch": {"deepLinkingBy": "staff"}});
    let school = Registered::with(store, only).await;
    let choosing = asking(&school, &json!({})).with("roles", learner());
    school.refuses("TC-278", choosing.clone(), 403, "DEEP_LINKING_STAFF_ONLY").await;
    let nobody = asking(&school, &json!({})).with("roles", json!([]));
    school.refuses("no role", nobody, 403, "DEEP_LINKING_STAFF_ONLY").await;
    school.accepts("a teacher", asking(&school, &json!({}))).await;
    school.accepts("a learner who opens a link", school.student()).await;
    // One platform may have a rule of its own: Canvas lets learners choose what they hand in.
    let platform = format!("/admin/platforms/{}", school.platform_id);
    let mut row = school.gateway.admin("GET", &platform, None).await.json().unwrap();
    row["launch"] = json!({"deepLinkingBy": "anyone"});
    let page = school.gateway.admin("PUT", &platform, Some(row)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    school.accepts("a learner", choosing).await;
}

#[cases("SV-8")]
#[tokio::test]
async fn learners_may_choose_unless_the_tool_says_otherwise() {
    let school = Registered::new(Store::Sqlite).await;
    let token =
        school.accepts("a learner", asking(&school, &json!({})).with("roles", learner())).await;
    assert_eq!(token["user"]["role"], "learner");
    assert_eq!(token["services"]["deepLinking"]["available"], true);
}

#[cases("SV-8")]
#[tokio::test]
async fn the_application_is_told_where_in_the_platform_it_was_opened() {
    let school = Registered::new(Store::Sqlite).await;
    let name = "https://www.instructure.com/placement";
    for (claims, wanted) in [
        (vec![(name, json!("homework_submission"))], json!("homework_submission")),
        (
            vec![(name, json!("link_selection")), ("custom", json!({"placement": "mine"}))],
            json!("link_selection"),
        ),
        (vec![("custom", json!({"placement": "mine"}))], json!("mine")),
        (vec![("custom", json!({"placement": "$Canvas.unknown"}))], Value::Null),
        (vec![(name, Value::Null)], Value::Null),
    ] {
        let launch = claims
            .into_iter()
            .fold(asking(&school, &json!({})), |launch, (name, value)| launch.with(name, value));
        let token = school.accepts("placement", launch).await;
        assert_eq!(token["launch"].get("placement").cloned().unwrap_or_default(), wanted);
    }
}

#[both_stores("SV-22")]
async fn the_targets_query_reaches_the_application_in_every_launch(store: Store) {
    let school = Registered::new(store).await;
    let target = school.gateway.at("/lti/launch?quiz=7&part=a%26b&part=2&own=2&ltik=forged");
    // SpeedGrader: the link's own address, and hardly another claim.
    let bare = school.teacher().without("endpoint").without("custom").without("namesroleservice");
    for launch in [
        school.student().target(&target),
        bare.target(&target),
        school.student().review("5").target(&target),
        asking(&school, &json!({})).target(&target),
    ] {
        let page = school.launch(&launch).await;
        let pairs = page.location().unwrap();
        let pairs: Vec<(String, String)> = pairs.query_pairs().into_owned().collect();
        let values = |name: &str| -> Vec<&str> {
            let pairs = pairs.iter().filter(|(key, _)| key == name);
            pairs.map(|(_, value)| value.as_str()).collect()
        };
        assert_eq!(values("quiz"), ["7"], "{}", launch.message.name());
        assert_eq!(values("part"), ["a&b", "2"]);
        // What the Launch URL says itself stays, and no one puts another ltik beside ours.
        assert_eq!(values("own"), ["1", "2"]);
        assert_eq!(values("ltik").len(), 1);
        let token = school.read(&ltik_of("target", &page)).await;
        assert_eq!(token["launch"]["target"], target.as_str());
    }
}
