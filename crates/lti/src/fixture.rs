//! Shared by the tests: keys, a valid payload, and tokens made from them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::LazyLock;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::{Origin, Url};

use crate::id_token::{Checked, Expected, Refusal, UnverifiedToken};
use crate::key::{Algorithm, KeySet, PublicJwk};

pub(crate) const NOW: i64 = 1_795_354_440;
pub(crate) const TARGET: &str = "https://tool.test/lti/launch";

pub(crate) static K1: LazyLock<RsaKeyPair> = LazyLock::new(new_key);
/// Another key; tests give it the same kid.
pub(crate) static K2: LazyLock<RsaKeyPair> = LazyLock::new(new_key);

fn new_key() -> RsaKeyPair {
    RsaKeyPair::generate(KeySize::Rsa2048).unwrap()
}

pub(crate) fn components(key: &RsaKeyPair) -> (Vec<u8>, Vec<u8>) {
    let parts = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
    (parts.n, parts.e)
}

pub(crate) fn jwk(key: &RsaKeyPair, kid: &str) -> Value {
    let (n, e) = components(key);
    serde_json::to_value(PublicJwk::rsa(kid, &n, &e)).unwrap()
}

pub(crate) fn pem(key: &RsaKeyPair) -> String {
    let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(der.as_ref())
    )
}

pub(crate) fn key_set(jwks: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": jwks }).to_string().as_bytes()).unwrap()
}

/// The payload of a valid resource link launch.
pub(crate) fn good() -> Value {
    json!({
        "iss": "https://p1.test",
        "aud": "c1",
        "exp": NOW + 60,
        "iat": NOW,
        "nonce": "n-0123456789",
        "sub": "u-77",
        "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "d1",
        "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": TARGET,
        "https://purl.imsglobal.org/spec/lti/claim/roles":
            ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],
        "https://purl.imsglobal.org/spec/lti/claim/resource_link": {"id": "r1", "title": "Quiz"},
    })
}

/// [`good`] with members replaced, or removed if the value is null. Short names of LTI claims are
/// expanded.
pub(crate) fn good_but(changes: &[(&str, Value)]) -> Value {
    let mut payload = good();
    let members = payload.as_object_mut().unwrap();
    for (name, value) in changes {
        let name = match name.split_once('/') {
            Some((part @ ("lti" | "lti-dl"), name)) => {
                format!("https://purl.imsglobal.org/spec/{part}/claim/{name}")
            }
            _ => (*name).to_owned(),
        };
        if value.is_null() {
            members.remove(&name);
        } else {
            members.insert(name, value.clone());
        }
    }
    payload
}

/// A token made of these texts and signed with `key`.
pub(crate) fn sign_text(key: &RsaKeyPair, header: &str, payload: &str) -> String {
    let encoding: &dyn RsaEncoding = if header.contains("RS512") {
        &RSA_PKCS1_SHA512
    } else {
        &RSA_PKCS1_SHA256
    };
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        encoding,
        &SystemRandom::new(),
        signed.as_bytes(),
        &mut signature,
    )
    .unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

pub(crate) fn sign(payload: &Value) -> String {
    sign_text(&K1, &header(), &payload.to_string())
}

pub(crate) fn header() -> String {
    json!({"alg": "RS256", "typ": "JWT", "kid": "k1"}).to_string()
}

pub(crate) fn origins() -> Vec<Origin> {
    vec![Url::parse("https://tool.test").unwrap().origin()]
}

/// Expectations that [`good`] satisfies.
pub(crate) fn expected(origins: &[Origin]) -> Expected<'_> {
    Expected {
        issuer: "https://p1.test",
        client_id: "c1",
        nonce: "n-0123456789",
        deployment_id: None,
        target_link_uri: Some(TARGET),
        target_may_differ: false,
        target_origins: origins,
        leeway_seconds: 60,
        max_age_seconds: Some(600),
        trusted_audiences: &[],
        anonymous_allowed: false,
        plain_http_allowed: false,
    }
}

/// Runs all checks on a payload.
pub(crate) fn checked(payload: &str, expected: &Expected<'_>) -> Result<Checked, Refusal> {
    let token = sign_text(&K1, &header(), payload);
    let keys = key_set(&[jwk(&K1, "k1")]);
    let token = UnverifiedToken::parse(&token, Algorithm::DEFAULT)?;
    let key = keys.get(token.kid()).ok_or(Refusal::KeyNotFound)?;
    token.verify(key)?.check(expected, NOW)
}

/// Runs all checks on a payload, with the usual expectations.
pub(crate) fn launch(payload: &Value) -> Result<Checked, Refusal> {
    launch_of(&payload.to_string())
}

/// [`launch`], from the payload's text.
pub(crate) fn launch_of(payload: &str) -> Result<Checked, Refusal> {
    let origins = origins();
    checked(payload, &expected(&origins))
}

/// The refusal that a payload gets.
pub(crate) fn refused(payload: &Value) -> Refusal {
    launch(payload).unwrap_err()
}
