//! Decodes and verifies tools' tokens.

use aws_lc_rs::signature::{self, RsaPublicKeyComponents};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// A decoded token, **not verified**: for display, and to find the key for verifying it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// `alg`, `kid` and so on.
    pub header: Value,
    /// The token's claims.
    pub claims: Value,
}

/// Decodes a compact token without checking its signature.
pub fn decode(token: &str) -> Option<Decoded> {
    let mut parts = token.trim().split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let part = |text: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok();
    Some(Decoded {
        header: part(header)?,
        claims: part(claims)?,
    })
}

/// Why a tool's token was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// Not three base64url parts of JSON.
    #[error("not a signed JSON web token")]
    Malformed,
    /// The header's `alg` is not RS256.
    #[error("alg is not RS256")]
    Algorithm,
    /// The header has no `kid`.
    #[error("kid must be provided in JWT header")]
    NoKid,
    /// The key set doesn't contain this key.
    #[error("the key set has no key of this kid")]
    UnknownKid,
    /// The signature doesn't match the key.
    #[error("signature verification failed")]
    Signature,
}

/// Checks a tool's RS256 token against its key set and returns the claims.
pub fn verify(token: &str, jwks: &Value) -> Result<Value, BadToken> {
    let decoded = decode(token).ok_or(BadToken::Malformed)?;
    if decoded.header["alg"] != "RS256" {
        return Err(BadToken::Algorithm);
    }
    let kid = decoded.header["kid"].as_str().ok_or(BadToken::NoKid)?;
    let key = jwks["keys"]
        .as_array()
        .and_then(|keys| {
            keys.iter()
                .find(|key| key["kid"] == kid && key["kty"] == "RSA")
        })
        .ok_or(BadToken::UnknownKid)?;
    verify_with(token, key)
}

/// Checks a tool's RS256 token against its pasted key, whatever key id it names, and returns the
/// claims.
pub fn verify_with(token: &str, key: &Value) -> Result<Value, BadToken> {
    let decoded = decode(token).ok_or(BadToken::Malformed)?;
    if decoded.header["alg"] != "RS256" {
        return Err(BadToken::Algorithm);
    }
    let number = |name: &str| {
        URL_SAFE_NO_PAD
            .decode(key[name].as_str().unwrap_or_default())
            .map_err(|_| BadToken::Signature)
    };
    let (input, signature) = token.trim().rsplit_once('.').ok_or(BadToken::Malformed)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| BadToken::Malformed)?;
    RsaPublicKeyComponents {
        n: number("n")?,
        e: number("e")?,
    }
    .verify(
        &signature::RSA_PKCS1_2048_8192_SHA256,
        input.as_bytes(),
        &signature,
    )
    .map_err(|_| BadToken::Signature)?;
    Ok(decoded.claims)
}
