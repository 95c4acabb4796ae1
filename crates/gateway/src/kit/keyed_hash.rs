//! Hashes with a key of the installation, so that no one with the database alone can test guesses
//! of names, addresses and bodies against them.

use aws_lc_rs::hmac;

use super::seal::SecretKey;

/// Hashes for one purpose. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct KeyedHash(hmac::Key);

impl KeyedHash {
    /// Derives the key for this purpose from the secret that stays when the secret keys change.
    pub(crate) fn new(root: &SecretKey, purpose: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &root.derive(purpose)))
    }

    /// The hash of several parts. Each is prefixed with its length, so that they can't run into
    /// each other.
    pub(crate) fn of(&self, parts: &[&[u8]]) -> hmac::Tag {
        let mut whole = hmac::Context::with_key(&self.0);
        for part in parts {
            whole.update(&(part.len() as u64).to_be_bytes());
            whole.update(part);
        }
        whole.sign()
    }
}
