//! The standard claims (lti.md B.2 steps 7 to 9).

use serde_json::{Value, json};
use test_case::both_stores;

use crate::registered::{Posted, Registered};
use crate::support::Store;

#[both_stores(
    "TC-082", "TC-083", "TC-084", "TC-085", "TC-086", "TC-087", "TC-088", "TC-089", "TC-091",
    "TC-092", "TC-093"
)]
async fn issuer_and_audience_are_compared_exactly(store: Store) {
    let school = Registered::new(store).await;
    let (ok, client) = (school.student(), school.client_id.clone());
    let issuer = school.lms.endpoints().issuer;
    for (case, launch, code) in [
        ("TC-082", ok.clone().with("iss", "https://p2.example.com"), "ISS_CLAIM_DOES_NOT_MATCH"),
        ("TC-083", ok.clone().with("iss", format!("{issuer}/")), "ISS_CLAIM_DOES_NOT_MATCH"),
        ("TC-084", ok.clone().without("iss"), "NO_ISS_CLAIM"),
        ("TC-087", ok.clone().with("aud", "c2"), "AUD_DOES_NOT_MATCH_CLIENTID"),
        ("TC-088 []", ok.clone().with("aud", json!([])), "NO_AUD_CLAIM"),
        ("TC-088 missing", ok.clone().without("aud"), "NO_AUD_CLAIM"),
        ("TC-088 object", ok.clone().with("aud", json!({client.as_str(): 1})), "INVALID_AUD_CLAIM"),
        ("TC-088 number", ok.clone().with("aud", 1), "INVALID_AUD_CLAIM"),
        (
            "TC-089",
            ok.clone().with("aud", json!([client, "other"])).with("azp", client.as_str()),
            "AUD_NOT_TRUSTED",
        ),
        ("TC-092", ok.clone().with("azp", "other"), "AZP_DOES_NOT_MATCH_CLIENTID"),
        (
            "TC-093 longer",
            ok.clone().with("aud", format!("{client}x")),
            "AUD_DOES_NOT_MATCH_CLIENTID",
        ),
        ("TC-093 case", ok.clone().with("aud", swap_case(&client)), "AUD_DOES_NOT_MATCH_CLIENTID"),
    ] {
        school.refuses(case, launch, 401, code).await;
    }
    school.accepts("TC-085", ok.clone()).await;
    school.accepts("TC-086", ok.clone().with("aud", json!([client]))).await;
    school.accepts("TC-091", ok.with("azp", client)).await;
}

#[both_stores(
    "TC-094", "TC-095", "TC-096", "TC-097", "TC-098", "TC-099", "TC-100", "TC-101", "TC-102",
    "TC-103", "TC-104", "TC-105", "TC-106"
)]
async fn times_are_numbers_within_the_leeway(store: Store) {
    let school = Registered::new(store).await;
    let (ok, now) = (school.student(), school.lms.clock().seconds());
    let early = ok.clone().with("iat", now - 300);
    for (case, launch, code) in [
        ("TC-095", early.clone().with("exp", now - 120), "TOKEN_EXPIRED"),
        ("TC-096", ok.clone().without("exp"), "NO_EXP_CLAIM"),
        ("TC-097", ok.clone().with("exp", "1893456000"), "INVALID_EXP_CLAIM"),
        ("TC-098 negative", ok.clone().with("exp", -1), "INVALID_EXP_CLAIM"),
        ("TC-098 null", ok.clone().with("exp", Value::Null), "INVALID_EXP_CLAIM"),
        ("TC-098 true", ok.clone().with("exp", true), "INVALID_EXP_CLAIM"),
        (
            "TC-101",
            ok.clone().with("iat", now + 600).with("exp", now + 900),
            "TOKEN_ISSUED_IN_FUTURE",
        ),
        ("TC-102", ok.clone().without("iat"), "NO_IAT_CLAIM"),
        ("TC-097 iat", ok.clone().with("iat", now.to_string()), "INVALID_IAT_CLAIM"),
        ("TC-103", ok.clone().with("iat", now - 86_400).with("exp", now + 3600), "TOKEN_TOO_OLD"),
        ("TC-105", ok.clone().with("nbf", now + 600), "TOKEN_NOT_YET_VALID"),
        ("TC-106", ok.clone().with("nbf", "abc"), "INVALID_NBF_CLAIM"),
    ] {
        school.refuses(case, launch, 401, code).await;
    }
    school.accepts("TC-094", early.with("exp", now - 10)).await;
    school.accepts("TC-099", ok.clone().with("exp", 1_893_456_000.5)).await;
    school.accepts("TC-104", ok.clone().with("iat", now - 20)).await;
    school.accepts("nbf now", ok.clone().with("nbf", now)).await;
    // The platform's clock lags 45 seconds behind ours.
    school.lms.clock().set_offset(-45);
    school.accepts("TC-100", ok).await;
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
