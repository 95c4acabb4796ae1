//! Further dialects of the launch: `lti-magic-link` (studyreel.md §10), at launch URLs of its own.

use serde_json::{Value, json};
use simulator::studyreel::ALPHALEARN_ISSUER;
use studyreel::REQUIRED_MEMBERS;
use test_case::both_stores;

use super::{Accepted, ISSUER, StudyReel, open, refusal, valid, valid_with};
use crate::support::Store;

const MAGIC_LINK: &str = "/lti-magic-link/launch";

/// V as AlphaLearn sends it.
fn alphalearn(sub: &str) -> Value {
    valid_with(sub, json!({"iss": ALPHALEARN_ISSUER}))
}

async fn magic_link(store: Store, rules: Value) -> StudyReel {
    let settings = json!({"dialects": {"lti-magic-link": rules}});
    let mut studyreel = StudyReel::start_with(store, settings).await;
    MAGIC_LINK.clone_into(&mut studyreel.path);
    studyreel
}

#[both_stores]
async fn a_dialect_that_is_not_enabled_does_not_exist(store: Store) {
    let mut studyreel = StudyReel::start(store).await;
    assert!(studyreel.owner().await.get("dialects").is_none());
    for path in [MAGIC_LINK, "/lti-magic-link/launch/x"] {
        path.clone_into(&mut studyreel.path);
        for launch in [alphalearn("a"), valid("a")] {
            let page = studyreel.launch(&launch).await;
            assert_eq!((page.status, refusal(&page).as_str()), (404, "not_found"), "{path}");
        }
    }
    studyreel.nothing_is_stored().await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"dialects": {"lti-magic-link": {}}}})).await;
    MAGIC_LINK.clone_into(&mut studyreel.path);
    studyreel.ok(&alphalearn("a")).await;
    studyreel
        .gateway
        .patch_tool(json!({"studyreel": {"dialects": {"lti-magic-link": null}}}))
        .await;
    assert_eq!(studyreel.launch(&alphalearn("a")).await.status, 404);
    studyreel
        .gateway
        .patch_tool(json!({"studyreel": {"enabled": false, "dialects": {"lti-magic-link": {}}}}))
        .await;
    assert_eq!(studyreel.launch(&alphalearn("a")).await.status, 404, "all of them, or none");
}

#[both_stores]
async fn magic_link_ends_in_the_same_launch(store: Store) {
    let studyreel = magic_link(store, json!({})).await;
    let launch = valid_with(
        "ada@example.com",
        json!({
            "iss": ALPHALEARN_ISSUER, "age_grade": 4, "iat": studyreel.gateway.clock.now_seconds(),
            "learning_blocks": [
                {"amount": 100, "curriculumIds": ["fast-math"], "description": "Facts"},
            ],
        }),
    );
    let page = studyreel.launch(&launch).await;
    let answer = page.json().unwrap();
    assert_eq!(answer["user"], json!({"userId": answer["userID"]}), "and nothing personal");
    let accepted = Accepted::read(&page);
    assert!(accepted.is_new && accepted.link.starts_with(&studyreel.gateway.url));
    let seen = studyreel.seen_behind(&accepted.link).await;
    assert_eq!(
        (&seen["platform"]["id"], &seen["platform"]["name"], &seen["platform"]["url"]),
        (&json!("lti-magic-link"), &json!("AlphaLearn"), &json!(ALPHALEARN_ISSUER))
    );
    assert_eq!(
        (&seen["user"]["name"], &seen["student"]["placement"][0]["grade"]),
        (&json!("Ada Moss"), &json!(4))
    );
    let again = studyreel.ok(&alphalearn("ADA@example.com")).await;
    assert_eq!((again.is_new, &again.user), (false, &accepted.user));
    let found = studyreel.get("/api/students?subject=ada@example.com").await;
    assert_eq!(
        (&found["students"][0]["id"], &found["students"][0]["issuer"]),
        (&json!(accepted.user), &json!(ALPHALEARN_ISSUER))
    );
    assert_eq!(found["students"][0]["learningBlocks"][0]["curriculumIds"], json!(["fast-math"]));
    assert_eq!(studyreel.refused(&launch).await, "replayed");
}

#[both_stores]
async fn magic_link_applies_every_rule_in_its_own_format(store: Store) {
    let studyreel = magic_link(store, json!({})).await;
    for member in REQUIRED_MEMBERS {
        let mut launch = alphalearn("a");
        launch.as_object_mut().unwrap().shift_remove(member);
        let page = studyreel.launch(&launch).await;
        let answer = page.json().unwrap();
        assert_eq!((page.status, refusal(&page).as_str()), (400, "missing_field"), "{member}");
        assert!(answer["error"].as_str().unwrap().contains(member), "{answer}");
        assert_eq!(answer["error"], answer["message"]);
    }
    for (wrong, code) in [
        (json!({"messageType": "LtiDeepLinkingRequest"}), "unsupported_message"),
        (json!({"role": "Teacher"}), "role_not_allowed"),
        (json!({"exp": "2024-09-19 04:14:07"}), "invalid_timestamp"),
        (json!({"iss": format!("{ALPHALEARN_ISSUER}.evil.example")}), "unknown_issuer"),
    ] {
        let mut launch = alphalearn("a");
        launch.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(studyreel.refused(&launch).await, code);
    }
    let page = studyreel.send("GET", "application/json", "").await;
    assert_eq!((page.status, page.header("allow")), (405, Some("POST")));
    assert!(page.json().unwrap()["error"].is_string());
    studyreel.nothing_is_stored().await;
}

#[both_stores]
async fn a_platforms_launches_are_accepted_at_its_address_only(store: Store) {
    let mut studyreel = magic_link(store, json!({})).await;
    assert_eq!(
        studyreel.refused(&valid("a")).await,
        "unknown_issuer",
        "StudyReel's, at AlphaLearn's"
    );
    for path in ["/studyreel/launch", "/launch"] {
        path.clone_into(&mut studyreel.path);
        assert_eq!(
            studyreel.refused(&alphalearn("a")).await,
            "unknown_issuer",
            "AlphaLearn's, at {path}"
        );
        studyreel.ok(&valid("a")).await;
    }
    // The same person by another issuer is another account.
    MAGIC_LINK.clone_into(&mut studyreel.path);
    assert!(studyreel.ok(&alphalearn("a")).await.is_new);
    let rules = json!({"issuers": ["https://timeback.example/"], "deployments": ["d-1"]});
    studyreel
        .gateway
        .patch_tool(json!({"studyreel": {"dialects": {"lti-magic-link": rules}}}))
        .await;
    assert_eq!(studyreel.refused(&alphalearn("a")).await, "unknown_issuer");
    let timeback = |deployment: &str| {
        valid_with("a", json!({"iss": "https://timeback.example", "deployment_id": deployment}))
    };
    assert_eq!(studyreel.refused(&timeback("d-2")).await, "unknown_deployment");
    assert!(studyreel.ok(&timeback("d-1")).await.is_new);
    assert_eq!(
        studyreel.refused(&valid_with("a", json!({"iss": ISSUER, "deployment_id": "d-1"}))).await,
        "unknown_issuer"
    );
}

#[both_stores]
async fn an_expired_link_names_where_students_come_from(store: Store) {
    let studyreel = magic_link(store, json!({})).await;
    let says = async |platforms: &str| {
        let page =
            open(&studyreel.browser(), &studyreel.gateway.at("/studyreel/learn?token=x")).await;
        let says = format!("Go back to {platforms} and open the app again");
        assert!(page.status == 410 && page.text().contains(&says), "{platforms}: {}", page.text());
    };
    says("StudyReel / AlphaLearn").await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"issuers": []}})).await;
    says("AlphaLearn").await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"issuers": null, "dialects": null}})).await;
    says("StudyReel").await;
}

#[both_stores]
async fn each_dialect_has_its_own_secrets(store: Store) {
    let mut studyreel = magic_link(store, json!({})).await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"requireCapability": true}})).await;
    let owner = studyreel.owner().await;
    let further = &owner["dialects"]["lti-magic-link"];
    assert_eq!(further["launchUrl"], studyreel.gateway.at(MAGIC_LINK));
    assert_ne!(further["signingSecret"], owner["signingSecret"]);
    let capability = |of: &Value| {
        of["capabilityLaunchUrl"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned()
    };
    let (theirs, studyreels) = (capability(further), capability(&owner));
    for (path, status) in [
        (format!("{MAGIC_LINK}/{theirs}"), 200),
        (format!("{MAGIC_LINK}/{studyreels}"), 404),
        (format!("/studyreel/launch/{theirs}"), 404),
        (MAGIC_LINK.to_owned(), 404),
    ] {
        studyreel.path.clone_from(&path);
        assert_eq!(studyreel.launch(&alphalearn("a")).await.status, status, "{path}");
    }
}
