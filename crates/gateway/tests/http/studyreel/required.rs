//! D. Required claims.

use serde_json::{Value, json};
use studyreel::REQUIRED_MEMBERS;

use super::{ISSUER, StudyReel, refusal, valid, valid_with, valid_without};
use crate::support::on_both_stores;

on_both_stores! {
    async fn case_37_and_38_each_required_member_missing_or_of_another_type(store) {
        let studyreel = StudyReel::start(store).await;
        for member in REQUIRED_MEMBERS {
            let page = studyreel.launch(&valid_without("a", member)).await;
            assert_eq!((page.status, refusal(&page).as_str()), (400, "missing_field"), "case 37: {member}");
            assert!(page.text().contains(&format!("'{member}'")), "{}", page.text());
        }
        for member in REQUIRED_MEMBERS.into_iter().filter(|member| *member != "resourceLink") {
            for odd in [json!(7), json!(["x"]), json!({"x": 1}), json!(true), json!("")] {
                let fine = matches!(
                    (member, &odd),
                    ("jti", Value::Number(_)) | ("given_name" | "family_name" | "target_link_uri", Value::String(_))
                );
                if !fine {
                    studyreel.refused(&valid_with("a", json!({member: odd}))).await;
                }
            }
        }
        studyreel.nothing_is_stored().await;
        studyreel.ok(&valid_with("a", json!({"jti": 7, "given_name": "", "family_name": ""}))).await;
    }

    async fn case_39_and_40_message_type_and_version(store) {
        let studyreel = StudyReel::start(store).await;
        for other in ["LtiDeepLinkingRequest", "ltiresourcelinkrequest", "LtiResourceLinkRequest "] {
            assert_eq!(studyreel.refused(&valid_with("a", json!({"messageType": other}))).await, "unsupported_message");
        }
        for other in ["1.1.0", "2.0", "1.30", "1.3."] {
            assert_eq!(studyreel.refused(&valid_with("a", json!({"version": other}))).await, "unsupported_version");
        }
        studyreel.nothing_is_stored().await;
        studyreel.ok(&valid_with("a", json!({"version": "1.3"}))).await;
    }

    async fn case_41_the_resource_link(store) {
        let studyreel = StudyReel::start(store).await;
        for odd in [json!({}), json!("default"), Value::Null, json!({"id": ""}), json!([])] {
            studyreel.refused(&valid_with("a", json!({"resourceLink": odd}))).await;
        }
        studyreel.nothing_is_stored().await;
        let seen = studyreel.seen(&valid_with("a", json!({"resourceLink": {"id": "elsewhere", "title": "T"}}))).await;
        assert_eq!(seen["launch"]["resourceLink"], json!({"id": "elsewhere"}));
    }

    async fn case_42_and_43_only_listed_issuers_and_deployments(store) {
        let listed = json!({"deployments": ["one", {"issuer": "https://prod-studyreel.alpha1edtech.com", "id": "two"}]});
        let studyreel = StudyReel::start_with(store, listed).await;
        let launch = |issuer: &str, deployment: &str| valid_with("a", json!({"iss": issuer, "deployment_id": deployment}));
        for issuer in [
            "https://studyreel.alpha1edtech.com.evil.example", "http://studyreel.alpha1edtech.com",
            "https://studyreel.alphaledtech.com", "https://studyreel.alpha1edtech.com//", "https://STUDYREEL.alpha1edtech.com",
        ] {
            let page = studyreel.launch(&launch(issuer, "one")).await;
            assert_eq!((page.status, refusal(&page).as_str()), (403, "unknown_issuer"), "case 42: {issuer}");
        }
        for deployment in ["three", "two", "ONE", "one "] {
            assert_eq!(studyreel.refused(&launch(ISSUER, deployment)).await, "unknown_deployment", "case 43");
        }
        studyreel.refused(&launch(ISSUER, "")).await;
        studyreel.nothing_is_stored().await;
        studyreel.ok(&launch(&format!("{ISSUER}/"), "one")).await;
        studyreel.ok(&launch("https://prod-studyreel.alpha1edtech.com", "two")).await;
    }

    async fn case_44_only_students(store) {
        let studyreel = StudyReel::start(store).await;
        for role in [
            json!("Teacher"), json!("Administrator"), json!("Parent"), json!(["Student"]), json!("Student,Teacher"),
            json!("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"),
        ] {
            studyreel.refused(&valid_with("a", json!({"role": role}))).await;
        }
        studyreel.nothing_is_stored().await;
        for role in ["student", "Learner", "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"] {
            let seen = studyreel.seen(&valid_with("a", json!({"role": role}))).await;
            assert_eq!(seen["user"]["role"], "learner");
        }
    }

    async fn case_45_subjects_that_name_nobody(store) {
        let studyreel = StudyReel::start(store).await;
        for sub in ["null", "   ", &"x".repeat(10_000), "a\u{0}b", "a\nb", "undefined"] {
            studyreel.refused(&valid(sub)).await;
        }
        studyreel.nothing_is_stored().await;
    }

    async fn case_46_a_launch_never_reaches_an_account_it_did_not_create(store) {
        // People who sign in to the portal live elsewhere: the same name is another account.
        let studyreel = StudyReel::start(store).await;
        let answer = studyreel.ok(&valid("admin")).await;
        assert!(answer.is_new);
        assert_eq!(studyreel.seen_behind(&answer.link).await["user"]["role"], "learner");
        assert_eq!(studyreel.rows("people").await, 1);
    }

    async fn a_disabled_tool_takes_no_launches(store) {
        let studyreel = StudyReel::start_with(store, json!({"enabled": false})).await;
        let page = studyreel.launch(&valid("a")).await;
        assert_eq!((page.status, refusal(&page).as_str()), (404, "not_found"));
    }
}
