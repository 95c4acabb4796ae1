//! What turns secrets into bytes that may be stored or handed out: sealing, hashing, and the keys derived for it.
//!
//! Sealed bytes are `1 ‖ nonce (12) ‖ AES-256-GCM-SIV ciphertext`. The SIV form keeps its promise for far more
//! messages under one key than plain GCM with random nonces, and one is sealed per login (decision 0021).

use std::collections::HashSet;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::kit::clock::Random;

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// The installation's secret key: 32 bytes from which every other key of ours is derived.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Why a text is no secret key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecretKey {
    /// It isn't 32 bytes in hexadecimal or base64.
    #[error(
        "the secret key must be 32 bytes, written as 64 hexadecimal digits or 44 characters of base64"
    )]
    Form,
    /// These bytes were not made at random.
    #[error(
        "the secret key repeats a few bytes, so it can be guessed: make a random one with `openssl rand -hex 32`. If the \
         database was set up with this key, put the new one before it, with a comma between them"
    )]
    Guessable,
}

impl SecretKey {
    /// A new one.
    pub fn generate(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// Reads one as it stands in a setting or a file.
    ///
    /// # Errors
    /// Not 32 bytes.
    pub fn parse(text: &str) -> Result<Self, BadSecretKey> {
        let text = text.trim();
        let bytes = if text.len() == 64 {
            (0..64)
                .step_by(2)
                .map(|at| {
                    text.get(at..at + 2)
                        .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                })
                .collect()
        } else {
            STANDARD
                .decode(text)
                .or_else(|_| URL_SAFE_NO_PAD.decode(text))
                .ok()
        };
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(BadSecretKey::Form)
    }

    /// Whether so few different bytes are in it that no one made it at random: zeros, one digit, a short word again and
    /// again. Of 32 random bytes more than 12 differ, but for once in 10^22 keys.
    fn is_guessable(&self) -> bool {
        let different: HashSet<&u8> = self.0.iter().collect();
        different.len() <= 12
    }

    /// As it is written to the file in the data folder.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A key of its own for one purpose.
    ///
    /// # Panics
    /// Never: 32 bytes is a length HKDF gives.
    #[expect(
        clippy::expect_used,
        reason = "the length is a constant that HKDF allows"
    )]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        struct Length32;
        impl KeyType for Length32 {
            fn len(&self) -> usize {
                32
            }
        }
        let mut key = [0; 32];
        let secret = Salt::new(HKDF_SHA256, b"hallpass").extract(&self.0);
        secret
            .expand(&[purpose.as_bytes()], Length32)
            .and_then(|okm| okm.fill(&mut key))
            .expect("32 bytes of key");
        key
    }
}

/// The secret keys of an installation: the first seals, and every one opens what it sealed, so that one can take the
/// other's place while the service runs (docs/keys.md).
#[derive(Clone, Debug)]
pub struct SecretKeys {
    current: SecretKey,
    others: Vec<SecretKey>,
}

impl From<SecretKey> for SecretKeys {
    fn from(current: SecretKey) -> Self {
        Self {
            current,
            others: Vec::new(),
        }
    }
}

impl SecretKeys {
    /// Reads one or more, with commas or white space between them. Those that only open may be what they were.
    ///
    /// # Errors
    /// One of them is not 32 bytes, or there is none, or the first can be guessed.
    pub fn parse(text: &str) -> Result<Self, BadSecretKey> {
        let keys = text.split(|c: char| c == ',' || c.is_whitespace());
        let mut keys = keys.filter(|key| !key.is_empty()).map(SecretKey::parse);
        let current = keys.next().ok_or(BadSecretKey::Form)??;
        if current.is_guessable() {
            return Err(BadSecretKey::Guessable);
        }
        Ok(Self {
            current,
            others: keys.collect::<Result<_, _>>()?,
        })
    }

    /// The one that seals.
    pub const fn current(&self) -> &SecretKey {
        &self.current
    }

    /// All of them, the one that seals first.
    pub fn each(&self) -> impl Iterator<Item = &SecretKey> {
        std::iter::once(&self.current).chain(&self.others)
    }

    /// These with a new one before them, which seals from now on.
    #[must_use]
    pub fn behind(self, new: SecretKey) -> Self {
        let mut others = vec![self.current];
        others.extend(self.others);
        Self {
            current: new,
            others,
        }
    }
}

/// What opens an installation.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// What seals rows; they can be changed.
    pub keys: SecretKeys,
    /// What outlives them: whatever others keep and know us by, such as service keys and StudyReel's launch URL, is
    /// derived from this one. It lies in the store, sealed.
    pub root: SecretKey,
}

/// Seals and opens what is stored or carried by a browser. Cloning it is cheap.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<SealingKeys>,
    random: Random,
}

struct SealingKeys {
    current: LessSafeKey,
    /// These only open.
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
            current: key(&secrets.current),
            others: secrets.others.iter().map(key).collect(),
        };
        Self {
            keys: Arc::new(keys),
            random,
        }
    }

    /// Seals `plain` so that it opens only together with `identity`, such as the row it belongs to.
    ///
    /// # Panics
    /// Never: only texts of gigabytes can't be sealed.
    pub fn seal(&self, identity: &str, plain: &[u8]) -> Vec<u8> {
        self.seal_joined(identity, &[plain])
    }

    /// Seals several parts as one, which need not be joined before.
    ///
    /// # Panics
    /// Never, as [`Self::seal`].
    #[expect(clippy::expect_used, reason = "sealing fails only beyond 64 GiB")]
    pub fn seal_joined(&self, identity: &str, plain: &[&[u8]]) -> Vec<u8> {
        let nonce = self.random.bytes::<NONCE>();
        let length: usize = plain.iter().map(|part| part.len()).sum();
        let mut sealed = Vec::with_capacity(1 + NONCE + length + 16);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        for part in plain {
            sealed.extend_from_slice(part);
        }
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
    /// Anything else.
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

    /// The same sealed anew; `None` where it was sealed with the newest key already.
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

/// SHA-256 of several parts, each with its length in front so that they can't run into each other.
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
        // A key is turned in by putting a new one before it.
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
    fn the_secret_key_reads_back_as_written() {
        let secret = SecretKey::generate(&Random::default());
        assert_eq!(SecretKey::parse(&secret.to_hex()).unwrap().0, secret.0);
        assert_eq!(
            SecretKey::parse(&format!(" {}\n", STANDARD.encode(secret.0)))
                .unwrap()
                .0,
            secret.0
        );
        for bad in ["", "abc", &"g".repeat(64), &"é".repeat(32)] {
            assert!(SecretKey::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(format!("{secret:?}"), "SecretKey(…)");
    }

    #[test]
    fn a_key_that_can_be_guessed_seals_nothing_and_still_opens() {
        let random = SecretKey::generate(&Random::default()).to_hex();
        for guessed in [
            "00".repeat(32),
            "a".repeat(64),
            "0123456789abcdef".repeat(4),
            STANDARD.encode(b"changeme".repeat(4)),
        ] {
            let keys = SecretKeys::parse(&guessed).map(drop);
            assert_eq!(keys, Err(BadSecretKey::Guessable), "{guessed}");
            let turned = SecretKeys::parse(&format!("{random},{guessed}")).map(drop);
            assert_eq!(turned, Ok(()), "the way out");
        }
        for _ in 0..1000 {
            let random = SecretKey::generate(&Random::default()).to_hex();
            assert!(SecretKeys::parse(&random).is_ok(), "{random}");
        }
    }

    #[test]
    fn parts_of_a_hash_do_not_run_together() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
