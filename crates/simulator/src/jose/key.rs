//! Keys: the platform's own, and those that an administrator pasted for a tool.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize, PublicKey},
    signature::{self, KeyPair as _},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use crate::{Error, random};

/// An RSA key pair with its key id. Cheap to clone.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    pair: Arc<KeyPair>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A fresh 2048-bit key with a random key id.
    pub fn generate() -> Result<Self, Error> {
        let pair = KeyPair::generate(KeySize::Rsa2048)
            .map_err(|_| Error::Crypto("no RSA key could be made"))?;
        Ok(Self {
            kid: random::alphanumeric(20),
            pair: Arc::new(pair),
        })
    }

    /// The same key with another id, for tests of key lookup.
    #[must_use]
    pub fn with_kid(&self, kid: &str) -> Self {
        Self {
            kid: kid.to_owned(),
            pair: Arc::clone(&self.pair),
        }
    }

    /// The key id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JWK with `kty`, `alg`, `use`, `kid`, `n` and `e`.
    pub fn jwk(&self) -> Value {
        let [n, e] = numbers(self.pair.public_key());
        json!({
            "kty": "RSA",
            "alg": "RS256",
            "kid": self.kid,
            "e": e,
            "n": n,
            "use": "sig",
        })
    }

    /// The public half as PEM (SubjectPublicKeyInfo), for tools that need a pasted key.
    pub fn public_pem(&self) -> Result<String, Error> {
        let der: PublicKeyX509Der<'_> = self
            .pair
            .public_key()
            .as_der()
            .map_err(|_| Error::Crypto("the public key has no DER form"))?;
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap_or_default())
            .collect();
        Ok(format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        ))
    }

    /// The header of a normal token signed with this key.
    pub fn header(&self) -> Value {
        json!({ "typ": "JWT", "alg": "RS256", "kid": self.kid })
    }

    /// Signs `claims` under `header`, obeying its `alg`: RS256, RS384, RS512, PS256. `none` gives
    /// an empty signature, HS256 uses the *public* key's PEM as the secret (the classic key
    /// confusion attack), and anything else is signed as RS256.
    pub fn sign(&self, header: &Value, claims: &Value) -> Result<String, Error> {
        self.sign_text(
            &serde_json::to_string(header)?,
            &serde_json::to_string(claims)?,
        )
    }

    /// The same for raw texts, which need not be valid JSON.
    pub fn sign_text(&self, header: &str, claims: &str) -> Result<String, Error> {
        let input = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let header: Value = serde_json::from_str(header).unwrap_or_default();
        let signature = match header.get("alg").and_then(Value::as_str) {
            Some(alg) if alg.eq_ignore_ascii_case("none") => Vec::new(),
            Some("HS256") => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, self.public_pem()?.as_bytes());
                hmac::sign(&secret, input.as_bytes()).as_ref().to_vec()
            }
            Some("RS384") => self.rsa(&signature::RSA_PKCS1_SHA384, &input)?,
            Some("RS512") => self.rsa(&signature::RSA_PKCS1_SHA512, &input)?,
            Some("PS256") => self.rsa(&signature::RSA_PSS_SHA256, &input)?,
            _ => self.rsa(&signature::RSA_PKCS1_SHA256, &input)?,
        };
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn rsa(
        &self,
        padding: &'static dyn signature::RsaEncoding,
        input: &str,
    ) -> Result<Vec<u8>, Error> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                padding,
                &SystemRandom::new(),
                input.as_bytes(),
                &mut signature,
            )
            .map_err(|_| Error::Crypto("signing failed"))?;
        Ok(signature)
    }
}

/// The numbers in a public key's JWK.
fn numbers(key: &PublicKey) -> [String; 2] {
    [key.modulus(), key.exponent()]
        .map(|number| URL_SAFE_NO_PAD.encode(number.big_endian_without_leading_zero()))
}

/// Parses a pasted public key, PEM (SubjectPublicKeyInfo) or JWK, into a JWK with `kty`, `n` and
/// `e`.
pub fn pasted_key(text: &str) -> Option<Value> {
    if let Ok(key) = serde_json::from_str::<Value>(text) {
        return (key["kty"] == "RSA" && key["n"].is_string() && key["e"].is_string())
            .then_some(key);
    }
    let body = text.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?;
    let body = body.strip_suffix("-----END PUBLIC KEY-----")?;
    let body: String = body.split_whitespace().collect();
    let der = STANDARD.decode(body).ok()?;
    let key = PublicKey::from_der(&der).ok()?;
    let [n, e] = (key.modulus_len() >= 256).then(|| numbers(&key))?;
    Some(json!({ "kty": "RSA", "n": n, "e": e }))
}
