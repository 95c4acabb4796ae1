//! A platform's public key.

use std::sync::OnceLock;

use aws_lc_rs::rsa::{PublicKey, PublicKeyComponents};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use serde_json::Value;

use super::algorithm::{Algorithm, KeyKind};
use crate::json;

/// The largest pasted PEM, in bytes.
const MAX_PEM_BYTES: usize = 8 * 1024;
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Why a key is unusable. In a set, such a key is skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// The entry is not an object.
    #[error("the entry is not a JSON object")]
    NotAnObject,
    /// A key in a set needs an id, because it is looked up by it (B-34).
    #[error("the key has no usable kid")]
    NoKid,
    /// Neither RSA nor an elliptic curve key.
    #[error("the key type is not supported")]
    UnknownType,
    /// A symmetric key or one with private members (G-21).
    #[error("the key holds secret material")]
    Secret,
    /// `use`, `key_ops` or `alg` say that it does not verify signatures; the text says which.
    #[error("the key is not meant for verifying signatures: its {0}")]
    OtherPurpose(&'static str),
    /// The modulus is not 2048 to 8192 bits long.
    #[error("the RSA modulus is not between 2048 and 8192 bits")]
    ModulusSize,
    /// The exponent is even, below 3 or unreasonably long.
    #[error("the RSA exponent is not an odd number of at least 3")]
    Exponent,
    /// The key material cannot be decoded.
    #[error("the key cannot be decoded")]
    Malformed,
}

/// A platform's public key, ready to verify with.
#[derive(Debug, Clone)]
pub struct VerifyingKey {
    pub(super) numbers: Numbers,
    /// Precomputed for RS256, which signs nearly every launch, when the key is first used. Even in
    /// a large set that is usually one key.
    rs256: OnceLock<Option<ParsedPublicKey>>,
    kind: KeyKind,
    /// The key's own `alg`; if present, the token's must be the same.
    pub(super) algorithm: Option<Algorithm>,
}

/// The key material, normalised, so that equal keys compare equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Modulus and exponent, without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// A point of a curve, uncompressed.
    Point(Vec<u8>),
}

impl VerifyingKey {
    /// Reads one JWK as JSON text.
    ///
    /// # Errors
    ///
    /// [`KeyFault`], also if the text is not an acceptable JSON object.
    pub fn from_jwk(jwk: &str) -> Result<Self, KeyFault> {
        let value: Value = json::object(jwk.as_bytes()).map_err(|_| KeyFault::NotAnObject)?;
        Self::from_value(&value)
    }

    /// Reads an RSA public key in PEM, as `PUBLIC KEY` or `RSA PUBLIC KEY` (G-28).
    ///
    /// # Errors
    ///
    /// [`KeyFault`]; a private key is refused as [`KeyFault::Secret`].
    pub fn from_pem(pem: &str) -> Result<Self, KeyFault> {
        if pem.len() > MAX_PEM_BYTES {
            return Err(KeyFault::Malformed);
        }
        if pem.contains("PRIVATE KEY") {
            return Err(KeyFault::Secret);
        }
        let body = ["PUBLIC KEY", "RSA PUBLIC KEY"]
            .iter()
            .find_map(|label| {
                let begin = format!("-----BEGIN {label}-----");
                let (_, rest) = pem.split_once(begin.as_str())?;
                let (body, _) = rest.split_once("-----END ")?;
                Some(body)
            })
            .ok_or(KeyFault::Malformed)?;
        let body: String = body.split_ascii_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| KeyFault::Malformed)?;
        let key = PublicKey::from_der(&der).map_err(|_| KeyFault::Malformed)?;
        Self::rsa(
            key.modulus().big_endian_without_leading_zero(),
            key.exponent().big_endian_without_leading_zero(),
            None,
        )
    }

    pub(super) fn from_value(jwk: &Value) -> Result<Self, KeyFault> {
        let jwk = jwk.as_object().ok_or(KeyFault::NotAnObject)?;
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let kind = match (text("kty"), text("crv")) {
            (Some("RSA"), _) => KeyKind::Rsa,
            (Some("EC"), Some("P-256")) => KeyKind::P256,
            (Some("EC"), Some("P-384")) => KeyKind::P384,
            (Some("oct"), _) => return Err(KeyFault::Secret),
            _ => return Err(KeyFault::UnknownType),
        };
        if ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
            .iter()
            .any(|name| jwk.contains_key(*name))
        {
            return Err(KeyFault::Secret);
        }
        // Null counts as absent. A member of another type does not say "signature", so the key is
        // refused.
        let says = |name: &str| jwk.get(name).filter(|value| !value.is_null());
        if says("use").is_some_and(|usage| usage != "sig") {
            return Err(KeyFault::OtherPurpose("use is not sig"));
        }
        if says("key_ops").is_some_and(|operations| {
            operations
                .as_array()
                .is_none_or(|list| !list.iter().any(|operation| operation == "verify"))
        }) {
            return Err(KeyFault::OtherPurpose("key_ops lack verify"));
        }
        let algorithm = match says("alg") {
            None => None,
            Some(name) => Some(
                name.as_str()
                    .and_then(Algorithm::from_name)
                    .filter(|algorithm| algorithm.kind() == kind)
                    .ok_or(KeyFault::OtherPurpose(
                        "alg is none that its type signs with",
                    ))?,
            ),
        };
        let number = |name: &str| {
            let text = text(name).ok_or(KeyFault::Malformed)?;
            URL_SAFE_NO_PAD
                .decode(text.trim_end_matches('='))
                .map_err(|_| KeyFault::Malformed)
        };
        match kind {
            KeyKind::Rsa => Self::rsa(&number("n")?, &number("e")?, algorithm),
            KeyKind::P256 => Self::curve(&number("x")?, &number("y")?, 32, kind, algorithm),
            KeyKind::P384 => Self::curve(&number("x")?, &number("y")?, 48, kind, algorithm),
        }
    }

    pub(super) fn rsa(n: &[u8], e: &[u8], algorithm: Option<Algorithm>) -> Result<Self, KeyFault> {
        let (n, e) = (without_zeros(n), without_zeros(e));
        let top = n.first().ok_or(KeyFault::ModulusSize)?;
        let bits = n
            .len()
            .saturating_mul(8)
            .saturating_sub(top.leading_zeros() as usize);
        if !RSA_BITS.contains(&bits) || n.last().is_none_or(|last| last % 2 == 0) {
            return Err(KeyFault::ModulusSize);
        }
        let odd = e.last().is_some_and(|last| last % 2 == 1);
        if !odd || e == [1] || e.len() > 8 {
            return Err(KeyFault::Exponent);
        }
        let (n, e) = (n.to_vec(), e.to_vec());
        Ok(Self {
            numbers: Numbers::Rsa { n, e },
            rs256: OnceLock::new(),
            kind: KeyKind::Rsa,
            algorithm,
        })
    }

    fn curve(
        x: &[u8],
        y: &[u8],
        size: usize,
        kind: KeyKind,
        algorithm: Option<Algorithm>,
    ) -> Result<Self, KeyFault> {
        if x.len() != size || y.len() != size {
            return Err(KeyFault::Malformed);
        }
        let mut point = vec![4];
        point.extend_from_slice(x);
        point.extend_from_slice(y);
        Ok(Self {
            numbers: Numbers::Point(point),
            rs256: OnceLock::new(),
            kind,
            algorithm,
        })
    }

    /// About how many bytes the key takes beside its own, once it has been used: parsed for RS256
    /// it takes eight times its modulus.
    pub(super) fn heap_bytes(&self) -> usize {
        match &self.numbers {
            Numbers::Rsa { n, e } => 9 * n.len() + e.len(),
            Numbers::Point(point) => point.len(),
        }
    }

    /// Whether this key may verify tokens of this algorithm: the type matches, and the key's own
    /// `alg`, if present, is the same (G-20).
    #[must_use]
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.kind == algorithm.kind() && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// Whether `signature` is this key's signature of `message`. False if the key does not
    /// [fit](Self::fits) the algorithm.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        let key = match &self.numbers {
            Numbers::Rsa { n, e } if algorithm == Algorithm::RS256 => {
                let key = self.rs256.get_or_init(|| {
                    let numbers = PublicKeyComponents { n, e };
                    numbers
                        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                        .ok()
                });
                return key
                    .as_ref()
                    .is_some_and(|key| key.verify_sig(message, signature).is_ok());
            }
            Numbers::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            Numbers::Point(point) => DecodingKey::from_ec_der(point),
        };
        // The provider is named explicitly, because a process-wide default might not be installed.
        (DEFAULT_PROVIDER.verifier_factory)(&algorithm.jose(), &key)
            .is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok())
    }
}

/// A number without leading zero octets.
pub(super) fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
