//! Keys: those of platforms, read and kept ready for verification (G.2), and our public ones,
//! as they are published (G.1).

mod publish;

use std::collections::HashMap;

use aws_lc_rs::rsa::{PublicKey, PublicKeyComponents};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as JoseAlgorithm, DecodingKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use publish::{PublicJwk, PublicKeySet};

use crate::json::{self, JsonError};

/// The largest key set that is read, in bytes (G-20).
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;
/// The most keys a set may have (G-20).
pub const MAX_KEYS: usize = 100;
/// The longest key id, in bytes (I-13).
pub const MAX_KID_BYTES: usize = 256;
/// The largest pasted PEM, in bytes.
const MAX_PEM_BYTES: usize = 8 * 1024;
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// A signature algorithm a token may be accepted with.
///
/// `none` and the symmetric `HS*` have no variant: they cannot be allowed by mistake (B-26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "each variant is the JOSE algorithm of its name"
)]
pub enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
}

impl Algorithm {
    /// What a registration accepts unless it says otherwise.
    pub const DEFAULT: &'static [Self] = &[Self::RS256];

    const ALL: [(&'static str, Self); 8] = [
        ("RS256", Self::RS256),
        ("RS384", Self::RS384),
        ("RS512", Self::RS512),
        ("PS256", Self::PS256),
        ("PS384", Self::PS384),
        ("PS512", Self::PS512),
        ("ES256", Self::ES256),
        ("ES384", Self::ES384),
    ];

    /// The algorithm of this exact name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, algorithm)| algorithm)
    }

    /// The name in a token's header.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(_, algorithm)| *algorithm == self)
            .map_or("", |(name, _)| name)
    }

    const fn jose(self) -> JoseAlgorithm {
        match self {
            Self::RS256 => JoseAlgorithm::RS256,
            Self::RS384 => JoseAlgorithm::RS384,
            Self::RS512 => JoseAlgorithm::RS512,
            Self::PS256 => JoseAlgorithm::PS256,
            Self::PS384 => JoseAlgorithm::PS384,
            Self::PS512 => JoseAlgorithm::PS512,
            Self::ES256 => JoseAlgorithm::ES256,
            Self::ES384 => JoseAlgorithm::ES384,
        }
    }

    const fn kind(self) -> KeyKind {
        match self {
            Self::ES256 => KeyKind::P256,
            Self::ES384 => KeyKind::P384,
            _ => KeyKind::Rsa,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Rsa,
    P256,
    P384,
}

/// Why one key is not usable. In a set such a key is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The entry is not an object.
    #[error("the entry is not a JSON object")]
    NotAnObject,
    /// A key in a set has to be found by its id (B-34).
    #[error("the key has no usable kid")]
    NoKid,
    /// Neither RSA nor an elliptic curve key.
    #[error("the key type is not supported")]
    UnknownType,
    /// A symmetric key or one with private members (G-21).
    #[error("the key holds secret material")]
    Secret,
    /// `use`, `key_ops` or `alg` say that it does not verify signatures; which, in words.
    #[error("the key is not meant for verifying signatures: its {0}")]
    OtherPurpose(&'static str),
    /// The modulus is not 2048 to 8192 bits long.
    #[error("the RSA modulus is not between 2048 and 8192 bits")]
    ModulusSize,
    /// The exponent is even, below 3 or unreasonably long.
    #[error("the RSA exponent is not an odd number of at least 3")]
    Exponent,
    /// The material cannot be decoded.
    #[error("the key cannot be decoded")]
    Malformed,
}

/// Why a document is not a key set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Larger than [`MAX_KEY_SET_BYTES`].
    #[error("the key set is larger than 256 KiB")]
    TooLarge,
    /// Not an acceptable JSON object.
    #[error("the key set cannot be read: {0}")]
    Json(#[from] JsonError),
    /// There is no array `keys`.
    #[error("the key set has no list of keys")]
    NoKeys,
    /// More than [`MAX_KEYS`].
    #[error("the key set has more than 100 keys")]
    TooManyKeys,
    /// The one pasted key is not usable.
    #[error("the key is not usable: {0}")]
    Key(#[from] KeyFault),
}

/// Why a set has no key for an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyMissing {
    /// No entry has this id.
    #[error("no key with this kid")]
    Unknown,
    /// An entry has this id, and was passed over.
    #[error("a key with this kid that can't be used: {0}")]
    PassedOver(KeyFault),
    /// Two different keys have this id (G-26).
    #[error("two different keys with this kid, so neither is used")]
    Ambiguous,
    /// No entry has this id, but there are good keys without one, which no token can name (B-34).
    #[error("no key with this kid, and keys without a kid, which can't be used")]
    WithoutKid,
}

/// A platform's public key, ready to verify with.
#[derive(Debug, Clone)]
pub struct VerifyingKey {
    key: DecodingKey,
    /// The same for RS256, which nearly every launch is signed with: what depends on the key alone is computed once.
    rs256: Option<ParsedPublicKey>,
    kind: KeyKind,
    /// The key's own `alg`, which then has to be the token's.
    algorithm: Option<Algorithm>,
    /// The normalised numbers, to tell whether two keys are the same.
    material: Vec<u8>,
}

impl VerifyingKey {
    /// Reads one JWK as JSON text.
    ///
    /// # Errors
    ///
    /// [`KeyFault`], also when the text is not an acceptable JSON object.
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

    fn from_value(jwk: &Value) -> Result<Self, KeyFault> {
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
        // A member that is there but null or of another type does not say "signature".
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

    fn rsa(n: &[u8], e: &[u8], algorithm: Option<Algorithm>) -> Result<Self, KeyFault> {
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
        let mut material = n.to_vec();
        material.push(0);
        material.extend_from_slice(e);
        Ok(Self {
            rs256: PublicKeyComponents { n, e }
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                .ok(),
            key: DecodingKey::from_rsa_raw_components(n, e),
            kind: KeyKind::Rsa,
            algorithm,
            material,
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
            key: DecodingKey::from_ec_der(&point),
            rs256: None,
            kind,
            algorithm,
            material: point,
        })
    }

    /// Whether this key may verify tokens of this algorithm: its type fits, and its own `alg`,
    /// if it has one, is the same (G-20).
    #[must_use]
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.kind == algorithm.kind() && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// Whether `signature` is this key's over `message`. A key that does not [fit](Self::fits)
    /// the algorithm verifies nothing.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        if let (Algorithm::RS256, Some(key)) = (algorithm, &self.rs256) {
            return key.verify_sig(message, signature).is_ok();
        }
        // The provider is named, not looked up: a process-wide default could be missing.
        (DEFAULT_PROVIDER.verifier_factory)(&algorithm.jose(), &self.key)
            .is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok())
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The keys of one registration. Never shared between registrations: key ids collide (G-27).
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    /// `None`: two different keys claim this id, so neither is used (G-26).
    keys: HashMap<String, Option<VerifyingKey>>,
    /// A pasted key without an id: any id is taken to mean it (G-28).
    any: Option<VerifyingKey>,
    passed_over: Vec<(Option<String>, KeyFault)>,
}

impl KeySet {
    /// Reads a JWKS document (G-20, G-21, G-26).
    ///
    /// Keys that are not usable are passed over, see [`Self::passed_over`]; the result may be
    /// empty.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] when the document as a whole is not acceptable.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetError> {
        if bytes.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::TooLarge);
        }
        let document: Value = json::object(bytes)?;
        let list = document
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(KeySetError::NoKeys)?;
        if list.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys);
        }
        let mut set = Self::default();
        for jwk in list {
            let kid = jwk.get("kid").and_then(Value::as_str);
            let kid = kid.filter(|kid| !kid.is_empty() && kid.len() <= MAX_KID_BYTES);
            match (VerifyingKey::from_value(jwk), kid) {
                (Ok(key), Some(kid)) => set.add(kid, key),
                (Ok(_), None) => set.passed_over.push((None, KeyFault::NoKid)),
                (Err(fault), kid) => set.passed_over.push((kid.map(str::to_owned), fault)),
            }
        }
        Ok(set)
    }

    /// Reads what an operator pasted: a PEM, one JWK, or a JWKS (G-28).
    ///
    /// A key without an id stands for any id; a JWK with an id only for that one.
    ///
    /// # Errors
    ///
    /// [`KeySetError`], also when a single key is not usable.
    pub fn from_pasted(text: &str) -> Result<Self, KeySetError> {
        let text = text.trim();
        if !text.starts_with('{') {
            return Ok(VerifyingKey::from_pem(text)?.into());
        }
        if text.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::TooLarge);
        }
        let document: Value = json::object(text.as_bytes())?;
        if document.get("keys").is_some() {
            return Self::parse(text.as_bytes());
        }
        let key = VerifyingKey::from_value(&document)?;
        match document.get("kid").and_then(Value::as_str) {
            None | Some("") => Ok(key.into()),
            Some(kid) if kid.len() > MAX_KID_BYTES => Err(KeyFault::NoKid.into()),
            Some(kid) => {
                let mut set = Self::default();
                set.add(kid, key);
                Ok(set)
            }
        }
    }

    fn add(&mut self, kid: &str, key: VerifyingKey) {
        match self.keys.get_mut(kid) {
            None => {
                self.keys.insert(kid.to_owned(), Some(key));
            }
            Some(Some(known)) if known.material == key.material => {
                // One key listed per algorithm: either may be used.
                if known.algorithm != key.algorithm {
                    known.algorithm = None;
                }
            }
            Some(known) => *known = None,
        }
    }

    /// The key of this id, and no other (B-35).
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&VerifyingKey> {
        match self.keys.get(kid) {
            Some(key) => key.as_ref(),
            None => self.any.as_ref(),
        }
    }

    /// The same, or why there is none.
    ///
    /// # Errors
    ///
    /// [`KeyMissing`].
    pub fn find(&self, kid: &str) -> Result<&VerifyingKey, KeyMissing> {
        self.get(kid).ok_or_else(|| self.missing(kid))
    }

    fn missing(&self, kid: &str) -> KeyMissing {
        if self.keys.contains_key(kid) {
            return KeyMissing::Ambiguous;
        }
        let is_it = |(own, _): &&(Option<String>, KeyFault)| own.as_deref() == Some(kid);
        if let Some((_, fault)) = self.passed_over.iter().find(is_it) {
            return KeyMissing::PassedOver(*fault);
        }
        if self.passed_over.contains(&(None, KeyFault::NoKid)) {
            return KeyMissing::WithoutKid;
        }
        KeyMissing::Unknown
    }

    /// Whether no key is usable.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of usable keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.values().flatten().count() + usize::from(self.any.is_some())
    }

    /// The keys that were passed over, with their ids where they have one, for the operator.
    #[must_use]
    pub fn passed_over(&self) -> &[(Option<String>, KeyFault)] {
        &self.passed_over
    }

    /// The ids claimed by two different keys, for the operator.
    pub fn ambiguous(&self) -> impl Iterator<Item = &str> {
        self.keys
            .iter()
            .filter(|(_, key)| key.is_none())
            .map(|(kid, _)| kid.as_str())
    }
}

impl From<VerifyingKey> for KeySet {
    /// A set in which any id means this key (G-28).
    fn from(key: VerifyingKey) -> Self {
        Self {
            any: Some(key),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
