//! Keyed hashes of keys and requests, so that no one with the database alone can test guesses
//! against them.

use crate::kit::id::id_from;
use crate::kit::keyed_hash::KeyedHash;
use crate::kit::seal::SecretKey;

/// Hashes with a key of the installation. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Fingerprints(KeyedHash);

impl Fingerprints {
    /// Uses a key derived from the secret that stays when the secret keys change.
    pub(crate) fn new(root: &SecretKey) -> Self {
        Self(KeyedHash::new(root, "idempotency keys"))
    }

    /// The hash of several parts.
    pub(super) fn of(&self, parts: &[&[u8]]) -> Vec<u8> {
        self.0.of(parts).as_ref().to_vec()
    }

    /// The same hash, as a row's id.
    pub(super) fn id(&self, parts: &[&[u8]]) -> String {
        id_from(&self.of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::clock::Random;

    #[test]
    fn another_installation_has_other_hashes() {
        let random = Random::default();
        let [one, other] = [(); 2].map(|()| Fingerprints::new(&SecretKey::generate(&random)));
        assert_eq!(one.of(&[b"ab", b"c"]), one.of(&[b"ab", b"c"]));
        assert_ne!(one.of(&[b"ab", b"c"]), one.of(&[b"a", b"bc"]));
        assert_ne!(one.id(&[b"ab"]), other.id(&[b"ab"]));
    }
}
