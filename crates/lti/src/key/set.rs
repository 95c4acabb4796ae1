//! The keys of one registration, as published by the platform or pasted by an operator.

use std::collections::HashMap;

use serde_json::Value;

use super::verifying::{KeyFault, VerifyingKey};
use crate::json::{self, JsonError};

/// The largest key set that is read, in bytes (G-20). This is the only limit on the number of keys:
/// shared Brightspace instances list one for each tool of all their schools.
pub const MAX_KEY_SET_BYTES: usize = 1024 * 1024;
/// How many unusable keys a set remembers, in order to report what is wrong with them.
const MOST_PASSED_OVER: usize = 1000;
/// The longest key id, in bytes (I-13).
pub const MAX_KID_BYTES: usize = 256;

/// Why a document is not an acceptable key set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// Larger than [`MAX_KEY_SET_BYTES`].
    #[error("the key set is larger than 1 MiB")]
    TooLarge,
    /// Not an acceptable JSON object.
    #[error("the key set cannot be read: {0}")]
    Json(#[from] JsonError),
    /// There is no `keys` array.
    #[error("the key set has no list of keys")]
    NoKeys,
    /// The single pasted key is unusable.
    #[error("the key is not usable: {0}")]
    Key(#[from] KeyFault),
}

/// Why a set has no key for an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyMissing {
    /// No entry has this id.
    #[error("no key with this kid")]
    Unknown,
    /// There is an entry with this id, but it is unusable.
    #[error("a key with this kid that can't be used: {0}")]
    PassedOver(KeyFault),
    /// Two different keys have this id (G-26).
    #[error("two different keys with this kid, so neither is used")]
    Ambiguous,
    /// No entry has this id. There are valid keys without an id, but no token can refer to those
    /// (B-34).
    #[error("no key with this kid, and keys without a kid, which can't be used")]
    WithoutKid,
}

/// The keys of one registration. Never share them between registrations, because key ids collide
/// (G-27).
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    /// `None`: two different keys claim this id, so neither is used (G-26).
    keys: HashMap<String, Option<VerifyingKey>>,
    /// A pasted key without an id: it is used for any key id (G-28).
    any: Option<VerifyingKey>,
    passed_over: Vec<(Option<String>, KeyFault)>,
}

impl KeySet {
    /// Reads a JWKS document (G-20, G-21, G-26).
    ///
    /// Unusable keys are skipped, see [`Self::passed_over`]; the result may be empty.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if the document as a whole is unacceptable.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetError> {
        if bytes.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::TooLarge);
        }
        let document: Value = json::object(bytes)?;
        let list = document
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(KeySetError::NoKeys)?;
        let mut set = Self::default();
        for jwk in list {
            let kid = jwk.get("kid").and_then(Value::as_str);
            let kid = kid.filter(|kid| !kid.is_empty() && kid.len() <= MAX_KID_BYTES);
            match (VerifyingKey::from_value(jwk), kid) {
                (Ok(key), Some(kid)) => set.add(kid, key),
                (Ok(_), None) => set.pass_over(None, KeyFault::NoKid),
                (Err(fault), kid) => set.pass_over(kid, fault),
            }
        }
        Ok(set)
    }

    /// Reads what an operator pasted: a PEM, one JWK, or a JWKS (G-28).
    ///
    /// A key without an id is used for any id; a JWK with an id only for that one.
    ///
    /// # Errors
    ///
    /// [`KeySetError`], also if the document is a single key and unusable.
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
            Some(Some(known)) if known.numbers == key.numbers => {
                // One key listed once per algorithm: either entry may be used.
                if known.algorithm != key.algorithm {
                    known.algorithm = None;
                }
            }
            Some(known) => *known = None,
        }
    }

    fn pass_over(&mut self, kid: Option<&str>, fault: KeyFault) {
        if self.passed_over.len() < MOST_PASSED_OVER {
            self.passed_over.push((kid.map(str::to_owned), fault));
        }
    }

    /// The key with exactly this id (B-35).
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&VerifyingKey> {
        match self.keys.get(kid) {
            Some(key) => key.as_ref(),
            None => self.any.as_ref(),
        }
    }

    /// Like [`Self::get`], but says why there is no such key.
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

    /// Whether the set has no usable keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of usable keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.values().flatten().count() + usize::from(self.any.is_some())
    }

    /// About how many bytes of memory the set takes once all of its keys have been used.
    #[must_use]
    pub fn memory(&self) -> usize {
        let of = |key: &VerifyingKey| size_of::<VerifyingKey>() + key.heap_bytes();
        let keys = self.keys.iter().map(|(kid, key)| {
            let unused = size_of::<Option<VerifyingKey>>();
            size_of::<String>() + kid.len() + key.as_ref().map_or(unused, of)
        });
        let passed_over = self.passed_over.iter().map(|entry| {
            let kid = entry.0.as_ref().map_or(0, String::len);
            size_of_val(entry) + kid
        });
        let any = self.any.as_ref().map_or(0, of);
        keys.chain(passed_over).sum::<usize>() + any
    }

    /// The first 1,000 unusable keys, with their ids if they have any, to show to the operator.
    #[must_use]
    pub fn passed_over(&self) -> &[(Option<String>, KeyFault)] {
        &self.passed_over
    }

    /// The ids claimed by two different keys, to show to the operator.
    pub fn ambiguous(&self) -> impl Iterator<Item = &str> {
        self.keys
            .iter()
            .filter(|(_, key)| key.is_none())
            .map(|(kid, _)| kid.as_str())
    }
}

impl From<VerifyingKey> for KeySet {
    /// A set that uses this key for any id (G-28).
    fn from(key: VerifyingKey) -> Self {
        Self {
            any: Some(key),
            ..Self::default()
        }
    }
}
