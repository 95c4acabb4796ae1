//! Our public keys as we publish them (G.1).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::PublicKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::verifying::{KeyFault, without_zeros};

/// One of our keys as published: public members only (G-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicJwk {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    kid: String,
    n: String,
    e: String,
}

impl PublicJwk {
    /// From the RSA modulus and exponent, big-endian; leading zero octets are removed.
    #[must_use]
    pub fn rsa(kid: impl Into<String>, n: &[u8], e: &[u8]) -> Self {
        Self {
            kty: "RSA",
            usage: "sig",
            alg: "RS256",
            kid: kid.into(),
            n: URL_SAFE_NO_PAD.encode(without_zeros(n)),
            e: URL_SAFE_NO_PAD.encode(without_zeros(e)),
        }
    }

    /// Like [`Self::rsa`], with the key's RFC 7638 thumbprint as its id (G-05).
    #[must_use]
    pub fn rsa_with_thumbprint(n: &[u8], e: &[u8]) -> Self {
        let mut jwk = Self::rsa("", n, e);
        jwk.kid = jwk.thumbprint();
        jwk
    }

    /// From the DER of an RSA public key, with the thumbprint as its id.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Malformed`] if `der` is not such a key.
    pub fn from_rsa_der(der: &[u8]) -> Result<Self, KeyFault> {
        let key = PublicKey::from_der(der).map_err(|_| KeyFault::Malformed)?;
        Ok(Self::rsa_with_thumbprint(
            key.modulus().big_endian_without_leading_zero(),
            key.exponent().big_endian_without_leading_zero(),
        ))
    }

    /// The key's id.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The RFC 7638 thumbprint: SHA-256, base64url without padding.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let canonical = format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, self.e, self.n);
        URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
    }
}

/// Our key set document: `{"keys":[…]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicKeySet {
    /// The keys, in the order given.
    pub keys: Vec<PublicJwk>,
}
