#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};
use test_case::cases;

use super::*;
use crate::fixture::{K1, K2, components, jwk, key_set, pem};

fn with(mut key: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        key.as_object_mut()
            .unwrap()
            .insert(name.clone(), value.clone());
    }
    key
}

fn fault(key: Value) -> KeyFault {
    let set = key_set(&[key]);
    assert!(set.is_empty());
    set.passed_over()[0].1
}

#[test]
fn moodles_key_set_is_read() {
    let set = KeySet::parse(
        br#"{"keys":[{"kty":"RSA","alg":"RS256","kid":"03501b894c14fa21f6cd","e":"AQAB","n":"tKKH8QdgScw-wiMjGVu01900T9fR09PrgiJLv0bhUfgF_1hVzLjjyZEeLbKhZ1wvb-SHeyGk39zo_wKTjZ0_VYY0vg2nun5yZdWEZIDFCRyMcT271p8XtPRdm1unFIY5XcKPpC3b6WIMEzhioxqhg6DuxnCclK3r_4kl0iQmzC4hRUpXw70ncFbPH2amaYd8-WDJ7WdCVrJzGAZg8ecCL79Uylv3ep-EK1orE23btx2okhW-gvhyVIV02HpcN4U7BJFXyn3P_JnLUPQb6tvjC62GdsfOOmA7g2jDIqObHPY3g6_wTW3MTR9lv2zjJYAEFVNcqDIy480xo0S8mSB4vQ","use":"sig"}]}"#,
    )
    .unwrap();
    assert!(set.get("03501b894c14fa21f6cd").is_some());
    assert!(set.get("other").is_none());
    assert_eq!(set.len(), 1);
}

#[cases("TC-079")]
#[test]
fn alg_and_use_may_be_absent() {
    let mut key = jwk(&K1, "k1");
    key.as_object_mut().unwrap().remove("alg");
    key.as_object_mut().unwrap().remove("use");
    let set = key_set(&[key]);
    let key = set.get("k1").unwrap();
    assert!(key.fits(Algorithm::RS256) && key.fits(Algorithm::PS512));
    assert!(!key.fits(Algorithm::ES256));
}

#[cases("TC-080")]
#[test]
fn keys_for_other_purposes_are_passed_over() {
    for (changes, which) in [
        (json!({"use": "enc"}), "use"),
        (json!({"key_ops": ["encrypt"]}), "key_ops"),
        (json!({"key_ops": "verify"}), "key_ops"),
        (json!({"alg": "RSA-OAEP"}), "alg"),
        (json!({"alg": "HS256"}), "alg"),
        (json!({"alg": "ES256"}), "alg"),
        (json!({"alg": 1}), "alg"),
    ] {
        let fault = fault(with(jwk(&K1, "k1"), &changes));
        let KeyFault::OtherPurpose(says) = fault else {
            panic!("{changes}: {fault}")
        };
        assert!(says.starts_with(which), "{changes}: {says}");
    }
    let fine = with(
        jwk(&K1, "k1"),
        &json!({"key_ops": ["verify"], "x5c": ["x"], "use": null}),
    );
    assert_eq!(key_set(&[fine]).len(), 1);
}

#[cases("TC-081")]
#[test]
fn secret_keys_are_passed_over() {
    assert_eq!(
        fault(json!({"kty": "oct", "kid": "k9", "k": "AAAA"})),
        KeyFault::Secret
    );
    assert_eq!(
        fault(with(jwk(&K1, "k1"), &json!({"d": "AQAB"}))),
        KeyFault::Secret
    );
}

#[test]
fn sizes_and_exponents_are_bounded() {
    let number = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let modulus = |bytes: usize| {
        let mut n = vec![0xff; bytes];
        n[0] = 0x80;
        number(n)
    };
    let key = |n: String, e: String| json!({"kty": "RSA", "kid": "k", "n": n, "e": e});
    let e = || number(vec![1, 0, 1]);
    for bytes in [1, 128, 255, 1025] {
        assert_eq!(fault(key(modulus(bytes), e())), KeyFault::ModulusSize);
    }
    assert_eq!(fault(key(number(vec![0; 256]), e())), KeyFault::ModulusSize);
    for bytes in [256, 257, 512, 1024] {
        assert_eq!(key_set(&[key(modulus(bytes), e())]).len(), 1);
    }
    for e in [
        vec![],
        vec![0],
        vec![1],
        vec![0, 1],
        vec![2],
        vec![1, 0, 0],
        vec![1; 9],
    ] {
        assert_eq!(fault(key(modulus(256), number(e))), KeyFault::Exponent);
    }
    assert_eq!(fault(key("!".into(), e())), KeyFault::Malformed);
    assert_eq!(
        fault(json!({"kty": "RSA", "kid": "k"})),
        KeyFault::Malformed
    );
    assert_eq!(
        fault(json!({"kty": "OKP", "kid": "k"})),
        KeyFault::UnknownType
    );
    assert_eq!(fault(json!([])), KeyFault::NotAnObject);
    assert_eq!(fault(with(jwk(&K1, ""), &json!({}))), KeyFault::NoKid);
    assert_eq!(fault(jwk(&K1, &"k".repeat(257))), KeyFault::NoKid);
}

#[test]
fn leading_zeros_do_not_make_another_key() {
    let (n, e) = components(&K1);
    let padded = |number: &[u8]| URL_SAFE_NO_PAD.encode([&[0, 0], number].concat());
    let same = with(jwk(&K1, "k1"), &json!({"n": padded(&n), "e": padded(&e)}));
    let set = key_set(&[jwk(&K1, "k1"), same]);
    assert!(set.get("k1").is_some());
}

#[test]
fn two_keys_of_one_kid_make_it_unusable() {
    let set = key_set(&[
        jwk(&K1, "k1"),
        jwk(&K2, "k1"),
        jwk(&K1, "k1"),
        jwk(&K2, "k2"),
    ]);
    assert!(set.get("k1").is_none());
    assert!(set.get("k2").is_some());
    assert_eq!(set.ambiguous().collect::<Vec<_>>(), ["k1"]);
}

#[test]
fn a_set_says_why_it_has_no_key() {
    let encrypting = with(jwk(&K1, "enc"), &json!({"use": "enc"}));
    let (one, other) = (jwk(&K1, "twice"), jwk(&K2, "twice"));
    let set = key_set(&[jwk(&K1, "k1"), encrypting.clone(), one, other]);
    let why = |kid| set.find(kid).err();
    assert_eq!(why("k1"), None);
    assert!(matches!(
        why("enc"),
        Some(KeyMissing::PassedOver(KeyFault::OtherPurpose(_)))
    ));
    assert_eq!(why("twice"), Some(KeyMissing::Ambiguous));
    assert_eq!(why("other"), Some(KeyMissing::Unknown));
    // Only an otherwise valid key could be the one that was meant.
    let nameless = with(encrypting.clone(), &json!({"kid": null}));
    let why = |keys: &[Value]| key_set(keys).find("k2").err();
    assert_eq!(why(&[nameless]), Some(KeyMissing::Unknown));
    assert_eq!(why(&[jwk(&K1, "")]), Some(KeyMissing::WithoutKid));
    // A valid key is used even if a broken one has the same id.
    let set = key_set(&[encrypting, jwk(&K1, "enc")]);
    assert!(set.find("enc").is_ok());
}

#[test]
fn one_key_listed_for_two_algorithms_serves_both() {
    let other = with(jwk(&K1, "k1"), &json!({"alg": "RS512"}));
    let set = key_set(&[jwk(&K1, "k1"), other]);
    let key = set.get("k1").unwrap();
    assert!(key.fits(Algorithm::RS256) && key.fits(Algorithm::RS512));
}

#[cases("G-20")]
#[test]
fn a_key_set_is_read_whatever_its_number_of_keys() {
    let mut keys: Vec<Value> = (0..1500)
        .map(|number| jwk(&K2, &format!("other-{number}")))
        .collect();
    keys.push(jwk(&K1, "ours"));
    let set = key_set(&keys);
    assert_eq!(set.len(), 1501);
    assert!(set.get("ours").unwrap().numbers != set.get("other-1499").unwrap().numbers);
    // Unusable keys are remembered up to a limit, and never get in the way of usable ones.
    let mut keys = vec![json!({}); 50_000];
    keys.push(jwk(&K1, "ours"));
    let set = key_set(&keys);
    assert!(set.get("ours").is_some());
    assert_eq!(set.passed_over().len(), 1000);
}

#[test]
fn documents_that_are_no_key_sets_are_refused() {
    assert_eq!(KeySet::parse(b"{}").unwrap_err(), KeySetError::NoKeys);
    assert_eq!(
        KeySet::parse(b"{\"keys\":{}}").unwrap_err(),
        KeySetError::NoKeys
    );
    assert!(matches!(
        KeySet::parse(b"<html>"),
        Err(KeySetError::Json(_))
    ));
    let large = vec![b' '; MAX_KEY_SET_BYTES + 1];
    assert_eq!(KeySet::parse(&large).unwrap_err(), KeySetError::TooLarge);
}

#[test]
fn a_pasted_pem_stands_for_any_kid() {
    let set = KeySet::from_pasted(&pem(&K1)).unwrap();
    assert!(set.get("anything").is_some());
    assert_eq!(set.len(), 1);
    let (n, e) = components(&K1);
    let same = VerifyingKey::from_jwk(&jwk(&K1, "k").to_string()).unwrap();
    assert_eq!(set.get("x").unwrap().numbers, same.numbers);
    assert_eq!(
        VerifyingKey::rsa(&n, &e, None).unwrap().numbers,
        same.numbers
    );
}

#[test]
fn a_pasted_jwk_stands_for_its_kid() {
    let set = KeySet::from_pasted(&jwk(&K1, "k1").to_string()).unwrap();
    assert!(set.get("k1").is_some() && set.get("k2").is_none());
    // A key with no id, or an empty one that no token may use, matches any id, as a PEM does.
    let set = KeySet::from_pasted(&jwk(&K1, "").to_string()).unwrap();
    assert!(set.get("k1").is_some());
    let long = jwk(&K1, &"k".repeat(MAX_KID_BYTES + 1)).to_string();
    assert_eq!(
        KeySet::from_pasted(&long).unwrap_err(),
        KeySetError::Key(KeyFault::NoKid)
    );
    let set = KeySet::from_pasted(&json!({"keys": [jwk(&K1, "k1")]}).to_string()).unwrap();
    assert!(set.get("k1").is_some());
}

#[test]
fn a_pasted_private_or_broken_key_is_refused() {
    for (text, fault) in [
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            KeyFault::Secret,
        ),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            KeyFault::Malformed,
        ),
        ("-----BEGIN PUBLIC KEY-----\n", KeyFault::Malformed),
        ("", KeyFault::Malformed),
    ] {
        assert_eq!(
            KeySet::from_pasted(text).unwrap_err(),
            KeySetError::Key(fault),
            "{text}"
        );
    }
}

#[test]
fn elliptic_curve_keys_are_read() {
    // RFC 7515, appendix A.3.
    let key = json!({"kty": "EC", "crv": "P-256", "kid": "e",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let set = key_set(&[key]);
    let key = set.get("e").unwrap();
    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = URL_SAFE_NO_PAD
        .decode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
        .unwrap();
    assert!(key.verifies(Algorithm::ES256, message.as_bytes(), &signature));
    assert!(!key.verifies(Algorithm::ES384, message.as_bytes(), &signature));
    assert!(!key.verifies(Algorithm::RS256, message.as_bytes(), &signature));
    assert!(!key.verifies(Algorithm::ES256, b"other", &signature));
}

#[test]
fn a_sets_memory_grows_with_each_of_its_keys() {
    let entry = |kty: &str, kid: &str| {
        let n = URL_SAFE_NO_PAD.encode([0xff; 256]);
        json!({"kty": kty, "kid": kid, "n": n, "e": "AQAB"})
    };
    let of = |entries: &[Value]| key_set(entries).memory();
    let one = of(&[entry("RSA", "a")]);
    assert!((2300..4000).contains(&one), "{one}");
    assert_eq!(of(&[entry("RSA", "a"), entry("RSA", "b")]), 2 * one);
    let unusable = of(&[entry("oct", &"x".repeat(200))]);
    assert!((200..300).contains(&unusable), "{unusable}");
    assert_eq!(of(&[]), 0);
}

#[test]
fn our_keys_are_published_without_secrets_and_zeros() {
    let jwk = PublicJwk::rsa("our-1", &[0, 0, 0x80, 1], &[0, 1, 0, 1]);
    assert_eq!(
        serde_json::to_string(&PublicKeySet { keys: vec![jwk] }).unwrap(),
        r#"{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"our-1","n":"gAE","e":"AQAB"}]}"#
    );
}

#[test]
fn thumbprints_are_those_of_rfc_7638() {
    let n = URL_SAFE_NO_PAD
        .decode("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw")
        .unwrap();
    let jwk = PublicJwk::rsa_with_thumbprint(&n, &[1, 0, 1]);
    assert_eq!(jwk.kid(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn our_public_der_gives_the_same_key() {
    let (n, e) = components(&K1);
    let der = aws_lc_rs::signature::KeyPair::public_key(&*K1);
    assert_eq!(
        PublicJwk::from_rsa_der(der.as_ref()).unwrap(),
        PublicJwk::rsa_with_thumbprint(&n, &e)
    );
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = KeySet::parse(&bytes);
        let _ = KeySet::from_pasted(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn odd_keys_never_panic(n in "[A-Za-z0-9_=-]{0,400}", e in "[A-Za-z0-9_-]{0,12}",
        kty in "(RSA|EC|oct)", crv in "(P-256|P-384)?") {
        let key = json!({"keys": [{"kty": kty, "crv": crv, "kid": "k", "n": n, "e": e, "x": n, "y": e}]});
        let set = KeySet::parse(key.to_string().as_bytes()).unwrap();
        if let Some(key) = set.get("k") {
            prop_assert!(!key.verifies(Algorithm::RS256, b"m", b"s"));
        }
    }
}
