//! Turns secrets into bytes that may be stored or handed out: sealing, hashing, and the keys
//! derived for both.
//!
//! Sealed bytes are `1 ‖ nonce (12) ‖ AES-256-GCM-SIV ciphertext`. The SIV mode stays secure for
//! far more messages under one key than plain GCM with random nonces, and we seal one per login
//! (decision 0021).

mod keys;

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};

pub use keys::{BadSecretKey, SecretKey, SecretKeys, Secrets};

use crate::kit::clock::Random;

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// Seals and opens what we store or a browser carries. Cloning it is cheap.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<SealingKeys>,
    random: Random,
}

struct SealingKeys {
    current: LessSafeKey,
    /// Keys that only open.
    others: Vec<LessSafeKey>,
}

/// The bytes were not sealed by this installation for this purpose and row.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("sealed data can't be opened with this installation's secret key")]
pub struct NotOurs;

impl Sealer {
    /// A sealer with keys derived for `purpose`.
    ///
    /// # Panics
    /// Never: the keys have the length the cipher wants.
    #[expect(clippy::expect_used, reason = "the derived key always has 32 bytes")]
    pub fn new(secrets: &SecretKeys, purpose: &str, random: Random) -> Self {
        let key = |secret: &SecretKey| {
            let key = UnboundKey::new(&AES_256_GCM_SIV, &secret.derive(purpose));
            LessSafeKey::new(key.expect("a key of 32 bytes"))
        };
        let keys = SealingKeys {
            current: key(secrets.current()),
            others: secrets.each().skip(1).map(key).collect(),
        };
        Self {
            keys: Arc::new(keys),
            random,
        }
    }

    /// Seals `plain` so that it only opens with the same `identity`, such as the row it belongs to.
    ///
    /// # Panics
    /// Never: only texts of gigabytes can't be sealed.
    pub fn seal(&self, identity: &str, plain: &[u8]) -> Vec<u8> {
        self.seal_joined(identity, &[plain])
    }

    /// Seals several parts as one, without joining them first.
    ///
    /// # Panics
    /// Never, as [`Self::seal`].
    pub fn seal_joined(&self, identity: &str, plain: &[&[u8]]) -> Vec<u8> {
        let length = plain.iter().map(|part| part.len()).sum();
        self.seal_written(identity, length, |sealed| {
            for part in plain {
                sealed.extend_from_slice(part);
            }
        })
    }

    /// Seals what `write` appends in place, so that long content is in memory only once. `length`
    /// is its approximate size in bytes.
    ///
    /// # Panics
    /// Never, as [`Self::seal`].
    #[expect(clippy::expect_used, reason = "sealing fails only beyond 64 GiB")]
    pub fn seal_written(
        &self,
        identity: &str,
        length: usize,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Vec<u8> {
        let nonce = self.random.bytes::<NONCE>();
        let mut sealed = Vec::with_capacity(1 + NONCE + length + 16);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        write(&mut sealed);
        let (_, text) = sealed.split_at_mut(1 + NONCE);
        let tag = self
            .keys
            .current
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(identity.as_bytes()),
                text,
            )
            .expect("short enough to seal");
        sealed.extend_from_slice(tag.as_ref());
        sealed
    }

    /// Opens what [`Self::seal`] made for the same identity.
    ///
    /// # Errors
    /// The bytes are anything else.
    pub fn open(&self, identity: &str, sealed: &[u8]) -> Result<Vec<u8>, NotOurs> {
        let opened = Self::open_with(&self.keys.current, identity, sealed);
        let with_others = || {
            let others = self.keys.others.iter();
            others
                .map(|key| Self::open_with(key, identity, sealed))
                .find(Result::is_ok)
                .unwrap_or(Err(NotOurs))
        };
        opened.or_else(|_| with_others())
    }

    /// Seals it again with the newest key; `None` if that key sealed it already.
    ///
    /// # Errors
    /// No key opens it.
    pub fn renewed(&self, identity: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, NotOurs> {
        if Self::open_with(&self.keys.current, identity, sealed).is_ok() {
            return Ok(None);
        }
        self.open(identity, sealed)
            .map(|plain| Some(self.seal(identity, &plain)))
    }

    fn open_with(key: &LessSafeKey, identity: &str, sealed: &[u8]) -> Result<Vec<u8>, NotOurs> {
        let [VERSION, rest @ ..] = sealed else {
            return Err(NotOurs);
        };
        let (nonce, text) = rest.split_at_checked(NONCE).ok_or(NotOurs)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotOurs)?;
        let mut text = text.to_vec();
        let length = key
            .open_in_place(nonce, Aad::from(identity.as_bytes()), &mut text)
            .map_err(|_| NotOurs)?
            .len();
        text.truncate(length);
        Ok(text)
    }
}

/// SHA-256 of several parts. Each is prefixed with its length, so that they can't run into each
/// other.
pub fn hash(parts: &[&str]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part.as_bytes());
    }
    digest(&SHA256, &whole).as_ref().to_vec()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn sealed_text_opens_only_for_its_row_and_key() {
        let random = Random::default();
        let secret = SecretKeys::from(SecretKey::generate(&random));
        let sealer = Sealer::new(&secret, "rows", random.clone());
        let sealed = sealer.seal("row-1", b"personal");
        assert_eq!(sealer.open("row-1", &sealed).unwrap(), b"personal");
        assert_eq!(sealer.open("row-2", &sealed), Err(NotOurs));
        assert_eq!(
            Sealer::new(&secret, "states", random).open("row-1", &sealed),
            Err(NotOurs)
        );
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(sealer.open("row-1", &altered), Err(NotOurs), "byte {at}");
            assert_eq!(
                sealer.open("row-1", &sealed[..at]),
                Err(NotOurs),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn an_older_key_opens_what_it_sealed_until_it_is_left_out() {
        let random = Random::default();
        let (old, new) = (SecretKey::generate(&random), SecretKey::generate(&random));
        let both = SecretKeys::parse(&format!("{}\n{}\n", new.to_hex(), old.to_hex())).unwrap();
        let sealer = |keys: &SecretKeys| Sealer::new(keys, "rows", random.clone());
        let sealed = sealer(&old.clone().into()).seal("row-1", b"personal");
        let between = sealer(&both);
        assert_eq!(between.open("row-1", &sealed).unwrap(), b"personal");
        assert_eq!(between.open("row-2", &sealed), Err(NotOurs));
        let renewed = between.renewed("row-1", &sealed).unwrap().unwrap();
        assert_eq!(between.renewed("row-1", &renewed), Ok(None));
        assert_eq!(between.renewed("row-2", &sealed), Err(NotOurs));
        let after = sealer(&new.clone().into());
        assert_eq!(after.open("row-1", &renewed).unwrap(), b"personal");
        assert_eq!(after.open("row-1", &sealed), Err(NotOurs));
        // Putting a new key first rotates the old one out.
        let turned = SecretKeys::from(old).behind(new);
        assert_eq!(
            turned.each().map(SecretKey::to_hex).collect::<Vec<_>>(),
            both.each().map(SecretKey::to_hex).collect::<Vec<_>>()
        );
        for bad in [
            "",
            ",",
            "abc",
            &format!("{},abc", turned.current().to_hex()),
        ] {
            assert!(SecretKeys::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn parts_of_a_hash_do_not_run_together() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
