//! Just enough JOSE for a platform: RSA keys, signed tokens of any shape, right or wrong, and
//! checks of tools' signatures. It uses only the cryptographic library, and shares no code with
//! what it tests.

mod key;
mod token;

pub use self::{
    key::{SigningKey, pasted_key},
    token::{BadToken, Decoded, decode, verify, verify_with},
};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_signed_token_verifies_with_the_published_key_only() {
        let key = SigningKey::generate().unwrap();
        let token = key.sign(&key.header(), &json!({ "sub": "1" })).unwrap();
        assert_eq!(
            verify(&token, &json!({ "keys": [key.jwk()] })).unwrap()["sub"],
            "1"
        );

        let other = SigningKey::generate().unwrap().with_kid(key.kid());
        assert_eq!(
            verify(&token, &json!({ "keys": [other.jwk()] })),
            Err(BadToken::Signature)
        );
        assert_eq!(
            verify(&token, &json!({ "keys": [] })),
            Err(BadToken::UnknownKid)
        );
    }

    #[test]
    fn a_pasted_key_verifies_whatever_kid_is_named() {
        let key = SigningKey::generate().unwrap();
        let header = json!({ "alg": "RS256" });
        let token = key.sign(&header, &json!({ "sub": "1" })).unwrap();
        for pasted in [key.public_pem().unwrap(), key.jwk().to_string()] {
            let pasted = pasted_key(&pasted).unwrap();
            assert_eq!(verify_with(&token, &pasted).unwrap()["sub"], "1");
        }
        for odd in [
            "",
            "{}",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(pasted_key(odd), None, "{odd}");
        }
    }

    #[test]
    fn unsigned_and_confused_tokens_do_not_verify() {
        let key = SigningKey::generate().unwrap();
        let jwks = json!({ "keys": [key.jwk()] });
        for alg in ["none", "HS256", "RS512"] {
            let token = key
                .sign(&json!({ "alg": alg, "kid": key.kid() }), &json!({}))
                .unwrap();
            assert_eq!(verify(&token, &jwks), Err(BadToken::Algorithm), "{alg}");
        }
        let token = key.sign(&json!({ "alg": "RS256" }), &json!({})).unwrap();
        assert_eq!(verify(&token, &jwks), Err(BadToken::NoKid));
    }
}
