//! Required members: presence, type and allowed values.

use serde_json::json;
use test_case::cases;

use super::*;

#[cases("STUDYREEL-06")]
#[test]
fn email_like_sub_compares_without_case_and_blanks() {
    for sub in [
        "Student@StudyReel.com",
        "  student@studyreel.com ",
        "STUDENT@STUDYREEL.COM",
    ] {
        assert_eq!(
            ok(&with("sub", sub)).subject_key,
            "student@studyreel.com",
            "{sub}"
        );
    }
    let kelvin = ok(&with("sub", "\u{212A}im@example.com"));
    assert_ne!(
        kelvin.subject_key,
        ok(&with("sub", "kim@example.com")).subject_key
    );
}

#[cases("STUDYREEL-07")]
#[test]
fn opaque_sub_keeps_its_case() {
    assert_eq!(ok(&with("sub", "stu_0192")).subject_key, "stu_0192");
    assert_ne!(subject_key("Stu_0192"), subject_key("stu_0192"));
    assert_eq!(
        ok(&with("sub", "é".repeat(255)))
            .subject_key
            .chars()
            .count(),
        255
    );
}

#[cases("STUDYREEL-37")]
#[test]
fn a_missing_required_member_is_refused() {
    for member in REQUIRED_MEMBERS {
        let refusal = launch(&without(member)).unwrap_err();
        assert_eq!(refusal, PayloadRefusal::MissingField(member));
        assert!(refusal.to_string().contains(&format!("'{member}'")));
    }
}

#[cases("STUDYREEL-38")]
#[test]
fn a_required_member_of_another_type_is_refused() {
    let wrong = [
        json!(7),
        json!(7.5),
        json!([]),
        json!(["Student"]),
        json!({}),
        json!(true),
        json!(""),
    ];
    let right = |member: &str, value: &Value| match member {
        "jti" => value.is_u64(),
        "given_name" | "family_name" | "target_link_uri" => value.is_string(),
        _ => false,
    };
    for member in REQUIRED_MEMBERS {
        for value in &wrong {
            if matches!(member, "iat" | "exp") && value.is_number() {
                continue;
            }
            let body = with(member, value.clone());
            if right(member, value) {
                ok(&body);
            } else {
                let refusal = launch(&body).unwrap_err();
                assert_eq!(refusal.code().status(), 400, "{member} = {value}");
                assert!(
                    refusal.to_string().contains(member),
                    "{member} = {value}: {refusal}"
                );
            }
        }
    }
    let mut numeric = with("iat", PRINTED_IAT);
    numeric["exp"] = (PRINTED_IAT + 3600).into();
    ok(&numeric);
}

#[cases("STUDYREEL-39")]
#[test]
fn other_message_types_are_refused() {
    for message in [
        "LtiDeepLinkingRequest",
        "ltiresourcelinkrequest",
        "LtiResourceLinkRequest ",
    ] {
        assert_eq!(code(&with("messageType", message)), "unsupported_message");
    }
}

#[cases("STUDYREEL-40")]
#[test]
fn other_versions_are_refused() {
    for version in [
        "1.1.0", "2.0", "1.30", "1.3.", "1.3.x", "1.3.0.1", "1", "1.4", "v1.3",
    ] {
        assert_eq!(
            code(&with("version", version)),
            "unsupported_version",
            "{version}"
        );
    }
    for version in ["1.3", "1.3.0", "1.3.12"] {
        ok(&with("version", version));
    }
}

#[cases("STUDYREEL-41")]
#[test]
fn a_resource_link_is_required() {
    for link in [
        json!({}),
        json!("default"),
        Value::Null,
        json!([]),
        json!({"id": ""}),
        json!({"id": 5}),
        json!({"id": null}),
        json!({"id": " "}),
    ] {
        assert_eq!(
            launch(&with("resourceLink", link.clone()))
                .unwrap_err()
                .code()
                .status(),
            400,
            "{link}"
        );
    }
    let unknown = ok(&with(
        "resourceLink",
        json!({"id": "chapter-9", "title": "x"}),
    ));
    assert_eq!(unknown.resource_link_id, "chapter-9");
    let twice = PRINTED_EXAMPLE.replace(r#""id": "default""#, r#""id": "a", "id": "b""#);
    assert_eq!(
        receive(twice.as_bytes()).unwrap_err().code().name(),
        "malformed_json"
    );
}

#[cases("STUDYREEL-42")]
#[test]
fn only_listed_issuers_are_accepted() {
    for issuer in [
        "https://studyreel.alpha1edtech.com.evil.example",
        "http://studyreel.alpha1edtech.com",
        "https://studyreel.alphaledtech.com",
        "https://studyreel.alpha1edtech.com//",
        "https://STUDYREEL.alpha1edtech.com",
        " https://studyreel.alpha1edtech.com",
    ] {
        assert_eq!(code(&with("iss", issuer)), "unknown_issuer", "{issuer}");
    }
    let slash = ok(&with("iss", "https://studyreel.alpha1edtech.com/"));
    assert_eq!(slash.issuer, "https://studyreel.alpha1edtech.com");
    assert_eq!(
        ok(&with("iss", "https://alphalearn.school")).issuer,
        "https://alphalearn.school"
    );
    let nobody = PayloadRules {
        issuers: &[],
        ..expected()
    };
    let payload = STUDYREEL.parse(PRINTED_EXAMPLE.as_bytes()).unwrap();
    assert_eq!(
        check(&payload, &nobody, NOW),
        Err(PayloadRefusal::UnknownIssuer)
    );
    let copied = [" https://studyreel.alpha1edtech.com/ ".to_owned()];
    let copied = PayloadRules {
        issuers: &copied,
        ..expected()
    };
    assert!(check(&payload, &copied, NOW).is_ok());
}

#[cases("STUDYREEL-43")]
#[test]
fn only_listed_deployments_are_accepted() {
    let allowed: Vec<AllowedDeployment> = serde_json::from_value(json!([
        {"issuer": "https://studyreel.alpha1edtech.com/", "id": "ours"},
        {"issuer": "https://alphalearn.school", "deploymentId": "theirs"},
        "anyone's",
        " copied ",
    ]))
    .unwrap();
    let expected = PayloadRules {
        deployments: &allowed,
        ..expected()
    };
    let outcome = |deployment: &str| {
        let body = with("deployment_id", deployment).to_string();
        STUDYREEL
            .parse(body.as_bytes())
            .and_then(|payload| check(&payload, &expected, NOW))
            .map_or_else(|refusal| refusal.code().name(), |_| "accepted")
    };
    assert_eq!(outcome("ours"), "accepted");
    assert_eq!(outcome("anyone's"), "accepted");
    assert_eq!(outcome("copied"), "accepted");
    assert_eq!(outcome("theirs"), "unknown_deployment");
    assert_eq!(outcome("Ours"), "unknown_deployment");
    assert_eq!(outcome(""), "invalid_field");
    assert_eq!(outcome(&"x".repeat(256)), "invalid_field");
    assert_eq!(code(&with("deployment_id", "x".repeat(255))), "accepted");
}

#[cases("STUDYREEL-44")]
#[test]
fn only_student_roles_are_accepted() {
    for role in [
        "Teacher",
        "Administrator",
        "Parent",
        "Instructor",
        "Student,Teacher",
        "Students",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/membership/Administrator#Student",
        "http://evil.example/vocab/lis/v2/membership#Learner",
        "membership#Learner",
    ] {
        assert_eq!(code(&with("role", role)), "role_not_allowed", "{role}");
    }
    for role in [
        "Student",
        "student",
        "STUDENT",
        "Learner",
        "learner",
        " Student ",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student",
    ] {
        ok(&with("role", role));
    }
}

#[cases("STUDYREEL-45")]
#[test]
fn unusable_subs_are_refused() {
    for sub in [
        "null",
        "NULL",
        "undefined",
        "none",
        "",
        "   ",
        "\u{3000}",
        "a\u{0}b",
        "a\nb",
        "stu\u{7f}",
    ] {
        assert_eq!(code(&with("sub", sub)), "invalid_field", "{sub:?}");
    }
    assert_eq!(code(&with("sub", "x".repeat(10_000))), "invalid_field");
    assert_eq!(
        code(&with("sub", format!(" {} ", "x".repeat(255)))),
        "accepted"
    );
}

#[cases("STUDYREEL-54")]
#[test]
fn one_jti_in_two_types_is_one_jti() {
    assert_eq!(
        ok(&with("jti", 4556)).token_id,
        ok(&with("jti", "4556")).token_id
    );
    for jti in [
        json!("null"),
        json!(" "),
        json!(4.5),
        json!("x".repeat(513)),
        json!("a\u{0}"),
    ] {
        assert_eq!(code(&with("jti", jti.clone())), "invalid_field", "{jti}");
    }
    for nonce in [
        "1234567".to_owned(),
        "x".repeat(513),
        " ".repeat(9),
        "1234567\u{0}".to_owned(),
    ] {
        assert_eq!(code(&with("nonce", nonce)), "invalid_field");
    }
}
