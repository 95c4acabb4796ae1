//! The standard claims (lti.md B.2 steps 7 to 9).

use serde_json::{Value, json};
use test_case::both_stores;

use crate::registered::{Posted, Registered, accepted, refused};
use crate::support::Store;

#[both_stores("TC-082", "TC-083")]
async fn another_issuer_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let slash = format!("{}/", school.lms.endpoints().issuer);
    for issuer in ["https://p2.example.com", &slash] {
        let launch = school.student().with("iss", issuer);
        school.refuses(issuer, launch, 401, "ISS_CLAIM_DOES_NOT_MATCH").await;
    }
}

#[both_stores("TC-084")]
async fn a_token_without_an_issuer_is_refused(store: Store) {
    refused(store, "NO_ISS_CLAIM", |ok| ok.without("iss")).await;
}

#[both_stores("TC-085", "TC-086")]
async fn our_client_id_is_the_audience_alone_or_in_a_list(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("TC-085", school.student()).await;
    let list = json!([school.client_id]);
    school.accepts("TC-086", school.student().with("aud", list)).await;
}

#[both_stores("TC-087", "TC-093")]
async fn another_audience_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let client = &school.client_id;
    for other in ["c2", &format!("{client}x"), &swap_case(client)] {
        let launch = school.student().with("aud", other);
        school.refuses(other, launch, 401, "AUD_DOES_NOT_MATCH_CLIENTID").await;
    }
}

#[both_stores("TC-088")]
async fn a_missing_or_malformed_audience_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let ok = school.student();
    let object = json!({school.client_id.as_str(): 1});
    for (case, launch, code) in [
        ("[]", ok.clone().with("aud", json!([])), "NO_AUD_CLAIM"),
        ("missing", ok.clone().without("aud"), "NO_AUD_CLAIM"),
        ("object", ok.clone().with("aud", object), "INVALID_AUD_CLAIM"),
        ("number", ok.clone().with("aud", 1), "INVALID_AUD_CLAIM"),
    ] {
        school.refuses(case, launch, 401, code).await;
    }
}

#[both_stores("TC-089")]
async fn a_token_for_others_too_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let two = json!([school.client_id, "other"]);
    let launch = school.student().with("aud", two).with("azp", school.client_id.as_str());
    school.refuses("TC-089", launch, 401, "AUD_NOT_TRUSTED").await;
}

#[both_stores("TC-091", "TC-092")]
async fn an_authorized_party_must_be_our_client_id(store: Store) {
    let school = Registered::new(store).await;
    let own = school.student().with("azp", school.client_id.as_str());
    school.accepts("TC-091", own).await;
    let other = school.student().with("azp", "other");
    school.refuses("TC-092", other, 401, "AZP_DOES_NOT_MATCH_CLIENTID").await;
}

#[both_stores("TC-094", "TC-095")]
async fn a_token_may_have_ended_within_the_leeway(store: Store) {
    let school = Registered::new(store).await;
    let now = school.lms.clock().seconds();
    let launch = school.student().with("iat", now - 300);
    school.accepts("TC-094", launch.clone().with("exp", now - 10)).await;
    school.refuses("TC-095", launch.with("exp", now - 120), 401, "TOKEN_EXPIRED").await;
}

#[both_stores("TC-096")]
async fn a_token_without_an_end_is_refused(store: Store) {
    refused(store, "NO_EXP_CLAIM", |ok| ok.without("exp")).await;
}

#[both_stores("TC-097", "TC-098")]
async fn an_end_that_is_no_time_is_refused(store: Store) {
    let school = Registered::new(store).await;
    for end in [json!("1893456000"), json!(-1), Value::Null, json!(true)] {
        let launch = school.student().with("exp", end.clone());
        school.refuses(&end.to_string(), launch, 401, "INVALID_EXP_CLAIM").await;
    }
}

#[both_stores("TC-099")]
async fn an_end_with_a_fraction_is_accepted(store: Store) {
    accepted(store, |ok| ok.with("exp", 1_893_456_000.5)).await;
}

#[both_stores("TC-100")]
async fn a_platforms_clock_may_lag_within_the_leeway(store: Store) {
    let school = Registered::new(store).await;
    school.lms.clock().set_offset(-45);
    school.accepts("TC-100", school.student()).await;
}

#[both_stores("TC-097", "TC-102")]
async fn a_token_without_a_time_of_issue_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let missing = school.student().without("iat");
    school.refuses("TC-102", missing, 401, "NO_IAT_CLAIM").await;
    let text = school.student().with("iat", school.lms.clock().seconds().to_string());
    school.refuses("TC-097", text, 401, "INVALID_IAT_CLAIM").await;
}

#[both_stores("TC-103")]
async fn a_token_issued_a_day_ago_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let now = school.lms.clock().seconds();
    let old = school.student().with("iat", now - 86_400).with("exp", now + 3600);
    school.refuses("TC-103", old, 401, "TOKEN_TOO_OLD").await;
}

#[both_stores("TC-104")]
async fn a_token_may_be_older_than_its_login(store: Store) {
    let school = Registered::new(store).await;
    let issued = school.lms.clock().seconds() - 20;
    school.accepts("TC-104", school.student().with("iat", issued)).await;
}

#[both_stores("TC-105", "TC-106")]
async fn a_token_that_is_not_valid_yet_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let now = school.lms.clock().seconds();
    let later = school.student().with("nbf", now + 600);
    school.refuses("TC-105", later, 401, "TOKEN_NOT_YET_VALID").await;
    let text = school.student().with("nbf", "abc");
    school.refuses("TC-106", text, 401, "INVALID_NBF_CLAIM").await;
    school.accepts("now", school.student().with("nbf", now)).await;
}

fn swap_case(text: &str) -> String {
    let swap = |c: char| {
        if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
    };
    text.chars().map(swap).collect()
}

#[both_stores]
async fn the_tool_sets_the_leeway(store: Store) {
    let school = Registered::with(store, json!({"launch": {"leewaySeconds": 5}})).await;
    let now = school.lms.clock().seconds();
    let late = school.student().with("exp", now - 10);
    school.refuses("5 seconds", late.clone(), 401, "TOKEN_EXPIRED").await;
    school.gateway.patch_tool(json!({"launch": {"leewaySeconds": 60}})).await;
    school.accepts("60 seconds", late).await;
}

#[both_stores("TC-107", "TC-108")]
async fn the_nonce_must_be_the_one_from_the_login(store: Store) {
    let school = Registered::new(store).await;
    let sign = |change: fn(&mut String)| {
        let (key, header) = (school.lms.key(), school.lms.token_header());
        move |posted: &Posted| {
            let mut claims = posted.claims();
            let mut nonce = claims["nonce"].as_str().unwrap().to_owned();
            change(&mut nonce);
            claims.insert("nonce".into(), nonce.into());
            key.sign(&header, &claims.into()).unwrap()
        }
    };
    let launch = school.student().without("nonce");
    school.refuses("TC-107", launch, 401, "NO_NONCE_CLAIM").await;
    school
        .refuses("a number", school.student().with("nonce", 7), 401, "NONCE_DOES_NOT_MATCH")
        .await;
    let flip = sign(|nonce| {
        let other = if nonce.starts_with('A') { "B" } else { "A" };
        nonce.replace_range(..1, other);
    });
    school.refuses_token("TC-108", flip, 401, "NONCE_DOES_NOT_MATCH").await;
    let longer = sign(|nonce| nonce.push(' '));
    school.refuses_token("TC-108 longer", longer, 401, "NONCE_DOES_NOT_MATCH").await;
}

#[both_stores("TC-098", "TC-113", "TC-115")]
async fn payloads_that_parsers_read_differently_are_refused(store: Store) {
    let school = Registered::new(store).await;
    let key = school.lms.key();
    let header = school.lms.token_header().to_string();
    let (key, header) = (&key, header.as_str());
    // Changes the payload's text, which needn't be JSON afterwards, and signs it rightly.
    let text = |change: fn(&str) -> String| {
        move |posted: &Posted| {
            let payload = Value::Object(posted.claims()).to_string();
            key.sign_text(header, &change(&payload)).unwrap()
        }
    };
    let twice = |text: &str| text.replacen('{', "{\"aud\":\"somebody\",", 1);
    school.refuses_token("TC-113", text(twice), 400, "INVALID_JWT_PAYLOAD").await;
    let deep = |text: &str| {
        let nest = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        text.replacen('{', &format!("{{\"deep\":{nest},"), 1)
    };
    school.refuses_token("TC-115", text(deep), 400, "INVALID_JWT_PAYLOAD").await;
    school
        .refuses_token("an array", text(|text| format!("[{text}]")), 400, "INVALID_JWT_PAYLOAD")
        .await;
    school
        .refuses_token("trailing", text(|text| format!("{text}{{}}")), 400, "INVALID_JWT_PAYLOAD")
        .await;
    let huge = |text: &str| {
        let (front, back) = text.split_once("\"exp\":").unwrap();
        let rest = back.trim_start_matches(|c: char| c.is_ascii_digit());
        format!("{front}\"exp\":1e400{rest}")
    };
    school.refuses_token("TC-098 1e400", text(huge), 401, "INVALID_EXP_CLAIM").await;
}
