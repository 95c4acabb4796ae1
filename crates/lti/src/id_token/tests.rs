#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use serde_json::{Value, json};
use test_case::cases;

use super::*;
use crate::claims::Claims;
use crate::fixture::{
    K1, K2, NOW, TARGET, checked, expected, good, good_but, header, jwk, key_set, launch,
    launch_of, origins, refused, sign, sign_text,
};
use crate::json::JsonError;
use crate::message::MessageType;
use crate::target::TargetRefusal;

fn parse(token: &str) -> Result<UnverifiedToken<'_>, Refusal> {
    UnverifiedToken::parse(token, Algorithm::DEFAULT)
}

fn header_refused(header: &Value) -> Refusal {
    parse(&sign_text(&K1, &header.to_string(), &good().to_string())).unwrap_err()
}

/// Checks the usual payload against the usual expectations, each with changes.
fn with(
    payload: &[(&str, Value)],
    change: impl FnOnce(&mut Expected<'_>),
) -> Result<Checked, Refusal> {
    let origins = origins();
    let mut expected = expected(&origins);
    change(&mut expected);
    checked(&good_but(payload).to_string(), &expected)
}

#[cases("TC-046")]
#[test]
fn a_good_token_is_a_launch() {
    let checked = launch(&good()).unwrap();
    assert_eq!(checked.message_type, MessageType::ResourceLink);
    assert_eq!(checked.subject.as_deref(), Some("u-77"));
    assert_eq!(checked.deployment_id, "d1");
    assert_eq!(checked.target.as_str(), TARGET);
    let token = sign(&good());
    let token = parse(&token).unwrap();
    let signed = token
        .verify(key_set(&[jwk(&K1, "k1")]).get("k1").unwrap())
        .unwrap();
    assert_eq!(signed.payload(), good().to_string());
    assert_eq!(signed.issued_at(), Some(NOW));
    let names: Vec<String> = good().as_object().unwrap().keys().cloned().collect();
    assert_eq!(signed.claim_names().collect::<Vec<_>>(), names);
    let claims = Claims::from_payload(signed.payload()).unwrap();
    assert_eq!(
        (claims.subject, claims.deployment_id),
        (checked.subject, checked.deployment_id)
    );
}

/// A provider that is not an LTI platform sends only the claims of OpenID Connect.
#[test]
fn a_sign_in_needs_no_claim_of_lti() {
    let keys = key_set(&[jwk(&K1, "k1")]);
    let signed_in = |change: &[(&str, Value)]| {
        let mut payload = good_but(change);
        let members = payload.as_object_mut().unwrap();
        members.retain(|name, _| !name.starts_with("https:"));
        let token = sign(&payload);
        let token = parse(&token).unwrap();
        let signed = token.verify(keys.get("k1").unwrap()).unwrap();
        let origins = origins();
        let launched = signed.check(&expected(&origins), NOW);
        assert!(launched.is_err(), "it is no launch");
        signed.check_sign_in(&expected(&origins), NOW)
    };
    assert_eq!(signed_in(&[]), Ok(()));
    for (claim, value, refusal) in [
        ("iss", json!("https://p2.test"), Refusal::IssuerMismatch),
        ("aud", json!("c2"), Refusal::AudienceMismatch),
        ("azp", json!("c2"), Refusal::AuthorizedPartyMismatch),
        ("exp", json!(NOW - 60), Refusal::Expired),
        ("nonce", json!("another"), Refusal::NonceMismatch),
    ] {
        assert_eq!(signed_in(&[(claim, value)]), Err(refusal), "{claim}");
    }
}

#[test]
fn claims_are_named_without_their_escapes() {
    let payload =
        r#"{"n\u0061me": 1, "https:\/\/x.test\/a\"b": {"inner": 1}, "é": [{"no": 1}], "": null}"#;
    let token = sign_text(&K1, &header(), payload);
    let token = parse(&token).unwrap();
    let keys = key_set(&[jwk(&K1, "k1")]);
    let signed = token.verify(keys.get("k1").unwrap()).unwrap();
    let names: Vec<_> = signed.claim_names().collect();
    assert_eq!(names, ["name", "https://x.test/a\"b", "é", ""]);
}

#[cases("CB-1", "TC-060")]
#[test]
fn a_token_without_kid_is_refused() {
    let refusal = header_refused(&json!({"alg": "RS256", "typ": "JWT"}));
    assert_eq!(
        (refusal.clone(), refusal.status()),
        (Refusal::KidMissing, 401)
    );
    assert_eq!(
        header_refused(&json!({"alg": "RS256", "kid": ""})),
        Refusal::KidMissing
    );
    assert_eq!(
        header_refused(&json!({"alg": "RS256", "kid": 1})),
        Refusal::KidMalformed
    );
}

#[cases("TC-071", "TC-072", "TC-073")]
#[test]
fn kids_are_map_keys_of_bounded_length() {
    for kid in ["../../../../dev/null", "' OR 1=1 --"] {
        let token = sign_text(
            &K1,
            &json!({"alg": "RS256", "kid": kid}).to_string(),
            &good().to_string(),
        );
        let token = parse(&token).unwrap();
        assert!(key_set(&[jwk(&K1, "k1")]).get(token.kid()).is_none());
    }
    let long = json!({"alg": "RS256", "kid": "k".repeat(257)});
    assert_eq!(header_refused(&long), Refusal::KidMalformed);
}

#[cases("TC-062", "TC-077", "TC-078")]
#[test]
fn other_signatures_are_refused() {
    let token = sign(&good());
    let keys = key_set(&[jwk(&K2, "k1")]);
    let refusal = parse(&token)
        .unwrap()
        .verify(keys.get("k1").unwrap())
        .unwrap_err();
    assert_eq!(
        (refusal.clone(), refusal.status()),
        (Refusal::BadSignature, 401)
    );

    let other = sign(&good_but(&[("sub", json!("u-78"))]));
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[1] = other.split('.').nth(1).unwrap();
    let swapped = parts.join(".");
    let keys = key_set(&[jwk(&K1, "k1")]);
    let refusal = parse(&swapped)
        .unwrap()
        .verify(keys.get("k1").unwrap())
        .unwrap_err();
    assert_eq!(refusal, Refusal::BadSignature);
}

#[cases("TC-063", "TC-064", "TC-067")]
#[test]
fn only_allowed_algorithms_are_accepted() {
    for alg in [
        "none", "None", "nOnE", "RS512", "ES256", "EdDSA", "rs256", "",
    ] {
        let refusal = header_refused(&json!({"alg": alg, "kid": "k1"}));
        assert_eq!(refusal, Refusal::AlgorithmNotAllowed, "{alg}");
    }
    assert_eq!(
        header_refused(&json!({"kid": "k1"})),
        Refusal::AlgorithmMissing
    );
    assert_eq!(
        header_refused(&json!({"alg": ["RS256"], "kid": "k1"})),
        Refusal::AlgorithmMissing
    );
}

#[cases("TC-065", "TC-066")]
#[test]
fn algorithms_with_a_shared_secret_are_never_accepted() {
    for alg in ["HS256", "HS512"] {
        let refusal = header_refused(&json!({"alg": alg, "kid": "k1"}));
        assert_eq!(refusal, Refusal::AlgorithmNotAllowed, "{alg}");
    }
}

#[cases("TC-067")]
#[test]
fn a_key_is_used_for_its_own_algorithm_only() {
    let header = json!({"alg": "RS512", "kid": "k1"}).to_string();
    let token = sign_text(&K1, &header, &good().to_string());
    let token = UnverifiedToken::parse(&token, &[Algorithm::RS256, Algorithm::RS512]).unwrap();
    let mut key = jwk(&K1, "k1");
    let set = key_set(&[key.clone()]);
    assert_eq!(
        token.verify(set.get("k1").unwrap()).unwrap_err(),
        Refusal::KeyMismatch
    );
    key.as_object_mut().unwrap().remove("alg");
    let set = key_set(&[key]);
    assert!(token.verify(set.get("k1").unwrap()).is_ok());
}

#[cases("TC-063")]
#[test]
fn an_empty_signature_is_refused() {
    let token = sign(&good());
    let (signed, _) = token.rsplit_once('.').unwrap();
    let bare = format!("{signed}.");
    let keys = key_set(&[jwk(&K1, "k1")]);
    let refusal = parse(&bare)
        .unwrap()
        .verify(keys.get("k1").unwrap())
        .unwrap_err();
    assert_eq!(refusal, Refusal::BadSignature);
}

#[cases("TC-068", "TC-069", "TC-070")]
#[test]
fn keys_in_the_header_are_refused() {
    for (name, value) in [
        ("jwk", jwk(&K2, "k1")),
        ("jku", json!("https://evil.test/keys")),
        ("x5u", json!("https://evil.test/cert")),
        ("x5c", json!(["AAAA"])),
        ("jku", Value::Null),
        ("x5c", json!([])),
    ] {
        let header = json!({"alg": "RS256", "kid": "k1", name: value});
        assert_eq!(header_refused(&header), Refusal::KeyInHeader(name));
    }
}

#[cases("TC-074", "TC-075")]
#[test]
fn crit_b64_and_a_wrong_typ_are_refused() {
    let header = |name: &str, value: Value| json!({"alg": "RS256", "kid": "k1", name: value});
    for demand in [json!(["exp"]), json!(["b64"]), json!([]), Value::Null] {
        assert_eq!(
            header_refused(&header("crit", demand)),
            Refusal::CriticalHeader
        );
    }
    assert_eq!(
        header_refused(&header("b64", json!(false))),
        Refusal::UnencodedPayload
    );
    assert_eq!(
        header_refused(&header("b64", json!("true"))),
        Refusal::UnencodedPayload
    );
    assert_eq!(
        header_refused(&header("typ", json!("at+jwt"))),
        Refusal::TypeWrong
    );
    for fine in [
        header("typ", json!("jwt")),
        header("b64", json!(true)),
        header("x", json!(1)),
    ] {
        assert!(parse(&sign_text(&K1, &fine.to_string(), "{}")).is_ok());
    }
}

#[cases("TC-076")]
#[test]
fn other_than_three_segments_is_refused() {
    let token = sign(&good());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    for odd in [
        String::new(),
        signed.to_owned(),
        format!("{token}.{signature}.x"),
        format!("{token}."),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{token}="),
        format!("{header}.{payload}=.{signature}"),
        format!("{header}. {payload}.{signature}"),
        format!("{header}.{payload}+/.{signature}"),
        "..".to_owned(),
    ] {
        let refusal = parse(&odd).unwrap_err();
        assert_eq!(refusal.status(), 400, "{odd}");
    }
    assert_eq!(
        parse(&"a".repeat(65_537)).unwrap_err(),
        Refusal::TokenTooLarge
    );
}

#[cases("TC-082", "TC-083", "TC-084")]
#[test]
fn the_issuer_is_compared_exactly() {
    for iss in ["https://p2.test", "https://p1.test/", "HTTPS://p1.test", ""] {
        assert_eq!(
            refused(&good_but(&[("iss", json!(iss))])),
            Refusal::IssuerMismatch
        );
    }
    assert_eq!(
        refused(&good_but(&[("iss", Value::Null)])),
        Refusal::IssuerMissing
    );
    assert_eq!(
        refused(&good_but(&[("iss", json!(1))])),
        Refusal::IssuerMismatch
    );
    assert_eq!(Refusal::IssuerMismatch.code(), "ISS_CLAIM_DOES_NOT_MATCH");
}

/// Checks the usual payload with one claim changed.
fn but(name: &str, value: Value) -> Result<(), Refusal> {
    launch(&good_but(&[(name, value)])).map(|_| ())
}

#[cases("TC-085", "TC-086", "TC-087", "TC-093")]
#[test]
fn the_audience_must_be_our_client_id() {
    assert_eq!(but("aud", json!("c1")), Ok(()));
    assert_eq!(but("aud", json!(["c1"])), Ok(()));
    for other in [
        json!("c2"),
        json!("c1x"),
        json!("C1"),
        json!(["c2"]),
        json!(""),
    ] {
        assert_eq!(but("aud", other), Err(Refusal::AudienceMismatch));
    }
}

#[cases("TC-088")]
#[test]
fn a_missing_or_malformed_audience_is_refused() {
    assert_eq!(but("aud", json!([])), Err(Refusal::AudienceMissing));
    assert_eq!(but("aud", Value::Null), Err(Refusal::AudienceMissing));
    for odd in [
        json!({"c1": 1}),
        json!(1),
        json!(["c1", 1]),
        json!([["c1"]]),
    ] {
        assert_eq!(but("aud", odd), Err(Refusal::AudienceMalformed));
    }
}

#[cases("TC-089", "TC-090")]
#[test]
fn further_audiences_must_be_trusted_and_have_a_party() {
    let two = [("aud", json!(["c1", "other"])), ("azp", json!("c1"))];
    assert_eq!(refused(&good_but(&two)), Refusal::AudienceUntrusted);
    let trusted = ["other".to_owned()];
    let trust = |payload: &[(&str, Value)]| {
        let origins = origins();
        let mut expected = expected(&origins);
        expected.trusted_audiences = &trusted;
        checked(&good_but(payload).to_string(), &expected).map(|_| ())
    };
    assert_eq!(trust(&two), Ok(()));
    assert_eq!(trust(&two[..1]), Err(Refusal::AuthorizedPartyMissing));
}

#[cases("TC-091", "TC-092")]
#[test]
fn an_authorized_party_must_be_our_client_id() {
    assert_eq!(but("azp", json!("c1")), Ok(()));
    for other in [json!("other"), json!(["c1"])] {
        assert_eq!(but("azp", other), Err(Refusal::AuthorizedPartyMismatch));
    }
}

#[cases("CB-7", "TC-094", "TC-095", "TC-100")]
#[test]
fn expiry_is_checked_within_the_leeway() {
    assert_eq!(but("exp", json!(NOW - 10)), Ok(()));
    assert_eq!(but("exp", json!(NOW - 59)), Ok(()));
    assert_eq!(but("exp", json!(NOW - 60)), Err(Refusal::Expired));
    assert_eq!(but("exp", json!(NOW - 120)), Err(Refusal::Expired));
}

#[cases("TC-096", "TC-097", "TC-098", "TC-099")]
#[test]
fn an_expiry_is_a_number_of_seconds() {
    assert_eq!(but("exp", Value::Null), Err(Refusal::ExpiryMissing));
    for odd in [
        json!("1893456000"),
        json!(true),
        json!(-1),
        json!([NOW]),
        json!({}),
    ] {
        assert_eq!(but("exp", odd), Err(Refusal::ExpiryMalformed));
    }
    assert_eq!(but("exp", json!(1_893_456_000.5)), Ok(()));
    let written = |literal: &str| {
        let usual = format!("{}", NOW + 60);
        good().to_string().replace(&usual, literal)
    };
    for literal in ["null", "1e400"] {
        let refusal = launch_of(&written(literal)).unwrap_err();
        assert_eq!(refusal, Refusal::ExpiryMalformed, "{literal}");
    }
    // A time in the far future is clamped to the last moment that can be written as a date.
    let far = written("1e300");
    launch_of(&far).unwrap();
    assert_eq!(
        Claims::from_payload(&far).unwrap().expires_at,
        253_402_300_799
    );
}

#[test]
fn null_stands_for_an_optional_claim_that_is_absent() {
    let with_null = |name: &str| {
        let null = format!("\"{name}\":null");
        let payload = good_but(&[(name, json!("NULL"))]).to_string();
        launch_of(&payload.replace(&format!("\"{name}\":\"NULL\""), &null))
    };
    for name in ["nbf", "azp"] {
        assert!(with_null(name).is_ok(), "{name}");
    }
    assert_eq!(with_null("sub"), Err(Refusal::SubjectMissing));
    assert_eq!(with_null("iat"), Err(Refusal::IssuedAtMalformed));
    assert_eq!(with_null("nonce"), Err(Refusal::NonceMismatch));
}

#[test]
fn half_an_emoji_is_tolerated_in_a_text_and_not_in_an_id() {
    let text = |name: &str, json: &str| {
        let payload = good_but(&[(name, json!("TEXT"))]).to_string();
        payload.replace("\"TEXT\"", json)
    };
    let payload = text("name", r#""Ada \ud83d""#);
    launch_of(&payload).unwrap();
    let claims = Claims::from_payload(&payload).unwrap();
    assert_eq!(claims.person.name.as_deref(), Some("Ada \u{fffd}"));
    let payload = text("lti/context", r#"{"id": "c1", "title": "Biology \ud83e"}"#);
    launch_of(&payload).unwrap();
    let title = Claims::from_payload(&payload).unwrap().context.unwrap();
    assert_eq!(title.title.as_deref(), Some("Biology \u{fffd}"));
    let payload = text("lti/custom", r#"{"note": "x \udc00", "mark": 1e999}"#);
    launch_of(&payload).unwrap();
    let custom = Claims::from_payload(&payload).unwrap().custom;
    assert_eq!(custom.all()["note"], "x \u{fffd}");
    assert_eq!(custom.all()["mark"], "1e999");
    // What is stored is what was checked, so later readers never see an unpaired surrogate.
    let origins = origins();
    let token = sign_text(&K1, &header(), &text("name", r#""\ud83d""#));
    let token = parse(&token).unwrap();
    let keys = key_set(&[jwk(&K1, "k1")]);
    let signed = token.verify(keys.get("k1").unwrap()).unwrap();
    assert!(signed.check(&expected(&origins), NOW).is_ok());
    assert!(serde_json::from_str::<Value>(signed.payload()).is_ok());
    assert!(signed.claim_names().any(|name| name == "name"));
    let stored = Claims::from_checked_payload(signed.payload()).unwrap();
    assert_eq!(stored.person.name.as_deref(), Some("\u{fffd}"));
    for (name, refusal) in [
        ("sub", Refusal::SubjectMalformed),
        ("lti/deployment_id", Refusal::DeploymentIdMalformed),
        ("nonce", Refusal::NonceMismatch),
        ("iss", Refusal::IssuerMismatch),
    ] {
        let payload = text(name, r#""u-77\ud83d""#);
        assert_eq!(launch_of(&payload), Err(refusal), "{name}");
    }
}

#[test]
fn a_byte_order_mark_before_the_payload_is_passed_over() {
    let token = sign_text(&K1, &header(), &format!("\u{feff}{}", good()));
    let token = parse(&token).unwrap();
    let keys = key_set(&[jwk(&K1, "k1")]);
    let signed = token.verify(keys.get("k1").unwrap()).unwrap();
    assert_eq!(signed.payload(), good().to_string());
    let names: Vec<String> = good().as_object().unwrap().keys().cloned().collect();
    assert_eq!(signed.claim_names().collect::<Vec<_>>(), names);
}

#[cases("CB-7", "TC-101", "TC-102", "TC-104")]
#[test]
fn times_of_issue_are_checked_within_the_leeway() {
    assert_eq!(but("iat", json!(NOW + 60)), Ok(()));
    assert_eq!(
        but("iat", json!(NOW + 600)),
        Err(Refusal::IssuedInTheFuture)
    );
    assert_eq!(but("iat", Value::Null), Err(Refusal::IssuedAtMissing));
    assert_eq!(but("iat", json!("1")), Err(Refusal::IssuedAtMalformed));
    assert_eq!(but("iat", json!(-5)), Err(Refusal::IssuedAtMalformed));
    assert_eq!(but("iat", json!(NOW - 20)), Ok(()));
}

#[cases("TC-103")]
#[test]
fn old_tokens_are_refused_if_there_is_a_greatest_age() {
    assert_eq!(but("iat", json!(NOW - 660)), Ok(()));
    assert_eq!(but("iat", json!(NOW - 661)), Err(Refusal::TooOld));
    assert_eq!(Refusal::TooOld.code(), "TOKEN_TOO_OLD");
    let old = [("iat", json!(NOW - 86_400))];
    assert!(
        with(&old, |expected| {
            expected.max_age_seconds = None;
        })
        .is_ok()
    );
}

#[cases("B-30", "TC-105", "TC-106")]
#[test]
fn a_token_is_refused_before_its_not_before_time() {
    let nbf = |time: Value| launch(&good_but(&[("nbf", time)])).map(|_| ());
    assert_eq!(nbf(json!(NOW + 600)), Err(Refusal::NotYetValid));
    assert_eq!(nbf(json!(NOW + 59)), Ok(()));
    assert_eq!(nbf(json!(NOW + 61)), Err(Refusal::NotYetValid));
    assert_eq!(nbf(json!("abc")), Err(Refusal::NotBeforeMalformed));
}

#[cases("TC-107", "TC-108")]
#[test]
fn the_nonce_must_be_this_logins() {
    assert_eq!(
        refused(&good_but(&[("nonce", Value::Null)])),
        Refusal::NonceMissing
    );
    assert_eq!(
        refused(&good_but(&[("nonce", json!(""))])),
        Refusal::NonceMissing
    );
    for nonce in [
        json!("n-0123456788"),
        json!("n-012345678"),
        json!("n-01234567890"),
        json!(1),
    ] {
        assert_eq!(
            refused(&good_but(&[("nonce", nonce)])),
            Refusal::NonceMismatch
        );
    }
}

#[cases("TC-113", "TC-115")]
#[test]
fn duplicates_and_depth_are_refused() {
    let twice = good().to_string().replacen('{', r#"{"aud":"c2","#, 1);
    assert_eq!(
        launch_of(&twice).unwrap_err(),
        Refusal::Payload(JsonError::DuplicateMember)
    );
    let header = r#"{"alg":"RS256","kid":"k1","alg":"none"}"#;
    assert_eq!(
        parse(&sign_text(&K1, header, "{}")).unwrap_err(),
        Refusal::Header(JsonError::DuplicateMember)
    );
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let refusal = launch_of(&deep).unwrap_err();
    assert_eq!(
        (refusal.clone(), refusal.status()),
        (Refusal::Payload(JsonError::TooDeep), 400)
    );
}

#[cases("TC-114")]
#[test]
fn unknown_claims_are_ignored() {
    let odd = json!({"a": [{"b": [{"c": null}]}]});
    assert!(launch(&good_but(&[("https://x.test/y", odd), ("z", json!(1e300))])).is_ok());
}

#[cases("CB-3", "TC-116", "TC-117")]
#[test]
fn wrong_version_is_refused() {
    for version in [
        json!("1.2.0"),
        json!("1.3"),
        json!("1.3.1"),
        json!(1.3),
        json!("LTI-1p3"),
    ] {
        assert_eq!(
            refused(&good_but(&[("lti/version", version)])),
            Refusal::VersionWrong
        );
    }
    assert_eq!(Refusal::VersionWrong.code(), "WRONG_LTI_VERSION_CLAIM");
}

#[cases("CB-4", "TC-118")]
#[test]
fn missing_version_is_refused() {
    assert_eq!(
        refused(&good_but(&[("lti/version", Value::Null)])),
        Refusal::VersionMissing
    );
}

#[cases("CB-5", "CB-6", "TC-119", "TC-120")]
#[test]
fn other_tokens_are_refused() {
    let plain = json!({"iss": "https://p1.test", "aud": "c1", "exp": NOW + 60, "iat": NOW,
        "nonce": "n-0123456789", "sub": "u", "email": "u@p1.test"});
    assert_eq!(refused(&plain), Refusal::VersionMissing);
    let old = json!({"lti_message_type": "basic-lti-launch-request", "lti_version": "LTI-1p0"});
    assert_eq!(refused(&old), Refusal::IssuerMissing);
}

#[cases("CB-8", "TC-121", "TC-122", "TC-123")]
#[test]
fn only_known_message_types_are_accepted() {
    let kind = |kind: Value| refused(&good_but(&[("lti/message_type", kind)]));
    assert_eq!(kind(Value::Null), Refusal::MessageTypeMissing);
    assert_eq!(kind(json!("LtiFooRequest")), Refusal::MessageTypeUnknown);
    assert_eq!(
        kind(json!("ltiresourcelinkrequest")),
        Refusal::MessageTypeUnknown
    );
    assert_eq!(
        kind(json!(["LtiResourceLinkRequest"])),
        Refusal::MessageTypeUnknown
    );
    let refusal = kind(json!("LtiStartProctoring"));
    assert_eq!(
        refusal,
        Refusal::MessageTypeUnsupported(MessageType::StartProctoring)
    );
    assert_eq!(refusal.status(), 403);
    assert_eq!(
        refusal.to_string(),
        "messages of the kind LtiStartProctoring are not supported"
    );
}

#[cases("CB-9", "TC-124", "TC-125")]
#[test]
fn roles_must_be_a_list_of_strings() {
    assert_eq!(
        refused(&good_but(&[("lti/roles", Value::Null)])),
        Refusal::RolesMissing
    );
    for odd in [json!("Instructor"), json!([1]), json!({})] {
        assert_eq!(
            refused(&good_but(&[("lti/roles", odd)])),
            Refusal::RolesMalformed
        );
    }
    assert!(launch(&good_but(&[("lti/roles", json!([]))])).is_ok());
}

#[cases("CB-10", "TC-126", "TC-127")]
#[test]
fn the_deployment_must_be_a_short_text() {
    let id = |id: Value| refused(&good_but(&[("lti/deployment_id", id)]));
    assert_eq!(id(Value::Null), Refusal::DeploymentIdMissing);
    for odd in [
        json!(""),
        json!("d".repeat(256)),
        json!(1),
        json!("dé"),
        json!("d\u{0}"),
    ] {
        assert_eq!(id(odd), Refusal::DeploymentIdMalformed);
    }
}

#[cases("TC-040", "TC-128")]
#[test]
fn the_deployment_must_be_the_logins() {
    for (login, fine) in [("d1", true), ("D1", false), ("d1 ", false), ("d2", false)] {
        let origins = origins();
        let mut expected = expected(&origins);
        expected.deployment_id = Some(login);
        let result = checked(&good().to_string(), &expected);
        assert_eq!(
            result.err(),
            (!fine).then_some(Refusal::DeploymentIdMismatch)
        );
    }
}

#[cases("CB-11", "TC-132", "TC-133")]
#[test]
fn a_resource_link_with_an_id_is_required() {
    let link = |link: Value| refused(&good_but(&[("lti/resource_link", link)]));
    assert_eq!(link(Value::Null), Refusal::ResourceLinkMissing);
    assert_eq!(link(json!("r1")), Refusal::ResourceLinkMalformed);
    assert_eq!(link(json!(["r1"])), Refusal::ResourceLinkMalformed);
    assert_eq!(link(json!({})), Refusal::ResourceLinkIdMissing);
    for odd in [json!(""), json!("r".repeat(256)), json!(1), Value::Null] {
        assert_eq!(link(json!({"id": odd})), Refusal::ResourceLinkIdMalformed);
    }
}

#[cases("CB-12", "TC-134", "TC-135", "TC-136")]
#[test]
fn a_user_is_required_unless_anonymous_launches_are_allowed() {
    assert_eq!(
        refused(&good_but(&[("sub", Value::Null)])),
        Refusal::SubjectMissing
    );
    for odd in [json!(""), json!("u".repeat(256)), json!(7), json!("ü")] {
        assert_eq!(
            refused(&good_but(&[("sub", odd)])),
            Refusal::SubjectMalformed
        );
    }
    let anonymous = with(&[("sub", Value::Null)], |expected| {
        expected.anonymous_allowed = true;
    });
    assert_eq!(anonymous.unwrap().subject, None);
}

#[cases("TC-137", "TC-138", "TC-139")]
#[test]
fn the_target_must_match_and_be_allowed() {
    let to = |uri: &str| [("lti/target_link_uri", json!(uri))];
    assert_eq!(
        refused(&good_but(&[("lti/target_link_uri", Value::Null)])),
        Refusal::TargetLinkUriMissing
    );
    assert_eq!(
        refused(&good_but(&[("lti/target_link_uri", json!(1))])),
        Refusal::TargetLinkUriMalformed
    );
    let other = to("https://tool.test/other");
    assert_eq!(refused(&good_but(&other)), Refusal::TargetLinkUriMismatch);
    let relaxed = with(&other, |expected| {
        expected.target_may_differ = true;
    })
    .unwrap();
    assert_eq!(relaxed.target.path(), "/other");
    let evil = Refusal::TargetLinkUriNotAllowed(TargetRefusal::OriginNotAllowed);
    assert_eq!(refused(&good_but(&to("https://evil.test/"))), evil);
    assert_eq!(evil.status(), 403);
    let relaxed = with(&to("https://evil.test/"), |expected| {
        expected.target_may_differ = true;
    });
    assert_eq!(relaxed.unwrap_err(), evil);
}

fn deep_linking(settings: Value) -> Vec<(&'static str, Value)> {
    vec![
        ("lti/message_type", json!("LtiDeepLinkingRequest")),
        ("lti/resource_link", Value::Null),
        ("lti-dl/deep_linking_settings", settings),
    ]
}

fn settings(name: &str, value: Value) -> Value {
    let mut settings = json!({
        "deep_link_return_url": "https://p1.test/return?course=2&sesskey=x",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": "true",
        "data": "<a & b>",
    });
    let members = settings.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    settings
}

#[cases("E-01", "E-02")]
#[test]
fn deep_linking_settings_are_read() {
    let claims = deep_linking(settings("x", json!(1)));
    let checked = launch(&good_but(&claims)).unwrap();
    assert_eq!(checked.message_type, MessageType::DeepLinking);
    let claims = Claims::from_payload(&good_but(&claims).to_string()).unwrap();
    let settings = claims.deep_linking.unwrap();
    assert_eq!(
        settings.return_url,
        "https://p1.test/return?course=2&sesskey=x"
    );
    assert_eq!(settings.accept_multiple, Some(true));
    assert_eq!(settings.data.as_deref(), Some(r#""<a & b>""#));
    assert!(!settings.auto_create);
}

#[cases("E-02")]
#[test]
fn deep_linking_data_of_any_type_is_kept_to_the_letter() {
    for data in [
        r#"{"id": 7, "key": "a\/b"}"#,
        "[1, 2.50]",
        "12345678901234567890123",
        "true",
    ] {
        let value = serde_json::from_str(data).unwrap();
        let claims = deep_linking(settings("data", value));
        launch(&good_but(&claims)).unwrap();
        let payload = good_but(&deep_linking(settings("data", json!("DATA"))));
        let payload = payload.to_string().replace("\"DATA\"", data);
        let claims = Claims::from_payload(&payload).unwrap();
        assert_eq!(claims.deep_linking.unwrap().data.as_deref(), Some(data));
    }
    let payload = good_but(&deep_linking(settings("data", json!("DATA"))));
    let payload = payload.to_string().replace("\"DATA\"", "null");
    let claims = Claims::from_payload(&payload).unwrap();
    assert_eq!(claims.deep_linking.unwrap().data, None);
}

#[cases("E-02", "TC-265")]
#[test]
fn missing_or_malformed_settings_are_refused() {
    let refusal = |settings: Value| refused(&good_but(&deep_linking(settings)));
    assert_eq!(refusal(Value::Null), Refusal::DeepLinkingSettingsMissing);
    assert_eq!(refusal(json!([])), Refusal::DeepLinkingSettingsMalformed);
    for name in [
        "deep_link_return_url",
        "accept_types",
        "accept_presentation_document_targets",
    ] {
        assert_eq!(
            refusal(settings(name, Value::Null)),
            Refusal::DeepLinkingSettingMissing(name)
        );
        assert_eq!(
            refusal(settings(name, json!(1))),
            Refusal::DeepLinkingSettingMalformed(name)
        );
    }
}

#[cases("E-03", "TC-266")]
#[test]
fn the_return_address_is_checked() {
    for url in [
        "http://p1.test/return",
        "https://u@p1.test/return",
        "https://p1.test/return#x",
        "/return",
        "javascript:alert(1)",
        "",
    ] {
        let claims = deep_linking(settings("deep_link_return_url", json!(url)));
        assert_eq!(
            refused(&good_but(&claims)),
            Refusal::DeepLinkReturnUrlNotAllowed,
            "{url}"
        );
    }
    let plain = deep_linking(settings(
        "deep_link_return_url",
        json!("http://127.0.0.1:81/r"),
    ));
    assert!(
        with(&plain, |expected| {
            expected.plain_http_allowed = true;
        })
        .is_ok()
    );
}

#[test]
fn ilias_deep_linking_without_target_goes_where_the_login_said() {
    let mut claims = deep_linking(settings("x", json!(1)));
    claims.push(("lti/target_link_uri", Value::Null));
    assert_eq!(launch(&good_but(&claims)).unwrap().target.as_str(), TARGET);
    let unknown = with(&claims, |expected| {
        expected.target_link_uri = None;
    });
    assert_eq!(unknown.unwrap_err(), Refusal::TargetLinkUriMissing);
}

#[test]
fn the_order_is_that_of_the_specification() {
    let claims = [
        ("iss", json!("https://p2.test")),
        ("exp", json!(1)),
        ("nonce", json!("x")),
        ("lti/version", json!("1.2")),
        ("lti/message_type", Value::Null),
    ];
    let seen: Vec<Refusal> = (0..claims.len())
        .map(|n| refused(&good_but(&claims[n..])))
        .collect();
    assert_eq!(
        seen,
        [
            Refusal::IssuerMismatch,
            Refusal::Expired,
            Refusal::NonceMismatch,
            Refusal::VersionWrong,
            Refusal::MessageTypeMissing
        ]
    );
}

#[test]
fn a_token_can_be_verified_again_with_fresh_keys() {
    let text = sign(&good());
    let token = parse(&text).unwrap();
    let (old, new) = (key_set(&[jwk(&K2, "k1")]), key_set(&[jwk(&K1, "k1")]));
    assert!(token.verify(old.get("k1").unwrap()).is_err());
    assert!(token.verify(new.get("k1").unwrap()).is_ok());
}

proptest! {
    #[test]
    fn parsing_never_panics(text in ".{0,300}") {
        let _ = parse(&text);
    }

    #[test]
    fn parsing_odd_segments_never_panics(a in proptest::collection::vec(any::<u8>(), 0..80),
        b in proptest::collection::vec(any::<u8>(), 0..80)) {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let _ = parse(&format!("{}.{}.{}", encode(&a), encode(&b), encode(&a)));
        let _ = parse(&format!("{}.{}.{}", encode(header().as_bytes()), encode(&b), encode(&a)));
    }

    /// Any value in any claim gives a launch or a refusal, never a panic.
    #[test]
    fn odd_claims_never_panic(index in 0..12_usize, value in odd_value()) {
        let mut payload = good();
        let name = payload.as_object().unwrap().keys().nth(index).unwrap().clone();
        payload.as_object_mut().unwrap().insert(name, value);
        let text = payload.to_string();
        if let Ok(wire) = Wire::read(&text) {
            let token = SignedToken { payload: &text, names: &[], wire };
            let _ = token.issued_at();
            let _ = token.check(&expected(&origins()), NOW);
            let _ = token.wire.claims();
        }
    }
}

fn odd_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("(id|type|data|scope)", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
