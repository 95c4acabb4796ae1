//! D. Required claims.

use serde_json::{Value, json};
use studyreel::REQUIRED_MEMBERS;
use test_case::both_stores;

use super::{ISSUER, StudyReel, refusal, valid, valid_with, valid_without};
use crate::support::Store;

#[both_stores("STUDYREEL-37")]
async fn a_missing_required_member_is_named(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for member in REQUIRED_MEMBERS {
        let page = studyreel.launch(&valid_without("a", member)).await;
        assert_eq!((page.status, refusal(&page).as_str()), (400, "missing_field"), "{member}");
        assert!(page.text().contains(&format!("'{member}'")), "{}", page.text());
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-38")]
async fn a_required_member_of_another_type_is_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for member in REQUIRED_MEMBERS.into_iter().filter(|member| *member != "resourceLink") {
        for odd in [json!(7), json!(["x"]), json!({"x": 1}), json!(true), json!("")] {
            let fine = matches!(
                (member, &odd),
                ("jti", Value::Number(_))
                    | ("given_name" | "family_name" | "target_link_uri", Value::String(_))
            );
            if !fine {
                studyreel.refused(&valid_with("a", json!({member: odd}))).await;
            }
        }
    }
    studyreel.nothing_is_stored().await;
    studyreel.ok(&valid_with("a", json!({"jti": 7, "given_name": "", "family_name": ""}))).await;
}

#[both_stores("STUDYREEL-39")]
async fn other_message_types_are_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for other in ["LtiDeepLinkingRequest", "ltiresourcelinkrequest", "LtiResourceLinkRequest "] {
        let code = studyreel.refused(&valid_with("a", json!({"messageType": other}))).await;
        assert_eq!(code, "unsupported_message", "{other}");
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-40")]
async fn other_versions_are_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for other in ["1.1.0", "2.0", "1.30", "1.3."] {
        let code = studyreel.refused(&valid_with("a", json!({"version": other}))).await;
        assert_eq!(code, "unsupported_version", "{other}");
    }
    studyreel.nothing_is_stored().await;
    studyreel.ok(&valid_with("a", json!({"version": "1.3"}))).await;
}

#[both_stores("STUDYREEL-41")]
async fn a_resource_link_is_required(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for odd in [json!({}), json!("default"), Value::Null, json!({"id": ""}), json!([])] {
        studyreel.refused(&valid_with("a", json!({"resourceLink": odd}))).await;
    }
    studyreel.nothing_is_stored().await;
    let seen = studyreel
        .seen(&valid_with("a", json!({"resourceLink": {"id": "elsewhere", "title": "T"}})))
        .await;
    assert_eq!(seen["launch"]["resourceLink"], json!({"id": "elsewhere"}));
}

const OTHER_ISSUER: &str = "https://prod-studyreel.alpha1edtech.com";

/// A tool that accepts one deployment of each issuer.
async fn with_listed_deployments(store: Store) -> StudyReel {
    let listed = json!({"deployments": ["one", {"issuer": OTHER_ISSUER, "id": "two"}]});
    StudyReel::start_with(store, listed).await
}

fn from(issuer: &str, deployment: &str) -> Value {
    valid_with("a", json!({"iss": issuer, "deployment_id": deployment}))
}

#[both_stores("STUDYREEL-42")]
async fn only_known_issuers_are_accepted(store: Store) {
    let studyreel = with_listed_deployments(store).await;
    for issuer in [
        "https://studyreel.alpha1edtech.com.evil.example",
        "http://studyreel.alpha1edtech.com",
        "https://studyreel.alphaledtech.com",
        "https://studyreel.alpha1edtech.com//",
        "https://STUDYREEL.alpha1edtech.com",
    ] {
        let page = studyreel.launch(&from(issuer, "one")).await;
        assert_eq!((page.status, refusal(&page).as_str()), (403, "unknown_issuer"), "{issuer}");
    }
    studyreel.nothing_is_stored().await;
    studyreel.ok(&from(&format!("{ISSUER}/"), "one")).await;
}

#[both_stores("STUDYREEL-43")]
async fn only_listed_deployments_of_the_issuer_are_accepted(store: Store) {
    let studyreel = with_listed_deployments(store).await;
    for deployment in ["three", "two", "ONE", "one "] {
        let code = studyreel.refused(&from(ISSUER, deployment)).await;
        assert_eq!(code, "unknown_deployment", "{deployment}");
    }
    studyreel.refused(&from(ISSUER, "")).await;
    studyreel.nothing_is_stored().await;
    studyreel.ok(&from(ISSUER, "one")).await;
    studyreel.ok(&from(OTHER_ISSUER, "two")).await;
    // As the launch itself names it.
    let patch = json!({"studyreel": {"deployments": [{"iss": OTHER_ISSUER, "id": "five"}]}});
    studyreel.gateway.patch_tool(patch).await;
    studyreel.ok(&from(OTHER_ISSUER, "five")).await;
    let code = studyreel.refused(&from(ISSUER, "five")).await;
    assert_eq!(code, "unknown_deployment");
    for wrong in [json!([5]), json!([{"id": "five"}]), json!([{"iss": OTHER_ISSUER, "x": 1}])] {
        let patch = json!({"studyreel": {"deployments": wrong}});
        let page = studyreel.gateway.admin("PATCH", "/admin/tool", Some(patch)).await;
        let body: Value = page.json().unwrap();
        let says = body["details"]["description"].as_str().unwrap();
        let taken = "studyreel.deployments[0]: must be a deployment's id as text, or {\"iss\": its issuer, \"id\": its id}";
        assert!(page.status == 400 && says.contains(taken), "{says}");
    }
}

#[both_stores("STUDYREEL-44")]
async fn only_students_are_accepted(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for role in [
        json!("Teacher"),
        json!("Administrator"),
        json!("Parent"),
        json!(["Student"]),
        json!("Student,Teacher"),
        json!("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"),
    ] {
        studyreel.refused(&valid_with("a", json!({"role": role}))).await;
    }
    studyreel.nothing_is_stored().await;
    for role in ["student", "Learner", "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    {
        let seen = studyreel.seen(&valid_with("a", json!({"role": role}))).await;
        assert_eq!(seen["user"]["role"], "learner");
    }
}

#[both_stores("STUDYREEL-45")]
async fn subjects_that_identify_nobody_are_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for sub in ["null", "   ", &"x".repeat(10_000), "a\u{0}b", "a\nb", "undefined"] {
        studyreel.refused(&valid(sub)).await;
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-46")]
async fn a_launch_never_reaches_an_account_it_did_not_create(store: Store) {
    // People who sign in to the portal live elsewhere: the same name is another account.
    let studyreel = StudyReel::start(store).await;
    let answer = studyreel.ok(&valid("admin")).await;
    assert!(answer.is_new);
    assert_eq!(studyreel.seen_behind(&answer.link).await["user"]["role"], "learner");
    assert_eq!(studyreel.rows("portal_users").await, 1);
}

#[both_stores]
async fn a_disabled_tool_accepts_no_launches(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"enabled": false})).await;
    let page = studyreel.launch(&valid("a")).await;
    assert_eq!((page.status, refusal(&page).as_str()), (404, "not_found"));
}
