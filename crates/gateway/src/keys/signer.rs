//! Signs JWTs with a platform's key.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::json;
use store::signing_keys::NewKey;

use crate::keys::pair::{KeyError, sealed_as};
use crate::kit::seal::Sealer;

/// The key that currently signs for a platform, still sealed.
pub struct Signer {
    /// The key's id in our key set, which appears in the header of tokens.
    pub kid: String,
    pub(super) private_sealed: Vec<u8>,
    pub(super) rows: Sealer,
}

impl Signer {
    /// Signs with a fresh key that is not stored anywhere.
    pub(crate) fn of(key: &NewKey, rows: &Sealer) -> Self {
        Self {
            kid: key.kid.clone(),
            private_sealed: key.private_sealed.clone(),
            rows: rows.clone(),
        }
    }

    /// Signs a JWT, RS256 with `kid` (lti.md G-08).
    ///
    /// # Errors
    /// The key can't be opened.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, KeyError> {
        let broken = |what: String| KeyError::Crypto(what);
        let private = self
            .rows
            .open(&sealed_as(&self.kid), &self.private_sealed)
            .map_err(|error| broken(error.to_string()))?;
        let pair = KeyPair::from_pkcs8(&private).map_err(|error| broken(error.to_string()))?;
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.kid});
        let claims = serde_json::to_vec(claims).map_err(|error| broken(error.to_string()))?;
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .map_err(|_| broken("RS256".into()))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
