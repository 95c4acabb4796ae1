//! Hashes with a key of the installation: someone with only the database can't guess names, addresses or bodies by
//! hashing candidates.

use aws_lc_rs::hmac;

use super::seal::SecretKey;

/// Hashes for one purpose. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct KeyedHash(hmac::Key);

impl KeyedHash {
    /// With a key for this purpose, derived from the root key, which outlives the secret keys.
    pub(crate) fn new(root: &SecretKey, purpose: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &root.derive(purpose)))
    }

    /// The hash of several parts, each prefixed with its length, so that parts can't be shifted.
    pub(crate) fn of(&self, parts: &[&[u8]]) -> hmac::Tag {
        let mut whole = hmac::Context::with_key(&self.0);
        for part in parts {
            whole.update(&(part.len() as u64).to_be_bytes());
            whole.update(part);
        }
        whole.sign()
    }
}
