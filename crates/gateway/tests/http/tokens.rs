//! Header and signature of the token (lti.md B.2 steps 3 to 6, I-11 to I-13).

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::jose::SigningKey;
use simulator::lms::Endpoint;
use test_case::both_stores;

use crate::registered::{Posted, Registered, ltik_of};
use crate::support::{Store, lms};

/// The right claims under another header, signed by the platform's key as the header's `alg` says.
fn under(school: &Registered, header: Value) -> impl FnOnce(&Posted) -> String {
    let key = school.lms.key();
    move |posted| key.sign(&header, &posted.claims().into()).unwrap()
}

/// The right claims, signed with HMAC under this secret.
fn with_secret(kid: &str, posted: &Posted, secret: &[u8]) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(&json!({"typ": "JWT", "alg": "HS256", "kid": kid}));
    let input = format!("{header}.{}", encode(&posted.claims().into()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[both_stores("TC-063", "TC-064", "TC-067")]
async fn other_algorithms_than_rs256_are_refused(store: Store) {
    let school = Registered::new(store).await;
    let kid = school.lms.key().kid().to_owned();
    for alg in ["none", "None", "nOnE", "RS512", "RS384", "PS256", "ES256", "rs256", ""] {
        let header = json!({"typ": "JWT", "alg": alg, "kid": kid});
        school.refuses_token(alg, under(&school, header), 401, "ALG_NOT_ALLOWED").await;
    }
}

#[both_stores("TC-065", "TC-066")]
async fn a_public_key_is_no_shared_secret(store: Store) {
    let school = Registered::new(store).await;
    let kid = school.lms.key().kid().to_owned();
    let header = json!({"typ": "JWT", "alg": "HS256", "kid": kid});
    school.refuses_token("TC-065", under(&school, header), 401, "ALG_NOT_ALLOWED").await;
    let jwk = school.lms.key().jwk();
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for (case, secret) in [("modulus", modulus), ("JWK", jwk.to_string().into_bytes())] {
        let forged = |posted: &Posted| with_secret(&kid, posted, &secret);
        school.refuses_token(case, forged, 401, "ALG_NOT_ALLOWED").await;
    }
}

#[both_stores("TC-060", "TC-062", "TC-068")]
async fn only_a_signature_by_the_platforms_named_key_counts(store: Store) {
    let school = Registered::new(store).await;
    let nameless = under(&school, json!({"alg": "RS256"}));
    school.refuses_token("TC-060", nameless, 401, "NO_KID_HEADER").await;
    let stranger = SigningKey::generate().unwrap().with_kid(school.lms.key().kid());
    let forged = school.student().signed_by(stranger.clone());
    school.refuses("TC-062", forged, 401, "INVALID_SIGNATURE").await;
    let mut header = stranger.header();
    header["jwk"] = stranger.jwk();
    let forged = school.student().signed_by(stranger).header(header.clone());
    school.refuses("TC-068", forged.clone(), 401, "KEY_IN_HEADER").await;
    header["alg"] = "ES256".into();
    school.refuses("TC-068 ES256", forged.header(header), 401, "ALG_NOT_ALLOWED").await;
}

#[both_stores("TC-069", "TC-070")]
async fn a_header_that_points_elsewhere_is_refused_and_not_followed(store: Store) {
    let school = Registered::new(store).await;
    let attacker = lms().await;
    let jwks = attacker.endpoints().jwks;
    for (case, name, value) in [
        ("TC-069", "jku", json!(jwks)),
        ("TC-070", "x5u", json!(jwks)),
        ("TC-070", "x5c", json!(["MIIB"])),
    ] {
        let mut header = attacker.token_header();
        header[name] = value;
        let launch = school.student().signed_by(attacker.key()).header(header);
        school.refuses(case, launch, 401, "KEY_IN_HEADER").await;
    }
    assert_eq!((attacker.jwks_hits(), school.lms.jwks_hits()), (0, 0));
}

#[both_stores("TC-061", "TC-071", "TC-072")]
async fn an_unknown_kid_costs_one_fetch_and_nothing_else(store: Store) {
    let school = Registered::new(store).await;
    for (case, kid) in [
        ("TC-061", "nobody"),
        ("TC-071", "../../../../dev/null"),
        ("TC-072", "' OR 1=1 --"),
        ("not ASCII", "ключ"),
    ] {
        let header = json!({"alg": "RS256", "kid": kid});
        school.refuses_token(case, under(&school, header), 401, "KID_UNKNOWN").await;
    }
    assert_eq!(school.lms.jwks_hits(), 1);
}

#[both_stores("TC-073", "TC-074", "TC-075")]
async fn unreasonable_headers_are_refused_without_a_fetch(store: Store) {
    let school = Registered::new(store).await;
    let kid = school.lms.key().kid().to_owned();
    let with = |name: &str, value: Value| {
        let mut header = json!({"typ": "JWT", "alg": "RS256", "kid": kid});
        header[name] = value;
        header
    };
    for (case, header, code) in [
        ("TC-073", with("kid", "k".repeat(10 * 1024).into()), "INVALID_KID_HEADER"),
        ("number", with("kid", 7.into()), "INVALID_KID_HEADER"),
        ("empty", with("kid", "".into()), "NO_KID_HEADER"),
        ("TC-074", with("crit", json!(["exp"])), "CRIT_HEADER_NOT_SUPPORTED"),
        ("TC-074 null", with("crit", Value::Null), "CRIT_HEADER_NOT_SUPPORTED"),
        ("TC-074 none", with("crit", json!([])), "CRIT_HEADER_NOT_SUPPORTED"),
        ("jku null", with("jku", Value::Null), "KEY_IN_HEADER"),
        ("TC-075", with("b64", false.into()), "B64_HEADER_NOT_SUPPORTED"),
        ("typ", with("typ", "at+jwt".into()), "WRONG_TYP_HEADER"),
        ("no alg", with("alg", Value::Null), "NO_ALG_HEADER"),
    ] {
        school.refuses_token(case, under(&school, header), 401, code).await;
    }
    assert_eq!(school.lms.jwks_hits(), 0);
}

#[both_stores("TC-076", "TC-077")]
async fn a_token_that_is_not_exactly_a_jws_is_refused(store: Store) {
    let school = Registered::new(store).await;
    type Make = fn(&str) -> String;
    let cases: [(&str, Make); 8] = [
        ("2 segments", |token| token.rsplit_once('.').unwrap().0.to_owned()),
        ("5 segments", |token| format!("{token}.AAAA.AAAA")),
        ("white space in front", |token| format!(" {token}")),
        ("white space inside", |token| token.replacen('.', ". ", 1)),
        ("a line break", |token| format!("{token}\n")),
        ("padding", |token| {
            let (head, rest) = token.split_once('.').unwrap();
            format!("{head}=.{rest}")
        }),
        ("another alphabet", |token| format!("{token}+/")),
        ("no token", |_| "hello".to_owned()),
    ];
    for (case, make) in cases {
        school.refuses_token(case, |posted| make(&posted.id_token), 400, "INVALID_JWT").await;
    }
    let other_claims = |posted: &Posted| {
        let mut claims = posted.claims();
        claims.insert("sub".into(), "3".into());
        let payload = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
        let mut parts: Vec<&str> = posted.id_token.split('.').collect();
        parts[1] = &payload;
        parts.join(".")
    };
    school.refuses_token("TC-077", other_claims, 401, "INVALID_SIGNATURE").await;
    let too_large = |posted: &Posted| format!("{}.{}", "A".repeat(70_000), posted.id_token);
    school.refuses_token("B-02", too_large, 400, "TOKEN_TOO_LARGE").await;
}

#[both_stores("B-02")]
async fn the_maximum_size_of_a_token_is_a_setting(store: Store) {
    let school = Registered::new(store).await;
    let of = |kilobytes: usize| {
        school.student().with("https://vendor.example/long", "x".repeat(kilobytes * 1024 * 3 / 4))
    };
    school.accepts("60 kB", of(60)).await;
    school.refuses("70 kB", of(70), 400, "TOKEN_TOO_LARGE").await;
    let trace = school.gateway.newest("outcome=failed").await;
    let advice = trace["reason"]["advice"].as_str().unwrap();
    assert!(advice.contains("launch.maxTokenKilobytes"), "{trace}");
    school.gateway.patch_tool(json!({"launch": {"maxTokenKilobytes": 240}})).await;
    school.accepts("230 kB", of(230)).await;
    school.gateway.patch_tool(json!({"launch": {"maxTokenKilobytes": 16}})).await;
    school.refuses("20 kB", of(20), 400, "TOKEN_TOO_LARGE").await;
    for bad in [15, 241] {
        let body = json!({"launch": {"maxTokenKilobytes": bad}});
        assert_eq!(school.gateway.admin("PATCH", "/admin/tool", Some(body)).await.status, 400);
    }
}

/// Another key set from now on: the platform's own key changed by `change`, and these beside it.
fn serve(school: &Registered, change: impl FnOnce(&mut Value), beside: Vec<Value>) {
    let mut own = school.lms.key().jwk();
    change(&mut own);
    let mut keys = beside;
    keys.push(own);
    let fault = Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: json!({"keys": keys}).to_string(),
    };
    school.lms.faults().set(Endpoint::Jwks, fault);
}

#[both_stores("TC-079", "TC-254")]
async fn a_sparse_key_among_unknown_ones_works(store: Store) {
    let school = Registered::new(store).await;
    let drop_hints = |key: &mut Value| {
        let key = key.as_object_mut().unwrap();
        key.retain(|name, _| !["alg", "use"].contains(&name.as_str()));
    };
    let ec = json!({"kty": "EC", "crv": "P-256", "kid": "ec", "x": "AAAA", "y": "AAAA"});
    let unknown = json!({"kty": "lattice", "kid": "new", "q": 5});
    serve(&school, drop_hints, vec![ec, unknown, json!("not a key")]);
    ltik_of("TC-079", &school.launch(&school.student()).await);
}

#[both_stores("TC-080", "TC-081", "TC-253")]
async fn keys_unfit_for_signatures_are_skipped(store: Store) {
    let school = Registered::new(store).await;
    serve(&school, |key| key["use"] = "enc".into(), Vec::new());
    school.refuses("TC-080", school.student(), 401, "KEY_PASSED_OVER").await;
    for (case, n, e) in [
        ("512 bits", vec![0xc5; 64], vec![1, 0, 1]),
        ("e = 1", vec![0xc5; 256], vec![1]),
        ("16,384 bits", vec![0xc5; 2048], vec![1, 0, 1]),
    ] {
        school.advance(120);
        let encode = |bytes: &[u8]| Value::from(URL_SAFE_NO_PAD.encode(bytes));
        serve(&school, |key| (key["n"], key["e"]) = (encode(&n), encode(&e)), Vec::new());
        school.refuses(case, school.student(), 401, "KEY_PASSED_OVER").await;
    }
    school.advance(120);
    let secret = json!({
        "kty": "oct", "kid": "k9", "alg": "HS256",
        "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I",
    });
    serve(&school, |_| (), vec![secret]);
    let by_secret =
        |posted: &Posted| with_secret("k9", posted, b"secret-secret-secret-secret-secr");
    school.refuses_token("TC-081", by_secret, 401, "ALG_NOT_ALLOWED").await;
    let kid_of_secret = under(&school, json!({"alg": "RS256", "kid": "k9"}));
    school.refuses_token("TC-081 RS256", kid_of_secret, 401, "KEY_PASSED_OVER").await;
    ltik_of("the right key", &school.launch(&school.student()).await);
}

#[both_stores("TC-252")]
async fn with_two_keys_of_one_kid_neither_is_guessed(store: Store) {
    let school = Registered::new(store).await;
    let twin = SigningKey::generate().unwrap().with_kid(school.lms.key().kid());
    serve(&school, |_| (), vec![twin.jwk()]);
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let page = school.post(&browser, &posted).await;
    assert_eq!(page.status, 401, "{}", page.text());
    assert_eq!(school.gateway.launches().await, 0);
}
